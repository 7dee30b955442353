"""The parts that pictures are made of: numbers in tiles, strips of memory, colours of planes."""

from itertools import pairwise

import numpy as np
import pytest

from convlens.picture.grid import Grid, axis, finite_range, fit, need, painter, pixels, tiles
from convlens.picture.marks import outside
from convlens.picture.photo import SHARPNESS, Photo, colour_pixels, cover, plane_pixels
from convlens.picture.shapes import COVER, MONO_ADVANCE, Path, Picture, Rect, Text
from convlens.picture.strip import ELISION, Slot, Strip, fitted

GRID = Grid(10, 20, 2, 3, (30, 40), 5)


def strings(p):
    return [s.string for s in p.shapes if isinstance(s, Text)]


def test_grid_counts_the_gutter_between_and_not_behind():
    assert (GRID.width, GRID.height, GRID.right, GRID.bottom) == (85, 75, 95, 95)
    assert GRID.corner(1, 2) == (70, 60)
    assert GRID.span(0, 1, 2, 2, margin=1) == (39, 19, 57, 77)


@pytest.mark.parametrize("value", [0, -3, 1 / 3, 123456.789, 1e-30, np.nan, -np.inf, 1 - 2j, True])
@pytest.mark.parametrize("width", [8, 20, 40, 90])
def test_fitted_numbers_fit(value, width):
    text, size = fit(value, width, 14)
    assert len(text) * MONO_ADVANCE * size <= width + 1e-9
    assert 11 <= size <= 14


def test_need_is_the_widest():
    assert need([1, -22, 3], 10) == pytest.approx(3 * MONO_ADVANCE * 10)


def test_colours_of_what_is_not_finite():
    assert finite_range([np.nan]) == (0, 0)
    for values in ([np.nan, np.inf, 3.0], [-1.0, np.inf, np.nan], [np.nan]):
        paint = painter(values, "values")
        assert all(len(paint(v)) == 7 for v in values)


def test_masked_tiles_stay_empty():
    p = Picture(900, 100)
    values = np.ma.array(np.arange(6).reshape(2, 3), mask=np.arange(6).reshape(2, 3) > 3)
    tiles(p, GRID, values, painter(values, "values"))
    assert strings(p) == ["0", "1", "2", "3"]
    (empty,) = [s for s in p.shapes if isinstance(s, Path)]
    assert [step[1:3] for step in empty.steps] == [(40, 60), (70, 60)]


def test_small_cells_are_of_few_colours_and_masked_ones_left_out():
    p = Picture(900, 100)
    values = np.ma.array(np.linspace(0, 1, 6000).reshape(60, 100))
    values[0, 0], values[-1, -1] = np.nan, np.ma.masked
    grid = Grid(0, 0, 60, 100, (5, 5), 0)
    pixels(p, grid, values, painter(values.data, "values"))
    assert len(p.shapes) <= 33
    assert sum(len(s.steps) for s in p.shapes) == 5999


def test_crowded_axes_are_thinned_out():
    p = Picture(900, 100)
    axis(p, Grid(50, 20, 3, 40, (8, 30)), columns=[2], first=(0, 100))
    assert strings(p)[:2] == ["100", "104"]


def test_hatching_stays_in_its_cell():
    p = Picture(900, 100)
    outside(p, 10, 20, 29.2, 36)
    (lines,) = [s for s in p.shapes if isinstance(s, Path)]
    assert all(10 <= x <= 39.2 and 20 <= y <= 56 for _, x, y in lines.steps)


@pytest.mark.parametrize("count", [1, 5, 30, 1000])
@pytest.mark.parametrize("room", [100, 400, 856])
@pytest.mark.parametrize("wanted", [[0], [0, 500, 3, 999], list(range(0, 400, 7))])
def test_strips_fit_and_show_what_matters_most(count, room, wanted):
    wanted = [slot for slot in wanted if slot < count]
    runs = fitted(wanted, range(count), 43, room)
    shown = [slot for run in runs for slot in run]
    assert shown == sorted(set(shown))
    assert wanted[0] in shown
    assert len(shown) * 43 + (len(runs) - 1) * ELISION - 5 <= room or len(shown) == 1
    assert all(a.stop < b.start for a, b in pairwise(runs))


def test_slots_are_bounded_by_the_slots():
    assert fitted([0, 99], range(100), 43, 400) == [range(2), range(98, 100)]


def test_strip_asks_only_for_what_it_shows():
    p, asked = Picture(900, 100), []
    strip = Strip(28, 30, [range(2), range(50, 53)], 43, 36)
    strip.draw(p, lambda k: asked.append(k) or Slot(k, outside=k > 51), painter([0, 52], "values"))
    assert asked == [0, 1, 50, 51, 52]
    assert [s for s in strings(p) if s != "…"] == ["0", "1", "50", "51"]
    assert strip.stretches([0, 1, 51, 52, 7]) == [
        (28, 81),
        (strip.left[51], 81),
    ]


@pytest.mark.parametrize(
    ("image", "is_photograph"),
    [
        (np.zeros((3, 2, 2), np.uint8), True),
        (np.full((3, 2, 2), 200), True),
        (np.full((3, 2, 2), 9), False),
        (np.full((3, 2, 2), 0.5), True),
        (np.full((3, 2, 2), -0.5), False),
        (np.full((3, 2, 2), np.nan), False),
        (np.zeros((3, 2, 2), complex), False),
        (np.zeros((3, 2, 2), bool), False),
        (np.zeros((4, 2, 2), np.uint8), False),
    ],
)
def test_photographs_are_told_from_numbers(image, is_photograph):
    assert (colour_pixels(image) is not None) == is_photograph


@pytest.mark.parametrize("kind", ["values", "signed", "counts", "plain"])
def test_planes_have_the_colours_of_their_tiles(kind):
    plane = np.array([[-2.0, 0.0], [1.0, 2.0]])
    paint = painter(plane, kind)
    found = plane_pixels(plane, kind)
    for rc in np.ndindex(2, 2):
        name = paint(plane[rc])
        wanted = [int(name[k : k + 2], 16) for k in (1, 3, 5)]
        assert np.abs(found[rc].astype(int) - wanted).max() <= 3


def test_large_photographs_are_made_smaller():
    photo = Photo(np.zeros((1000, 500, 3), np.uint8), (200, 200))
    assert photo.size == (100, 200)
    assert photo.pixels.shape == (200 * SHARPNESS, 100 * SHARPNESS, 3)


@pytest.mark.parametrize("done", range(7))
def test_cover_leaves_what_is_computed(done):
    p = Picture(900, 100)
    grid = Grid(0, 0, 2, 3, (10, 10), 0)
    cover(p, grid, done)
    covers = [r for r in p.shapes if isinstance(r, Rect) and dict(r.style)["fill"] == COVER]
    assert sum(r.width * r.height for r in covers) == (6 - done) * 100
