"""Check a convolution written as a matrix."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from convlens.check.examine import examine
from convlens.check.mistakes import known, matrix
from convlens.check.report import Report
from convlens.check.task import Arguments, Case, Task

__all__ = ["convolution_matrix"]

Pair = tuple[int, int]


def convolution_matrix(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that writes the convolution of one plane as a matrix.

    Parameters
    ----------
    function : callable
        Takes a kernel (KH, KW) and the image's (H, W), and a stride if its signature has one.
        Returns (OH*OW, H*W).
    seconds : float
        Time limit of one call.

    Returns
    -------
    Report

    Examples
    --------
    >>> convolution_matrix(lambda w, image_size: None).verdict
    'nothing written yet'
    """
    return examine(Task(matrix.written, MATRICES, known(matrix)), function, seconds)


def _draw_matrix(what: str, size: Pair, kernel: Pair, stride: Any, number: int) -> Arguments:
    """Draw a kernel without zeros, for an image that grows."""
    rng = np.random.default_rng([number, *what.encode()])
    w = rng.integers(-4, 5, kernel)
    w[w == 0] = 5
    given: Arguments = {"w": w, "image_size": (size[0] + number, size[1] + 2 * number)}
    return given if stride is None else {**given, "stride": stride}


#: From a single row to a stride on each axis.
MATRICES = tuple(
    Case(what, partial(_draw_matrix, what, size, kernel, stride))
    for what, size, kernel, stride in (
        ("an image of one row", (1, 5), (1, 3), None),
        ("a wide kernel", (3, 5), (2, 3), None),
        ("a tall kernel", (4, 3), (3, 2), None),
        ("stride=2", (4, 6), (2, 3), 2),
        ("stride=(2, 1)", (4, 5), (2, 3), (2, 1)),
        ("stride=(2, 3)", (5, 8), (3, 2), (2, 3)),
    )
)
