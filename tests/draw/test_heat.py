"""Photographs, filtered images, coverage and charts."""

import numpy as np
import pytest

from convlens import draw, palette
from convlib import Geometry, index_grid
from tests.draw.looking import assert_legible, texts, written

RNG = np.random.default_rng(3)


def shown(ax):
    return np.asarray(ax.images[0].get_array())


def rgb(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def test_heatmap_gray_and_signed():
    fig, axes = draw.figure(columns=2)
    a = RNG.normal(size=(30, 40))
    draw.heatmap(axes[0], np.abs(a), title="unsigned", colorbar=True)
    draw.heatmap(axes[1], a, title="signed", colorbar=True)
    top = np.unravel_index(np.abs(a).argmax(), a.shape)
    assert shown(axes[0])[top].tolist() == rgb(palette.gray(1, 0, 1))
    end = palette.signed(float(np.sign(a[top])), 1)
    assert shown(axes[1])[top].tolist() == rgb(end)
    assert "0" in [t.get_text() for t in texts(axes[1])]
    assert_legible(fig)


def test_heatmap_is_symmetric_about_zero():
    _, ax = draw.figure()
    draw.heatmap(ax, [[-1.0, 0.0, 4.0]])
    middle = shown(ax)[0, 1]
    assert middle.min() >= 240
    assert abs(shown(ax)[0, 0].astype(int) - middle).max() < 60


def test_heatmap_of_one_value_and_of_nan():
    _, ax = draw.figure()
    draw.heatmap(ax, np.zeros((3, 3)))
    assert len(np.unique(shown(ax))) == 1
    _, ax = draw.figure()
    draw.heatmap(ax, [[np.nan, 1.0, 2.0]])
    assert shown(ax)[0, 0].tolist() == rgb(palette.NEUTRAL)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_photo(dtype, layout):
    colour = RNG.integers(0, 256, (5, 7, 3)).astype(np.uint8)
    image = colour if dtype == np.uint8 else (colour / 255).astype(dtype)
    _, ax = draw.figure()
    draw.photo(ax, image.transpose(2, 0, 1) if layout == "NCHW" else image, layout=layout)
    np.testing.assert_array_equal(shown(ax), colour)


def test_gray_photo():
    _, ax = draw.figure()
    draw.photo(ax, np.array([[0, 255], [7, 8]], np.uint8), "gray")
    assert shown(ax)[1, 0].tolist() == [7, 7, 7]
    _, ax = draw.figure()
    draw.photo(ax, np.array([[True, False]]))
    assert shown(ax)[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    "wrong", [np.full((2, 2), 2.0), np.zeros((2, 2, 5)), np.zeros(4), np.array([[-1, 3]])]
)
def test_what_is_no_photo_is_refused(wrong):
    _, ax = draw.figure()
    with pytest.raises(ValueError, match="Given: "):
        draw.photo(ax, wrong)


@pytest.mark.parametrize(
    "g",
    [
        Geometry((4, 5), (2, 3)),
        Geometry((7, 9), (3, 2), stride=(3, 2)),
        Geometry((5, 5), 3, padding=1),
        Geometry((7, 9), 2, dilation=3),
    ],
)
def test_coverage_counts_the_index_grid(g):
    fig, ax = draw.figure()
    draw.windows_on_image(ax, g)
    size = g.padded_size[0] * g.padded_size[1]
    counts = np.bincount(index_grid.grid(g).ravel(), minlength=size).reshape(g.padded_size)
    assert written(ax, counts.shape) == counts.astype(str).tolist()
    assert_legible(fig)


def test_large_coverage_is_a_heatmap():
    _, ax = draw.figure()
    draw.windows_on_image(ax, Geometry((40, 50), 3))
    assert shown(ax).shape == (40, 50, 3)


def test_chart():
    fig, axes = draw.figure(columns=2)
    axes[0].bar(["take", "einsum"], [3, 4])
    draw.chart(axes[0], title="Peak memory", y_label="MB", x_label="method")
    draw.cells(axes[1], np.eye(3), title="beside")
    assert axes[0].get_ylim()[1] > 4
    assert axes[0].axison
    assert "MB over method" in draw.alt(fig)
    assert_legible(fig)
