"""Window, kernel, ring and outside: on the right cells, in the gutters, in their colours."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from convlens import draw, palette
from convlib import Walk
from tests.draw.looking import assert_legible, covered, patches, tiles, written

X = np.random.default_rng(1).integers(0, 10, (7, 9))


def cells(a=X):
    fig, ax = draw.figure()
    draw.cells(ax, a)
    return fig, ax


@pytest.mark.parametrize(
    ("rows", "columns", "plates"),
    [([2, 3, 4], [4, 5], 1), ([0, 2], [1, 4, 7], 6), (range(7), range(9), 1), ([6], [0, 1, 3], 2)],
)
def test_the_plate_covers_exactly_the_window(rows, columns, plates):
    fig, ax = cells()
    draw.window(ax, rows, columns)
    wanted = np.zeros(X.shape, dtype=int)
    wanted[np.ix_(list(rows), list(columns))] = 1
    np.testing.assert_array_equal(covered(ax, "window", X.shape), wanted)
    assert len(patches(ax, "window")) == plates
    found = [p for p in ax.get_children() if isinstance(p, PathPatch) and p.get_gid() == "window"]
    assert {to_hex(p.get_facecolor()) for p in found} == {palette.WINDOW.lower()}
    assert all(p.get_zorder() < ax.collections[0].get_zorder() for p in found)
    assert_legible(fig)


def test_the_ring_is_around_one_cell_and_has_no_fill():
    fig, ax = cells()
    draw.ring(ax, 5, 2)
    found = covered(ax, "ring", X.shape)
    assert np.argwhere(found).tolist() == [[5, 2]]
    (ring,) = (p for p in ax.get_children() if p.get_gid() == "ring")
    assert ring.get_facecolor()[3] == 0
    assert ring.get_linewidth() > 1.5
    assert_legible(fig)


def test_the_kernel_has_a_plate_and_a_second_line():
    fig, ax = draw.figure()
    w = np.array([[1, -1], [2, -2], [0, 1]])
    draw.kernel(ax, w)
    np.testing.assert_array_equal(covered(ax, "kernel", w.shape), 2)
    assert written(ax, w.shape) == [["1", "−1"], ["2", "−2"], ["0", "1"]]
    plate, line = (p for p in ax.get_children() if p.get_gid() == "kernel")
    assert to_hex(plate.get_facecolor()) == palette.KERNEL.lower()
    assert line.get_facecolor()[3] == 0
    assert_legible(fig)


def test_outside_cells_have_no_number():
    fig, ax = cells()
    draw.outside(ax, [(0, 0), (3, 4), (-1, 2), (7, 8)])
    read = written(ax, X.shape)
    assert read[0][0] is read[3][4] is None
    assert read[0][1] == str(X[0, 1])
    assert len(patches(ax, "outside")) == 4
    assert_legible(fig)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_padding_is_marked(mode):
    x = np.arange(20).reshape(4, 5)
    walk = Walk(x, np.ones((2, 3)), padding=(1, 2), padding_mode=mode)
    fig, ax = draw.figure()
    draw.padded(ax, walk)
    inside = np.zeros((6, 9), dtype=bool)
    inside[1:5, 2:7] = True
    assert len(patches(ax, "outside")) == (~inside).sum()
    read = written(ax, (6, 9))
    for at in np.ndindex(6, 9):
        assert read[at[0]][at[1]] == str(walk.padded[0, 0][at])
    assert_legible(fig)


def test_a_padded_frame_has_its_window():
    walk = Walk(X, np.ones((3, 2)), padding=1, dilation=2, stride=2)
    frame = walk.frame(1, 2)
    _, ax = draw.figure()
    draw.padded(ax, frame)
    found = covered(ax, "window", walk.geometry.padded_size)
    assert np.argwhere(found.any(axis=1)).ravel().tolist() == frame.rows.tolist()
    assert np.argwhere(found.any(axis=0)).ravel().tolist() == frame.columns.tolist()


def test_pixels_are_outlined_in_front():
    _, ax = cells(np.arange(900).reshape(30, 30))
    draw.window(ax, [3, 4], [5, 6])
    draw.ring(ax, 20, 20)
    assert len(patches(ax, "window")) == 2
    assert len(patches(ax, "ring")) == 1
    assert not tiles(ax)


@pytest.mark.parametrize(
    "call",
    [
        lambda ax: draw.window(ax, [7], [0]),
        lambda ax: draw.window(ax, [], [0]),
        lambda ax: draw.window(ax, [0], [-1]),
        lambda ax: draw.ring(ax, 0, 9),
    ],
)
def test_places_that_are_not_there_are_refused(call):
    _, ax = cells()
    with pytest.raises(ValueError, match="outside the cells"):
        call(ax)


def test_marks_need_cells():
    _, ax = draw.figure()
    with pytest.raises(ValueError, match=r"draw\.cells"):
        draw.ring(ax, 0, 0)
