"""Flat memory as a strip, with the taps of one window on it: start + offset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.picture.marks import LEFT, RIGHT, chip, chip_width
from convlens.picture.shapes import INK, Picture
from convlens.picture.strip import Slot, Strip, fitted
from convlib import index_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["TapStrip"]

CHIP = 12.5  # font size of start and offsets


class TapStrip:
    """Draws the padded batch as `take` reads it: its rows laid end to end.

    Parameters
    ----------
    walk : Walk
    flat : ndarray
        That memory.
    """

    def __init__(self, walk: Walk, flat: NDArray[Any]) -> None:
        self.walk, self.flat = walk, flat
        farthest = f"+{index_grid.offsets(walk.geometry).max()}"
        self.pitch = max(43.0, chip_width(farthest, CHIP) + 4, chip_width(str(flat.size), 10) + 3)

    def draw(
        self,
        p: Picture,
        f: Frame,
        taps: NDArray[np.intp],
        paint: Callable[[Any], str],
        y: float,
    ) -> float:
        """Draw the strip; `taps` are named by their offsets. Return where it ends."""
        p.text(LEFT, y, "Memory", 15, bold=True)
        name = "xp" if self.walk.geometry.pads else "x"
        p.text(LEFT + 78, y, f"{name}.ravel(): the rows laid end to end", 12, opacity=0.72)
        wanted = [f.start, *f.grid_row[taps].tolist()]
        runs = fitted(wanted, range(self.flat.size), self.pitch, RIGHT - LEFT)
        strip = Strip(LEFT, y + 30, runs, self.pitch, 36)
        row = set(f.grid_row.tolist())
        strip.draw(p, lambda k: Slot(self.flat[k], str(k), plate=k in row), paint)
        self._brackets(p, strip)
        below = strip.y + strip.height + 24
        for tap in taps:
            if int(f.grid_row[tap]) in strip.left:
                self._chip(p, strip, int(f.grid_row[tap]), below, f"+{f.offsets[tap]}", "kernel")
        self._start(p, strip, f.start, below + 27)
        return below + 50

    def _chip(self, p: Picture, strip: Strip, slot: int, y: float, text: str, role: str) -> float:
        """A chip below its slot; return where it begins and ends."""
        x = strip.middle(slot) - chip_width(text, CHIP) / 2
        return chip(p, x, y, text, role, CHIP)

    def _start(self, p: Picture, strip: Strip, start: int, y: float) -> None:
        """The start below its slot, with its name on the side where there is room."""
        if start not in strip.left:
            return
        end = self._chip(p, strip, start, y, str(start), "output")
        if end + 44 < RIGHT:
            p.text(end + 8, y + 4, "start", 12, opacity=0.72)
        else:
            begin = 2 * strip.middle(start) - end
            p.text(begin - 8, y + 4, "start", 12, anchor="end", opacity=0.72)

    def _brackets(self, p: Picture, strip: Strip) -> None:
        """Mark which row of the (padded) image each stretch of slots belongs to."""
        _, _, row, _ = index_grid.steps(self.walk.geometry)
        for run in strip.runs:
            for number in sorted({k // row for k in run}):
                here = [k for k in run if k // row == number]
                left, right = strip.left[here[0]], strip.left[here[-1]] + strip.tile
                top = strip.y - 8
                down = ("M", left, top + 4), ("L", left, top)
                up = ("L", right, top), ("L", right, top + 4)
                p.path([*down, *up], stroke=INK, stroke_width=1, stroke_opacity=0.5)
                name = self._row_name(number, right - left)
                p.text((left + right) / 2, top - 5, name, 11, anchor="middle", opacity=0.72)

    def _row_name(self, number: int, room: float) -> str:
        """Name a row, with its channel and image where there are several; "" where it won't fit."""
        g = self.walk.geometry
        planes, row = divmod(number, g.padded_size[0])
        channels = g.channels if g.layout == "NCHW" else 1
        image, channel = divmod(planes, channels)
        names = [f"row {row}"]
        if channels > 1:
            names.insert(0, f"channel {channel}")
        if g.batch > 1:
            names.insert(0, f"image {image}")
        fitting = [", ".join(names[k:]) for k in range(len(names))]
        return next((name for name in fitting if len(name) * 6.3 <= room + 4), "")
