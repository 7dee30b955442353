"""Find what explains wrong answers: a known mistake, a relation, or two of them at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.answers import array_of, same, within_reach
from convlens.check.calling import Outcome, call, quietly
from convlens.check.case import Arguments
from convlens.check.holding import AS_IF, CLEAR, VAGUE, Seen, Words, holding, truth_for_numbers
from convlens.check.slips import Mistake, wrongly

if TYPE_CHECKING:
    from convlens.check.run import Run

__all__ = ["Cause", "causes"]

PATIENCE = 2.0  # seconds for the search among pairs
MORE = 2  # draws beyond those of a case, by which a pair is confirmed


@dataclass(frozen=True)
class Cause:
    """Something that explains an answer.

    Attributes
    ----------
    diagnosis, remedy : str
    explains : callable
        From the arguments of an example and what came of the call to whether it would have come so.
    vague : bool
        Whether it says little: a constant, a factor.
    """

    diagnosis: str
    remedy: str
    explains: Callable[[Arguments, Outcome], bool]
    vague: bool = False


def causes(run: Run, number: int, failed: int = 0) -> list[Cause]:
    """Find what explains every example of case `number`; several where they cannot be told apart.

    A known mistake goes before a relation, one of either before two. `failed` is the first draw
    that was answered wrongly.
    """
    seen = []
    for draw in sorted(range(run.task.draws), key=lambda draw: draw != failed):
        arguments = run.example(run.task.cases[number], draw)
        if arguments is None or (outcome := run(arguments)).late:
            return []
        seen.append(Seen(arguments, outcome))
    known = [cause for cause in _known(run) if all(cause.explains(*s) for s in seen)]
    if known:
        return _told_apart(run, number, known)
    if run.watched(seen[0].outcome, right=False) or truth_for_numbers(run, seen[0]):
        return []  # it is told as seen
    if exchanged := _exchanged(run, seen):
        return [exchanged]
    if related := _relations(run, seen):
        return related
    pairs = [cause for cause in _pairs(run, seen) if all(cause.explains(*s) for s in seen)]
    left = _told_apart(run, number, pairs)
    # Of two pairs one at least is wrong, and a single one may fit so few examples by chance.
    return left if len(left) == 1 and _again(run, number, left[0]) else []


def _again(run: Run, number: int, cause: Cause) -> bool:
    """Whether it explains some more draws of the case."""
    more = (run.example(run.task.cases[number], run.task.draws + k) for k in range(MORE))
    return all(cause.explains(a, run(a)) for a in more if a is not None)


def _told_apart(run: Run, number: int, found: list[Cause]) -> list[Cause]:
    """Tell those apart that give the same answers, by the cases that follow."""
    for case in run.task.cases[number + 1 :]:
        if len(found) < 2:
            break
        arguments = run.example(case, 0)
        if arguments is not None:
            outcome = run(arguments)
            found = [c for c in found if c.explains(arguments, outcome)] or found
    return found


def _exchanged(run: Run, seen: Sequence[Seen]) -> Cause | None:
    """Whether the function is right when its arguments are passed in another order."""
    names = run.task.required
    for order in list(permutations(names))[1:] if len(names) < 4 else ():
        if all(_right_in_order(run, order, *s) for s in seen):
            said = f"your parameters stand in another order: it is called with ({', '.join(names)})"
            remedy = "Name them in this order in the line with def."
            return Cause(said, remedy, partial(_right_in_order, run, order))
    return None


def _right_in_order(run: Run, order: Sequence[str], arguments: Arguments, _: Outcome) -> bool:
    keywords = run.passed(arguments)[1]
    positional = {name: arguments[name] for name in order}
    outcome = call(run.function, positional, keywords, run.seconds, run.out)
    return outcome.returned and run.wrong(outcome, arguments) is None


def _known(run: Run) -> Iterator[Cause]:
    """The mistakes of the task, as they are listed."""
    for m in run.task.mistakes:
        if m.shows is None:
            yield _repeating(run, (m,), m.diagnosis, m.remedy)


def _repeating(run: Run, mistakes: Sequence[Mistake], diagnosis: str, remedy: str) -> Cause:
    """Explain an answer by a function that has these mistakes."""
    wrong = wrongly(*mistakes)

    def explains(arguments: Arguments, outcome: Outcome) -> bool:
        repeated = quietly(wrong, *run.passed(arguments))
        if outcome.raised or repeated.raised:
            return outcome.raised is not None and outcome.raised == repeated.raised
        return same(outcome.value, repeated.value, run.task.parts)

    return Cause(diagnosis, remedy, explains)


def _relations(run: Run, seen: Sequence[Seen], of: Mistake | None = None) -> list[Cause]:
    """What holds on every example between the answer and the right one, or that of a mistake."""
    if not all(s.outcome.returned for s in seen):
        return []
    for kind in (CLEAR, AS_IF, VAGUE) if of is None else (CLEAR,):
        held = [w for w, true in holding(run, seen[0], kind, of).items() if true]
        # What a type loses is only bounded, which holds of two mistakes by chance.
        held = [w for w in held if of is None or not w[0].startswith("your answer is of type")]
        for s in seen[1:] if held else ():
            by_luck, holds = _by_luck(run, s, kind), holding(run, s, kind, of)
            held = [w for w in held if holds.get(w, by_luck)]
        if held:
            return [_relation(run, words, kind, of) for words in held[: 2 if kind == AS_IF else 1]]
    return []


def _by_luck(run: Run, seen: Seen, kind: str) -> bool:
    """Whether an example that is right all the same has no say, but where it contradicts."""
    return kind != VAGUE and run.wrong(seen.outcome, seen.arguments) is None


def _relation(run: Run, words: Words, kind: str, of: Mistake | None) -> Cause:
    def explains(arguments: Arguments, outcome: Outcome) -> bool:
        seen = Seen(arguments, outcome)
        if not outcome.returned:
            return False
        return holding(run, seen, kind, of).get(words, _by_luck(run, seen, kind))

    said, remedy = words
    if of is not None:
        said, remedy = f"{of.diagnosis}; and besides that, {said}", f"{of.remedy} {remedy}"
    return Cause(said, remedy, explains, kind == VAGUE)


def _pairs(run: Run, seen: Sequence[Seen]) -> Iterator[Cause]:
    """Two mistakes at once, or a mistake and a relation: only of those that show in the example."""
    end, first = time.process_time() + PATIENCE, seen[0]
    if not first.outcome.raised and not _tells(first.outcome.value):
        return
    shown = [m for m in run.task.mistakes if m.shows is None and _takes_effect(run, m, first)]
    found = []
    for a, b in combinations(shown, 2):
        if time.process_time() > end:
            return
        if a.composes(b):
            both = _repeating(
                run, (a, b), f"{a.diagnosis}; and {b.diagnosis}", f"{a.remedy} {b.remedy}"
            )
            if both.explains(*first):
                found.append(both)
    yield from found
    if found:
        return
    for m in shown:
        if time.process_time() > end:
            return
        yield from _relations(run, seen, m)


def _tells(value: Any) -> bool:
    """Whether an answer says much: what is 0 everywhere, or 0 and 1, follows from anything."""
    read = array_of(value) if within_reach(value) else None
    return (
        read is not None and read.dtype.kind != "b" and (read.size < 3 or np.unique(read).size > 2)
    )


def _takes_effect(run: Run, m: Mistake, seen: Seen) -> bool:
    wrong, right = (quietly(f, *run.passed(seen.arguments)) for f in (m.wrong, run.task.right))
    return wrong.returned and not same(wrong.value, right.value, run.task.parts)
