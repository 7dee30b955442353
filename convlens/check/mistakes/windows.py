"""What goes wrong when windows are shown by byte strides."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.calling import Outcome
from convlens.check.mistakes.rule import Pair, Rule, rule
from convlens.check.mistakes.shared import dilations, strides, too_long, undilated, unstrided
from convlens.check.slips import Slips


def _made(x: Any, kernel_size: Pair, stride: int | Pair = 1, dilation: int | Pair = 1) -> Rule:
    return rule(x.shape, kernel_size, stride, dilation, step=x.strides, x=x)


def _sized(size: int, r: Rule) -> Rule:
    """Take a number to have so many bytes."""
    return r.stepped(*(jump // r.x.itemsize * size for jump in r.all("step")))


def _shared(outcome: Outcome) -> bool:
    view = outcome.value
    return isinstance(view, np.ndarray) and np.may_share_memory(view, outcome.arguments["x"])


windows = Slips(_made, lambda r: r.view)
strides(windows)
dilations(windows)
windows(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from x.strides: a transposed, sliced or reversed array has others.",
    lambda r: r.stepped(*np.empty(r.x.shape, r.x.dtype).strides),
)
windows(
    "the jumps are counted in numbers, not in bytes",
    "Byte strides are bytes: take x.strides as they are.",
    partial(_sized, 1),
)
windows(
    "the byte strides of rows and columns have changed places",
    "x.strides is (row, column): the first is the jump to the next row.",
    lambda r: r.swap("step", "tap_step"),
)
windows(
    "the axes of the taps come first: (KH, KW, OH, OW)",
    "The first two axes of the view choose the window, the last two the tap in it.",
    shape=lambda y, r: y.transpose(2, 3, 0, 1),
)
windows(
    "the axes are in the order (OH, KH, OW, KW)",
    "The first two axes of the view choose the window, the last two the tap in it.",
    shape=lambda y, r: y.transpose(0, 2, 1, 3),
)
windows(
    "there is one window too many, down and to the right: the last ones reach outside",
    "Without stride and dilation there are H - KH + 1 places and W - KW + 1.",
    lambda r: r.each(lambda a: a.but(more=a.more + 1)),
)
windows(
    "there is one row of windows too many: the last one reaches outside",
    "There are floor((H - extent) / stride) + 1 places down; H belongs to the rows.",
    lambda r: r.at(0, more=r.axes[0].more + 1),
)
windows(
    "there is one column of windows too many: the last one reaches outside",
    "There are floor((W - extent) / stride) + 1 places to the right; W belongs to the columns.",
    lambda r: r.at(1, more=r.axes[1].more + 1),
)
windows(
    "the last row and the last column of windows are missing",
    "There are floor((size - extent) / stride) + 1 places; check the + 1.",
    lambda r: r.each(lambda a: a.but(more=a.more - 1)),
)
windows(
    "the stride is ignored",
    "The jumps from window to window are multiplied by the stride.",
    lambda r: r.each(unstrided),
)
windows(
    "the stride makes the view smaller, but is not multiplied into its jumps",
    "Window (i, j) begins i*stride[0] rows down: multiply the first two byte strides.",
    lambda r: r.each(lambda a: a.but(move=1)),
)
windows(
    "the stride is multiplied into the jumps, but the view has as many windows as with stride 1",
    "Windows that stand farther apart are fewer: divide by the stride, and round down.",
    lambda r: r.each(lambda a: a.but(stride=1)),
)
windows(
    "the jumps from window to window and from tap to tap have changed places",
    "The stride belongs to the first two axes of the view, the dilation to the last two.",
    lambda r: r.each(lambda a: a.but(move=a.spread, spread=a.move)),
)
windows(
    "the stride is multiplied into the jumps of the taps too",
    "Within a window the taps stay together: the stride belongs to the first two axes.",
    lambda r: r.each(lambda a: a.but(spread=a.spread * a.move)),
)
windows(
    "the dilation is ignored",
    "The jumps from tap to tap are multiplied by the dilation, and the window spans more.",
    lambda r: r.each(undilated),
)
windows(
    "the dilation makes the view smaller, but is not multiplied into the jumps of the taps",
    "Tap (u, v) lies u*dilation[0] rows down: multiply the last two byte strides.",
    lambda r: r.each(lambda a: a.but(spread=1)),
)
windows(
    "windows are counted as if the taps stood side by side: the last ones reach outside",
    "A dilated window spans (KH - 1)*dilation[0] + 1 rows: count the places with that.",
    lambda r: r.each(lambda a: a.but(dilation=1)),
)
windows(
    "the dilation is multiplied into the jumps of the windows, not of the taps",
    "The stride belongs to the first two axes of the view, the dilation to the last two.",
    lambda r: r.each(lambda a: a.but(move=a.move * a.spread, spread=1)),
)
windows(
    "the extent of a window is taken to be KH*dilation, which counts the gap after the last tap",
    "From the first to the last of KH taps there are KH - 1 gaps: (KH - 1)*dilation[0] + 1 rows.",
    lambda r: r.each(too_long),
)
windows(
    "there are two windows too many, down and to the right: a 1 is added that should be taken away",
    "A window spans (KH - 1)*dilation[0] + 1 rows; subtract all of it, in parentheses.",
    lambda r: r.each(lambda a: a.but(one=a.one - 2)),
)
windows(
    "the dilation is multiplied into the jumps of the windows too",
    "Only the taps stand apart: the dilation belongs to the last two axes.",
    lambda r: r.each(lambda a: a.but(move=a.move * a.spread)),
)
windows(
    "the dilation picks some taps of an undilated window, so that there are fewer",
    "All KH x KW taps stay, farther apart: the window spans (KH - 1)*dilation[0] + 1 rows.",
    lambda r: r.each(lambda a: a.but(dilation=1, taps=-(-a.taps // a.dilation))),
)
windows(
    "the windows stand right, but each is transposed: its rows run down the image's columns",
    "The last two jumps are those of a tap row and of a tap column, in this order.",
    lambda r: r.swap("tap_step"),
)
windows(
    "all windows stand in one line: (OH*OW, KH, KW)",
    "Keep the places in two axes, (OH, OW, KH, KW).",
    shape=lambda y, r: y.reshape(-1, *y.shape[2:]),
)
windows(
    "one row further is taken to be as far as the image is high",
    "A row is as long as the image is wide; read its byte stride from x.strides.",
    lambda r: r.stepped(r.x.shape[0] * r.x.itemsize, r.x.itemsize),
)
windows(
    "the byte stride of the rows is used for the columns too",
    "x.strides is (row, column): one for each axis.",
    lambda r: r.first("step", "tap_step"),
)
for size in (8, 4):
    windows(
        f"a number is taken to have {size} bytes, whatever its type",
        "Read the byte strides from x.strides: they hold the size of a number.",
        partial(_sized, size),
    )
windows(
    "the windows are a copy, not a view",
    "Show the bytes of x itself: as_strided copies nothing; index lists, reshape and copy do.",
    shape=lambda y, r: y.copy(),
    shows=lambda outcome: not _shared(outcome),
    explains=False,
)
windows(
    "the view can be written to",
    "Its windows share pixels, and a write would change several: pass writeable=False.",
    shape=lambda y, r: as_strided(r.x, y.shape, y.strides, writeable=True),
    shows=lambda outcome: _shared(outcome) and outcome.value.flags.writeable,
    explains=False,
)
