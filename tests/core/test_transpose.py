import numpy as np
import pytest

from convlib import conv2d, conv2d_backward, conv_transpose2d
from tests.core.arrays import counting, memory_orders

ROW = [[1, 2, 4]]


@pytest.mark.parametrize(
    ("x", "w", "arguments", "wanted"),
    [
        (ROW, [[10, 1]], {}, [[10, 21, 42, 4]]),
        (ROW, [[10, 1]], {"padding": (0, 1)}, [[21, 42]]),
        (ROW, [[10, 1]], {"stride": (1, 2)}, [[10, 1, 20, 2, 40, 4]]),
        (ROW, [[10, 1]], {"stride": (1, 3)}, [[10, 1, 0, 20, 2, 0, 40, 4]]),
        (ROW, [[10, 1]], {"stride": (1, 3), "output_padding": (0, 2)},
         [[10, 1, 0, 20, 2, 0, 40, 4, 0, 0]]),
        (ROW, [[10, 1, 5]], {"stride": (1, 2)}, [[10, 1, 25, 2, 50, 4, 20]]),
        (ROW, [[10, 1]], {"dilation": (1, 2)}, [[10, 20, 41, 2, 4]]),
        # Two more columns than the stride has room for: a dilation of 3 allows them.
        (ROW, [[10, 1]], {"dilation": (1, 3), "output_padding": (0, 2)},
         [[10, 20, 40, 1, 2, 4, 0, 0]]),
        # An output_padding gives back what padding took away.
        (ROW, [[10, 1, 5]], {"stride": (1, 2), "padding": (0, 1), "output_padding": (0, 1)},
         [[1, 25, 2, 50, 4, 20]]),
        (ROW, [[10, 1]], {"bias": 100, "stride": (1, 3)},
         [[110, 101, 100, 120, 102, 100, 140, 104]]),
        ([[1], [10]], [[1, 2], [3, 4]], {"stride": (2, 1)}, [[1, 2], [3, 4], [10, 20], [30, 40]]),
        ([[1], [10]], [[1, 2], [3, 4]], {}, [[1, 2], [13, 24], [30, 40]]),
    ],
)  # fmt: skip
def test_known_answers(x, w, arguments, wanted):
    np.testing.assert_array_equal(conv_transpose2d(x, w, **arguments), wanted)


def test_groups_channels_and_bias_by_hand():
    x = np.array([1, 10, 100, 1000]).reshape(4, 1, 1)
    w = np.array([[1], [2], [3], [4]]).reshape(4, 1, 1, 1)
    y = conv_transpose2d(x, w, [7, 9], groups=2)
    assert y.tolist() == [[[1 + 20 + 7]], [[300 + 4000 + 9]]]
    w = np.array([[1, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 2, 1, 1)
    assert conv_transpose2d(x, w).ravel().tolist() == [7531, 8642]
    last = x.transpose(1, 2, 0), w.transpose(2, 3, 1, 0)
    assert conv_transpose2d(*last, [1, 2], layout="NHWC").tolist() == [[[7532, 8644]]]


STEPS = [
    {},
    {"stride": (2, 3)},
    {"stride": 3, "padding": (1, 2), "dilation": (2, 1)},
    {"stride": (1, 2), "dilation": 2, "groups": 2},
]


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("more", [0, (0, 1)])
@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_it_is_the_input_gradient_of_conv2d(steps, more, layout):
    if more and steps.get("stride", 1) == 1:
        steps = {**steps, "stride": (1, 2)}
    groups = steps.get("groups", 1)
    grad, w = counting((2, 4, 3, 5)), counting((4, 6 // groups, 2, 3))
    if layout == "NHWC":
        grad, w = grad.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0)
    y = conv_transpose2d(grad, w, output_padding=more, layout=layout, **steps)
    # conv2d takes an image of that size to the shape of grad, and grad back to that image.
    assert conv2d(y, w, layout=layout, **steps).shape == grad.shape
    dx, _, _ = conv2d_backward(grad, np.zeros_like(y), w, layout=layout, **steps)
    np.testing.assert_array_equal(y, dx, strict=True)


@pytest.mark.parametrize("x", [(2, 4, 3, 5), (4, 3, 5), (0, 4, 3, 5)])
def test_the_output_has_the_axes_of_the_input(x):
    y = conv_transpose2d(np.ones(x), np.ones((4, 6, 2, 3)), np.ones(6), stride=2)
    assert y.shape == (*x[:-3], 6, 6, 11)
    last = (*x[:-3], *x[-2:], 4)
    y = conv_transpose2d(np.ones(last), np.ones((2, 3, 6, 4)), np.ones(6), stride=2, layout="NHWC")
    assert y.shape == (*x[:-3], 6, 11, 6)


@pytest.mark.parametrize("order", memory_orders(counting((2, 2, 2, 2))))
@pytest.mark.parametrize("padding", [0, (1, 0)])
def test_every_memory_order_gives_the_same_result(order, padding):
    x, w = counting((2, 4, 3, 4)), counting((4, 3, 2, 3))
    arguments = {"stride": (2, 1), "padding": padding, "groups": 2, "bias": np.arange(6)}
    wanted = conv_transpose2d(x, w, **arguments)
    for arrays in ((memory_orders(x)[order], w), (x, memory_orders(w)[order])):
        np.testing.assert_array_equal(conv_transpose2d(*arrays, **arguments), wanted, strict=True)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("bias", [None, np.zeros(1)])
def test_the_result_is_a_new_contiguous_array(layout, bias):
    x, w = np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1))
    for array in (x, w):
        array.flags.writeable = False
    y = conv_transpose2d(x, w, bias, layout=layout)
    assert y.flags.c_contiguous
    assert y.flags.writeable
    assert not any(np.shares_memory(y, a) for a in (x, w))
    y = conv_transpose2d(np.ones((2, 3, 4, 3)), np.ones((3, 3, 3, 3)), padding=1, layout=layout)
    assert y.flags.c_contiguous


@pytest.mark.parametrize("bias", [5, 5.0, [5], np.float64(5)])
def test_the_bias_of_a_plane_is_a_scalar_or_one_number(bias):
    np.testing.assert_array_equal(conv_transpose2d(ROW, [[2]], bias), [[7, 9, 13]])


def test_all_but_the_arrays_are_named_arguments():
    with pytest.raises(TypeError, match="positional"):
        conv_transpose2d(ROW, [[1]], None, 2)
