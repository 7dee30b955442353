"""The check of how filters lie in memory."""

import numpy as np
import pytest

from convlens import check
from convlens.check.mistakes.filters import filters
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_named,
    assert_nothing_written,
    assert_right,
    each,
)


@pytest.mark.parametrize("m", each(filters))
def test_a_mistake_is_named(m):
    assert_named(check.to_channels_last, m)


def test_mistakes_are_worded_and_differ():
    assert_each_mistake_is_named(check.to_channels_last, filters)


def test_nothing_is_written_yet():
    assert_nothing_written(check.to_channels_last)


def test_right_functions_are_right():
    def copied(w):
        return w.transpose(2, 3, 1, 0).copy()

    def filled(w):
        o, c, kh, kw = w.shape
        last = np.empty((kh, kw, c, o), w.dtype)
        last[...] = np.moveaxis(w, (0, 1), (3, 2))
        return last

    def as_lists(w):
        return w.transpose(2, 3, 1, 0).tolist()

    assert_right(check.to_channels_last, copied, filled, as_lists)
    assert_right(check.to_channels_last, lambda w: np.ascontiguousarray(w.transpose(2, 3, 1, 0)))


@pytest.mark.parametrize("copy", [np.copy, np.array, np.asfortranarray, np.asarray])
def test_a_copy_that_keeps_the_order_is_seen(copy):
    report = check.to_channels_last(lambda w: copy(w.transpose(2, 3, 1, 0)))
    assert report.diagnosis == "in memory the numbers lie as before"
