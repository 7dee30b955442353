"""A convolution drawn as a matrix."""

import numpy as np
import pytest

from convlens import draw, palette
from convlib import Geometry, index_grid
from tests.draw.looking import assert_legible, covered, patches, written

W = np.array([[1, -1, 2], [4, 3, -2]])


def matrix(size=(4, 6), w=W):
    grid = index_grid.grid(Geometry(size, w.shape))
    a = np.zeros((len(grid), size[0] * size[1]), dtype=w.dtype)
    np.put_along_axis(a, grid, w.reshape(1, -1), axis=1)
    return a


def test_numbers_stand_where_the_matrix_is_not_zero():
    a = matrix()
    fig, ax = draw.figure()
    draw.matrix(ax, a, blocks=(4, 6), title="A", subtitle="12 x 24")
    expected = [[palette.label(v) if v else None for v in row] for row in a]
    assert written(ax, a.shape) == expected
    assert_legible(fig)
    assert draw.alt(fig) == "A, 12 by 24, 72 numbers not zero."


@pytest.mark.parametrize("axis", [0, 1])
def test_one_row_or_column_is_picked_out(axis):
    a = matrix() if axis == 0 else matrix().T
    fig, ax = draw.figure()
    draw.matrix(ax, a, title="A", **{("row", "column")[axis]: 5})
    wanted = np.zeros(a.shape, int)
    line = np.take(a, 5, axis) != 0
    wanted[(5, slice(None)) if axis == 0 else (slice(None), 5)] = line
    np.testing.assert_array_equal(covered(ax, "kernel", a.shape), wanted)
    ((x0, y0, x1, y1),) = patches(ax, "ring")
    assert (x1 - x0 > a.shape[1] - 1) == (axis == 0)
    assert (y1 - y0 > a.shape[0] - 1) == (axis == 1)
    named = ("Row", "Column")[axis]
    assert f"{named} 5 is picked out: 1 at 7, −1 at 8, 2 at 9, 4 at 13" in draw.alt(fig)


def test_lines_part_the_blocks():
    _, ax = draw.figure()
    draw.matrix(ax, matrix(), blocks=(4, 6))
    (lines,) = (c for c in ax.collections if c.get_gid() == "blocks")
    assert len(lines.get_segments()) == 4 + 5


def test_a_large_matrix_is_drawn_as_pixels():
    fig, ax = draw.figure()
    a = matrix((12, 13), np.arange(-4, 5).reshape(3, 3))
    draw.matrix(ax, a, blocks=(11, 13), row=30, title="A")
    assert ax.images
    assert not any(t for row in written(ax, a.shape) for t in row)
    assert draw.alt(fig).startswith(f"A, 110 by 156, {np.count_nonzero(a)} numbers not zero. Row")


def test_a_row_of_zeros_and_a_single_number():
    fig, ax = draw.figure()
    draw.matrix(ax, np.zeros((2, 3)), row=1)
    assert "all zeros" in draw.alt(fig)
    fig, ax = draw.figure()
    draw.matrix(ax, [[2.5]], column=0)
    assert written(ax, (1, 1)) == [["2.5"]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"row": 12}, "no such row"),
        ({"column": -1}, "no such column"),
        ({"blocks": (5, 6)}, "fill"),
    ],
)
def test_places_that_do_not_exist_are_refused(given, said):
    _, ax = draw.figure()
    with pytest.raises(ValueError, match=said):
        draw.matrix(ax, matrix(), **given)
