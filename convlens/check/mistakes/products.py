"""What goes wrong where a window meets the kernel: what is multiplied with what.

A convolution with the kernel turned round has these mistakes as well: see `turned`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

__all__ = ["alone", "products", "summed"]

products = Slips(Layer.of, Layer.answer)


def summed(w: Any, *axes: int) -> Any:
    """Put the sum along some axes of the weights in the place of each of them."""
    total = w.sum(axes, keepdims=True, dtype=float if w.dtype.kind == "f" else np.int64)
    return np.broadcast_to(total, w.shape)


def _each(a: Layer) -> Any:
    """Give what each tap adds, (..., O, taps, OH, OW), by making a filter of each."""
    w, x = a.filters, a.x
    if x.ndim == 2:
        x = x[None]
    elif a.layout == "NHWC":
        x = np.moveaxis(x, -1, -3)
    count = w[0].size
    taps = w[:, None] * np.eye(count, dtype=w.dtype).reshape(count, *w.shape[1:])
    lone = a.but(x=x, w=taps.reshape(-1, *w.shape[1:]), bias=None, layout="NCHW")
    y = lone.answer()
    return y.reshape(*y.shape[:-3], len(w), count, *y.shape[-2:])


def _largest(a: Layer) -> Any:
    """Take the largest product, where the sum should be."""
    y = _each(a).max(axis=-3)
    if a.w.ndim < 4:
        y = y[..., 0, :, :]
    elif a.layout == "NHWC":
        y = np.moveaxis(y, -3, -1)
    return y + a.added


def _over_places(a: Layer) -> Any:
    """Sum over the places of a plane, a number for each tap."""
    if a.w.ndim > 2:
        return a.answer()
    return _each(a).sum(axis=(-2, -1)).reshape(a.w.shape) + a.added


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
    answer=_largest,
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


def alone(slips: Slips, turned: bool = False) -> None:
    """Add sums of single rows or columns; where the kernel is turned its first row is the last."""
    first, last = np.s_[:1], np.s_[-1:]
    for end, part in (("first", last if turned else first), ("last", first if turned else last)):
        slips(
            f"each row of the image is summed by itself, with the {end} row of the kernel",
            "A window spans KH rows: add up (+=) what all rows of the kernel make of theirs.",
            partial(_cut, at=np.s_[..., part, :]),
        )
        slips(
            f"each column of the image is summed by itself, with the {end} column of the kernel",
            "A window spans KW columns: add up (+=) what all columns of the kernel make of theirs.",
            partial(_cut, at=np.s_[..., part]),
        )


def _cut(a: Layer, at: Any) -> Layer:
    """Keep a part of the kernel."""
    return a.weighing(lambda w: w[at])
