from fractions import Fraction

import numpy as np
import pytest

from convlib import conv2d
from convlib.fast import winograd
from convlib.fast.cost import direct
from convlib.geometry import Geometry
from tests.fast.agree import agrees, in_layout, normal, off


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(40))
def test_tiles_agree_with_the_definition(seed, dtype):
    agrees("winograd", seed, kernel=(3, 3), plain=True, dtype=dtype)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("size", [(40, 51), (35, 70), (3, 300), (260, 3)])
def test_several_blocks_of_tiles_agree_as_well(size, layout, threads):
    x, w = in_layout(normal((3, 5, *size)), normal((7, 5, 3, 3), seed=1), layout)
    y = conv2d(x, w, padding=1, layout=layout, method="winograd", threads=threads)
    assert off(y, x, w, padding=1, layout=layout) <= 2e-5


@pytest.mark.parametrize("channels", [1, 64, 300])
@pytest.mark.parametrize(("dtype", "most"), [("float32", 2e-5), ("float64", 5e-14)])
def test_the_error_stays_below_what_the_docstring_says(channels, dtype, most):
    x, w = normal((1, channels, 30, 30), dtype), normal((16, channels, 3, 3), dtype, 1)
    assert off(conv2d(x, w, method="winograd"), x, w) <= most


def test_the_points_are_better_than_those_of_the_textbook(monkeypatch):
    def error():
        x, w = normal((2, 64, 34, 34)), normal((16, 64, 3, 3), seed=1)
        wider = (a.astype("float64") for a in (x, w))
        return np.std(conv2d(x, w, method="winograd") - conv2d(*wider, method="strided"))

    own = error()
    textbook = [np.kron(m, m).astype("float32") for m in winograd.matrices((0, 1, -1, 2, -2))]
    monkeypatch.setattr(winograd, "both_ways", lambda dtype: textbook)
    assert own < 0.85 * error()  # typically 0.7


def test_the_matrices_are_those_of_the_points_exactly():
    # A.T @ ((G @ w) * (B.T @ d)) in fractions, for every pair of unit vectors.
    bt, g, at = (
        [[Fraction(float(v)).limit_denominator(10_000) for v in row] for row in matrix]
        for matrix in winograd.matrices()
    )
    for tap in range(3):
        for pixel in range(6):
            y = [sum(a * g[k][tap] * bt[k][pixel] for k, a in enumerate(row)) for row in at]
            assert y == [int(pixel == i + tap) for i in range(4)]


def test_a_tile_takes_36_products_where_the_definition_takes_144():
    w = normal((5, 2, 3, 3))
    assert winograd.transform(w).shape == (36, 2, 5)
    assert winograd.TILE**2 * 4 == winograd.M**2 * winograd.R**2
    many = {"channels": 100_000, "filters": 100_000}  # beside which the transforms are nothing
    g = Geometry((42, 42), (3, 3), **many)
    assert winograd.cost(g, 4).multiplications / direct(g) == pytest.approx(36 / 144, rel=1e-2)
    # Tiles that stick out cost as much as whole ones.
    g = Geometry((3, 3), (3, 3), **many)
    assert winograd.cost(g, 4).multiplications / direct(g) == pytest.approx(36 / 9, rel=1e-2)


def test_the_transformed_filters_are_their_values_at_the_points():
    w = normal((2, 3, 3, 3), "float64")
    _, g, _ = winograd.matrices()
    wanted = np.einsum("pu,ocuv,qv->pqco", g, w, g).reshape(36, 3, 2)
    np.testing.assert_allclose(winograd.transform(w), wanted, atol=1e-14)


def test_the_tiles_overlap_by_two_and_are_not_copied():
    x = np.arange(10 * 14.0).reshape(1, 10, 14, 1)
    g = Geometry((10, 14), (3, 3))
    tiles = winograd.tiles_of(x, winograd.TILE, g)
    assert tiles.shape == (6, 6, 1, 2, 3, 1)
    assert np.shares_memory(tiles, x)
    np.testing.assert_array_equal(tiles[:, :, 0, 1, 2, 0], x[0, 4:10, 8:14, 0])


def test_the_blocks_cover_every_tile_once():
    for batch, size in [(5, (9, 9)), (2, (70, 50)), (1, (3, 900)), (40, (3, 3))]:
        g = Geometry(size, (3, 3), batch=batch)
        for wanted in (1, 7, 64):
            seen = np.zeros((batch, winograd.tile_counts(g)[0]), int)
            for n, i in winograd.blocks_of_tiles(g, wanted):
                seen[n, i] += 1
            assert (seen == 1).all()


@pytest.mark.parametrize(
    ("kernel", "arguments", "dtype", "words"),
    [
        ((3, 2), {}, "float32", "made for \\(3, 3\\)"),
        ((5, 5), {}, "float32", "made for \\(3, 3\\)"),
        ((3, 3), {"stride": 2}, "float32", "stride"),
        ((3, 3), {"dilation": (1, 2)}, "float32", "dilation"),
        ((3, 3), {"groups": 2}, "float32", "groups"),
        ((3, 3), {}, "int64", "floating-point"),
        ((3, 3), {}, "complex64", "floating-point"),
    ],
)
def test_what_it_cannot_do_is_refused(kernel, arguments, dtype, words):
    x = np.ones((2, 8, 9), dtype)
    w = np.ones((2, 2 // arguments.get("groups", 1), *kernel), dtype)
    with pytest.raises(ValueError, match=f"'winograd' cannot do .*{words}"):
        conv2d(x, w, method="winograd", **arguments)
