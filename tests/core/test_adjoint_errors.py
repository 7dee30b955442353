"""Every bad argument of the way back: what is wrong, what was given and what to change."""

import re
import tracemalloc

import numpy as np
import pytest

from convlib import Geometry, conv2d_backward, conv_transpose2d, fold, unfold
from convlib.adjoint.gradients import INPUT_GRADIENTS, index_grid_dw, strided_dw

X, W, GRAD = np.ones((2, 4, 6, 7)), np.ones((6, 2, 3, 2)), np.ones((2, 6, 4, 6))  # two groups
INTEGERS, RANGE, PAIR = "must be made of integers", "is out of range", "has 3 entries, not 2"
SHAPES = "grad.shape=(2, 6, 4, 6)", "x.shape=(2, 4, 6, 7)", "w.shape=(6, 2, 3, 2)"
BACK = {"grad": GRAD, "x": X, "w": W, "groups": 2}
SPREAD = {"x": np.ones((2, 6, 4, 5)), "w": W, "groups": 2}
SIZES = "x.shape=(2, 6, 4, 5)", "w.shape=(6, 2, 3, 2)"
LAID = {"x": X, "kernel_size": (3, 2)}
ADDED = {"cols": np.ones((2, 24, 24)), "output_size": (6, 7), "kernel_size": (3, 2)}


def back(kind, wrong, change, *given, **arguments):
    return lambda: conv2d_backward(**{**BACK, **arguments}), kind, wrong, change, given


def spread(kind, wrong, change, *given, **arguments):
    return lambda: conv_transpose2d(**{**SPREAD, **arguments}), kind, wrong, change, given


def laid(kind, wrong, change, *given, **arguments):
    return lambda: unfold(**{**LAID, **arguments}), kind, wrong, change, given


def added(kind, wrong, change, *given, **arguments):
    return lambda: fold(**{**ADDED, **arguments}), kind, wrong, change, given


def every(*row, **arguments):
    """The same row for all four functions."""
    return (make(*row, **arguments) for make in (back, spread, laid, added))


def gradients():
    for shape in [
        (2, 6, 6, 4), (6, 4, 6), (2, 4, 6), (1, 6, 4, 6), (2, 6, 4, 6, 1), (), (0,), (2, 0, 4, 6)
    ]:  # fmt: skip
        row = ValueError, f"grad has shape {shape}, the output of conv2d has (2, 6, 4, 6)"
        yield back(
            *row, "and the arguments that conv2d", f"grad.shape={shape}", *SHAPES[1:], "groups=2",
            grad=np.ones(shape),
        )  # fmt: skip
    wrong = "grad has shape (2, 6, 4, 6), the output of conv2d has"
    for arguments, output in [
        ({"stride": 2}, (2, 6, 2, 3)),
        ({"padding": "same"}, (2, 6, 6, 7)),
        ({"dilation": (1, 2)}, (2, 6, 4, 5)),
        ({"x": X[0]}, (6, 4, 6)),
        ({"w": W[0].repeat(2, axis=0), "groups": 1}, (2, 4, 6)),
        ({"x": X[0], "w": W[0].repeat(2, axis=0), "groups": 1}, (4, 6)),
        ({"x": X[0, 0], "w": W[0, 0], "groups": 1}, (4, 6)),
        ({"x": X[:0]}, (0, 6, 4, 6)),
    ]:
        given = "grad.shape=(2, 6, 4, 6)", *(f"{k}={v!r}" for k, v in arguments.items() if k != "x")
        given = [piece for piece in given if not piece.startswith("w=")]
        yield back(ValueError, f"{wrong} {output}", "Give grad the shape", *given, **arguments)
    last = {"x": np.ones((2, 6, 7, 4)), "w": np.ones((3, 2, 2, 6)), "layout": "NHWC"}
    yield back(ValueError, f"{wrong} (2, 4, 6, 6)", "Give grad", "layout='NHWC'", **last)


def as_conv2d():
    """What conv2d refuses, conv2d_backward refuses in the same words."""
    x_and_w = SHAPES[1:]
    for name, value, kind, wrong in [
        ("stride", 0, ValueError, f"{RANGE} (0)"),
        ("stride", 1.5, TypeError, INTEGERS),
        ("dilation", (1, 2, 3), ValueError, PAIR),
        ("padding", -1, ValueError, RANGE),
        ("padding", "SAME", ValueError, "is not known"),
        ("groups", True, TypeError, INTEGERS),
        ("padding_mode", "mirror", ValueError, "is not known"),
        ("layout", "CHWN", ValueError, "is not known"),
    ]:
        yield back(kind, f"{name} {wrong}", "Use", f"{name}={value!r}", *x_and_w, **{name: value})
    for value, kind in [("fast", ValueError), (None, TypeError)]:
        known = "Use one of 'loops', 'index_grid', 'strided', 'auto'"
        yield back(kind, "method", known, f"method={value!r}", method=value)
    yield back(ValueError, "w reads 2 channels in each of 1 groups", "Make C", groups=1)
    yield back(ValueError, "the kernel spans (3, 8)", "smaller kernel", dilation=(1, 7))
    mode = {"padding": 6, "padding_mode": "reflect"}
    yield back(ValueError, "reflect padding of 6 on a size of 6", "at most 5", "padding=6", **mode)
    yield back(ValueError, "x with 1 axes and w with 4", "Use x with", "x.shape=(3,)", x=np.ones(3))


def steps():
    for name in ("stride", "dilation"):
        yield from every(TypeError, f"{name} {INTEGERS}", "1 or more", f"{name}=1.5", **{name: 1.5})
        yield from every(ValueError, f"{name} {RANGE} (0)", "1 or more", f"{name}=0", **{name: 0})
        given = f"{name}=(1, 2, 3)"
        yield from every(ValueError, f"{name} {PAIR}", "exactly two", given, **{name: (1, 2, 3)})
    for value, kind, wrong in [
        (-1, ValueError, RANGE),
        (None, TypeError, INTEGERS),
        ((1, 2, 3), ValueError, PAIR),
    ]:
        given = f"padding={value!r}"
        yield from every(kind, f"padding {wrong}", "Use", given, padding=value)
    for value, kind, wrong in [
        (-1, ValueError, RANGE),
        (1.0, TypeError, INTEGERS),
        ("1", TypeError, "must be an int or a pair"),
        ((1, 2, 3), ValueError, PAIR),
    ]:
        given = f"output_padding={value!r}", *SIZES
        yield spread(kind, f"output_padding {wrong}", "Use", *given, output_padding=value)
    for value in ("same", "valid", ((1, 1), (0, 0))):  # several sizes would fit "same"
        yield spread(TypeError, "padding must be", "Use a", f"padding={value!r}", padding=value)


def transposed():
    for more, stride, dilation, wrong in [
        (1, 1, 1, "output_padding of 1 is not smaller than the stride 1 or the dilation 1"),
        ((0, 2), 2, 1, "output_padding of 2 is not smaller than the stride 2 or the dilation 1"),
        ((3, 0), 2, 3, "output_padding of 3 is not smaller than the stride 2 or the dilation 3"),
    ]:
        typed = {"output_padding": more, "stride": stride, "dilation": dilation}
        given = *SIZES, *(f"{k}={v}" for k, v in typed.items())
        most = f"Use at most {max(stride, dilation) - 1} there"
        yield spread(ValueError, wrong, most, *given, **typed)
    wrong = "the output would have -2 rows and 0 columns"
    yield spread(ValueError, wrong, "Use less padding", "padding=(4, 3)", *SIZES, padding=(4, 3))
    wrong = "the output would have 6 rows and 0 columns"
    yield spread(ValueError, wrong, "a larger stride", "padding=(0, 3)", *SIZES, padding=(0, 3))
    wrong = "w reads 6 channels, x has 4"
    yield spread(ValueError, wrong, "equal C of x", "x.shape=(2, 4, 6, 7)", SIZES[1], x=X)
    wrong = "w reads 2 channels, x has 5"
    yield spread(ValueError, wrong, "its last for NHWC", "layout='NHWC'", layout="NHWC")
    for shape in ((), (1,), (2,), (6,), (4, 1)):
        wrong, change = f"bias has shape {shape}", "Use (4,): one number a channel of the output"
        yield spread(ValueError, wrong, change, f"bias.shape={shape}", bias=np.ones(shape))
    flat = {"x": np.ones((2, 3)), "w": np.ones((2, 2)), "groups": 1, "bias": np.ones(2)}
    yield spread(ValueError, "bias has shape (2,)", "Use () or (1,)", "bias.shape=(2,)", **flat)
    for x, w in [
        ((5,), (1, 1)), ((2, 3), (1, 1, 2, 2)), ((1, 2, 3), (2, 2)), ((1, 2, 3), (1, 2, 2)),
        ((1,) * 5, (1,) * 4),
    ]:  # fmt: skip
        wrong = f"x with {len(x)} axes and w with {len(w)} do not go together"
        arrays = {"x": np.ones(x), "w": np.ones(w)}
        yield spread(
            ValueError, wrong, "Use x with 4 or 3", f"x.shape={x}", f"w.shape={w}", **arrays
        )
    for x, w in [
        ((2, 0, 3, 3), (0, 1, 2, 2)), ((2, 6, 0, 3), (6, 2, 3, 2)), ((0, 3), (1, 1)),
        ((2, 6, 4, 5), (6, 0, 3, 2)),
    ]:  # fmt: skip
        arrays = {"x": np.ones(x), "w": np.ones(w)}
        change = "Only the batch may be empty"
        yield spread(ValueError, "an axis has length 0", change, f"x.shape={x}", **arrays)
    for value, kind, wrong in [(0, ValueError, RANGE), (1.5, TypeError, INTEGERS)]:
        yield spread(kind, f"groups {wrong}", "1 or more", f"groups={value}", *SIZES, groups=value)
    wrong = "4 groups do not divide 8 channels and 6 filters"
    yield spread(ValueError, wrong, "divides both", "groups=4", *SIZES, groups=4)
    for value, kind in [("HWC", ValueError), (3, TypeError)]:
        yield spread(kind, "layout", "Use one of 'NCHW', 'NHWC'", f"layout={value!r}", layout=value)


def folding():
    for axes in (0, 1, 2, 5):
        wrong = f"x has {axes} axes, not 3 or 4"
        change = "of one plane make x[None]"
        yield laid(ValueError, wrong, change, "kernel_size=(3, 2)", x=np.ones((9,) * axes))
    for axes in (0, 1, 4):
        wrong = f"cols has {axes} axes, not 2 or 3"
        yield added(ValueError, wrong, "as from unfold", "cols.shape=", cols=np.ones((9,) * axes))
    shape = "cols.shape=(2, 24, 24)"
    for rows in (0, 23, 25):
        wrong = f"cols has {rows} rows, which 6 taps do not divide into channels"
        yield added(
            ValueError, wrong, "C*KH*KW", f"cols.shape=(2, {rows}, 24)", cols=np.ones((2, rows, 24))
        )
    wrong = "cols has 24 columns, but these sizes give"
    for arguments, windows in [
        ({"output_size": (7, 6)}, "5 * 5"),
        ({"stride": 2}, "2 * 3"),
        ({"padding": 1}, "6 * 8"),
        ({"dilation": 2}, "2 * 5"),
    ]:
        given = (f"{k}={v}" for k, v in arguments.items())
        change = "Use the output_size, and the arguments, that unfold had"
        yield added(ValueError, f"{wrong} {windows} windows", change, shape, *given, **arguments)
    for name, make in [("kernel_size", laid), ("kernel_size", added), ("output_size", added)]:
        for value, kind, wrong in [
            (0, ValueError, RANGE),
            (1.5, TypeError, INTEGERS),
            ((1, 2, 3), ValueError, PAIR),
            ("2", TypeError, "must be an int or a pair"),
        ]:
            yield make(kind, f"{name} {wrong}", "Use", f"{name}={value!r}", **{name: value})
    wrong = "the kernel spans (9, 1) but the padded"
    for make in (laid, added):
        yield make(ValueError, wrong, "smaller kernel", "kernel_size=(9, 1)", kernel_size=(9, 1))


def arrays():
    for make, name in [
        (back, "grad"), (back, "x"), (back, "w"), (spread, "x"), (spread, "w"), (spread, "bias"),
        (laid, "x"), (added, "cols"),
    ]:  # fmt: skip
        change = f"np.asarray({name}, dtype=float)"
        typed = f"{name}.dtype='object'"
        words = np.array([None])
        yield make(TypeError, f"{name} must hold numbers", change, typed, **{name: words})
        ragged = f"{name}=[[1, 2], [3]]"
        wrong = f"{name} is not a rectangular array"
        yield make(ValueError, wrong, "same length", ragged, **{name: [[1, 2], [3]]})
        masked = np.ma.array([1, 2], mask=[0, 1])
        change = f"{name}.filled(0)"
        yield make(TypeError, f"{name} is a masked array", change, "shape=(2,)", **{name: masked})


SUBJECTS = (gradients, as_conv2d, steps, transposed, folding, arrays)
TABLE = [
    pytest.param(*row, id=f"{subject.__name__}-{number}-{row[2]}")
    for subject in SUBJECTS
    for number, row in enumerate(subject())
]


def test_the_defaults_of_the_table_are_good():
    assert conv2d_backward(**BACK)[0].shape == X.shape
    assert conv_transpose2d(**SPREAD).shape == (2, 4, 6, 6)
    assert unfold(**LAID).shape == ADDED["cols"].shape
    assert fold(**ADDED).shape == X.shape


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


HUGE = 10**6
IMMENSE = np.broadcast_to(np.float32(1), (1, HUGE, HUGE))


@pytest.mark.parametrize(
    "call",
    [
        *(
            lambda m=m: conv2d_backward([[1]], [[1.0]], [[1]], padding=HUGE, stride=HUGE, method=m)
            for m in INPUT_GRADIENTS
        ),
        lambda: conv_transpose2d(np.ones((3, 4)), np.ones((2, 2)), stride=HUGE),
        lambda: conv_transpose2d(np.ones((3, 4)), np.ones((2, 2)), dilation=HUGE),
        lambda: unfold(np.ones((1, 3, 4)), 2, padding=HUGE),
        lambda: unfold(IMMENSE, 3),
        lambda: fold(np.ones((4, 1)), HUGE, 2, stride=HUGE),
    ],
)
def test_sizes_that_no_memory_holds_are_refused_before_anything_is_made(call):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"not enough memory|grad has shape") as caught:
            call()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert "shape=(" in str(caught.value)
    assert "Use " in str(caught.value) or "Give grad" in str(caught.value)


@pytest.fixture
def machine_of_one_megabyte(monkeypatch):
    pages = {"SC_PHYS_PAGES": 2**8, "SC_PAGE_SIZE": 2**12}
    monkeypatch.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)


@pytest.mark.usefixtures("machine_of_one_megabyte")
@pytest.mark.parametrize("method", ["index_grid", "strided"])
def test_methods_that_copy_the_windows_ask_for_their_memory_first(method):
    x, w = np.ones((60, 60)), np.ones((10, 10))  # 2.1 MB of windows
    grad = np.ones((51, 51))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="not enough memory") as caught:
            conv2d_backward(grad, x, w, method=method)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000
    assert "grad.shape=(51, 51), x.shape=(60, 60), w.shape=(10, 10)" in str(caught.value)


@pytest.mark.usefixtures("machine_of_one_megabyte")
@pytest.mark.parametrize("gradient", [index_grid_dw, strided_dw])
def test_the_gradients_of_weights_ask_for_their_own_memory(gradient):
    g = Geometry((60, 60), 10)
    with pytest.raises(MemoryError, match="GB asked for"):
        gradient(np.ones((1, 51, 51, 1)), np.ones((1, 1, 60, 60)), g)


@pytest.mark.usefixtures("machine_of_one_megabyte")
def test_arguments_are_not_converted_before_there_is_memory_for_it():
    x, grad = np.ones((400, 400), np.uint8), np.ones((400, 400))  # as float64 1.3 MB
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="not enough memory"):
            conv2d_backward(grad, x, [[1.5]])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000


@pytest.mark.usefixtures("machine_of_one_megabyte")
def test_the_others_ask_for_their_memory_first():
    x, w = np.ones((60, 60)), np.ones((10, 10))
    assert conv_transpose2d(x, w).shape == (69, 69)  # a tap at a time, no windows
    for call in (
        lambda: conv_transpose2d(x, w, stride=10),
        lambda: unfold(x[None], 10),
        lambda: fold(np.ones((100, 51 * 51)), 60, 10),
    ):
        with pytest.raises(ValueError, match="not enough memory"):
            call()
