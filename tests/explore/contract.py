"""What every mark means, held to: which marks may stand on what, and how small and faint it gets.

A mark that stands where this table does not have it says something that it must not say: orange is
for the kernel and never for the input, a bold ring for output positions and never for starts.
"""

from itertools import pairwise

from convlens.palette import contrast
from convlens.picture.shapes import INK, Rect, Text
from tests.explore import layout

INPUT = {"window", "padding", "start"}
READ = INPUT | {"reading"}
#: By explorer and heading, the marks that may stand there; what is not named here has none.
MARKS = {
    "Window": {
        "Input x": INPUT,
        "Around the window": INPUT,
        "Kernel w": {"kernel"},
        "Output y": {"ring"},
    },
    "Index-grid": {
        "Input x": INPUT,
        "Index grid": {"kernel", "ring", "window"},  # offsets, starts, the row that is fetched
        "Values taken": {"window"},
        "Memory": {"window", "start"},
    },
    "Byte-stride": {
        "Array": READ | {"outside"},
        "View": {"window", "ring", "reading", "outside"},
        "Memory": {"window", "reading", "outside"},
    },
    "Memory-order": {
        "Array": READ | {"wrong"},
        "View": {"window", "ring", "reading", "outside", "wrong"},
        "Address": {"outside", "wrong"},  # samples beside their counts
        "Memory": {"window", "reading", "outside", "wrong"},
    },
    "Layout": {
        "Input x": INPUT,
        "Filter w": {"kernel", "window"},  # the window's values beside the weights
        "Output y": {"ring"},
        "NCHW memory": {"window"},
        "NHWC memory": {"window"},
    },
    "Output-size": {
        "Padded input": INPUT | {"outside", "misfit"},
        "Output": {"ring"},
        "impossible": {"misfit"},
    },
    "Stops": {
        "Input x": INPUT,
        "Output y": {"ring"},
        "Count": {"padding"},
    },
    "Filter": {
        "Window": {"window", "padding"},
        "× Kernel w": {"kernel"},
        "Sum": {"ring"},
    },
    "Pooling": {
        "Input x": READ - {"start"},
        "Sorted": READ - {"start"},
        "Output y": {"ring"},
    },
    "Patches": {
        "Position by position": {"window", "reading"},
        "Tap by tap": {"window", "reading"},
        "A row per": {"window", "reading"},  # the numbers of the window that are copied already
    },
    "Groups": {
        "Channels": {"window"},
        "Filters": {"kernel"},
        "Which filter reads which channel": {"kernel"},
    },
    "Tiles": {
        "Input x": INPUT - {"start"},
        "Output y": {"ring"},
        "Chunks": {"window"},
        "Tiles": {"ring"},
    },
    "Readings": {
        "One line of memory": {"reading"},
        "Read as": {"reading"},
    },
    "Updates": {
        "To be written": {"reading"},
        "Grown by": {"reading"},
        "view += 1": READ - {"start"},
        "np.add.at": READ - {"start"},
    },
    "Receptive-field": {
        "Input": {"field", "padding"},
        "Layer": {"field", "padding", "ring"},
    },
    "Transposed-convolution": {
        "Input x": {"ring"},  # here x stands where the output of a convolution stands
        "Kernel w": {"kernel"},
        "Output y": {"window", "inserted"},
        "How often each cell is written": {"window"},
        "Matrix A": {"kernel", "ring"},
    },
    "Backward": {
        "Output gradient g": {"ring"},
        "Kernel w": {"kernel"},
        "g × w": {"kernel"},
        "Input gradient dx": READ,
        "Input x": READ,
        "x × g": {"ring"},
        "Kernel gradient dw": {"kernel"},
    },
}
WHITE, DARK = "#ffffff", "#111111"
#: Two lines of these together stand out from anything, and so does a corner of one in the other.
PAIR = {"#ffffff", "#000000"}


def headings(p):
    """The titles of panels, with their places."""
    for text in layout.texts(p):
        style = dict(text.style)
        heavy = style.get("font_weight") and "font_family" not in style
        if heavy and style["font_size"] > 14.9:
            yield text.y, text.x, text.string


def owner(note, panels, titles):
    """The title of the panel that a mark stands on; where that has none, of the titles on the
    lowest line above it the nearest to the left."""
    x, y = note.x + note.width / 2, note.y + note.height / 2
    for n in panels:
        if n.x - 2 <= x <= n.x + n.width + 2 and n.y - 2 <= y <= n.y + n.height + 2:
            return n.title
    above = [t for t in titles if t[0] <= note.y + 4 and t[1] <= note.x + 25]
    lowest = max((t[0] for t in above), default=0)
    return max((t for t in above if t[0] >= lowest - 6), key=lambda t: t[1], default=("", 0, ""))[2]


def misplaced(p):
    """Marks that stand where they say something else."""
    allowed = next(marks for name, marks in MARKS.items() if p.label.startswith(name))
    panels = [n for n in p.notes if n.what == "panel" and n.title]
    titles = list(headings(p))
    found = {(owner(n, panels, titles), n.what) for n in p.notes if n.what != "panel"}
    return [
        (title, what)
        for title, what in found
        if not any(title.startswith(name) and what in m for name, m in allowed.items())
    ]


def crossed_labels(p):
    """Texts that a ring runs through."""
    texts = [layout.text_box(t) for t in layout.texts(p)]
    rings = [(n.x + n.width / 2, n.y + n.height / 2) for n in p.notes if n.what == "ring"]
    found = []
    for box in (layout.rect_box(s) for s in p.shapes if isinstance(s, Rect) and _is_on(s, rings)):
        for text in texts:
            across = min(text.right, box.right + 1.5) - max(text.left, box.left - 1.5)
            down = min(text.bottom, box.bottom + 1.5) - max(text.top, box.top - 1.5)
            if across > 0 and down > 0 and not text.within(box):
                found.append(text.what)
    return found


def _is_on(rect, rings):
    """Whether a rectangle is the ring around what a note says is ringed."""
    if dict(rect.style).get("stroke_width") != 3:
        return False
    middle = rect.x + rect.width / 2, rect.y + rect.height / 2
    return any(abs(middle[0] - x) + abs(middle[1] - y) < 0.1 for x, y in rings)


def too_small(p):
    """Texts smaller than 11."""
    return [t.string for t in layout.texts(p) if dict(t.style)["font_size"] < 11]


def too_faint(p):
    """Colours of lines that do not stand out from a white page or from a black one.

    A line that lies on a wider one of the same shape has that one's colour around it.
    """
    lines = [
        dict(shape.style).get("stroke", "none")
        for below, shape in pairwise([None, *p.shapes])
        if not isinstance(shape, Text) and _place(below) != _place(shape)
    ]
    seen = set(lines) - PAIR - {INK, "none"}
    return [line for line in seen if min(contrast(line, page) for page in (WHITE, DARK)) < 3]


def _place(shape):
    """Where a shape is, whatever its style."""
    return shape and (type(shape), {k: v for k, v in vars(shape).items() if k != "style"})


def keep(p):
    """Hold one picture to the contract."""
    assert misplaced(p) == []
    assert crossed_labels(p) == []
    assert too_small(p) == []
    assert too_faint(p) == []
