"""Look at a drawing: what is written where, in which colour, and behind what."""

from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from convlens import palette


def texts(ax):
    """Everything that can be read on an axes, without the empty strings."""
    return [t for t in ax.texts if t.get_visible() and t.get_text()]


def numbers(ax, shape, origin=(0, 0), cell=(1, 1)):
    """The text in the middle of every cell, None where there is none."""
    found = np.full(shape, None, dtype=object)
    for text in texts(ax):
        (x, y), shift = text.xy, text.get_position()
        c, r = (x - origin[0]) / cell[0], (y - origin[1]) / cell[1]
        at = round(r), round(c)
        inside = 0 <= at[0] < shape[0] and 0 <= at[1] < shape[1]
        if inside and np.allclose((r, c), at) and shift[0] == 0:
            found[at] = text
    return found


def written(ax, shape, **place):
    """What the cells say, as lists."""
    found = numbers(ax, shape, **place)
    return [[t and t.get_text() for t in line] for line in found]


def tiles(ax):
    """Face colour and bounds (x0, y0, x1, y1) of every tile."""
    found = []
    for group in ax.collections:
        if group.get_gid() != "hatch" and not isinstance(group, LineCollection):
            paths, colours = group.get_paths(), group.get_facecolors()
            colours = np.broadcast_to(colours, (len(paths), 4))  # one for all, or one each
            ends = [path.get_extents().extents for path in paths]
            found += [(to_hex(c), *e) for c, e in zip(colours, ends, strict=True)]
    return found


def patches(ax, gid):
    """Bounds of all outlines of one kind."""
    found = [p for p in ax.get_children() if isinstance(p, PathPatch) and p.get_gid() == gid]
    return [p.get_path().get_extents().extents for p in found]


def covered(ax, gid, shape):
    """Which cells, one apart from (0, 0) on, lie on the plates of one kind, whole."""
    cells = np.zeros(shape, dtype=int)
    for x0, y0, x1, y1 in patches(ax, gid):
        for r, c in np.ndindex(shape):
            whole = x0 < c - 0.4 and c + 0.4 < x1 and y0 < r - 0.4 and r + 0.4 < y1
            apart = x1 < c - 0.4 or c + 0.4 < x0 or y1 < r - 0.4 or r + 0.4 < y0
            assert whole or apart, "an outline runs across a tile"
            cells[r, c] += whole
    return cells


def assert_legible(fig):
    """All text is large enough, inside the figure, off other text and in contrast to its tile."""
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    renderer = canvas.get_renderer()
    page = fig.bbox
    boxes = []
    for ax in fig.axes:
        for text in texts(ax):
            assert text.get_fontsize() >= 8.95, text
            box = Text.get_window_extent(text, renderer)
            assert page.x0 - 1 <= box.x0, text
            assert box.x1 <= page.x1 + 1, text
            assert page.y0 - 1 <= box.y0, text
            assert box.y1 <= page.y1 + 1, text
            boxes.append((box, text))
        faces = tiles(ax)
        _assert_contrast(ax, renderer, faces)
        _assert_inside(ax, faces)
    for (a, one), (b, other) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        # A line's box is higher than its digits.
        assert across <= 1.0 or down <= 4.0, (one, other)


def _assert_contrast(ax, renderer, faces):
    for text in texts(ax):
        box = Text.get_window_extent(text, renderer)
        x, y = ax.transData.inverted().transform([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
        under = [f for f, x0, y0, x1, y1 in faces if x0 <= x <= x1 and y0 <= y <= y1]
        for face in under[:1]:
            on = text.get_bbox_patch()
            face = face if on is None else to_hex(on.get_facecolor())
            assert palette.contrast(to_hex(text.get_color()), face) >= 4.5, text


def _assert_inside(ax, faces):
    """Nothing that is drawn in cells leaves the limits."""
    if not ax.axison:
        (x0, x1), (y1, y0) = ax.get_xlim(), ax.get_ylim()
        shapes = [ends for _, *ends in faces]
        shapes += [
            p.get_path().get_extents().extents
            for p in ax.get_children()
            if isinstance(p, PathPatch) and not str(p.get_gid()).startswith("arc")
        ]
        for a, b, c, d in shapes:
            assert min(a - x0, b - y0, x1 - c, y1 - d) > -1e-6
