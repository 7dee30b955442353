"""What goes wrong with the places of a transposed convolution: one mistake in each function.

Arrays are (H, W), (C, H, W) or (N, C, H, W); kernels (KH, KW) or (C, O/groups, KH, KW).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import pair
from convlens.check.task import mistake
from convlib.adjoint.transpose import conv_transpose2d
from convlib.convolution import conv2d


def reached(x: Any, w: Any, **given: Any) -> Any:
    """How many numbers fall on each cell of the output plane; 1 where none does."""
    plane, kernel = np.ones(x.shape[-2:], int), np.ones(w.shape[-2:], int)
    return np.maximum(conv_transpose2d(plane, kernel, **_steps(given)), 1)


def _steps(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "groups"}


def _around(y: Any, sides: Any) -> Any:
    """Add zeros to rows and columns."""
    return np.pad(y, [(0, 0)] * (y.ndim - 2) + list(sides))


@mistake(
    "the kernel is flipped, up-down and left-right",
    "Here nothing is flipped: x[i, j] * w goes to the window as it is. "
    "Only the way by zeros in between needs the flipped kernel, and that one with conv2d.",
)
def kernel_flipped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w[..., ::-1, ::-1], bias, **given)


@mistake(
    "the kernel is transposed: its rows are used as columns",
    "w[u, v] goes u rows down and v columns right; look where u and v change places.",
)
def kernel_transposed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w.swapaxes(-1, -2), bias, **given)


@mistake(
    "this is the convolution itself: numbers are gathered from windows, not spread over them",
    "Go through the places of x and add x[i, j] * w to a window of the output.",
)
def gathered(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    filters = w if w.ndim == 2 else w.swapaxes(0, 1)
    given = {name: value for name, value in given.items() if name != "output_padding"}
    return conv2d(x, filters, bias, **given)


@mistake(
    "where windows overlap, only the last number is kept",
    "Add to the window (+=) where you set it (=).",
)
def overlaps_overwritten(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv_transpose2d(x, w, **given) * 0
    for place in np.ndindex(*x.shape[-2:]):
        alone = np.zeros_like(x)
        alone[..., place[0], place[1]] = x[..., place[0], place[1]]
        marked = np.zeros(x.shape[-2:], int)
        marked[place] = 1
        here = conv_transpose2d(marked, np.ones(w.shape[-2:], int), **_steps(given)) > 0
        y[..., here] = conv_transpose2d(alone, w, **given)[..., here]
    return y + conv_transpose2d(x * 0, w, bias, **given)


@mistake(
    "where windows overlap, the mean is taken",
    "Add what overlaps; nothing is divided by how many numbers fall on a cell.",
)
def overlaps_averaged(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv_transpose2d(x, w, **given) / reached(x, w, **given)
    return y + conv_transpose2d(x * 0, w, bias, **given)


@mistake(
    "the last row and the last column of the output are missing",
    "The last number begins at (H - 1)*stride and covers all of the kernel; check the size.",
)
def one_too_few(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, bias, **given)[..., :-1, :-1]


@mistake(
    "between the numbers stand as many zeros as the stride",
    "Numbers that begin `stride` cells apart have stride - 1 zeros between them.",
)
def zeros_too_many(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    down, right = pair(given.get("stride", 1))
    return conv_transpose2d(x, w, bias, **{**given, "stride": (down + 1, right + 1)})


@mistake(
    "the output is too large: a whole stride is counted after the last number too",
    "The last number begins at (H - 1)*stride, so no cells follow its window.",
)
def step_after_the_last(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    down, right = pair(given.get("stride", 1))
    y = conv_transpose2d(x, w, **given)
    zero = conv_transpose2d(x * 0, w, bias, **given)
    y = _around(y, [(0, down - 1), (0, right - 1)])
    return y + zero[..., :1, :1]


@mistake(
    "the stride is ignored",
    "The window of x[i, j] begins at row i*stride[0] and column j*stride[1] of the output.",
)
def stride_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, bias, **{**given, "stride": 1})


@mistake(
    "the two strides have changed places",
    "stride[0] is for rows, down; stride[1] is for columns, to the right.",
)
def strides_swapped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, bias, **{**given, "stride": pair(given.get("stride", 1))[::-1]})


@mistake(
    "the padding is added to the output",
    "The convolution would have added it to its image; here it is cut off again.",
)
def padding_added(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    rows, columns = pair(given.get("padding", 0))
    y = conv_transpose2d(x, w, bias, **{**given, "padding": 0})
    return _around(y, [(rows, rows), (columns, columns)])


@mistake(
    "the padding is added to the input",
    "It is the output that changes: cut padding[0] rows and padding[1] columns off its edges.",
)
def input_padded(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    rows, columns = pair(given.get("padding", 0))
    larger = _around(x, [(rows, rows), (columns, columns)])
    return conv_transpose2d(larger, w, bias, **{**given, "padding": 0})


@mistake("the padding is ignored", "Cut padding[0] rows off at both ends, and padding[1] columns.")
def padding_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, bias, **{**given, "padding": 0})


@mistake(
    "the padding is cut off at the top and the left only",
    "It is cut off at both ends of each axis.",
)
def padding_at_one_end(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    rows, columns = pair(given.get("padding", 0))
    return conv_transpose2d(x, w, bias, **{**given, "padding": 0})[..., rows:, columns:]


@mistake(
    "output_padding is forgotten",
    "The output has so many rows more at its bottom, and so many columns at its right.",
)
def output_padding_forgotten(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, bias, **{**given, "output_padding": 0})


@mistake(
    "output_padding is filled with zeros",
    "Make the output larger before you spread (or cut less of the padding off at the end): "
    "the taps that fall there count.",
)
def output_padding_of_zeros(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    rows, columns = pair(given.get("output_padding", 0))
    y = conv_transpose2d(x, w, bias, **{**given, "output_padding": 0})
    return _around(y, [(0, rows), (0, columns)])


@mistake(
    "the taps stand side by side: the dilation is ignored",
    "Tap (u, v) goes u*dilation[0] rows down and v*dilation[1] columns right.",
)
def dilation_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, bias, **{**given, "dilation": 1})
