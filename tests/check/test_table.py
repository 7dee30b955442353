import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.check.judge import (
    assert_not_misnamed,
    assert_nothing_written,
    assert_worded,
    task_of,
    wrong_somehow,
)
from tests.check.table import CHECKS, table
from tests.check.wrongness import FAMILIES, spoilt

every = pytest.mark.parametrize("judge", CHECKS.values(), ids=CHECKS)


@every
def test_an_empty_exercise_is_nothing_written_yet(judge):
    assert_nothing_written(judge)


@every
def test_mistakes_are_worded_alike_and_differ(judge):
    mistakes = task_of(judge).mistakes
    assert mistakes
    for m in mistakes:
        assert_worded(m)
    assert len({m.diagnosis for m in mistakes}) == len(mistakes)


@every
def test_the_right_function_of_each_task_is_right(judge):
    report = judge(task_of(judge).right)
    assert report.ok, report


@every
def test_examples_are_the_same_each_time_and_others_follow(judge):
    task = task_of(judge)
    first, again, other = ([repr(c.make(number)) for c in task.cases] for number in (0, 0, 1))
    assert first == again
    assert sum(a != b for a, b in zip(first, other, strict=True)) > len(first) / 2


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("name", CHECKS)
def test_random_wrongness_is_not_misnamed(name, number):
    """Three functions for each check, and all families take part; the wide tests try many more."""
    judge, families = CHECKS[name], list(FAMILIES)
    seed = 3 * list(CHECKS).index(name) + number
    function = spoilt(task_of(judge).right, families[seed % len(families)], seed)
    assert_not_misnamed(judge, function)


@pytest.mark.wide
@pytest.mark.parametrize("name", CHECKS)
@settings(max_examples=12)
@given(data=st.data())
def test_other_wrongness_is_not_misnamed(name, data):
    judge = CHECKS[name]
    assert_not_misnamed(judge, data.draw(wrong_somehow(task_of(judge).right)))


def test_the_table_has_a_row_for_each_mistake():
    head, line, *rows = table()
    assert len(rows) == sum(len(task_of(judge).mistakes) for judge in CHECKS.values())
    assert {row.replace("\\|", "").count("|") for row in (head, line, *rows)} == {4}
