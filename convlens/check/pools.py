"""Check max pooling: the largest number of every window, and the way back of its gradient."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.pooling import pooling
from convlens.check.mistakes.pooling_back import pooling_back
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.pooling.backward import max_pool2d_backward as right_backward
from convlib.pooling.forward import max_pool2d as right

__all__ = ["max_pool2d", "max_pool2d_backward"]

Pair = tuple[int, int]


def max_pool2d(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that does what `convlib.max_pool2d` does for one image.

    Parameters
    ----------
    function : callable
        Takes an image (C, H, W) and the window's (KH, KW); of stride, a pair or None for the size
        of the window, and padding, a pair, those that its signature has. Returns (C, OH, OW).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def one_step_at_a_time(x, kernel_size):
    ...     view = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(1, 2))
    ...     return view.max(axis=(-2, -1))
    >>> max_pool2d(one_step_at_a_time).diagnosis
    'the stride is 1 where none is given'
    """
    task = Task(
        _right,
        POOLS,
        pooling,
        NEUTRAL,
        steps=frozenset(),
        then="pool an image, and the same moved by a pixel: how much changes?",
    )
    return examine(task, function, **asked)


def max_pool2d_backward(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that hands the gradient of every window to the cell that won it.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and the window's (KH, KW); stride, a pair
        or None for the size of the window, if its signature has it. Returns dx, (H, W). Of equal
        numbers the first in row-major order wins.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def to_all_that_are_equal(grad, x, kernel_size):
    ...     (kh, kw), dx = kernel_size, np.zeros(x.shape)
    ...     for i, j in np.ndindex(grad.shape):
    ...         place = np.s_[i * kh : i * kh + kh, j * kw : j * kw + kw]
    ...         dx[place] += (x[place] == x[place].max()) * grad[i, j]
    ...     return dx
    >>> max_pool2d_backward(to_all_that_are_equal).diagnosis
    'of equal numbers each gets the whole gradient: it is counted twice'
    """
    task = Task(
        _right_backward,
        RETURNS,
        pooling_back,
        NEUTRAL,
        steps=frozenset(),
        fit=_fit,
        then="sum dx, and sum grad: why are they equal?",
    )
    return examine(task, function, **asked)


#: What takes no effect, where a function demands it and a case does not speak of it.
NEUTRAL = {"stride": lambda a: a["kernel_size"], "padding": lambda a: (0, 0)}


def _right(x: Any, kernel_size: Any, stride: Any = None, padding: Any = (0, 0)) -> Any:
    return right(x, kernel_size, stride=stride, padding=padding)


def _right_backward(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    return right_backward(grad, x, kernel_size, stride=stride)


def _image(
    what: str, kind: str, size: Pair, kernel: Pair, given: Arguments, number: int
) -> Arguments:
    """Draw an image of several channels that grows, of numbers of one kind."""
    rng = np.random.default_rng([number, *what.encode()])
    shape = 2 + number, size[0] + 3 * number, size[1] + 4 * number
    x: Any = rng.integers(1, 100, shape)
    if kind == "negative":
        x = -x
    if kind == "fractions":
        x = x / 8 - 6
    if kind == "bytes":
        x = (x + 150).astype(np.uint8)
    if kind == "Fortran":
        x = np.asfortranarray(x)
    return {"x": x, "kernel_size": kernel, **given}


#: Plain windows, then other numbers, strides, padding.
POOLS = tuple(
    Case(what, partial(_image, what, kind, size, kernel, given))
    for what, kind, size, kernel, given in (
        ("a wide window", "", (4, 6), (2, 3), {}),
        ("a tall window", "", (6, 4), (3, 2), {}),
        ("a square window", "", (4, 6), (2, 2), {}),
        ("rows and columns left over", "", (5, 8), (2, 3), {}),
        ("numbers below zero", "negative", (4, 6), (2, 3), {}),
        ("fractions", "fractions", (4, 6), (2, 3), {}),
        ("bytes", "bytes", (4, 6), (2, 3), {}),
        ("an image in Fortran order", "Fortran", (4, 6), (2, 3), {}),
        ("stride=(1, 1)", "", (3, 5), (2, 3), {"stride": (1, 1)}),
        ("stride=(2, 1)", "", (5, 6), (3, 2), {"stride": (2, 1)}),
        ("stride=(3, 4), longer than the window", "", (6, 9), (2, 3), {"stride": (3, 4)}),
        ("padding=(1, 1)", "", (4, 7), (2, 3), {"padding": (1, 1)}),
        ("padding and numbers below zero", "negative", (4, 5), (2, 3), {"padding": (1, 1)}),
        (
            "stride and padding together",
            "negative",
            (6, 7),
            (3, 4),
            {"stride": (2, 3), "padding": (1, 2)},
        ),
    )
)


def _fit(arguments: Arguments) -> Arguments:
    """Give the gradient the shape of the output, its numbers over again where it grows."""
    steps = {n: v for n, v in arguments.items() if n == "stride"}
    shape = right(arguments["x"], arguments["kernel_size"], **steps).shape
    return {**arguments, "grad": np.resize(arguments["grad"], shape)}


def _plane(
    what: str, values: str, size: Pair, kernel: Pair, stride: Pair | None, number: int
) -> Arguments:
    """Draw a plane that grows, with or without equal numbers, and a gradient of its output."""
    rng = np.random.default_rng([number, *what.encode()])
    shape = size[0] + 3 * number, size[1] + 4 * number
    x: Any = rng.permutation(shape[0] * shape[1]).reshape(shape) + 1
    if values == "ties":
        x = rng.integers(1, 4, shape)
    if values == "negative":
        x = -x
    if values == "alike":
        x = np.full(shape, 5)
    y = right(x, kernel, stride=stride)
    grad = rng.integers(1, 10, y.shape) * rng.choice([-1, 1], y.shape)
    arguments = {"grad": grad, "x": x, "kernel_size": kernel}
    return arguments if stride is None else {**arguments, "stride": stride}


#: Without equal numbers first; then with them, then strides, then both.
RETURNS = tuple(
    Case(what, partial(_plane, what, values, size, kernel, stride))
    for what, values, size, kernel, stride in (
        ("a wide window, all numbers different", "", (4, 6), (2, 3), None),
        ("a tall window, all numbers different", "", (6, 4), (3, 2), None),
        ("rows and columns left over", "", (5, 8), (2, 3), None),
        ("numbers below zero", "negative", (4, 6), (2, 3), None),
        ("ties: equal numbers in a window", "ties", (6, 6), (2, 3), None),
        ("a plane of one number", "alike", (4, 6), (2, 3), None),
        ("windows that overlap, stride=(1, 1)", "", (3, 5), (2, 3), (1, 1)),
        ("stride=(2, 1)", "", (5, 6), (3, 2), (2, 1)),
        ("stride=(3, 4), longer than the window", "", (6, 9), (2, 3), (3, 4)),
        ("ties where windows overlap", "ties", (4, 6), (2, 3), (1, 2)),
    )
)
