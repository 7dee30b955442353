"""Say of every relation whether it holds between a reader's answer and the right one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlens.check.answers import array_of, read_parts, same, within_reach
from convlens.check.as_if import as_if
from convlens.check.calling import Outcome, quietly
from convlens.check.case import Arguments
from convlens.check.relations import related
from convlens.check.slips import Mistake, wrongly
from convlens.check.task import Task

if TYPE_CHECKING:
    from convlens.check.run import Run

__all__ = ["AS_IF", "CLEAR", "VAGUE", "Seen", "Words", "holding", "truth_for_numbers"]

#: A diagnosis and a remedy.
Words = tuple[str, str]

#: Kinds of relations, in the order in which they are told.
CLEAR, AS_IF, VAGUE = "of the answer", "of the arguments", "a constant"


class Seen(NamedTuple):
    """An example of the case that failed, with what the function made of it."""

    arguments: Arguments
    outcome: Outcome


def holding(run: Run, seen: Seen, kind: str, of: Mistake | None) -> dict[Words, bool]:
    """Say of every relation of a kind whether it holds in one example, in the order of telling."""
    task, arguments, outcome = run.task, seen.arguments, seen.outcome
    right = quietly(wrongly(of) if of else task.right, *run.passed(arguments))
    held: dict[Words, bool] = {}
    if right.raised:
        return held
    with np.errstate(all="ignore"):
        if kind == AS_IF:
            _tell(held, _as_if(run, arguments, outcome.value))
        else:
            vague = kind == VAGUE
            _tell(held, _between(task, right.value, outcome.value, arguments, vague=vague))
    return held


def _tell(held: dict[Words, bool], found: Iterable[tuple[Words, bool]]) -> None:
    for words, true in found:
        held[words] = held.get(words, False) or true


def _as_if(run: Run, arguments: Arguments, got: Any) -> Iterator[tuple[Words, bool]]:
    """Say with which other arguments the right function would answer so."""
    for said, remedy, changed in as_if(arguments, run.task.optional):
        answer = quietly(run.task.right, *run.passed(changed))
        yield (said, remedy), answer.returned and same(got, answer.value, run.task.parts)
    if arguments.get("bias") is not None:
        yield MISPLACED, _misplaced(run, arguments, got)


MISPLACED = (
    "the sums are right, but the bias is not added where it belongs",
    "Each filter has a number of its own, which is added once to all of its outputs.",
)


def _misplaced(run: Run, arguments: Arguments, got: Any) -> bool:
    """Whether all that is left without the bias are numbers of the bias, or 0."""
    right = {n: v for n, v in arguments.items() if n != "bias"}
    bare = quietly(run.task.right, *run.passed(right)).value
    if np.shape(got) != np.shape(bare):
        return False
    return bool(
        np.isin(np.round(np.subtract(got, bare), 6), [0, *np.ravel(arguments["bias"])]).all()
    )


def _between(
    task: Task, right: Any, got: Any, given: Arguments, *, vague: bool
) -> Iterator[tuple[Words, bool]]:
    """Yield the relations of an answer to another, or of those parts of it that are wrong."""
    if not within_reach(got):
        return
    if not task.parts:
        if array_of(got) is not None and array_of(right) is not None:
            yield from ((r[:2], same(got, r[2])) for r in related(right, got, given, vague))
        return
    gots, rights = read_parts(got, task.parts), read_parts(right, task.parts)
    if gots is None or rights is None:
        yield from _some_parts(task, right, got)
        return
    if all(np.ndim(part) == 0 for part in rights):
        pair = related(np.array(rights), np.array(gots), {}, vague)
        yield from ((r[:2], same(gots, r[2])) for r in pair)
    wrong = [k for k, (g, e) in enumerate(zip(gots, rights, strict=True)) if not same(g, e)]
    names = " and ".join(task.parts[k] for k in wrong)
    each = [
        {r[:2]: same(gots[k], r[2]) for r in related(rights[k], gots[k], given, vague)}
        for k in wrong
    ]
    for said, remedy in each[0] if each else ():
        true = all(of.get((said, remedy), False) for of in each)
        yield (f"{names}: {said}", remedy), true


def _some_parts(task: Task, right: Any, got: Any) -> Iterator[tuple[Words, bool]]:
    """Only some of several answers are returned."""
    remedy = f"Return all: ({', '.join(task.parts)})."
    for name, part in zip(task.parts, right, strict=True):
        yield (f"only {name} is returned", remedy), same(got, part)
    if isinstance(got, tuple | list):
        for chosen in combinations(range(len(task.parts)), len(got)):
            names = " and ".join(task.parts[k] for k in chosen)
            true = all(same(g, right[k]) for g, k in zip(got, chosen, strict=True))
            verb = "are" if len(chosen) > 1 else "is"
            yield (f"only {names} {verb} returned", remedy), true


def truth_for_numbers(run: Run, seen: Seen) -> bool:
    """Whether an answer is True or False where numbers are wanted."""
    value = seen.outcome.value
    read = array_of(value) if within_reach(value) else None
    right = array_of(run.task.right(**seen.arguments))
    return read is not None and right is not None and read.dtype.kind == "b" != right.dtype.kind
