"""Check the size of a transposed convolution's output, along one axis."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.transposed_sizes import transposed_sizes
from convlens.check.report import Report
from convlens.check.task import Task

__all__ = ["transposed_size"]


def transposed_size(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that works out the size of a transposed convolution along one axis.

    Parameters
    ----------
    function : callable
        Takes the size of the input's axis and of the kernel; of stride, padding, dilation and
        output_padding those that its signature has. Returns an int.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> transposed_size(lambda size, kernel, stride=1: size * stride + kernel).diagnosis
    'one stride too many is counted'
    """
    task = Task(
        _length,
        SIZES,
        transposed_sizes,
        steps=frozenset(),
        draws=40,
        then="put it after output_size: which sizes come back?",
    )
    return examine(task, function, **asked)


def _length(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    return (size - 1) * stride + (kernel - 1) * dilation + 1 - 2 * padding + output_padding


def _draw_size(names: str, number: int) -> Arguments:
    """Draw sizes: small ones first, then any."""
    rng = np.random.default_rng([number, *names.encode()])
    given: Arguments = {}
    for name, least, most in (("stride", 2, 4), ("padding", 1, 2), ("dilation", 2, 3)):
        if name in names.split():
            given[name] = int(rng.integers(least, most + 1))
    if "output_padding" in names.split():
        given["output_padding"] = int(rng.integers(1, given["stride"]))
    size = int(rng.integers(5, 12)) if number else 5
    return {"size": size, "kernel": int(rng.integers(2, 5)) if number else 3, **given}


#: One argument at a time, then all of them.
SIZES = tuple(
    Case(what, partial(_draw_size, names))
    for what, names in (
        ("windows one cell apart", ""),
        ("a stride", "stride"),
        ("padding", "padding"),
        ("a dilation", "dilation"),
        ("output_padding", "stride output_padding"),
        ("all four", "stride padding dilation output_padding"),
    )
)
