import functools

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import convlib
from convlens import check

plane = functools.partial(check.conv2d, x="HW", w="HW")


class Stubborn:
    """As an array of another library that is not on this machine's processor."""

    shape = (3, 4)

    def __array__(self, *args, **kwargs):
        raise TypeError("can't convert cuda tensor to numpy")


class Mute:
    base = property(lambda self: self)

    def __repr__(self):
        raise ValueError


TYPES = {
    "a str": "text",
    "a dict": {"y": 1},
    "a list": [[1, 2], [3]],
    "an array of dtype <U1": np.array(["a"]),
    "a masked array": np.ma.ones((3, 4)),
    "a generator": (k for k in range(3)),
    "a Stubborn": Stubborn(),
    "a Mute": Mute(),
    "a set": {1, 2},
    "an array of objects": np.array([[1, "2"]], object),
    "an ellipsis": ...,
}


@pytest.mark.parametrize(("kind", "value"), TYPES.items(), ids=TYPES)
def test_answers_of_another_type_are_named(kind, value):
    report = plane(lambda x, w: value)
    assert report.wrong.startswith(f"it returned {kind}; wanted is an array of shape (1, 1)")
    assert report.text
    assert report._repr_html_()


def right(x, w):
    return convlib.conv2d(x, w)


NUMBERS = [
    (lambda x, w: right(x, w)[:2], "it returned an array of shape (2, 1)"),
    (lambda x, w: right(x, w)[None], "it returned an array of shape (1, 1, 1)"),
    (lambda x, w: np.zeros((0, 4)), "it returned an array of shape (0, 4)"),
    (lambda x, w: 5, "it returned a number; wanted is an array of shape (1, 1)"),
    (lambda x, w: True, "it returned a number"),
    (lambda x, w: right(x, w) * np.nan, "the number differs"),
    (lambda x, w: right(x, w) + np.inf, "the number differs"),
    (lambda x, w: right(x, w) + 0j, "it returned complex numbers; wanted are real ones"),
    (lambda x, w: x, "the number differs"),
    (lambda x, w: w, "the number differs"),
]


@pytest.mark.parametrize(("function", "wrong"), NUMBERS)
def test_shapes_and_numbers_that_are_wrong_are_named(function, wrong):
    report = plane(function)
    assert report.wrong.startswith(wrong)


@pytest.mark.parametrize("convert", [np.ndarray.tolist, np.float32, np.asfortranarray])
def test_the_kind_of_array_does_not_matter(convert):
    assert plane(lambda x, w: convert(right(x, w))).ok


CHANGES = {
    "x": lambda x, w, bias: x.fill(0),
    "w": lambda x, w, bias: w.fill(0),
    "bias": lambda x, w, bias: bias.fill(0),
    "x and w": lambda x, w, bias: (x.fill(0), w.fill(0)),
    "x through a view": lambda x, w, bias: x[1:, ::2].T.__setitem__(0, -1),
    "x sorted": lambda x, w, bias: x[0].sort(),
    "x from outside": lambda x, w, bias: as_strided(x, (50,), (8,)).fill(-1),
    "x through Fortran order": lambda x, w, bias: x.flags.f_contiguous and x.ravel("K").fill(-1),
}


@pytest.mark.parametrize(("how", "change"), CHANGES.items(), ids=CHANGES)
def test_a_change_of_the_callers_arrays_is_seen(how, change):
    def function(x, w, bias):
        y = convlib.conv2d(x, w, bias)
        change(x, w, bias)
        return y

    report = plane(function)
    names = " and ".join(n for n in ("x", "w", "bias") if n in how.split())
    verb = "are" if "and" in names else "is"
    assert report.wrong == f"the numbers are right, but {names} {verb} no longer as before"
    assert report.diagnosis == "your function changes what it was given"


def test_a_view_that_reaches_outside_is_wrong_and_far_outside_is_never_read():
    def near(x, w):
        return as_strided(x[-2:], (3, 4), x.strides)

    def far(x, w):
        return as_strided(x, (3, 4), (2**40, 8))

    def far_in_a_list(x, w):
        return [as_strided(x, (4,), (2**40,))] * 3

    assert "your view touches the bytes" in plane(near).wrong
    for function in (far, far_in_a_list):
        report = plane(function)
        assert report.wrong == "it returned a view that reaches far outside the array's memory"
        assert report.text
        assert report._repr_html_()
