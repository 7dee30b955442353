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

PATIENCE = 0.5  # seconds of work, whatever else the machine does
FEW = 16  # numbers that are seen at a glance


def smallest(
    run: Run, arguments: Arguments, outcome: Outcome, found: Sequence[Cause]
) -> tuple[Arguments, Outcome]:
    """Take away from an example while it is still answered wrongly, and for the same reason."""
    end = time.process_time() + PATIENCE
    best, came = arguments, outcome
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(run, best):
            if time.process_time() > end:
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
    if not found and _seen(run, came):
        return outcome if _seen(run, outcome) else None
    if not run.wrong(outcome, arguments):
        return None
    return outcome if all(c.explains(arguments, outcome) for c in found) else None


def _seen(run: Run, outcome: Outcome) -> bool:
    """Whether something is seen beside the numbers."""
    return bool(outcome.changed or run.watched(outcome, right=True))


def _smaller(run: Run, arguments: Arguments) -> Iterator[Arguments]:
    """Yield examples with something less, those with most of it taken away first."""
    fit = run.task.fit
    for candidate in _cut(run, arguments):
        try:
            left = fit(candidate) if fit else candidate
            yield {n: _packed(v, arguments[n]) for n, v in left.items()}
        except Exception:  # what is left does not fit together
            continue


def _cut(run: Run, arguments: Arguments) -> Iterator[Arguments]:
    """Yield what is left after one move, or after two that have to be made together."""
    optional = [n for n in arguments if n in run.task.optional]
    yield from ({k: v for k, v in arguments.items() if k != n} for n in optional)
    moves = [(n, less) for n, v in arguments.items() for less in _less(v)]
    moves.sort(key=lambda move: np.size(move[1]) - np.size(arguments[move[0]]))
    yield from ({**arguments, name: less} for name, less in moves)
    numbers = sum(v.size for v in arguments.values() if isinstance(v, np.ndarray))
    for (one, less), (other, least) in combinations(moves, 2) if numbers > FEW else ():
        if one != other:
            yield {**arguments, one: less, other: least}


def _less(value: Any) -> Iterator[Any]:
    """Yield smaller arrays, numbers, pairs and lists."""
    if isinstance(value, np.ndarray):
        for axis, n in enumerate(value.shape):
            for count in sorted({n // 2, n - 1} - {0}):
                part = value[(*[slice(None)] * axis, slice(count))]
                yield _packed(part, value)
    elif isinstance(value, int) and not isinstance(value, bool) and value > 1:
        yield from sorted({value // 2, value - 1})
    elif isinstance(value, tuple):
        for k, v in enumerate(value):
            yield from ((*value[:k], less, *value[k + 1 :]) for less in _less(v))
    elif isinstance(value, list) and len(value) > 1:
        yield from (value[:-1], value[1:])
    elif isinstance(value, list):
        yield from ([less] for v in value for less in _less(v))


def _packed(part: Any, whole: Any) -> Any:
    """Leave no gaps in memory between the numbers of a part, where the whole has none."""
    if isinstance(part, np.ndarray) and isinstance(whole, np.ndarray) and _dense(whole):
        return part.copy("K")
    return part


def _dense(array: Any) -> bool:
    """Whether an array fills its memory, forward, in whatever order of axes."""
    low, high = np.lib.array_utils.byte_bounds(array)
    return bool(high - low == array.nbytes and min(array.strides, default=1) > 0)
