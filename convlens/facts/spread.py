"""One number of a small plane, spread over a window of a large one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.adjoint.transpose import conv_transpose2d

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Spread"]

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Spread:
    """A transposed convolution without padding, and one of the numbers that it spreads.

    Attributes
    ----------
    x : ndarray, (H, W)
    w : ndarray, (KH, KW)
    stride : (int, int)
    at : (int, int)
        The row and column of x whose number is followed.
    """

    x: NDArray[Any]
    w: NDArray[Any]
    stride: Pair
    at: Pair

    @property
    def size(self) -> Pair:
        """Rows and columns of the output."""
        axes = zip(self.x.shape, self.w.shape, self.stride, strict=True)
        rows, columns = ((n - 1) * s + k for n, k, s in axes)
        return rows, columns

    @property
    def start(self) -> Pair:
        """The row and column of the output where the window of the number begins."""
        return self.at[0] * self.stride[0], self.at[1] * self.stride[1]

    @property
    def number(self) -> int:
        """The flat index of the number: its row in the matrix of the convolution."""
        return self.at[0] * int(self.x.shape[1]) + self.at[1]

    @cached_property
    def products(self) -> NDArray[Any]:
        """What the number adds to its window."""
        return self._spread(self.x[self.at][None, None])

    @cached_property
    def counts(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """How often each row, and each column, of the output is reached."""
        rows, columns = (
            np.bincount((np.arange(n)[:, None] * s + np.arange(k)).ravel())
            for n, k, s in zip(self.x.shape, self.w.shape, self.stride, strict=True)
        )
        return rows, columns

    def times(self, first: Pair, shape: Pair) -> NDArray[np.intp]:
        """How many numbers fall on each cell of a block of the output."""
        rows, columns = (c[f : f + n] for c, f, n in zip(self.counts, first, shape, strict=True))
        return np.outer(rows, columns)

    @property
    def ends(self) -> Pair:
        """The fewest and the most numbers that fall on one cell."""
        return _ends(*self.counts)

    @property
    def matrix(self) -> np.ma.MaskedArray[Any, Any]:
        """The convolution from y to x: a row for each window, masked where there is no weight."""
        starts, taps = (np.indices(a.shape).reshape(2, -1) for a in (self.x, self.w))
        row, column = (starts[k][:, None] * self.stride[k] + taps[k] for k in (0, 1))
        grid = row * self.size[1] + column
        full = np.zeros((self.x.size, self.size[0] * self.size[1]), self.w.dtype)
        empty = np.ones(full.shape, bool)
        np.put_along_axis(full, grid, self.w.reshape(1, -1), axis=1)
        np.put_along_axis(empty, grid, False, axis=1)
        return np.ma.MaskedArray(full, empty)

    @property
    def inner_counts(self) -> Pair | None:
        """Fewest and most numbers on a cell further than a kernel from the edges; None: no such."""
        rows, columns = (
            count[k - 1 : len(count) - k + 1]
            for count, k in zip(self.counts, self.w.shape, strict=True)
        )
        return _ends(rows, columns) if rows.size and columns.size else None

    def part(self, first: Pair, shape: Pair) -> NDArray[Any]:
        """Work out a block of the output, from those numbers of x alone that reach it."""
        taken, kept = [], []
        for k, s, begin, count in zip(self.w.shape, self.stride, first, shape, strict=True):
            low = max(0, (begin - k + 1) // s)
            taken.append(slice(low, (begin + count - 1) // s + 2))
            kept.append(slice(begin - low * s, begin - low * s + count))
        return self._spread(self.x[tuple(taken)])[tuple(kept)]

    def _spread(self, x: NDArray[Any]) -> NDArray[Any]:
        with np.errstate(all="ignore"):  # infinities are shown, not warned of
            return conv_transpose2d(x, self.w, stride=self.stride)


def _ends(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Pair:
    return int(rows.min() * columns.min()), int(rows.max() * columns.max())
