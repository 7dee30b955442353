"""The check of the receptive field."""

import convlib
from convlens import check
from convlens.check.mistakes.fields import fields
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)


def test_each_mistake_is_named():
    assert_each_mistake_is_named(check.receptive_field, fields)


def test_nothing_is_written_yet():
    assert_nothing_written(check.receptive_field)


def by_library(layers):
    stack = [(kernel, stride, 0, dilation) for kernel, stride, dilation in layers]
    return convlib.receptive_field(stack).size[0]


def from_the_top(layers):
    size = 1
    for kernel, stride, dilation in layers[::-1]:
        size = (size - 1) * stride + (kernel - 1) * dilation + 1
    return size


def by_listing(layers):
    seen = {0}
    for kernel, stride, dilation in layers[::-1]:
        seen = {row * stride + u * dilation for row in seen for u in range(kernel)}
    return max(seen) - min(seen) + 1


def test_right_functions_are_right():
    assert_right(check.receptive_field, by_library, from_the_top, by_listing)


def test_rows_seen_are_not_the_size():
    """With holes, fewer rows are seen than lie between the first and the last."""

    def counted(layers):
        seen = {0}
        for kernel, stride, dilation in layers[::-1]:
            seen = {row * stride + u * dilation for row in seen for u in range(kernel)}
        return len(seen)

    report = check.receptive_field(counted)
    assert report.verdict == "not yet: one layer with a dilation"
