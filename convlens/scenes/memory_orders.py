"""The memory-order explorer's picture: the same numbers held otherwise, and a rule that forgets it.

The byte strides of a view are read from the array, or assumed from its shape. What the assumed ones
reach is drawn: the wrong elements with dashed edges, what is outside hatched and never read.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import EDGE, Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import INK, SANS_ADVANCE
from convlens.scenes.byte_strides import ByteStridesScene
from convlib.geometry import LAYOUTS, as_batch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.facts.cell import Cell
    from convlens.picture.code import Line
    from convlens.picture.image import Places
    from convlens.picture.shapes import Picture
    from convlib.frames import Frame, Walk

__all__ = ["MemoryOrdersScene", "assumed_strides"]

SAMPLE = 18.0  # side of the cells that stand for a kind of element
SIZE, WIDE = 13.0, SANS_ADVANCE + 0.05  # of the line that counts them; heavy letters are wider


def assumed_strides(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """Byte strides that an array of this shape would have in C order: true of no other.

    >>> assumed_strides((4, 5), 4)
    (20, 4)
    """
    return tuple(itemsize * math.prod(shape[k + 1 :]) for k in range(len(shape)))


class MemoryOrdersScene(ByteStridesScene):
    """Draws a window view of an array held in one of several ways.

    Parameters
    ----------
    walk : Walk
        Over the array as it is held; nothing is padded any more.
    x : ndarray
        That array, with the axes that the reader gave.
    held : str
        How it is held, in words.
    making : list of Line
        The NumPy lines that hold it so.
    assumed : bool
        Whether the byte strides are those of the shape rather than those of the array.
    letters : int
        Length of the longest byte offset, whichever way the array is held.
    """

    def __init__(
        self,
        walk: Walk,
        x: NDArray[np.generic],
        held: str,
        making: list[Line],
        *,
        assumed: bool,
        letters: int,
    ) -> None:
        super().__init__(walk, letters)
        self.held, self.assumed, self._making = held, assumed, making
        self.steps = assumed_strides(x.shape, x.itemsize) if assumed else x.strides
        self._own_shape, self._own_steps = x.shape, x.strides
        self._true = self.strides
        if assumed:
            self.strides = self._window_strides(x)

    def cell(
        self,
        f: Frame,
        channel: int,
        tap: tuple[int, int],
        *,
        more: tuple[int, int] = (0, 0),
        beyond: tuple[int, int] = (0, 0),
    ) -> Cell:
        """The cell of tap (u, v) in the frame's window; see `ByteStridesScene.cell`."""
        cell = super().cell(f, channel, tap, more=more, beyond=beyond)
        return type(cell)(cell.index, cell.shape, cell.strides, self._true)

    def source(self, f: Frame, cell: Cell) -> list[Line]:
        """Write the NumPy lines that hold the array so, make the view and read the cell."""
        lines = [*self._making, *super().source(f, cell)]
        if self.assumed:
            name = self.memory.name
            true = f"{name}.strides is {self._own_steps}"
            note = f"# byte strides {self.steps} assumed from {name}.shape; {true}"
            lines.insert(len(self._making), [(note, "comment")])
        if cell.wrong(*cell.index) and self.memory.inside(cell.address):
            lines[-1] = [*lines[-1], (f"; {self.memory.verdict(cell)[0]}", "comment")]
        return lines

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """How many elements of the view are right, wrong and outside the memory.

        Each element of the array is looked at once, and counted as often as windows see it.
        """
        g = self.walk.geometry
        rows, columns = (
            np.bincount(
                (np.arange(n)[:, None] * step + np.arange(k) * apart).ravel(), minlength=size
            )
            for n, step, k, apart, size in zip(
                g.output_size, g.stride, g.kernel_size, g.dilation, g.padded_size, strict=True
            )
        )
        reached, true = (self._addresses(strides) for strides in (self._plane, self.x.strides))
        inside = (reached >= self.memory.low) & (reached + self.x.itemsize <= self.memory.high)
        times = np.broadcast_to(rows[:, None] * columns, self.x.shape)
        right = int(times[reached == true].sum())
        outside = int(times[~inside].sum())
        return right, int(times.sum()) - right - outside, outside

    # -- what is assumed -------------------------------------------------------------------------

    def _window_strides(self, x: NDArray[np.generic]) -> tuple[int, ...]:
        """The view's byte strides, worked out as if `x` were in C order."""
        image, channel, row, column = self._plane_steps(x)
        (down, right), (tap_down, tap_right) = (
            self.walk.geometry.stride,
            self.walk.geometry.dilation,
        )
        return image, down * row, right * column, channel, tap_down * row, tap_right * column

    def _plane_steps(self, x: NDArray[np.generic]) -> tuple[int, ...]:
        """Assumed bytes to the next image, channel, row and column."""
        layout = self.walk.geometry.layout
        steps = assumed_strides(as_batch(x, layout).shape, x.itemsize)
        return tuple(steps[axis] for axis in (0, *LAYOUTS[layout]))

    @property
    def _plane(self) -> tuple[int, ...]:
        """Bytes to the next image, channel, row and column, by the rule that is shown."""
        n, _, _, c, u, v = self.strides
        if not self.assumed:
            return self.x.strides
        apart = self.walk.geometry.dilation
        return n, c, u // apart[0], v // apart[1]

    def _addresses(self, strides: tuple[int, ...]) -> NDArray[np.intp]:
        """Where these byte strides lead, from each place of the padded batch."""
        places = np.ix_(*(np.arange(n) * s for n, s in zip(self.x.shape, strides, strict=True)))
        return np.asarray(sum(places))

    # -- the picture -----------------------------------------------------------------------------

    def _between(self, p: Picture, y: float) -> float:
        """Say which byte strides are used, and how many elements they miss."""
        rule = "assumed from the shape" if self.assumed else "read from the array"
        text = f"Byte strides {self.steps} {rule}.".replace("-", "−")
        middle = y + 26
        end = self._tally(p, middle)
        room, title = end - LEFT - 16, "In the view:"
        wide, titled = (len(t) * SIZE * WIDE for t in (text, title))
        if wide + titled <= room:
            p.text(end, middle + 5, title, SIZE, anchor="end", opacity=0.72)
        size = SIZE * min(1.0, room / wide)
        p.text(LEFT, middle + 5, text, size, bold=self.assumed)
        return middle + 16

    def _tally(self, p: Picture, middle: float) -> float:
        """Count right, wrong and outside at the right margin; return where that begins."""
        end = RIGHT
        for kind, count in zip(("outside", "wrong", "right"), self.counts[::-1], strict=True):
            words = f"{count:,} {kind}"
            p.text(end, middle + 5, words, SIZE, anchor="end", bold=bool(count))
            end -= len(words) * SIZE * WIDE + SAMPLE + 15
            _sample(p, (end, middle - SAMPLE / 2, SAMPLE, SAMPLE), kind)
            end -= 16
        return end

    def _rows_below(self, p: Picture, grid: Grid, cell: Cell, f: Frame, places: Places) -> float:
        """No rows below: this view never has more windows than fit."""
        return grid.bottom

    def _tap(self, p: Picture, grid: Grid, cell: Cell, first: tuple[int, int]) -> None:
        """Dash the edges of the wrong elements that this window reaches, then ring the tap."""
        kh, kw = cell.shape[4:]
        for u, v in np.ndindex(min(kh, grid.rows), min(kw, grid.columns)):
            tap = *cell.index[:4], u, v
            place = self._place(cell, cell.at(*tap))
            if place and cell.wrong(*tap):
                r, s = place[0] - first[0], place[1] - first[1]
                if 0 <= r < grid.rows and 0 <= s < grid.columns:
                    marks.edge(p, *grid.span(r, s))
        super()._tap(p, grid, cell, first)

    def _place(self, cell: Cell, address: int) -> tuple[int, int] | None:
        """Row and column of the element at an address, if it is one of the plane shown."""
        if not self.memory.inside(address):
            return None
        try:
            (n, c, row, column), _ = self.memory.element(address)
        except KeyError:
            return None
        return (row, column) if (n, c) == (cell.index[0], cell.index[3]) else None

    def _label(self, cell: Cell) -> str:
        """The text alternative."""
        rule = "assumed from the shape" if self.assumed else "read from the array"
        right, wrong, outside = self.counts
        said = super()._label(cell).removeprefix("Byte-stride explorer. ")
        how = f"Memory-order explorer: {self.held}, byte strides {self.steps} {rule}"
        return f"{how}. {right} right, {wrong} wrong, {outside} outside. {said}"


def _sample(p: Picture, box: tuple[float, float, float, float], kind: str) -> None:
    """A cell of the view as it is drawn where it is right, wrong or outside."""
    if kind == "outside":
        marks.outside(p, *box, 5)
        return
    p.rect(*box, **{**EDGE, "fill": INK, "fill_opacity": 0.09})
    if kind == "wrong":
        marks.edge(p, *box)
