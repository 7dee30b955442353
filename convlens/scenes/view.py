"""A window view's windows around the current one, each cell with the byte offset it reaches."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from convlens.facts.cell import Cell, Memory
from convlens.palette import KERNEL, digits
from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

__all__ = ["ViewPanel"]

TOP = 84.0
LEFT, RIGHT = 312.0, 616.0
TALL = 22.0  # distance of the rows of one window
BETWEEN = 14.0  # two windows
MOST_TAPS, MOST_DOWN, MOST_HEIGHT = 4, 4, 270


class ViewPanel:
    """Draws windows of a view; what is outside the memory is hatched and has no number."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        g = memory.walk.geometry
        (kh, kw), oh = g.kernel_size, g.output_size[0]
        self.size = 11.0 if memory.letters < 6 else 10.0
        wide = max(26.0, memory.letters * MONO_ADVANCE * self.size + 5)
        self.lead = (2 + len(str(oh))) * MONO_ADVANCE * 11 + 12  # room for the names of the rows
        room = RIGHT - LEFT - self.lead
        self.taps = min(kh, MOST_TAPS), max(1, min(kw, int((room + 2) // wide)))
        self.pitch = min(wide, (room + 2) / self.taps[1])
        self.step = self.taps[1] * self.pitch + BETWEEN, self.taps[0] * TALL + BETWEEN
        down = min(MOST_DOWN, int(MOST_HEIGHT // self.step[1]))
        self.most = max(1, down), max(1, int((room + BETWEEN + 2) // self.step[0]))
        # as tall as with one row of windows more, so that nothing jumps when it is asked for
        self.bottom = TOP + min(oh + 1, self.most[0]) * self.step[1]

    def draw(self, p: Picture, cell: Cell) -> float:
        """Draw the windows around the cell's; return where they end."""
        shape = tuple(cell.shape[k] for k in self.memory.axes)
        marks.heading(p, LEFT, "View", f"shape {shape}, number = byte offset")
        _, oh, ow, _, kh, kw = cell.shape
        n, i, j, c, u, v = cell.index
        down, across = min(oh, self.most[0]), min(ow, self.most[1])
        first = _around(i, down, oh), _around(j, across, ow)
        taps = _around(u, self.taps[0], kh), _around(v, self.taps[1], kw)
        for r, s in np.ndindex(down, across):
            x, y = LEFT + self.lead + s * self.step[0], TOP + r * self.step[1]
            grid = Grid(x, y, *self.taps, (self.pitch, TALL), 2)
            at = n, first[0] + r, first[1] + s, c
            self._window(p, grid, cell, at, taps)
            if s == 0:
                name = f"i={at[1]}" if r == 0 else str(at[1])
                _name(p, x - 11.5, y + grid.height / 2 + 4, name, at[1] == i, "end")
            if r == 0:
                name = f"j={at[2]}" if s == 0 else str(at[2])
                _name(p, x + grid.width / 2, TOP - 14, name, at[2] == j, "middle")
        return self.bottom

    def _window(
        self, p: Picture, grid: Grid, cell: Cell, at: tuple[int, ...], first: tuple[int, int]
    ) -> None:
        """One window: byte offsets on plain cells, those outside hatched."""
        current = at == cell.index[:4]
        if current:
            self._plates(p, grid, cell, at, first)
            marks.ring(p, *grid.span(0, 0, grid.rows, grid.columns), margin=8)
        for r, s in np.ndindex(grid.rows, grid.columns):
            index = (*at, first[0] + r, first[1] + s)
            address, box, chosen = cell.at(*index), grid.span(r, s), index == cell.index
            if self.memory.inside(address):
                self._number(p, box, address, current, chosen)
                if cell.wrong(*index):
                    marks.edge(p, *box)
                continue
            marks.outside(p, *box, 5)
            if chosen:
                marks.kernel_ring(p, *box)

    def _plates(
        self, p: Picture, grid: Grid, cell: Cell, at: tuple[int, ...], first: tuple[int, int]
    ) -> None:
        """The blue plate of the current window, behind those cells that may be read."""
        taps = np.ndindex(grid.rows, grid.columns)
        inside = [self.memory.inside(cell.at(*at, first[0] + r, first[1] + s)) for r, s in taps]
        lines = np.reshape(inside, (grid.rows, grid.columns)).tolist()
        row = 0
        for line, same in groupby(lines):
            rows, column = len(list(same)), 0
            for readable, run in groupby(line):
                columns = len(list(run))
                if readable:
                    marks.window_plate(p, *grid.span(row, column, rows, columns, margin=3))
                column += columns
            row += rows

    def _number(
        self,
        p: Picture,
        box: tuple[float, float, float, float],
        address: int,
        current: bool,
        chosen: bool,
    ) -> None:
        """One cell that may be read: its byte offset, on orange if it is the one chosen."""
        x, y, width, height = box
        fill, opacity = (KERNEL, 1.0) if chosen else (INK, 0.0 if current else 0.09)
        p.rect(x, y, width, height, fill=fill, fill_opacity=opacity)
        text = digits(address)
        size = min(self.size, (width - 1) / (len(text) * MONO_ADVANCE))
        at = x + width / 2, y + 14, text, size
        colour = "#000000" if current else INK
        p.text(*at, mono=True, anchor="middle", bold=current, colour=colour)


def _name(p: Picture, x: float, y: float, name: str, marked: bool, anchor: str) -> None:
    opacity = 1.0 if marked else 0.62
    p.text(x, y, name, 11, mono=True, anchor=anchor, bold=marked, opacity=opacity)


def _around(place: int, shown: int, count: int) -> int:
    """The first of `shown` places that keep `place` in view."""
    return int(np.clip(place - shown // 2, 0, count - shown))
