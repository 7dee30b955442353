"""Check arithmetic with byte strides: where an element lies, and how far a view reaches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.byte_offset import byte_offset as offset_mistakes
from convlens.check.mistakes.byte_span import byte_span as span_mistakes
from convlens.check.mistakes.is_safe import is_safe as safety_mistakes
from convlens.check.orders import ORDERS
from convlens.check.report import Report
from convlens.check.task import Task
from convlib import strided

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["byte_offset", "byte_span", "is_safe"]


def byte_offset(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that finds an element of an array by its byte strides.

    Parameters
    ----------
    function : callable
        Takes an array and an index, a tuple with an int for each axis. Returns an int: how many
        bytes after the first element the one at the index begins, negative where it lies before.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> byte_offset(lambda array, index: np.ravel_multi_index(index, array.shape)).diagnosis
    'elements are counted, not bytes'
    """
    cases = [Case(what, partial(_find, what)) for what in ARRAYS]
    task = Task(
        _byte_offset,
        cases,
        offset_mistakes,
        draws=len(ARRAYS) + 1,
        then="ask it for an element of x[::-1].T.",
    )
    return examine(task, function, **asked)


def byte_span(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that works out the lowest and the highest byte that an array can touch.

    Parameters
    ----------
    function : callable
        Takes the shape, the byte strides and the bytes of one number. Returns a tuple of two ints,
        counted from the first element: the lowest byte, and one past the highest.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def span(shape, strides, itemsize):
    ...     return 0, sum((n - 1) * jump for n, jump in zip(shape, strides)) + itemsize
    >>> report = byte_span(span)
    >>> print(report.verdict, report.diagnosis, sep="; ")
    not yet: a reversed row; only the highest byte is looked for: the lowest is taken to be 0
    """
    cases = [Case(what, partial(_span, what)) for what in RULES]
    parts = ("low", "high")
    task = Task(
        strided.byte_span,
        cases,
        span_mistakes,
        parts=parts,
        draws=len(RULES) + 1,
        then="which views of an image have a low end below zero?",
    )
    return examine(task, function, **asked)


def is_safe(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that proves whether a view would stay inside the memory of an array.

    Parameters
    ----------
    function : callable
        Takes an array, and the shape and the byte strides of a view that begins at its first
        element. Returns True where every byte of the view lies within those that the array spans.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> is_safe(lambda array, shape, strides: np.prod(shape) <= array.size).diagnosis
    'numbers are counted: a view may show more of them than exist, and lie inside'
    """
    cases = [Case(what, partial(_view, what)) for what in VIEWS]
    task = Task(
        _is_safe,
        cases,
        safety_mistakes,
        draws=len(VIEWS) + 1,
        then="put it before as_strided: refuse what is not safe.",
    )
    return examine(task, function, **asked)


def _byte_offset(array: NDArray[Any], index: tuple[int, ...]) -> int:
    return sum(k * jump for k, jump in zip(index, array.strides, strict=True))


def _is_safe(array: NDArray[Any], shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    low, high = strided.byte_span(shape, strides, array.itemsize)
    first, last = strided.byte_span(array.shape, array.strides, array.itemsize)
    return first <= low and high <= last


#: Number of axes, type, and what is done to an array in C order.
ARRAYS: dict[str, tuple[int, str, Callable[[Any], Any]]] = {
    "a row of numbers": (1, "float32", np.asarray),
    "an image": (2, "float32", np.asarray),
    "numbers of 8 bytes": (2, "float64", np.asarray),
    "an image with channels": (3, "float32", np.asarray),
    "an image in Fortran order": (2, "float32", ORDERS["Fortran"]),
    "an image cut out of a larger one": (2, "float32", ORDERS["sliced"]),
    "a reversed image": (2, "float32", ORDERS["reversed"]),
    "an image turned upside down": (2, "float32", ORDERS["upside down"]),
    "one row, broadcast": (2, "float32", ORDERS["broadcast"]),
}

RULES: dict[str, tuple[int, str, Callable[[Any], Any]]] = {
    **{what: ARRAYS[what] for what in list(ARRAYS)[:6]},
    "a reversed row": (1, "float32", lambda x: x[::-1]),
    "reversed rows and columns": (2, "float32", lambda x: x[::-1, ::-1]),
    "an image turned upside down": (2, "float64", lambda x: x[::-1]),
    "one row, broadcast": ARRAYS["one row, broadcast"],
    "all windows of an image": (2, "float32", lambda x: strided.windows(x, (2, 2))),
    "a single row, whose byte stride is never used": (
        2,
        "float32",
        lambda x: as_strided(x[:1], strides=(10**9, x.strides[1]), writeable=False),
    ),
}


def _own(x: Any) -> tuple[Any, ...]:
    """An array and its own rule."""
    return x, x.shape, x.strides


def _windows(x: Any, more: int = 0) -> tuple[Any, ...]:
    """An array and the rule of its windows, with some rows of windows too many."""
    view = strided.windows(x, (2, 2))
    return x, (view.shape[0] + more, *view.shape[1:]), view.strides


#: From an array in C order to the one that is asked about, and to the view.
VIEWS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "a view of all of it": _own,
    "one number too many": lambda x: (x, (x.size + 1,), (x.itemsize,)),
    "all windows of an image": _windows,
    "a row of windows too many": lambda x: _windows(x, 1),
    "the number before the first": lambda x: (x, (2,), (-x.itemsize,)),
    "jumps backward and forward at once": lambda x: (
        x,
        (2, len(x)),
        (-x.strides[0], x.strides[0]),
    ),
    "outside at both ends": lambda x: (x, (2, len(x) + 1), (-x.strides[0], x.strides[0])),
    "a last number that is half outside": lambda x: (x, (2,), (x.nbytes - x.itemsize // 2,)),
    "a reversed image, by its own byte strides": lambda x: _own(ORDERS["upside down"](x)),
    "a reversed image, walked forward": lambda x: (x[::-1], x.shape, x.strides),
    "two numbers in the middle of a reversed image": lambda x: (x[::-1], (2,), (x.itemsize,)),
    "a Fortran order, walked in C order": lambda x: (ORDERS["Fortran"](x), x.shape, x.strides),
    "windows of an image cut out of a larger one": lambda x: _windows(ORDERS["sliced"](x)),
    "one row, broadcast, walked like an image": lambda x: (
        ORDERS["broadcast"](x),
        x.shape,
        x.strides,
    ),
    "a single row, whose byte stride is never used": lambda x: (x, (1, 2), (10**9, x.itemsize)),
}


def _generator(what: str, number: int, among: Any) -> tuple[np.random.Generator, str]:
    """Seed a draw and name its kind: the first is of its own, the later ones take turns."""
    rng = np.random.default_rng([number, *(what.encode() if number == 0 else ())])
    return rng, list(among)[number % len(among)] if number else what


def _array(rng: np.random.Generator, axes: int, dtype: str) -> NDArray[Any]:
    """Draw an array in C order with unequal sizes and numbers that are all different."""
    shape = rng.permutation([3, 4, 5, 6])[:axes]
    return rng.permutation(np.prod(shape)).reshape(shape).astype(dtype)


def _find(what: str, number: int) -> Arguments:
    rng, kind = _generator(what, number, ARRAYS)
    axes, dtype, change = ARRAYS[kind]
    array = change(_array(rng, axes, dtype))
    return {"array": array, "index": tuple(int(rng.integers(1, n)) for n in array.shape)}


def _span(what: str, number: int) -> Arguments:
    rng, kind = _generator(what, number, RULES)
    axes, dtype, change = RULES[kind]
    array = change(_array(rng, axes, dtype))
    return {"shape": array.shape, "strides": array.strides, "itemsize": array.itemsize}


def _view(what: str, number: int) -> Arguments:
    rng, kind = _generator(what, number, VIEWS)
    array, shape, strides = VIEWS[kind](_array(rng, 2, "float32"))
    return {"array": array, "shape": shape, "strides": strides}
