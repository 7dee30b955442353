"""An input too large for numbers: its pixels, and below them a part of it with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT

if TYPE_CHECKING:
    from convlens.picture.panel import Panel
    from convlens.picture.shapes import Picture
    from convlens.scenes.input import Inputs
    from convlib.frames import Frame

__all__ = ["ROOM", "TALL", "enlarged"]

TOP, BOX = 56.0, (240.0, 215.0)  # of the pixels
ROOM = 264.0  # width of the part
TALL = 40.0  # distance of rows with numbers that have others in their corners


def enlarged(
    p: Picture, source: Inputs, f: Frame, channel: int, rows: int, least: float, **look: Any
) -> tuple[Panel, Grid]:
    """Draw all of it as pixels; return the part around the window, and where it is to be drawn.

    `rows` of it are shown at most, its cells `least` wide; `look` is as for `Panel`.
    """
    size = source.walk.geometry.padded_size
    seen = (f.rows[f.rows < size[0]].tolist(), f.columns[f.columns < size[1]].tolist())
    photo = source.pixels(f, channel, BOX, title="", window=seen)
    below = photo.draw(p, photo.over(LEFT, TOP)).bottom
    pitch = max(least, 36.0)
    shown = min(rows, size[0]), max(1, min(int(ROOM / pitch), size[1]))
    panel = source.panel(f, channel, source.beginning(f, shown), shown, title="", **look)
    return panel, Grid(LEFT, below + 34, *shown, (pitch, TALL))
