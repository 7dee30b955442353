"""The index grid as a table, starts + offsets, and beside it the values that `take` fetches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import Grid, axis, need
from convlens.picture.marks import RIGHT
from convlens.picture.panel import Panel
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.enlarged import TITLE, TOP
from convlens.words import counted
from convlib import index_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["Table"]

BELOW = 36.0  # from the row of offsets to the first row of the grid
ROW_PITCH = 24.0
ROWS = 5  # shown at once, at least
TAKE = 54.0  # room for the arrow between grid and values
NAMED = 46.0  # width of the head over the numbers of the rows
SAME = "same shape"
PLAIN: dict[str, Any] = {"kind": "plain", "index": (False, False)}


class Table:
    """Draws the rows of the grid around the current one.

    Parameters
    ----------
    walk : Walk
    flat : ndarray
        The padded batch as `take` reads it.

    Attributes
    ----------
    rows : int
        How many are shown at once.
    """

    def __init__(self, walk: Walk, flat: NDArray[Any]) -> None:
        self.walk, self.flat = walk, flat
        self.starts = index_grid.starts(walk.geometry)
        self.image = index_grid.steps(walk.geometry)[0]
        self.rows = min(len(self.starts), ROWS)
        last, offset = max(flat.size - 1, 0), int(index_grid.offsets(walk.geometry).max())
        self.pitch = max(26.0, need([last, offset], 12, exact=True) + 8)
        self.value_pitch = min(max(22.0, need(flat, 13, 2) + 8), 52.0)
        self.start_pitch = max(44.0, need([last], 12, exact=True) + 16)
        # where the columns of starts and offsets begin, right of the numbers of the rows
        self.lead = max(len(str(len(self.starts))) * MONO_ADVANCE * 12, NAMED) + 13
        self.body = self.lead + self.start_pitch + 24

    def fill(self, tall: float) -> float:
        """Show as many rows as this height has room for, and no fewer; return where they end."""
        self.rows = min(len(self.starts), max(ROWS, int((tall - BELOW) // ROW_PITCH)))
        return TOP + BELOW + self.rows * ROW_PITCH

    def fitting(self, left: float) -> int:
        """How many taps there is room for from here on."""
        room = RIGHT - left - self.body - TAKE - 4
        beside = int(room / (self.pitch + self.value_pitch))
        under_title = int((room + 12 - marks.title_width("Values taken", SAME)) / self.pitch)
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
        said = f"{windows} × {counted(f.offsets.size, 'tap')}"
        longest, last = said, f.offsets.size - 1
        if len(taps) <= last:
            said += f", {taps[0]} to {taps[-1]} shown"
            longest += f", {last} to {last} shown"
        marks.heading(p, left, "Index grid", said, TITLE)
        first = int(np.clip(f.number - self.rows // 2, 0, len(self.starts) - self.rows))
        starts = (self.starts + f.image * self.image)[first : first + self.rows, None]
        here: dict[str, Any] = {"first": (first, 0)}
        grid = self._grid(left + self.lead, 1, self.start_pitch)
        Panel(values=starts, ring=(f.number, 0), **PLAIN | here).draw(p, grid, 13)
        # the numbers of the windows, clear of the ring
        axis(p, replace(grid, x=grid.x - 6, columns=0), rows=[f.number], first=(first, 0))
        here["window"] = [f.number], range(len(taps))
        grid = self._grid(left + self.body, len(taps), self.pitch)
        entries = starts + f.offsets[taps]
        Panel(values=entries, **PLAIN | here).draw(p, grid, 13)
        self._touch(p, entries, first, grid)
        self._heads(p, f, taps, left)
        values = max(grid.right + TAKE, left + marks.title_width("Index grid", longest) + 24)
        middle = grid.corner(f.number - first, 0)[1] + grid.tile[1] / 2
        marks.arrow(p, grid.right + 12, middle, values - grid.right - 26, "take")
        marks.heading(p, values, "Values taken", SAME, TITLE)
        grid = self._grid(values, len(taps), self.value_pitch)
        Panel(values=self.flat[entries], paint=paint, **here | {"index": (False, False)}).draw(
            p, grid, 13
        )
        self._touch(p, entries, first, grid)

    def _touch(self, p: Picture, entries: NDArray[np.intp], first: int, grid: Grid) -> None:
        """Say which element each entry stands for; a click on a row goes to its window."""
        for k, line in enumerate(entries.tolist()):
            row, column = divmod(first + k, self.walk.geometry.output_size[1])
            go = (None, None, ("row", row, 1), ("column", column, 1))
            links = tuple(f"x{entry}" for entry in line)
            p.spots.append(Spot(*grid.span(k, 0, 1, len(line)), (1, len(line)), links, go))

    def _grid(self, x: float, columns: int, pitch: float) -> Grid:
        return Grid(x, TOP + BELOW, self.rows, columns, (pitch, ROW_PITCH), 4)

    def _heads(self, p: Picture, f: Frame, taps: NDArray[np.intp], left: float) -> None:
        """The heads of the columns: window, start, and the offsets on the kernel's plate."""
        base = TOP + 14.5
        p.text(left + self.lead - 13, base, "window", 12, anchor="end", opacity=0.72)
        middle = left + self.lead + self.start_pitch / 2 - 2
        p.text(middle, base, "start", 12, anchor="middle", opacity=0.72)
        p.text(left + self.body - 18, base, "+", 14, anchor="middle", opacity=0.72)
        grid = Grid(left + self.body, TOP, 1, len(taps), (self.pitch, ROW_PITCH), 4)
        Panel(values=f.offsets[None, taps], kernel=True, **PLAIN).draw(p, grid, 13)
        several = len(f.kernel) > 1
        more = "offset" if len(taps) == f.offsets.size else "offset …"
        more = "offsets of" if several else more
        p.text(grid.right + 14, base - 6 * several, more, 12, opacity=0.72)
        if several:
            said = f"channel {taps[0] // f.kernel[0].size}"
            p.text(grid.right + 14, base + 9, said, 12, opacity=0.72)
