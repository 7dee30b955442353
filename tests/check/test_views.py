"""The checks of window views and of block means."""

import re

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from convlens import check
from convlens.check.answers import within_reach
from convlens.check.calling import call
from convlens.check.mistakes.block_means import block_means
from convlens.check.mistakes.windows import windows
from convlib import strided
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
    each,
    task_of,
)

CHECKS = {check.windows: windows, check.block_means: block_means}


def view(x, kernel_size, stride, dilation):
    """The solution of notebook 06."""
    (KH, KW), (down, right), (tap_down, tap_right) = kernel_size, stride, dilation
    OH = (x.shape[0] - (KH - 1) * tap_down - 1) // down + 1
    OW = (x.shape[1] - (KW - 1) * tap_right - 1) // right + 1
    row, column = x.strides
    jumps = (down * row, right * column, tap_down * row, tap_right * column)
    return as_strided(x, shape=(OH, OW, KH, KW), strides=jumps, writeable=False)


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def test_right_views_are_right():
    def library(x, kernel_size, stride=1, dilation=1):
        return strided.windows(x, kernel_size, stride=stride, dilation=dilation)

    def numpys(x, kernel_size, stride):
        return sliding_window_view(x, kernel_size)[:: stride[0], :: stride[1]]

    assert_right(check.windows, view, library, numpys, sliding_window_view)
    assert check.windows(numpys).untried == ("dilation",)


def test_right_means_are_right():
    def by_view(x, b):
        return strided.windows(x, b, stride=b).mean(axis=(2, 3))

    def by_reshape(x, b):
        rows, columns = x.shape[0] // b, x.shape[1] // b
        return x[: rows * b, : columns * b].reshape(rows, b, columns, b).mean(axis=(1, 3))

    def by_loop(x, b):
        places = np.ndindex(x.shape[0] // b, x.shape[1] // b)
        means = [x[i * b : i * b + b, j * b : j * b + b].mean() for i, j in places]
        return np.reshape(means, (x.shape[0] // b, -1))

    assert_right(check.block_means, by_view, by_reshape, by_loop)


def test_view_that_leaves_the_image_is_told_its_bytes():
    def hanging(x, kernel_size):
        view = sliding_window_view(x, kernel_size)
        return as_strided(x, (view.shape[0] + 1, *view.shape[1:]), view.strides)

    report = check.windows(hanging)
    assert re.search(r"your view touches the bytes 0 to \d+, and x has only 0 to \d+", report.wrong)
    assert report.diagnosis.startswith("there is one row of windows too many")


def test_view_that_leads_far_away_is_not_read():
    def lost(x, kernel_size):
        return as_strided(x, (3, 4, *kernel_size), (10**9, 10**9, 10**9, 10**9))

    report = check.windows(lost)
    assert report.wrong == "it returned a view that reaches far outside the array's memory"
    assert "a view that cannot be read" in report.text
    assert report._repr_html_()


def test_numbers_come_before_what_lies_beside_them():
    def a_copy_in_the_wrong_order(x, kernel_size):
        return sliding_window_view(x, kernel_size).transpose(2, 3, 0, 1).copy()

    report = check.windows(a_copy_in_the_wrong_order)
    assert report.diagnosis == "the axes of the taps come first: (KH, KW, OH, OW)"
    zeros = check.windows(lambda x, kernel_size: np.zeros((3, 4, 2, 3)))
    assert zeros.diagnosis is None


def test_copy_is_told_of_lists_too():
    def listed(x, kernel_size):
        return sliding_window_view(x, kernel_size).tolist()

    assert check.windows(listed).diagnosis == "the windows are a copy, not a view"


@pytest.mark.parametrize("m", each(windows))
@pytest.mark.parametrize("case", task_of(check.windows).cases, ids=lambda case: case.what)
def test_wrong_views_stay_in_the_block(case, m):
    for number in range(task_of(check.windows).draws):
        arguments = case.make(number)
        outcome = call(m.wrong, {"x": arguments.pop("x")}, arguments, 5.0)
        assert outcome.returned
        assert within_reach(outcome.value)
