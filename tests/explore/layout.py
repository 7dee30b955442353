"""What can be computed from a picture's shapes about how it looks."""

from dataclasses import dataclass

from convlib.palette import contrast
from convlib.svg.picture import INK, MONO_ADVANCE, SANS_ADVANCE, Path, Rect, Text


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    what: str = ""

    def touches(self, other, margin=0.0):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > margin and down > margin

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


def colliding_texts(p):
    found = [text_box(t) for t in texts(p)]
    pairs = ((a, b) for k, a in enumerate(found) for b in found[k + 1 :])
    return [(a.what, b.what) for a, b in pairs if a.touches(b, 0.6)]


def ground(p):
    """Each text with the opaque rectangle (or cell of a path) that is painted last beneath it."""
    below = []
    for shape in p.shapes:
        if isinstance(shape, Text) and shape.string:
            box = text_box(shape)
            middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            point = Box(*middle, *middle)
            under = [(b, fill) for b, fill in below if point.within(b)]
            yield shape, box, under[-1] if under else (None, None)
        elif isinstance(shape, Rect):
            style = dict(shape.style)
            if style.get("fill", INK).startswith("#") and style.get("fill_opacity", 1) == 1:
                below.append((rect_box(shape), style["fill"]))


def too_wide_for_their_tile(p):
    return [
        (box.what, round(box.right - box.left, 1), round(tile.right - tile.left, 1))
        for _, box, (tile, _) in ground(p)
        if tile and not box.within(tile, 0.6)
    ]


def unreadable(p):
    """Texts that stand out too little from what they are written on."""
    found = []
    for text, _, (tile, fill) in ground(p):
        colour = dict(text.style)["fill"]
        if (tile is None) != (colour == INK) or (tile and contrast(colour, fill) < 4.5):
            found.append((text.string, colour, fill))
    return found


def panels(p):
    """Where the titles stand."""
    bold = [
        t for t in texts(p) if dict(t.style).get("font_weight") and dict(t.style)["font_size"] == 15
    ]
    return {(t.string.split(",")[0], t.x, t.y) for t in bold if "font_family" not in dict(t.style)}
