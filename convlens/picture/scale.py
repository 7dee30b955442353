"""From values to colours: one scale for all that shows the same quantity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.palette import PALE, cividis, grain, gray, signed, steady

__all__ = ["Scale", "finite_range", "painter", "reals"]


@dataclass(frozen=True)
class Scale:
    """From a value to its colour, between two ends; values are rounded to multiples of `step`."""

    colour: Callable[[float], str]
    low: float
    high: float
    step: float

    def __call__(self, value: Any) -> str:
        """Colour a value."""
        return self.colour(float(steady(reals(value), self.step)))


def painter(a: Any, kind: str = "values", limits: Any = None) -> Scale:
    """Choose one colour scale for all of `a`, or for what lies between `limits`.

    `kind` is "values" (gray, or as "signed" where something is negative), "signed" (purple and
    green around 0), "counts" (cividis) or "plain" (no colour). Complex numbers are coloured by
    their size.
    """
    if kind == "plain":
        return Scale(lambda value: PALE, 0.0, 0.0, 0.0)
    a = np.ma.compressed(np.ma.asarray(a))  # masked cells hold whatever was there
    ends = reals(a if limits is None else limits)
    step = grain(reals(a), ends)
    ends = steady(ends, step)
    low, high = finite_range(ends)
    if kind == "signed" or (kind == "values" and bool((ends < 0).any())):
        limit = max(-low, high)
        return Scale(lambda value: signed(value, limit), -limit, limit, step)
    colour = cividis if kind == "counts" else gray
    return Scale(lambda value: colour(value, low, high), low, high, step)


def reals(a: Any) -> Any:
    """Real numbers to colour by: of complex ones the size."""
    values = np.ma.getdata(a)
    return np.abs(values) if np.iscomplexobj(values) else values


def finite_range(a: Any) -> tuple[float, float]:
    """Smallest and largest number that is neither infinite nor NaN.

    >>> finite_range([np.nan, 2.0, np.inf])
    (2.0, 2.0)
    """
    with np.errstate(over="ignore"):  # long doubles may be as good as infinite
        values = np.asarray(reals(np.ma.compressed(np.ma.asarray(a)))).astype(float)
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
