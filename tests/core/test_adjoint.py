"""The gradients of conv2d: by hand, by the adjoint identity, by finite differences."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import conv2d, conv2d_backward
from convlib.adjoint.gradients import INPUT_GRADIENTS, KERNEL_GRADIENTS
from tests.core.arrays import absurd_where_single, counting, memory_orders
from tests.peers.cases import MODES, PADDINGS, cases

EVERY = (*INPUT_GRADIENTS, "auto")
POWERS = [[1, 10, 100, 1000]]  # a pixel's share can be read off the digits
FOUR = [[1, 2, 3, 4]]
THREE_TAPS = [[1, 10, 100]]
DOUBLES = [[1, 2, 4, 8]]
SIDES = {"padding": (0, 1)}

everywhere = pytest.mark.parametrize("method", EVERY)


@everywhere
@pytest.mark.parametrize(
    ("grad", "x", "w", "arguments", "dx", "dw"),
    [
        ([[1, 2, 4]], POWERS, [[10, 1]], {}, [[10, 21, 42, 4]], [[421, 4210]]),
        # Windows at 0 and 2: the tap 100 of the first and the tap 1 of the second meet.
        ([[1, 2]], [[1, 2, 3, 4, 5]], THREE_TAPS, {"stride": (1, 2)},
         [[1, 10, 102, 20, 200]], [[7, 10, 13]]),
        # The last column is in no window.
        ([[1, 2]], [[1, 2, 3, 4, 5, 9]], THREE_TAPS, {"stride": (1, 2)},
         [[1, 10, 102, 20, 200, 0]], [[7, 10, 13]]),
        ([[1, 2, 4]], [[1, 2, 3, 4, 5]], [[1, 10]], {"dilation": (1, 2)},
         [[1, 2, 14, 20, 40]], [[17, 31]]),
        # The padded image gets 1, 12, 124, 248, 480, 800; its first and last cell go where they
        # came from.
        (DOUBLES, FOUR, THREE_TAPS, SIDES, [[12, 124, 248, 480]], [[34, 49, 24]]),
        (DOUBLES, FOUR, THREE_TAPS, {**SIDES, "padding_mode": "reflect"},
         [[12, 125, 1048, 480]], [[36, 49, 48]]),
        (DOUBLES, FOUR, THREE_TAPS, {**SIDES, "padding_mode": "replicate"},
         [[13, 124, 248, 1280]], [[35, 49, 56]]),
        (DOUBLES, FOUR, THREE_TAPS, {**SIDES, "padding_mode": "circular"},
         [[812, 124, 248, 481]], [[38, 49, 32]]),
        (DOUBLES, FOUR, [[1, 10]], {"padding": "same"}, [[1, 12, 24, 48]], [[49, 24]]),
        (DOUBLES, FOUR, [[1, 10]], {"padding": "same_lower"}, [[12, 24, 48, 80]], [[34, 49]]),
        # Windows (0, 2) and (2, 0) of the first column; the second is in none.
        ([[1], [10]], [[2, 3]], [[1], [5]], {"padding": ((1, 1), (0, 0)), "stride": (1, 2)},
         [[15, 0]], [[20], [2]]),
        ([[3]], [[1, 2], [3, 4]], [[5, 6], [7, 8]], {}, [[15, 18], [21, 24]], [[3, 6], [9, 12]]),
        ([[3]], [[1, 2], [3, 4]], [[5, 6], [7, 8]], {"padding": "valid"},
         [[15, 18], [21, 24]], [[3, 6], [9, 12]]),
    ],
)  # fmt: skip
def test_known_answers(method, grad, x, w, arguments, dx, dw):
    got = conv2d_backward(grad, x, w, method=method, **arguments)
    for array, wanted in zip(got, (dx, dw, np.sum(grad)), strict=True):
        np.testing.assert_array_equal(array, wanted)


@everywhere
def test_groups_and_filters_by_hand(method):
    x = np.array([1, 10, 100, 1000]).reshape(4, 1, 1)
    w = np.array([[1, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 2, 1, 1)
    dx, dw, db = conv2d_backward(x, x, w, groups=2, method=method)
    assert dx.ravel().tolist() == [31, 42, 7500, 8600]
    assert dw.reshape(4, 2).tolist() == [[1, 10], [10, 100], [10**4, 10**5], [10**5, 10**6]]
    assert db.tolist() == [1, 10, 100, 1000]
    last = x.transpose(1, 2, 0), x.transpose(1, 2, 0), w.transpose(2, 3, 1, 0)
    of_last = conv2d_backward(*last, groups=2, layout="NHWC", method=method)
    assert of_last[0].ravel().tolist() == dx.ravel().tolist()
    assert of_last[1].reshape(2, 4).T.tolist() == dw.reshape(4, 2).tolist()
    assert of_last[2].tolist() == db.tolist()


@everywhere
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("axes", [(4, 4), (3, 4), (4, 3), (3, 3), (2, 2)])
def test_gradients_have_the_shapes_of_what_they_belong_to(method, layout, axes):
    x_shape, w_shape = ((2, 3, 5, 7), (4, 3, 2, 3))
    if layout == "NHWC":
        x_shape, w_shape = (2, 5, 7, 3), (2, 3, 3, 4)
    x, w = np.ones(x_shape[4 - axes[0] :]), np.ones(w_shape)
    w = w if axes[1] == 4 else w[..., 0] if layout == "NHWC" else w[0]
    if axes == (2, 2):
        x, w = np.ones((5, 7)), np.ones((2, 3))
    grad = np.ones_like(conv2d(x, w, layout=layout))
    dx, dw, db = conv2d_backward(grad, x, w, layout=layout, method=method)
    assert (dx.shape, dw.shape, db.shape) == (x.shape, w.shape, (4,) if axes[1] == 4 else ())
    assert all(type(d) is np.ndarray for d in (dx, dw, db))


def inner(a, b):
    """<a, b>, with the conjugate of the second, as the adjoint needs it."""
    return np.sum(a * np.conj(b))


def whole_grad(y, seed=0):
    """Small whole numbers of the shape and type of y, so that every sum is exact."""
    grad = np.random.default_rng(seed).integers(-9, 10, y.shape).astype(y.dtype)
    return grad * (2 - 1j) if y.dtype.kind == "c" else grad


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spelling", PADDINGS)
def test_the_adjoint_identity_is_exact(spelling, mode):
    @settings(max_examples=12, database=None)
    @given(cases(spelling, mode, dtypes=("int64", "float64", "complex128")))
    def each(case):
        y = conv2d(case.x, case.w, **case.arguments)
        grad = whole_grad(y)
        for method in ("index_grid", "strided"):
            dx, dw, db = conv2d_backward(grad, case.x, case.w, method=method, **case.arguments)
            assert inner(y, grad) == inner(case.x, dx) == inner(case.w, dw)
            bias = whole_grad(db, 1)
            assert inner(per_filter(bias, case), grad) == inner(bias, db)

    each()


def per_filter(bias, case):
    """The bias with the axes that it needs to be added to an output."""
    last = bias.ndim == 0 or case.arguments.get("layout") == "NHWC"
    return bias if last else bias[:, None, None]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spelling", PADDINGS)
def test_the_methods_agree(spelling, mode):
    @settings(max_examples=12, database=None)
    @given(cases(spelling, mode, dtypes=("int64", "float32", "complex128", "uint8", "bool")))
    def each(case):
        grad = whole_grad(conv2d(case.x, case.w, **case.arguments))
        arguments = grad, case.x, case.w
        wanted = conv2d_backward(*arguments, method="strided", **case.arguments)
        # The loops do a product in a microsecond: small cases are enough for them.
        small = grad.size * case.filters[0].size < 2000
        for method in ("index_grid", *(["loops"] if small else [])):
            got = conv2d_backward(*arguments, method=method, **case.arguments)
            for a, b in zip(got, wanted, strict=True):
                np.testing.assert_array_equal(a, b, strict=True, err_msg=method)

    each()


def differences(loss, array, h=1e-5):
    """The derivative of a loss by every number of an array, by central differences."""
    out = np.empty_like(array)
    for index in np.ndindex(array.shape):
        there, back = array.copy(), array.copy()
        there[index] += h
        back[index] -= h
        out[index] = (loss(there) - loss(back)) / (2 * h)
    return out


@everywhere
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"stride": (2, 1), "padding": (1, 2)},
        {"dilation": (1, 2), "padding": "same", "padding_mode": "reflect"},
        {"stride": 2, "padding": ((2, 0), (1, 3)), "padding_mode": "circular", "groups": 2},
        {"padding": "same_lower", "padding_mode": "replicate", "groups": 2},
    ],
    ids=str,
)
def test_finite_differences(method, arguments):
    rng = np.random.default_rng(0)
    groups = arguments.get("groups", 1)
    x, w = rng.normal(size=(1, 2, 4, 5)), rng.normal(size=(2, 2 // groups, 3, 2))
    bias = rng.normal(size=2)

    def loss(x, w, bias):
        return np.sum(conv2d(x, w, bias, **arguments) ** 3) / 3

    grad = conv2d(x, w, bias, **arguments) ** 2
    dx, dw, db = conv2d_backward(grad, x, w, method=method, **arguments)
    close = {"rtol": 1e-6, "atol": 1e-6}
    np.testing.assert_allclose(dx, differences(lambda a: loss(a, w, bias), x), **close)
    np.testing.assert_allclose(dw, differences(lambda a: loss(x, a, bias), w), **close)
    np.testing.assert_allclose(db, differences(lambda a: loss(x, w, a), bias), **close)


@everywhere
@pytest.mark.parametrize("groups", [1, 2])
def test_an_empty_batch_gives_empty_dx_and_zeros(method, groups):
    arguments = {"stride": 2, "padding": "same", "padding_mode": "reflect", "groups": groups}
    x, w = np.ones((0, 4, 5, 7), int), np.ones((6, 4 // groups, 3, 2), int)
    dx, dw, db = conv2d_backward(conv2d(x, w, **arguments), x, w, method=method, **arguments)
    assert (dx.shape, dx.dtype) == (x.shape, np.int64)
    np.testing.assert_array_equal(dw, np.zeros_like(w), strict=True)
    np.testing.assert_array_equal(db, np.zeros(6, int), strict=True)


@everywhere
@pytest.mark.parametrize("order", memory_orders(counting((2, 2, 2, 2))))
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_every_memory_order_gives_the_same_gradients(order, layout, method):
    x, w = counting((2, 4, 3, 4)), counting((4, 2, 2, 3))
    if layout == "NHWC":
        x, w = x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0)
    arguments = {"stride": (1, 2), "padding": ((1, 0), (2, 1)), "groups": 2, "layout": layout}
    arguments["padding_mode"] = "reflect"
    arrays = {"grad": counting(conv2d(x, w, **arguments).shape), "x": x, "w": w}
    wanted = conv2d_backward(**arrays, method="loops", **arguments)
    for name, array in arrays.items():
        other = {**arrays, name: memory_orders(array)[order]}
        got = conv2d_backward(**other, method=method, **arguments)
        for a, b in zip(got, wanted, strict=True):
            np.testing.assert_array_equal(a, b, strict=True, err_msg=name)


@everywhere
def test_broadcast_arrays_are_read(method):
    grad = np.broadcast_to(1, (2, 3, 2, 2))
    x, w = np.broadcast_to(2, (2, 4, 3, 4)), np.broadcast_to(3, (3, 4, 2, 3))
    dx, dw, db = conv2d_backward(grad, x, w, method=method)
    covered = np.outer([1, 2, 1], [1, 2, 2, 1])  # the windows over every pixel
    np.testing.assert_array_equal(dx, np.broadcast_to(covered * 3 * 3, dx.shape))
    np.testing.assert_array_equal(dw, np.full_like(dw, 2 * 8))
    np.testing.assert_array_equal(db, [8, 8, 8])


@everywhere
def test_strides_of_axes_of_length_one_do_no_harm(method):
    arrays = [counting((1, 1, 1, n)) for n in (4, 5, 2)]
    got = conv2d_backward(*map(absurd_where_single, arrays), method=method)
    for a, b in zip(got, conv2d_backward(*arrays, method="loops"), strict=True):
        np.testing.assert_array_equal(a, b)


@everywhere
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("padding", [0, 1])
def test_the_arguments_are_neither_changed_nor_handed_back(method, layout, padding):
    for kernel in ((1, 1), (2, 3)):  # one tap of weight 1 is where handing back tempts
        x, w = np.ones((2, 4, 5, 6)), np.ones((4, 2, *kernel))
        if layout == "NHWC":
            x, w = x.transpose(0, 2, 3, 1).copy(), w.transpose(2, 3, 1, 0).copy()
        arguments = {"groups": 2, "padding": padding, "layout": layout}
        arguments["padding_mode"] = "reflect"
        given_arrays = [counting(conv2d(x, w, **arguments).shape, float), x, w]
        copies = [a.copy() for a in given_arrays]
        for a in given_arrays:
            a.flags.writeable = False
        got = conv2d_backward(*given_arrays, method=method, **arguments)
        for a, copy in zip(given_arrays, copies, strict=True):
            np.testing.assert_array_equal(a, copy)
        for d in got:
            assert d.flags.c_contiguous
            assert d.flags.writeable
            assert not any(np.shares_memory(d, a) for a in given_arrays)
        assert not any(np.shares_memory(a, b) for a, b in itertools.combinations(got, 2))


@everywhere
def test_one_kernel_of_one_tap_gives_new_arrays(method):
    x, w = np.ones((3, 4)), np.ones((1, 1))
    for d in conv2d_backward(x, x, w, method=method):
        assert not np.shares_memory(d, x)
        assert d.flags.writeable


def test_all_but_the_arrays_are_named_arguments():
    with pytest.raises(TypeError, match="positional"):
        conv2d_backward([[1]], [[1]], [[1]], 2)


@given(st.integers(0, 2**32))
@settings(max_examples=10, database=None)
def test_backward_in_w_is_a_convolution_of_x_with_grad(seed):
    # With stride 1 and one channel, dw is conv2d of x with grad, dx of padded grad with flipped w.
    rng = np.random.default_rng(seed)
    x, w = rng.integers(-9, 10, (6, 7)), rng.integers(-9, 10, (2, 3))
    grad = rng.integers(-9, 10, (5, 5))
    dx, dw, _ = conv2d_backward(grad, x, w)
    np.testing.assert_array_equal(dw, conv2d(x, grad))
    np.testing.assert_array_equal(dx, conv2d(grad, w[::-1, ::-1], padding=(1, 2)))


def test_the_methods_are_the_three_ways_back_from_the_windows():
    assert tuple(INPUT_GRADIENTS) == tuple(KERNEL_GRADIENTS) == ("loops", "index_grid", "strided")
