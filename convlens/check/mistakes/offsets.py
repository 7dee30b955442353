"""What goes wrong when offsets are counted."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from convlens.check.answers import array_of
from convlens.check.calling import Outcome
from convlens.check.task import mistake, observed

Shape = tuple[int, int, int]
Pair = tuple[int, int]


def _table(shape: Shape, kernel: Pair, dilation: Pair, steps: Any) -> Any:
    """Add up the steps (channel, row, column) of every tap, in the shape (C, KH, KW)."""
    c, u, v = np.ogrid[: shape[0], : kernel[0], : kernel[1]]
    return c * steps[0] + u * dilation[0] * steps[1] + v * dilation[1] * steps[2]


def of_floats(outcome: Outcome) -> bool:
    """Whether the answer holds floats."""
    answer = array_of(outcome.value)
    return answer is not None and answer.dtype.kind == "f"


def _right(shape: Shape, kernel: Pair, dilation: Pair) -> Any:
    return _table(shape, kernel, dilation, (shape[1] * shape[2], shape[2], 1))


@mistake(
    "one row further is taken to be H elements: height and width have changed places",
    "A row is as long as the image is wide: one row further is W elements.",
)
def height_for_width(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _table(shape, kernel_size, dilation, (shape[1] * shape[2], shape[1], 1)).ravel()


@mistake(
    "one row further is taken to be as far as the output is wide",
    "Taps lie in the image: one row further is W elements, not W - KW + 1.",
)
def width_of_the_output(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    width = shape[2] - (kernel_size[1] - 1) * dilation[1]
    return _table(shape, kernel_size, dilation, (shape[1] * shape[2], width, 1)).ravel()


@mistake(
    "the taps are numbered within the kernel, not within the image",
    "Between two rows of taps lies the rest of an image row: one row further is W elements.",
)
def numbered_in_the_kernel(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    rows, columns = kernel_size
    return _table(shape, kernel_size, dilation, (rows * columns, columns, 1)).ravel()


@mistake(
    "the channel moves nothing: all channels have the offsets of the first",
    "With channels first, one channel further is H*W elements.",
)
def channel_forgotten(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _table(shape, kernel_size, dilation, (0, shape[2], 1)).ravel()


@mistake(
    "only the taps of one channel are there",
    "A kernel (C, KH, KW) has C*KH*KW taps: add a term for the channel.",
)
def one_channel_only(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right((1, *shape[1:]), kernel_size, dilation).ravel()


@mistake(
    "the image is taken for one with its channels last",
    "In (C, H, W) a channel lies in one piece: one channel further is H*W elements, one row W and "
    "one column 1.",
)
def channels_last(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    channels, _, width = shape
    return _table(shape, kernel_size, dilation, (1, width * channels, channels)).ravel()


@mistake(
    "the shape is read as (H, W, C)",
    "Here the channels come first: the shape is (C, H, W).",
)
def shape_read_as_channels_last(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    _, width, channels = shape
    steps = 1, width * channels, channels
    return _table((channels, 0, 0), kernel_size, dilation, steps).ravel()


@mistake(
    "the taps are listed pixel by pixel: all channels of one, then of the next",
    "List them channel by channel, in the order of a flattened (C, KH, KW) kernel.",
)
def listed_by_pixel(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return np.moveaxis(_right(shape, kernel_size, dilation), 0, -1).ravel()


@mistake(
    "the taps are listed column by column",
    "List them row by row: u on the axis before that of v.",
)
def listed_by_column(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return np.swapaxes(_right(shape, kernel_size, dilation), 1, 2).ravel()


@mistake(
    "the table of offsets is not flattened",
    "Wanted is one row of numbers: flatten the table at the end.",
)
def not_flattened(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, dilation)


@mistake(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the start.",
)
def dilation_ignored(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, (1, 1)).ravel()


@mistake(
    "the two dilations have changed places",
    "dilation is (down, right): the first spreads rows, the second columns.",
)
def dilation_swapped(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, dilation[::-1]).ravel()


@mistake(
    "the image is taken for one with its channels last, and the taps are listed pixel by pixel",
    "In (C, H, W) a channel lies in one piece: one channel further is H*W elements, one row W and "
    "one column 1. List the taps channel by channel.",
)
def channels_last_throughout(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    channels, _, width = shape
    table = _table(shape, kernel_size, dilation, (1, width * channels, channels))
    return np.moveaxis(table, 0, -1).ravel()


@mistake(
    "one channel further is taken to be as far as the kernel has taps",
    "Taps lie in the image: with channels first, one channel further is H*W elements.",
)
def channel_of_the_kernel(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _table(shape, kernel_size, dilation, (prod(kernel_size), shape[2], 1)).ravel()


@mistake(
    "one channel further is taken to be the next element",
    "So it is with channels last; with channels first, one channel further is H*W elements.",
)
def channel_next_door(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _table(shape, kernel_size, dilation, (1, shape[2], 1)).ravel()


@mistake(
    "there is a row of offsets for each channel",
    "Wanted is one row of numbers, channel after channel: flatten the table at the end.",
)
def a_row_for_each_channel(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, dilation).reshape(shape[0], -1)


@mistake(
    "the columns of taps are not spread: the second dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the start.",
)
def columns_not_spread(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, (dilation[0], 1)).ravel()


@mistake(
    "the dilation leaves taps out: the steps go on only as far as the kernel is long",
    "A dilated kernel has as many taps as before: multiply u by dilation[0] and v by dilation[1].",
)
def taps_left_out(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, (1, 1))[:, :: dilation[0], :: dilation[1]].ravel()


@observed(
    "the offsets are floats, which cannot be used as indices",
    "np.zeros makes floats: ask for dtype=int.",
    of_floats,
    explains=False,
)
def floats(shape: Shape, kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    return _right(shape, kernel_size, dilation).ravel().astype(float)
