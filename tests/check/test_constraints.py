"""Puzzles: right, and without a loop, without a copy, in one line, in so many calls."""

import functools

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from convlens import check
from convlens.check.constraints import _in_source


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
        (looped, {"no_loop": True}, "you asked for no_loop, but there is a for loop"),
        (helped, {"no_loop": True}, "you asked for no_loop, but there is a for loop"),
        (in_disguise, {"no_loop": True}, "you asked for no_loop, but map is a loop in Python too"),
        (looped, {"one_line": True}, "you asked for one_line, but it has 4 statements"),
        (whole, {"calls": 2}, "you asked for calls=2, but 3 calls are written in it"),
        (whole, {"no_copy": True}, "you asked for no_copy, but beside its answer it holds"),
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


def first_half(x, w, n):
    return whole(x, w) if n == 0 else second_half(x, w, n - 1)


def second_half(x, w, n):
    return first_half(x, w, n)


def in_a_circle(x, w):
    return first_half(x, w, 2)


def decorated(function):
    def inner(*given):
        return function(*given)

    return inner


class Helped:
    def __call__(self, x, w):
        """Its helper loops.

        Flush left."""
        return self.helper(x, w)

    def helper(self, x, w):
        return looped(x, w)


def with_a_default(x, w, sizes=tuple(k for k in range(3))):
    return whole(x, w) if sizes else None


def reducing(x, w):
    return np.add.reduce(sliding_window_view(x, w.shape) * w.astype(float), axis=(2, 3))


pair = [lambda x, w: whole(x, w), lambda x, w: [row for row in whole(x, w)]]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (in_a_circle, "first_half and second_half calls itself"),
        (decorated(looped), "there is a for loop"),
        (functools.partial(lambda w, x: looped(x, w)), "there is a for loop"),
        (Helped(), "there is a for loop"),
        (pair[1], "there is a comprehension"),
        (with_a_default, None),
        (reducing, None),
        (pair[0], None),
    ],
)
def test_loops_are_found_wherever_they_are_written(function, words):
    found = _in_source(function, "no_loop", True)
    assert found is None if words is None else words in found, found


@pytest.mark.parametrize(
    "asked",
    [{"calls": "3"}, {"calls": -1}, {"no_loop": "yes"}, {"seconds": 0}, {"seconds": np.nan}],
)
def test_a_constraint_with_a_wrong_value_is_refused(asked):
    ((name, value),) = asked.items()
    with pytest.raises((TypeError, ValueError), match=f"{name}.*Given: {name}={value!r}"):
        judged(whole, **asked)


def test_what_cannot_be_measured_keeps_nothing():
    def small_only(x, w):
        return whole(x, w) if x.size < 900 else None.shape

    assert "its memory could not be measured" in judged(small_only, no_copy=True).wrong
