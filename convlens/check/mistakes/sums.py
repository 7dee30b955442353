"""What goes wrong with the sums of a layer, one for each window: what is summed, and where it goes.

A convolution with the kernel turned round has these mistakes as well: see `turned`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import blank, only
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

sums = Slips(Layer.of, Layer.answer)


def _in_zeros(y: Any, a: Layer) -> Any:
    """Leave the rest of an output that is as large as the image at zero."""
    size = list(y.shape)
    for axis, n in zip(a.places, a.geometry.input_size, strict=True):
        size[axis] = n
    large = np.zeros(size, y.dtype)
    large[tuple(map(slice, y.shape))] = y
    return large


sums(
    "the kernel is not used: the windows are summed as they are",
    "Multiply each window with the kernel, cell by cell, before you sum.",
    lambda a: a.weighing(np.ones_like),
)
sums(
    "the products of a window are averaged",
    "Sum the products; nothing is divided by the number of taps.",
    lambda a: a.weighing(lambda w: w / w[0].size),
)
sums(
    "only one product of each window is kept, the last",
    "Add to the sum (+=) where you set it (=).",
    lambda a: a.weighing(lambda w: only(w, np.s_[:, -1, -1, -1])),
)
sums(
    "only the first product of each window is kept",
    "A `return` inside the loop over taps ends it after one: put it behind the loops.",
    lambda a: a.weighing(lambda w: only(w, np.s_[:, 0, 0, 0])),
)
sums(
    "the last row and the last column are missing: one window too few",
    "A window fits at H - KH + 1 places down, in general at (size - extent) // stride + 1: check "
    "the + 1, and where range ends.",
    shape=lambda y, a: y[a.cells(slice(-1), slice(-1))],
)
sums(
    "the last row and the last column were never written: the loop ends one window early",
    "A window fits at H - KH + 1 places down, in general at (size - extent) // stride + 1: check "
    "where range ends.",
    shape=lambda y, a: blank(y, a.cells(-1, slice(None)), a.cells(slice(None), -1)),
)
sums(
    "the output is as large as the image, and what no window reaches is left at zero",
    "Without padding the output has H - KH + 1 rows and W - KW + 1 columns.",
    shape=_in_zeros,
)
sums(
    "rows and columns of the output have changed places",
    "Index the output as y[i, j], i down and j right, in the shape (OH, OW).",
    shape=lambda y, a: y.swapaxes(*a.places),
)
sums(
    "each window begins one row and one column too late",
    "The first window begins at row 0 and column 0; count from 0, not from 1.",
    shape=lambda y, a: y[a.cells(slice(1, None), slice(1, None))],
)
sums(
    "only the first sum is worked out, and the others are left at zero",
    "A `return` inside the loops ends them after one window: put it behind them.",
    shape=lambda y, a: only(y, (0,) * y.ndim),
)
sums(
    "only the first row of sums is worked out, and the others are left at zero",
    "A `return` inside the loop over rows ends it after one: put it behind the loops.",
    shape=lambda y, a: blank(y, a.cells(slice(1, None), slice(None))),
)
sums(
    "each sum goes on from the one before: it is not set back to zero",
    "Begin a new sum at every place of the window: set it to 0 inside the loops over places.",
    shape=lambda y, a: np.cumsum(y - a.added).reshape(y.shape) + a.added,
)
sums(
    "the sums are in one line, not in rows and columns",
    "Give them the shape of the output, (OH, OW), at the end.",
    shape=lambda y, a: y.reshape(*y.shape[: a.places[0]], -1, *y.shape[a.places[1] :][1:]),
)
