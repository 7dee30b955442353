"""The check of a picture's looks, held to account: each fault that is planted is noticed."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.picture import marks  # noqa: E402
from convlens.picture.shapes import Picture  # noqa: E402
from tests.explore import contract, layout  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402

WHITE, GRAY, DARK = "#ffffff", "#777777", "#222222"


def good():
    """A title, a tile with a number on it, and a note on the bare page."""
    p = Picture(200, 100, "Window explorer.")
    p.text(10, 20, "Input x", 15, bold=True)
    p.rect(10, 40, 40, 30, fill=WHITE)
    p.text(30, 60, "7", anchor="middle", colour=DARK)
    p.text(100, 60, "note")
    return p


def faults(p):
    """The kinds of fault that a picture has."""
    written = layout.ground(p)
    found = {
        "outside": layout.outside_the_page(p),
        "colliding": layout.colliding_texts(written),
        "too wide": layout.too_wide_for_their_tile(written),
        "unreadable": layout.unreadable(written),
        "misplaced": contract.misplaced(p),
        "crossed": contract.crossed_labels(p),
        "small": contract.too_small(p),
        "faint": contract.too_faint(p),
    }
    return {kind for kind, where in found.items() if where}


def tile(p, string, colour=DARK, fill=WHITE, **style):
    """A tile with a text on it, where nothing else is."""
    p.rect(150, 30, 40, 30, fill=fill, **style)
    p.text(170, 50, string, anchor="middle", colour=colour)


def dark_tile_under_text(p):
    p.rect(145, 25, 50, 40, fill=WHITE)
    tile(p, "8", fill=DARK)


def tile_over_its_text(p):
    p.text(170, 50, "8", anchor="middle", colour=DARK)
    p.rect(150, 30, 40, 30, fill=WHITE)


def output(p):
    p.text(100, 20, "Output y", 15, bold=True)


def ring_on_a_label(p):
    output(p)
    marks.ring(p, 96, 50, 8, 8)


def start_on_the_output(p):
    output(p)
    marks.start(p, 150, 30)


PLANTED = {
    "orange on the input": ("misplaced", lambda p: marks.kernel_plate(p, 11, 41, 9, 9)),
    "a ring for a start": ("misplaced", lambda p: marks.ring(p, 30, 75, 9, 9)),
    "a start on the output": ("misplaced", start_on_the_output),
    "a ring on a label": ("crossed", ring_on_a_label),
    "a text of 10": ("small", lambda p: p.text(150, 90, "small", 10)),
    "a pale line": ("faint", lambda p: p.line((150, 10), (160, 10), stroke="#cccccc")),
    "a dark line": ("faint", lambda p: p.line((150, 10), (160, 10), stroke="#333333")),
    "the same text twice": ("colliding", lambda p: p.text(100, 60, "note")),
    "the end of one on the next": ("colliding", lambda p: p.text(123, 60, "more")),
    "two lines too close": ("colliding", lambda p: p.text(100, 68, "more")),
    "a text out to the right": ("outside", lambda p: p.text(170, 90, "too long")),
    "a text out to the left": ("outside", lambda p: p.text(20, 90, "left", anchor="end")),
    "a text above the page": ("outside", lambda p: p.text(100, 5, "high")),
    "a text below the page": ("outside", lambda p: p.text(100, 101, "low")),
    "a tile out of the page": ("outside", lambda p: p.rect(190, 10, 11, 10, fill=WHITE)),
    "a line out of the page": ("outside", lambda p: p.line((150, 10), (150, -1))),
    "cells out of the page": ("outside", lambda p: p.path([("R", 150, 95, 9, 9)])),
    "a photograph out of the page": (
        "outside",
        lambda p: p.image(150, 0, 51, 20, np.zeros((2, 2, 3), np.uint8), ""),
    ),
    "a long number on a small tile": ("too wide", lambda p: tile(p, "123456")),
    "gray on white": ("unreadable", lambda p: tile(p, "8", colour=GRAY)),
    "dark on dark": ("unreadable", lambda p: tile(p, "8", fill=DARK)),
    "dark on the dark one of two": ("unreadable", dark_tile_under_text),
    "the theme's colour on a tile": ("unreadable", lambda p: tile(p, "8", colour=layout.INK)),
    "its own colour on the page": ("unreadable", lambda p: p.text(150, 90, "8", colour=DARK)),
    "its own colour on a faint tile": ("unreadable", lambda p: tile(p, "8", fill_opacity=0.3)),
    "a tile over its text": ("unreadable", tile_over_its_text),
}


def showing(p):
    """An explorer that shows this picture."""
    explorer = explore.window([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    explorer._draw = lambda values: (p, [])
    explorer.controls["column"].value = 1
    return explorer


def test_nothing_is_wrong_with_a_good_picture():
    p = good()
    p.text(100, 59.5 + 0.72 * 13, "next line")  # as close as two lines may come
    tile(p, "12345")
    assert faults(p) == set()
    Steady(apart=True)(showing(p))


@pytest.mark.parametrize("what", PLANTED)
def test_each_fault_is_noticed_as_what_it_is(what):
    kind, plant = PLANTED[what]
    p = good()
    plant(p)
    assert faults(p) == {kind}
    with pytest.raises(AssertionError):
        Steady(apart=True)(showing(p))


@pytest.mark.parametrize(
    "move",
    [
        lambda p: setattr(p, "height", p.height + 1),
        lambda p: p.text(10, 92, "Kernel w", 15, bold=True),
        lambda p: p.shapes.pop(0),
    ],
    ids=["height", "new title", "no title"],
)
def test_a_jump_is_noticed(move):
    check, after = Steady(apart=True), good()
    move(after)
    check(showing(good()))
    check.assert_nothing_jumped()
    check(showing(after))
    with pytest.raises(AssertionError, match="jump"):
        check.assert_nothing_jumped()
