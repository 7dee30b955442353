"""Run a reader's function on the cases of a task, and say what is probably wrong with it."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Sequence
from typing import Any, Unpack

from convlens.check.answers import kind
from convlens.check.calling import Outcome, code_of
from convlens.check.case import Arguments, Case
from convlens.check.causes import causes
from convlens.check.constraints import Asked, refused, unknown
from convlens.check.example import Example
from convlens.check.holding import Seen
from convlens.check.parts import where_right
from convlens.check.printed import Few
from convlens.check.report import Report
from convlens.check.run import Run, shared
from convlens.check.smallest import smallest
from convlens.check.task import Task
from convlens.check.told import told

__all__ = ["examine"]

SECONDS = 5.0
TWICE = 2  # examples of each case: what is right on one by luck is not on a larger one

#: The last report on a wrong function, by task and name: to be read again beside the right one.
EARLIER: dict[tuple[str, str], Report] = {}


#: Where a function prints to, and the end of its time: what several runs of one check share.
Both = tuple[Few, float]


def begun(asked: Asked) -> Both:
    """Begin a check: refuse what cannot be asked for, and start the clock."""
    unknown(asked)
    return shared(asked.get("seconds", SECONDS))


def examine(task: Task, function: Any, both: Both | None = None, **asked: Unpack[Asked]) -> Report:
    """Check `function` on every case of `task` that it takes, up to the first that fails.

    Parameters
    ----------
    task : Task
    function : callable
    both : tuple, optional
        What `begun` gives, where the function was run before.
    **asked
        Constraints and a time limit: see `Asked`.

    Returns
    -------
    Report
        Nothing is raised, whatever the function does. What cannot be stopped is one long call into
        C, which is told when it ends, and `os._exit`.
    """
    both = both or begun(asked)
    name = _name(function)
    if not callable(function):
        wrong = f"given is {kind(function)}; pass the function itself, without parentheses"
        return Report(name, "not a function", wrong=wrong)
    run = Run(task, function, asked.get("seconds", SECONDS), *both)
    if run.signature.problem:
        return Report(name, "it cannot be called", wrong=run.signature.problem)
    try:
        return _with_the_earlier(task, _judge(run, name, asked))
    finally:
        run.out.close()


def _with_the_earlier(task: Task, report: Report) -> Report:
    """Keep a report on a wrong function, and give the last one back with that on a right one."""
    key = task.right.__qualname__, report.name
    if report.ok:
        return report.after(EARLIER.get(key))
    if report.example is not None and report.name.isidentifier():  # lambdas have no name
        EARLIER[key] = report
    return report


def _judge(run: Run, name: str, asked: Asked) -> Report:
    """Go through the cases."""
    tried: list[Case] = []
    for number, case in enumerate(run.task.cases):
        for draw in range(TWICE):
            arguments = run.example(case, draw)
            outcome = None if arguments is None else run(arguments)
            # Asked again: what takes **anything may have said now what it does not take.
            if arguments is None or outcome is None or run.signature.missing(arguments):
                break
            if outcome.error and run.signature.may_refuse(arguments):
                break
            if not tried and _unwritten(run, outcome):
                return Report(name, "nothing written yet")
            wrong = run.wrong(outcome, arguments)
            if wrong or outcome.changed or run.watched(outcome, right=True):
                return _report(run, name, (number, draw), outcome, wrong, tried)
        else:
            tried.append(case)
    if not tried:
        return Report(name, "nothing could be tried", wrong="it takes none of the examples")
    if broken := refused(run, asked):
        return Report(
            name,
            "right, but not as asked",
            wrong=broken[0],
            diagnosis=broken[0],
            remedy=broken[1],
            tried=_listed(tried),
            sure=True,
        )
    rest = run.signature.lacking
    return Report(name, "right", tried=_listed(tried), untried=rest, then=run.task.then, ok=True)


def _report(
    run: Run,
    name: str,
    at: tuple[int, int],
    outcome: Outcome,
    wrong: str | None,
    tried: Sequence[Case],
) -> Report:
    """Say what is wrong with an answer, and show the smallest example of it.

    `at` has the number of the case and of the draw.
    """
    task, case = run.task, run.task.cases[at[0]]
    arguments = run.example(case, at[1]) or case.make(at[1])
    found = causes(run, *at) if wrong and not outcome.late else []
    where, first = _where(run, arguments, outcome) if wrong else "", arguments
    if not outcome.late:
        arguments, outcome = smallest(run, arguments, outcome, found)
        wrong = run.wrong(outcome, arguments)
    found, each = told(run, case, Seen(arguments, outcome), found, tried)
    shown, expected = run.shown(arguments), task.right(**arguments)
    return Report(
        name,
        f"not yet: {case.title}",
        wrong=wrong or _beside(outcome),
        where=where,
        diagnosis="; or ".join(d for d, _ in each) or None,
        remedy=" ".join(r for _, r in each) or None,
        tried=_listed(tried, case),
        example=Example(shown, expected, outcome.value, task.parts, task.required),
        smaller=bool(wrong) and arguments is not first,
        sure=bool(each) and not found,
        causes=tuple(found),
    )


def _where(run: Run, arguments: Arguments, outcome: Outcome) -> str:
    """Say which part of the answer is right."""
    task = run.task
    both = Example(arguments, task.right(**arguments), outcome.value, task.parts).arrays()
    return where_right(*both) if both and outcome.returned else ""


def _name(function: Any) -> str:
    """Name what the reader gave, where it has a name by which it can be called."""
    try:
        name, known = str(function.__name__), not inspect.ismethod(function)
    except BaseException:  # an object that can be called, or one that answers as it likes
        name, known = type(function).__name__, False
    return name if known and name.isidentifier() else f"your {name.strip('<>')}"


def _unwritten(run: Run, outcome: Outcome) -> bool:
    """Whether a function has no body yet: it reads nothing, calls nothing and returns nothing."""
    if isinstance(outcome.error, NotImplementedError):
        return True
    code = code_of(run.function)
    if not outcome.returned or outcome.value is not None or code is None:
        return False
    return all(step.opname in EMPTY for step in dis.get_instructions(code))


#: What `...`, `pass`, a docstring and `return None` are compiled to.
EMPTY = {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "COPY_FREE_VARS"}


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
