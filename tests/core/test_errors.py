"""Every bad argument: refused with what is wrong, what was given and what to change."""

import re
import tracemalloc

import numpy as np
import pytest

from convlib import METHODS, Geometry, Walk, conv2d, index_grid, strided
from convlib.arguments import refusal

X, W = np.ones((2, 4, 6, 7)), np.ones((6, 2, 3, 2))  # two groups
IMAGE, KERNEL = np.ones((4, 6, 7)), np.ones((4, 3, 2))
INTEGERS, RANGE, PAIR = "must be made of integers", "is out of range", "has 3 entries, not 2"
HUGE = [10**6, 10**9, 2**31 - 1, 10**30]


def conv(kind, wrong, change, *given, x=X, w=W, groups=2, **arguments):
    """One row of the table for conv2d: what comes out (kind to given) of what goes in."""
    arguments = {"groups": groups, **arguments}
    return lambda: conv2d(x, w, **arguments), kind, wrong, change, given


def both(kind, wrong, change, *given, x=X, kernel_size=2, **arguments):
    """Two rows of the table, for the windows of either family."""
    for family in index_grid, strided:
        yield (
            lambda family=family: family.windows(x, kernel_size, **arguments),
            kind,
            wrong,
            change,
            given,
        )


def sizes(kind, wrong, change, *given, input_size=(6, 7), kernel_size=(3, 2), **arguments):
    """One row of the table for Geometry."""
    return lambda: Geometry(input_size, kernel_size, **arguments), kind, wrong, change, given


def steps():
    for name in ("stride", "dilation"):
        for value in (
            1.5,
            None,
            True,
            "2",
            b"12",
            (1, 1.5),
            (None, 1),
            {1, 2},
            {1: 2},
            np.array([1.0, 2.0]),
            np.True_,
        ):
            wrong = (
                "must be an int or a pair"
                if isinstance(value, str | bytes | set | dict)
                else INTEGERS
            )
            change = (
                "Use an int or a (row, column) pair"
                if wrong != INTEGERS
                else "Use a whole number, 1 or more"
            )
            row = TypeError, f"{name} {wrong}", change, f"{name}={value!r}"
            yield conv(*row, "x.shape=(2, 4, 6, 7)", "w.shape=(6, 2, 3, 2)", **{name: value})
            yield from both(*row, "x.shape=(2, 4, 6, 7)", "kernel_size=2", **{name: value})
            yield sizes(*row, "input_size=(6, 7)", "kernel_size=(3, 2)", **{name: value})
        for value, wrong, change in [
            (0, f"{RANGE} (0)", "Use 1 or more"),
            (-1, f"{RANGE} (-1)", "Use 1 or more"),
            ((1, 0), f"{RANGE} (0)", "Use 1 or more"),
            (10**30, f"{RANGE} ({10**30})", "Use at most 2147483647"),
            ((1, 2, 3), PAIR, "exactly two: (row, column)"),
            ((), "has 0 entries, not 2", "exactly two: (row, column)"),
            ([1], "has 1 entries, not 2", "exactly two: (row, column)"),
        ]:
            row = ValueError, f"{name} {wrong}", change, f"{name}={value!r}"
            yield conv(*row, "x.shape=(2, 4, 6, 7)", "w.shape=(6, 2, 3, 2)", **{name: value})
            yield from both(*row, "x.shape=(2, 4, 6, 7)", "kernel_size=2", **{name: value})
            yield sizes(*row, "input_size=(6, 7)", "kernel_size=(3, 2)", **{name: value})


def paddings():
    for value in (
        1.5,
        None,
        True,
        (1, 1.5),
        ((1, 1), (1, None)),
        {0: 1},
        {1, 2},
        b"ab",
        (("a", "b"), "cd"),
    ):
        row = TypeError, "padding must be", "Use a", f"padding={value!r}"
        yield conv(*row, "x.shape=(2, 4, 6, 7)", padding=value)
        yield sizes(*row, "input_size=(6, 7)", padding=value)
    for value, wrong, change in [
        (-1, f"{RANGE} (-1)", "Use 0 or more"),
        ((0, -2), f"{RANGE} (-2)", "Use 0 or more"),
        (((0, 0), (0, -3)), f"{RANGE} (-3)", "Use 0 or more"),
        (10**30, RANGE, "Use at most 2147483647"),
        ((1, 2, 3), PAIR, "exactly two"),
        ((1, 2, 3, 4), "has 4 entries, not 2", "exactly two"),
        (((1, 2, 3), (1, 2)), PAIR, "exactly two"),
        (((), ()), "has 0 entries", "exactly two"),
        ((), "has 0 entries", "exactly two"),
        ([], "has 0 entries", "exactly two"),
        (
            (1, (2, 3)),
            "has the wrong form",
            "Use an int, (row, column) or ((top, bottom), (left, right))",
        ),
        (((1, 2), (3, 4), (5, 6)), "has the wrong form", "Use an int, (row, column) or"),
        ("SAME", "is not known", "Use one of 'valid', 'same', 'same_lower'"),
        ("2", "is not known", "Use one of 'valid', 'same', 'same_lower'"),
    ]:
        row = ValueError, f"padding {wrong}", change, f"padding={value!r}"
        yield conv(*row, "x.shape=(2, 4, 6, 7)", "w.shape=(6, 2, 3, 2)", padding=value)
        yield sizes(*row, "input_size=(6, 7)", "kernel_size=(3, 2)", padding=value)
    yield conv(TypeError, "padding must be", "Use a", padding=[[1, [2]], [1, 1]])
    yield conv(TypeError, "padding must be", "Use an int or", padding={})


def groupings():
    for value, kind, wrong, change in [
        (1.5, TypeError, INTEGERS, "Use a whole number, 1 or more"),
        (None, TypeError, INTEGERS, "Use a whole number, 1 or more"),
        (True, TypeError, INTEGERS, "Use a whole number, 1 or more"),
        ("2", TypeError, INTEGERS, "Use a whole number, 1 or more"),
        ((1, 2), TypeError, INTEGERS, "Use a whole number, 1 or more"),
        (0, ValueError, RANGE, "Use 1 or more"),
        (-2, ValueError, RANGE, "Use 1 or more"),
    ]:
        yield conv(kind, f"groups {wrong}", change, f"groups={value!r}", groups=value)
        yield conv(kind, f"threads {wrong}", change, f"threads={value!r}", threads=value)
        yield conv(
            kind, f"groups {wrong}", change, f"groups={value!r}", x=IMAGE, w=KERNEL, groups=value
        )
        yield sizes(kind, f"groups {wrong}", change, f"groups={value!r}", groups=value)
    yield conv(
        ValueError,
        "w reads 2 channels in each of 1 groups, x has 4",
        "name the layout they have",
        "groups=1",
        "x.shape=(2, 4, 6, 7)",
        "w.shape=(6, 2, 3, 2)",
        groups=1,
    )
    yield conv(
        ValueError, "w reads 2 channels in each of 3", "Make C of x equal", "groups=3", groups=3
    )
    yield conv(
        ValueError,
        "2 groups do not divide 4 channels and 3 filters",
        "divides both",
        "w.shape=(3, 2, 3, 2)",
        w=np.ones((3, 2, 3, 2)),
    )
    yield conv(
        ValueError, "one kernel without an axis of filters", "Use groups=1", "groups=2", w=KERNEL
    )
    yield conv(
        ValueError,
        "w reads 4 channels in each of 1 groups, x has 7",
        "layout",
        "layout='NHWC'",
        w=np.ones((3, 2, 4, 6)),
        groups=1,
        layout="NHWC",
    )
    yield sizes(
        ValueError,
        "2 groups do not divide 3 channels",
        "divides both",
        "channels=3",
        channels=3,
        groups=2,
        filters=2,
    )


def shapes():
    for x, w in [
        ((), (2, 2)),
        ((6,), (2,)),
        ((6, 7), (1, 2, 2)),
        ((6, 7), (1, 1, 2, 2)),
        ((4, 6, 7), (3, 2)),
        ((2, 4, 6, 7), (3, 2)),
        ((1, 2, 4, 6, 7), (6, 4, 3, 2)),
        ((4, 6, 7), (1, 6, 4, 3, 2)),
    ]:
        yield conv(
            ValueError,
            f"x with {len(x)} axes and w with {len(w)} do not go together",
            "Use x with 4 or 3 axes",
            f"x.shape={x}",
            f"w.shape={w}",
            x=np.ones(x),
            w=np.ones(w),
            groups=1,
        )
    for x, w in [
        ((2, 0, 6, 7), (6, 0, 3, 2)),
        ((2, 4, 0, 7), (6, 4, 3, 2)),
        ((2, 4, 6, 0), (6, 4, 3, 2)),
        ((2, 4, 6, 7), (0, 4, 3, 2)),
        ((2, 4, 6, 7), (6, 4, 0, 2)),
        ((2, 4, 6, 7), (6, 4, 3, 0)),
        ((0, 6, 7), (0, 3, 2)),
        ((4, 0, 7), (4, 3, 2)),
        ((0, 7), (3, 2)),
        ((6, 7), (3, 0)),
        ((6, 7), (0, 0)),
    ]:
        yield conv(
            ValueError,
            "an axis has length 0",
            "Only the batch may be empty",
            f"x.shape={x}",
            f"w.shape={w}",
            x=np.ones(x),
            w=np.ones(w),
            groups=1,
        )
    for shape in ((), (6,), (1, 2, 4, 6, 7)):
        yield from both(
            ValueError,
            f"x has {len(shape)} axes, not 2, 3 or 4",
            "Use one image or a batch",
            f"x.shape={shape}",
            x=np.ones(shape),
        )
    for shape, name in [
        ((2, 0, 6, 7), "channels"),
        ((2, 4, 0, 7), "input_size"),
        ((0, 7), "input_size"),
        ((4, 6, 0), "input_size"),
    ]:
        yield from both(
            ValueError,
            f"{name} is out of range (0)",
            "Use 1 or more",
            f"x.shape={shape}",
            x=np.ones(shape),
        )
    for size in ((0, 7), (6, -1)):
        yield sizes(
            ValueError,
            "input_size is out of range",
            "Use 1 or more",
            f"input_size={size}",
            input_size=size,
        )
    for size, kind, wrong in [
        (0, ValueError, RANGE),
        ((3, 0), ValueError, RANGE),
        (2.0, TypeError, INTEGERS),
        ((1, 2, 3), ValueError, PAIR),
        (None, TypeError, INTEGERS),
    ]:
        yield from both(
            kind,
            f"kernel_size {wrong}",
            "Use",
            f"kernel_size={size!r}",
            "x.shape=(2, 4, 6, 7)",
            kernel_size=size,
        )
        yield sizes(kind, f"kernel_size {wrong}", "Use", f"kernel_size={size!r}", kernel_size=size)
    for name in ("batch", "channels", "filters"):
        yield sizes(
            ValueError, f"{name} is out of range (-1)", "or more", f"{name}=-1", **{name: -1}
        )
        yield sizes(TypeError, f"{name} {INTEGERS}", "whole number", f"{name}=1.0", **{name: 1.0})


def misfits():
    too_large = "Use a smaller kernel or dilation, or more padding"
    yield conv(
        ValueError,
        "the kernel spans (9, 2) but the padded input is (8, 9)",
        too_large,
        "w.shape=(6, 2, 9, 2)",
        "padding=1",
        w=np.ones((6, 2, 9, 2)),
        padding=1,
    )
    yield conv(
        ValueError,
        "the kernel spans (3, 8) but the padded input is (6, 7)",
        too_large,
        "dilation=(1, 7)",
        dilation=(1, 7),
    )
    yield from both(
        ValueError,
        "the kernel spans (7, 1) but the padded input is (6, 7)",
        too_large,
        "kernel_size=(7, 1)",
        kernel_size=(7, 1),
    )
    yield sizes(
        ValueError,
        "the kernel spans (3, 8) but the padded input is (6, 7)",
        too_large,
        "kernel_size=(3, 8)",
        kernel_size=(3, 8),
    )

    for mode, padding, most, size in [
        ("reflect", (6, 0), 5, 6),
        ("reflect", ((0, 0), (0, 7)), 6, 7),
        ("circular", (7, 0), 6, 6),
        ("circular", ((0, 0), (8, 0)), 7, 7),
    ]:
        row = (
            ValueError,
            f"{mode} padding of {most + 1} on a size of {size} is too wide",
            f"Use at most {most} there, or another padding_mode",
            f"padding={padding}",
            f"padding_mode={mode!r}",
        )
        yield conv(*row, "x.shape=(2, 4, 6, 7)", padding=padding, padding_mode=mode)
        yield sizes(*row, "input_size=(6, 7)", padding=padding, padding_mode=mode)
    yield conv(
        ValueError,
        "reflect padding of 1 on a size of 1 is too wide",
        "Use at most 0",
        "padding='same'",
        x=np.ones((1, 9)),
        w=np.ones((3, 3)),
        groups=1,
        padding="same",
        padding_mode="reflect",
    )


def biases():
    for shape in ((), (1,), (5,), (7,), (6, 1), (1, 6, 1, 1)):
        yield conv(
            ValueError,
            f"bias has shape {shape}",
            "Use (6,): one number per filter",
            f"bias.shape={shape}",
            "w.shape=(6, 2, 3, 2)",
            bias=np.ones(shape),
        )
    for shape in ((2,), (4,), (1, 1), (0,)):
        yield conv(
            ValueError,
            f"bias has shape {shape}",
            "Use () or (1,): one number per filter",
            f"bias.shape={shape}",
            x=IMAGE,
            w=KERNEL,
            groups=1,
            bias=np.ones(shape),
        )


def names():
    for name, known in [
        ("layout", "'NCHW', 'NHWC'"),
        ("padding_mode", "'zeros', 'reflect', 'replicate', 'circular'"),
        ("method", "'loops', 'index_grid', 'strided', 'taps'"),
    ]:
        for value, kind, wrong in [
            ("other", ValueError, "is not known"),
            ("", ValueError, "is not known"),
            (None, TypeError, "must be a string"),
            (3, TypeError, "must be a string"),
            (["x"], TypeError, "must be a string"),
        ]:
            row = kind, f"{name} {wrong}", f"Use one of {known}", f"{name}={value!r}"
            yield conv(*row, **{name: value})
            if name != "method":
                yield sizes(*row, **{name: value})
            if name == "layout":
                yield from both(*row, "x.shape=(2, 4, 6, 7)", layout=value)


def arrays():
    for name, bad, dtype in [
        ("x", np.array([["a", "b"]]), "<U1"),
        ("x", np.array([[None, 1]]), "object"),
        ("x", [[2**64, 1]], "object"),
        ("x", np.zeros((1, 2), "datetime64[D]"), "datetime64[D]"),
        ("x", np.zeros((1, 2), "timedelta64[s]"), "timedelta64[s]"),
        ("x", np.zeros((1, 2), "S3"), "|S3"),
        ("x", np.zeros((1, 2), [("a", int)]), "[('a', '<i8')]"),
        ("w", np.array([[None, 1]]), "object"),
        ("w", [["1", "2"]], "<U1"),
        ("bias", "3", "<U1"),
        ("bias", np.array([None]), "object"),
    ]:
        arrays = {"x": [[1, 2, 3]], "w": [[1, 2]], name: bad}
        yield conv(
            TypeError,
            f"{name} must hold numbers",
            f"np.asarray({name}, dtype=float)",
            f"{name}.dtype={dtype!r}",
            groups=1,
            **arrays,
        )
    ragged = "is not a rectangular array", "Give every row the same length"
    yield conv(ValueError, f"x {ragged[0]}", ragged[1], "x=[[1, 2], [3]]", x=[[1, 2], [3]])
    yield conv(ValueError, f"w {ragged[0]}", ragged[1], "w=[[1, 2], [3]]", w=[[1, 2], [3]])
    yield from both(ValueError, f"x {ragged[0]}", ragged[1], "x=[[1, 2], [3]]", x=[[1, 2], [3]])
    masked = np.ma.array(np.ones((2, 3)), mask=np.eye(2, 3))
    yield conv(TypeError, "x is a masked array", "x.filled(0)", "x.shape=(2, 3)", x=masked, w=[[1]])
    yield from both(TypeError, "x is a masked array", "x.filled(0)", "x.shape=(2, 3)", x=masked)


SUBJECTS = (steps, paddings, groupings, shapes, misfits, biases, names, arrays)
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
    hint = r"(?:\n.+)?"  # the call that was meant, where the slip is a usual one
    sentences = rf"(.+?)\. Given: (.+)\. (.+?\.){hint}"
    parts = re.fullmatch(sentences, str(caught.value), re.DOTALL)
    assert parts, str(caught.value)
    assert wrong in parts[1]
    assert change in parts[3]
    for piece in given:
        assert piece in parts[2]


def calls_of_any_method(padding, stride):
    for method in METHODS:
        yield lambda method=method: conv2d(
            np.ones((3, 4)), np.ones((2, 2)), padding=padding, stride=stride, method=method
        )


@pytest.mark.parametrize("stride", [1, 10**9])
@pytest.mark.parametrize("padding", [*HUGE, (0, HUGE[2]), ((0, HUGE[2]), (HUGE[0], 0))], ids=str)
def test_sizes_that_no_memory_holds_are_refused_before_anything_is_made(padding, stride):
    for call in calls_of_any_method(padding, stride):
        tracemalloc.start()
        try:
            with pytest.raises(ValueError, match=r"memory|out of range") as caught:
                call()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 1_000_000
        assert "x.shape=(3, 4)" in str(caught.value)
        assert "w.shape=(2, 2)" in str(caught.value)
        assert f"padding={padding}" in str(caught.value)
        assert "Use " in str(caught.value)


@pytest.fixture
def machine_of_one_megabyte(monkeypatch):
    pages = {"SC_PHYS_PAGES": 2**8, "SC_PAGE_SIZE": 2**12}
    monkeypatch.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)


@pytest.mark.usefixtures("machine_of_one_megabyte")
@pytest.mark.parametrize(
    "arguments",
    [
        {"padding": 500},  # the padded image is too large
        {"padding": 100, "w": np.ones((90, 1, 2, 2)), "groups": 1},  # the output is
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_what_would_fit_an_address_but_not_this_machine_is_refused(arguments, method):
    # Linux grants such an array, and ends the process when its pages are written.
    arguments = {"x": np.ones((1, 3, 4)), "w": np.ones((1, 1, 2, 2)), **arguments}
    with pytest.raises(ValueError, match=r"GB asked for, of at most 0\.000524 GB") as caught:
        conv2d(**arguments, method=method)
    assert f"padding={arguments['padding']}" in str(caught.value)


@pytest.mark.usefixtures("machine_of_one_megabyte")
def test_methods_that_copy_the_windows_ask_for_their_memory_first():
    x, w = np.ones((60, 60)), np.ones((10, 10))  # 2.1 MB of windows
    assert conv2d(x, w, method="loops", stride=10).shape == (6, 6)
    for method in "index_grid", "strided":
        with pytest.raises(ValueError, match="not enough memory"):
            conv2d(x, w, method=method)
    with pytest.raises(ValueError, match="not enough memory") as caught:
        index_grid.windows(x, 10)
    assert "windows=(1, 51, 51, 1, 10, 10)" in str(caught.value)
    assert strided.windows(x, 10).shape == (51, 51, 10, 10)  # a view asks for nothing


@pytest.mark.parametrize("kind", [AttributeError, OSError, ValueError])
def test_a_system_that_does_not_tell_its_memory_is_left_to_refuse(monkeypatch, kind):
    def unknown(_):
        raise kind("unrecognized configuration name")

    monkeypatch.setattr("convlib.arguments.os.sysconf", unknown, raising=False)
    assert conv2d(np.ones((400, 500)), [[2]]).shape == (400, 500)  # enough bytes to be asked for

    def full(*_, **__):
        raise MemoryError("Unable to allocate 1 TiB")

    monkeypatch.setattr("convlib.geometry.np.pad", full)
    with pytest.raises(
        ValueError, match=r"not enough memory \(Unable to allocate 1 TiB\)"
    ) as caught:
        conv2d(np.ones((3, 4)), np.ones((2, 2)), padding=1, method="strided")
    assert "x.shape=(3, 4), w.shape=(2, 2)" in str(caught.value)


def test_windows_of_an_immense_broadcast_image_are_shown_but_not_copied():
    x = np.broadcast_to(np.float32(1), (10**6, 10**6))
    assert strided.windows(x, 3).shape == (10**6 - 2, 10**6 - 2, 3, 3)
    with pytest.raises(ValueError, match="not enough memory"):
        index_grid.windows(x, 3)
    beyond = np.broadcast_to(np.float32(1), (2**30, 2**30))
    for family in strided, index_grid:
        with pytest.raises(ValueError, match="too big for any computer") as caught:
            family.windows(beyond, 3)
        assert f"x.shape=({2**30}, {2**30})" in str(caught.value)


@pytest.mark.parametrize("name", ["stride", "dilation"])
def test_the_largest_steps_are_taken(name):
    assert conv2d([[1, 2], [3, 4]], [[5]], **{name: (1, 2**31 - 1)})[:, 0].tolist() == [5, 15]


def test_long_values_are_shortened():
    rows = [[1] * 1000] * 999 + [[1]]
    with pytest.raises(ValueError, match="not a rectangular array") as caught:
        conv2d(rows, [[1]])
    assert len(str(caught.value)) < 500


def test_all_errors_are_worded_alike():
    error = refusal(KeyError, "this is wrong", "Do that.", {"stride": (0, 1), "mode": "x"})
    assert isinstance(error, KeyError)
    assert error.args == ("this is wrong. Given: stride=(0, 1), mode='x'. Do that.",)


def test_a_walk_refuses_what_conv2d_refuses():
    with pytest.raises(ValueError, match=re.escape("stride is out of range (0). Given: x.shape")):
        Walk(np.ones((3, 4)), np.ones((2, 2)), stride=0)
