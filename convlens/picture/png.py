"""The PNG of a picture: its SVG, rendered by resvg with the fonts that matplotlib brings along."""

from __future__ import annotations

import functools
import io
from pathlib import Path

from convlens.needs import need

__all__ = ["fewer_colours", "render"]

PAGE, PRINT_INK = "#ffffff", "#1f1f1f"
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold")
MOST_LOST, MEAN_LOST = 24, 1.0  # levels of 255, in any pixel and on average


def render(svg: str, scale: float = 2.0) -> bytes:
    """Render an SVG on a white page, `scale` pixels to the unit: the same bytes every time."""
    need("resvg_py", "To write a picture as PNG")
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=scale,
        background=PAGE,
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


def fewer_colours(drawn: bytes) -> bytes:
    """Write a PNG with a table of 256 colours, half the size, where nobody sees a difference.

    Drawings and gray photographs need no more; a colour photograph does, and is left as it is. It
    takes longer than to draw, so that it is done for pictures that are stored, not while reading.
    """
    import numpy as np
    from PIL import Image as Pillow

    opened = Pillow.open(io.BytesIO(drawn))
    if opened.mode == "P":
        return drawn
    page = opened.convert("RGB")
    # maximum coverage, so that a colour that is rare, but has a meaning, is not lost
    table = page.quantize(256, Pillow.Quantize.MAXCOVERAGE, 1, dither=Pillow.Dither.NONE)
    lost = np.abs(np.asarray(table.convert("RGB"), np.int16) - np.asarray(page, np.int16))
    if lost.max() > MOST_LOST or lost.mean() > MEAN_LOST:
        return drawn
    small = io.BytesIO()
    table.save(small, "PNG", optimize=True)
    return small.getvalue()
