"""Check how filters lie in memory: from channels first to channels last."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.filters import filters
from convlens.check.report import Report
from convlens.check.task import Task

__all__ = ["to_channels_last"]


def to_channels_last(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that turns filters (O, C, KH, KW) into (KH, KW, C, O), contiguous.

    Parameters
    ----------
    function : callable
        Takes filters (O, C, KH, KW) and returns an array (KH, KW, C, O) whose numbers lie in
        memory in the order of its axes.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = to_channels_last(lambda w: w.transpose(2, 3, 1, 0))
    >>> report.wrong, report.diagnosis
    ('the numbers are right, but something else is not', 'in memory the numbers lie as before')
    """
    return examine(
        Task(_channels_last, FILTERS, filters, then="look at its flags: is it a copy or a view?"),
        function,
        **asked,
    )


def _channels_last(w: Any) -> Any:
    return np.ascontiguousarray(w.transpose(2, 3, 1, 0))


def _draw(shape: tuple[int, ...], order: str, number: int) -> Arguments:
    """Draw filters, with more filters, rows and columns in later draws."""
    rng = np.random.default_rng([number, *shape])
    o, c, kh, kw = shape
    w = rng.integers(-9, 10, (o + 2 * number, c, kh + number * (kh > 1), kw + number * (kw > 1)))
    return {"w": np.asarray(w, order="F" if order == "F" else "C")}


#: All sizes unequal, so that no two axes can be taken for each other.
FILTERS = (
    Case("filters with several channels", partial(_draw, (4, 3, 2, 5), "C")),
    Case("filters with one channel", partial(_draw, (5, 1, 2, 3), "C")),
    Case("filters of one pixel", partial(_draw, (4, 3, 1, 1), "C")),
    Case("filters in Fortran order", partial(_draw, (4, 3, 2, 5), "F")),
)
