"""Check `fold`: columns added to the image that they came from."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.folding import folding
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.adjoint.folding import fold as right
from convlib.geometry import Geometry

__all__ = ["fold"]

Pair = tuple[int, int]


def fold(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that does what `convlib.fold` does for one image.

    Parameters
    ----------
    function : callable
        Takes columns (C*KH*KW, L), the image's (H, W) and the kernel's (KH, KW); of stride, padding
        and dilation those that its signature has. Returns (C, H, W).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> fold(lambda cols, output_size, kernel_size: None).verdict
    'nothing written yet'
    """
    return examine(
        Task(
            _right,
            CASES,
            folding,
            NEUTRAL,
            fit=_fit,
            then="fold what unfold gave: how often is each pixel in it?",
        ),
        function,
        **asked,
    )


#: A step without a default is taken for a pair.
NEUTRAL = {
    "stride": lambda a: (1, 1),
    "padding": lambda a: (0, 0),
    "dilation": lambda a: (1, 1),
}


def _right(
    cols: Any,
    output_size: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
) -> Any:
    steps = {"stride": stride, "padding": padding, "dilation": dilation}
    return right(cols, output_size, kernel_size, **steps)


def _fit(arguments: Arguments) -> Arguments:
    """Cut the columns to the windows and the taps that the sizes leave."""
    given = {name: value for name, value in arguments.items() if name in NEUTRAL}
    g = Geometry(arguments["output_size"], arguments["kernel_size"], **given)
    cols, taps = arguments["cols"], prod(g.kernel_size)
    return {**arguments, "cols": cols[: len(cols) // taps * taps, : prod(g.output_size)]}


def _draw(
    what: str, channels: int, size: Pair, kernel: Pair, given: Arguments, number: int
) -> Arguments:
    """Draw columns of whole numbers for an image that grows."""
    rng = np.random.default_rng([number, *what.encode()])
    larger = size[0] + number, size[1] + 2 * number
    oh, ow = Geometry(larger, kernel, **given).output_size
    cols = rng.integers(1, 10, (channels * kernel[0] * kernel[1], oh * ow))
    return {"cols": cols, "output_size": larger, "kernel_size": kernel, **given}


#: One channel, then several, then steps.
CASES = tuple(
    Case(what, partial(_draw, what, channels, size, kernel, given))
    for what, channels, size, kernel, given in (
        ("one channel", 1, (3, 5), (2, 3), {}),
        ("one channel and a tall kernel", 1, (5, 3), (3, 2), {}),
        ("two channels", 2, (3, 5), (2, 3), {}),
        ("stride=2", 2, (4, 7), (2, 3), {"stride": 2}),
        ("stride=(2, 1)", 2, (4, 5), (2, 3), {"stride": (2, 1)}),
        ("windows that leave cells out", 2, (6, 9), (2, 2), {"stride": (3, 4)}),
        ("padding=1", 2, (3, 4), (2, 3), {"padding": 1}),
        ("padding=(1, 2)", 2, (3, 4), (2, 3), {"padding": (1, 2)}),
        ("dilation=2", 2, (4, 6), (2, 3), {"dilation": 2}),
        (
            "stride, padding and dilation together",
            3,
            (6, 7),
            (2, 3),
            {"stride": (2, 3), "padding": (1, 2), "dilation": (3, 2)},
        ),
    )
)
