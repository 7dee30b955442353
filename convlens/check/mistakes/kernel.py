"""What goes wrong with the kernel and the bias: `conv2d` with one mistake in each function."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import channel_axes, taps, with_channels
from convlens.check.task import mistake
from convlib.convolution import conv2d
from convlib.operands import as_filters


@mistake(
    "the kernel is flipped, up-down and left-right: that is a convolution",
    "A layer cross-correlates: w[u, v] meets x[i + u, j + v], first with first.",
)
def kernel_flipped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, np.flip(w, taps(w, given.get("layout", "NCHW"))), bias, **given)


@mistake(
    "the kernel is flipped up-down",
    "Row u of the kernel meets row i + u of the image; read its rows from the top.",
)
def kernel_rows_flipped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, np.flip(w, taps(w, given.get("layout", "NCHW"))[0]), bias, **given)


@mistake(
    "the kernel is flipped left-right",
    "Column v of the kernel meets column j + v of the image; read its columns from the left.",
)
def kernel_columns_flipped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, np.flip(w, taps(w, given.get("layout", "NCHW"))[1]), bias, **given)


@mistake(
    "the kernel is transposed: its rows are used as columns",
    "w[u, v] belongs to row i + u and column j + v; look where u and v change places.",
)
def kernel_transposed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, np.swapaxes(w, *taps(w, given.get("layout", "NCHW"))), bias, **given)


@mistake(
    "the kernel is not used: the windows are summed as they are",
    "Multiply each window with the kernel, cell by cell, before you sum.",
)
def kernel_unused(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, np.ones_like(w), bias, **given)


@mistake(
    "the products of a window are averaged",
    "Sum the products; nothing is divided by the number of taps.",
)
def products_averaged(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    filters = as_filters(w, given.get("layout", "NCHW"))
    return conv2d(x, w / filters[0].size, bias, **given)


@mistake(
    "only one product of each window is kept, the last",
    "Add to the sum (+=) where you set it (=).",
)
def last_product_kept(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    last = np.zeros_like(w)
    layout = given.get("layout", "NCHW")
    as_filters(last, layout)[:, -1, -1, -1] = as_filters(w, layout)[:, -1, -1, -1]
    return conv2d(x, last, bias, **given)


@mistake("the bias is missing", "Add the bias of each filter to its sums, once.")
def bias_missing(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, **given)


@mistake(
    "the bias is added for every tap",
    "Add the bias once for each output, after the sum over the window.",
)
def bias_for_every_tap(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    count = as_filters(w, given.get("layout", "NCHW"))[0].size
    return conv2d(x, w, None if bias is None else bias * count, **given)


@mistake(
    "the bias is added for every channel",
    "Add the bias once for each output, after the sum over the channels.",
)
@with_channels
def bias_for_every_channel(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    _, channel = channel_axes(x, w, given.get("layout", "NCHW"))
    return conv2d(x, w, None if bias is None else bias * w.shape[channel], **given)


@mistake(
    "the bias is added twice",
    "Start the sum at 0 and add the bias at the end, or start it at the bias: not both.",
)
def bias_twice(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, None if bias is None else bias * 2, **given)


@mistake(
    "the bias is laid along the columns of the output, not along its filters",
    "Broadcasting matches axes from the last: give the bias an axis for rows and one for columns.",
)
def bias_along_the_columns(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, **given)
    return y if bias is None else y + bias


@mistake(
    "the kernel is taken to be square: its number of rows is used for the columns too",
    "Read both sizes: KH, KW = w.shape.",
)
def kernel_taken_to_be_square(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    rows, columns = taps(w, given.get("layout", "NCHW"))
    side = [slice(None)] * w.ndim
    side[columns] = slice(w.shape[rows])
    return conv2d(x, w[tuple(side)], bias, **given)


@mistake(
    "only the first product of each window is kept",
    "A `return` inside the loop over taps ends it after one: put it behind the loops.",
)
def first_product_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    first, layout = np.zeros_like(w), given.get("layout", "NCHW")
    as_filters(first, layout)[:, 0, 0, 0] = as_filters(w, layout)[:, 0, 0, 0]
    return conv2d(x, first, bias, **given)
