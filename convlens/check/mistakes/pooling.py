"""What goes wrong in a max pooling: each takes an image (C, H, W), and is right but for that."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.task import mistake
from convlib.pooling.forward import avg_pool2d, max_pool2d, pool2d


@mistake(
    "the stride is 1 where none is given",
    "Windows of a pooling lie side by side: without a stride it is kernel_size.",
)
def stride_one(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return max_pool2d(x, kernel_size, stride=stride or 1, padding=padding)


@mistake(
    "the stride that is given is ignored: the windows lie side by side",
    "kernel_size is the stride only where stride is None.",
)
def stride_ignored(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return max_pool2d(x, kernel_size, padding=padding)


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first moves rows, the second columns.",
)
def strides_swapped(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    steps = None if stride is None else stride[::-1]
    return max_pool2d(x, kernel_size, stride=steps, padding=padding)


@mistake(
    "the height and the width of the window have changed places",
    "kernel_size is (KH, KW): rows first.",
)
def window_turned(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return pool2d(x, kernel_size[::-1], np.max, stride=stride, padding=padding)


@mistake(
    "the channels are reduced too",
    "Each channel keeps maxima of its own: reduce over the two axes of the window alone.",
)
def channels_reduced(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return max_pool2d(x, kernel_size, stride=stride, padding=padding).max(axis=0)


@mistake(
    "the channels come last",
    "Return (C, OH, OW): move the axis of the channels to the front.",
)
def channels_last(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return np.moveaxis(max_pool2d(x, kernel_size, stride=stride, padding=padding), 0, -1)


@mistake("it takes the smallest number of each window", "Take the largest: max.")
def smallest(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return pool2d(x, kernel_size, np.min, stride=stride, padding=padding)


@mistake("it takes the mean of each window", "Take the largest number: max.")
def averaged(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return avg_pool2d(x, kernel_size, stride=stride, padding=padding)


@mistake("it sums up each window", "Take the largest number: max.")
def summed(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return pool2d(x, kernel_size, np.sum, stride=stride, padding=padding)


@mistake(
    "one window too many: sizes are rounded up, and the last windows hang over the edge",
    "Only windows that fit count: round down with //.",
)
def rounded_up(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return max_pool2d(x, kernel_size, stride=stride, padding=padding, ceil_mode=True)


@mistake("the padding is ignored", "Add the cells of the padding before the windows are taken.")
def padding_ignored(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return max_pool2d(x, kernel_size, stride=stride)


@mistake(
    "the padding is zeros, and they win where all numbers are negative",
    "There are no cells in the padding: fill it with what no number is smaller than.",
)
def zeros_as_padding(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    (top, left) = padding
    return max_pool2d(np.pad(x, ((0, 0), (top, top), (left, left))), kernel_size, stride=stride)


@mistake(
    "the padding lies before the first row and column only",
    "padding is on both sides: as many rows below as above, as many columns right as left.",
)
def padding_on_one_side(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    (top, left) = padding
    padded = np.pad(x, ((0, 0), (top, 0), (left, 0)), constant_values=x.min())
    return max_pool2d(padded, kernel_size, stride=stride)


@mistake(
    "the search for the largest begins at 0, which wins where all numbers are negative",
    "Begin with a number of the window itself.",
)
def begun_at_zero(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return np.maximum(max_pool2d(x, kernel_size, stride=stride, padding=padding), 0)
