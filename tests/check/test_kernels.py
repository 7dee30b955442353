"""The checks of what is done with a kernel: chosen, turned round, or found out."""

import numpy as np
import pytest
from scipy import signal

from convlens import check
from convlens.check.mistakes.hidden import hidden
from convlens.check.mistakes.rising import rising
from convlens.check.mistakes.turned import turned
from convlib import conv2d
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)

CHECKS = {
    check.rises: rising,
    check.convolve2d: turned,
    check.find_kernel: hidden,
}


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def test_right_rises_are_right():
    def by_loop(row):
        return [row[i + 2] - (row[i] + row[i + 1]) / 2 for i in range(len(row) - 2)]

    def turned_round(row):
        return np.convolve(row, [1, -0.5, -0.5], "valid")

    assert_right(check.rises, by_loop, turned_round)


def test_right_convolutions_are_right():
    def by_scipy(x, w):
        return signal.convolve2d(x.astype(float), w, mode="valid")

    def by_loops(x, w):
        rows, columns = w.shape
        y = np.zeros((x.shape[0] - rows + 1, x.shape[1] - columns + 1))
        for i, j in np.ndindex(y.shape):
            for u, v in np.ndindex(w.shape):
                y[i, j] += float(x[i + u, j + v]) * w[rows - 1 - u, columns - 1 - v]
        return y

    assert_right(check.convolve2d, by_scipy, by_loops)


@pytest.mark.parametrize("mode", ["full", "same"])
def test_modes_of_scipy_are_named(mode):
    report = check.convolve2d(lambda x, w: signal.convolve2d(x, w, mode=mode))
    assert report.diagnosis.endswith(f': that is SciPy\'s mode="{mode}"')


def test_flip_in_place_is_named():
    def convolve(x, w):
        w[:] = w[::-1, ::-1].copy()
        return conv2d(x, w)

    report = check.convolve2d(convolve)
    assert report.diagnosis == "your function changes what it was given"


def find_kernel(layer, size):
    image = np.zeros((2 * size[0] - 1, 2 * size[1] - 1))
    image[size[0] - 1, size[1] - 1] = 1
    return layer(image)[::-1, ::-1]


def test_kernel_found_is_right():
    assert_right(check.find_kernel, find_kernel)


def test_second_call_of_the_layer_is_seen_beside_a_right_answer():
    def twice(layer, size):
        layer(np.ones(size))
        return find_kernel(layer, size)

    report = check.find_kernel(twice)
    assert not report.ok
    assert report.wrong == "the numbers are right, but something else is not"
    assert report.diagnosis == "the layer is called more than once"


def test_call_that_failed_can_be_pasted():
    report = check.find_kernel(lambda layer, size: layer(np.ones((5, 3))))
    source = report.example.call("function")
    assert source.startswith("function(lambda image: conv2d(image, [[")
    names = {"conv2d": conv2d, "function": find_kernel}
    np.testing.assert_array_equal(eval(source, names), report.example.expected)


def test_error_inside_the_layer_is_reported():
    report = check.find_kernel(lambda layer, size: layer(np.ones((1, 1))))
    assert report.wrong.startswith("it raised ValueError")
    assert report.diagnosis is None
