"""The checks of what a layer costs: weights, multiplications, bytes."""

import pytest

from convlens import check
from convlens.check.mistakes.costs import costs
from convlens.check.mistakes.multiplications import multiplications
from convlens.check.mistakes.patch_bytes import patch_bytes
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_named,
    assert_nothing_written,
    assert_right,
    each,
    task_of,
)


@pytest.mark.parametrize("m", each(costs))
def test_a_mistake_is_named(m):
    assert_named(check.layer_cost, m)


def test_mistakes_are_worded_and_differ():
    assert_each_mistake_is_named(check.layer_cost, costs)


def test_nothing_is_written_yet():
    assert_nothing_written(check.layer_cost)


def test_right_costs_are_right():
    def counted(channels, filters, kernel_size, output_size, groups):
        weights = filters * (channels // groups) * kernel_size[0] * kernel_size[1]
        return weights, weights * output_size[0] * output_size[1]

    def without_groups(channels, filters, kernel_size, output_size):
        (KH, KW), (OH, OW) = kernel_size, output_size
        return [filters * channels * KH * KW, OH * OW * filters * channels * KH * KW]

    assert_right(check.layer_cost, counted, without_groups)
    assert check.layer_cost(without_groups).untried == ("groups",)
    assert check.layer_cost(counted).untried == ()


def test_two_numbers_are_wanted():
    report = check.layer_cost(lambda *sizes: 1)
    assert report.wrong == "it returned an int; wanted is a tuple of 2: weights, multiplications"
    assert report.diagnosis is None


def test_which_number_differs_is_said():
    report = check.layer_cost(lambda c, f, k, o: (c * f * k[0] * k[1], 0))
    assert report.wrong == "for multiplications, the number differs"


COUNTS = {
    check.multiplications: multiplications,
    check.patch_and_grid_bytes: patch_bytes,
}


@pytest.mark.parametrize("judge", COUNTS)
def test_each_mistake_of_a_count_is_named(judge):
    assert_each_mistake_is_named(judge, COUNTS[judge])
    assert_nothing_written(judge)


def places(shape, kernel_size, stride=(1, 1)):
    (_, H, W), (KH, KW), (down, right) = shape, kernel_size, stride
    return len(range(0, H - KH + 1, down)) * len(range(0, W - KW + 1, right))


def test_right_counts_are_right():
    def products(shape, filters, kernel_size, stride, groups):
        taps = kernel_size[0] * kernel_size[1] * shape[0] // groups
        return filters * places(shape, kernel_size, stride) * taps

    def plain(shape, filters, kernel_size):
        return products(shape, filters, kernel_size, (1, 1), 1)

    def nbytes(shape, kernel_size, stride, item):
        numbers = products(shape, 1, kernel_size, stride, 1)
        return numbers * item, numbers * 8

    assert_right(check.multiplications, products, plain)
    assert check.multiplications(plain).untried == ("stride", "groups")
    assert_right(check.patch_and_grid_bytes, nbytes)


def test_counts_are_those_of_notebook_07():
    products, nbytes = (task_of(judge).right for judge in COUNTS)
    assert products((3, 224, 224), 64, (7, 7), (2, 2), 1) == 111_776_448
    assert products((8, 30, 20), 8, (3, 3), groups=8) == 8 * 28 * 18 * 9
    assert nbytes((3, 256, 240), (5, 5), (1, 1), 4) == (17_841_600, 35_683_200)
