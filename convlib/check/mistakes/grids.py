"""What goes wrong when starts and offsets are added to a grid."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from convlib.check.mistakes.offsets import of_floats
from convlib.check.task import mistake, observed
from convlib.geometry import Geometry
from convlib.index_grid import grid, offsets, starts

Pair = tuple[int, int]
ONE = (1, 1)


def _table(counts: Pair, steps: Pair, row: int) -> Any:
    """Add up rows and columns of so many places, `steps` apart; a row is `row` elements long."""
    i, j = np.ogrid[: counts[0], : counts[1]]
    return i * steps[0] * row + j * steps[1]


def _grid(size: Pair, kernel: Pair, stride: Pair, dilation: Pair) -> Any:
    return grid(Geometry(size, kernel, stride=stride, dilation=dilation))


@mistake(
    "one row further is taken to be H elements: height and width have changed places",
    "A row is as long as the image is wide: one row further is W elements.",
)
def height_for_width(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    places = Geometry(size, kernel_size, stride=stride, dilation=dilation).output_size
    begins = _table(places, stride, size[0]).ravel()
    return begins[:, None] + _table(kernel_size, dilation, size[0]).ravel()


@mistake(
    "the starts are numbered as places of the output, not as pixels of the image",
    "A start is the flat index of a pixel: window (i, j) begins at i*stride[0]*W + j*stride[1].",
)
def starts_in_the_output(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    return np.arange(prod(g.output_size))[:, None] + offsets(g)


@mistake(
    "the offsets are numbered within the kernel, not within the image",
    "Between two rows of taps lies the rest of an image row: one row further is W elements.",
)
def offsets_in_the_kernel(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    return starts(g)[:, None] + _table(kernel_size, dilation, kernel_size[1]).ravel()


@mistake(
    "one row further is taken to be as far as the output is wide",
    "Windows and taps lie in the image: one row further is W elements, not OW.",
)
def width_of_the_output(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    places = Geometry(size, kernel_size, stride=stride, dilation=dilation).output_size
    begins = _table(places, stride, places[1]).ravel()
    return begins[:, None] + _table(kernel_size, dilation, places[1]).ravel()


@mistake(
    "a window begins at every pixel, also where it does not fit",
    "Without stride and dilation it fits at H - KH + 1 places down and W - KW + 1 across.",
)
def starts_at_every_pixel(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    places = -(-size[0] // stride[0]), -(-size[1] // stride[1])
    begins = _table(places, stride, size[1]).ravel()
    return begins[:, None] + _table(kernel_size, dilation, size[1]).ravel()


@mistake(
    "the last windows are missing: one place too few down and across",
    "The window can move (H - KH) // stride times, and it begins somewhere: add 1.",
)
def one_place_too_few(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    begins = starts(g).reshape(g.output_size)[:-1, :-1].ravel()
    return begins[:, None] + offsets(g)


@mistake(
    "the grid is transposed: a row for each tap, where a row for each window is wanted",
    "Make a column of the starts and a row of the offsets, not the other way round.",
)
def transposed(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    return _grid(size, kernel_size, stride, dilation).T


@mistake(
    "the grid is not two-dimensional: starts and offsets were added before they were flattened",
    "Flatten the starts and the offsets first; then a column of the one plus a row of the other.",
)
def not_flattened(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    places = Geometry(size, kernel_size, stride=stride, dilation=dilation).output_size
    return _grid(size, kernel_size, stride, dilation).reshape(*places, *kernel_size)


@mistake(
    "starts and offsets are added one to one, not each start to each offset",
    "Give the starts a second axis, so that broadcasting makes a table of all sums.",
)
def added_one_to_one(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    return starts(g) + offsets(g)


@mistake(
    "the windows are listed column by column",
    "The next window is the one to the right: i on the axis before that of j.",
)
def windows_by_column(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    return starts(g).reshape(g.output_size).T.ravel()[:, None] + offsets(g)


@mistake(
    "the taps are listed column by column",
    "The next tap is the one to the right: u on the axis before that of v.",
)
def taps_by_column(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    return starts(g)[:, None] + offsets(g).reshape(kernel_size).T.ravel()


@mistake(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1], and fewer windows fit.",
)
def stride_ignored(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    return _grid(size, kernel_size, ONE, dilation)


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first moves rows, the second columns.",
)
def stride_swapped(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    return _grid(size, kernel_size, stride[::-1], dilation)


@mistake(
    "the stride makes the windows fewer, but they still stand side by side",
    "Multiply the place by the stride: window (i, j) begins at row i*stride[0].",
)
def stride_in_the_count_only(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    return _table(g.output_size, ONE, size[1]).ravel()[:, None] + offsets(g)


@mistake(
    "the stride moves the taps too",
    "A stride changes where windows begin; within a window the taps stay where they are.",
)
def stride_in_the_offsets(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    g = Geometry(size, kernel_size, stride=stride, dilation=dilation)
    spread = stride[0] * dilation[0], stride[1] * dilation[1]
    return starts(g)[:, None] + _table(kernel_size, spread, size[1]).ravel()


@mistake(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from its window's start.",
)
def dilation_ignored(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    return _grid(size, kernel_size, stride, ONE)


@mistake(
    "the two dilations have changed places",
    "dilation is (down, right): the first spreads rows, the second columns.",
)
def dilation_swapped(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    return _grid(size, kernel_size, stride, dilation[::-1])


@mistake(
    "the dilated windows hang over the edge: they are counted as if their taps stood side by side",
    "Dilated, KH rows of taps span (KH - 1)*dilation[0] + 1 rows of the image: fewer windows fit.",
)
def dilation_in_the_offsets_only(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    near = Geometry(size, kernel_size, stride=stride)
    return starts(near)[:, None] + _table(kernel_size, dilation, size[1]).ravel()


def _counted(size: Pair, kernel: Pair, stride: Pair, dilation: Pair, places: Any) -> Any:
    """Make the grid of so many windows."""
    begins = _table(tuple(places), stride, size[1]).ravel()
    return begins[:, None] + _table(kernel, dilation, size[1]).ravel()


@mistake(
    "the 1 is added before the division by the stride: windows are missing or too many",
    "Divide first, then add 1 for the first window: (H - KH) // stride[0] + 1.",
)
def one_before_the_division(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    near = Geometry(size, kernel_size, dilation=dilation).output_size
    places = (n // s for n, s in zip(near, stride, strict=True))
    return _counted(size, kernel_size, stride, dilation, places)


@mistake(
    "the division by the stride rounds up: the last windows hang over the edge",
    "Only windows that fit count: round down with //.",
)
def rounded_up(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    near = Geometry(size, kernel_size, dilation=dilation).output_size
    places = (-(-(n - 1) // s) + 1 for n, s in zip(near, stride, strict=True))
    return _counted(size, kernel_size, stride, dilation, places)


@mistake(
    "the dilated kernel is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
def extent_too_long(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    long = kernel_size[0] * dilation[0], kernel_size[1] * dilation[1]
    places = Geometry(size, long, stride=stride).output_size
    return _counted(size, kernel_size, stride, dilation, places)


@mistake(
    "the numbers of windows down and across have changed places",
    "There are OH rows of windows, counted from H, KH and the first stride, and OW in each.",
)
def counts_swapped(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    places = Geometry(size, kernel_size, stride=stride, dilation=dilation).output_size
    return _counted(size, kernel_size, stride, dilation, places[::-1])


@mistake(
    "the second stride is ignored in the starts: neighbours stand side by side",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
def columns_side_by_side(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    places = Geometry(size, kernel_size, stride=stride, dilation=dilation).output_size
    return _counted(size, kernel_size, (stride[0], 1), dilation, places)


@mistake(
    "the taps of a window are still in rows and columns",
    "Flatten the offsets, so that every window is one row of KH*KW numbers.",
)
def taps_not_flattened(
    size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Any:
    return _grid(size, kernel_size, stride, dilation).reshape(-1, *kernel_size)


@mistake(
    "all indices are in one line",
    "Give every window a row of its own: (OH*OW, KH*KW).",
)
def in_one_line(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    return _grid(size, kernel_size, stride, dilation).ravel()


@observed(
    "the indices are floats, with which nothing can be fetched",
    "np.zeros makes floats: ask for dtype=int.",
    of_floats,
    explains=False,
)
def floats(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
    return _grid(size, kernel_size, stride, dilation).astype(float)
