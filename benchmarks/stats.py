"""The few statistics that the benchmark needs."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["best", "exponent", "geometric_mean", "quartiles", "ratio"]


def geometric_mean(values: Iterable[float]) -> float:
    """Average ratios: 2 and 1/2 make 1.

    >>> geometric_mean([2, 0.5])
    1.0
    """
    return math.exp(statistics.fmean(math.log(value) for value in values))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile, of the values as all there are.

    >>> quartiles([4, 1, 2, 3, 5])
    (2.0, 3.0, 4.0)
    """
    if len(values) == 1:
        return (float(values[0]),) * 3
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return float(low), float(middle), float(high)


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Fit seconds = a * size**p by least squares of the logarithms; return p.

    >>> round(exponent([1, 2, 4], [3, 12, 48]), 6)
    2.0
    """
    x, y = [math.log(s) for s in sizes], [math.log(s) for s in seconds]
    return statistics.linear_regression(x, y).slope


def best(samples: dict[str, list[float]], names: Iterable[str]) -> str | None:
    """Name the fastest of these contestants by its median; None where none of them ran."""
    there = [name for name in names if name in samples]
    return min(there, key=lambda name: statistics.median(samples[name])) if there else None


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Quartiles of theirs / ours, round by round: a slow moment of the machine slows both.

    >>> ratio([1, 2, 1], [2, 4, 2])
    (2.0, 2.0, 2.0)
    """
    return quartiles([other / one for one, other in zip(ours, theirs, strict=True)])
