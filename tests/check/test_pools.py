"""The checks of max pooling and of its gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convlib
from convlens import check
from convlens.check.mistakes.pooling import pooling
from convlens.check.mistakes.pooling_back import pooling_back
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)

CHECKS = {check.max_pool2d: pooling, check.max_pool2d_backward: pooling_back}


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert len(CHECKS[judge]) >= 8
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def by_view(x, kernel_size, stride=None, padding=(0, 0)):
    (down, right), (top, left) = stride or kernel_size, padding
    x = np.pad(x, ((0, 0), (top, top), (left, left)), constant_values=x.min())
    view = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(1, 2))
    return view[:, ::down, ::right].max(axis=(-2, -1))


def by_infinity(x, kernel_size, stride=None, padding=(0, 0)):
    (kh, kw), (down, right), (top, left) = kernel_size, stride or kernel_size, padding
    edges = (0, 0), (top, top), (left, left)
    padded = np.pad(x.astype(float), edges, constant_values=-np.inf)
    oh, ow = (padded.shape[1] - kh) // down + 1, (padded.shape[2] - kw) // right + 1
    y = np.zeros((len(x), oh, ow))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = padded[c, i * down :, j * right :][:kh, :kw].max()
    return y


def side_by_side(x, kernel_size):
    (kh, kw), (c, h, w) = kernel_size, x.shape
    cut = x[:, : h // kh * kh, : w // kw * kw]
    return cut.reshape(c, h // kh, kh, w // kw, kw).max(axis=(2, 4))


def back_by_argmax(grad, x, kernel_size, stride=None):
    (kh, kw), (down, right) = kernel_size, stride or kernel_size
    dx = np.zeros(x.shape, dtype=grad.dtype)
    for i, j in np.ndindex(grad.shape):
        r, c = i * down, j * right
        u, v = divmod(x[r : r + kh, c : c + kw].argmax(), kw)
        dx[r + u, c + v] += grad[i, j]
    return dx


def back_by_add_at(grad, x, kernel_size, stride=None):
    step = stride or kernel_size
    view = np.lib.stride_tricks.sliding_window_view(x, kernel_size)[:: step[0], :: step[1]]
    u, v = np.unravel_index(view.reshape(*grad.shape, -1).argmax(-1), kernel_size)
    i, j = np.indices(grad.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (i * step[0] + u, j * step[1] + v), grad)
    return dx


def back_by_library(grad, x, kernel_size, stride=None):
    return convlib.max_pool2d_backward(grad, x, kernel_size, stride=stride)


def test_right_functions_are_right():
    assert_right(check.max_pool2d, by_view, by_infinity, side_by_side)
    assert_right(check.max_pool2d_backward, back_by_argmax, back_by_add_at, back_by_library)
    assert check.max_pool2d(side_by_side).untried == ("stride", "padding")


def test_a_stride_that_cannot_be_given_is_not_excused():
    def refuses(x, kernel_size, stride=None):
        down, right = stride or kernel_size
        if down == right == 1:
            raise ValueError("no")
        return by_view(x, kernel_size, stride)

    report = check.max_pool2d(refuses)
    assert report.verdict == "not yet: stride=(1, 1)"


@settings(max_examples=10, deadline=None)
@given(number=st.integers(0, 30))
def test_ties_are_in_the_examples_where_they_are_announced(number):
    from convlens.check.pools import RETURNS

    for case in RETURNS:
        made = case.make(number)
        step = made.get("stride") or made["kernel_size"]
        view = np.lib.stride_tricks.sliding_window_view(made["x"], made["kernel_size"])
        view = view[:: step[0], :: step[1]]
        ties = (view == view.max(axis=(-2, -1), keepdims=True)).sum(axis=(-2, -1)) > 1
        assert ties.any() == ("ties" in case.what or "one number" in case.what), case.what
