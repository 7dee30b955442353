"""Every bad argument of a pooling: refused with what is wrong, what was given, what to change."""

import re

import numpy as np
import pytest

from convlib import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward, pool2d

X = np.ones((2, 4, 6, 7))
INTEGERS, RANGE, PAIR = "must be made of integers", "is out of range", "has 3 entries, not 2"
EITHER = "must be an int or a pair of ints"


def any_pool(x, kernel_size, **arguments):
    return pool2d(x, kernel_size, np.median, **arguments)


def max_back(x, kernel_size, **arguments):
    return max_pool2d_backward([[1]], x, kernel_size, **arguments)


def avg_back(x, kernel_size, **arguments):
    return avg_pool2d_backward([[1]], x, kernel_size, **arguments)


AVERAGES = (avg_pool2d, avg_back)
OTHERS = (max_pool2d, any_pool, max_back)


def refused(kind, wrong, change, *given, by=AVERAGES + OTHERS, x=X, kernel_size=3, **arguments):
    """The rows of the table for these functions: what comes out of what goes in."""
    for function in by:
        yield (
            lambda function=function: function(x, kernel_size, **arguments),
            kind,
            wrong,
            change,
            given,
        )


def steps():
    for name, least in [("kernel_size", 1), ("stride", 1), ("padding", 0), ("dilation", 1)]:
        by = OTHERS if name == "dilation" else AVERAGES + OTHERS
        for value, kind, wrong, change in [
            (1.5, TypeError, INTEGERS, f"Use a whole number, {least} or more"),
            (True, TypeError, INTEGERS, f"Use a whole number, {least} or more"),
            ((1, None), TypeError, INTEGERS, f"Use a whole number, {least} or more"),
            ("2", TypeError, EITHER, "Use an int or a (row, column) pair"),
            ("same", TypeError, EITHER, "Use an int or a (row, column) pair"),
            ({1, 2}, TypeError, EITHER, "Use an int or a (row, column) pair"),
            (-1, ValueError, f"{RANGE} (-1)", f"Use {least} or more"),
            ((1, least - 1), ValueError, f"{RANGE} ({least - 1})", f"Use {least} or more"),
            (10**30, ValueError, RANGE, "Use at most 2147483647"),
            ((1, 2, 3), ValueError, PAIR, "exactly two: (row, column)"),
            ([], ValueError, "has 0 entries, not 2", "exactly two: (row, column)"),
        ]:
            row = kind, f"{name} {wrong}", change, f"{name}={value!r}", "x.shape=(2, 4, 6, 7)"
            yield from refused(*row, by=by, **{name: value})
    for name in ("kernel_size", "padding", "dilation"):  # of the stride it means kernel_size
        by = OTHERS if name == "dilation" else AVERAGES + OTHERS
        yield from refused(
            TypeError, f"{name} {INTEGERS}", "", f"{name}=None", by=by, **{name: None}
        )
    sides = ((1, 1), (0, 0))
    yield from refused(TypeError, f"padding {INTEGERS}", "", f"padding={sides}", padding=sides)


def paddings():
    for kernel_size, padding, typed, most in [
        (3, 2, (2, 2), "1 for rows and 1 for columns"),
        ((2, 4), (0, 3), (0, 3), "1 for rows and 2 for columns"),
        ((1, 4), 1, (1, 1), "0 for rows and 2 for columns"),
    ]:
        yield from refused(
            ValueError,
            f"padding of {typed} is more than half of the kernel",
            f"Use at most {most}",
            f"kernel_size={kernel_size}",
            f"padding={padding}",
            kernel_size=kernel_size,
            padding=padding,
        )
    # It is half of the kernel that counts, however far its taps lie apart.
    wrong = "padding of (2, 2) is more than half of the kernel (3, 3)"
    yield from refused(ValueError, wrong, "Use at most 1", by=OTHERS, padding=2, dilation=2)


def misfits():
    too_large = "Use a smaller kernel or dilation, or more padding"
    wrong = "the kernel spans (7, 3) but the padded input is (6, 7)"
    yield from refused(ValueError, wrong, too_large, "kernel_size=(7, 3)", kernel_size=(7, 3))
    wrong = "the kernel spans (7, 7) but the padded input is (6, 7)"
    row = ValueError, wrong, too_large, "dilation=3"
    yield from refused(*row, by=OTHERS, dilation=3)
    # A stride of 1 leaves nothing over; one of 2 leaves one cell, and this kernel lacks two.
    for stride, kernel in [(1, 7), (2, 8), ((2, 1), 8)]:
        yield from refused(
            ValueError,
            f"the kernel spans ({kernel}, 3) but the padded input is (6, 7)",
            too_large,
            "ceil_mode=True",
            kernel_size=(kernel, 3),
            stride=stride,
            ceil_mode=True,
        )
    row = ValueError, "a window holds no cell of the image", "Use a smaller dilation, or less"
    arguments = {"kernel_size": (1, 2), "padding": (0, 1), "dilation": (1, 3)}
    yield from refused(*row, "dilation=(1, 3)", by=[any_pool], x=[[1, 2]], **arguments)


def names():
    for name in ("ceil_mode", "count_include_pad"):
        for value in (1, 0, None, "yes", [True]):
            row = TypeError, f"{name} must be a bool", "Use True or False", f"{name}={value!r}"
            by = AVERAGES if name == "count_include_pad" else AVERAGES + OTHERS
            yield from refused(*row, by=by, **{name: value})
    for value, kind, wrong in [
        ("CHW", ValueError, "is not known"),
        (None, TypeError, "must be a string"),
    ]:
        row = kind, f"layout {wrong}", "Use one of 'NCHW', 'NHWC'", f"layout={value!r}"
        yield from refused(*row, layout=value)


def arrays():
    for shape in ((), (6,), (1, 2, 4, 6, 7)):
        wrong = f"x has {len(shape)} axes, not 2, 3 or 4"
        change = "Use one image or a batch NHWC"
        row = ValueError, wrong, change, f"x.shape={shape}"
        yield from refused(*row, x=np.ones(shape), layout="NHWC")
    for shape, name in [
        ((2, 0, 6, 7), "channels"),
        ((2, 4, 0, 7), "input_size"),
        ((0, 7), "input_size"),
    ]:
        row = ValueError, f"{name} is out of range (0)", "Use 1 or more", f"x.shape={shape}"
        yield from refused(*row, x=np.ones(shape))
    for x, dtype in [
        (np.array([["a", "b"]]), "<U1"),
        (np.array([[None, 1]]), "object"),
        (np.zeros((1, 2), "datetime64[D]"), "datetime64[D]"),
    ]:
        change = "np.asarray(x, dtype=float)"
        yield from refused(TypeError, "x must hold numbers", change, f"x.dtype='{dtype}'", x=x)
    yield from refused(ValueError, "x is not a rectangular array", "same length", x=[[1, 2], [3]])
    masked = np.ma.array(np.ones((2, 3)), mask=np.eye(2, 3))
    yield from refused(TypeError, "x is a masked array", "x.filled(0)", x=masked)
    for dtype in ("complex64", "complex128"):
        row = TypeError, "complex numbers have no maximum", "Pool abs(x), x.real or x.imag"
        given = f"x.dtype='{dtype}'", "x.shape=(2, 4, 6, 7)"
        yield from refused(*row, *given, by=[max_pool2d, max_back], x=X.astype(dtype))


def reductions():
    def refuses(reduce, kind, wrong, change, *given):
        return lambda: pool2d(X, 3, reduce), kind, wrong, change, given

    words = "reduce cannot be called", "Use np.median, or a function of your own"
    yield refuses("median", TypeError, *words, "reduce='median'", "kernel_size=3")
    yield refuses(None, TypeError, *words, "reduce=None")
    change = "Return one number for each window: reduce over axis=(-2, -1) alone."
    shape, of = "(2, 2, 2, 4)", "(2, 2, 2, 4, 3, 3)"
    for reduce, made in [
        (lambda values, axis: values, of),
        (lambda values, axis: values.max(), "()"),
        (lambda values, axis: values.max(-1), "(2, 2, 2, 4, 3)"),
        (lambda values, axis: values.max(axis, keepdims=True), "(2, 2, 2, 4, 1, 1)"),
        (lambda values, axis: None, "()"),
    ]:
        wrong = f"reduce made {made} of {of}, not {shape}"
        yield refuses(reduce, ValueError, wrong, change, "x.shape=(2, 4, 6, 7)")


SUBJECTS = (steps, paddings, misfits, names, arrays, reductions)
TABLE = [
    pytest.param(*row, id=f"{subject.__name__}-{number}-{row[2]}")
    for subject in SUBJECTS
    for number, row in enumerate(subject())
]


@pytest.mark.parametrize(("call", "kind", "wrong", "change", "given"), TABLE)
def test_a_bad_argument_is_refused_in_three_sentences(call, kind, wrong, change, given):
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    parts = re.fullmatch(r"(.+?)\. Given: (.+)\. (.+\.)", str(caught.value), re.DOTALL)
    assert parts, str(caught.value)
    assert wrong in parts[1]
    assert change in parts[3]
    for piece in given:
        assert piece in parts[2]


@pytest.mark.parametrize("function", AVERAGES + OTHERS)
def test_sizes_that_no_memory_holds_are_refused_before_anything_is_made(function):
    vast = np.broadcast_to(np.uint8(1), (10**6, 10**7))
    for kernel_size, padding in [(3, 1), (1, 0), (2**30, 2**29)]:
        with pytest.raises(ValueError, match=r"memory|too big") as caught:
            function(vast, kernel_size, padding=padding, stride=1)
        assert "x.shape=(1000000, 10000000)" in str(caught.value)
        assert f"padding={padding}" in str(caught.value)


@pytest.mark.parametrize("function", AVERAGES + OTHERS)
def test_what_would_fit_an_address_but_not_this_machine_is_refused(function, monkeypatch):
    pages = {"SC_PHYS_PAGES": 2**8, "SC_PAGE_SIZE": 2**12}
    monkeypatch.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)
    # Bytes alone would be 0.2 MB, but what is summed up is eight times as wide.
    with pytest.raises(ValueError, match=r"0\.00144 GB asked for"):
        function(np.ones((300, 300), np.uint8), 1)


def test_what_reduce_raises_is_not_hidden():
    def own(values, axis):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        pool2d(X, 2, own)
    with pytest.raises(ValueError, match="read-only"):
        pool2d(X, 2, lambda values, axis: values.sort())
