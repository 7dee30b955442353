"""Check a convolution written as a matrix."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.matrix import matrix
from convlens.check.report import Report
from convlens.check.task import Task
from convlib import index_grid
from convlib.geometry import Geometry

__all__ = ["convolution_matrix"]

Pair = tuple[int, int]


def convolution_matrix(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that writes the convolution of one plane as a matrix.

    Parameters
    ----------
    function : callable
        Takes a kernel (KH, KW) and the image's (H, W), and a stride if its signature has one.
        Returns (OH*OW, H*W).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> convolution_matrix(lambda w, image_size: None).verdict
    'nothing written yet'
    """
    return examine(
        Task(
            _written,
            MATRICES,
            matrix,
            then="multiply its transpose with an output: what comes back?",
        ),
        function,
        **asked,
    )


def _written(w: Any, image_size: Pair, stride: int | Pair = 1) -> Any:
    """Put w on every row, where the index grid says."""
    g = Geometry(image_size, w.shape, stride=stride)
    grid = index_grid.grid(g)
    a = np.zeros((len(grid), g.input_size[0] * g.input_size[1]), dtype=w.dtype)
    np.put_along_axis(a, grid, w.reshape(1, -1), axis=1)
    return a


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
