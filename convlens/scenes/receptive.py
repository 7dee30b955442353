"""The receptive-field explorer's picture: a deep cell traced back through every layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convlens.palette import digits, label
from convlens.picture import marks
from convlens.picture.grid import EDGE, Grid, axis, painter, tiles
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import INK, SANS_ADVANCE, Picture
from convlens.scenes.layer_words import listed, reach
from convlens.scenes.stack_room import HEAD, StackRoom
from convlib.receptive import receptive_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlib.traces import Level, Stack

__all__ = ["ReceptiveFieldScene"]

MOST_PLATES = 400  # of one level; where there are more holes, they are not shown


class ReceptiveFieldScene:
    """Draws a stack of layers, and what one cell of any of them sees of those below.

    Parameters
    ----------
    stack : Stack
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.room = StackRoom(stack)

    def picture(self, cell: tuple[int, int], layer: int) -> Picture:
        """Draw one cell of one layer."""
        levels = self.stack.trace(cell, layer)
        p = Picture(900, self.room.bottom + 108, self._label(levels, cell))
        for number in range(len(self.stack.sizes)):
            level = levels[number] if number <= layer else None
            self._level(p, number, level, cell if number == layer else None)
        marks.rule(p, self.room.bottom + 14)
        told = (
            "(kernel size − 1) × dilation × jump" if self._dilated else "(kernel size − 1) × jump"
        )
        told = f"Size of the field: 1, and {told} more for each layer"
        p.text(LEFT, self.room.bottom + 36, told, 12, opacity=0.72)
        for name, along, y in (("Rows", 0, 62), ("Columns", 1, 92)):
            self._sum(p, self.room.bottom + y, name, along, layer, cell[along])
        return p

    def source(self, cell: tuple[int, int], layer: int) -> list[Line]:
        """Write the loops that follow the rows, then the columns, down to the input."""
        lines: list[Line] = [
            [("rows, columns", "output"), (f" = [{cell[0]}], [{cell[1]}]", "")],
        ]
        for along, name, one in ((0, "rows", "r"), (1, "columns", "c")):
            below = [
                (k[along], s[along], p[along][0], d[along], size[along])
                for (k, s, p, d), size in zip(self.stack.layers, self.stack.sizes, strict=False)
            ][:layer][::-1]
            lines += [
                [(f"for k, s, p, d, n in {below}:", "")],
                [
                    (f"    {name} = [", ""),
                    (one, "window"),
                    (f" for i in {name} for ", ""),
                    (one, "window"),
                    (" in i*s - p + ", ""),
                    ("np.arange(k)*d", "kernel"),
                    (f" if 0 <= {one} < n]", ""),
                ],
            ]
        rows, columns = self.stack.sizes[0]
        ways = f"np.outer(np.bincount(rows, minlength={rows}), "
        ways += f"np.bincount(columns, minlength={columns}))"
        seen = "   # in how many ways each cell of the input is reached"
        return [*lines, [("ways", "window"), (f" = {ways}", ""), (seen, "comment")]]

    # -- one level -------------------------------------------------------------------------------

    def _level(
        self, p: Picture, number: int, level: Level | None, ringed: tuple[int, int] | None
    ) -> None:
        """One level: its cells, what is seen of them, and the padding around."""
        grid, (top, left) = self.room.grids[number], self.room.before(number)
        size = self.stack.sizes[number]
        self._heading(p, grid.x, grid.y, number)
        seen = level.seen if level else (np.array([], int), np.array([], int))
        numbered = grid.pitch[0], grid.pitch[1]
        across = Grid(grid.x + left * numbered[0], grid.y, 0, size[1], numbered, grid.gutter)
        down = Grid(grid.x, grid.y + top * numbered[1], size[0], 0, numbered, grid.gutter)
        axis(p, across, columns=seen[1])
        axis(p, down, rows=seen[0])
        if not self.room.tiled:
            self._plain(p, grid, number)
        if level is not None:
            self._plates(p, grid, level.reads[0] + top, level.reads[1] + left)
        if self.room.tiled:
            self._tiles(p, grid, number, level)
        if ringed is not None:
            row, column = ringed[0] + top, ringed[1] + left
            marks.ring(p, *grid.span(row, column), 2.0)

    def _tiles(self, p: Picture, grid: Grid, number: int, level: Level | None) -> None:
        """Cells with the ways in which they are reached; padding dashed and empty."""
        size = self.stack.sizes[number]
        sides = self.room.sides(number)
        ways = np.pad(np.zeros(size) if level is None else level.ways, sides)
        around = np.pad(np.zeros(size, bool), sides, constant_values=True)
        shown = np.ma.masked_equal(ways, 0)
        tiles(p, grid, shown, painter(ways, diverging=True), size=13, numbers=self._numbers(ways))
        for r, c in np.argwhere(around):
            marks.edge(p, *grid.span(int(r), int(c)))

    def _numbers(self, ways: NDArray[np.float64]) -> bool:
        """Whether the longest number of a level can be read in its tile, so that all are shown."""
        longest = max(len(label(v)) for v in np.unique(ways))
        return longest * 6.1 <= self.room.pitch - 6

    def _plain(self, p: Picture, grid: Grid, number: int) -> None:
        """A level of many cells: one outline, dashed where there is padding around."""
        (top, left), size = self.room.before(number), self.stack.sizes[number]
        if size != (grid.rows, grid.columns):
            marks.edge(p, *grid.span(0, 0, grid.rows, grid.columns))
        style = {**EDGE, "stroke_opacity": 0.5}
        p.rect(*grid.span(top, left, *size), fill=INK, fill_opacity=0.07, **style)

    def _plates(
        self, p: Picture, grid: Grid, rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> None:
        """The blue plate behind what is seen, in pieces where cells are left out."""
        down, right = _runs(rows), _runs(columns)
        if len(down) * len(right) > MOST_PLATES:
            down, right = ([(int(k[0]), int(k[-1] - k[0]) + 1)] for k in (rows, columns))
        margin = min(3.0, grid.gutter * 0.75)
        for r, height in down:
            for c, width in right:
                marks.window_plate(p, *grid.span(r, c, height, width, margin=margin))

    # -- words -----------------------------------------------------------------------------------

    def _heading(self, p: Picture, x: float, y: float, number: int) -> None:
        title, *lines = self.room.words[number]
        p.text(x, y - HEAD + 22, title, 15, bold=True)
        for k, line in enumerate(lines):
            p.text(x, y - HEAD + 40 + 16 * k, line, 12, opacity=0.72)

    def _sum(self, p: Picture, y: float, name: str, along: int, layer: int, cell: int) -> None:
        """Add up the size of the field along one axis, layer by layer, and say where it lies."""
        size = 15.0 if len(self.stack.layers) <= 4 else 12.0
        p.text(LEFT, y + 5, name, 13, bold=True)
        x = marks.sentence(p, LEFT + 72, y, "1", size)
        for number in range(layer):
            (kernel, _, _, dilation), jump = self.stack.layers[number], self._jump(number)[along]
            x = marks.sentence(p, x, y, " + ", size, opacity=0.72)
            x = marks.chip(p, x + 2, y, str(kernel[along] - 1), "kernel", size) + 2
            apart = f"×{dilation[along]}" if self._dilated else ""
            x = marks.sentence(p, x, y, f"{apart}×{jump}", size, opacity=0.72)
        x = marks.sentence(p, x, y, " = ", size, opacity=0.72)
        field = receptive_field(self.stack.layers[:layer])
        x = marks.chip(p, x, y, digits(field.size[along]), "window", size)
        text = reach(field, along, cell, self.stack.sizes[0][along])
        wide = (RIGHT - x - 12) / (len(text) * (SANS_ADVANCE + 0.02))
        p.text(x + 12, y + 5, text, min(13.0, wide), opacity=0.85)

    def _jump(self, number: int) -> tuple[int, int]:
        """How far the input moves from one cell of a level to the next."""
        return receptive_field(self.stack.layers[:number]).jump

    @property
    def _dilated(self) -> bool:
        return any(layer.dilation != (1, 1) for layer in self.stack.layers)

    def _label(self, levels: tuple[Level, ...], cell: tuple[int, int]) -> str:
        """The text alternative."""
        top = levels[-1].number
        said = [f"Receptive-field explorer. Cell ({cell[0]}, {cell[1]}) of layer {top}."]
        for level in levels[-2::-1]:
            name = f"layer {level.number}" if level.number else "the input"
            rows, columns = (listed(places) for places in level.seen)
            size = f"{level.size[0]} by {level.size[1]}"
            said.append(f"It sees of {name}, {size}: rows {rows}; columns {columns}.")
        most = label(levels[0].ways.max())
        said.append(f"A cell of the input is reached in up to {most} ways.")
        return " ".join(said)


def _runs(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, length)."""
    breaks = np.flatnonzero(np.diff(places) != 1) + 1
    return [(int(run[0]), len(run)) for run in np.split(places, breaks) if run.size]
