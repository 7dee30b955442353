"""The receptive-field explorer: what it shows, against the library and against its own lines."""

import re

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.facts.traces import Stack  # noqa: E402
from convlens.palette import WINDOW_LINE, label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.picture.shapes import Rect, Text  # noqa: E402
from convlens.words import listed  # noqa: E402
from convlib import cells_seen, receptive_field  # noqa: E402
from tests.explore.layout import Box, rect_box, text_box  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402

SMALL = {
    "notebook": ([(3,), (2, 2), (3, 1, 1)], (9, 12)),
    "one layer": ([(3, 1, 1)], (5, 7)),
    "one cell": ([(3, 1, 1)], (1, 1)),
    "1x1 kernels": ([(1,), (1,)], (3, 4)),
    "one row": ([((1, 3),), ((1, 2), (1, 2))], (1, 14)),
    "uneven": ([((2, 3), (2, 1), ((1, 0), (0, 2)), (1, 2)), ((3, 1), (1, 2), (2, 0))], (8, 9)),
    "holes": ([(3, 1, 0, 2), (3, 1, 0, 2)], (9, 12)),
    "one cell on top": ([(3, 2), (2, 2)], (7, 8)),
    "eight layers": ([(2,)] * 8, (10, 11)),
}
LARGE = {
    "two rows of panels": ([(5, 2, 2), (3, 2, 1), (3, 1, 2, 2), (2, 2), (3, 1, 1)], (40, 48)),
    "photograph": ([(7, 2, 3), (3, 2, 1), (3, 1, 1), (3, 1, 1)], (224, 200)),
    "512": ([(3, 1, 1), (2, 2)], 512),
    "wide": ([(3, 1, 1), (2, 2)], (3, 400)),
    "tall": ([(3, 1, 1), (2, 2)], (400, 3)),
    "thousands": ([(11, 4, 2), (3, 2)], (3000, 4000)),
    "holes beyond counting": ([(30, 1, 0, 2)], (80, 90)),
    "large numbers of ways": ([(9, 1, 4)] * 6, (20, 20)),
}
ALL = SMALL | LARGE


def made(name, **start):
    return explore.receptive_field(*ALL[name], **start)


def scene_of(explorer):
    """What draws it."""
    found = (c.cell_contents for c in explorer._draw.__closure__)
    return next(c for c in found if hasattr(c, "room"))


def before(scene, level):
    """Rows and columns of padding before the level's own."""
    return [first for first, _ in scene.room.sides(level.number)]


@pytest.mark.parametrize("name", ALL)
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    explorer, (layers, size) = made(name), ALL[name]
    steady = Steady(apart=name in SMALL)

    def check(explorer):
        steady(explorer)
        values = explorer.values()
        below = layers[: values.get("layer", 1)]
        cell = values.get("row", 0), values.get("column", 0)
        told = re.findall(r": rows (.*?); columns (.*?)\.", explorer.picture.label)
        seen = cells_seen(below, cell, size)[-2::-1]
        assert told == [(listed(rows), listed(columns)) for rows, columns in seen]

    check(explorer)
    sweep(explorer, check)
    steady.assert_nothing_jumped()


@pytest.mark.parametrize("name", ALL)
def test_bounds_follow_from_the_layer(name):
    layers, size = ALL[name]
    explorer, stack = made(name), Stack(layers, size)
    for layer in range(len(layers), 0, -1):
        explorer.controls["layer"].value = layer
        for key, count in zip(("row", "column"), stack.sizes[layer], strict=True):
            control = explorer.controls[key]
            assert (control.min, control.max) == (0, count - 1)
            assert control.disabled == (count == 1)
    assert explorer.controls["layer"].disabled == (len(layers) == 1)


def test_another_layer_keeps_the_place():
    explorer = made("notebook", at=(2, 4))
    explorer.controls["layer"].value = 1
    assert explorer.values() == {"layer": 1, "row": 5, "column": 9}
    explorer.controls["layer"].value = 3
    assert explorer.values() == {"layer": 3, "row": 2, "column": 4}


@pytest.mark.parametrize("name", SMALL)
def test_the_numbers_in_the_cells_are_the_ways(name):
    layers, size = ALL[name]
    scene, stack = scene_of(made(name)), Stack(layers, size)
    cell = tuple(int(n // 2) for n in stack.sizes[-1])
    p = scene.picture(cell, len(layers))
    texts = [(text_box(s), s.string) for s in p.shapes if isinstance(s, Text)]
    for level in stack.trace(cell):
        grid, (top, left) = scene.room.grids[level.number], before(scene, level)
        wanted = {at: label(v) for at, v in np.ndenumerate(level.ways) if v}
        shown = {}
        for r, c in np.ndindex(grid.rows, grid.columns):
            x, y, wide, high = grid.span(r, c)
            for box, string in texts:
                if x < (box.left + box.right) / 2 < x + wide and y < box.bottom < y + high:
                    shown[r - top, c - left] = string
        assert shown in (wanted, {}), level.number
        if name in ("notebook", "uneven", "holes", "one layer"):
            assert shown == wanted


@pytest.mark.parametrize("name", ["notebook", "uneven", "holes"])
def test_outlines_and_dashes_are_where_the_windows_are(name):
    layers, size = ALL[name]
    explorer, stack = made(name), Stack(layers, size)
    scene = scene_of(explorer)
    rects = [s for s in explorer.picture.shapes if isinstance(s, Rect)]
    fields = [rect_box(s) for s in rects if dict(s.style).get("stroke") == WINDOW_LINE]
    ring = [rect_box(s) for s in rects if dict(s.style).get("stroke_width") == 3]
    fields = [b for b in fields if b.top < scene.room.bottom]
    assert len([b for b in ring if b not in fields and b.top < scene.room.bottom]) == 1
    dashed = [rect_box(s) for s in rects if "stroke_dasharray" in dict(s.style)]
    for level in stack.trace((0, 0)):
        grid, first = scene.room.grids[level.number], before(scene, level)
        under, around = set(), set()
        for r, c in np.ndindex(grid.rows, grid.columns):
            x, y, wide, high = grid.span(r, c)
            middle = Box(x + wide / 2, y + high / 2, x + wide / 2, y + high / 2)
            place = r - first[0], c - first[1]
            under |= {place} if any(middle.within(b) for b in fields) else set()
            around |= {place} if any(middle.within(b) for b in dashed) else set()
        if level.number < len(layers):  # the deep cell itself has the ring
            assert under == {(r, c) for r in level.reads[0] for c in level.reads[1]}
        inside = {(r, c) for r, c in np.ndindex(*level.size)}
        every = {(r - first[0], c - first[1]) for r, c in np.ndindex(grid.rows, grid.columns)}
        assert around == every - inside


@pytest.mark.parametrize("name", [*SMALL, "two rows of panels"])
def test_the_numpy_lines_run_and_give_what_is_shown(name):
    layers, size = ALL[name]
    explorer, stack = made(name), Stack(layers, size)
    for layer in range(1, len(layers) + 1):
        if "layer" in explorer.controls:
            explorer.controls["layer"].value = layer
        values = explorer.values()
        cell = values.get("row", 0), values.get("column", 0)
        lines = explorer.lines
        names = {"np": np}
        exec(plain(lines), names)
        np.testing.assert_array_equal(names["ways"], stack.trace(cell, layer)[0].ways)


@pytest.mark.parametrize("name", ALL)
def test_the_sum_is_the_size_of_the_field(name):
    layers, _ = ALL[name]
    strings = [s.string for s in made(name).picture.shapes if isinstance(s, Text)]
    size = receptive_field(layers).size
    for axis, told in zip(("Rows", "Columns"), size, strict=True):
        terms = strings[strings.index(axis) + 1 :]
        assert str(told) in terms[: terms.index(" = ") + 2]
        line = "".join(terms[: terms.index(" = ")])
        assert eval(line.replace("×", "*")) == told


def test_what_lies_outside_is_said():
    said = [s.string for s in made("notebook").picture.shapes if isinstance(s, Text)]
    assert said.count("from −2 to 5, 2 outside the input") == 2
    rows, columns = cells_seen(*[ALL["notebook"][0], (0, 0), (9, 12)])[0]
    assert (rows[-1], columns[-1]) == (5, 5)


@pytest.mark.parametrize(
    ("layers", "size", "start", "match"),
    [
        ([(2,)] * 9, (20, 20), {}, "too many layers"),
        ([], (3, 3), {}, "there is no layer"),
        ([(3,)], (3, 3), {"at": (0, 1)}, "none of them at"),
        ([(3,)], (3, 3), {"layer": 2}, "no such layer"),
        ([(5,)], (3, 3), {}, "kernel"),
    ],
)
def test_what_cannot_be_drawn_is_refused(layers, size, start, match):
    with pytest.raises(ValueError, match=match):
        explore.receptive_field(layers, size, **start)


def test_it_says_what_it_is():
    assert repr(made("notebook")) == (
        "explore.receptive_field: 3 layers, sizes 9×12, 7×10, 3×5, 3×5"
    )
    assert re.match(r"Receptive-field explorer\. Cell \(0, 0\) of", made("one cell").picture.label)
    assert made("one layer").png().startswith(b"\x89PNG")
