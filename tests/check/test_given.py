"""What may be given, and what a function may return."""

import functools
import sys
from fractions import Fraction

import numpy as np
import pytest

import convlib
from convlens import check
from convlens.check.calling import code_of
from convlens.check.case import Case
from convlens.check.run import Run, shared
from convlens.check.settle import settled
from convlens.check.task import Task

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
    lambda x, w: right(x, w).astype(np.longdouble),
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


def swallowing(x, w, **options):
    return right(x, w)


def test_options_that_are_swallowed_are_none_that_it_has():
    report = plane(swallowing)
    assert report.ok
    assert "bias" in report.untried


def squeezed(x, w):
    return np.squeeze(right(x, w))


def test_a_squeeze_is_no_matrix_product():
    report = check.conv2d(squeezed, x="NCHW", w="OCHW")
    assert not report.ok
    assert "matrix" not in str(report.diagnosis)


def test_tensors_of_pytorch_are_answers_unless_they_require_a_gradient():
    torch = pytest.importorskip("torch")

    def layer(x, w):
        both = (torch.from_numpy(np.asarray(v, dtype=float)) for v in (x, w))
        return torch.nn.functional.conv2d(*both)

    assert check.conv2d(layer, x="NCHW", w="OCHW").ok
    report = check.conv2d(lambda x, w: layer(x, w).requires_grad_(), x="NCHW", w="OCHW")
    assert "a tensor that requires grad" in report.wrong
    assert ".detach()" in report.wrong


class Tensor:
    requires_grad = True

    def __array__(self, *given, **named):
        raise RuntimeError


async def waiting(x, w):
    return right(x, w)


async def yielding(x, w):
    yield right(x, w)


def holding_none(x, w):
    y = np.full((2, 3), 1.0, object)
    y[1, 1] = None
    return y


REFUSED = [
    (lambda x, w: Tensor(), "a tensor that requires grad", ".detach()"),
    (lambda x, w: np.ma.array(right(x, w)), "a masked array", ".filled(0)"),
    (lambda x, w: (row for row in right(x, w)), "a generator", "list("),
    (lambda x, w: right(x, w) + 0j, "complex numbers", ".real"),
    (lambda x, w: {"y": right(x, w)}, "a dict", "array"),
    (lambda x, w: map(sum, x), "a map", "list("),
    (lambda x, w: waiting(x, w), "a coroutine", "without async"),
    (lambda x, w: yielding(x, w), "an async generator", "without async"),
    (lambda x, w: right(x, w).sum, "a method that was not called", "()"),
    (lambda x, w: holding_none(x, w), "an array of objects", "(the first: None)"),
    (lambda x, w: [0.0] * 10**6, "a list of 1,000,000 numbers", "array"),
    (lambda x, w: [[0.0] * 1000] * 1000, "a list of more than 100,000 numbers", "array"),
    (lambda x, w: type("", (), {})(), "an object without a name", "array"),
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


class Whole(int):
    def __repr__(self):
        raise SystemExit

    __eq__ = __str__ = __format__ = __repr__
    __hash__ = int.__hash__


def test_an_answer_is_brought_down_to_what_it_is():
    plain = settled([Whole(3), np.longdouble(0.5), np.clongdouble(1j), np.float16(2)])
    types = [int, np.float64, np.complex128, np.float16]
    assert [type(v) for v in plain] == types
    assert plain == [3, 0.5, 1j, 2]


class Answers:
    """Answers with itself whatever it is asked."""

    def __getattr__(self, name):
        return self


class Exits:
    __wrapped__ = property(lambda self: sys.exit())


def test_only_code_is_taken_for_code():
    assert code_of(functools.partial(right)) is right.__code__
    assert code_of(Module()) is Module.__call__.__code__
    assert [code_of(odd) for odd in (Answers(), Exits(), max, np.add, 5)] == [None] * 5


def test_several_runs_share_a_clock_and_a_stream():
    case = Case("a plane", lambda number: {"x": np.eye(3), "w": np.eye(2)})
    task, both = Task(right, [case]), shared(5)
    one = Run(task, lambda x, w: print("here") or right(x, w), 5, *both)
    for run in (one, Run(task, one.function, 5, *both)):
        assert run(case.make(0)).returned
    assert both[0].lines == 2
    assert Run(task, right, 5, end=0)(case.make(0)).late
