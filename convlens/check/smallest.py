"""The smallest example that shows a mistake: fewer rows, columns, channels, shorter steps."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.calling import Outcome
from convlens.check.case import Arguments

if TYPE_CHECKING:
    from convlens.check.causes import Cause
    from convlens.check.run import Run

__all__ = ["smallest"]

PATIENCE = 1.0  # seconds

Axis = tuple[str, int]


def smallest(
    run: Run, arguments: Arguments, outcome: Outcome, found: Sequence[Cause]
) -> tuple[Arguments, Outcome]:
    """Take away from an example while it is still answered wrongly, and for the same reason."""
    end = time.perf_counter() + PATIENCE
    best, came = arguments, outcome
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(run, best):
            if time.perf_counter() > end:
                return best, came
            alike = _wrong_alike(run, candidate, came, found)
            if alike is not None:
                best, came, smaller = candidate, alike, True
                break
    return best, came


def _wrong_alike(
    run: Run, arguments: Arguments, came: Outcome, found: Sequence[Cause]
) -> Outcome | None:
    """Call the function; None where its answer is right, or wrong for another reason."""
    try:
        expected = run.task.right(**arguments)
    except Exception:  # they do not fit together
        return None
    if np.size(expected if not run.task.parts else expected[0]) == 0:
        return None
    outcome = run(arguments)
    if outcome.late or type(outcome.error) is not type(came.error):
        return None
    if not run.wrong(outcome, arguments):
        return None
    return outcome if all(c.explains(arguments, outcome) for c in found) else None


def _smaller(run: Run, arguments: Arguments) -> Iterator[Arguments]:
    """Yield examples with something less, those with most of it taken away first."""
    fit = run.task.fit
    for candidate in _cut(run, arguments):
        try:
            yield fit(candidate) if fit else candidate
        except Exception:  # what is left does not fit together
            continue


def _cut(run: Run, arguments: Arguments) -> Iterator[Arguments]:
    optional = [n for n in arguments if n in run.task.optional]
    yield from ({k: v for k, v in arguments.items() if k != n} for n in optional)
    arrays = {n: v for n, v in arguments.items() if isinstance(v, np.ndarray)}
    axes = [(n, k) for n, v in arrays.items() for k, m in enumerate(v.shape) if m > 1]
    for axis in sorted(axes, key=lambda a: -arrays[a[0]].size):
        yield _without(arguments, [axis])
    for one, other in combinations(axes, 2):
        if one[0] != other[0]:
            yield _without(arguments, [one, other])
    for name, value in arguments.items():
        yield from ({**arguments, name: less} for less in _less(value))


def _without(arguments: Arguments, axes: Sequence[Axis]) -> Arguments:
    """Leave out the last along some axes, and keep the order in memory."""
    cut = dict(arguments)
    for name, axis in axes:
        whole = cut[name]
        part = whole[(*[slice(None)] * axis, slice(-1))]
        cut[name] = part.copy("K") if _dense(whole) else part
    return cut


def _dense(array: Any) -> bool:
    """Whether an array fills its memory, forward, in whatever order of axes."""
    low, high = np.lib.array_utils.byte_bounds(array)
    return bool(high - low == array.nbytes and min(array.strides, default=1) > 0)


def _less(value: Any) -> Iterator[Any]:
    """Yield smaller numbers, pairs and lists."""
    if isinstance(value, bool | str | np.ndarray):
        return
    if isinstance(value, int) and value > 1:
        yield from sorted({value // 2, value - 1})
    elif isinstance(value, tuple):
        for k, v in enumerate(value):
            yield from ((*value[:k], less, *value[k + 1 :]) for less in _less(v))
    elif isinstance(value, list) and len(value) > 1:
        yield from (value[:-1], value[1:])
    elif isinstance(value, list):
        yield from ([less] for v in value for less in _less(v))
