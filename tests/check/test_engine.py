import functools
import time

import numpy as np
import pytest

import convlib
from convlens import check
from tests.check.judge import nothing

plane = functools.partial(check.conv2d, x="HW", w="HW")


def right(x, w):
    return convlib.conv2d(x, w)


def raising(error):
    def function(x, w):
        raise error

    return function


class Awkward(Exception):
    def __str__(self):
        raise RuntimeError


MESSAGES = [
    (ValueError("the sides differ"), "it raised ValueError: the sides differ, at the line"),
    (KeyError(3), "it raised KeyError: 3, at the line"),
    (ValueError("first\nsecond"), "it raised ValueError: first, at the line"),
    (ZeroDivisionError(), "it raised ZeroDivisionError, at the line"),
    (Awkward(), "it raised Awkward, at the line"),
    (SystemExit(2), "it raised SystemExit: 2, at the line"),
    (KeyboardInterrupt(), "it raised KeyboardInterrupt, at the line"),
    (GeneratorExit(), "it raised GeneratorExit, at the line"),
    (MemoryError(), "it raised MemoryError, at the line"),
    (AssertionError("x" * 1000), f"it raised AssertionError: {'x' * 200}..., at the line"),
]


@pytest.mark.parametrize(("error", "wrong"), MESSAGES, ids=lambda v: type(v).__name__)
def test_what_is_raised_is_told_with_its_line(error, wrong):
    report = plane(raising(error))
    assert report.wrong == f"{wrong} `raise error`"
    assert not report.ok
    assert not report.causes


def helper(x):
    return x.no_such_attribute


def calls_a_helper(x, w):
    y = x * 2
    return helper(y)


def recursive(x, w):
    return recursive(x, w)


class Callable:
    def __call__(self, x, w):
        return x[99]

    def method(self, x, w):
        return x[99]


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (calls_a_helper, "return x.no_such_attribute"),
        (recursive, "return recursive(x, w)"),
        (functools.partial(calls_a_helper), "return x.no_such_attribute"),
        (functools.wraps(calls_a_helper)(lambda x, w: calls_a_helper(x, w)), "return x.no_such"),
        (Callable(), "return x[99]"),
        (Callable().method, "return x[99]"),
    ],
)
def test_the_line_is_the_readers_own(function, line):
    assert f", at the line `{line}" in plane(function).wrong


def test_a_function_written_in_c_raises_without_a_line():
    report = plane(np.linalg.inv)
    assert report.wrong.startswith("it cannot") or "at the line" not in report.wrong


def test_nothing_written_is_told_from_nothing_returned():
    def forgot(x, w):
        y = np.zeros((3, 4))
        y[0] = 1

    assert plane(nothing).verdict == "nothing written yet"
    report = plane(forgot)
    assert report.verdict.startswith("not yet")
    assert report.wrong == (
        "it returned nothing (None); wanted is an array of shape (1, 1); is a `return` missing?"
    )


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (5, "given is an int; pass the function itself, without parentheses"),
        (None, "given is nothing (None); pass the function itself, without parentheses"),
        (np.zeros(3), "given is an array of dtype float64; pass the function itself"),
    ],
)
def test_what_is_no_function_is_told(given, wrong):
    report = plane(given)
    assert report.verdict == "not a function"
    assert report.wrong.startswith(wrong)


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (lambda x: x, "it takes 1 of the 2 arguments x, w"),
        (lambda: 0, "it takes 0 of the 2 arguments x, w"),
        (lambda x, w, size: x, "its argument 'size' is not among x, w, bias, stride"),
        (lambda x, w, *, size: x, "its argument 'size' is not among"),
        (eval("lambda x, w, stride, /: x"), "its argument 'stride' cannot be passed by name"),
    ],
)
def test_a_signature_that_cannot_be_called_is_told(function, problem):
    report = plane(function)
    assert report.verdict == "it cannot be called"
    assert report.wrong.startswith(problem)


def test_a_function_may_print(capsys):
    def talking(x, w):
        print("here")
        return right(x, w)

    assert plane(talking).ok
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == ["here"] * 20  # the first, and how many were left out
    assert lines[-1] == f"... and {2 * len(plane(right).tried) - 20} lines more"


def test_a_function_that_answers_differently_each_time_is_told_so():
    state = iter(range(10_000))

    def counting(x, w):
        return right(x, w) + next(state)

    def right_at_first(x, w, seen=[]):  # noqa: B006
        seen.append(0)
        return right(x, w) if len(seen) < 3 else right(x, w) * len(seen)

    def with_luck(x, w):
        return right(x, w) + np.random.rand()  # noqa: NPY002

    for function in (counting, right_at_first, with_luck):
        report = plane(function)
        assert not report.ok
        assert report.diagnosis == "the same call gives two different answers"


def test_a_function_that_refuses_to_tell_about_itself_is_judged_all_the_same():
    class Odd:
        __signature__ = property(lambda self: 1 / 0)

        def __getattr__(self, name):
            raise RuntimeError

        def __call__(self, x, w):
            return right(x, w)

    assert plane(Odd()).ok


def test_a_full_check_takes_less_than_a_second():
    start = time.process_time()  # a machine that is busy with other things is no fault of ours
    check.conv2d(convlib.conv2d)
    assert time.process_time() - start < 1


def test_warnings_of_the_known_mistakes_are_not_the_readers(recwarn):
    plane(lambda x, w: right(x, w) * np.nan)
    plane(lambda x, w: (right(x, w) + 1e300).astype(np.float64) * 1e300)
    assert [str(w.message) for w in recwarn if "convlib" in w.filename] == []
