"""What goes wrong when an image is cut into blocks and each block averaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from convlens.check.mistakes.rule import Rule, rule
from convlens.check.mistakes.shared import unstrided
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Blocks(Rule):
    """The windows that show the blocks, and what is made of each."""

    b: int = 1
    reduce: Callable[..., Any] = np.mean
    axis: tuple[int, ...] | None = (2, 3)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many whole blocks there are, down and to the right."""
        return tuple(n // self.b for n in self.x.shape)

    @property
    def means(self) -> Any:
        """What is made of each block."""
        return self.reduce(self.view, axis=self.axis)


def _made(x: Any, b: int) -> Blocks:
    return Blocks(rule(x.shape, (b, b), b, step=x.strides).axes, x, b)


def _in_pieces(a: Blocks) -> Any:
    rows, columns = a.counts
    filled = np.ascontiguousarray(a.x[: rows * a.b, : columns * a.b])
    return a.reduce(filled.reshape(rows, columns, a.b, a.b), axis=a.axis)


def _with_edges(a: Blocks) -> Any:
    rows, columns = (range(0, size, a.b) for size in a.x.shape)
    return np.array(
        [[a.reduce(a.x[i : i + a.b, j : j + a.b], axis=(0, 1)) for j in columns] for i in rows]
    )


def _not_cut(a: Blocks) -> Any:
    rows, columns = a.counts
    return a.reduce(a.x.reshape(rows, a.b, columns, a.b), axis=(1, 3))


block_means = Slips(_made, lambda a: a.means)
block_means(
    "the blocks overlap: the window moves by one",
    "Blocks stand side by side: the stride is as large as the block.",
    lambda a: a.each(unstrided),
)
block_means(
    "the blocks are summed, not averaged",
    "Divide each sum by the b*b numbers of a block.",
    lambda a: a.but(reduce=np.sum),
)
block_means(
    "the sums are divided by b",
    "A block has b*b numbers: divide by all of them.",
    lambda a: a.but(reduce=lambda view, axis: np.sum(view, axis) / a.b),
)
block_means(
    "the means are cut to whole numbers",
    "A mean has fractions, even of whole numbers: use / or mean, and an output of floats.",
    shape=lambda y, a: np.floor(y) if a.x.dtype.kind in "iu" else y,
)
block_means(
    "each block gives its first number, not its mean",
    "Average over both axes of the taps, (2, 3).",
    lambda a: a.but(reduce=lambda view, axis: view[..., 0, 0]),
)
block_means(
    "the mean is taken over one axis of the block",
    "A block has rows and columns: average over both, axis=(2, 3).",
    lambda a: a.but(axis=(3,)),
)
block_means(
    "reshape(H//b, W//b, b, b) cuts the memory into pieces, not the image into blocks",
    "The b numbers of a row belong to W//b blocks: show the blocks by a window view.",
    answer=_in_pieces,
)
block_means(
    "blocks that hang over the edge are counted",
    "Leave out the rows and columns that fill no block: there are H//b and W//b blocks.",
    answer=_with_edges,
)
block_means(
    "the sum overflows: it is kept in the small integers of the image",
    "uint8 ends at 255 and starts again at 0: sum in a wider dtype.",
    lambda a: a.but(reduce=lambda view, axis: view.sum(axis, dtype=view.dtype) / a.b**2),
)
block_means(
    "there are as many windows as blocks, but they move by one",
    "Block (i, j) begins at row i*b and column j*b.",
    lambda a: a.each(lambda one: one.but(move=1)),
)
block_means(
    "the mean is taken over the blocks: there is one for each place in a block",
    "The axes of the taps are the last two: average over (2, 3).",
    lambda a: a.but(axis=(0, 1)),
)
block_means(
    "the mean is taken down the columns of each block, not over its rows and columns",
    "A block has two axes: average over both, (2, 3).",
    lambda a: a.but(axis=(2,)),
)
block_means(
    "a single mean is returned, of all blocks together",
    "Average over the axes of the taps alone, (2, 3): each block has a mean of its own.",
    lambda a: a.but(axis=None),
)
block_means(
    "the means are in one line",
    "Give them the shape of the blocks, (H//b, W//b).",
    shape=lambda y, a: y.ravel(),
)
block_means(
    "rows and columns of the answer have changed places",
    "The first axis goes down: the outer loop is over rows.",
    shape=lambda y, a: y.T,
)
block_means(
    "a last block that just fits is left out",
    "range ends before its end: the last row at which a block can begin is H - b.",
    lambda a: a.each(lambda one: one.but(one=one.one + 1)),
)
block_means(
    "the rows and columns that fill no block are still there, so that no reshape fits",
    "Cut the image to (H//b)*b rows and (W//b)*b columns first.",
    answer=_not_cut,
)
block_means(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from x.strides: a transposed, sliced or reversed array has others.",
    lambda a: a.stepped(*np.empty(a.x.shape, a.x.dtype).strides),
)
block_means(
    "the blocks are counted from the end: the rows and columns left over are at the beginning",
    "Block (i, j) begins at row i*b and column j*b: leave out the last rows and columns.",
    lambda a: a.but(x=a.x[a.x.shape[0] % a.b :, a.x.shape[1] % a.b :]),
)
for made, word in ((np.median, "median"), (np.max, "largest"), (np.min, "smallest")):
    block_means(
        f"each block gives its {word} number, not its mean",
        "Average over both axes of the taps, (2, 3).",
        partial(Blocks.but, reduce=made),
    )
block_means(
    "the image is filled up with zeros, which are averaged too",
    "Leave out the rows and columns that fill no block: there are H//b and W//b blocks.",
    answer=lambda a: _made(np.pad(a.x, [(0, -n % a.b) for n in a.x.shape]), a.b).means,
)
