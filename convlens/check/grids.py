"""Check the arrays of notebook 03: offsets, the index grid, and what a grid tells."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.grids import grids
from convlens.check.mistakes.looks import looks
from convlens.check.mistakes.offsets import offsets as wrong_offsets
from convlens.check.report import Report
from convlens.check.task import Task
from convlib import index_grid as right
from convlib.geometry import Geometry

__all__ = ["index_grid", "offsets", "times_seen"]

Pair = tuple[int, int]


def offsets(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that says how far each tap lies from the start of its window.

    Parameters
    ----------
    function : callable
        Takes the shape (C, H, W) of an image and the size (KH, KW) of a kernel; and dilation, a
        pair (down, right), if its signature has it. Returns C*KH*KW offsets, channel by channel.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def taps(shape, kernel_size):
    ...     c, u, v = np.ogrid[: shape[0], : kernel_size[0], : kernel_size[1]]
    ...     return (c * shape[1] * shape[2] + u * shape[1] + v).ravel()
    >>> offsets(taps).diagnosis
    'one row further is taken to be H elements: height and width have changed places'
    """
    return examine(
        Task(
            _offsets,
            OFFSETS,
            wrong_offsets,
            then="add the offsets to each start: that is the index grid.",
        ),
        function,
        **asked,
    )


def index_grid(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that builds the index grid of an image with one channel.

    Parameters
    ----------
    function : callable
        Takes the sizes (H, W) of an image and (KH, KW) of a kernel; of stride and dilation, pairs
        (down, right), those that its signature has. Returns an array (OH*OW, KH*KW): the flat
        index of every tap (column) of every window (row).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> import convlib
    >>> def transposed(size, kernel_size):
    ...     return convlib.index_grid.grid(convlib.Geometry(size, kernel_size)).T
    >>> index_grid(transposed).diagnosis
    'the grid is transposed: a row for each tap, where a row for each window is wanted'
    """
    return examine(
        Task(_grid, GRIDS, grids, then="fetch with it: image.take(grid) @ kernel.ravel()."),
        function,
        **asked,
    )


def times_seen(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that counts how often each pixel is in an index grid.

    Parameters
    ----------
    function : callable
        Takes the grid of an image with one channel and its size (H, W). Returns the counts, as an
        array (H, W).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def assigned(grid, size):
    ...     seen = np.zeros(size, dtype=int)
    ...     seen.ravel()[grid] += 1
    ...     return seen
    >>> times_seen(assigned).diagnosis
    'every pixel is counted once at most'
    """
    return examine(
        Task(
            _times_seen,
            LOOKS,
            looks,
            then="find a stride with which every pixel is seen equally often.",
        ),
        function,
        **asked,
    )


def _offsets(shape: tuple[int, int, int], kernel_size: Pair, dilation: Pair = (1, 1)) -> Any:
    g = Geometry(shape[1:], kernel_size, channels=shape[0], dilation=dilation)
    return right.offsets(g)


def _grid(size: Pair, kernel_size: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)) -> Any:
    return right.grid(Geometry(size, kernel_size, stride=stride, dilation=dilation))


def _times_seen(grid: Any, size: Pair) -> Any:
    return np.bincount(grid.ravel(), minlength=size[0] * size[1]).reshape(size)


def _larger(size: Pair, number: int) -> Pair:
    """Let an image grow from draw to draw, its sides by unequal steps."""
    return size[0] + number, size[1] + 2 * number


def _draw_offsets(shape: tuple[int, int, int], given: Mapping[str, Any], number: int) -> Arguments:
    channels, *size = shape
    return {"shape": (channels, *_larger((size[0], size[1]), number)), **given}


def _draw_grid(size: Pair, grows: bool, given: Mapping[str, Any], number: int) -> Arguments:
    return {"size": _larger(size, number * grows), **given}


def _draw_looks(size: Pair, given: Mapping[str, Any], number: int) -> Arguments:
    larger = _larger(size, number)
    return {"grid": _grid(larger, **given), "size": larger}


def _offset_case(what: str, shape: tuple[int, int, int], kernel: Pair, **given: Any) -> Case:
    return Case(what, partial(_draw_offsets, shape, {"kernel_size": kernel, **given}))


def _grid_case(what: str, size: Pair, kernel: Pair, grows: bool = True, **given: Any) -> Case:
    return Case(what, partial(_draw_grid, size, grows, {"kernel_size": kernel, **given}))


def _look_case(what: str, size: Pair, kernel: Pair, **given: Any) -> Case:
    return Case(what, partial(_draw_looks, size, {"kernel_size": kernel, **given}))


OFFSETS = (
    _offset_case("one channel", (1, 4, 7), (2, 3)),
    _offset_case("three channels", (3, 4, 7), (2, 3)),
    _offset_case("a tall image and kernel", (2, 8, 6), (4, 3)),
    _offset_case("offsets that pass 255", (3, 12, 20), (2, 3)),
    _offset_case("dilation=(2, 1)", (2, 5, 7), (2, 3), dilation=(2, 1)),
    _offset_case("dilation=(2, 3)", (3, 6, 10), (3, 2), dilation=(2, 3)),
)

GRIDS = (
    _grid_case("a wide kernel", (4, 6), (2, 3)),
    _grid_case("a tall kernel", (6, 4), (3, 2)),
    _grid_case("a kernel as large as the image", (3, 4), (3, 4), grows=False),
    _grid_case("indices that pass 255", (15, 19), (2, 3)),
    _grid_case("stride=(2, 1)", (5, 6), (2, 3), stride=(2, 1)),
    _grid_case("stride=(2, 3)", (6, 9), (3, 2), stride=(2, 3)),
    _grid_case("dilation=(2, 1)", (5, 6), (2, 3), dilation=(2, 1)),
    _grid_case("dilation=(3, 2)", (8, 9), (2, 3), dilation=(3, 2)),
    _grid_case("stride and dilation together", (8, 9), (2, 3), stride=(2, 3), dilation=(3, 2)),
)

LOOKS = (
    _look_case("a wide image", (4, 6), (2, 3)),
    _look_case("a tall image", (7, 4), (3, 2)),
    _look_case("a stride, after which pixels are left over", (6, 8), (2, 3), stride=(3, 4)),
    _look_case("a dilation", (6, 7), (2, 3), dilation=(3, 2)),
)
