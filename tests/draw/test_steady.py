"""The last bits of a number, which differ from one processor to the next, do not show."""

import itertools
import math

import numpy as np
import pytest

from convlens import draw, palette
from convlens.palette import grain, gray, signed, steady
from convlens.svg.grid import Grid, painter, pixels
from convlens.svg.photo import colour_pixels, plane_pixels
from convlens.svg.picture import Picture

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
    pytest.param(sign * values, id=f"{sign * 1:+d} {name}".strip("+1 "))
    for name, values in VALUES.items()
    for sign in (1, -1)
]
CASES.append(pytest.param(np.arange(-18, 19) / 9, id="on both sides of zero"))
CASES.append(pytest.param(np.zeros(9), id="nothing"))


def as_plane(values):
    return np.resize(values, (-(-len(values) // 9), 9))


def tiles(plane):
    return draw.values.faces(plane)


def heatmap(plane):
    _, ax = draw.figure()
    draw.heatmap(ax, plane, colorbar=True)
    return [np.asarray(image.get_array()).tolist() for image in ax.images]


def photo(plane):
    _, ax = draw.figure()
    draw.photo(ax, np.abs(plane) / 21)
    return np.asarray(ax.images[0].get_array()).tolist()


def svg_tiles(plane):
    paint = painter(plane, diverging=False)
    return [paint(v) for v in plane.ravel()]


def svg_signed_tiles(plane):
    paint = painter(plane, diverging=True)
    return [paint(v) for v in plane.ravel()]


def svg_pixels(plane):
    p = Picture(100, 100, "")
    pixels(p, Grid(0, 0, *plane.shape, (9, 9), 0), plane, painter(plane, diverging=False))
    return p.svg()


def svg_plane(plane):
    return plane_pixels(plane, diverging=False).tolist()


def svg_photo(plane):
    return colour_pixels(np.stack([np.abs(plane) / 21] * 3)).tolist()


PICTURES = [tiles, heatmap, photo, svg_tiles, svg_signed_tiles, svg_pixels, svg_plane, svg_photo]


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


def test_without_rounding_they_would(monkeypatch):
    for module in (palette, draw.values, draw.heat, draw.memory):
        monkeypatch.setattr(module, "palette", palette, raising=False)
    monkeypatch.setattr(palette, "grain", lambda *_: 0.0)
    plane = np.zeros((9, 9))
    plane[4] = np.arange(9) - 4
    off = [heatmap(a_little_off(plane, 1, seed)) for seed in range(3)]
    assert any(one != other for one, other in itertools.pairwise(off))
