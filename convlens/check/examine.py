"""Run a reader's function on the cases of a task, and say what is probably wrong with it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from convlens.check.answers import complaint, kind, same
from convlens.check.calling import Outcome, call, code_of
from convlens.check.example import Example
from convlens.check.report import Report
from convlens.check.task import Arguments, Case, Mistake, Signature, Task

__all__ = ["examine"]


def examine(task: Task, function: Any, seconds: float = 5.0) -> Report:
    """Check `function` on every case of `task` that it takes, up to the first that fails.

    Parameters
    ----------
    task : Task
    function : callable
    seconds : float
        The time limit of one call.

    Returns
    -------
    Report
        Nothing is raised, whatever the function does.
    """
    name = _name(function)
    if not callable(function):
        wrong = f"given is {kind(function)}; pass the function itself, without parentheses"
        return Report(name, "not a function", wrong=wrong)
    run = Run(task, function, seconds)
    if run.signature.problem:
        return Report(name, "it cannot be called", wrong=run.signature.problem)
    return _judge(run, name)


def _judge(run: Run, name: str) -> Report:
    """Go through the cases."""
    tried: list[Case] = []
    for k, case in enumerate(run.task.cases):
        arguments = case.make(0)
        if run.signature.missing(arguments):
            continue
        outcome = run(arguments)
        if outcome.error and run.signature.may_refuse(arguments):
            continue
        if not tried and outcome.returned and outcome.value is None and _empty(run.function):
            return Report(name, "nothing written yet")
        expected = run.task.right(**arguments)
        wrong = complaint(outcome, expected, run.task.parts, run.seconds)
        explained = run.diagnose(k) if wrong and not outcome.late else []
        found = explained or run.watched(outcome, right=not wrong)
        if wrong or found:
            passed = run.shown(arguments)
            example = Example(passed, expected, outcome.value, run.task.parts, run.task.required)
            diagnosis, remedy = _said(found)
            return Report(
                name,
                f"not yet: {case.title}",
                wrong=wrong or _beside(outcome),
                diagnosis=diagnosis,
                remedy=remedy,
                tried=_listed(tried, case),
                example=example,
                sure=not explained,
            )
        tried.append(case)
    if not tried:
        return Report(name, "nothing could be tried", wrong="it takes none of the examples")
    return Report(name, "right", tried=_listed(tried), untried=run.signature.lacking, ok=True)


def _name(function: Any) -> str:
    """Name what the reader gave, where it has a name by which it can be called."""
    try:
        name, known = str(function.__name__), not inspect.ismethod(function)
    except Exception:  # an object that can be called, or one that answers as it likes
        name, known = type(function).__name__, False
    return name if known and name.isidentifier() else f"your {name.strip('<>')}"


def _empty(function: Callable[..., Any]) -> bool:
    """Whether no name is read in a function, and no variable set."""
    code = code_of(function)
    if code is None:
        return True
    names, *others = inspect.getargs(code)
    count = len(names) + sum(other is not None for other in others)
    return not code.co_names and bool(code.co_nlocals == count)


def _beside(outcome: Outcome) -> str:
    """Say what is not right beside the right numbers."""
    changed = " and ".join(outcome.changed)
    verb = "are" if len(outcome.changed) > 1 else "is"
    if changed:
        return f"the numbers are right, but {changed} {verb} no longer as before"
    return "the numbers are right, but something else is not"


def _listed(tried: Sequence[Case], failed: Case | None = None) -> tuple[str, ...]:
    """Name each kind of example once, in order; in full where the one that failed is its twin."""
    titles = (c.title if failed and c.what == failed.what else c.what for c in tried)
    return tuple(dict.fromkeys(titles))


class Run:
    """A reader's function, ready to be called as the task calls it."""

    def __init__(self, task: Task, function: Callable[..., Any], seconds: float) -> None:
        self.task, self.function, self.seconds = task, function, seconds
        self.signature = Signature(function, task)

    def __call__(self, arguments: Arguments) -> Outcome:
        """Call the function with those arguments that it takes."""
        positional = {name: arguments[name] for name in self.task.required}
        keywords = self.signature.keywords(arguments)
        return call(self.function, positional, keywords, self.seconds)

    def shown(self, arguments: Arguments) -> Arguments:
        """List the arguments of the call, in order."""
        positional = {name: arguments[name] for name in self.task.required}
        return {**positional, **self.signature.keywords(arguments)}

    def watched(self, outcome: Outcome, right: bool) -> list[Mistake]:
        """Find the mistakes that are seen in how the function behaved, whatever it returned."""
        if not outcome.returned:
            return []
        asked = [m for m in self.task.mistakes if right or m.explains]
        return [m for m in asked if m.shows is not None and m.shows(outcome)]

    def diagnose(self, number: int) -> list[Mistake]:
        """Find the mistakes that explain the answers to case `number`.

        Those that give the same answers are told apart by the cases that follow.
        """
        known = [m for m in self.task.mistakes if m.shows is None]
        draws = [self.task.cases[number].make(draw) for draw in range(self.task.draws)]
        found = self._explaining(known, draws)
        for case in self.task.cases[number + 1 :]:
            if len(found) < 2:
                break
            if not self.signature.missing(case.make(0)):
                found = self._explaining(found, [case.make(0)]) or found
        return found

    def _explaining(self, known: Sequence[Mistake], draws: Sequence[Arguments]) -> list[Mistake]:
        """Keep the mistakes that answer as the function does, or raise what it raises."""
        found = list(known)
        for arguments in draws:
            outcome = self(arguments) if found else Outcome()
            found = [m for m in found if self._repeats(m, arguments, outcome)]
        return found

    def _repeats(self, known: Mistake, arguments: Arguments, outcome: Outcome) -> bool:
        if outcome.late:
            return False
        positional = {name: arguments[name] for name in self.task.required}
        keywords = self.signature.keywords(arguments)
        repeated = call(known.wrong, positional, keywords, self.seconds)
        if outcome.raised or not repeated.returned:
            return outcome.raised is not None and outcome.raised == repeated.raised
        return same(outcome.value, repeated.value, self.task.parts)


def _said(found: Sequence[Mistake]) -> tuple[str | None, str | None]:
    """Name the mistake; where several remain, all of them."""
    if not found:
        return None, None
    each = list(dict.fromkeys((m.diagnosis, m.remedy) for m in found))
    return "; or ".join(d for d, _ in each), " ".join(r for _, r in each)
