"""Check windows as views of memory, and the means of blocks that such a view shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.block_means import block_means as block_mistakes
from convlens.check.mistakes.windows import windows as window_mistakes
from convlens.check.orders import ORDERS
from convlens.check.report import Report
from convlens.check.task import Task
from convlib import strided

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["block_means", "windows"]

Pair = tuple[int, int]


def windows(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that shows all windows of an image as a read-only view.

    Parameters
    ----------
    function : callable
        Takes a 2-D image and the kernel's size (KH, KW); of stride and dilation, both (down,
        right), those that its signature has. Returns the view (OH, OW, KH, KW). It is never read
        outside a block of known numbers around the image.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> from numpy.lib.stride_tricks import sliding_window_view
    >>> windows(lambda x, kernel_size: sliding_window_view(x, kernel_size).copy()).diagnosis
    'the windows are a copy, not a view'
    """
    cases = [Case(row.what, row.draw) for row in ROWS]
    return examine(
        Task(
            _windows,
            cases,
            window_mistakes,
            then="make the view writeable and write into it: how many windows change?",
        ),
        function,
        **asked,
    )


def block_means(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that takes the means of the blocks of an image.

    Parameters
    ----------
    function : callable
        Takes a 2-D image and the size `b` of a block. Returns the means of all b x b blocks, an
        array (H//b, W//b); rows and columns that fill no block are left out.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> block_means(lambda x, b: x[: x.shape[0] // b * b : b, : x.shape[1] // b * b : b]).diagnosis
    'each block gives its first number, not its mean'
    """
    cases = [Case(what, partial(_draw_blocks, how)) for what, how in BLOCKS.items()]
    return examine(
        Task(_block_means, cases, block_mistakes, then="do the same by reshape, without a view."),
        function,
        **asked,
    )


def _windows(
    x: NDArray[Any], kernel_size: Pair, stride: int | Pair = (1, 1), dilation: int | Pair = (1, 1)
) -> NDArray[Any]:
    """The windows of the library, with arguments in the order of the notebooks."""
    return strided.windows(x, kernel_size, stride=stride, dilation=dilation)


def _block_means(x: NDArray[Any], b: int) -> NDArray[Any]:
    means: NDArray[Any] = strided.windows(x, b, stride=b).mean(axis=(2, 3))
    return means


@dataclass(frozen=True)
class Row:
    """One kind of image to show the windows of; sizes unequal, all numbers different."""

    what: str
    size: Pair
    kernel: Pair
    given: Mapping[str, Any] = field(default_factory=dict)
    order: str = ""
    dtype: str = "int32"
    grows: bool = True

    def draw(self, number: int) -> Arguments:
        """Draw an image, a larger one each time."""
        rng = np.random.default_rng([number, *self.what.encode()])
        more = number if self.grows else 0
        size = self.size[0] + more, self.size[1] + 2 * more
        x = rng.permutation(size[0] * size[1]).reshape(size).astype(self.dtype)
        return {"x": _held(x, self.order), "kernel_size": self.kernel, **self.given}


def _held(x: NDArray[Any], order: str) -> NDArray[Any]:
    return ORDERS[order](x) if order else x


ROWS = (
    Row("a wide window", (4, 6), (2, 3)),
    Row("a tall window", (6, 4), (3, 2)),
    Row("a window as large as the image", (3, 4), (3, 4), grows=False),
    Row("numbers of 8 bytes", (4, 6), (2, 3), dtype="float64"),
    Row("stride=2", (6, 9), (3, 2), {"stride": 2}),
    Row("stride=(2, 3)", (6, 9), (3, 2), {"stride": (2, 3)}),
    Row("dilation=2", (6, 8), (2, 3), {"dilation": 2}),
    Row("dilation=(3, 2)", (8, 9), (2, 3), {"dilation": (3, 2)}),
    Row("stride and dilation together", (9, 9), (2, 3), {"stride": (2, 3), "dilation": (3, 2)}),
    Row("an image in Fortran order", (4, 6), (2, 3), order="Fortran"),
    Row("an image cut out of a larger one", (4, 6), (2, 3), order="sliced"),
    Row("a reversed image", (4, 6), (2, 3), order="reversed"),
    Row("an image turned upside down", (4, 6), (2, 3), order="upside down"),
    Row("one row, broadcast", (4, 6), (2, 3), order="broadcast"),
)

#: Size of the image and of a block, memory order, type.
BLOCKS: dict[str, tuple[Pair, int, str, str]] = {
    "blocks that fill the image": ((6, 4), 2, "", "int64"),
    "a row and a column left over": ((5, 7), 2, "", "int64"),
    "blocks of 3 x 3": ((8, 10), 3, "", "float32"),
    "a single block": ((5, 4), 4, "", "int64"),
    "an image in Fortran order": ((5, 7), 2, "Fortran", "int64"),
    "an image cut out of a larger one": ((5, 7), 2, "sliced", "int64"),
    "a reversed image": ((5, 7), 2, "reversed", "int64"),
    "uint8, whose sums pass 255": ((5, 7), 2, "", "uint8"),
}


def _draw_blocks(how: tuple[Pair, int, str, str], number: int) -> Arguments:
    """Draw an image with more blocks each time, and as much left over."""
    size, b, order, dtype = how
    rng = np.random.default_rng([number, *size, b])
    rows, columns = size[0] + number * b, size[1] + 2 * number * b
    x = rng.integers(1, 100, (rows, columns)) + 150 * (dtype == "uint8")
    return {"x": _held(x.astype(dtype), order), "b": b}
