"""Check what is done with a kernel: chosen, turned round, or found out."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.layers import ROWS
from convlens.check.mistakes.hidden import Layer, hidden
from convlens.check.mistakes.rising import rising
from convlens.check.mistakes.turned import turned
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.convolution import conv2d as right

__all__ = ["convolve2d", "find_kernel", "rises"]


def rises(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that tells how far numbers rise above the mean of the two before them.

    Parameters
    ----------
    function : callable
        Takes a row of numbers. Returns one number for each window of three: the last of them minus
        the mean of the other two.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = rises(lambda row: np.convolve(row, [-0.5, -0.5, 1], "valid"))
    >>> report.diagnosis
    'the weights are used in the reverse order'
    """
    return examine(
        Task(_rises, RISES, rising, then="what does it give for numbers that rise evenly?"),
        function,
        **asked,
    )


def convolve2d(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that convolves one image with one kernel: flipped, unlike a layer's.

    Parameters
    ----------
    function : callable
        Takes an image (H, W) and a kernel (KH, KW). Returns the sums at the places where the whole
        kernel fits, (H - KH + 1, W - KW + 1).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> from convlib import conv2d
    >>> report = convolve2d(lambda x, w: conv2d(x, w))
    >>> report.diagnosis
    'the kernel is not flipped: that is a cross-correlation'
    """
    cases = [case for row in ROWS if not row.given for case in row.on("HW", "HW")]
    return examine(
        Task(
            _convolve,
            cases,
            turned,
            then="take a kernel that a half turn does not change: does the flip matter?",
        ),
        function,
        **asked,
    )


def find_kernel(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that finds out the kernel of a layer by one call of it.

    Parameters
    ----------
    function : callable
        Takes a function `layer`, which cross-correlates any image (H, W) with a kernel that stays
        hidden, and the kernel's size (KH, KW). Returns the kernel.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def read_off(layer, size):
    ...     image = np.zeros((2 * size[0] - 1, 2 * size[1] - 1))
    ...     image[size[0] - 1, size[1] - 1] = 1
    ...     return layer(image)
    >>> report = find_kernel(read_off)
    >>> report.diagnosis
    'the kernel comes back turned by half a turn'
    """
    return examine(
        Task(
            _find,
            HIDDEN,
            hidden,
            fit=_fit,
            then="can you find the kernel of a layer with a stride?",
        ),
        function,
        **asked,
    )


def _rises(row: Any) -> Any:
    """Tell how far each number lies above the mean of the two before it."""
    if len(row) < 3:
        raise ValueError("a window takes three numbers")
    return np.correlate(row, (-0.5, -0.5, 1), "valid")


def _convolve(x: Any, w: Any) -> Any:
    """Cross-correlate with the kernel turned by half a turn."""
    return right(x, w[::-1, ::-1])


def _find(layer: Any, size: tuple[int, int]) -> Any:
    """Read the answer off the layer itself; `size` is its shape."""
    return layer.reveal()


def _fit(arguments: Arguments) -> Arguments:
    """Cut the hidden kernel to the size that is asked for."""
    rows, columns = arguments["size"]
    kernel = arguments["layer"].reveal()[:rows, :columns]
    return {"layer": Layer(kernel), "size": (rows, columns)}


def _row(what: str, size: int, number: int) -> Arguments:
    """Draw a row of numbers, longer each time."""
    rng = np.random.default_rng([number, *what.encode()])
    row = rng.integers(0, 10, size + number)
    return {"row": row / 8 if "fractions" in what else row}


def _layer(what: str, size: tuple[int, int], number: int) -> Arguments:
    """Draw a hidden kernel whose numbers all differ, and fit into 8 bits."""
    rng = np.random.default_rng([number, *what.encode()])
    size = size[0] + number % 4, size[1] + number % 4
    kernel = rng.permutation(np.arange(1, 2 * size[0] * size[1] + 1))[: size[0] * size[1]]
    kernel = (kernel - 4 * ("below" in what)).reshape(size) / (8 if "fractions" in what else 1)
    return {"layer": Layer(kernel), "size": size}


RISES = tuple(
    Case(what, partial(_row, what, size))
    for what, size in (
        ("a row of seven", 7),
        ("a row with one window", 3),
        ("a long row", 20),
        ("a row of fractions", 6),
    )
)

HIDDEN = tuple(
    Case(what, partial(_layer, what, size))
    for what, size in (
        ("a tall kernel", (3, 2)),
        ("a wide kernel", (2, 5)),
        ("a kernel of one row", (1, 4)),
        ("a kernel of one column", (3, 1)),
        ("a single tap", (1, 1)),
        ("fractions as weights", (2, 3)),
        ("weights below zero", (2, 3)),
    )
)
