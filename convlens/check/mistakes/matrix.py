"""What goes wrong when a convolution is written as a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import pair
from convlens.check.task import mistake
from convlib import index_grid
from convlib.geometry import Geometry


def written(w: Any, image_size: Any, stride: Any = 1) -> Any:
    """Write the right matrix: w on every row, where the index grid says."""
    g = Geometry(image_size, w.shape, stride=stride)
    grid = index_grid.grid(g)
    a = np.zeros((len(grid), g.input_size[0] * g.input_size[1]), dtype=w.dtype)
    np.put_along_axis(a, grid, w.reshape(1, -1), axis=1)
    return a


@mistake(
    "the matrix is transposed: a row for each pixel",
    "Give each window a row and each pixel a column, so that A @ x.ravel() works.",
)
def transposed(w: Any, image_size: Any, stride: Any = 1) -> Any:
    return written(w, image_size, stride).T


@mistake(
    "the kernel is flipped in each row",
    "Tap (0, 0) of the window meets w[0, 0]: put w.ravel() as it is.",
)
def kernel_flipped(w: Any, image_size: Any, stride: Any = 1) -> Any:
    return written(w[::-1, ::-1], image_size, stride)


@mistake(
    "the kernel's rows follow one another without a gap",
    "The next row of the window lies a whole row of the image further on: W columns of the matrix.",
)
def rows_without_gap(w: Any, image_size: Any, stride: Any = 1) -> Any:
    a = written(w, image_size, stride) * 0
    starts = index_grid.starts(Geometry(image_size, w.shape, stride=stride))
    for row, start in zip(a, starts, strict=True):
        row[start : start + w.size] = w.ravel()[: len(row) - start]
    return a


@mistake(
    "each window begins one pixel after the one before, at the ends of the rows too",
    "A new row of windows begins at the left again: at i*W + j, with j below OW only.",
)
def windows_without_break(w: Any, image_size: Any, stride: Any = 1) -> Any:
    a = written(w, image_size, stride)
    right = pair(stride)[1]
    return np.stack([np.roll(a[0], k * right) for k in range(len(a))])


@mistake(
    "the weights go down the columns of the kernel first",
    "The index grid goes along the kernel's rows; so does w.ravel().",
)
def kernel_transposed(w: Any, image_size: Any, stride: Any = 1) -> Any:
    return written(w.ravel(order="F").reshape(w.shape), image_size, stride)


@mistake(
    "the windows go down the columns of the image first",
    "Window follows window along a row: row i*OW + j of the matrix is window (i, j).",
)
def windows_transposed(w: Any, image_size: Any, stride: Any = 1) -> Any:
    g = Geometry(image_size, w.shape, stride=stride)
    a = written(w, image_size, stride)
    return a.reshape(*g.output_size, -1).transpose(1, 0, 2).reshape(a.shape)


@mistake(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1] of the image.",
)
def stride_ignored(w: Any, image_size: Any, stride: Any = 1) -> Any:
    return written(w, image_size)


@mistake(
    "the two strides have changed places",
    "stride[0] is for rows, down; stride[1] is for columns, to the right.",
)
def strides_swapped(w: Any, image_size: Any, stride: Any = 1) -> Any:
    return written(w, image_size, pair(stride)[::-1])


@mistake(
    "the weights are ones: only the places are marked",
    "Put the weights of the kernel where you put 1.",
)
def ones_for_weights(w: Any, image_size: Any, stride: Any = 1) -> Any:
    return written(np.ones_like(w), image_size, stride)
