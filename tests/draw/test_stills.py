"""One stop of a window as a still picture: in two dimensions, in one, in pooling."""

import re

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")
need_module("anywidget")

from convlens import draw, explore, palette  # noqa: E402
from convlens.picture.grid import painter  # noqa: E402
from convlib import Walk, pool2d  # noqa: E402
from tests.picture.seen import assert_legible, boxes, covered, panels, tiles, written  # noqa: E402

X = np.random.default_rng(0).integers(0, 10, (6, 8))
REDUCTIONS = {"Max": np.max, "Mean": np.mean, "Median": np.median}


def test_a_frame_is_the_first_picture_of_its_explorer():
    w = [[1, -1, 2], [0, 3, -2]]
    still = draw.frame(Walk(X, w).frame(2, 3))
    assert still.svg() == explore.window(X, w, at=(2, 3)).picture.svg()


def test_the_sum_is_the_number_of_the_output_and_shown_once():
    rng = np.random.default_rng(0)
    frames = (
        Walk(rng.integers(-9, 9, (2, 3)) / 10, rng.integers(-9, 9, (2, 3)) / 10).frame(0, 0)
        for _ in range(10_000)
    )
    frame = next(f for f in frames if palette.label(f.products.sum()) != palette.label(f.sum))
    assert frame.sum == frame.walk.output[0, 0, 0, 0]
    p = draw.frame(frame)
    said = [s.string for s in p.shapes if hasattr(s, "string")]
    assert palette.label(frame.products.sum()) not in said
    assert said.count(palette.label(frame.sum)) == 2  # in the output, and at the end of the line


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e300, -1e300])
def test_a_frame_of_extreme_numbers_is_drawn_without_a_warning(value):
    x = np.ones((4, 5))
    x[1, 2] = value
    with np.errstate(all="ignore"):
        walk = Walk(x, [[1e300, 1], [0, -2]])
    p = draw.frame(walk.frame(1, 2))
    elements = re.findall("<(?!svg)[^>]*>", p.svg())
    assert not [e for e in elements if "nan" in e or "inf" in e]
    assert_legible(p)


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("position", [0, 2, 4])
def test_a_line_is_numpys_own(flip, position):
    x, w = np.array([3, 1, 4, 1, 5, 9, 2]), np.array([1, 0, -2])
    y = np.convolve(x, w, "valid") if flip else np.correlate(x, w, "valid")
    p = draw.line(x, w, position, flip=flip)
    title = "Convolution" if flip else "Cross-correlation"
    numbers = [s.string for s in p.shapes if hasattr(s, "string") and s.length]
    assert numbers[-(position + 1) :] == [palette.label(v) for v in y[: position + 1]]
    assert np.flatnonzero(covered(p, "window", title, (1, 7))).tolist() == [
        position, position + 1, position + 2,
    ]  # fmt: skip
    (ring,) = boxes(p, "ring")
    assert ring[0] == pytest.approx(tiles(p, title)[position][0], abs=0.6)
    assert f"their sum {palette.label(y[position])}." in p.label
    assert_legible(p)


def test_bytes_do_not_wrap_in_a_line():
    assert "[400, 400]" in draw.line(np.full(3, 200, np.uint8), np.full(2, 2, np.uint8), 0).label


@pytest.mark.parametrize(
    "steps",
    [
        {},
        {"stride": (1, 2)},
        {"stride": 2, "padding": (1, 1), "ceil_mode": True},
        {"stride": 1, "dilation": (1, 3)},
    ],
)
def test_every_output_of_a_pooling_is_drawn_and_ringed(steps):
    p = draw.pooled(X, (3, 2), REDUCTIONS, at=(1, 2), **steps)
    for title, reduce in REDUCTIONS.items():
        y = pool2d(X, (3, 2), reduce, **steps)
        labels = [{palette.label(v, digits) for digits in (2, 3)} for v in y.ravel()]
        assert all(word in some for word, some in zip(written(p, title), labels, strict=True))
        assert np.argwhere(covered(p, "ring", title, y.shape)).tolist() == [[1, 2]]
    assert_legible(p)


def test_cells_that_pooling_does_not_see_are_dashed_and_empty():
    p = draw.pooled(X[:4, :6], 3, {"Max": np.max}, at=(1, 1), stride=2, ceil_mode=True)
    assert len(boxes(p, "padding")) == 5 * 7 - 4 * 6
    assert written(p, "Input x") == [str(v) for v in X[:4, :6].ravel()]


def test_equal_numbers_have_equal_grays_in_all_panels_of_a_pooling():
    p = draw.pooled(X, (3, 2), {"Max": np.max, "Min": np.min})
    shade = dict(zip(written(p, "Input x"), [t[4] for t in tiles(p, "Input x")], strict=True))
    for title in ("Max", "Min"):
        for word, tile in zip(written(p, title), tiles(p, title), strict=True):
            assert tile[4] == shade[word]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: draw.frame(Walk(X, [[1]])), "not a Frame"),
        (lambda: draw.frame(Walk(X, [[1]]).frame(0, 0), channel=1), "no such channel"),
        (lambda: draw.line([1, 2], [1, 2, 3], 0), "do not fit"),
        (lambda: draw.line([1, 2, 3], [1, 2], 2), "do not fit"),
        (lambda: draw.line([[1, 2]], [1], 0), "not one row"),
        (lambda: draw.pooled(X[None], 2, REDUCTIONS), "not one plane"),
        (lambda: draw.pooled(X, 2, REDUCTIONS, at=(3, 4)), "no window at this position"),
    ],
)
def test_what_there_is_not_is_refused(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        wrong()


def test_panels_are_named():
    assert set(panels(draw.pooled(X, 2, REDUCTIONS))) == {"Input x", *REDUCTIONS}


def test_a_part_that_is_enlarged_has_the_grays_of_the_whole():
    x = np.random.default_rng(1).integers(0, 10, (18, 18))  # too large for numbers
    p = draw.frame(Walk(x, np.ones((3, 3), int)).frame(4, 5))
    near = x[2:9, 3:10].ravel()
    assert written(p, "Around the window") == [str(v) for v in near]
    shade = painter(x)
    assert [t[4] for t in tiles(p, "Around the window")] == [shade(v) for v in near]
