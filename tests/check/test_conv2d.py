from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convlib
from convlens import check
from convlens.check.layers import ROWS, SHAPES
from convlens.check.mistakes import LAYER
from convlens.check.slips import wrongly
from tests.check import rate
from tests.check.judge import (
    assert_named,
    assert_not_misnamed,
    assert_nothing_written,
    assert_right,
    assert_worded,
    each,
    right_everywhere,
    task_of,
    truth,
    written,
    wrong_somehow,
)

KEYWORDS = ("bias", "stride", "padding", "dilation", "groups", "padding_mode", "layout")


def shows(m, x, w):
    """Whether a mistake makes any difference on an input and a kernel of these axes."""
    return not right_everywhere(task_of(check.conv2d, x=x, w=w), written(m, convlib.conv2d))


@pytest.mark.parametrize("m", each(LAYER))
def test_each_mistake_is_named(m):
    assert_named(check.conv2d, m)
    assert_worded(m)


def test_diagnoses_differ():
    assert len({m.diagnosis for m in LAYER}) == len(LAYER)


@pytest.mark.wide
@pytest.mark.parametrize("m", each(LAYER))
def test_each_mistake_is_named_on_every_shape_where_it_shows(m):
    for x, w in SHAPES:
        if shows(m, x, w):
            assert_named(check.conv2d, m, x=x, w=w)
        else:
            assert_right(check.conv2d, written(m, convlib.conv2d), x=x, w=w)


@pytest.mark.parametrize(("x", "w"), SHAPES)
@pytest.mark.parametrize("method", ["auto", *convlib.METHODS])
def test_the_library_is_right(method, x, w):
    assert_right(check.conv2d, partial(convlib.conv2d, method=method), x=x, w=w)


def test_the_library_is_right_on_all_shapes_at_once():
    report = check.conv2d(convlib.conv2d)
    assert report.ok
    assert report.untried == ()
    assert {row.what for row in ROWS} <= set(report.tried)


def test_nothing_is_written_yet():
    assert_nothing_written(check.conv2d)
    assert_nothing_written(check.conv2d, x="NCHW", w="OCHW")


class Layer:
    """A function in the clothes of an object, a method, a class method."""

    def __call__(self, x, w, stride=1):
        return convlib.conv2d(x, w, stride=stride)

    def forward(self, x, w, bias=None):
        return convlib.conv2d(x, w, bias)

    @staticmethod
    def apply(x, w):
        return convlib.conv2d(x, w)


def with_any(x, w, **given):
    return convlib.conv2d(x, w, **given)


def with_all_positional(*arrays):
    return convlib.conv2d(*arrays)


def stride_a_number(image, kernel, stride=1):
    """Takes no pair."""
    return convlib.conv2d(image, kernel, stride=(stride, int(stride)))


def stride_a_pair(x, w, stride=(1, 1)):
    """Takes no number."""
    down, right = stride
    return convlib.conv2d(x, w, stride=(down, right))


def stride_required(x, w, stride):
    down, right = stride
    return convlib.conv2d(x, w, stride=(down, right))


def bias_required(x, w, b=None, *, bias, dilation):
    return convlib.conv2d(x, w, bias, dilation=dilation)


def positional_only(x, w, /):
    return convlib.conv2d(x, w)


def positional_only_stride(x, w, stride=(1, 1), /, padding=0):
    return convlib.conv2d(x, w, stride=stride, padding=padding)


def padding_a_number(x, w, padding=0):
    return convlib.conv2d(x, w, padding=(padding, padding + 0))


FEWER = (
    *(with_any, with_all_positional, stride_a_number, stride_a_pair, stride_required),
    *(bias_required, positional_only, positional_only_stride, padding_a_number),
    *(Layer(), Layer().forward, Layer.apply, partial(convlib.conv2d), lambda x, w: with_any(x, w)),
    partial(convlib.conv2d, groups=1, method="loops"),
)


@pytest.mark.parametrize("function", FEWER)
def test_functions_with_fewer_arguments_are_right(function):
    assert_right(check.conv2d, function)


@pytest.mark.parametrize("function", [np.vdot, np.tensordot, np.add, max, np.convolve])
def test_functions_written_in_c_are_judged_by_what_they_answer(function):
    report = check.conv2d(function, x="HW", w="HW")
    assert not report.ok
    assert report.wrong.startswith(("it raised", "it returned"))


@pytest.mark.parametrize(("kept", "lacking"), [((), KEYWORDS), (KEYWORDS[:3], KEYWORDS[3:])])
def test_what_was_not_tried_is_said(kept, lacking):
    signature = ", ".join(f"{name}=None" if name == "bias" else f"{name}=0" for name in kept)
    passed = ", ".join(f"{name}={name}" for name in kept)
    space = {"convlib": convlib}
    defined = signature.replace("stride=0", "stride=1")
    exec(f"def f(x, w, {defined}): return convlib.conv2d(x, w, {passed})", space)
    assert check.conv2d(space["f"]).untried == lacking


@settings(max_examples=30)
@given(st.lists(st.integers(0, len(LAYER) - 1), min_size=2, max_size=2, unique=True))
def test_of_two_mistakes_at_once_nothing_false_is_said(numbers):
    function = wrongly(*(LAYER[number] for number in numbers))
    report = check.conv2d(function, x="NCHW", w="OCHW")
    task = task_of(check.conv2d, x="NCHW", w="OCHW")
    assert truth(task, function, report) is not False, report


@pytest.mark.wide
@settings(max_examples=20)
@given(wrong_somehow(convlib.conv2d), st.sampled_from(SHAPES))
def test_other_wrongness_is_not_misnamed(function, shape):
    assert_not_misnamed(check.conv2d, function, x=shape[0], w=shape[1])


@pytest.mark.parametrize("count", [10, pytest.param(140, marks=pytest.mark.wide)])
def test_no_diagnosis_is_false_among_some_random_functions(count):
    counts, found = rate.measure((count, 0))
    assert found == []
    assert sum(counts.values()) == count
