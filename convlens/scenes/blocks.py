"""A part of a 2-D array as a panel of tiles that knows which part it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import Grid, axis
from convlens.picture.image import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from convlens.picture.shapes import Picture
    from convlib.geometry import Geometry

__all__ = ["Block", "Plane", "around"]

Pair = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """Some rows and columns of an array.

    >>> around((5, 0), (9, 4), (3, 9))
    Block(first=(4, 0), shape=(3, 4))
    """

    first: Pair
    shape: Pair

    @property
    def slices(self) -> tuple[slice, slice]:
        """What cuts the block out."""
        rows, columns = (slice(f, f + n) for f, n in zip(self.first, self.shape, strict=True))
        return rows, columns

    def at(self, cut: Any, place: Pair) -> Any:
        """Return the value at a place of the whole array, from the block cut out of it."""
        return cut[place[0] - self.first[0], place[1] - self.first[1]]


def around(place: Pair, size: Pair, most: Pair) -> Block:
    """Choose the block of at most this size that keeps a place in view, in the middle if it can."""
    shape = min(size[0], most[0]), min(size[1], most[1])
    row, column = (
        int(np.clip(p - n // 2, 0, total - n))
        for p, n, total in zip(place, shape, size, strict=True)
    )
    return Block((row, column), shape)


class Plane:
    """Draws a block of an array, and what is said about its cells by their places in the array.

    Parameters
    ----------
    p : Picture
    x, y : float
    block : Block
    pitch : (float, float)
        Distance of the cells, right and down.
    """

    def __init__(
        self, p: Picture, x: float, y: float, block: Block, pitch: tuple[float, float]
    ) -> None:
        self.p, self.block = p, block
        self.grid = Grid(x, y, *block.shape, pitch, 4.0)
        self.room, self.bottom = self.grid.width, self.grid.bottom

    def draw(self, values: Any, paint: Callable[[Any], str], **look: Any) -> None:
        """Draw the block of a whole array; see `draw_block`."""
        self.draw_block(values[self.block.slices], paint, **look)

    def draw_block(
        self,
        values: Any,
        paint: Callable[[Any], str],
        *,
        bold: Pair,
        rows: Iterable[int] = (),
        columns: Iterable[int] = (),
        numbered: bool = True,
    ) -> None:
        """Draw the numbers, one of them heavy, and the numbers of rows and columns."""
        heavy = np.zeros(self.block.shape, bool)
        heavy[self._inside(bold)] = True
        if numbered:
            marked = {"rows": [bold[0], *rows], "columns": [bold[1], *columns]}
            axis(self.p, self.grid, first=self.block.first, **marked)
        cells(self.p, self.grid, values, paint, 13, heavy)

    def window_plate(self, rows: Iterable[int], columns: Iterable[int]) -> None:
        """Lay the window's plate behind rows and columns of the array, where they are shown."""
        down, right = (
            self._runs(places, k) for k, places in enumerate((list(rows), list(columns)))
        )
        for r, height in down:
            for c, width in right:
                marks.window_plate(self.p, *self.grid.span(r, c, height, width, margin=3.5))

    def kernel_plate(self, place: Pair | None = None) -> None:
        """Lay the kernel's plate behind all cells, or behind one."""
        span = (0, 0, *self.block.shape) if place is None else (*self._inside(place), 1, 1)
        if place is None:
            marks.kernel_plate(self.p, *self.grid.span(*span, margin=3.5))
        else:
            marks.kernel_plate(self.p, *self.grid.span(*span, margin=3))

    def ring(self, place: Pair) -> None:
        """Ring a cell as an output position."""
        marks.ring(self.p, *self.grid.span(*self._inside(place)), 2.0)

    def tap(self, place: Pair) -> None:
        """Ring a cell as the one of the current tap."""
        marks.kernel_ring(self.p, *self.grid.span(*self._inside(place), margin=1.5))

    def dash_outside(self, g: Geometry) -> None:
        """Dash the cells of the padded image that are padding."""
        if g.padded_size == g.input_size:
            return
        rows, columns = (
            range(first, first + n)
            for first, n in zip(self.block.first, self.block.shape, strict=True)
        )
        for row, column in np.argwhere(g.is_padding(rows, columns)).tolist():
            marks.edge(self.p, *self.grid.span(row, column))

    def _inside(self, place: Pair) -> Pair:
        return place[0] - self.block.first[0], place[1] - self.block.first[1]

    def _runs(self, places: list[int], along: int) -> list[Pair]:
        """Neighbours among the places shown, as (first, length) within the block."""
        first, count = self.block.first[along], self.block.shape[along]
        shown = np.array([k - first for k in places if 0 <= k - first < count], int)
        breaks = np.flatnonzero(np.diff(shown) != 1) + 1
        return [(int(run[0]), len(run)) for run in np.split(shown, breaks) if run.size]
