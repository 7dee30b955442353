"""What is told of a wrong answer: what explains it, what was seen, or what the case tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from convlens.check.answers import same
from convlens.check.case import Case
from convlens.check.causes import Cause
from convlens.check.explain import explained
from convlens.check.holding import Seen, Words, truth_for_numbers
from convlens.check.slips import Mistake

if TYPE_CHECKING:
    from convlens.check.run import Run

__all__ = ["told"]

WIDEN = "Widen before you add or multiply: x.astype(float), or np.int64."

#: What is tried, and what it means where only that is wrong.
KINDS = (
    (
        "uint8|bytes",
        "all is right but for uint8: a sum, a difference or a product leaves its 8 bits, and wraps",
        WIDEN,
    ),
    (
        "pass 32 bits",
        "all is right but for large numbers: a type of integers is too small for them",
        WIDEN,
    ),
    (
        "fractions",
        "all is right but for fractions: something is kept in integers",
        "Look for dtype=int, //, and zeros_like of an array of integers.",
    ),
    (
        "below zero|negative",
        "all is right but for numbers below zero",
        "Look for abs, a maximum that begins at 0, and unsigned types.",
    ),
    (
        "Fortran|cut out|revers|upside|broadcast",
        "all is right but for arrays that do not lie row by row in memory",
        "Read x.strides, or index by rows and columns; np.ascontiguousarray(x) copies.",
    ),
)


CHANGED = (
    "your function changes what it was given",
    "Work on a copy, or make a new array: the caller still needs the old one.",
)
NOTHING = (
    "the function comes to its end without returning anything, and so gives None",
    "End it with return and the answer.",
)
TRUTH = (
    "your answer is True or False, where numbers are wanted",
    "A comparison gives True or False: return the numbers themselves.",
)
UNSTEADY = (
    "the same call gives two different answers",
    "Look for random numbers, for something kept outside, and for a default that is changed.",
)


def told(
    run: Run, case: Case, seen: Seen, found: list[Cause], tried: Sequence[Case]
) -> tuple[list[Cause], list[Words]]:
    """Choose what is told: causes, if they say much, and all diagnoses with their remedies."""
    outcome = seen.outcome
    if found and not all(cause.vague for cause in found):
        return found, _words(found)
    wrong = run.wrong(outcome, seen.arguments)
    watched = _words(run.watched(outcome, right=not wrong))
    if watched or not outcome.returned:
        error = outcome.error and explained(outcome.error, run.function)
        return [], watched or ([error] if error else [])
    if outcome.value is None:
        return [], [NOTHING]
    if truth_for_numbers(run, seen):
        return [], [TRUTH]
    if wrong and _unsteady(run, seen):
        return [], [UNSTEADY]
    if not wrong:
        return [], [CHANGED] if outcome.changed else []
    by_case = _by_case(case, tried)
    return ([], by_case) if by_case else (found, _words(found))


def _words(found: Sequence[Cause | Mistake]) -> list[Words]:
    return list(dict.fromkeys((one.diagnosis, one.remedy) for one in found))


def _unsteady(run: Run, seen: Seen) -> bool:
    """Whether the function answers otherwise when it is asked again."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002 (every call begins with the same one, but for this)
    again = run(seen.arguments)
    np.random.set_state(state)  # noqa: NPY002
    value, other = seen.outcome.value, again.value
    steady = same(value, other, run.task.parts) or not same(value, value, run.task.parts)
    return again.returned and not steady


def _by_case(case: Case, tried: Sequence[Case]) -> list[Words]:
    """Say what is new in a case, where others were right; nothing in the first."""
    if not tried:
        return []
    for pattern, diagnosis, remedy in KINDS:
        if re.search(pattern, case.what):
            return [(diagnosis, remedy)]
    before, now = ({n for c in some for n in c.make(0)} for some in (tried, [case]))
    names = " and ".join(sorted(now - before))
    if not names:
        new = f"all is right so far, and wrong with {case.what}"
        return [(new, "What is new in it? Follow one number.")] if "=" in case.what else []
    them = "them" if " and " in names else "it"
    remedy = f"Where does {names} enter? Look at the sizes, and at each index."
    return [(f"all is right without {names}, and wrong with {them}", remedy)]
