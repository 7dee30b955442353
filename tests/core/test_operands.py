"""What is recalled of calls: of equal ones alone, and of no more than a certain number."""

import numpy as np
import pytest

from convlib import conv2d, operands


@pytest.fixture(autouse=True)
def room_for_four(monkeypatch):
    monkeypatch.setattr(operands, "MOST_RECENT", 4)
    monkeypatch.setattr(operands, "_RECENT", {})


def test_of_many_calls_few_are_recalled():
    for width in range(2, 40):
        conv2d(np.ones((2, width)), np.ones((2, 2)))
        assert 0 < len(operands._RECENT) <= 4


def test_an_equal_call_is_recalled(monkeypatch):
    x, w = np.arange(12.0).reshape(3, 4), np.ones((2, 2))
    y = conv2d(x, w, stride=2)
    monkeypatch.setattr(operands, "_geometry", None)  # no size is worked out any more
    np.testing.assert_array_equal(conv2d(x, w, stride=2), y)


@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "groups", "threads"])
@pytest.mark.parametrize("other", [True, 1.0, np.float64(1)])
def test_what_equals_an_integer_is_refused_as_before(name, other):
    x, w = np.ones((4, 5)), np.ones((2, 2))
    for _ in range(2):
        conv2d(x, w, **{name: 1})
        with pytest.raises(TypeError, match=f"{name} must be made of integers"):
            conv2d(x, w, **{name: other})
