import math

import pytest

from benchmarks.stats import best, exponent, geometric_mean, quartiles, ratio


def test_geometric_mean_of_a_ratio_and_its_inverse_is_one():
    assert geometric_mean([4, 0.25]) == pytest.approx(1)
    assert geometric_mean([2, 4, 8]) == pytest.approx(4)
    assert geometric_mean([0.7]) == pytest.approx(0.7)


@pytest.mark.parametrize("power", [0, 1, 1.5, 2, 4])
def test_fit_recovers_a_power_law(power):
    sizes = [8, 16, 64, 100, 1024]
    assert exponent(sizes, [3e-6 * size**power for size in sizes]) == pytest.approx(power)


def test_fit_is_least_squares_of_the_logarithms():
    noisy = [size**2 * (1.1 if i % 2 else 1 / 1.1) for i, size in enumerate([1, 2, 4, 8])]
    x, y = [0, 1, 2, 3], [math.log2(value) for value in noisy]
    slope = sum((a - 1.5) * b for a, b in zip(x, y, strict=True)) / 5
    assert exponent([1, 2, 4, 8], noisy) == pytest.approx(slope)


def test_quartiles():
    assert quartiles([5, 1, 3, 2, 4]) == (2, 3, 4)
    assert quartiles([7]) == (7, 7, 7)


def test_ratio_is_taken_within_a_round():
    ours, theirs = [1, 10, 1, 1], [2, 20, 2, 2]  # round two was slow for both
    assert ratio(ours, theirs) == (2, 2, 2)


def test_best_is_the_lowest_median_of_those_that_ran():
    samples = {"a": [1, 9, 9], "b": [3, 3, 3], "c": [1, 1, 1]}
    assert best(samples, ("a", "b", "absent")) == "b"
    assert best(samples, ("absent",)) is None
