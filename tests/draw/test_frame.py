"""A frame on four axes, and the one-dimensional opener."""

import numpy as np
import pytest

from convlens import draw, palette
from convlib import Walk
from tests.draw.looking import assert_legible, covered, patches, texts, written

RNG = np.random.default_rng(2)
X = RNG.integers(0, 10, (7, 9))
W = np.array([[1, -1], [2, -2], [0, 1]])


def four(frame, **how):
    fig, axes = draw.figure(columns=4)
    draw.frame(axes, frame, **how)
    return fig, axes


def words(ax):
    return [t.get_text() for t in texts(ax)]


def test_the_four_panels_tell_the_frame():
    frame = Walk(X, W).frame(2, 4)
    fig, (left, middle, right, end) = four(frame)
    assert written(left, X.shape) == [[str(v) for v in row] for row in X]
    rows, columns = np.nonzero(covered(left, "window", X.shape))
    assert (sorted(set(rows)), sorted(set(columns))) == ([2, 3, 4], [4, 5])
    for value, weight in zip(frame.window[0].flat, W.flat, strict=True):
        assert f"{value} × {palette.label(weight)}" in words(right)
    for product in frame.products[0].flat:
        assert palette.label(product) in words(right)
    assert f"sum = {palette.label(frame.sum)}" in words(right)
    so_far = frame.output_so_far
    labels = [[None if v is np.ma.masked else palette.label(v) for v in row] for row in so_far]
    assert written(end, so_far.shape) == labels
    assert np.argwhere(covered(end, "ring", so_far.shape)).tolist() == [[2, 4]]
    assert {"×"} <= set(words(middle))
    assert {"="} <= set(words(right))
    assert_legible(fig)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"padding": 1},
        {"padding": (1, 2), "padding_mode": "reflect"},
        {"stride": (2, 3)},
        {"dilation": (2, 3)},
        {"bias": [5]},
        {"stride": 2, "padding": 2, "dilation": 2},
    ],
)
def test_any_frame_is_legible(arguments):
    walk = Walk(X, W, **arguments)
    oh, ow = walk.geometry.output_size
    for row, column in ((0, 0), (oh - 1, ow - 1)):
        fig, _ = four(walk.frame(row, column))
        assert_legible(fig)


def test_channels_and_bias_are_summed_in_the_open():
    x, w = RNG.integers(0, 10, (2, 4, 4)), RNG.integers(-3, 4, (3, 2, 2, 2))
    frame = Walk(x, w, [1, -2, 3]).frame(1, 2, filter=1)
    fig, axes = four(frame, channel=1)
    read = words(axes[2])
    assert f"sum = {palette.label(frame.products[1].sum())}" in read
    assert f"all 2 channels = {palette.label(frame.products.sum())}" in read
    assert f"with bias −2 = {palette.label(frame.sum)}" in read
    assert written(axes[0], (4, 4)) == [[str(v) for v in row] for row in x[1]]
    assert_legible(fig)


def test_groups_show_the_channels_that_the_filter_reads():
    x, w = RNG.integers(0, 10, (4, 4, 4)), np.ones((2, 2, 2, 2), dtype=int)
    frame = Walk(x, w, groups=2).frame(0, 0, filter=1)
    _, axes = four(frame, channel=0)
    assert written(axes[0], (4, 4)) == [[str(v) for v in row] for row in x[2]]


def test_wrong_axes_and_channels_are_refused():
    frame = Walk(X, W).frame(0, 0)
    with pytest.raises(ValueError, match="columns=4"):
        draw.frame(draw.figure(columns=3)[1], frame)
    with pytest.raises(ValueError, match="no such channel"):
        four(frame, channel=1)


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("position", [0, 2, 4])
def test_the_line_is_numpys(position, flip):
    x, w = np.array([3, 1, 4, 1, 5, 9, 2]), np.array([1, 0, -2])
    fig, ax = draw.figure()
    draw.line(ax, x, w, position, flip=flip)
    y = np.convolve(x, w, "valid") if flip else np.correlate(x, w, "valid")
    taps = w[::-1] if flip else w
    assert written(ax, (1, 7)) == [[str(v) for v in x]]
    below = written(ax, (1, 3), origin=(position, 1.45))
    assert below == [[palette.label(t) for t in taps]]
    products = written(ax, (1, 3), origin=(position, 2.9))
    assert products == [[palette.label(v) for v in x[position : position + 3] * taps]]
    sums = written(ax, (1, 5), origin=(0, 4.35))[0]
    assert sums[: position + 1] == [palette.label(v) for v in y[: position + 1]]
    assert sums[position + 1 :] == [None] * (4 - position)
    assert_legible(fig)


@pytest.mark.parametrize(
    ("x", "w", "position"), [([1, 2], [1, 2], 1), ([[1]], [1], 0), ([], [1], 0)]
)
def test_taps_that_do_not_fit_are_refused(x, w, position):
    _, ax = draw.figure()
    with pytest.raises(ValueError, match="Given: "):
        draw.line(ax, x, w, position)


def test_small_outputs_and_many_sums_keep_apart():
    x, w = RNG.integers(0, 256, (3, 2, 11)).astype(np.uint8), np.full((2, 3, 2, 1), -3)
    fig, _ = four(Walk(x, w, [-2, 1], padding=(1, 0), stride=(3, 3)).frame(0, 0))
    assert_legible(fig)
    fig, _ = four(Walk(x[0, :, :3], w[0, 0], bias=[1]).frame(0, 0))
    assert_legible(fig)


def test_large_images_are_pixels_and_still_legible():
    x, w = RNG.integers(0, 256, (20, 24)), RNG.integers(-3, 4, (5, 5))
    fig, axes = four(Walk(x, w, padding=2).frame(3, 4))
    assert axes[0].images
    assert len(patches(axes[0], "outside")) == 1
    assert_legible(fig)


def test_complex_numbers_are_coloured_by_size():
    x = np.array([[1 + 2j, 0, 3], [1j, 2, -1]])
    frame = Walk(x, [[1, 1j]], padding=1).frame(1, 1)
    assert four(frame)[0].png()
    fig, ax = draw.figure()
    draw.padded(ax, frame)
    assert "1+2i" in words(ax)
    assert_legible(fig)
