"""The PNG of a picture: its SVG, rendered by resvg with the fonts that matplotlib brings along."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any

from convlens.needs import need

__all__ = ["fewer_colours", "render"]

FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold")
#: Levels of 255 that a colour may lose, the share of pixels that may lose more, and the mean.
MOST_LOST, RARE, MEAN_LOST = 24, 0.003, 3.5


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
    page = opened.convert("RGBA")
    table = page.quantize(256, Pillow.Quantize.FASTOCTREE, dither=Pillow.Dither.NONE)

    def on(ground: int, image: Pillow.Image) -> Any:
        """The pixels on a page of some gray."""
        pixels = np.asarray(image.convert("RGBA"), np.float32)
        return ground + (pixels[..., :3] - ground) * pixels[..., 3:] / 255

    for ground in (255, 17):
        lost = np.abs(on(ground, table) - on(ground, page)).max(axis=2)
        if (lost > MOST_LOST).mean() > RARE or lost.mean() > MEAN_LOST:
            return drawn
    small = io.BytesIO()
    table.save(small, "PNG", optimize=True)
    return small.getvalue()
