"""The index grid as a table, starts + offsets, and beside it the values that `take` fetches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import Grid, need, tiles
from convlens.picture.marks import RIGHT, counted
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture
from convlib import index_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["ROW_PITCH", "TOP", "Table"]

TOP = 112.0
ROW_PITCH = 26.0
ROWS = 9  # shown at once
TAKE = 60.0  # room for the arrow between grid and values
TITLE = marks.title_width("Values taken", "same shape as the grid")


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
        last, offset = str(max(flat.size - 1, 0)), str(index_grid.offsets(walk.geometry).max())
        widest = max(len(last), len(offset) + 1)
        self.pitch = max(26.0, widest * MONO_ADVANCE * 13 + 5)
        self.value_pitch = min(max(22.0, need(flat, 13, 2) + 8), 52.0)
        self.start_width = max(44.0, len(last) * MONO_ADVANCE * 12.5 + 12)
        # where the grid begins, right of the columns k and start
        self.body = len(str(len(self.starts))) * MONO_ADVANCE * 12 + 20 + self.start_width + 14

    def fitting(self, left: float) -> int:
        """How many taps there is room for from here on."""
        room = RIGHT - left - self.body - TAKE - 4
        beside = int(room / (self.pitch + self.value_pitch))
        under_title = int((room - TITLE) / self.pitch)
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
        title = f"{windows} × {counted(f.offsets.size, 'tap')}: start + offset"
        marks.heading(p, left, "Index grid", title)
        self._offsets(p, f, taps, left)
        self._current(p, f, len(taps), left)
        first = self._first_row(f)
        for r in range(self.rows):
            self._row(p, f, taps, first + r, left, TOP + r * ROW_PITCH)
        end = left + self.body + len(taps) * self.pitch
        values = max(end + TAKE, left + marks.title_width("Index grid", title) + 24)
        self._taken(p, f, taps, (end, values), paint)

    def _first_row(self, f: Frame) -> int:
        """The topmost grid row shown, so that the current one is always in view."""
        return int(np.clip(f.number - ROWS // 2, 0, len(self.starts) - self.rows))

    def _offsets(self, p: Picture, f: Frame, taps: NDArray[np.intp], left: float) -> None:
        """The heads of the columns: k, start, and the offsets on the kernel's plate."""
        body, width = left + self.body, len(taps) * self.pitch
        marks.kernel_plate(p, body - 2, 70, width + 4, 28)
        for k, tap in enumerate(taps):
            at = body + (k + 0.5) * self.pitch, 88.5, f"+{f.offsets[tap]}", 13
            p.text(*at, mono=True, anchor="middle", bold=True, colour="#000000")
        more = "offset" if len(taps) == f.offsets.size else "offset …"
        p.text(body + width + 12, 88.5, more, 12, opacity=0.72)
        p.text(left, 88.5, "k", 12, mono=True, opacity=0.72)
        middle = body - 14 - self.start_width / 2
        p.text(middle, 88.5, "start", 12, anchor="middle", opacity=0.72)

    def _current(self, p: Picture, f: Frame, taps: int, left: float) -> None:
        """Plate and ring of the current row, and the line right of the starts."""
        body = left + self.body
        p.line((body - 7, TOP - 2), (body - 7, TOP + self.rows * ROW_PITCH), stroke_opacity=0.5)
        y = TOP + (f.number - self._first_row(f)) * ROW_PITCH
        marks.window_plate(p, body - 2, y, taps * self.pitch + 4, ROW_PITCH - 2)
        marks.ring(p, body - 14 - self.start_width, y, self.start_width, ROW_PITCH - 2, 0.5)

    def _row(
        self, p: Picture, f: Frame, taps: NDArray[np.intp], k: int, left: float, y: float
    ) -> None:
        """One row of the grid, rewritten from the frame's own offsets."""
        current, base = k == f.number, y + 16.5
        start = int(self.starts[k]) + f.image * self.image
        p.text(left, base, str(k), 12, mono=True, bold=current, opacity=1.0 if current else 0.62)
        middle = left + self.body - 14 - self.start_width / 2
        p.text(middle, base, str(start), 12.5, mono=True, anchor="middle", bold=current)
        colour = "#000000" if current else INK
        for c, tap in enumerate(taps):
            at = left + self.body + (c + 0.5) * self.pitch, base, str(start + f.offsets[tap]), 13
            p.text(*at, mono=True, anchor="middle", bold=current, colour=colour)

    def _taken(
        self,
        p: Picture,
        f: Frame,
        taps: NDArray[np.intp],
        between: tuple[float, float],
        paint: Callable[[Any], str],
    ) -> None:
        """The values that `take` fetches with those rows."""
        first, (end, left) = self._first_row(f), between
        here = f.number - first
        marks.heading(p, left, "Values taken", "same shape as the grid")
        y = TOP + here * ROW_PITCH + ROW_PITCH / 2 - 1
        marks.arrow(p, end + 12, y, left - end - 26, "take")
        grid = Grid(left, TOP, self.rows, len(taps), (self.value_pitch, ROW_PITCH), 4)
        marks.window_plate(p, *grid.span(here, 0, 1, len(taps), margin=4))
        starts = self.starts[first : first + self.rows] + f.image * self.image
        bold = (np.arange(self.rows) == here)[:, None].repeat(len(taps), 1)
        tiles(p, grid, self.flat[starts[:, None] + f.offsets[taps]], paint, size=13, bold=bold)
