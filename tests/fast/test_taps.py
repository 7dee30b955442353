import numpy as np
import pytest

from convlib import conv2d
from convlib.fast import Kernel, taps
from convlib.geometry import Geometry
from tests.fast.agree import agrees, geometry, held, normal, off


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(40))
def test_weighted_sums_of_shifted_images_agree_with_the_definition(seed, dtype):
    agrees("taps", seed, dtype=dtype)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("block", [1, 300, 5000])
@pytest.mark.parametrize("seed", range(12))
def test_small_blocks_agree_as_well(monkeypatch, seed, block, threads):
    monkeypatch.setattr(taps, "BLOCK", block)
    agrees("taps", seed, threads=threads)


def test_integers_are_summed_as_they_are():
    x = np.full((1, 2, 4, 5), 2**53 + 1)
    assert (conv2d(x, np.ones((1, 2, 2, 3), int), method="taps") == 12 * (2**53 + 1)).all()


@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("c", [1, 3])
def test_a_kernel_for_every_channel_channels_last(monkeypatch, stride, padding, c):
    own = held(monkeypatch, taps, "depthwise")
    x, w = normal((2, 9, 8, c), "float64"), normal((3, 2, 1, c), "float64", 1)
    arguments = {"stride": stride, "padding": padding, "groups": c, "layout": "NHWC"}
    y = conv2d(x, w, method="taps", **arguments)
    assert off(y, x, w, **arguments) <= 2e-15
    assert len(own) == int(c > 1)


def test_a_gray_image_channels_last_has_one_number_a_pixel():
    # Its axis of channels is of length 1, and steps along that axis mean nothing.
    x, w = normal((9, 8), "float64"), normal((3, 2), "float64", 1)
    y = conv2d(x, w, layout="NHWC", method="taps")
    assert off(y, x, w) <= 2e-15


def test_one_column_of_pixels_is_one_long_row():
    x, w = normal((9, 1), "float64"), normal((3, 1), "float64", 1)
    for layout in ("NCHW", "NHWC"):
        assert off(conv2d(x, w, layout=layout, method="taps"), x, w) <= 2e-15


def test_the_blocks_cover_every_output_once():
    for batch, groups, size in [
        (3, 4, (9, 7)),
        (1, 1, (300, 200)),
        (5, 2, (1, 1)),
        (2, 64, (50, 50)),
    ]:
        g = Geometry(size, (1, 1), batch=batch, channels=groups, filters=groups, groups=groups)
        for row in (1, 5000, 400_000):
            for by_group in (True, False):
                seen = np.zeros((batch, groups if by_group else 1, size[0]), int)
                for n, k, i in taps.blocks(g, row, by_group):
                    seen[n, k, i] += 1
                assert (seen == 1).all()


def test_it_refuses_nothing():
    g = Geometry((9, 9), (3, 2), stride=2, dilation=2, channels=4, filters=4, groups=4)
    for dtype in ("int64", "float32", "complex64", "longdouble"):
        assert taps.refuses(g, np.dtype(dtype)) == ""


def test_the_columns_that_are_cut_off_do_not_reach_the_rest():
    x = np.ones((1, 1, 3, 4))
    x[..., -1] = np.nan
    w = np.ones((1, 1, 1, 2))
    y = taps.correlate(x, Kernel(w), geometry(x, w))[0, ..., 0]
    np.testing.assert_array_equal(np.isnan(y), [[False, False, True]] * 3)
