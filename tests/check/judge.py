"""What the tests of the checks share.

A test file of one check looks like this::

    @pytest.mark.parametrize("m", each(mistakes))
    def test_a_mistake_is_named(m):
        assert_named(check.output_size, m)

    def test_right_functions_are_right():
        assert_right(check.output_size, convlib_function, solution_of_the_notebook)

    def test_nothing_is_written_yet():
        assert_nothing_written(check.output_size)

    @given(wrong_somehow(right))
    def test_other_wrongness_is_not_misnamed(function):
        assert_not_misnamed(check.output_size, function)
"""

import inspect
from itertools import product

import pytest
from hypothesis import strategies as st

import convlens.check.examine as engine
from convlens.check import run as runs
from convlens.check.answers import complaint
from tests.check.wrongness import FAMILIES, spoilt


def nothing(*args, **kwargs): ...


def each(mistakes, step=1):
    """Parametrize over mistakes, by diagnosis; all but each `step`-th are for the wide tests."""
    wide = [pytest.mark.wide] * (step > 1)
    return [
        pytest.param(m, id=m.diagnosis, marks=wide if number % step else ())
        for number, m in enumerate(mistakes)
    ]


def written(m, right):
    """Return the function of a mistake with the parameters of the right one, as a reader has it."""

    def wrong(*given, **named):
        return m.wrong(*given, **named)

    wrong.__signature__ = inspect.signature(right)
    return wrong


def assert_named(check, m, **arguments):
    """Say that the mistake's own function gets its diagnosis, its remedy, and nothing else."""
    report = check(written(m, task_of(check, **arguments).right), **arguments)
    assert not report.ok
    assert (report.diagnosis, report.remedy) == (m.diagnosis, m.remedy), report


def assert_each_mistake_is_named(check, mistakes, **arguments):
    """`assert_named` for all of them, and that their words differ and read well."""
    for m in mistakes:
        assert_named(check, m, **arguments)
        assert_worded(m)
    assert len({m.diagnosis for m in mistakes}) == len(mistakes)


def assert_worded(m):
    """A diagnosis follows "Probably:", a remedy is one or more sentences."""
    assert m.diagnosis[0].islower() or not m.diagnosis[0].isalpha(), m.diagnosis
    assert m.diagnosis[-1] not in ".!?", m.diagnosis
    assert m.remedy[-1] == ".", m.remedy


def assert_right(check, *functions, **arguments):
    """Say that these are right, without a word about mistakes."""
    for function in functions:
        report = check(function, **arguments)
        assert report.ok, report
        assert report.verdict == "right"
        assert report.diagnosis is None
        assert report.example is None


def assert_nothing_written(check, **arguments):
    """An empty exercise is neither right nor wrong."""
    report = check(nothing, **arguments)
    assert report.verdict == "nothing written yet"
    assert not report.ok
    assert report.text == "nothing: nothing written yet"


def task_of(check, function=nothing, **arguments):
    """Return the Task that a check puts to a function: its cases, its mistakes."""
    seen = []

    class Spy(engine.Run):
        def __init__(self, task, *rest):
            seen.append(task)
            super().__init__(task, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "Run", Spy)
        check(function, **arguments)
    return seen[-1]


def wrong_somehow(right, families=tuple(FAMILIES)):
    """Draw functions that answer as `right` does but for one random wrongness (hypothesis)."""
    return st.builds(spoilt, st.just(right), st.sampled_from(families), st.integers(0, 9999))


def assert_not_misnamed(check, function, **arguments):
    """Say that a wrong function is reported wrong, and that a diagnosis is literally true."""
    task = task_of(check, function, **arguments)
    report = check(function, **arguments)
    assert report.ok == right_everywhere(task, function), report
    assert truth(task, function, report) is not False, report


def right_everywhere(task, function):
    """Judge a function on two examples of every case that it takes, without the engine."""
    run = runs.Run(task, function, 5.0)
    for case, draw in product(task.cases, range(2)):
        arguments = run.example(case, draw)
        if arguments is None:
            continue
        outcome = run(arguments)
        if outcome.error and run.signature.may_refuse(arguments):
            continue
        if outcome.changed or any(m.shows and m.shows(outcome) for m in task.mistakes):
            return False
        if complaint(outcome, task.right(**arguments), task.parts, 5.0):
            return False
    return True


def truth(task, function, report, everywhere=False):
    """Whether a diagnosis holds on examples that the check never saw; None without one.

    They are of the case that failed, or of every case that the function takes.
    """
    if not report.causes:
        return None
    case = next(c for c in task.cases if report.verdict == f"not yet: {c.title}")
    run = runs.Run(task, function, 5.0)
    unseen = [run.example(case, task.draws + more) for more in range(3)]
    if everywhere:
        every = [run.example(case, task.draws) for case in task.cases]
        unseen = [arguments for arguments in every if arguments is not None]
    return any(all(cause.explains(a, run(a)) for a in unseen) for cause in report.causes)
