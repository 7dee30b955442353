"""Check the arithmetic of sizes: how many places, how much padding."""

from __future__ import annotations

from typing import Any, Unpack

from convlens.check.axis import kind
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.same import same
from convlens.check.mistakes.sizes import sizes
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.geometry import Geometry

__all__ = ["output_size", "same_padding"]


def output_size(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that counts the places of a window along one axis.

    Parameters
    ----------
    function : callable
        Takes the size of the axis and of the kernel; of stride, padding (at both ends) and dilation
        those that its signature has. Returns an int.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = output_size(lambda size, kernel, stride=1: (size - kernel) // stride)
    >>> report.diagnosis
    'the first place is not counted: one too few'
    """
    task = Task(
        _places,
        SIZES,
        sizes,
        steps=frozenset(),
        draws=40,
        then="which two sizes give the same output with stride=2?",
    )
    return examine(task, function, **asked)


def same_padding(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that works out the padding "same" of one axis.

    Parameters
    ----------
    function : callable
        Takes the size of the axis and of the kernel; of stride and dilation those that its
        signature has. Returns the cells before and after, two ints.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = same_padding(lambda size, kernel: (kernel // 2, (kernel - 1) // 2))
    >>> report.diagnosis
    'the odd cell is at the start: that is "same_lower"'
    """
    task = Task(
        _same,
        SAME,
        same,
        steps=frozenset(),
        draws=40,
        then="pad an even kernel: which side has one cell more?",
    )
    return examine(task, function, **asked)


def _places(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    return _geometry(size, kernel, stride, (padding, 0), dilation).output_size[0]


def _same(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    return _geometry(size, kernel, stride, "same", dilation).padding[0]


def _geometry(size: int, kernel: int, stride: int, padding: Any, dilation: int) -> Geometry:
    """Make an image of one column, whose rows are the axis."""
    steps = (stride, 1), (dilation, 1)
    return Geometry((size, 1), (kernel, 1), stride=steps[0], padding=padding, dilation=steps[1])


#: One argument at a time, then all of them.
SIZES = (
    *kind("a window that fits", {"size": 7, "kernel": 3}),
    *kind("a stride", {"size": 9, "kernel": 3, "stride": 4}),
    *kind("padding", {"size": 7, "kernel": 3, "padding": 2}),
    *kind("a dilation", {"size": 9, "kernel": 3, "dilation": 2}),
    *kind(
        "stride, padding and dilation together",
        {"size": 11, "kernel": 3, "stride": 3, "padding": 2, "dilation": 2},
        count=20,
        kernel=range(1, 5),
        stride=range(1, 5),
    ),
)

SAME = (
    *kind("an odd kernel", {"size": 7, "kernel": 5}, fits=False, kernel=(1, 3, 5, 7)),
    *kind("an even kernel", {"size": 7, "kernel": 4}, fits=False, kernel=(2, 4, 6)),
    *kind("a stride", {"size": 9, "kernel": 4, "stride": 2}, fits=False, kernel=range(2, 7)),
    *kind(
        "a stride longer than the window",
        {"size": 8, "kernel": 1, "stride": 4},
        fits=False,
        kernel=(1, 2, 3),
        stride=(4, 5, 6),
    ),
    *kind("a dilation", {"size": 7, "kernel": 4, "dilation": 3}, fits=False),
    *kind(
        "stride and dilation together",
        {"size": 10, "kernel": 3, "stride": 3, "dilation": 2},
        fits=False,
        count=20,
        kernel=range(1, 6),
        stride=range(1, 6),
    ),
)
