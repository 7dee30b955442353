"""What goes wrong when starts and offsets are added to a grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from convlens.check.mistakes.rule import Pair, Rule, rule
from convlens.check.mistakes.shared import (
    FLOORED,
    GAPS,
    LONG,
    SQUARE,
    dilations,
    early_one,
    of_floats,
    rounded_up,
    strides,
    too_long,
    undilated,
    unstrided,
)
from convlens.check.slips import Slips


def _made(size: Pair, kernel_size: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)) -> Rule:
    return rule(size, kernel_size, stride, dilation)


def _listed(*order: int) -> Callable[[Any, Rule], Any]:
    """List windows and taps in another order."""

    def listed(y: Any, r: Rule) -> Any:
        places = r.starts.shape
        return y.reshape(*places, *r.all("taps")).transpose(order).reshape(y.shape)

    return listed


grids = Slips(_made, lambda r: np.add.outer(r.starts.ravel(), r.offsets.ravel()))
strides(grids)
dilations(grids)
grids(
    "one row further is taken to be H elements: height and width have changed places",
    "A row is as long as the image is wide: one row further is W elements.",
    lambda r: r.stepped(r.axes[0].size, 1),
)
grids(
    "the starts are numbered as places of the output, not as pixels of the image",
    "A start is the flat index of a pixel: window (i, j) begins at i*stride[0]*W + j*stride[1].",
    lambda r: r.each(lambda a: a.but(move=1)).at(0, step=r.axes[1].places),
)
grids(
    "the offsets are numbered within the kernel, not within the image",
    "Between two rows of taps lies the rest of an image row: one row further is W elements.",
    lambda r: r.at(0, tap_step=r.axes[1].taps),
)
grids(
    "one row further is taken to be as far as the output is wide",
    "Windows and taps lie in the image: one row further is W elements, not OW.",
    lambda r: r.stepped(r.axes[1].places, 1),
)
grids(
    "a window begins at every pixel, also where it does not fit",
    "Without stride and dilation it fits at H - KH + 1 places down and W - KW + 1 across.",
    lambda r: r.each(lambda a: a.but(gaps=0)),
)
grids(
    "the last windows are missing: one place too few down and across",
    "The window can move (H - KH) // stride times, and it begins somewhere: add 1.",
    lambda r: r.each(lambda a: a.but(more=a.more - 1)),
)
grids(
    "the grid is transposed: a row for each tap, where a row for each window is wanted",
    "Make a column of the starts and a row of the offsets, not the other way round.",
    shape=lambda y, r: y.T,
)
grids(
    "the grid is not two-dimensional: starts and offsets were added before they were flattened",
    "Flatten the starts and the offsets first; then a column of the one plus a row of the other.",
    shape=lambda y, r: y.reshape(*r.starts.shape, *r.offsets.shape),
)
grids(
    "starts and offsets are added one to one, not each start to each offset",
    "Give the starts a second axis, so that broadcasting makes a table of all sums.",
    answer=lambda r: r.starts.ravel() + r.offsets.ravel(),
)
grids(
    "the windows are listed column by column",
    "The next window is the one to the right: i on the axis before that of j.",
    shape=_listed(1, 0, 2, 3),
)
grids(
    "the taps are listed column by column",
    "The next tap is the one to the right: u on the axis before that of v.",
    shape=_listed(0, 1, 3, 2),
)
grids(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1], and fewer windows fit.",
    lambda r: r.each(unstrided),
)
grids(
    "the stride makes the windows fewer, but they still stand side by side",
    "Multiply the place by the stride: window (i, j) begins at row i*stride[0].",
    lambda r: r.each(lambda a: a.but(move=1)),
)
grids(
    "the stride moves the taps too",
    "A stride changes where windows begin; within a window the taps stay where they are.",
    lambda r: r.each(lambda a: a.but(spread=a.spread * a.move)),
)
grids(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from its window's start.",
    lambda r: r.each(undilated),
)
grids(
    "the dilated windows hang over the edge: they are counted as if their taps stood side by side",
    "Dilated, KH rows of taps span (KH - 1)*dilation[0] + 1 rows of the image: fewer windows fit.",
    lambda r: r.each(lambda a: a.but(dilation=1)),
)
grids(
    "the 1 is added before the division by the stride: windows are missing or too many",
    "Divide first, then add 1 for the first window: (H - KH) // stride[0] + 1.",
    lambda r: r.each(early_one),
)
grids(
    "the division by the stride rounds up: the last windows hang over the edge",
    FLOORED,
    lambda r: r.each(rounded_up),
)
grids(LONG, GAPS, lambda r: r.each(too_long))
grids(
    "the numbers of windows down and across have changed places",
    "There are OH rows of windows, counted from H, KH and the first stride, and OW in each.",
    lambda r: r.swap("size", "gaps", "stride", "dilation"),
)
grids(
    "the second stride is ignored in the starts: neighbours stand side by side",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda r: r.at(1, move=1),
)
grids(
    SQUARE, "kernel_size is (KH, KW): rows first, then columns.", lambda r: r.first("taps", "gaps")
)
grids(
    "pixels are numbered column by column, as in Fortran order",
    "Flat indices run along rows: one row further is W elements, one column 1.",
    lambda r: r.stepped(1, r.axes[0].size),
)
grids("indices are counted from 1", "The first pixel has index 0.", shape=lambda y, r: y + 1)
grids(
    "the taps of a window are still in rows and columns",
    "Flatten the offsets, so that every window is one row of KH*KW numbers.",
    shape=lambda y, r: y.reshape(-1, *r.offsets.shape),
)
grids(
    "all indices are in one line",
    "Give every window a row of its own: (OH*OW, KH*KW).",
    shape=lambda y, r: y.ravel(),
)
grids(
    "the stride spreads the taps and does not move the windows, as if it were the dilation",
    "The stride says where windows begin; the dilation how far its taps lie apart.",
    lambda r: r.each(
        lambda a: a.but(stride=a.dilation, move=a.spread, spread=a.move, dilation=a.stride)
    ),
)
grids(
    "the indices are floats, with which nothing can be fetched",
    "np.zeros makes floats: ask for dtype=int.",
    shape=lambda y, r: y.astype(float),
    shows=of_floats,
    explains=False,
)
