import threading

import numpy as np
import pytest

from convlib.fast.buffers import LINE, aligned, filled_up, laid_out, product, share
from convlib.geometry import LAYOUTS, pad
from tests.core.arrays import absurd_where_single, counting, memory_orders
from tests.fast.agree import MODES, geometry


@pytest.mark.parametrize("dtype", ["uint8", "float32", "complex128"])
@pytest.mark.parametrize("shape", [(), (1,), (3, 5), (0, 4), (7, 1, 9)])
def test_arrays_begin_with_a_cache_line(shape, dtype):
    arrays = [aligned(shape, dtype) for _ in range(5)]
    for array in arrays:
        assert (array.shape, array.dtype) == (shape, np.dtype(dtype))
        assert array.size == 0 or array.ctypes.data % LINE == 0
        assert array.flags.c_contiguous
        assert array.flags.writeable


@pytest.mark.parametrize("itemsize", [1, 2, 4, 8, 16])
def test_rows_are_filled_up_to_whole_lines(itemsize):
    for width in range(1, 200):
        wide = filled_up(width, itemsize)
        assert width <= wide < width + LINE // itemsize
        assert wide * itemsize % LINE == 0


@pytest.mark.parametrize("order", ["NCHW", "NHWC"])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("more", [(0, 0), (2, 1)])
@pytest.mark.parametrize("padding", [0, ((1, 0), (2, 1))])
def test_a_batch_is_padded_and_laid_out(order, layout, mode, more, padding):
    shape = (2, 3, 4, 5) if layout == "NCHW" else (2, 4, 5, 3)
    x = counting(shape)
    w = np.ones((1, 3, 1, 1) if layout == "NCHW" else (1, 1, 3, 1))
    g = geometry(x, w, padding=padding, padding_mode=mode, layout=layout)
    channels_first = pad(x, g).transpose(0, *LAYOUTS[layout])
    wanted = np.pad(channels_first, [(0, 0), (0, 0), (0, more[0]), (0, more[1])])
    if order == "NHWC":
        wanted = wanted.transpose(0, 2, 3, 1)
    for name, other in memory_orders(x).items():
        if name != "swapped bytes":  # conv2d has put them in order before
            y = laid_out(other, g, order, more)
            np.testing.assert_array_equal(y, wanted)
            assert y.flags.c_contiguous


def test_what_lies_right_already_is_not_copied():
    x = counting((2, 3, 4, 5))
    g = geometry(x, np.ones((1, 3, 2, 2)))
    assert np.shares_memory(laid_out(x, g, "NCHW"), x)
    assert not np.shares_memory(laid_out(x, g, "NHWC"), x)


def test_axes_of_length_one_are_not_stepped_along():
    x = counting((1, 1, 4, 5))
    g = geometry(x, np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(laid_out(absurd_where_single(x), g, "NCHW"), x)


@pytest.mark.parametrize("m", [1, 36, 2000])
@pytest.mark.parametrize("length", [1, 63, 64, 65, 800, 1537])
def test_a_product_in_chunks_is_the_product(m, length):
    rng = np.random.default_rng(0)
    a, b = rng.integers(-9, 9, (m, 36)).astype(float), rng.integers(-9, 9, (36, length)) * 1.0
    out = np.full((m, length), np.nan)
    product(a, b, out)
    np.testing.assert_array_equal(out, a @ b)


def test_a_product_writes_into_a_view_with_other_strides():
    a, b = np.eye(3), np.arange(600.0).reshape(3, 200)
    wide = np.zeros((3, 900))
    product(a, b, wide[:, 100:300])
    np.testing.assert_array_equal(wide[:, 100:300], b)
    assert not wide[:, :100].any()
    assert not wide[:, 300:].any()


@pytest.mark.parametrize("threads", [1, 2, 3, 100])
@pytest.mark.parametrize("count", [1, 2, 5, 17])
def test_every_block_is_worked_on_once_in_even_portions(threads, count):
    portions = []
    share(portions.append, list(range(count)), threads)
    assert sorted(block for portion in portions for block in portion) == list(range(count))
    lengths = [len(portion) for portion in portions]
    assert len(portions) == min(threads, count)
    assert max(lengths) - min(lengths) <= 1


def test_two_threads_work_at_the_same_time():
    both = threading.Barrier(2, timeout=10)
    share(lambda portion: both.wait(), [0, 1], 2)


def test_an_error_in_a_thread_is_raised():
    def work(portion):
        raise ArithmeticError(portion)

    for threads in (1, 2):
        with pytest.raises(ArithmeticError):
            share(work, [0, 1, 2], threads)
