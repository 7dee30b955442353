"""Other numbers for every task, so that no answer is right by luck.

Small whole numbers hide much: an integer type that cuts fractions off, one that overflows, a lost
sign. So the plainest case of a task is tried again with fractions in each array by itself, with
signs, and with numbers whose sums pass 32 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

import numpy as np

from convlens.check.case import Arguments, Case

__all__ = ["of_other_numbers"]

SIGNED = ("w", "grad", "row")  # what is no photograph
LARGE = 40_009  # products of two small numbers, times its square, pass 2**32


def of_other_numbers(case: Case, exact: Collection[str] = ()) -> Iterator[Case]:
    """Yield `case` with other numbers in its arrays, but for those that are `exact` (indices)."""
    names = [n for n, v in case.make(0).items() if _changes(v) and n not in exact]
    if not names:
        return
    for name in names:
        yield _changed(case, f"fractions in {name}", partial(_fractions, name))
    for name in names:
        if name not in SIGNED:
            yield _changed(case, f"uint8 in {name}, whose sums pass 255", partial(_bytes, name))
    yield _changed(case, "numbers below zero", partial(_signed, names))
    yield _changed(case, "sums that pass 32 bits", partial(_large, names))


def _changes(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.dtype.kind == "i"


def _changed(case: Case, what: str, change: Callable[[Arguments], Arguments]) -> Case:
    return Case(what, lambda number: change(case.make(number)), case.on)


def _fractions(name: str, arguments: Arguments) -> Arguments:
    """Whole numbers and a fraction that no type of integers holds, nor a rounding leaves."""
    return {**arguments, name: arguments[name] + np.where(arguments[name] % 2, 0.375, -0.25)}


def _bytes(name: str, arguments: Arguments) -> Arguments:
    return {**arguments, name: (np.abs(arguments[name]) % 10 + 246).astype(np.uint8)}


def _signed(names: Collection[str], arguments: Arguments) -> Arguments:
    """Take so much away that about half of the numbers are negative."""
    return {n: v - int(np.median(v)) - 1 if n in names else v for n, v in arguments.items()}


def _large(names: Collection[str], arguments: Arguments) -> Arguments:
    return {n: v.astype(np.int64) * LARGE if n in names else v for n, v in arguments.items()}
