"""What goes wrong when starts and offsets are added to a grid."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from convlens.check.mistakes.offsets import of_floats
from convlens.check.task import mistake, observed
from convlib.geometry import Geometry
from convlib.index_grid import grid, offsets, starts

Pair = tuple[int, int]
ONE = 1, 1


def _table(counts: Pair, steps: Pair, row: int) -> Any:
    """Add up rows and columns of so many places, `steps` apart; a row is `row` elements long."""
    i, j = np.ogrid[: counts[0], : counts[1]]
    return i * steps[0] * row + j * steps[1]


def _counted(g: Geometry, places: Any) -> Any:
    """Make the grid of so many windows."""
    begins = _table(tuple(places), g.stride, g.input_size[1]).ravel()
    return begins[:, None] + _table(g.kernel_size, g.dilation, g.input_size[1]).ravel()


def replaced(g: Geometry, **steps: Any) -> Geometry:
    """Make the geometry with another stride or dilation."""
    return Geometry(
        g.input_size, g.kernel_size, **{"stride": g.stride, "dilation": g.dilation, **steps}
    )


def on_geometry(wrong: Callable[[Geometry], Any]) -> Callable[..., Any]:
    """Let a mistake take what a grid is made from, and work it out once for all of them."""

    def of_sizes(size: Pair, kernel_size: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> Any:
        return wrong(Geometry(size, kernel_size, stride=stride, dilation=dilation))

    of_sizes.__name__ = wrong.__name__
    return of_sizes


@mistake(
    "one row further is taken to be H elements: height and width have changed places",
    "A row is as long as the image is wide: one row further is W elements.",
)
@on_geometry
def height_for_width(g: Geometry) -> Any:
    places = g.output_size
    begins = _table(places, g.stride, g.input_size[0]).ravel()
    return begins[:, None] + _table(g.kernel_size, g.dilation, g.input_size[0]).ravel()


@mistake(
    "the starts are numbered as places of the output, not as pixels of the image",
    "A start is the flat index of a pixel: window (i, j) begins at i*stride[0]*W + j*stride[1].",
)
@on_geometry
def starts_in_the_output(g: Geometry) -> Any:
    return np.arange(prod(g.output_size))[:, None] + offsets(g)


@mistake(
    "the offsets are numbered within the kernel, not within the image",
    "Between two rows of taps lies the rest of an image row: one row further is W elements.",
)
@on_geometry
def offsets_in_the_kernel(g: Geometry) -> Any:
    return starts(g)[:, None] + _table(g.kernel_size, g.dilation, g.kernel_size[1]).ravel()


@mistake(
    "one row further is taken to be as far as the output is wide",
    "Windows and taps lie in the image: one row further is W elements, not OW.",
)
@on_geometry
def width_of_the_output(g: Geometry) -> Any:
    places = g.output_size
    begins = _table(places, g.stride, places[1]).ravel()
    return begins[:, None] + _table(g.kernel_size, g.dilation, places[1]).ravel()


@mistake(
    "a window begins at every pixel, also where it does not fit",
    "Without stride and dilation it fits at H - KH + 1 places down and W - KW + 1 across.",
)
@on_geometry
def starts_at_every_pixel(g: Geometry) -> Any:
    places = -(-g.input_size[0] // g.stride[0]), -(-g.input_size[1] // g.stride[1])
    begins = _table(places, g.stride, g.input_size[1]).ravel()
    return begins[:, None] + _table(g.kernel_size, g.dilation, g.input_size[1]).ravel()


@mistake(
    "the last windows are missing: one place too few down and across",
    "The window can move (H - KH) // stride times, and it begins somewhere: add 1.",
)
@on_geometry
def one_place_too_few(g: Geometry) -> Any:
    begins = starts(g).reshape(g.output_size)[:-1, :-1].ravel()
    return begins[:, None] + offsets(g)


@mistake(
    "the grid is transposed: a row for each tap, where a row for each window is wanted",
    "Make a column of the starts and a row of the offsets, not the other way round.",
)
@on_geometry
def transposed(g: Geometry) -> Any:
    return grid(g).T


@mistake(
    "the grid is not two-dimensional: starts and offsets were added before they were flattened",
    "Flatten the starts and the offsets first; then a column of the one plus a row of the other.",
)
@on_geometry
def not_flattened(g: Geometry) -> Any:
    places = g.output_size
    return grid(g).reshape(*places, *g.kernel_size)


@mistake(
    "starts and offsets are added one to one, not each start to each offset",
    "Give the starts a second axis, so that broadcasting makes a table of all sums.",
)
@on_geometry
def added_one_to_one(g: Geometry) -> Any:
    return starts(g) + offsets(g)


@mistake(
    "the windows are listed column by column",
    "The next window is the one to the right: i on the axis before that of j.",
)
@on_geometry
def windows_by_column(g: Geometry) -> Any:
    return starts(g).reshape(g.output_size).T.ravel()[:, None] + offsets(g)


@mistake(
    "the taps are listed column by column",
    "The next tap is the one to the right: u on the axis before that of v.",
)
@on_geometry
def taps_by_column(g: Geometry) -> Any:
    return starts(g)[:, None] + offsets(g).reshape(g.kernel_size).T.ravel()


@mistake(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1], and fewer windows fit.",
)
@on_geometry
def stride_ignored(g: Geometry) -> Any:
    return grid(replaced(g, stride=1))


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first moves rows, the second columns.",
)
@on_geometry
def stride_swapped(g: Geometry) -> Any:
    return grid(replaced(g, stride=g.stride[::-1]))


@mistake(
    "the stride makes the windows fewer, but they still stand side by side",
    "Multiply the place by the stride: window (i, j) begins at row i*stride[0].",
)
@on_geometry
def stride_in_the_count_only(g: Geometry) -> Any:
    return _table(g.output_size, ONE, g.input_size[1]).ravel()[:, None] + offsets(g)


@mistake(
    "the stride moves the taps too",
    "A stride changes where windows begin; within a window the taps stay where they are.",
)
@on_geometry
def stride_in_the_offsets(g: Geometry) -> Any:
    spread = g.stride[0] * g.dilation[0], g.stride[1] * g.dilation[1]
    return starts(g)[:, None] + _table(g.kernel_size, spread, g.input_size[1]).ravel()


@mistake(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from its window's start.",
)
@on_geometry
def dilation_ignored(g: Geometry) -> Any:
    return grid(replaced(g, dilation=1))


@mistake(
    "the two dilations have changed places",
    "dilation is (down, right): the first spreads rows, the second columns.",
)
@on_geometry
def dilation_swapped(g: Geometry) -> Any:
    return grid(replaced(g, dilation=g.dilation[::-1]))


@mistake(
    "the dilated windows hang over the edge: they are counted as if their taps stood side by side",
    "Dilated, KH rows of taps span (KH - 1)*dilation[0] + 1 rows of the image: fewer windows fit.",
)
@on_geometry
def dilation_in_the_offsets_only(g: Geometry) -> Any:
    near = replaced(g, dilation=1)
    return starts(near)[:, None] + _table(g.kernel_size, g.dilation, g.input_size[1]).ravel()


@mistake(
    "the 1 is added before the division by the stride: windows are missing or too many",
    "Divide first, then add 1 for the first window: (H - KH) // stride[0] + 1.",
)
@on_geometry
def one_before_the_division(g: Geometry) -> Any:
    near = replaced(g, stride=1).output_size
    places = (n // s for n, s in zip(near, g.stride, strict=True))
    return _counted(g, places)


@mistake(
    "the division by the stride rounds up: the last windows hang over the edge",
    "Only windows that fit count: round down with //.",
)
@on_geometry
def rounded_up(g: Geometry) -> Any:
    near = replaced(g, stride=1).output_size
    places = (-(-(n - 1) // s) + 1 for n, s in zip(near, g.stride, strict=True))
    return _counted(g, places)


@mistake(
    "the dilated kernel is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
@on_geometry
def extent_too_long(g: Geometry) -> Any:
    long = g.kernel_size[0] * g.dilation[0], g.kernel_size[1] * g.dilation[1]
    places = Geometry(g.input_size, long, stride=g.stride).output_size
    return _counted(g, places)


@mistake(
    "the numbers of windows down and across have changed places",
    "There are OH rows of windows, counted from H, KH and the first stride, and OW in each.",
)
@on_geometry
def counts_swapped(g: Geometry) -> Any:
    places = g.output_size
    return _counted(g, places[::-1])


@mistake(
    "the second stride is ignored in the starts: neighbours stand side by side",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
@on_geometry
def columns_side_by_side(g: Geometry) -> Any:
    places = g.output_size
    return _counted(replaced(g, stride=(g.stride[0], 1)), places)


@mistake(
    "the taps of a window are still in rows and columns",
    "Flatten the offsets, so that every window is one row of KH*KW numbers.",
)
@on_geometry
def taps_not_flattened(g: Geometry) -> Any:
    return grid(g).reshape(-1, *g.kernel_size)


@mistake(
    "all indices are in one line",
    "Give every window a row of its own: (OH*OW, KH*KW).",
)
@on_geometry
def in_one_line(g: Geometry) -> Any:
    return grid(g).ravel()


@observed(
    "the indices are floats, with which nothing can be fetched",
    "np.zeros makes floats: ask for dtype=int.",
    of_floats,
    explains=False,
)
@on_geometry
def floats(g: Geometry) -> Any:
    return grid(g).astype(float)
