"""What goes wrong when a convolution is written as a matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from convlens.check.mistakes.axes import ONE, Pair, Stepped, pair, steps
from convlens.check.slips import Slips
from convlib import index_grid
from convlib.geometry import Geometry


@dataclass(frozen=True)
class Matrix(Stepped):
    """The weights, and the columns that they stand in: a start for each row, and the offsets."""

    w: Any
    size: Pair  # of the image
    stride: Pair
    starts: Any
    offsets: Any

    @classmethod
    def of(cls, w: Any, image_size: Any, stride: Any = 1) -> Self:
        """Take the places from the index grid."""
        g = Geometry(image_size, w.shape, stride=stride)
        starts = index_grid.starts(g).reshape(g.output_size)
        offsets = index_grid.offsets(g).reshape(w.shape)
        return cls(w, g.input_size, pair(stride), starts, offsets)

    def answer(self) -> Any:
        """Put the weights on every row."""
        pixels = self.size[0] * self.size[1]
        a = np.zeros((self.starts.size, pixels), dtype=self.w.dtype)
        columns = (self.starts.reshape(-1, 1) + self.offsets.ravel()) % pixels
        np.put_along_axis(a, columns, self.w.reshape(1, -1), axis=1)
        return a

    def stepped(self, name: str, take: Callable[[Pair], Pair]) -> Self:
        """Let the windows move by another stride."""
        return self.of(self.w, self.size, take(self.stride)).but(offsets=self.offsets)


matrix = Slips(Matrix.of, Matrix.answer)

matrix(
    "the matrix is transposed: a row for each pixel",
    "Give each window a row and each pixel a column, so that A @ x.ravel() works.",
    shape=lambda y, a: y.T,
)
matrix(
    "the kernel is flipped in each row",
    "Tap (0, 0) of the window meets w[0, 0]: put w.ravel() as it is.",
    lambda a: a.but(w=a.w[::-1, ::-1]),
)
matrix(
    "the kernel's rows follow one another without a gap",
    "The next row of the window lies a whole row of the image further on: W columns of the matrix.",
    lambda a: a.but(offsets=np.arange(a.w.size)),
)
matrix(
    "each window begins one pixel after the one before, at the ends of the rows too",
    "A new row of windows begins at the left again: at i*W + j, with j below OW only.",
    lambda a: a.but(starts=np.arange(a.starts.size).reshape(a.starts.shape) * a.stride[1]),
)
matrix(
    "the weights go down the columns of the kernel first",
    "The index grid goes along the kernel's rows; so does w.ravel().",
    lambda a: a.but(w=a.w.T),
)
matrix(
    "the windows go down the columns of the image first",
    "Window follows window along a row: row i*OW + j of the matrix is window (i, j).",
    lambda a: a.but(starts=a.starts.T),
)
matrix(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1] of the image.",
    lambda a: a.stepped("stride", lambda both: ONE),
)
matrix(
    "the weights are ones: only the places are marked",
    "Put the weights of the kernel where you put 1.",
    lambda a: a.but(w=np.ones_like(a.w)),
)
matrix(
    "the pixels of the image are numbered column by column",
    "The columns of the matrix are the pixels row by row, as in x.ravel().",
    shape=lambda y, a: y.reshape(-1, *a.size).swapaxes(1, 2).reshape(y.shape),
)
matrix(
    "the last window of each row and of each column is missing",
    "There are (H - KH) // stride + 1 places along the rows; check the + 1, for both axes.",
    lambda a: a.but(starts=a.starts[:-1, :-1]),
)
matrix(
    "the last window of each row is missing",
    "There are (W - KW) // stride + 1 places along a row; check the + 1.",
    lambda a: a.but(starts=a.starts[:, :-1]),
)
matrix(
    "the stride makes the windows fewer, but they still stand side by side",
    "Multiply the place by the stride: window (i, j) begins at row i*stride[0].",
    lambda a: a.but(
        starts=a.stepped("stride", lambda both: ONE).starts[
            : a.starts.shape[0], : a.starts.shape[1]
        ]
    ),
)
matrix(
    "a window begins at every pixel, and those that hang over an edge go on at the other one",
    "Only windows that fit count: OH*OW rows, not H*W.",
    lambda a: a.but(starts=np.arange(a.size[0] * a.size[1]).reshape(a.size)),
)
matrix(
    "one row further is taken to be H pixels: height and width have changed places",
    "A row is as long as the image is wide: one row further is W columns of the matrix.",
    lambda a: a.but(
        starts=a.starts // a.size[1] * a.size[0] + a.starts % a.size[1],
        offsets=a.offsets // a.size[1] * a.size[0] + a.offsets % a.size[1],
    ),
)
steps(matrix, names=["stride"])
