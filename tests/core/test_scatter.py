"""The adjoints of the steps: windows given back to the padded image, padding to the image."""

import numpy as np
import pytest
from hypothesis import given, settings

from convlib import Geometry, index_grid
from convlib.adjoint.scatter import by_taps, from_channels_last, on_grid, sources, taps, unpad
from convlib.geometry import pad
from tests.core.arrays import counting, memory_orders
from tests.peers.cases import MODES, PADDINGS, cases

BOTH = pytest.mark.parametrize("scatter", [on_grid, by_taps])
ROW = [[[[20, 1, 2, 3, 4, 30]]]]


def geometry_of(case):
    """The geometry of a case, with its arguments as typed, and its images in its layout."""
    n, c, h, w = case.images.shape
    steps = {k: v for k, v in case.arguments.items() if k != "groups"}
    g = Geometry((h, w), case.filters.shape[2:], batch=n, channels=c, **steps)
    return g, np.ascontiguousarray(from_channels_last(case.images.transpose(0, 2, 3, 1), g))


def whole(shape):
    return np.random.default_rng(0).integers(-9, 10, shape)


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("zeros", [1, 2, 3, 4]),
        ("reflect", [1, 22, 33, 4]),
        ("replicate", [21, 2, 3, 34]),
        ("circular", [31, 2, 3, 24]),
    ],
)
def test_padding_goes_back_by_hand(mode, wanted):
    g = Geometry((1, 4), 1, padding=(0, 1), padding_mode=mode)
    assert unpad(np.array(ROW), g).ravel().tolist() == wanted
    upright = Geometry((4, 1), 1, padding=(1, 0), padding_mode=mode, layout="NHWC")
    assert unpad(np.array(ROW).reshape(1, 6, 1, 1), upright).ravel().tolist() == wanted


def test_a_corner_goes_back_by_both_axes():
    g = Geometry((2, 2), 1, padding=((1, 0), (0, 1)), padding_mode="circular")
    padded = np.array([[1, 2, 4], [8, 16, 32], [64, 128, 256]])
    # Row 0 shows row 1 of the image, column 2 its column 0: the 4 comes from its lower left.
    assert unpad(padded[None, None], g).tolist() == [[[[8 + 32, 16], [64 + 256 + 1 + 4, 128 + 2]]]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spelling", PADDINGS)
def test_unpad_is_the_adjoint_of_pad(spelling, mode):
    @settings(max_examples=12, database=None)
    @given(cases(spelling, mode, dtypes=("int64",)))
    def each(case):
        g, x = geometry_of(case)
        padded = pad(x, g)
        y = whole(padded.shape)
        assert np.sum(padded * y) == np.sum(x * unpad(y, g))
        assert unpad(y, g).shape == x.shape

    each()


@pytest.mark.parametrize("mode", MODES)
def test_the_sources_are_what_pad_copies(mode):
    g = Geometry((3, 5), 1, padding=((2, 1), (0, 4)), padding_mode=mode)
    image = counting((1, 1, 3, 5))
    rows, columns = sources(g)
    shown = image[0, 0][rows][:, columns]
    shown[rows < 0] = shown[:, columns < 0] = 0
    np.testing.assert_array_equal(pad(image, g)[0, 0], shown)


@BOTH
@pytest.mark.parametrize("spelling", ["none", "four sides"])
def test_scattering_is_the_adjoint_of_taking_windows(spelling, scatter):
    @settings(max_examples=40, database=None)
    @given(cases(spelling, "zeros", dtypes=("int64",)))
    def each(case):
        g, x = geometry_of(case)
        x = pad(x, g)
        windows = x.take(index_grid.batch_grid(g)).reshape(g.window_shape)
        y = whole(windows.shape)
        assert np.sum(windows * y) == np.sum(x * scatter(y, g))
        assert scatter(y, g).shape == x.shape

    each()


@BOTH
@pytest.mark.parametrize("order", memory_orders(counting((2, 2, 2, 2))))
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_windows_in_any_memory_order_are_scattered(order, layout, scatter):
    g = Geometry((3, 5), (2, 3), stride=(1, 2), batch=2, channels=2, layout=layout)
    windows = counting(g.window_shape)
    wanted = np.zeros((2, 3, 5, 2), int)
    for n, i, j, c, u, v in np.ndindex(g.window_shape):
        wanted[n, i + u, 2 * j + v, c] += windows[n, i, j, c, u, v]
    got = scatter(memory_orders(windows)[order], g)
    np.testing.assert_array_equal(got, from_channels_last(wanted, g))


@pytest.mark.parametrize("steps", [{}, {"stride": 2}, {"stride": (1, 3), "dilation": (2, 1)}])
def test_the_taps_together_visit_every_window_once(steps):
    g = Geometry((7, 9), (2, 3), batch=2, channels=3, **steps)
    x = counting((2, 3, 7, 9))
    windows = index_grid.windows(x, (2, 3), **steps)
    seen = []
    for u, v, cells in taps(x.transpose(0, 2, 3, 1), g):
        np.testing.assert_array_equal(cells, windows[..., u, v])
        assert np.shares_memory(cells, x)
        seen.append((u, v))
    assert seen == list(np.ndindex(2, 3))


def test_only_padding_that_shows_pixels_needs_a_copy():
    padded = counting((1, 1, 4, 5))
    assert np.shares_memory(padded, unpad(padded, Geometry((4, 5), 1)))
    assert np.shares_memory(padded, unpad(padded, Geometry((2, 3), 1, padding=1)))
    before = padded.copy()
    g = Geometry((2, 3), 1, padding=1, padding_mode="replicate")
    assert not np.shares_memory(padded, unpad(padded, g))
    np.testing.assert_array_equal(padded, before)
