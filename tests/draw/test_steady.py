"""The last bits of a number, which differ from one processor to the next, do not show."""

import numpy as np
import pytest

from convlens import draw
from convlens.palette import grain, gray, signed, steady
from convlens.picture.grid import Grid, painter, pixels
from convlens.picture.photo import colour_pixels, plane_pixels
from convlens.picture.shapes import Picture, Rect
from convlib.strided import windows

# What occurs, and what is exactly between two colours: of the tiles (186 grays), of heatmaps and
# photographs (256 levels), of small cells (32), and of the colours on either side of zero.
VALUES = {
    "of a photograph": np.arange(256) / 255,
    "decimals": np.arange(101) / 100,
    "whole numbers": np.arange(0.0, 21),
    "eighths": np.arange(33) / 8,
    "between two grays": np.arange(0, 373) / 372,
    "between two levels": np.arange(0, 511) / 510,
    "between two of few": np.arange(0, 63) / 62,
    "between two of signed": np.arange(0, 401) / 400,
    "all alike": np.full(9, 1 / 3),
}
CASES = [
    pytest.param(sign * values, id=name if sign > 0 else f"{name}, below zero")
    for name, values in VALUES.items()
    for sign in (1, -1)
]
CASES.append(pytest.param(np.arange(-18, 19) / 9, id="on both sides of zero"))


def as_plane(values):
    return np.resize(values, (-(-len(values) // 9), 9))


def image(draw_it, plane, **look):
    fig = draw_it(plane, **look)
    return [np.asarray(i.get_array()).tolist() for ax in fig.axes for i in ax.images]


def heatmap(plane):
    return image(draw.heatmap, plane)


def photo(plane):
    return image(draw.photo, np.abs(plane) / 21)


def colours(kind):
    def paint_all(plane):
        paint = painter(plane, kind)
        return [paint(v) for v in plane.ravel()]

    return paint_all


def small_cells(plane):
    p = Picture(100, 100, "")
    pixels(p, Grid(0, 0, *plane.shape, (9, 9), 0), plane, painter(plane))
    return p.svg()


def many_pixels(plane):
    return plane_pixels(plane).tolist()


def rgb(plane):
    return colour_pixels(np.stack([np.abs(plane) / 21] * 3)).tolist()


TILES = {kind: colours(kind) for kind in ("values", "signed", "counts")}
PICTURES = [*TILES.values(), heatmap, photo, small_cells, many_pixels, rgb]


def a_little_off(values, ulps, seed):
    """Add some of the last bits of the largest value to each, as sums in another order do."""
    most = max(np.abs(values).max(), 1)
    noise = np.random.default_rng(seed).integers(-ulps, ulps + 1, values.shape)
    return (values + noise * np.spacing(most)).astype(values.dtype)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("values", CASES)
@pytest.mark.parametrize(("dtype", "ulps"), [("float64", 100), ("float32", 1)])
def test_the_last_bits_do_not_show(picture, values, dtype, ulps):
    plane = as_plane(values).astype(dtype)
    wanted = picture(plane)
    for seed in range(3):
        assert picture(a_little_off(plane, ulps, seed)) == wanted


def test_a_picture_of_nothing_within_limits_stays_empty():
    nothing = a_little_off(np.zeros((9, 9)), 100, 0)
    assert (nothing < 0).any()
    for kind, empty in (("values", gray(0, 0, 1)), ("signed", signed(0, 1))):
        paint = painter(nothing, kind, (0, 1))
        assert {paint(v) for v in nothing.ravel()} == {empty}
    for limits in ((0, 1), (-1, 1)):
        (pixels_,) = image(draw.heatmap, nothing, limits=limits)
        assert len(np.unique(np.asarray(pixels_), axis=0)) == 1


@pytest.mark.parametrize("drawn", [draw.cells, draw.tiles, draw.memory])
def test_next_to_nothing_below_zero_is_no_sign(drawn):
    x = np.arange(12.0).reshape(3, 4)
    pictures = []
    for least in (0.0, -1e-16):
        x[0, 0] = least
        shown = drawn(windows(x, 2) if drawn is draw.tiles else x)
        p = shown.picture() if drawn is draw.cells else shown
        pictures.append([dict(s.style)["fill"] for s in p.shapes if isinstance(s, Rect)])
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "uint8", "bool"])
def test_what_is_rounded_is_far_less_than_a_colour(dtype):
    values = np.random.default_rng(0).uniform(0, 200, 1000).astype(dtype)
    most = float(values.max())
    assert abs(steady(values) - values).max() <= most / 255 / 16
    assert steady(values).dtype == np.float64


@pytest.mark.parametrize("most", [0.5, 1.0, 2.0, 255.0, 256.0, 3.0, 10.0, 0.1, 1e-3, 1 / 3])
def test_the_step_is_the_same_on_either_side_of_a_usual_maximum(most):
    for dtype in (np.float64, np.float32):
        near = np.array([most], dtype) * np.array([[1 - 1e-6], [1], [1 + 1e-6]], dtype)
        assert len({grain(a) for a in near}) == 1


@pytest.mark.parametrize("a", [[], [0.0], [np.nan], [np.inf, -np.inf], [5e-324], [1.7e308], [True]])
def test_numbers_of_any_size_are_rounded(a):
    np.testing.assert_allclose(steady(a), a, rtol=1e-8)


def test_integers_and_fractions_with_few_digits_stay_what_they_are():
    values = np.concatenate([np.arange(-512, 513), np.arange(-512, 513) / 256])
    np.testing.assert_array_equal(steady(values), values)


def test_the_largest_number_there_is_stays_finite():
    for dtype in (np.float32, np.float64):
        largest = np.finfo(dtype).max
        assert np.isfinite(steady(np.array([largest, -largest], dtype))).all()
