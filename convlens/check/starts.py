"""Check where windows stand along one axis, and what they leave out."""

from __future__ import annotations

from typing import Any, Unpack

from convlens.check.axis import kind
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.starts import starts
from convlens.check.mistakes.unseen import unseen
from convlens.check.report import Report
from convlens.check.task import Task

__all__ = ["list_starts", "unseen_rows"]


def list_starts(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that lists where a window starts along one axis.

    Parameters
    ----------
    function : callable
        Takes the size of the axis and of the kernel; of stride, padding (at both ends) and dilation
        those that its signature has. Returns the starts as a list of int, counted from the first
        cell of the padding; an empty list where the window does not fit.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = list_starts(lambda size, kernel: list(range(size - kernel)))
    >>> report.diagnosis
    'the last start is missing'
    """
    task = Task(
        _starts,
        STARTS,
        starts,
        steps=frozenset(),
        draws=40,
        then="count its starts: that is the output size.",
    )
    return examine(task, function, **asked)


def unseen_rows(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that lists the rows that no window touches.

    Parameters
    ----------
    function : callable
        Takes the number of rows and the size of the kernel; of stride, padding (at both ends) and
        dilation those that its signature has. Returns a sorted list of int: the rows of the image,
        without its padding, that lie under no tap of any window.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = unseen_rows(lambda size, kernel, stride=1: list(range(size)))
    >>> report.ok
    False
    """
    task = Task(
        _unseen,
        UNSEEN,
        unseen,
        steps=frozenset(),
        draws=40,
        then="find the padding that leaves no row unseen.",
    )
    return examine(task, function, **asked)


def _starts(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    """List the starts, counted from the first cell of the padding."""
    extent = (kernel - 1) * dilation + 1
    return list(range(0, size + 2 * padding - extent + 1, stride))


def _unseen(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    """List the rows that no window touches, counted from the image's first."""
    begin = _starts(size, kernel, stride, padding, dilation)
    seen = {b + u * dilation - padding for b in begin for u in range(kernel)}
    return sorted(set(range(size)) - seen)


TOGETHER = "stride, padding and dilation together"

STARTS = (
    *kind("a window that fits", {"size": 7, "kernel": 3}),
    *kind("a stride", {"size": 9, "kernel": 3, "stride": 4}),
    *kind("padding", {"size": 7, "kernel": 3, "padding": 2}),
    *kind("a dilation", {"size": 9, "kernel": 3, "dilation": 2}),
    *kind(
        TOGETHER,
        {"size": 11, "kernel": 3, "stride": 3, "padding": 2, "dilation": 2},
        count=20,
        kernel=range(1, 5),
        stride=range(1, 6),
    ),
    *kind(
        "a window that does not fit",
        {"size": 2, "kernel": 4},
        fits=False,
        size=(1, 2, 3),
        kernel=(4, 5, 6),
    ),
)

UNSEEN = (
    *kind("a window that sees all", {"size": 7, "kernel": 3}),
    *kind("a stride that leaves rows over", {"size": 9, "kernel": 3, "stride": 4}),
    *kind(
        "a stride longer than the window",
        {"size": 9, "kernel": 2, "stride": 4},
        kernel=(1, 2, 3),
        stride=(4, 5, 6),
    ),
    *kind("padding and a stride", {"size": 9, "kernel": 2, "stride": 3, "padding": 1}),
    *kind("a dilation", {"size": 6, "kernel": 2, "dilation": 4}, dilation=range(3, 7)),
    *kind(
        TOGETHER,
        {"size": 12, "kernel": 2, "stride": 4, "padding": 1, "dilation": 2},
        count=20,
        kernel=range(1, 5),
        stride=range(1, 6),
    ),
)
