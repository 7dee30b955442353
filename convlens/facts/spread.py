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
        return conv_transpose2d(self.x[self.at][None, None], self.w)

    @cached_property
    def counts(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """How often each row, and each column, of the output is reached."""
        rows, columns = (
            np.bincount((np.arange(n)[:, None] * s + np.arange(k)).ravel())
            for n, k, s in zip(self.x.shape, self.w.shape, self.stride, strict=True)
        )
        return rows, columns

    @property
    def inner_counts(self) -> Pair | None:
        """Fewest and most numbers on a cell further than a kernel from the edges; None: no such."""
        rows, columns = (
            count[k - 1 : len(count) - k + 1]
            for count, k in zip(self.counts, self.w.shape, strict=True)
        )
        if not (rows.size and columns.size):
            return None
        return int(rows.min() * columns.min()), int(rows.max() * columns.max())

    def part(self, first: Pair, shape: Pair) -> NDArray[Any]:
        """Work out a block of the output, from those numbers of x alone that reach it."""
        taken, put, cut = [], [], []
        axes = zip(self.x.shape, self.w.shape, self.stride, first, shape, strict=True)
        for n, k, s, begin, count in axes:
            low = max(0, -((k - 1 - begin) // s))
            high = min(n, (begin + count - 1) // s + 1)
            start, stop = low * s, (high - 1) * s + k
            taken.append(slice(low, high))
            put.append(slice(max(start - begin, 0), min(stop, begin + count) - begin))
            cut.append(slice(max(begin - start, 0), min(stop, begin + count) - start))
        y = conv_transpose2d(self.x[tuple(taken)], self.w, stride=self.stride)
        block = np.zeros(shape, dtype=y.dtype)
        block[tuple(put)] = y[tuple(cut)]
        return block
