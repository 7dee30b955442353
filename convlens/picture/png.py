"""The PNG of a picture: its SVG, rendered by resvg with the fonts that matplotlib brings along."""

from __future__ import annotations

import functools
from pathlib import Path

from convlens.needs import need

__all__ = ["render"]

FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold")


def render(svg: str, scale: float) -> bytes:
    """Render an SVG on nothing, `scale` pixels to the unit: the same bytes every time."""
    need("resvg_py", "To write a picture as PNG")
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=scale,
        font_files=_font_files(),
        skip_system_fonts=True,  # they differ from machine to machine
    )
    return bytes(drawn)


@functools.cache
def _font_files() -> list[str]:
    need("matplotlib", "To write text in a PNG")
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [str(folder / f"{name}.ttf") for name in FONTS]
