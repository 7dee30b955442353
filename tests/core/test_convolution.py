import itertools

import numpy as np
import pytest

import convlib
from convlib import METHODS, conv2d
from tests.core.arrays import absurd_where_single, counting, memory_orders

EVERY = (*METHODS, "auto")

# Channel 0 holds two plateaus, channel 1 three: the mean of every 2x2x2 block, worked by hand.
BLOCKS = np.array(
    [
        [[1, 1, 1, 1], [1, 1, 1, 1], [2, 2, 2, 2], [2, 2, 2, 2]],
        [[1, 1, 2, 2], [1, 1, 2, 2], [4, 4, 8, 8], [4, 4, 8, 8]],
    ],
    dtype=float,
)
EIGHTH = np.full((2, 2, 2), 1 / 8)
GRID = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
ROW = GRID[:1]
FIRST = [[1, 0, 0]]


def test_the_methods_are_the_three_ways_to_the_windows():
    assert METHODS == ("loops", "index_grid", "strided")


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize(
    ("x", "w", "arguments", "wanted"),
    [
        (BLOCKS, EIGHTH, {}, [[1, 1.25, 1.5], [2, 2.625, 3.25], [3, 4, 5]]),
        (BLOCKS, EIGHTH, {"stride": 2}, [[1, 1.5], [3, 5]]),
        (BLOCKS, EIGHTH, {"stride": (2, 1)}, [[1, 1.25, 1.5], [3, 4, 5]]),
        (BLOCKS, EIGHTH, {"stride": (1, 2)}, [[1, 1.5], [2, 3.25], [3, 5]]),
        # Taps two rows and one column apart: rows 0 and 2, then rows 1 and 3, both give this.
        (BLOCKS, EIGHTH, {"dilation": (2, 1)}, [[2, 2.625, 3.25], [2, 2.625, 3.25]]),
        (GRID, [[0, 1], [-1, 0]], {}, [[-3, -3, -3], [-3, -3, -3]]),
        (GRID, [[1, 0, 0], [0, 0, -1]], {"bias": 10}, [[4, 4], [4, 4]]),
        (ROW, [[1, 0, -1]], {"padding": (0, 1)}, [[-2, -2, -2, 3]]),
        (ROW, [[1], [10]], {"padding": ((1, 0), (0, 0)), "stride": (1, 3)}, [[10, 40]]),
        (
            GRID,
            [[1], [10]],
            {"padding": ((0, 2), (0, 0)), "stride": (3, 1)},
            [[51, 62, 73, 84], [0, 0, 0, 0]],
        ),
        (ROW, [[1, 1]], {"padding": "same"}, [[3, 5, 7, 4]]),
        (ROW, [[1, 1]], {"padding": "same_lower"}, [[1, 3, 5, 7]]),
        (GRID, [[1, 1]], {"padding": "valid", "stride": 2}, [[3, 7], [19, 23]]),
        # Width 4, kernel 3, stride 3: two columns of output need 2*3 = 6 cells, so one each side.
        (GRID, [[1, 1, 1]], {"padding": "same", "stride": (2, 3)}, [[3, 7], [19, 23]]),
        (ROW, FIRST, {"padding": (0, 1), "padding_mode": "reflect"}, [[2, 1, 2, 3]]),
        (ROW, FIRST, {"padding": (0, 1), "padding_mode": "replicate"}, [[1, 1, 2, 3]]),
        (ROW, FIRST, {"padding": (0, 1), "padding_mode": "circular"}, [[4, 1, 2, 3]]),
    ],
)
def test_known_answers(method, x, w, arguments, wanted):
    y = conv2d(x, w, method=method, **arguments)
    np.testing.assert_array_equal(y, wanted)


@pytest.mark.parametrize("method", EVERY)
def test_groups_filters_and_bias_by_hand(method):
    x = np.array([1, 10, 100, 1000]).reshape(4, 1, 1)
    w = np.array([[1, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 2, 1, 1)
    y = conv2d(x, w, [4, 3, 2, 1], groups=2, method=method)
    assert y.ravel().tolist() == [25, 46, 6502, 8701]
    last = conv2d(
        x.transpose(1, 2, 0),
        w.transpose(2, 3, 1, 0),
        [4, 3, 2, 1],
        groups=2,
        layout="NHWC",
        method=method,
    )
    assert last.tolist() == [[[25, 46, 6502, 8701]]]


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize(
    ("x", "w", "y"),
    [
        ((2, 3, 5, 7), (4, 3, 2, 3), (2, 4, 4, 5)),
        ((3, 5, 7), (4, 3, 2, 3), (4, 4, 5)),
        ((2, 3, 5, 7), (3, 2, 3), (2, 4, 5)),
        ((3, 5, 7), (3, 2, 3), (4, 5)),
        ((5, 7), (2, 3), (4, 5)),
        ((0, 3, 5, 7), (4, 3, 2, 3), (0, 4, 4, 5)),
        ((0, 3, 5, 7), (3, 2, 3), (0, 4, 5)),
    ],
)
def test_the_output_has_the_axes_that_go_with_the_arguments(method, x, w, y):
    assert conv2d(np.ones(x), np.ones(w), method=method).shape == y


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize(
    ("x", "w", "y"),
    [
        ((2, 5, 7, 3), (2, 3, 3, 4), (2, 4, 5, 4)),
        ((5, 7, 3), (2, 3, 3, 4), (4, 5, 4)),
        ((2, 5, 7, 3), (2, 3, 3), (2, 4, 5)),
        ((5, 7, 3), (2, 3, 3), (4, 5)),
        ((5, 7), (2, 3), (4, 5)),
        ((0, 5, 7, 3), (2, 3, 3, 4), (0, 4, 5, 4)),
    ],
)
def test_channels_last_keeps_the_channels_last(method, x, w, y):
    assert conv2d(np.ones(x), np.ones(w), layout="NHWC", method=method).shape == y


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("method", METHODS)
def test_an_empty_batch_works_with_all_arguments(method, groups):
    arguments = {"stride": 2, "padding": "same", "padding_mode": "reflect", "groups": groups}
    w = np.ones((6, 4 // groups, 3, 2), int)
    y = conv2d(np.ones((0, 4, 5, 7), int), w, np.ones(6, int), method=method, **arguments)
    assert (y.shape, y.dtype) == ((0, 6, 3, 4), np.int64)


@pytest.mark.parametrize("bias", [5, 5.0, [5], np.float64(5), np.array([5.0])])
def test_the_bias_of_one_kernel_is_a_scalar_or_one_number(bias):
    np.testing.assert_array_equal(conv2d(GRID, [[2]], bias), 2 * GRID + 5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("order", memory_orders(counting((2, 2, 2, 2))))
def test_every_memory_order_gives_the_same_result(order, method):
    x, w = counting((2, 4, 5, 7)), counting((6, 2, 2, 3))
    arguments = {"stride": (1, 2), "padding": ((1, 0), (2, 1)), "groups": 2, "method": method}
    wanted = conv2d(x, w, **{**arguments, "method": "loops"})
    np.testing.assert_array_equal(conv2d(memory_orders(x)[order], w, **arguments), wanted)
    np.testing.assert_array_equal(conv2d(x, memory_orders(w)[order], **arguments), wanted)


@pytest.mark.parametrize("method", METHODS)
def test_strides_of_axes_of_length_one_do_no_harm(method):
    x, w = absurd_where_single(counting((1, 1, 1, 5))), absurd_where_single(counting((1, 1, 1, 2)))
    assert conv2d(x, w, method=method).tolist() == [[[[5, 8, 11, 14]]]]


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_the_arguments_are_never_changed_and_may_be_read_only(method, layout):
    shapes = ((2, 4, 5, 6), (6, 2, 3, 2)) if layout == "NCHW" else ((2, 5, 6, 4), (3, 2, 2, 6))
    arrays = [counting(shape, float) for shape in (*shapes, (6,))]
    copies = [a.copy() for a in arrays]
    for writeable, padding in itertools.product((True, False), (0, 1)):
        for a in arrays:
            a.flags.writeable = writeable
        conv2d(*arrays, groups=2, padding=padding, layout=layout, method=method)
        for a, copy in zip(arrays, copies, strict=True):
            np.testing.assert_array_equal(a, copy)
            assert a.flags.writeable is writeable


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize(
    ("layout", "x_shape", "w_shape"),
    [
        # Kernels of one tap of weight 1 are where a method may be tempted to hand x itself back.
        ("NCHW", (5, 6), (1, 1)),
        ("NHWC", (5, 6), (1, 1)),
        ("NCHW", (1, 5, 6), (1, 1, 1)),
        ("NHWC", (5, 6, 1), (1, 1, 1)),
        ("NCHW", (1, 1, 5, 6), (1, 1, 1, 1)),
        ("NHWC", (1, 5, 6, 1), (1, 1, 1, 1)),
        # Many filters are where the result may come out with its axes in another order.
        ("NCHW", (2, 3, 4, 5), (6, 3, 2, 2)),
        ("NHWC", (2, 4, 5, 3), (2, 2, 3, 6)),
    ],
)
def test_the_result_is_a_new_contiguous_array(method, layout, x_shape, w_shape):
    x, w = np.ones(x_shape), np.ones(w_shape)
    y = conv2d(x, w, layout=layout, method=method)
    assert y.flags.c_contiguous
    assert y.flags.writeable
    assert not np.shares_memory(y, x)
    assert not np.shares_memory(y, w)


def test_array_likes_are_read():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.asarray(GRID, dtype=dtype)

    np.testing.assert_array_equal(conv2d(Tensor(), ((1, 1),)), conv2d(GRID, [[1, 1]]))
    assert conv2d(GRID.tolist(), [[1, 1]]).tolist() == [[3, 5, 7], [11, 13, 15], [19, 21, 23]]


def test_all_but_the_arrays_are_named_arguments():
    with pytest.raises(TypeError, match="positional"):
        conv2d(GRID, [[1]], None, 2)


def test_the_public_names():
    assert set(convlib.__all__) == {
        "METHODS", "Field", "Frame", "Geometry", "Walk", "avg_pool2d",
        "avg_pool2d_backward",
        "cells_seen", "conv2d", "conv2d_backward", "conv_transpose2d", "explain", "fast",
        "fold",
        "index_grid", "loops", "max_pool2d", "max_pool2d_backward", "pool2d", "prepare",
        "receptive_field", "strided", "tiles", "unfold",
    }  # fmt: skip
    assert all(hasattr(convlib, name) for name in convlib.__all__)
