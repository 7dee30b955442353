"""What may be given, and what a function may return."""

import functools
from fractions import Fraction

import numpy as np
import pytest

import convlib
from convlens import check

plane = functools.partial(check.conv2d, x="HW", w="HW")


def right(x, w):
    return convlib.conv2d(x, w)


def undecorated(*given, **named):
    return right(*given, **named)


def taking_anything(x, w, **named):
    return convlib.conv2d(x, w, **named)


class Module:
    """As a layer of a framework is called: anything goes through."""

    def __call__(self, *given, **named):
        return self.forward(*given, **named)

    def forward(self, x, w):
        return right(x, w)


def by_number(x, w):
    return right(x, w).astype(object)


def fractions(x, w):
    exact = [[Fraction(float(v)) for v in row] for row in right(x, w)]
    return np.array(exact, object)


RIGHT = [
    *(undecorated, taking_anything, Module(), by_number, fractions),
    lambda x, w: right(x, w).tolist(),
    lambda x, w: tuple(map(tuple, right(x, w))),
    lambda x, w: np.asfortranarray(right(x, w)),
    lambda x, w: right(x, w).astype(np.float32),
    lambda x, w: np.broadcast_to(right(x, w), right(x, w).shape),
    lambda x, w: right(x, w)[::-1][::-1],
    lambda x, w: memoryview(np.ascontiguousarray(right(x, w))),
]


@pytest.mark.parametrize("function", RIGHT)
def test_right_in_another_form_is_right(function):
    report = plane(function)
    assert report.ok, report


def test_what_a_wrapper_chokes_on_is_not_tried():
    report = plane(undecorated)
    assert "stride" in report.untried
    assert not any("stride" in what for what in report.tried)
    assert plane(taking_anything).untried == ()


class Tensor:
    requires_grad = True

    def __array__(self, *given, **named):
        raise RuntimeError


REFUSED = [
    (lambda x, w: Tensor(), "a tensor that requires grad", ".detach()"),
    (lambda x, w: np.ma.array(right(x, w)), "a masked array", ".filled(0)"),
    (lambda x, w: (row for row in right(x, w)), "a generator", "list("),
    (lambda x, w: right(x, w) + 0j, "complex numbers", ".real"),
    (lambda x, w: {"y": right(x, w)}, "a dict", "array"),
    (lambda x, w: "text", "a str", "array"),
    (lambda x, w: None if x.size else 0, "nothing (None)", "return"),
]


@pytest.mark.parametrize(("function", "what", "cure"), REFUSED)
def test_what_is_no_array_of_numbers_is_refused_with_the_call_that_makes_it_one(
    function, what, cure
):
    report = plane(function)
    assert not report.ok
    assert what in report.wrong
    assert cure in report.wrong
