"""Pooling in a figure: the window in the input, the same cell of every output."""

import numpy as np
import pytest

from convlens import draw
from convlens.palette import label
from convlib import pool2d
from tests.draw.looking import assert_legible, covered, patches, tiles, written

X = np.random.default_rng(0).integers(0, 10, (6, 8))
REDUCTIONS = {"Max": np.max, "Mean": np.mean, "Median": np.median}


def drawn(x=X, kernel_size=(3, 2), at=(1, 2), reductions=REDUCTIONS, **steps):
    fig, axes = draw.figure(columns=1 + len(reductions))
    draw.pooled(axes, x, kernel_size, reductions, at=at, **steps)
    return fig, axes


@pytest.mark.parametrize(
    "steps",
    [
        {},
        {"stride": (1, 2)},
        {"stride": 2, "padding": (1, 1), "ceil_mode": True},
        {"stride": 1, "dilation": (1, 3)},
    ],
)
def test_every_output_is_drawn_and_ringed(steps):
    fig, axes = drawn(**steps)
    for ax, reduce in zip(axes[1:], REDUCTIONS.values(), strict=True):
        y = pool2d(X, (3, 2), reduce, **steps)
        place = draw.panel.panel(ax).places[-1]
        assert {at: t.get_text() for at, t in place.numbers.items()} == {
            at: label(v) for at, v in np.ndenumerate(y)
        }
        ((x0, y0, x1, y1),) = patches(ax, "ring")
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(place.centre(1, 2))
    assert_legible(fig)


def test_the_window_of_the_cell_is_marked():
    _, axes = drawn()
    assert np.argwhere(covered(axes[0], "window", X.shape)).tolist() == [
        [r, c] for r in (3, 4, 5) for c in (4, 5)
    ]


def test_cells_that_are_not_there_are_dashed_and_empty():
    _, axes = drawn(X[:4, :6], 3, (1, 1), stride=2, ceil_mode=True)
    assert len(patches(axes[0], "outside")) == 5 * 7 - 4 * 6
    read = written(axes[0], (5, 7))
    assert read[4] == [None] * 7
    assert [row[6] for row in read] == [None] * 5
    assert read[0][:6] == [str(v) for v in X[0, :6]]


def test_equal_numbers_have_equal_grays_in_all_panels():
    _, axes = drawn(reductions={"Max": np.max, "Min": np.min})
    grays = {}
    for ax, a in zip(axes, (X, pool2d(X, (3, 2), np.max), pool2d(X, (3, 2), np.min)), strict=True):
        for value, (face, *_) in zip(a.ravel().tolist(), tiles(ax), strict=True):
            assert grays.setdefault(value, face) == face


def test_it_is_said_in_words():
    fig, _ = drawn()
    assert draw.alt(fig) == (
        "Input x, 6 by 8. The window of output cell (1, 2) holds 6 cells: 7 7 0 2 0 6. "
        "Max: 7. Mean: 3.67. Median: 4."
    )
    fig, _ = drawn(X[:4, :6], 3, (1, 1), stride=2, ceil_mode=True)
    assert "The window of output cell (1, 1) holds 6 cells: 5 9 2 5 0 7." in draw.alt(fig)


@pytest.mark.parametrize(
    ("x", "at", "match"),
    [(X[None], (0, 0), "not one plane"), (X, (2, 0), "no window at this position")],
)
def test_what_does_not_fit_is_refused(x, at, match):
    with pytest.raises(ValueError, match=match):
        drawn(x, at=at)


def test_axes_must_be_as_many_as_panels():
    _, axes = draw.figure(columns=2)
    with pytest.raises(ValueError, match="takes 4 axes"):
        draw.pooled(axes, X, (3, 2), REDUCTIONS)
