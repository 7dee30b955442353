"""Puzzles: right, and without a loop, without a copy, in one line, in so many calls."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from convlens import check


def looped(x, w):
    y = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w.astype(float)).sum()
    return y


def helped(x, w):
    return looped(x, w)


def in_disguise(x, w):
    rows = range(x.shape[0] - w.shape[0] + 1)
    return np.array(list(map(lambda i: looped_row(x, w.astype(float), i), rows)))


def looped_row(x, w, i):
    return np.tensordot(sliding_window_view(x, w.shape)[i], w, 2)


def whole(x, w):
    """One expression."""
    return np.tensordot(sliding_window_view(x, w.shape), w.astype(float), 2)


def by_taps(x, w):
    y = 0.0
    for u, v in np.ndindex(*w.shape):
        rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
        y = y + x[u : u + rows, v : v + columns] * float(w[u, v])
    return y


def judged(function, **asked):
    return check.conv2d(function, x="HW", w="HW", **asked)


@pytest.mark.parametrize(
    ("function", "asked", "words"),
    [
        (looped, {"no_loop": True}, "asked for is no_loop, but there is a loop in it, a for"),
        (helped, {"no_loop": True}, "asked for is no_loop, but there is a loop in it, a for"),
        (in_disguise, {"no_loop": True}, "asked for is no_loop, but map is a loop in Python too"),
        (looped, {"one_line": True}, "asked for is one_line, but it has 4 statements"),
        (whole, {"calls": 2}, "asked for is calls=2, but it has 3 calls"),
        (whole, {"no_copy": True}, "asked for is no_copy, but beside its answer it holds"),
    ],
)
def test_a_broken_constraint_is_told(function, asked, words):
    assert judged(function).ok
    report = judged(function, **asked)
    assert not report.ok
    assert report.verdict == "right, but not as asked"
    assert report.wrong.startswith(words), report


@pytest.mark.parametrize(
    ("function", "asked"),
    [
        (whole, {"no_loop": True, "one_line": True, "calls": 3}),
        (looped, {"no_loop": False, "calls": None}),
        (looped, {"no_copy": True}),
        (lambda x, w: np.tensordot(sliding_window_view(x * 1.0, w.shape), w, 2), {"no_loop": True}),
    ],
)
def test_a_constraint_that_is_kept(function, asked):
    report = judged(function, **asked)
    assert report.ok, report


def test_a_view_is_no_copy():
    def view(x, kernel_size):
        return sliding_window_view(x, kernel_size)

    assert check.windows(view, no_copy=True, one_line=True).ok


def test_a_constraint_that_there_is_not():
    with pytest.raises(TypeError, match="a check cannot ask for 'no_loops'"):
        judged(whole, no_loops=True)


def test_a_source_that_cannot_be_read():
    made = eval("lambda x, w: whole(x, w)", {"whole": whole})
    assert "its source cannot be read" in judged(made, no_loop=True).wrong
