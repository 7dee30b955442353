"""The checks of gradients: each mistake is named, in one gradient or in several at once."""

import numpy as np
import pytest

import convlib
from convlens import check
from convlens.check import backward
from convlens.check.mistakes.gradients import gradients
from convlens.check.mistakes.input_gradients import input_gradients
from convlens.check.mistakes.kernel_gradients import kernel_gradients
from convlens.check.mistakes.weights import weights
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_named,
    assert_nothing_written,
    assert_right,
    each,
    right_everywhere,
    task_of,
    written,
)

CHECKS = {
    check.input_gradient: input_gradients,
    check.kernel_gradient: kernel_gradients,
    check.weight_gradient: weights,
}


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_that_shows_on_a_plane_is_named(judge):
    task = task_of(judge)
    shown = [m for m in CHECKS[judge] if not right_everywhere(task, written(m, task.right))]
    assert len(shown) >= 8
    assert_each_mistake_is_named(judge, shown)


@pytest.mark.parametrize("m", each(gradients, step=3))
def test_each_mistake_of_the_whole_way_back_is_named(m):
    assert_named(check.conv2d_backward, m)


def test_the_diagnoses_differ():
    assert len({m.diagnosis for m in gradients}) == len(gradients)


@pytest.mark.parametrize("judge", [*CHECKS, check.conv2d_backward])
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def weight_by_loops(grad, x, tap):
    places = np.ndindex(grad.shape)
    return sum(grad[i, j] * x[i + tap[0], j + tap[1]] for i, j in places)


def dx_by_slices(grad, x, w, stride=(1, 1), padding=(0, 0)):
    (H, W), (OH, OW), (down, right), (top, left) = x.shape, grad.shape, stride, padding
    dx = np.zeros((H + 2 * top, W + 2 * left), dtype=np.result_type(grad, w))
    for u, v in np.ndindex(w.shape):
        dx[u : u + OH * down : down, v : v + OW * right : right] += grad * w[u, v]
    return dx[top : top + H, left : left + W]


def dx_by_matrix(grad, x, w):
    ones = np.eye(x.size).reshape(-1, *x.shape)
    rows = np.stack([convlib.conv2d(one, w).ravel() for one in ones])
    return (rows @ grad.ravel()).reshape(x.shape)


def dw_by_raising(grad, x, w, stride=1, padding=0, dilation=1, padding_mode="zeros"):
    steps = {"stride": stride, "padding": padding, "dilation": dilation}
    ones = np.eye(w.size).reshape(-1, *w.shape)
    ys = [convlib.conv2d(x, one, padding_mode=padding_mode, **steps) for one in ones]
    return np.array([(y * grad).sum() for y in ys]).reshape(w.shape)


def whole_by_slices(grad, x, w, stride=(1, 1)):
    (OH, OW), (down, right) = grad.shape[2:], stride
    dx, dw = np.zeros(x.shape, np.result_type(grad, w)), np.zeros(w.shape, np.result_type(grad, x))
    for u, v in np.ndindex(w.shape[2:]):
        met = np.s_[:, :, u : u + OH * down : down, v : v + OW * right : right]
        dx[met] += np.einsum("noij,oc->ncij", grad, w[:, :, u, v])
        dw[:, :, u, v] = np.einsum("noij,ncij->oc", grad, x[met])
    return dx, dw, grad.sum(axis=(0, 2, 3))


def test_right_functions_are_right():
    assert_right(check.weight_gradient, weight_by_loops)
    assert_right(check.input_gradient, dx_by_slices, dx_by_matrix, backward._dx)
    assert_right(check.kernel_gradient, dw_by_raising, backward._dw)
    assert_right(check.conv2d_backward, whole_by_slices, convlib.conv2d_backward)


def test_every_setting_is_tried():
    report = check.conv2d_backward(convlib.conv2d_backward)
    for what in ("stride=(2, 3)", "padding on four sides", "two groups", "reflected padding"):
        assert what in report.tried
    assert report.untried == ()


@pytest.mark.parametrize("missing", range(3))
def test_the_wrong_part_is_shown(missing):
    def two_of_three(grad, x, w):
        every = list(convlib.conv2d_backward(grad, x, w))
        every[missing] = every[missing] * 0 + 1
        return tuple(every)

    report = check.conv2d_backward(two_of_three)
    part = ("dx", "dw", "db")[missing]
    assert report.wrong.startswith(f"for {part}, ")
    assert report.diagnosis is None
