"""What can be computed from a picture's shapes about how it looks."""

from dataclasses import dataclass

import numpy as np

from convlens.palette import contrast
from convlens.picture.shapes import INK, MONO_ADVANCE, SANS_ADVANCE, Path, Rect, Text


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    what: str = ""

    def within(self, other, margin=0.0):
        across = self.left >= other.left - margin and self.right <= other.right + margin
        return across and self.top >= other.top - margin and self.bottom <= other.bottom + margin


def text_box(text):
    style = dict(text.style)
    size = style["font_size"]
    wide = SANS_ADVANCE + (0.05 if "font_weight" in style else 0)
    width = len(text.string) * size * (MONO_ADVANCE if "font_family" in style else wide)
    left = (
        text.x - {"start": 0, "middle": width / 2, "end": width}[style.get("text_anchor", "start")]
    )
    return Box(left, text.y - 0.72 * size, left + width, text.y, text.string)


def rect_box(rect):
    return Box(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)


def path_points(path):
    for name, *n in path.steps:
        if name == "R":
            yield from [(n[0], n[1]), (n[0] + n[2], n[1] + n[3])]
        else:
            yield from zip(n[::2], n[1::2], strict=True)


def texts(p):
    return [s for s in p.shapes if isinstance(s, Text) and s.string]


def boxes(p):
    """The box of every shape."""
    for shape in [*p.images, *p.shapes]:
        if isinstance(shape, Text):
            if shape.string:
                yield text_box(shape)
        elif isinstance(shape, Path):
            points = list(path_points(shape))
            if points:
                xs, ys = zip(*points, strict=True)
                yield Box(min(xs), min(ys), max(xs), max(ys), "path")
        else:
            yield rect_box(shape)


def outside_the_page(p):
    page = Box(0, 0, p.width, p.height)
    return [box for box in boxes(p) if not box.within(page, 0.05)]


def edges(found):
    """The left, top, right and bottom edges of boxes, as four arrays."""
    return np.array([(b.left, b.top, b.right, b.bottom) for b in found]).reshape(-1, 4).T


def ground(p):
    """Each text, its box, and the opaque rectangle painted last beneath its middle, with its
    colour; twice None for a text on the bare page."""
    written, painted = [], [(None, None)]
    below = []  # of each text: how many of the rectangles are painted before it
    for shape in p.shapes:
        if isinstance(shape, Text) and shape.string:
            written.append((shape, text_box(shape)))
            below.append(len(painted))
        elif isinstance(shape, Rect):
            style = dict(shape.style)
            if style.get("fill", INK).startswith("#") and style.get("fill_opacity", 1) == 1:
                painted.append((rect_box(shape), style["fill"]))
    left, top, right, bottom = edges([box for _, box in written])[..., None]
    x, y = (left + right) / 2, (top + bottom) / 2
    left, top, right, bottom = edges([tile for tile, _ in painted[1:]])
    inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    order = np.arange(1, len(painted))
    last = (order * (inside & (order < np.array(below)[:, None]))).max(axis=1, initial=0)
    return [(*text, *painted[k]) for text, k in zip(written, last, strict=True)]


def colliding_texts(found):
    """Of the texts that `ground` found, those that touch, in pairs."""
    left, top, right, bottom = edges([box for _, box, *_ in found])
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    pairs = np.argwhere(np.triu((across > 0.6) & (down > 0.6), 1))
    return [(found[a][1].what, found[b][1].what) for a, b in pairs]


def too_wide_for_their_tile(found):
    """Of the texts that `ground` found, those that reach beyond what they are written on."""
    return [
        (box.what, round(box.right - box.left, 1), round(tile.right - tile.left, 1))
        for _, box, tile, _ in found
        if tile and not box.within(tile, 0.6)
    ]


def unreadable(found):
    """Of the texts that `ground` found, those that stand out too little from it."""
    wrong = []
    for text, _, tile, fill in found:
        colour = dict(text.style)["fill"]
        if (tile is None) != (colour == INK) or (tile and contrast(colour, fill) < 4.5):
            wrong.append((text.string, colour, fill))
    return wrong


def panels(p):
    """Where the titles stand."""
    bold = [
        t for t in texts(p) if dict(t.style).get("font_weight") and dict(t.style)["font_size"] == 15
    ]
    return {(t.string.split(",")[0], t.x, t.y) for t in bold if "font_family" not in dict(t.style)}
