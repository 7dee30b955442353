"""The checks of sizes: how many places, how much padding."""

import pytest

from convlens import check
from convlens.check.mistakes.same import same
from convlens.check.mistakes.sizes import sizes
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)

CHECKS = {check.output_size: sizes, check.same_padding: same}


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def test_right_sizes_are_right():
    def by_trying(size, kernel, stride=1, padding=0, dilation=1):
        length = size + 2 * padding
        starts = range(0, length, stride)
        return len([s for s in starts if s + (kernel - 1) * dilation < length])

    def plain(size, kernel):
        return size - kernel + 1

    assert_right(check.output_size, by_trying, plain)
    assert check.output_size(plain).untried == ("stride", "padding", "dilation")


def test_right_paddings_are_right():
    def by_sides(size, kernel, stride=1, dilation=1):
        places = (size + stride - 1) // stride
        total = (places - 1) * stride + (kernel - 1) * dilation + 1 - size
        return [max(total // 2, 0), max(-(-total // 2), 0)]

    assert_right(check.same_padding, by_sides, lambda n, k: ((k - 1) // 2, k // 2))


def test_wanted_is_a_pair():
    report = check.same_padding(lambda size, kernel: [1, 2, 3])
    assert report.wrong == "it returned a list of 3 numbers; wanted is a tuple of 2 numbers"


def test_formula_that_is_right_by_chance_is_seen_through():
    # Right for 7 and 3 taps, and for many other odd windows.
    assert not check.output_size(lambda size, kernel: 5 if size == 7 else size - 2).ok
    assert not check.same_padding(lambda size, kernel: (kernel // 2, kernel // 2)).ok
