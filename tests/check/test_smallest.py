"""The example that is shown is the smallest that shows the mistake."""

import numpy as np
import pytest

import convlib
from convlens import check
from convlens.check.examine import EARLIER
from tests.check.judge import task_of, written
from tests.check.table import CHECKS


def numbers(report):
    given = report.example.arguments.values()
    return sum(v.size for v in given if isinstance(v, np.ndarray))


@pytest.mark.parametrize("judge", CHECKS.values(), ids=CHECKS)
def test_a_mistake_is_shown_on_few_numbers(judge):
    """Of every check: its first mistakes, and the sum of sizes that is left."""
    for m in [m for m in task_of(judge).mistakes if m.shows is None][:6]:
        report = judge(written(m, task_of(judge).right))
        assert numbers(report) <= 16, (m.diagnosis, report)


def test_the_smallest_example_is_still_wrong_for_the_same_reason():
    report = check.conv2d(lambda x, w: convlib.conv2d(x, w[::-1]), x="HW", w="HW")
    x, w = report.example.arguments.values()
    assert (x.shape, w.shape) == ((2, 1), (2, 1))  # one column, and the two rows that a flip needs
    np.testing.assert_array_equal(convlib.conv2d(x, w), report.example.expected)
    np.testing.assert_array_equal(convlib.conv2d(x, w[::-1]), report.example.got)


def test_what_is_right_on_small_examples_is_shown_on_a_larger_one():
    report = check.conv2d(lambda x, w: sum(convlib.conv2d(x[c], w[c]) for c in range(3)), x="CHW")
    assert not report.ok
    assert len(report.example.arguments["x"]) == 4


def test_what_was_wrong_stays_beside_the_right_answer():
    EARLIER.clear()

    def mine(x, w):
        return convlib.conv2d(x, w[::-1])

    plane = {"x": "HW", "w": "HW"}
    first = check.conv2d(mine, **plane)
    assert first.earlier is None

    def mine(x, w):
        return convlib.conv2d(x, w)

    second = check.conv2d(mine, **plane)
    assert second.earlier == first
    assert "What was wrong before" in second._repr_html_()
    assert "flipped up-down" in second._repr_html_()
