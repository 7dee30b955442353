import math
import statistics
import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import avg_pool2d, max_pool2d, pool2d, strided
from convlib.pooling import forward
from tests.core.arrays import absurd_where_single, counting, memory_orders
from tests.core.pools import pools

X = np.array([[1, 2, 9, 0], [4, 5, 6, 7], [7, 8, 3, 1]])
ROW = np.array([[1, 2, 3, 4, 5]])
EVERY_DTYPE = (
    "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
    "float16", "float32", "float64", "longdouble",
)  # fmt: skip
ways = pytest.mark.parametrize(
    "pool", [max_pool2d, avg_pool2d, partial(pool2d, reduce=np.median)], ids=["max", "avg", "any"]
)


@pytest.mark.parametrize(
    ("x", "kernel_size", "arguments", "wanted"),
    [
        (X, 2, {}, [[5, 9]]),
        (X, 2, {"stride": 1}, [[5, 9, 9], [8, 8, 7]]),
        (X, (3, 1), {}, [[7, 8, 9, 7]]),
        (X, (1, 3), {"stride": (2, 1)}, [[9, 9], [8, 8]]),
        (X, 2, {"ceil_mode": True}, [[5, 9], [8, 3]]),
        (X, 3, {"stride": 2, "padding": 1}, [[5, 9], [8, 8]]),
        (X, 2, {"dilation": (2, 3)}, [[7]]),
        (-X, 3, {"stride": 2, "padding": 1}, [[-1, 0], [-4, -1]]),  # a zero outside would win
        (ROW, (1, 2), {"padding": (0, 1)}, [[1, 3, 5]]),
        (ROW, (1, 3), {"padding": (0, 1), "dilation": 2, "stride": 1}, [[4, 5, 4]]),
    ],
)
def test_the_largest_by_hand(x, kernel_size, arguments, wanted):
    assert max_pool2d(x, kernel_size, **arguments).tolist() == wanted


@pytest.mark.parametrize(
    ("x", "kernel_size", "arguments", "wanted"),
    [
        (X, 2, {}, [[3, 5.5]]),
        (X, (3, 2), {"stride": 1}, [[4.5, 5.5, 26 / 6]]),
        (ROW, (1, 3), {"padding": (0, 1)}, [[1, 4]]),
        (ROW, (1, 3), {"padding": (0, 1), "count_include_pad": False}, [[1.5, 4]]),
        # The last window lacks cells beyond the padding: those are no zeros.
        (ROW, (1, 2), {"ceil_mode": True}, [[1.5, 3.5, 5]]),
        (ROW, (1, 3), {"ceil_mode": True, "stride": (1, 4)}, [[2, 5]]),
        (ROW, (1, 4), {"ceil_mode": True, "padding": (0, 1), "stride": 3}, [[1.5, 3]]),
        (ROW, (1, 4), {"ceil_mode": True, "padding": (0, 1), "stride": 4}, [[1.5, 3]]),
        (
            ROW,
            (1, 4),
            {"ceil_mode": True, "padding": (0, 1), "stride": 4, "count_include_pad": False},
            [[2, 4.5]],
        ),
    ],
)
def test_the_mean_by_hand(x, kernel_size, arguments, wanted):
    np.testing.assert_array_equal(avg_pool2d(x, kernel_size, **arguments), wanted)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "wanted"),
    [
        (5, 2, 2, 0, 3),  # one cell is left over: a window of its own
        (6, 2, 2, 0, 3),  # none is left over
        (6, 3, 2, 0, 3),
        (5, 2, 3, 0, 2),
        (2, 3, 2, 0, 1),  # the kernel is larger than the image by less than a stride
        (6, 3, 3, 1, 3),
        (5, 3, 3, 1, 2),
        (4, 2, 3, 1, 2),  # the second window holds the last cell and a cell of the padding
        (3, 2, 4, 1, 1),  # a second one would start in the padding after the image: left out
        (4, 2, 5, 1, 1),
        (1, 1, 9, 0, 1),
    ],
)
@ways
def test_ceil_mode_by_hand(pool, size, kernel, stride, padding, wanted):
    arguments = {"padding": (0, padding), "ceil_mode": True, "stride": (1, stride)}
    x = counting((1, size))
    assert pool(x, (1, kernel), **arguments).shape == (1, wanted)
    arguments |= {"padding": (padding, 0), "stride": (stride, 1)}
    assert pool(x.T, (kernel, 1), **arguments).shape == (wanted, 1)


def test_ceil_mode_is_false_unless_asked_for():
    assert max_pool2d(ROW, (1, 2)).tolist() == [[2, 4]]
    assert max_pool2d(ROW, (1, 2), ceil_mode=np.True_).tolist() == [[2, 4, 5]]


@settings(deadline=None)
@given(pools(special=True, empty=True))
def test_the_largest_is_that_of_plain_loops(pool):
    def largest(values):
        return np.nan if any(map(math.isnan, values)) else max(values, default=-np.inf)

    y = max_pool2d(pool.typed(pool.x), pool.kernel_size, **pool.arguments)
    np.testing.assert_array_equal(pool.canonical(y), pool.reduced(largest))


@settings(deadline=None)
@given(pools(dilated=False), st.booleans())
def test_the_mean_is_that_of_plain_loops(pool, count):
    x = pool.typed(pool.x)
    y = avg_pool2d(x, pool.kernel_size, count_include_pad=count, **pool.arguments)
    np.testing.assert_array_equal(pool.canonical(y), pool.mean(count))


@pytest.mark.parametrize(
    ("reduce", "of"),
    [
        (np.min, min),
        (np.median, statistics.median),
        (np.std, statistics.pstdev),
        (np.count_nonzero, lambda values: sum(value != 0 for value in values)),
        (lambda values, axis: np.sum(values**2, axis), lambda values: sum(v * v for v in values)),
        # The second largest, where there are two: of all taps in a row.
        (
            lambda values, axis: np.sort(values.reshape(*values.shape[:-2], -1))[..., -2:].min(-1),
            lambda values: sorted(values)[-2:][0],
        ),
    ],
)
def test_any_reduction_sees_the_cells_that_exist(reduce, of):
    @settings(deadline=None, max_examples=40)
    @given(pools())
    def check(pool):
        y = pool2d(pool.typed(pool.x), pool.kernel_size, reduce, **pool.arguments)
        np.testing.assert_allclose(pool.canonical(y), pool.reduced(of), rtol=1e-13, atol=1e-13)

    check()


@settings(deadline=None)
@given(pools())
def test_the_largest_and_the_mean_are_reductions_like_any_other(pool):
    x, k = pool.typed(pool.x), pool.kernel_size
    y = max_pool2d(x, k, **pool.arguments)
    np.testing.assert_array_equal(pool2d(x, k, np.max, **pool.arguments), y)
    np.testing.assert_array_equal(-pool2d(-x, k, np.min, **pool.arguments), y)
    without = {name: value for name, value in pool.arguments.items() if name != "dilation"}
    if "dilation" not in pool.arguments:
        mean = avg_pool2d(x, k, count_include_pad=False, **without)
        np.testing.assert_allclose(pool2d(x, k, np.mean, **without), mean)


@settings(deadline=None)
@given(pools(dilated=False), st.booleans())
def test_a_constant_image_keeps_its_mean_where_no_padding_counts(pool, ceil_mode):
    x = np.full(pool.x.shape, 7.0)
    arguments = {**pool.arguments, "layout": "NCHW"}
    y = avg_pool2d(x, pool.kernel_size, count_include_pad=False, **arguments)
    assert (y == 7).all()
    arguments |= {"padding": 0}
    if all(pool.x.shape[2 + a] >= pool.axis(a)[1] for a in (0, 1)):
        assert (avg_pool2d(x, pool.kernel_size, **arguments) == 7).all()


@settings(deadline=None)
@given(pools())
def test_the_largest_commutes_with_what_keeps_the_order(pool):
    x, k = pool.typed(pool.x), pool.kernel_size
    y = max_pool2d(x, k, **pool.arguments)
    np.testing.assert_array_equal(max_pool2d(x**3 + 5, k, **pool.arguments), y**3 + 5)


def test_reduce_is_called_once_for_all_windows_that_keep_the_same_taps():
    seen = []

    def spy(values, axis):
        seen.append((values.shape, axis))
        assert not values.flags.writeable
        return values.sum(axis)

    x = counting((2, 3, 7, 9))
    assert pool2d(x, 3, spy, stride=1).shape == (2, 3, 5, 7)
    assert seen == [((2, 5, 7, 3, 3, 3), (-2, -1))]
    seen.clear()
    assert pool2d(x, 3, spy, stride=1, padding=1).shape == (2, 3, 7, 9)
    heights, widths = [(1, 2), (5, 3), (1, 2)], [(1, 2), (7, 3), (1, 2)]
    assert seen == [
        ((2, rows, columns, 3, kh, kw), (-2, -1)) for rows, kh in heights for columns, kw in widths
    ]


def test_reduce_sees_a_view_of_the_image_itself():
    x = counting((5, 6), float)
    shared = pool2d(x, 5, lambda values, axis: [[[[np.shares_memory(values, x)]]]])
    assert shared.tolist() == [[True]]


def test_a_reduction_that_returns_a_view_is_copied():
    x = counting((5, 6), float)
    first = pool2d(x, 1, lambda values, axis: values[..., 0, 0])
    assert not np.shares_memory(first, x)
    np.testing.assert_array_equal(first, x)


def test_reduce_may_return_another_dtype_or_lists():
    assert pool2d(X, 2, lambda v, axis: (v > 7).any(axis)).tolist() == [[False, True]]
    assert pool2d(X, 2, lambda v, axis: v.max(axis).tolist()).tolist() == [[5, 9]]
    assert pool2d(X, 2, partial(np.quantile, q=0.5)).tolist() == [[3, 6.5]]
    assert pool2d(X + 1j, 2, np.mean).tolist() == [[3 + 1j, 5.5 + 1j]]
    assert pool2d(X, 2, np.add.reduce).dtype == X.dtype


@ways
@pytest.mark.parametrize(
    ("x", "layout", "y"),
    [
        ((2, 3, 7, 9), "NCHW", (2, 3, 3, 3)),
        ((3, 7, 9), "NCHW", (3, 3, 3)),
        ((7, 9), "NCHW", (3, 3)),
        ((0, 3, 7, 9), "NCHW", (0, 3, 3, 3)),
        ((2, 7, 9, 3), "NHWC", (2, 3, 3, 3)),
        ((7, 9, 4), "NHWC", (3, 3, 4)),
        ((7, 9), "NHWC", (3, 3)),
        ((0, 7, 9, 4), "NHWC", (0, 3, 3, 4)),
    ],
)
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_the_output_has_the_axes_of_the_input(pool, x, layout, y, ceil_mode):
    arguments = {"layout": layout, "padding": (1, 0), "ceil_mode": ceil_mode}
    assert pool(np.ones(x), 3, **arguments).shape == y
    assert pool(np.ones(x, int), 3, **arguments).shape == y


@ways
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("padding", [0, (1, 0)])
@pytest.mark.parametrize("order", memory_orders(counting((2, 2, 2, 2))))
def test_every_memory_order_gives_the_same_result(pool, order, padding, layout):
    x = counting((2, 4, 5, 7)) % 11
    steps = {"stride": (1, 2), "padding": padding, "ceil_mode": True, "layout": layout}
    y = pool(memory_orders(x)[order], (2, 3), **steps)
    np.testing.assert_array_equal(y, pool(x, (2, 3), **steps))
    assert y.dtype.isnative
    assert y.flags.c_contiguous


@ways
def test_axes_that_are_not_stepped_along(pool):
    x = np.broadcast_to(counting((1, 1, 1, 5), float), (2, 3, 4, 5))
    wanted = pool(x.copy(), (2, 3), stride=1)
    np.testing.assert_array_equal(pool(x, (2, 3), stride=1), wanted)
    single = absurd_where_single(counting((1, 1, 1, 5), float))
    np.testing.assert_array_equal(pool(single, (1, 2)), pool(single.copy(), (1, 2)))


@ways
@pytest.mark.parametrize("padding", [0, 1])
def test_the_input_is_neither_changed_nor_handed_back(pool, padding):
    x = counting((2, 3, 4, 5), float)
    copy = x.copy()
    for kernel_size in (2, 3) if padding else (1, 2, (4, 5)):
        for writeable in (True, False):
            x.flags.writeable = writeable
            y = pool(x, kernel_size, padding=padding)
            assert y.flags.writeable
            assert y.flags.c_contiguous
            assert not np.shares_memory(x, y)
            np.testing.assert_array_equal(x, copy)


@pytest.mark.parametrize("dtype", EVERY_DTYPE)
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_the_largest_keeps_the_dtype(dtype, layout):
    x = (counting((2, 3, 5, 4)) % 2).astype(dtype)
    steps = {"stride": 2, "padding": 1, "layout": layout}
    y = max_pool2d(x, 3, **steps)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, max_pool2d(x.astype(float), 3, **steps))


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64"])
def test_the_padding_wins_against_no_integer(dtype):
    info = np.iinfo(dtype)
    x = np.full((3, 3), info.min, dtype)
    assert (max_pool2d(x, 3, stride=1, padding=1) == info.min).all()
    x[1, 1] = info.min + 1
    assert (max_pool2d(x, 3, stride=1, padding=1) == info.min + 1).all()
    assert max_pool2d(np.array([[info.max, info.min]], dtype), (1, 2)).tolist() == [[info.max]]


def test_large_integers_are_compared_exactly():
    x = np.array([[2**53, 2**53 + 1, 2**53]])
    assert max_pool2d(x, (1, 3)).tolist() == [[2**53 + 1]]
    assert max_pool2d(np.array([[2**64 - 1, 1]], np.uint64), (1, 2)).tolist() == [[2**64 - 1]]


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_nan_and_infinity_reach_the_windows_that_hold_them_and_no_other(layout):
    x = np.zeros((2, 5, 6, 1))
    x[1, 2, 3] = np.nan
    x[1, 0, 0] = -np.inf
    axes = {"NCHW": (0, 3, 1, 2), "NHWC": (0, 1, 2, 3)}[layout]
    for kernel_size in (2, 3), (1, 1):
        y = max_pool2d(x.transpose(axes), kernel_size, stride=1, layout=layout)
        holds = np.isnan(strided.windows(x, kernel_size, layout="NHWC")).any((-2, -1))
        np.testing.assert_array_equal(np.isnan(y), holds.transpose(axes))
    assert max_pool2d(np.full((2, 2), -np.inf), 2, padding=1).tolist() == [[-np.inf] * 2] * 2
    np.testing.assert_array_equal(avg_pool2d([[np.inf, 1, 2, np.nan]], (1, 2)), [[np.inf, np.nan]])


def test_a_window_of_no_cell_gives_the_lowest_number():
    # The taps of the one window lie before and behind the image.
    for dtype, lowest in [
        ("float32", -np.inf), ("int8", -128), ("uint8", 0), ("int64", -(2**63)), ("bool", False)
    ]:  # fmt: skip
        y = max_pool2d(np.ones((1, 2), dtype), (1, 2), padding=(0, 1), dilation=3)
        assert (y.dtype, y.tolist()) == (dtype, [[lowest]])


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "uint64"])
def test_the_mean_of_integers_is_a_double(dtype):
    x = np.array([[1, 0, 1, 1]], dtype)
    y = avg_pool2d(x, (1, 4))
    assert (y.dtype, y.tolist()) == (np.float64, [[0.75]])
    top = np.array([[np.iinfo(dtype).max if dtype != "bool" else True] * 2], dtype)
    assert avg_pool2d(top, (1, 2)).tolist() == [[float(top[0, 0])]]  # no sum wraps around


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", "complex64"])
@pytest.mark.parametrize("count", [False, True])
def test_the_mean_keeps_a_dtype_with_fractions(dtype, count):
    x = counting((3, 4)).astype(dtype) * (1 if dtype != "complex64" else 1 - 2j)
    y = avg_pool2d(x, 3, padding=1, count_include_pad=count)
    assert y.dtype == dtype
    np.testing.assert_allclose(
        y, avg_pool2d(x.astype(complex), 3, padding=1, count_include_pad=count), rtol=1e-3
    )


def test_half_precision_is_summed_in_single():
    # In float16, 2048 + 1 is 2048, and 70000 is infinity.
    assert avg_pool2d(np.ones((1, 3000), np.float16), (1, 3000)).tolist() == [[1]]
    assert avg_pool2d(np.full((1, 2), 35000, np.float16), (1, 2)).tolist() == [[35008]]


@ways
@pytest.mark.parametrize("dtype", [">f4", "<f4", ">i2", ">f8"])
def test_either_byte_order_is_read(pool, dtype):
    y = pool(np.array([[1, 3, 2, 6]], dtype), (1, 2))
    np.testing.assert_array_equal(y, pool(np.array([[1, 3, 2, 6]], float), (1, 2)))
    assert y.dtype.isnative


def test_many_small_windows_are_reduced_together_and_few_large_ones_each_by_itself():
    class Sum:
        def __init__(self):
            self.steps = 0

        def __call__(self, a, b):
            self.steps += 1
            return a + b

        def reduce(self, values, axis):
            return values.sum(axis)

    for shape, steps in [((1, 60, 70, 2, 3, 3), 8), ((1, 2, 3, 1, 30, 20), 0)]:
        values, total = counting(shape), Sum()
        reduced = forward._over_taps(total, values, (-2, -1))
        np.testing.assert_array_equal(reduced, values.sum((-2, -1)))
        assert total.steps == steps  # for each tap but the first, however many windows there are


@pytest.mark.parametrize("shape", [(40, 50), (6, 40, 50)])
@pytest.mark.parametrize("kernel_size", [(40, 50), (20, 3), 2])
def test_few_large_windows_and_many_small_ones(shape, kernel_size):
    x = counting(shape) * 7919 % 1009
    windows = strided.windows(x, kernel_size, stride=kernel_size)
    wanted = windows if x.ndim == 2 else np.moveaxis(windows, 2, 0)
    np.testing.assert_array_equal(max_pool2d(x, kernel_size), wanted.max((-2, -1)))
    np.testing.assert_allclose(avg_pool2d(x, kernel_size), wanted.mean((-2, -1)), rtol=1e-14)


def test_the_windows_are_never_copied():
    x = np.ones((512, 512), np.float32)
    tracemalloc.start()
    try:
        max_pool2d(x, 9, stride=1)  # all windows: 81 MB
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * x.nbytes


def test_array_likes_are_read():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.asarray(X, dtype=dtype)

    assert max_pool2d(Tensor(), 2).tolist() == max_pool2d(X.tolist(), [2, 2]).tolist() == [[5, 9]]
    assert avg_pool2d(((1, 2), (3, 4)), np.array([2, 2])).tolist() == [[2.5]]


def test_all_but_the_window_are_named_arguments():
    for call in (lambda: max_pool2d(X, 2, 2), lambda: avg_pool2d(X, 2, 2)):
        with pytest.raises(TypeError, match="positional"):
            call()
    with pytest.raises(TypeError, match="positional"):
        pool2d(X, 2, np.max, 2)
