"""The pooling explorer's picture: a window, its numbers in order, and what is taken of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, need, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.row import place, signs
from convlens.picture.shapes import Picture
from convlens.scenes.fits import crop, longest, low, near
from convlens.scenes.source import number, slices
from convlens.scenes.story import Pieces, arithmetic
from convlens.words import by, counted, listed, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlens.picture.panel import Cell
    from convlib.arguments import Pair
    from convlib.geometry import Geometry

__all__ = ["MOST_TAPS", "PooledScene"]

TOP, HEAD = 70.0, 48.0  # of the cells; from a title's base line to them
HIGH, MOST = 164.0, (9, 14)  # height of a plane; its cells shown at once
MOST_TAPS = 25  # of a window: more would not stand in one line
TALL = 28.0  # of the sorted numbers


class Window:
    """The numbers under one output cell: where they lie, in order, and which of them are taken."""

    def __init__(self, x: NDArray[Any], g: Geometry, at: Pair, statistic: str) -> None:
        self.at, self.statistic, self.padding = at, statistic, (g.padding[0][0], g.padding[1][0])
        axes = zip(at, g.stride, self.padding, g.kernel_size, g.dilation, strict=True)
        self.places = tuple(k * s - p + np.arange(n) * d for k, s, p, n, d in axes)
        sizes = zip(self.places, x.shape, strict=True)
        self.inside = tuple(taps[(taps >= 0) & (taps < n)] for taps, n in sizes)
        numbers = x[np.ix_(*self.inside)].ravel()
        # among equal numbers the first comes last: it is the one that max pooling's way back hears
        order = np.lexsort((-np.arange(numbers.size), numbers))
        rows, columns = (a.ravel() for a in np.meshgrid(*self.inside, indexing="ij"))
        self.numbers, self.rows, self.columns = numbers[order], rows[order], columns[order]
        self.missing = g.kernel_size[0] * g.kernel_size[1] - numbers.size

    @property
    def lost(self) -> bool:
        """Whether a NaN decides, wherever the middle is."""
        return bool(np.isnan(self.numbers[-1]))  # they are sorted to the end

    @property
    def taken(self) -> range:
        """Which of the sorted numbers make the output."""
        count = len(self.numbers)
        if self.statistic == "mean":
            return range(count)
        if self.statistic == "max" or self.lost:
            return range(count - 1, count)
        return range((count - 1) // 2, count // 2 + 1)


class PooledScene:
    """Draws any window and any statistic; the room for the largest numbers is kept.

    Parameters
    ----------
    x : ndarray, (H, W)
        Of a large one the part around the window is shown.
    geometry : Geometry
        Of the windows.
    outputs : mapping of str to ndarray, (OH, OW)
        The whole output of each statistic.
    """

    def __init__(
        self, x: NDArray[Any], geometry: Geometry, outputs: Mapping[str, NDArray[Any]]
    ) -> None:
        self.x, self.g, self.outputs = x, geometry, outputs
        self._paint = painter(x)  # one scale of grays for input and output
        self._padded, self._beyond = np.pad(x, geometry.padding), geometry.is_padding()
        self._wide = [*longest(x), *(n for y in outputs.values() for n in longest(y))]
        self._place()

    def _place(self) -> None:
        """Stand input and output side by side, and below them the numbers of a window."""
        sizes = self.g.padded_size, self.g.output_size
        self._rows = [min(size[0], MOST[0]) for size in sizes]
        first = Window(self.x, self.g, (0, 0), max(self.outputs, key=len))
        wanted = {name: min(size[1], MOST[1]) for name, size in zip("xy", sizes, strict=True)}
        self._columns = crop(wanted, lambda most: [self._planes(first, most)])
        grids, size, _ = place(self._planes(first, self._columns), top=TOP)
        tall = min(HIGH / max(self._rows), 33.0)
        grids = [replace(grid, gutter=min(grid.gutter, tall / 6)) for grid in grids]
        self._grids, self._size = [low(grid, tall) for grid in grids], min(size, tall - 5)
        self._line = round(max(grid.bottom for grid in self._grids) + 40)
        room = (RIGHT - LEFT) / (self.g.kernel_size[0] * self.g.kernel_size[1])
        self._pitch = min(max(need(self._wide, 14) + 13, 36.0), room)

    @property
    def legible(self) -> bool:
        """Whether all of a window can be seen at once."""
        shown = self._rows[0], self._columns["x"]
        return all(e <= n for e, n in zip(self.g.extent, shown, strict=True))

    def picture(self, at: Pair, statistic: str) -> Picture:
        """Draw one window, reduced in one way."""
        window = Window(self.x, self.g, at, statistic)
        p = Picture(900, self._line + 16 + TALL + 14, self._label(window))
        panels = self._planes(window, self._columns)
        for panel, grid in zip(panels, self._grids, strict=True):
            rows, columns = panel.shape
            panel.draw(p, replace(grid, rows=rows, columns=columns), self._size, HEAD)
        signs(p, panels, self._grids)
        self._frame(p, window, panels[0])
        marks.rule(p, self._line - 24)
        self._told(p, window)
        self._sorted(p, window)
        return p

    def source(self, at: Pair, statistic: str) -> list[Line]:
        """Write the lines that sort the window and reduce it."""
        window = Window(self.x, self.g, at, statistic)
        cells = f"x[{', '.join(slices(places) for places in window.inside)}]"
        told = " ".join([*map(number, window.numbers[:9]), *["…"] * (len(window.numbers) > 9)])
        result = number(self.outputs[statistic][at])
        return [
            [
                ("np.sort(", ""),
                (cells, "window"),
                (", axis=None)", ""),
                (f"   # {told}", "comment"),
            ],
            [(f"np.{statistic}(", ""), (cells, "window"), (")", ""), (f"   # {result}", "comment")],
        ]

    # -- above: input and output -----------------------------------------------------------------

    def _planes(self, window: Window, most: Mapping[str, int]) -> list[Panel]:
        return [self._input(window, most["x"]), self._output(window, most["y"])]

    def _input(self, window: Window, most: int) -> Panel:
        """The padded input, or its part around the window; numbered as the image is."""
        before = window.padding
        places = zip(window.places, before, self.g.extent, strict=True)
        row, column = (int(taps[0]) + p + e // 2 for taps, p, e in places)
        first, shape = near((row, column), self._padded.shape, (self._rows[0], most))
        block, flat = _block(first, shape, self._padded.shape[1])
        beyond = self._beyond[block]
        axes = zip(("row", "column"), before, self.g.extent, self.g.stride, strict=True)
        around = f", padding {_short(before)}" if any(before) else ""
        return Panel(
            values=np.ma.array(self._padded[block], mask=beyond),
            title="Input x",
            subtitle=times(self.x.shape) + around,
            paint=self._paint,
            first=(first[0] - before[0], first[1] - before[1]),
            window=(window.places[0].tolist(), window.places[1].tolist()),
            padding=beyond if any(before) else None,
            widest=self._wide,
            links=np.char.add("x", flat.astype(str)),
            # where it is seized, the window has its middle
            go=tuple((name, p - e // 2, s) for name, p, e, s in axes),
            drag=True,
        )

    def _output(self, window: Window, most: int) -> Panel:
        """The output so far, or its part around the position."""
        y, at = self.outputs[window.statistic], window.at
        first, shape = near(at, y.shape, (self._rows[1], most))
        block, flat = _block(first, shape, y.shape[1])
        here = at[0] * y.shape[1] + at[1]
        return Panel(
            values=np.ma.array(y[block], mask=flat > here),
            title="Output y",
            subtitle=f"{times(y.shape)}, cell {here + 1} of {y.size}",
            longest=f"{times(y.shape)}, cell {y.size} of {y.size}",
            paint=self._paint,
            first=first,
            ring=at,
            widest=self._wide,
            before=window.statistic,
            links=np.char.add("y", flat.astype(str)),
            go=(("row", 0, 1), ("column", 0, 1)),
        )

    def _frame(self, p: Picture, window: Window, panel: Panel) -> None:
        """Frame what is taken of the window, unless it is all."""
        if len(window.taken) == len(window.numbers) > 1:
            return
        cells = [(int(window.rows[k]), int(window.columns[k])) for k in window.taken]
        for cell in panel.inside(*cells):
            marks.reading(p, *self._grids[0].span(*cell))

    # -- below: the window's numbers in order ----------------------------------------------------

    def _told(self, p: Picture, window: Window) -> None:
        """Say in numbers what is taken."""
        p.text(LEFT, self._line, "Sorted", 15, bold=True)
        arithmetic(p, LEFT + 76, self._line - 5, self._pieces(window), 14)
        if window.missing:
            told = f"padding is not counted: {counted(window.missing, 'cell')} of this window"
            p.text(RIGHT, self._line, told, 12, anchor="end", opacity=0.72)

    def _pieces(self, window: Window) -> Pieces:
        """The numbers taken, and what they come to."""
        taken = [(label(window.numbers[k]), "window") for k in window.taken]
        result = label(self.outputs[window.statistic][window.at]), "output"
        if window.lost:
            return [(f"{window.statistic} of numbers with nan: ", ""), result]
        if window.statistic == "max":
            return [("max takes the last: ", ""), result]
        if window.statistic == "median":
            if len(taken) == 1:
                return [("median takes the middle one: ", ""), result]
            two = [("median takes the middle two: (", ""), taken[0], (" + ", ""), taken[1]]
            return [*two, (") / 2 = ", ""), result]
        with np.errstate(all="ignore"):  # an overflow shows itself as ∞
            total = window.numbers.astype(float).sum()
        return [(f"mean takes all: sum {label(total)} / {len(taken)} = ", ""), result]

    def _sorted(self, p: Picture, window: Window) -> None:
        """The same numbers from the least to the greatest, what is taken on the plate."""
        count, missing = len(window.numbers), window.missing
        padding = np.arange(count + missing)[None] >= count
        values = np.ma.array(np.pad(window.numbers, (0, missing))[None], mask=padding)
        gutter = 5.0 if self._pitch > 30 else 3.0
        grid = Grid(LEFT, self._line + 16, 1, count + missing, (self._pitch, TALL + gutter), gutter)
        p.note("panel", *grid.span(0, 0, 1, count + missing), title="Sorted")
        before, width = window.padding, self._padded.shape[1]
        flat = (window.rows + before[0]) * width + window.columns + before[1]
        taken = window.taken
        Panel(
            values=values,
            paint=self._paint,
            window=([0], taken),
            padding=padding if missing else None,
            index=(False, False),
            links=np.array([[*(f"x{k}" for k in flat), *[""] * missing]]),
        ).draw(p, grid, 14)
        if len(taken) < count:
            marks.reading(p, *grid.span(0, taken[0], 1, len(taken)))

    def _label(self, window: Window) -> str:
        """The text alternative."""
        (i, j), (rows, columns) = window.at, map(listed, window.inside)
        numbers = ", ".join(map(label, window.numbers[:MOST_TAPS]))
        taken = ", ".join(label(window.numbers[k]) for k in window.taken)
        padding = f" {window.missing} of its cells are padding, not counted." * bool(window.missing)
        result = label(self.outputs[window.statistic][window.at])
        return (
            f"Pooling explorer. Input x, {by(self.x.shape)}; window {by(self.g.kernel_size)}, "
            f"stride {by(self.g.stride)}. It covers rows {rows} and columns {columns}.{padding} "
            f"Its numbers, sorted: [{numbers}]. The {window.statistic} takes [{taken}]. Output "
            f"cell y[{i}, {j}] is {result}."
        )


def _block(first: Cell, shape: Cell, columns: int) -> tuple[Any, NDArray[np.intp]]:
    """An index for a block of a plane, and the flat index of each of its cells."""
    index = np.ix_(*(np.arange(f, f + n) for f, n in zip(first, shape, strict=True)))
    return index, index[0] * columns + index[1]


def _short(pair: Pair) -> str:
    return str(pair[0]) if pair[0] == pair[1] else times(pair)
