"""The index grid as a table, starts + offsets, and beside it the values that `take` fetches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import Grid, axis, need
from convlens.picture.marks import RIGHT
from convlens.picture.panel import Panel
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.words import counted
from convlib import index_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["ROW_PITCH", "TOP", "Table"]

TOP = 112.0
OFFSETS = 71.0  # where their row begins
ROW_PITCH = 26.0
ROWS = 9  # shown at once
TAKE = 60.0  # room for the arrow between grid and values
SAME = "same shape as the grid"
PLAIN: dict[str, Any] = {"kind": "plain", "index": (False, False)}


class Table:
    """Draws the rows of the grid around the current one.

    Parameters
    ----------
    walk : Walk
    flat : ndarray
        The padded batch as `take` reads it.
    """

    def __init__(self, walk: Walk, flat: NDArray[Any]) -> None:
        self.walk, self.flat = walk, flat
        self.starts = index_grid.starts(walk.geometry)
        self.image = index_grid.steps(walk.geometry)[0]
        self.rows = min(len(self.starts), ROWS)
        last, offset = max(flat.size - 1, 0), int(index_grid.offsets(walk.geometry).max())
        self.pitch = max(26.0, need([last, offset], 13, exact=True) + 8)
        self.value_pitch = min(max(22.0, need(flat, 13, 2) + 8), 52.0)
        self.start_pitch = max(44.0, need([last], 13, exact=True) + 16)
        # where the columns of starts and offsets begin, right of the numbers of the rows
        self.lead = len(str(len(self.starts))) * MONO_ADVANCE * 12 + 15
        self.body = self.lead + self.start_pitch + 26

    def fitting(self, left: float) -> int:
        """How many taps there is room for from here on."""
        room = RIGHT - left - self.body - TAKE - 4
        beside = int(room / (self.pitch + self.value_pitch))
        under_title = int((room - marks.title_width("Values taken", SAME)) / self.pitch)
        return max(1, min(beside, max(under_title, 1)))

    def taps(self, f: Frame, channel: int, left: float) -> NDArray[np.intp]:
        """Which columns of the grid are shown: taps of the channel, as many as fit."""
        size = f.kernel[0].size
        return np.arange(channel * size, channel * size + min(size, self.fitting(left)))

    def draw(
        self,
        p: Picture,
        f: Frame,
        taps: NDArray[np.intp],
        left: float,
        paint: Callable[[Any], str],
    ) -> None:
        """Draw grid and values; `taps` says which columns."""
        windows = counted(len(self.starts), "window")
        said = f"{windows} × {counted(f.offsets.size, 'tap')}: start + offset"
        marks.heading(p, left, "Index grid", said)
        first = int(np.clip(f.number - ROWS // 2, 0, len(self.starts) - self.rows))
        starts = (self.starts + f.image * self.image)[first : first + self.rows, None]
        here: dict[str, Any] = {"first": (first, 0)}
        grid = self._grid(left + self.lead, 1, self.start_pitch)
        Panel(values=starts, ring=(f.number, 0), **PLAIN | here).draw(p, grid, 13)
        # the numbers of the windows, clear of the ring
        axis(p, replace(grid, x=grid.x - 6, columns=0), rows=[f.number], first=(first, 0))
        here["window"] = [f.number], range(len(taps))
        grid = self._grid(left + self.body, len(taps), self.pitch)
        Panel(values=starts + f.offsets[taps], **PLAIN | here).draw(p, grid, 13)
        self._heads(p, f, taps, left)
        values = max(grid.right + TAKE, left + marks.title_width("Index grid", said) + 24)
        middle = grid.corner(f.number - first, 0)[1] + grid.tile[1] / 2
        marks.arrow(p, grid.right + 12, middle, values - grid.right - 26, "take")
        marks.heading(p, values, "Values taken", SAME)
        taken = self.flat[starts + f.offsets[taps]]
        panel = Panel(values=taken, paint=paint, **here | {"index": (False, False)})
        panel.draw(p, self._grid(values, len(taps), self.value_pitch), 13)

    def _grid(self, x: float, columns: int, pitch: float) -> Grid:
        return Grid(x, TOP, self.rows, columns, (pitch, ROW_PITCH), 4)

    def _heads(self, p: Picture, f: Frame, taps: NDArray[np.intp], left: float) -> None:
        """The heads of the columns: k, start, and the offsets on the kernel's plate."""
        base = OFFSETS + 16.5
        p.text(left + self.lead - 15, base, "k", 12, mono=True, anchor="end", opacity=0.72)
        middle = left + self.lead + self.start_pitch / 2 - 2
        p.text(middle, base, "start", 12, anchor="middle", opacity=0.72)
        p.text(left + self.body - 20, base, "+", 14, anchor="middle", opacity=0.72)
        grid = Grid(left + self.body, OFFSETS, 1, len(taps), (self.pitch, ROW_PITCH), 4)
        Panel(values=f.offsets[None, taps], kernel=True, **PLAIN).draw(p, grid, 13)
        more = "offset" if len(taps) == f.offsets.size else "offset …"
        p.text(grid.right + 14, base, more, 12, opacity=0.72)
