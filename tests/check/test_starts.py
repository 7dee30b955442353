"""The checks of where windows stand along one axis, and of what they leave out."""

import pytest

from convlens import check
from convlens.check.mistakes.starts import starts
from convlens.check.mistakes.unseen import unseen
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)

CHECKS = {check.list_starts: starts, check.unseen_rows: unseen}


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def starts_by_trying(size, kernel, stride=1, padding=0, dilation=1):
    found, cell = [], 0
    while cell + (kernel - 1) * dilation < size + 2 * padding:
        found.append(cell)
        cell += stride
    return found


def rows_by_marking(size, kernel, stride=1, padding=0, dilation=1):
    seen = [False] * (size + 2 * padding)
    for start in starts_by_trying(size, kernel, stride, padding, dilation):
        for u in range(kernel):
            seen[start + u * dilation] = True
    return [r for r in range(size) if not seen[r + padding]]


def test_right_starts_are_right():
    assert_right(
        check.list_starts,
        starts_by_trying,
        lambda size, kernel: range(max(size - kernel + 1, 0)),
    )


def test_right_rows_are_right():
    assert_right(check.unseen_rows, rows_by_marking)


def test_wanted_is_a_list():
    report = check.list_starts(lambda size, kernel: {0, 1})
    assert report.wrong.startswith("it returned a set; wanted is a list of ")
    report = check.unseen_rows(lambda size, kernel: [6])
    assert report.wrong == "it returned a list of 1 number; wanted is an empty list"
