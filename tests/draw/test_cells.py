"""Cells say the numbers of their array, in its colours, and stand apart."""

import numpy as np
import pytest

from convlens import draw, palette
from tests.draw.looking import assert_legible, numbers, texts, tiles, written

RNG = np.random.default_rng(0)


def fresh():
    return draw.figure()


@pytest.mark.parametrize(
    "a",
    [
        RNG.integers(0, 10, (4, 5)),
        RNG.integers(-9, 10, (7, 9)),
        np.array([[0, 255, 3], [128, 7, 200]], dtype=np.uint8),
        np.array([[True, False, True]]),
        np.array([[0.25, 1.5], [np.nan, 3.0]], dtype=np.float32),
        np.array([[np.inf, 1.0], [-np.inf, 2.0]]),
        np.zeros((3, 2)),
        RNG.integers(0, 10, (2, 20)),
    ],
)
def test_numbers_and_colours_are_those_of_the_array(a):
    fig, ax = fresh()
    draw.cells(ax, a)
    assert written(ax, a.shape) == [[palette.label(v) for v in row] for row in a]
    values = a.astype(float)
    finite = values[np.isfinite(values)]
    low, high = finite.min(), finite.max()
    most = max(abs(low), abs(high))
    signed = bool((values < 0).any())
    colours = [
        palette.signed(v, most) if signed else palette.gray(v, low, high) for v in values.flat
    ]
    assert [t[0] for t in tiles(ax)] == [c.lower() for c in colours]
    assert len(tiles(ax)) == a.size
    assert_legible(fig)


def test_tiles_are_smaller_than_their_pitch():
    _, ax = fresh()
    draw.cells(ax, np.eye(3))
    for (_, x0, y0, x1, y1), (r, c) in zip(tiles(ax), np.ndindex(3, 3), strict=True):
        assert x1 - x0 < 0.9
        assert y1 - y0 < 0.9
        np.testing.assert_allclose([(x0 + x1) / 2, (y0 + y1) / 2], [c, r], atol=1e-9)


def test_masked_cells_are_empty():
    fig, ax = fresh()
    a = np.ma.array([[1, -2], [3, 4]], mask=[[0, 0], [1, 1]])
    draw.cells(ax, a)
    assert written(ax, (2, 2)) == [["1", "−2"], [None, None]]
    assert [t[0] for t in tiles(ax)][2:] == ["#ffffff", "#ffffff"]
    assert "empty" in draw.alt(fig)


def test_one_dimension_is_one_row():
    _, ax = fresh()
    draw.cells(ax, [3, 1, 4])
    assert written(ax, (1, 3)) == [["3", "1", "4"]]


def test_signed_and_limits_can_be_told():
    _, ax = fresh()
    draw.cells(ax, [[1, 2]], signed=True, limits=(-4, 4))
    assert [t[0] for t in tiles(ax)] == [palette.signed(1, 4), palette.signed(2, 4)]
    _, ax = fresh()
    draw.cells(ax, [[1, 2]], limits=(0, 4))
    assert [t[0] for t in tiles(ax)] == [palette.gray(1, 0, 4), palette.gray(2, 0, 4)]


def test_uint8_does_not_wrap_around():
    _, ax = fresh()
    draw.cells(ax, np.array([[250, 10]], np.uint8), limits=(0, 255))
    assert tiles(ax)[0][0] == palette.gray(250, 0, 255)


def test_corners():
    fig, ax = fresh()
    draw.cells(ax, RNG.integers(0, 10, (4, 5)), corners=np.arange(20).reshape(4, 5) * 4)
    read = [t.get_text() for t in texts(ax) if t.get_va() == "top"]
    assert read == [str(n) for n in range(0, 80, 4)]
    assert_legible(fig)


def test_rows_and_columns_are_numbered():
    _, ax = fresh()
    draw.cells(ax, np.zeros((2, 3)), title="A", subtitle="B", row_label="i", column_label="j")
    read = [t.get_text() for t in texts(ax)]
    for each in ("A", "B", "i", "j", "2"):
        assert each in read
    assert read.count("1") == 2


def test_many_cells_become_pixels():
    fig, ax = fresh()
    a = RNG.integers(0, 100, (30, 40))
    draw.cells(ax, a)
    assert not ax.collections
    (image,) = ax.images
    assert image.get_array().shape == (30, 40, 3)
    level = int(palette.gray(a[3, 4], a.min(), a.max())[1:3], 16)
    assert image.get_array()[3, 4].tolist() == [level] * 3
    assert_legible(fig)


def test_long_numbers_make_cells_wider():
    fig, ax = fresh()
    draw.cells(ax, RNG.normal(size=(3, 4)))
    assert all(t is not None for t in numbers(ax, (3, 4)).flat)
    assert_legible(fig)


def test_numbers_that_do_not_fit_are_left_out():
    fig, ax = draw.figure(width=2)
    draw.cells(ax, RNG.integers(100, 999, (5, 20)))
    assert not any(t is not None for t in numbers(ax, (5, 20)).flat)
    assert len(tiles(ax)) == 100
    assert fig.get_size_inches()[0] <= 2 + 1e-6


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (np.zeros((2, 2, 2)), ValueError),
        (np.zeros((0, 2)), ValueError),
        ([[1, 2], [3]], ValueError),
        ([["a"]], TypeError),
        (3, ValueError),
    ],
)
def test_what_is_no_grid_is_refused(wrong, kind):
    _, ax = fresh()
    with pytest.raises(kind, match=r"Given: "):
        draw.cells(ax, wrong)


def test_corners_of_another_shape_are_refused():
    _, ax = fresh()
    with pytest.raises(ValueError, match="same shape"):
        draw.cells(ax, np.zeros((2, 3)), corners=np.zeros((3, 2)))
