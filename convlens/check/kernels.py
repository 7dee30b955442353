"""Check what is done with a kernel: chosen, turned round, or found out."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from convlens.check.examine import examine
from convlens.check.layers import ROWS
from convlens.check.mistakes import hidden, known, rising, turned
from convlens.check.report import Report
from convlens.check.task import Arguments, Case, Task

__all__ = ["convolve2d", "find_kernel", "rises"]


def rises(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that tells how far numbers rise above the mean of the two before them.

    Parameters
    ----------
    function : callable
        Takes a row of numbers. Returns one number for each window of three: the last of them minus
        the mean of the other two.
    seconds : float
        Time limit of one call.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = rises(lambda row: np.convolve(row, [-0.5, -0.5, 1], "valid"))
    >>> report.diagnosis
    'the weights are used in the reverse order'
    """
    return examine(Task(rising.rises, RISES, known(rising)), function, seconds)


def convolve2d(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that convolves one image with one kernel: flipped, unlike a layer's.

    Parameters
    ----------
    function : callable
        Takes an image (H, W) and a kernel (KH, KW). Returns the sums at the places where the whole
        kernel fits, (H - KH + 1, W - KW + 1).
    seconds : float
        Time limit of one call.

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
    return examine(Task(turned.convolve, cases, turned.MISTAKES), function, seconds)


def find_kernel(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that finds out the kernel of a layer by one call of it.

    Parameters
    ----------
    function : callable
        Takes a function `layer`, which cross-correlates any image (H, W) with a kernel that stays
        hidden, and the kernel's size (KH, KW). Returns the kernel.
    seconds : float
        Time limit of one call.

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
    return examine(Task(hidden.find, HIDDEN, known(hidden)), function, seconds)


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
    kernel = kernel.reshape(size) / (8 if "fractions" in what else 1)
    return {"layer": hidden.Layer(kernel), "size": size}


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
    )
)
