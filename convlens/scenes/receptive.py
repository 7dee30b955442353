"""The receptive-field explorer's picture: a deep cell traced back through every layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import digits, label
from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import EDGE, Grid, axis, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel, runs
from convlens.picture.shapes import INK, MONO_ADVANCE, SANS_ADVANCE, Picture
from convlens.scenes.stack_room import LINE, StackRoom, reach
from convlens.scenes.story import arithmetic
from convlens.words import by, listed
from convlib.receptive import receptive_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlens.facts.traces import Level, Stack
    from convlens.picture.code import Line
    from convlens.picture.panel import Cell, Places

__all__ = ["ReceptiveFieldScene"]

MOST_PIECES = 400  # of one field; where there are more holes, they are not shown
MOST_PIXELS = 4000  # of one field that are drawn; of a larger one, its outline


class ReceptiveFieldScene:
    """Draws a stack of layers, and what one cell of any of them sees of those below.

    Parameters
    ----------
    stack : Stack
    """

    def __init__(self, stack: Stack) -> None:
        self.stack, self.room = stack, StackRoom(stack)
        self._dilated = any(layer.dilation != (1, 1) for layer in stack.layers)

    def picture(self, cell: Cell, layer: int) -> Picture:
        """Draw one cell of one layer."""
        levels = self.stack.trace(cell, layer)
        most = int(max(level.counts[0].max() * level.counts[1].max() for level in levels))
        paint = painter([1, most] if most > 1 else [0, 1], "counts")
        bottom = self.room.bottom
        p = Picture(900, bottom + 93, self._label(levels, cell))
        for number in range(len(self.stack.sizes)):
            self._level(p, number, levels[number] if number <= layer else None, paint, layer)
        times = "dilation × jump" if self._dilated else "jump"
        told = f"Size of the field: 1 + (kernel size − 1) × {times}, summed over the layers"
        p.text(LEFT, bottom + 26, told, 12, opacity=0.72)
        if most > 1:
            wide = 144 + (len(digits(most)) + 6) * MONO_ADVANCE * 12
            marks.scale(p, RIGHT - wide, bottom + 22, paint, (1, most), "way")
        for name, along, y in (("Rows", 0, 47), ("Columns", 1, 77)):
            self._sum(p, bottom + y, name, along, layer, cell[along])
        return p

    def source(self, cell: Cell, layer: int) -> list[Line]:
        """Write the loops that follow the rows, then the columns, down to the input."""
        lines: list[Line] = [[("rows, columns", "output"), (f" = [{cell[0]}], [{cell[1]}]", "")]]
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
        self, p: Picture, number: int, level: Level | None, paint: Callable[[float], str], top: int
    ) -> None:
        """One level: its cells, what is seen of them, the padding around; on `top`, the ring."""
        grid, before = self.room.grids[number], [side[0] for side in self.room.sides(number)]
        title, *lines = self.room.words(number)
        marks.heading(p, grid.x, title, lines[0], grid.y - self.room.head)
        for more in lines[1:]:
            p.text(grid.x, grid.y - self.room.head + 18 + LINE, more, 12, opacity=0.72)
        first, shape = (-before[0], -before[1]), (grid.rows, grid.columns)
        field = None if level is None else _pieces(level)
        if not self.room.tiled:
            self._plain(p, grid, number, level)
            if field is None:
                return
            first = field[0][0], field[1][0]
            shape = field[0][-1] - first[0] + 1, field[1][-1] - first[1] + 1
            x, y = grid.corner(first[0] + before[0], first[1] + before[1])
            grid = Grid(x, y, *shape, grid.pitch, 0)
            if shape[0] * shape[1] > MOST_PIXELS:
                marks.field(p, *grid.span(0, 0, *shape, margin=2))
                return
        ways, outside = self._ways(number, level, first, shape)
        deep = (field[0][0], field[1][0]) if field and number == top else None
        Panel(
            values=np.ma.masked_equal(ways, 0),
            paint=paint,
            first=first,
            field=None if deep else field,
            ring=deep,
            padding=outside if self.room.tiled else None,
            index=(self.room.tiled, self.room.tiled),
            numbers=self.room.tiled,
            sparse=True,
            go=_go(number) if self.room.tiled else (),
        ).draw(p, grid, 13)

    def _ways(self, number: int, level: Level | None, first: Cell, shape: Cell) -> tuple[Any, Any]:
        """In how many ways the cells of a block are reached, and which of them are padding."""
        size = self.stack.sizes[number]
        counts = level.counts if level else tuple(np.zeros(n) for n in size)
        found = []
        for f, n, most, count in zip(first, shape, size, counts, strict=True):
            places = np.arange(f, f + n)
            inside = (places >= 0) & (places < most)
            found.append((np.where(inside, count[places.clip(0, most - 1)], 0), inside))
        (down, rows), (right, columns) = found
        return np.outer(down, right), ~np.outer(rows, columns)

    def _plain(self, p: Picture, grid: Grid, number: int, level: Level | None) -> None:
        """A level of many cells: one outline, dashed where there is padding around."""
        (top, _), (left, _) = self.room.sides(number)
        size = self.stack.sizes[number]
        rows, columns = level.seen if level else ((), ())
        (x, y), apart = grid.corner(top, left), (grid.pitch, grid.gutter)
        axis(p, Grid(x, grid.y, 0, size[1], *apart), columns=columns)
        axis(p, Grid(grid.x, y, size[0], 0, *apart), rows=rows)
        if size != (grid.rows, grid.columns):
            marks.padding(p, *grid.span(0, 0, grid.rows, grid.columns))
        style = {**EDGE, "stroke_opacity": 0.5}
        p.rect(*grid.span(top, left, *size), fill=INK, fill_opacity=0.07, **style)
        p.spots.append(Spot(*grid.span(top, left, *size), size, (), _go(number)))

    # -- words -----------------------------------------------------------------------------------

    def _sum(self, p: Picture, y: float, name: str, along: int, layer: int, cell: int) -> None:
        """Add up the size of the field along one axis, layer by layer, and say where it lies."""
        p.text(LEFT, y + 5, name, 13, bold=True)
        told = [("1", "")]
        for number in range(layer):
            kernel, _, _, dilation = self.stack.layers[number]
            jump = receptive_field(self.stack.layers[:number]).jump[along]
            apart = f"×{dilation[along]}" if self._dilated else ""
            told += [(" + ", ""), (str(kernel[along] - 1), "kernel"), (f"{apart}×{jump}", "")]
        field = receptive_field(self.stack.layers[:layer])
        told += [(" = ", ""), (digits(field.size[along]), "window")]
        x = arithmetic(p, LEFT + 72, y, told, 15 if len(self.stack.layers) <= 4 else 12)
        for text in reach(field, along, cell, self.stack.sizes[0][along]):
            wide = (RIGHT - x - 12) / (len(text) * (SANS_ADVANCE + 0.02))
            if wide >= 11:
                p.text(x + 12, y + 5, text, min(13.0, wide), opacity=0.85)
                return

    def _label(self, levels: tuple[Level, ...], cell: Cell) -> str:
        """The text alternative."""
        top = levels[-1].number
        said = [f"Receptive-field explorer. Cell ({cell[0]}, {cell[1]}) of layer {top}."]
        for level in levels[-2::-1]:
            name = f"layer {level.number}" if level.number else "the input"
            rows, columns = (listed(places.tolist()) for places in level.seen)
            said.append(f"It sees of {name}, {by(level.size)}: rows {rows}; columns {columns}.")
        most = label(levels[0].counts[0].max() * levels[0].counts[1].max())
        said.append(f"A cell of the input is reached in up to {most} ways.")
        return " ".join(said)


def _go(number: int) -> tuple[tuple[str, int, int], ...]:
    """A click on a cell of a layer chooses it; the input is no layer."""
    return (("row", 0, 1), ("column", 0, 1), ("layer", number, 1)) if number else ()


def _pieces(level: Level) -> Places:
    """Rows and columns that are read, padding included; all between where they are too many."""
    rows, columns = (places.tolist() for places in level.reads)
    if len(runs(rows)) * len(runs(columns)) > MOST_PIECES:
        return [*range(rows[0], rows[-1] + 1)], [*range(columns[0], columns[-1] + 1)]
    return rows, columns
