"""What goes wrong when an image is cut into blocks and each block averaged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.task import mistake
from convlib import strided


def _blocks(x: Any, b: int) -> Any:
    return strided.windows(x, b, stride=b)


@mistake(
    "the blocks overlap: the window moves by one",
    "Blocks stand side by side: the stride is as large as the block.",
)
def blocks_overlap(x: Any, b: int) -> Any:
    return strided.windows(x, b).mean(axis=(2, 3))


@mistake("the blocks are summed, not averaged", "Divide each sum by the b*b numbers of a block.")
def blocks_summed(x: Any, b: int) -> Any:
    return _blocks(x, b).sum(axis=(2, 3))


@mistake("the sums are divided by b", "A block has b*b numbers: divide by all of them.")
def divided_by_b(x: Any, b: int) -> Any:
    return _blocks(x, b).sum(axis=(2, 3)) / b


@mistake(
    "the means are cut to whole numbers",
    "A mean has fractions, even of whole numbers: use / or mean, and an output of floats.",
)
def fractions_cut_off(x: Any, b: int) -> Any:
    means = _blocks(x, b).mean(axis=(2, 3))
    return np.floor(means) if x.dtype.kind in "iu" else means


@mistake(
    "each block gives its first number, not its mean",
    "Average over both axes of the taps, (2, 3).",
)
def first_number_only(x: Any, b: int) -> Any:
    return _blocks(x, b)[:, :, 0, 0]


@mistake(
    "the mean is taken over one axis of the block",
    "A block has rows and columns: average over both, axis=(2, 3).",
)
def one_axis_only(x: Any, b: int) -> Any:
    return _blocks(x, b).mean(axis=3)


@mistake(
    "reshape(H//b, W//b, b, b) cuts the memory into pieces, not the image into blocks",
    "The b numbers of a row belong to W//b blocks: show the blocks by a window view.",
)
def memory_cut_into_pieces(x: Any, b: int) -> Any:
    rows, columns = x.shape[0] // b, x.shape[1] // b
    filled = np.ascontiguousarray(x[: rows * b, : columns * b])
    return filled.reshape(rows, columns, b, b).mean(axis=(2, 3))


@mistake(
    "blocks that hang over the edge are counted",
    "Leave out the rows and columns that fill no block: there are H//b and W//b blocks.",
)
def edges_counted(x: Any, b: int) -> Any:
    rows, columns = (range(0, size, b) for size in x.shape)
    return np.array([[x[i : i + b, j : j + b].mean() for j in columns] for i in rows])


@mistake(
    "the sum overflows: it is kept in the small integers of the image",
    "uint8 ends at 255 and starts again at 0: sum in a wider dtype.",
)
def sum_overflows(x: Any, b: int) -> Any:
    return _blocks(x, b).sum(axis=(2, 3), dtype=x.dtype) / b**2


@mistake(
    "there are as many windows as blocks, but they move by one",
    "Block (i, j) begins at row i*b and column j*b.",
)
def stride_forgotten(x: Any, b: int) -> Any:
    return strided.windows(x, b).mean(axis=(2, 3))[: x.shape[0] // b, : x.shape[1] // b]


@mistake(
    "the mean is taken over the blocks: there is one for each place in a block",
    "The axes of the taps are the last two: average over (2, 3).",
)
def mean_over_the_blocks(x: Any, b: int) -> Any:
    return _blocks(x, b).mean(axis=(0, 1))


@mistake(
    "the mean is taken down the columns of each block, not over its rows and columns",
    "A block has two axes: average over both, (2, 3).",
)
def first_axis_of_the_block_only(x: Any, b: int) -> Any:
    return _blocks(x, b).mean(axis=2)


@mistake(
    "a single mean is returned, of all blocks together",
    "Average over the axes of the taps alone, (2, 3): each block has a mean of its own.",
)
def one_mean_for_all(x: Any, b: int) -> Any:
    return _blocks(x, b).mean()


@mistake(
    "the means are in one line",
    "Give them the shape of the blocks, (H//b, W//b).",
)
def means_in_one_line(x: Any, b: int) -> Any:
    return _blocks(x, b).mean(axis=(2, 3)).ravel()


@mistake(
    "rows and columns of the answer have changed places",
    "The first axis goes down: the outer loop is over rows.",
)
def transposed(x: Any, b: int) -> Any:
    return _blocks(x, b).mean(axis=(2, 3)).T


@mistake(
    "a last block that just fits is left out",
    "range ends before its end: the last row at which a block can begin is H - b.",
)
def last_block_left_out(x: Any, b: int) -> Any:
    rows, columns = (range(0, size - b, b) for size in x.shape)
    return np.array([[x[i : i + b, j : j + b].mean() for j in columns] for i in rows])


@mistake(
    "the rows and columns that fill no block are still there, so that no reshape fits",
    "Cut the image to (H//b)*b rows and (W//b)*b columns first.",
)
def left_over_not_cut(x: Any, b: int) -> Any:
    rows, columns = x.shape[0] // b, x.shape[1] // b
    return x.reshape(rows, b, columns, b).mean(axis=(1, 3))


@mistake(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from x.strides: a transposed, sliced or reversed array has others.",
)
def strides_from_the_shape(x: Any, b: int) -> Any:
    return _blocks(as_strided(x, x.shape, np.empty(x.shape, x.dtype).strides), b).mean(axis=(2, 3))
