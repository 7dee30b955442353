"""Read a picture back: what is written in which cell, on which colour, and under which mark."""

import numpy as np

from convlens.picture.shapes import Rect, Text
from tests.explore import layout
from tests.explore.contract import too_faint


def panels(p):
    """Where each panel stands, by its title."""
    return {note.title: note for note in p.notes if note.what == "panel"}


def boxes(p, what, title=None):
    """The boxes of the marks of one kind, all of them or those on one panel."""
    found = [(n.x, n.y, n.width, n.height) for n in p.notes if n.what == what]
    if title is None:
        return found
    here = panels(p)[title]
    return [box for box in found if _over(box, here)]


def _over(box, panel):
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return panel.x - 1 <= x <= panel.x + panel.width + 1 and (
        panel.y - 1 <= y <= panel.y + panel.height + 1
    )


def tiles(p, title=""):
    """The tiles of a panel, as (x, y, width, height, fill), row by row."""
    here = panels(p)[title]
    found = [
        (s.x, s.y, s.width, s.height, dict(s.style)["fill"])
        for s in p.shapes
        if isinstance(s, Rect) and dict(s.style).get("stroke_opacity") == 0.22
    ]
    return sorted((t for t in found if _over(t[:4], here)), key=lambda t: (round(t[1]), t[0]))


def written(p, title=""):
    """The largest text on each tile of a panel, row by row."""
    texts = [(layout.text_box(s), s) for s in p.shapes if isinstance(s, Text) and s.string]
    found = []
    for x, y, width, height, _ in tiles(p, title):
        on = [
            s
            for box, s in texts
            if x - 1 <= (box.left + box.right) / 2 <= x + width + 1
            and y - 1 <= (box.top + box.bottom) / 2 <= y + height + 1
        ]
        found.append(max(on, key=lambda s: dict(s.style)["font_size"]).string if on else "")
    return found


def covered(p, what, title, shape):
    """Which cells of a panel without empty ones lie in the boxes of a kind, whole."""
    cells = np.zeros(shape, int)
    for (r, c), tile in zip(np.ndindex(shape), tiles(p, title), strict=True):
        for x, y, width, height in boxes(p, what):
            inside = x - 1 <= tile[0] and tile[0] + tile[2] <= x + width + 1
            inside = inside and y - 1 <= tile[1] and tile[1] + tile[3] <= y + height + 1
            cells[r, c] += inside
    return cells


def assert_legible(p):
    """Nothing leaves the page, no texts collide, all can be read."""
    assert layout.outside_the_page(p) == []
    found = layout.ground(p)
    assert layout.colliding_texts(found) == []
    assert layout.too_wide_for_their_tile(found) == []
    assert layout.unreadable(found) == []
    assert min((dict(t.style)["font_size"] for t, *_ in found), default=11) >= 11
    assert too_faint(p) == []
    assert p.width <= 900
