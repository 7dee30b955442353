"""What goes wrong where a window meets the kernel: what is multiplied with what.

A convolution with the kernel turned round has these mistakes as well: see `turned`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import only
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

__all__ = ["products", "summed"]

products = Slips(Layer.of, Layer.answer)


def summed(w: Any, *axes: int) -> Any:
    """Put the sum along some axes of the weights in the place of each of them."""
    total = w.sum(axes, keepdims=True, dtype=float if w.dtype.kind == "f" else np.int64)
    return np.broadcast_to(total, w.shape)


def _each(a: Layer) -> list[Any]:
    """Give what every tap adds to the output, one after the other."""
    bare, taps = a.but(bias=None), np.ndindex(a.filters.shape[1:])
    return [bare.weighing(partial(only, at=np.s_[:, *tap])).answer() for tap in taps]


def _over_places(a: Layer) -> Any:
    """Sum over the places of a plane, a number for each tap."""
    if a.w.ndim > 2:
        return a.answer()
    return np.reshape([products.sum() for products in _each(a)], a.w.shape) + a.added


def _added(a: Layer) -> Layer:
    """Add each weight to its pixel."""
    bias = a.filters.sum((1, 2, 3)) + (0 if a.bias is None else a.bias)
    return a.weighing(np.ones_like).but(bias=bias)


products(
    "window and kernel meet in a matrix product, window @ w.T: each row of the window meets "
    "all rows of the kernel",
    "Multiply cell by cell, window * w, and sum that; @ and np.dot pair every row with every row.",
    lambda a: a.weighing(lambda w: summed(w, -2)),
)
products(
    "window and kernel meet in a matrix product, window.T @ w: each column of the window "
    "meets all columns of the kernel",
    "Multiply cell by cell, window * w, and sum that; @ and np.dot pair columns with columns.",
    lambda a: a.weighing(lambda w: summed(w, -1)),
)
products(
    "the sum of the window is multiplied with the sum of the kernel",
    "Multiply first, each pixel with its own weight, and sum the products afterwards.",
    lambda a: a.weighing(lambda w: summed(w, 1, 2, 3)),
)
products(
    "the kernel is added to the window, not multiplied with it",
    "Each pixel is multiplied with its weight: window * w.",
    _added,
)
products(
    "of the products of a window only the largest is kept, as in max pooling",
    "Sum the products: .sum() where .max() stands.",
    answer=lambda a: np.max(_each(a), axis=0) + a.added,
)
products(
    "the sums run over the places of the window, not over its taps: the answer is as large as the "
    "kernel",
    "Windows have the axes (OH, OW, KH, KW): sum over the last two.",
    answer=_over_places,
)
products(
    "height and width of the kernel have changed places, and it is reshaped to fit: (KW, KH)",
    "The first axis is the height: KH, KW = w.shape, and no reshape is needed.",
    lambda a: a.weighing(lambda w: w.reshape(*w.shape[:2], *w.shape[:1:-1])),
)
products(
    "the windows are read column by column, the kernel row by row",
    "Flatten both in the same order: no .T, no order='F', and strides of a window as in the image.",
    lambda a: a.weighing(
        lambda w: w.reshape(*w.shape[:2], *w.shape[:1:-1]).swapaxes(-1, -2)  # its inverse
    ),
)
products(
    "each row of the image is summed by itself, with the first row of the kernel",
    "A window spans KH rows: add up what all rows of the kernel make of theirs.",
    lambda a: a.weighing(lambda w: w[..., :1, :]),
)
products(
    "each row of the image is summed by itself, with the last row of the kernel",
    "A window spans KH rows: add up (+=) what all rows of the kernel make of theirs.",
    lambda a: a.weighing(lambda w: w[..., -1:, :]),
)
products(
    "each column of the image is summed by itself, with the first column of the kernel",
    "A window spans KW columns: add up what all columns of the kernel make of theirs.",
    lambda a: a.weighing(lambda w: w[..., :1]),
)
