import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from convlib import Geometry, index_grid, strided
from tests.core.arrays import (
    ABSURD,
    absurd_where_single,
    counting,
    memory_orders,
    windows_by_definition,
)

STEPS = [
    {"stride": (1, 1), "dilation": (1, 1)},
    {"stride": (2, 3), "dilation": (1, 1)},
    {"stride": (1, 2), "dilation": (2, 1)},
    {"stride": (3, 1), "dilation": (2, 3)},
]
DTYPES = ["bool", "uint8", "int16", "int64", "float16", "float32", "float64", "complex64"]
ORDERS = list(memory_orders(counting((2, 3, 7, 9))))


@pytest.mark.parametrize("steps", STEPS, ids=str)
@pytest.mark.parametrize("order", ORDERS)
def test_windows_are_right_in_every_memory_order(order, steps):
    x = memory_orders(counting((2, 3, 7, 9)))[order]
    view = strided.windows(x, (3, 2), **steps)
    np.testing.assert_array_equal(view, windows_by_definition(x, (3, 2), **steps))
    np.testing.assert_array_equal(view, index_grid.windows(x, (3, 2), **steps))
    assert view.dtype == x.dtype


@pytest.mark.parametrize("order", ORDERS)
def test_channels_last_gives_the_same_windows(order):
    x = memory_orders(counting((2, 3, 7, 9)))[order]
    last = x.transpose(0, 2, 3, 1)
    wanted = windows_by_definition(x, (3, 2), (2, 1), (1, 3))
    for family in strided, index_grid:
        got = family.windows(last, (3, 2), stride=(2, 1), dilation=(1, 3), layout="NHWC")
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", ["c", "reversed", "swapped bytes"])
def test_windows_are_right_in_every_dtype(dtype, order):
    x = memory_orders((counting((1, 2, 4, 5)) % 7 > 2).astype(dtype))[order]
    np.testing.assert_array_equal(strided.windows(x, (2, 3)), windows_by_definition(x, (2, 3)))


def test_windows_of_a_broadcast_array():
    x = np.broadcast_to(np.arange(5), (2, 3, 4, 5))
    assert x.strides[:3] == (0, 0, 0)
    view = strided.windows(x, (2, 3), stride=(2, 1))
    np.testing.assert_array_equal(view, windows_by_definition(x, (2, 3), (2, 1)))


@pytest.mark.parametrize(
    "shape", [(1, 1, 1, 1), (1, 2, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1), (1, 1, 1, 5)]
)
def test_the_stride_of_an_axis_of_length_one_is_never_followed(shape):
    x = absurd_where_single(counting(shape))
    kernel = min(2, shape[2]), min(3, shape[3])
    view = strided.windows(x, kernel, stride=2)
    assert ABSURD not in view.strides
    assert 2 * ABSURD not in view.strides
    np.testing.assert_array_equal(view, windows_by_definition(x, kernel, (2, 2)))


def test_byte_strides_come_from_the_array_and_not_from_its_shape():
    x = np.zeros((2, 3, 40, 50), np.float32)[:, ::2, ::-2, ::5]
    image, channel, row, column = x.strides
    g = Geometry(x.shape[2:], (3, 2), batch=2, channels=2, stride=(2, 3), dilation=(4, 5))
    wanted = image, 2 * row, 3 * column, channel, 4 * row, 5 * column
    assert strided.byte_strides(x, g) == wanted
    assert strided.windows(x, (3, 2), stride=(2, 3), dilation=(4, 5)).strides == wanted


def test_windows_are_a_read_only_view_on_the_reader_s_memory():
    x = counting((2, 3, 4, 5))
    view = strided.windows(x, 2)
    assert np.shares_memory(view, x)
    assert not view.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0, 0, 0, 0, 0] = 9
    assert x.flags.writeable  # the reader's array stays as it was
    x[0, 0, 0, 0] = 77
    assert view[0, 0, 0, 0, 0, 0] == 77


def test_windows_take_no_memory_however_large_they_are():
    x = np.zeros((1, 8, 256, 256))
    strided.windows(x, 31)  # whatever is imported or cached on a first call
    tracemalloc.start()
    try:
        view = strided.windows(x, 31)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert view.size * view.itemsize > 3e9
    assert peak < 50_000


@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_windows_are_numpy_s_own_sliced(steps):
    x = counting((2, 3, 9, 11))
    (down, right), (tap_down, tap_right) = steps["stride"], steps["dilation"]
    extent = 2 * tap_down + 1, tap_right + 1
    theirs = sliding_window_view(x, extent, axis=(2, 3))[:, :, ::down, ::right]
    theirs = theirs[..., ::tap_down, ::tap_right].transpose(0, 2, 3, 1, 4, 5)
    np.testing.assert_array_equal(strided.windows(x, (3, 2), **steps), theirs)


@pytest.mark.parametrize("family", [strided, index_grid])
def test_no_padding_is_added(family):
    assert family.windows(np.ones((3, 4)), (3, 4)).shape == (1, 1, 3, 4)


@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        ((2, 3, 5, 6), "NCHW"),
        ((0, 3, 5, 6), "NCHW"),
        ((3, 5, 6), "NCHW"),
        ((5, 6), "NCHW"),
        ((2, 5, 6, 3), "NHWC"),
        ((5, 6, 3), "NHWC"),
        ((5, 6), "NHWC"),
    ],
)
def test_both_families_give_the_same_axes(shape, layout):
    x = counting(shape)
    view = strided.windows(x, (2, 3), layout=layout)
    copy = index_grid.windows(x, (2, 3), layout=layout)
    assert view.shape == copy.shape
    assert view.ndim == {4: 6, 3: 5, 2: 4}[len(shape)]
    np.testing.assert_array_equal(view, copy)


def test_lists_and_objects_can_be_looked_at_too():
    assert strided.windows([[1, 2, 3]], (1, 2)).tolist() == [[[[1, 2]], [[2, 3]]]]
    letters = np.array([["a", "b", "c"]])
    for family in strided, index_grid:
        assert family.windows(letters, (1, 2))[0, 1].tolist() == [["b", "c"]]


lengths = st.lists(st.integers(0, 4), min_size=1, max_size=4)


@given(lengths, st.data())
def test_byte_span_is_where_the_bytes_of_an_array_lie(shape, data):
    several = st.lists(st.integers(-50, 50), min_size=len(shape), max_size=len(shape))
    strides, itemsize = data.draw(several), data.draw(st.sampled_from([1, 2, 4, 8, 16]))
    places = itertools.product(*(range(n) for n in shape))
    firsts = [sum(p * s for p, s in zip(place, strides, strict=True)) for place in places]
    touched = {first + byte for first in firsts for byte in range(itemsize)}
    wanted = (min(touched), max(touched) + 1) if touched else (0, 0)
    assert strided.byte_span(tuple(shape), tuple(strides), itemsize) == wanted


@pytest.fixture
def no_as_strided(monkeypatch):
    def reached(*_, **__):
        raise AssertionError("as_strided was called before the bounds were proved")

    monkeypatch.setattr(strided, "as_strided", reached)


ROWS = np.arange(40, dtype=np.int32).reshape(8, 5)


@pytest.mark.usefixtures("no_as_strided")
@pytest.mark.parametrize(
    ("x", "shape", "strides"),
    [
        (ROWS, (8, 6), (20, 4)),  # one column too many, on the last row only
        (ROWS, (9, 5), (20, 4)),
        (ROWS, (8, 5), (24, 4)),
        (ROWS, (2,), (-4,)),
        (ROWS[::-1], (2,), (20,)),  # after the first element lies memory of the owner, not of x
        (ROWS[2:4], (3, 5), (20, 4)),  # likewise
        (ROWS[:, :2], (8, 3), (20, 4)),
        (ROWS, (2,), (2**62,)),
        (ROWS, (41,), (4,)),
        (ROWS, (2, 40), (1, 4)),  # the last element would end one byte too late
        (ROWS[:0], (1,), (4,)),  # an empty array has no byte at all
        (np.broadcast_to(np.int32(1), (8, 5)), (2,), (4,)),
    ],
)
def test_a_view_that_would_leave_the_array_is_refused_before_it_is_made(x, shape, strides):
    with pytest.raises(ValueError, match="the view would touch bytes") as caught:
        strided.safe_view(x, shape, strides)
    for given_value in (shape, strides, x.shape, x.strides):
        assert str(given_value) in str(caught.value)
    assert "Use a smaller shape, or byte strides taken from x.strides." in str(caught.value)


@pytest.mark.usefixtures("no_as_strided")
def test_bounds_are_those_of_whole_numbers_that_never_wrap():
    for stride in (2**62, np.int64(2**62)):  # 4 * 2**62 is 0 in 64 bits
        with pytest.raises(ValueError, match="would touch bytes 0 to 18446744073709551619,"):
            strided.safe_view(ROWS, (5,), (stride,))


@pytest.mark.parametrize(
    ("shape", "strides"),
    [
        ((1.5,), (4,)), ((3,), (4.0,)), ((3,), (4, 4)), ((3, 0), None), (3, 4),
        ((2**62,) * 2, (0, 0)), ((-1,), (0,)),
    ],
)  # fmt: skip
def test_what_is_no_shape_or_no_stride_is_refused(shape, strides):
    with pytest.raises(ValueError, match="no view has this shape and these byte strides") as caught:
        strided.safe_view(ROWS, shape, strides)
    assert "Use a smaller shape, or byte strides taken from x.strides." in str(caught.value)


@pytest.mark.usefixtures("no_as_strided")
def test_the_windows_too_pass_through_the_proof(monkeypatch):
    monkeypatch.setattr(strided, "byte_strides", lambda x, g: (0, 4, 4, 0, 400, 4))
    with pytest.raises(ValueError, match="would touch bytes 0 to 443, but x has only 0 to 159"):
        strided.windows(ROWS, (2, 2))


@pytest.mark.parametrize(
    ("x", "shape", "strides", "wanted"),
    [
        (ROWS, (8, 5), (20, 4), ROWS),
        (ROWS[::-1], (8,), (-20,), ROWS[::-1, 0]),
        (ROWS, (40,), (4,), ROWS.ravel()),
        (ROWS, (3, 40), (0, 4), np.stack([ROWS.ravel()] * 3)),
        (ROWS, (0, 999), (10**9, 4), np.empty((0, 999))),
        (ROWS, (1, 5), (10**9, 4), ROWS[:1]),
    ],
)
def test_a_view_that_stays_within_the_array_is_made(x, shape, strides, wanted):
    view = strided.safe_view(x, shape, strides)
    np.testing.assert_array_equal(view, wanted)
    assert not view.flags.writeable
