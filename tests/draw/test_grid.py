"""The index grid and the stack of windows."""

import numpy as np
import pytest

from convlens import draw
from convlens.draw.grid import shown
from convlib import Geometry, Walk, index_grid, strided
from tests.draw.looking import assert_legible, patches, texts, tiles, written

SIZES = [
    Geometry((4, 5), (2, 3)),
    Geometry((4, 4), 2, channels=2),
    Geometry((5, 5), 2, channels=3, stride=2),
    Geometry((4, 5), (2, 3), padding=1),
    Geometry((12, 11), 3, channels=3),
    Geometry((3, 2), (3, 2)),
]


def at(ax, y, tolerance=0.05):
    """The texts on one line, from left to right."""
    line = [t for t in texts(ax) if abs(t.xy[1] - y) < tolerance and t.get_position() == (0, 0)]
    return [t.get_text() for t in sorted(line, key=lambda t: t.xy[0])]


@pytest.mark.parametrize("g", SIZES)
@pytest.mark.parametrize("highlight", [None, 0, -1])
def test_grid_is_starts_plus_offsets(g, highlight):
    starts, offsets, grid = index_grid.starts(g), index_grid.offsets(g), index_grid.grid(g)
    highlight = len(starts) - 1 if highlight == -1 else highlight
    fig, ax = draw.figure()
    draw.index_grid(ax, g, highlight=highlight)
    first = at(ax, 0)
    most = 18 if grid.max() < 100 else 16
    columns = shown(len(offsets), most)
    assert [n for n in first if n != "…"] == ["0", str(starts[0]), *map(str, grid[0][columns])]
    read = [t for t in at(ax, -1.75 * 0.74) if t.startswith("+") and len(t) > 1]
    assert read == [f"+{n}" for n in offsets[columns]]
    assert len(patches(ax, "window")) == (0 if highlight is None else len(_groups(g, columns)))
    assert len(patches(ax, "ring")) == (highlight is not None)
    assert_legible(fig)


def _groups(g, columns):
    taps = g.kernel_size[0] * g.kernel_size[1]
    return [c for k, c in enumerate(columns) if k == 0 or c % taps == 0 or columns[k - 1] != c - 1]


def test_every_cell_is_there():
    g = SIZES[0]
    _, ax = draw.figure()
    draw.index_grid(ax, Walk(np.zeros((4, 5)), np.ones((2, 3))))
    grid = index_grid.grid(g)
    cells = written(ax, grid.shape, origin=(3.3, 0), cell=(1.0, 0.74))
    assert cells == grid.astype(str).tolist()
    assert len(tiles(ax)) == grid.size + 9 + 6


def test_each_window_has_its_tint():
    _, ax = draw.figure()
    draw.index_grid(ax, SIZES[0])
    tints = {t[0] for t in tiles(ax)}
    assert len(tints) == 9 + 2  # of the windows, of starts, of offsets


def test_elision_keeps_ends_and_focus():
    for count in (13, 40, 90):
        for focus in (None, 0, 7, count - 1):
            kept = shown(count, 12, focus)
            assert len(kept) == 12
            assert kept[0] == 0
            assert kept[-1] == count - 1
            assert focus is None or focus in kept


def test_wrong_input_is_refused():
    _, ax = draw.figure()
    with pytest.raises(ValueError, match="no such window"):
        draw.index_grid(ax, SIZES[0], highlight=9)
    with pytest.raises(TypeError, match="Walk or a Geometry"):
        draw.index_grid(ax, 3)
    with pytest.raises(ValueError, match="OH, OW, KH, KW"):
        draw.tiles(ax, np.zeros((2, 2)))


def test_tiles_are_the_windows():
    x = np.random.default_rng(0).integers(0, 10, (4, 5))
    windows = strided.windows(x, (2, 3))
    fig, ax = draw.figure()
    draw.tiles(ax, windows, highlight=(1, 2), title="Windows", subtitle="(3, 3, 2, 3)")
    for i, j in np.ndindex(3, 3):
        place = {"origin": (j * 3.7, i * 2.3), "cell": (1.0, 0.8)}
        assert written(ax, (2, 3), **place) == windows[i, j].astype(str).tolist()
    assert len(tiles(ax)) == windows.size
    ((x0, y0, x1, y1),) = patches(ax, "window")
    assert x0 < 2 * 3.7 - 0.4 < 2 * 3.7 + 2.4 < x1
    assert y0 < 2.3 < 2.3 + 0.8 < y1
    assert_legible(fig)
