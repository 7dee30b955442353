import warnings

import numpy as np
import pytest

from convlib import conv2d
from convlib.fast import banded
from convlib.geometry import Geometry
from tests.fast.agree import agrees, normal, off


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(40))
def test_bands_of_rows_agree_with_the_definition(seed, dtype):
    agrees("banded", seed, dtype=dtype)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("block", [1, 3000, 20_000])
@pytest.mark.parametrize("seed", range(12))
def test_small_blocks_agree_as_well(monkeypatch, seed, block, threads):
    monkeypatch.setattr(banded, "BLOCK", block)
    agrees("banded", seed, threads=threads)


@pytest.mark.parametrize("height", range(3, 21))
def test_any_number_of_rows_is_covered(height):
    # The last band overlaps the one before where the rows are no multiple of a band's.
    x, w = normal((height, 11), "float64"), normal((3, 4), "float64", 1)
    assert off(conv2d(x, w, method="banded"), x, w) <= 2e-15


@pytest.mark.parametrize("kw", [1, 2, 3, 4, 5])
def test_the_last_column_of_the_kernel_is_added_by_itself(kw):
    x, w = normal((2, 3, 13, 17), "float64"), normal((4, 3, 2, kw), "float64", 1)
    for stride, dilation in [((1, 1), (1, 1)), ((1, 3), (1, 2)), ((2, 2), (2, 3))]:
        arguments = {"stride": stride, "dilation": dilation}
        assert off(conv2d(x, w, method="banded", **arguments), x, w, **arguments) <= 2e-15


def test_what_lies_beside_the_rows_in_the_buffer_is_never_added(monkeypatch):
    def dirty(shape, dtype):
        return np.full(shape, np.finfo(dtype).max, dtype)

    monkeypatch.setattr(banded, "aligned", dirty)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # two of them overflow
        for seed in range(20):
            agrees("banded", seed)


def test_a_band_is_the_kernel_moved_down():
    g = Geometry((9, 5), (2, 1), stride=(2, 1), dilation=(3, 1))
    matrix = banded.bands(np.array([[[[1], [2]]]]), g)[0]
    wanted = np.zeros((3, 8))
    for r in range(3):
        wanted[r, 2 * r], wanted[r, 2 * r + 3] = 1, 2
    np.testing.assert_array_equal(matrix, wanted)


def test_bands_of_several_filters_and_channels_hold_every_weight_once_a_row():
    filters = np.arange(1, 49).reshape(4, 2, 2, 3)
    g = Geometry((5, 6), (2, 3), channels=4, filters=4, groups=2)
    high = min(banded.ROWS, g.output_size[0])
    matrix = banded.bands(filters, g)
    assert matrix.shape == (2, 3 * high * 2, (high + 1) * 2)
    numbers, counts = np.unique(matrix[matrix != 0], return_counts=True)
    np.testing.assert_array_equal(numbers, np.arange(1, 49))
    assert (counts == high).all()


def test_only_integers_are_refused():
    g = Geometry((9, 9), (3, 2), stride=2, dilation=2, channels=4, filters=4, groups=4)
    assert banded.refuses(g, np.dtype("int64"))
    assert not banded.refuses(g, np.dtype("float32"))
    assert not banded.refuses(g, np.dtype("complex64"))
