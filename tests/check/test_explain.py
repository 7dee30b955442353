"""An exception is explained: the line, its shapes, the likely reason."""

import numpy as np
import pytest

from convlens import check


def judged(function):
    return check.conv2d(function, x="HW", w="HW")


def second_slice_as_long_as_the_first(x, w):
    KH, KW = w.shape
    y = np.zeros((x.shape[0] - KH + 1, x.shape[1] - KW + 1))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = (x[i : i + KH, j : j + KH] * w).sum()
    return y


def range_too_long(x, w):
    KH, KW = w.shape
    y = np.zeros(x.shape)
    for i, j in np.ndindex(*y.shape):
        y[i, j] = (x[i : i + KH, j : j + KW] * w).sum()
    return y


def same_sides_by_shape(x, w):
    return (x[0 : 0 + w.shape[0], 0 : 0 + w.shape[0]] * w).sum()


def index_too_large(x, w):
    return x[x.shape[0], 0]


def float_size(x, w):
    return np.zeros((x.shape[0] / 1, 2))


def into_integers(x, w):
    y = np.zeros((2, 2), dtype=int)
    y += x[:2, :2] * 0.5
    return y


def not_summed(x, w):
    y = np.zeros((3, 4))
    y[0, 0] = x[: w.shape[0], : w.shape[1]] * w
    return y


def pair_of_one(x, w):
    a, b = len(x)
    return a + b


def misspelt(x, w):
    return xx  # noqa: F821


@pytest.mark.parametrize(
    ("function", "shown", "reason"),
    [
        (
            second_slice_as_long_as_the_first,
            "`w` has shape",
            "second slice is as long as the first",
        ),
        (same_sides_by_shape, "`w` has shape", "second slice is as long as the first"),
        (range_too_long, "has shape", "hangs over the edge"),
        (index_too_large, "`x` has shape", "passes the end of its axis"),
        (float_size, "np.zeros", "a float stands where a whole number is needed"),
        (into_integers, "`y` has shape", "fractions are added into an array of integers"),
        (not_summed, "`w` has shape", "several numbers are put where one is wanted"),
        (pair_of_one, "len(x)", "one number is read as a pair"),
        (misspelt, "return xx", "a name is used that was never set"),
    ],
)
def test_an_exception_is_explained(function, shown, reason):
    report = judged(function)
    assert "at the line" in report.wrong
    assert shown in report.wrong
    assert reason in report.diagnosis, report
    assert report.remedy
