"""The gradients of the poolings: by hand, by plain loops, by finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from tests.core.arrays import absurd_where_single, counting, memory_orders
from tests.core.pools import EVERY_DIVISOR, pools

NAN, INF = np.nan, np.inf
X = np.array([[1, 2, 9, 0], [4, 5, 6, 7], [7, 8, 3, 1]])
both = pytest.mark.parametrize(
    ("forward", "backward"),
    [(max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)],
    ids=["max", "avg"],
)


@pytest.mark.parametrize(
    ("grad", "x", "kernel_size", "arguments", "wanted"),
    [
        # Nine windows, five of whose maxima are 9 and 8.
        (
            [[1, 2, 4], [8, 16, 32]],
            X,
            2,
            {"stride": 1},
            [[0, 0, 6, 0], [0, 1, 0, 32], [0, 24, 0, 0]],
        ),
        ([[1, 2]], X, 2, {}, [[0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 0]]),
        ([[1, 2], [4, 8]], X, 2, {"ceil_mode": True}, [[0, 0, 2, 0], [0, 1, 0, 0], [0, 4, 8, 0]]),
        ([[1, 2]], [[5, 5, 5, 5]], (1, 2), {}, [[1, 0, 2, 0]]),  # of equals the first
        ([[1, 2, 4]], [[5, 5, 5, 5]], (1, 2), {"stride": 1}, [[1, 2, 4, 0]]),
        ([[1]], [[3, 7], [7, 7]], 2, {}, [[0, 1], [0, 0]]),  # row by row
        ([[1]], [[3, 3], [7, 7]], 2, {}, [[0, 0], [1, 0]]),
        ([[1, 2, 4]], [[1, 2, 3, 4, 5]], (1, 2), {"padding": (0, 1)}, [[1, 0, 2, 0, 4]]),
        ([[1]], [[-INF, -INF]], (1, 2), {}, [[1, 0]]),  # the padding is lower than the lowest
        ([[1, 2]], [[-INF, -INF]], (1, 2), {"padding": (0, 1)}, [[1, 2]]),
        ([[1]], [[-INF, 3]], (1, 3), {"padding": (0, 1)}, [[0, 1]]),
        ([[1]], [[1, NAN, 3, NAN, INF]], (1, 5), {}, [[0, 0, 0, 1, 0]]),  # of several NaN the last
        ([[1]], [[NAN, NAN, 5]], (1, 3), {}, [[0, 1, 0]]),
        ([[7]], [[1, 2]], (1, 2), {"padding": (0, 1), "dilation": 3}, [[0, 0]]),  # of no cell
    ],
)
def test_the_cell_that_won_by_hand(grad, x, kernel_size, arguments, wanted):
    assert max_pool2d_backward(grad, x, kernel_size, **arguments).tolist() == wanted


@pytest.mark.parametrize(
    ("grad", "shape", "kernel_size", "arguments", "wanted"),
    [
        ([[4, 8]], (2, 3), 2, {"stride": 1}, [[1, 3, 2], [1, 3, 2]]),
        ([[2, 4]], (1, 5), (1, 2), {}, [[1, 1, 2, 2, 0]]),
        ([[2, 4, 3]], (1, 5), (1, 2), {"ceil_mode": True}, [[1, 1, 2, 2, 3]]),
        ([[3, 6]], (1, 5), (1, 3), {"padding": (0, 1)}, [[1, 1, 2, 2, 2]]),
        (
            [[3, 6]],
            (1, 5),
            (1, 3),
            {"padding": (0, 1), "count_include_pad": False},
            [[1.5, 1.5, 2, 2, 2]],
        ),
        # Four cells, the first of the padding; then two cells, one of the padding, one of nothing.
        (
            [[4, 3]],
            (1, 5),
            (1, 4),
            {"padding": (0, 1), "stride": 4, "ceil_mode": True},
            [[1, 1, 1, 1, 1]],
        ),
    ],
)
def test_equal_shares_by_hand(grad, shape, kernel_size, arguments, wanted):
    dx = avg_pool2d_backward(grad, np.zeros(shape), kernel_size, **arguments)
    assert dx.tolist() == wanted


def whole_gradient(pool, seed, dtype=float):
    """Draw a gradient, in canonical axes, every share of which is whole."""
    grad = np.random.default_rng(seed).integers(-9, 10, pool.output_shape)
    return EVERY_DIVISOR * grad.astype(dtype)


seeds = st.integers(0, 2**32)


@settings(deadline=None)
@given(pools(special=True, empty=True), seeds)
def test_the_winners_are_those_of_plain_loops(pool, seed):
    grad = whole_gradient(pool, seed)
    typed = pool.typed(grad), pool.typed(pool.x), pool.kernel_size
    dx = pool.canonical(max_pool2d_backward(*typed, **pool.arguments))
    np.testing.assert_array_equal(dx, pool.max_backward(grad))


@settings(deadline=None)
@given(pools(dilated=False), seeds, st.booleans())
def test_the_shares_are_those_of_plain_loops(pool, seed, count):
    grad = whole_gradient(pool, seed)
    typed = pool.typed(grad), pool.typed(pool.x), pool.kernel_size
    dx = avg_pool2d_backward(*typed, count_include_pad=count, **pool.arguments)
    np.testing.assert_array_equal(pool.canonical(dx), pool.avg_backward(grad, count))


@settings(deadline=None)
@given(pools(dilated=False), seeds, st.booleans())
def test_the_mean_and_its_gradient_are_adjoint(pool, seed, count):
    grad = whole_gradient(pool, seed)
    x, steps = pool.typed(EVERY_DIVISOR * pool.x), {"count_include_pad": count, **pool.arguments}
    y = avg_pool2d(x, pool.kernel_size, **steps)
    dx = avg_pool2d_backward(pool.typed(grad), x, pool.kernel_size, **steps)
    assert (y * pool.typed(grad)).sum() == (x * dx).sum()


@settings(deadline=None)
@given(pools(), seeds)
def test_the_gradient_of_the_largest_loses_nothing(pool, seed):
    grad = pool.typed(whole_gradient(pool, seed))
    dx = max_pool2d_backward(grad, pool.typed(pool.x), pool.kernel_size, **pool.arguments)
    assert dx.sum() == grad.sum()


@both
@settings(deadline=None, max_examples=40)
@given(data=st.data(), seed=seeds)
def test_finite_differences(forward, backward, data, seed):
    pool = data.draw(pools(dilated=forward is max_pool2d))
    rng = np.random.default_rng(seed)
    # Different numbers, a step of a quarter away from a tie: the maximum is linear there.
    x = rng.permutation(pool.x.size).reshape(pool.x.shape).astype(float)
    grad = pool.typed(whole_gradient(pool, seed))

    def loss(x):
        return (forward(pool.typed(x), pool.kernel_size, **pool.arguments) * grad).sum()

    wanted = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = 0.25
        wanted[place] = (loss(x + step) - loss(x - step)) / 0.5
    dx = pool.canonical(backward(grad, pool.typed(x), pool.kernel_size, **pool.arguments))
    np.testing.assert_allclose(dx, wanted, rtol=1e-8, atol=1e-6)


@both
@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        ((2, 3, 7, 9), "NCHW"),
        ((3, 7, 9), "NCHW"),
        ((7, 9), "NCHW"),
        ((0, 3, 7, 9), "NCHW"),
        ((2, 7, 9, 3), "NHWC"),
        ((7, 9, 3), "NHWC"),
        ((7, 9), "NHWC"),
        ((0, 7, 9, 3), "NHWC"),
    ],
)
def test_the_gradient_has_the_shape_of_the_input(forward, backward, shape, layout):
    x = np.random.default_rng(0).random(shape)
    steps = {"stride": 2, "padding": (1, 0), "ceil_mode": True, "layout": layout}
    dx = backward(forward(x, 3, **steps), x, 3, **steps)
    assert dx.shape == shape
    assert dx.flags.c_contiguous
    assert dx.flags.writeable


@both
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("order", memory_orders(counting((2, 2, 2, 2))))
def test_every_memory_order_gives_the_same_result(forward, backward, order, padding, layout):
    x = counting((2, 4, 5, 7)) * 5 % 11.0
    steps = {"stride": (1, 2), "padding": padding, "layout": layout}
    grad = counting(forward(x, (2, 3), **steps).shape, float)
    wanted = backward(grad, x, (2, 3), **steps)
    for arrays in (memory_orders(grad)[order], x), (grad, memory_orders(x)[order]):
        dx = backward(*arrays, (2, 3), **steps)
        np.testing.assert_array_equal(dx, wanted)
        assert dx.dtype.isnative


@both
def test_axes_that_are_not_stepped_along(forward, backward):
    x = counting((1, 1, 1, 5), float)
    grad = forward(x, (1, 2))
    wanted = backward(grad, x, (1, 2))
    dx = backward(absurd_where_single(grad), absurd_where_single(x), (1, 2))
    np.testing.assert_array_equal(dx, wanted)
    one = np.broadcast_to(1.0, (2, 3, 2, 2))
    x = np.broadcast_to(counting((5, 6), float), (2, 3, 5, 6))
    np.testing.assert_array_equal(backward(one, x, (2, 3)), backward(one.copy(), x.copy(), (2, 3)))


@both
@pytest.mark.parametrize("kernel_size", [1, 2])
def test_the_arguments_are_neither_changed_nor_handed_back(forward, backward, kernel_size):
    x = counting((2, 3, 4, 6), float)
    grad = forward(x, kernel_size)
    copies = x.copy(), grad.copy()
    for writeable in True, False:
        x.flags.writeable = grad.flags.writeable = writeable
        dx = backward(grad, x, kernel_size)
        assert not np.shares_memory(dx, grad)
        assert not np.shares_memory(dx, x)
        np.testing.assert_array_equal(x, copies[0])
        np.testing.assert_array_equal(grad, copies[1])


@pytest.mark.parametrize(
    ("dtype", "of_max", "of_avg"),
    [
        ("bool", "int64", "float64"),
        ("uint8", "int64", "float64"),
        ("int64", "int64", "float64"),
        ("uint64", "int64", "float64"),
        *((name,) * 3 for name in ("float16", "float32", "float64", "longdouble", "complex64")),
        (">f4", "float32", "float32"),
    ],
)
@pytest.mark.parametrize("dtype_of_x", ["bool", "uint8", "int64", "float16", "float64", ">i2"])
def test_the_gradient_has_the_dtype_of_the_gradient(dtype, of_max, of_avg, dtype_of_x):
    x, grad = np.array([[1, 0, 0, 1]], dtype_of_x), np.array([[1, 0, 1]], dtype)
    dx = max_pool2d_backward(grad, x, (1, 2), stride=1)
    assert (dx.dtype, dx.tolist()) == (of_max, [[1, 0, 0, 1]])
    dx = avg_pool2d_backward(grad, x, (1, 2), stride=1)
    assert (dx.dtype, dx.tolist()) == (of_avg, [[0.5, 0.5, 0.5, 0.5]])


def test_the_mean_takes_complex_numbers_and_gives_complex_shares():
    dx = avg_pool2d_backward([[2 + 4j]], np.array([[1j, 2]]), (1, 2))
    assert dx.tolist() == [[1 + 2j, 1 + 2j]]


def test_half_precision_is_summed_in_single():
    # In float16, 2048 + 1 is 2048: a running sum would stop there.
    x = np.zeros((1, 5999))
    x[0, 2999] = 1
    grad = np.ones((1, 3000), np.float16)
    dx = max_pool2d_backward(grad, x, (1, 3000), stride=1)
    assert (dx.dtype, dx[0, 2999]) == (np.float16, 3000)
    dx = avg_pool2d_backward(grad, x, (1, 3000), stride=1)
    assert (dx.dtype, dx[0, 2999]) == (np.float16, 1)


def test_integers_are_exact_up_to_the_last_one_that_fits():
    most = 2**63 // 2 - 1
    dx = max_pool2d_backward([[most, most]], [[1, 2, 1]], (1, 2), stride=1)
    assert dx.tolist() == [[0, 2 * most, 0]]
    with pytest.raises(ValueError, match=f"could reach {2 * most + 2}, beyond") as caught:
        max_pool2d_backward([[most + 1, 0]], [[1, 2, 1]], (1, 2), stride=1)
    assert "Convert grad to float64 first." in str(caught.value)
    assert "grad.shape=(1, 2)" in str(caught.value)


@both
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_nan_and_infinity_of_the_gradient_stay_in_their_window(forward, backward):
    dx = backward([[NAN, 2.0, INF]], np.zeros((1, 6)), (1, 2))
    np.testing.assert_array_equal(np.isnan(dx[0, :2]), [True, forward is avg_pool2d])
    assert dx[0, 2] == (2 if forward is max_pool2d else 1)
    assert dx[0, 4] == INF


@both
@pytest.mark.parametrize("shape", [(), (2,), (2, 3), (1, 2, 2), (2, 2, 1), (3, 2)])
def test_a_gradient_of_another_shape_is_refused(forward, backward, shape):
    with pytest.raises(ValueError, match="grad has shape") as caught:
        backward(np.ones(shape), np.ones((5, 4)), 2)
    message = str(caught.value)
    assert f"grad has shape {shape}, the output has (2, 2). Given: x.shape=(5, 4)" in message
    assert f"grad.shape={shape}. Use a gradient of shape (2, 2)." in message
