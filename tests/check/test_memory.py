"""The checks of byte arithmetic: an element, a span, a proof."""

import numpy as np
import pytest

from convlens import check
from convlens.check.mistakes.byte_offset import byte_offset
from convlens.check.mistakes.byte_span import byte_span
from convlens.check.mistakes.is_safe import is_safe
from convlib import strided
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)

CHECKS = {
    check.byte_offset: byte_offset,
    check.byte_span: byte_span,
    check.is_safe: is_safe,
}


def span(shape, strides, itemsize):
    """The solution of notebook 07."""
    reach = [(n - 1) * jump for n, jump in zip(shape, strides, strict=True)]
    return sum(min(r, 0) for r in reach), sum(max(r, 0) for r in reach) + itemsize


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def test_right_offsets_are_right():
    def by_sum(array, index):
        return sum(k * jump for k, jump in zip(index, array.strides, strict=True))

    def by_dot(array, index):
        return np.dot(index, array.strides)

    def by_address(array, index):
        element = array[tuple(slice(k, k + 1) for k in index)]
        return element.ctypes.data - array.ctypes.data

    assert_right(check.byte_offset, by_sum, by_dot, by_address)


def test_right_spans_are_right():
    def as_list(shape, strides, itemsize):
        return list(span(shape, strides, itemsize))

    assert_right(check.byte_span, span, as_list, strided.byte_span)


def test_right_proofs_are_right():
    def by_spans(array, shape, strides):
        low, high = span(shape, strides, array.itemsize)
        first, last = span(array.shape, array.strides, array.itemsize)
        return first <= low and high <= last

    def by_refusal(array, shape, strides):
        try:
            strided.safe_view(array, shape, strides)
        except ValueError:
            return False
        return True

    assert_right(check.is_safe, by_spans, by_refusal)


def test_wrong_answer_to_a_question_is_told_as_such():
    report = check.is_safe(lambda array, shape, strides: not array.size)
    assert report.wrong == "it returned False where True is right"
    assert check.is_safe(lambda array, shape, strides: "yes").wrong == (
        "it returned a str; wanted is True or False"
    )


def test_end_that_is_wrong_is_told():
    report = check.byte_span(lambda shape, strides, itemsize: (0, 0))
    assert report.wrong == "for high, the number differs"
