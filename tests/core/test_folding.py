import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import conv2d, fold, strided, unfold
from tests.core.arrays import absurd_where_single, counting, memory_orders
from tests.peers.cases import pairs

SQUARE = np.array([[[1, 2, 3], [4, 5, 6]]])


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({}, [[1, 2], [2, 3], [4, 5], [5, 6]]),
        ({"stride": (1, 2)}, [[1], [2], [4], [5]]),
        ({"dilation": (1, 2)}, [[1], [3], [4], [6]]),
        ({"padding": (0, 1), "stride": (1, 3)}, [[0, 3], [1, 0], [0, 6], [4, 0]]),
        ({"padding": ((1, 0), (0, 0)), "stride": 2}, [[0], [0], [1], [2]]),
    ],
)
def test_known_columns(arguments, wanted):
    assert unfold(SQUARE, 2, **arguments).tolist() == wanted
    assert unfold(SQUARE[None], 2, **arguments).tolist() == [wanted]


@pytest.mark.parametrize(
    ("cols", "arguments", "wanted"),
    [
        ([[1, 2], [10, 20], [100, 200], [1000, 2000]], {}, [[1, 12, 20], [100, 1200, 2000]]),
        ([[1], [10], [100], [1000]], {"stride": (1, 2)}, [[1, 10, 0], [100, 1000, 0]]),
        ([[1], [10], [100], [1000]], {"dilation": (1, 2)}, [[1, 0, 10], [100, 0, 1000]]),
        # What falls on padding is dropped: the 1, the 20, the 100 and the 2000.
        ([[1, 2], [10, 20], [100, 200], [1000, 2000]], {"padding": (0, 1), "stride": (1, 3)},
         [[10, 0, 2], [1000, 0, 200]]),
    ],
)  # fmt: skip
def test_known_images(cols, arguments, wanted):
    assert fold(cols, (2, 3), 2, **arguments).tolist() == [wanted]
    assert fold([cols], (2, 3), 2, **arguments).tolist() == [[wanted]]


def test_channels_are_blocks_of_rows():
    x = counting((2, 3, 4, 5))
    cols = unfold(x, (2, 3))
    assert cols.shape == (2, 3 * 6, 9)
    for c in range(3):
        np.testing.assert_array_equal(cols[:, 6 * c : 6 * c + 6], unfold(x[:, c : c + 1], (2, 3)))
    for c, plane in enumerate(fold(cols, (4, 5), (2, 3)).swapaxes(0, 1)):
        one = fold(cols[:, 6 * c : 6 * c + 6], (4, 5), (2, 3))
        np.testing.assert_array_equal(plane, one[:, 0])


@st.composite
def foldings(draw):
    """An image with whole numbers, a kernel that fits, and steps."""
    steps = {name: draw(pairs(1, 3)) for name in ("stride", "dilation")}
    steps["padding"] = draw(st.one_of(st.integers(0, 2), pairs(0, 2), st.sampled_from(
        ["same", "same_lower", "valid", ((1, 0), (2, 3))])))  # fmt: skip
    kernel = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size = draw(st.integers(7, 9)), draw(st.integers(7, 9))
    shape = (*draw(st.sampled_from([(), (1,), (2,)])), draw(st.integers(1, 3)), *size)
    seed = draw(st.integers(0, 2**32))
    return np.random.default_rng(seed).integers(-9, 10, shape), kernel, steps


@given(foldings())
@settings(max_examples=150, database=None)
def test_fold_is_the_adjoint_of_unfold(case):
    x, kernel, steps = case
    cols = unfold(x, kernel, **steps)
    other = np.random.default_rng(0).integers(-9, 10, cols.shape)
    folded = fold(other, x.shape[-2:], kernel, **steps)
    assert folded.shape == x.shape
    assert np.sum(cols * other) == np.sum(x * folded)


@given(foldings())
@settings(max_examples=100, database=None)
def test_folding_what_was_unfolded_counts_the_windows_over_every_pixel(case):
    x, kernel, steps = case
    counts = fold(unfold(np.ones_like(x), kernel, **steps), x.shape[-2:], kernel, **steps)
    back = fold(unfold(x, kernel, **steps), x.shape[-2:], kernel, **steps)
    np.testing.assert_array_equal(back, counts * x, strict=True)


@given(foldings())
@settings(max_examples=50, database=None)
def test_a_convolution_is_one_product_with_the_columns(case):
    x, kernel, steps = case
    channels = x.shape[-3]
    w = np.random.default_rng(0).integers(-9, 10, (4, channels, *kernel))
    y = conv2d(x, w, **steps)
    product = w.reshape(4, -1) @ unfold(x, kernel, **steps)
    np.testing.assert_array_equal(product.reshape(y.shape), y)


def test_the_columns_are_the_windows():
    x = counting((2, 3, 5, 6))
    windows = strided.windows(x, (2, 3), stride=2)
    wanted = windows.transpose(0, 3, 4, 5, 1, 2).reshape(2, 18, -1)
    np.testing.assert_array_equal(unfold(x, (2, 3), stride=2), wanted)


@pytest.mark.parametrize("order", memory_orders(counting((1, 2, 2, 2))))
@pytest.mark.parametrize("padding", [0, 1])
def test_every_memory_order_gives_the_same_result(order, padding):
    x = counting((2, 3, 4, 5))
    wanted = unfold(x, (2, 3), padding=padding)
    cols = unfold(memory_orders(x)[order], (2, 3), padding=padding)
    np.testing.assert_array_equal(cols, wanted)
    images = fold(wanted, (4, 5), (2, 3), padding=padding)
    again = fold(memory_orders(wanted)[order], (4, 5), (2, 3), padding=padding)
    np.testing.assert_array_equal(again, images, strict=True)


def test_strides_of_axes_of_length_one_do_no_harm():
    x = absurd_where_single(counting((1, 1, 1, 5)))
    cols = unfold(x, (1, 2))
    assert cols.tolist() == [[[1, 2, 3, 4], [2, 3, 4, 5]]]
    assert fold(absurd_where_single(cols), (1, 5), (1, 2)).ravel().tolist() == [1, 4, 6, 8, 5]


@pytest.mark.parametrize("kernel", [1, 2])
def test_the_results_are_new_arrays(kernel):
    x = counting((2, 3, 4, 5))
    x.flags.writeable = False
    cols = unfold(x, kernel)
    for new, old in ((cols, x), (fold(cols, (4, 5), kernel), cols)):
        assert not np.shares_memory(new, old)
        assert new.flags.writeable
        assert new.flags.c_contiguous


def test_an_empty_batch_works():
    cols = unfold(np.ones((0, 3, 4, 5), np.float32), 2)
    assert (cols.shape, cols.dtype) == ((0, 12, 12), np.float32)
    assert fold(cols, (4, 5), 2).shape == (0, 3, 4, 5)


def test_all_but_the_array_and_the_sizes_are_named_arguments():
    with pytest.raises(TypeError, match="positional"):
        unfold(SQUARE, 2, 1)
    with pytest.raises(TypeError, match="positional"):
        fold(SQUARE, 2, 1, 1)


@pytest.mark.parametrize("dtype", [">f4", "<f4", ">i2"])
@pytest.mark.parametrize("padding", [0, 1])
def test_either_byte_order_is_read(dtype, padding):
    x = np.array([[[1, 2, 3]]], dtype)
    y = unfold(x, (1, 2), padding=(0, padding))
    assert y.dtype == x.dtype.newbyteorder("=")
    assert y[0, padding:].tolist()[:2] == [1, 2]
