"""What lies outside the image: dashed and hatched, around it or beyond its memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from convlens import palette
from convlens.draw.cells import MOST_NUMBERED, cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import last_cells, patch, window
from convlens.draw.panel import panel
from convlens.draw.values import as_floats, span
from convlib.frames import Frame, Walk

__all__ = ["hatch", "outside", "padded"]


def outside(ax: Axes, places: Iterable[Sequence[int]], *, numbers: bool = False) -> None:
    """Mark cells that are not part of the image: dashed, hatched and without a number.

    Parameters
    ----------
    ax : Axes
    places : iterable of (row, column)
        Among the cells drawn last or beyond them: (-1, 0) is above the first cell.
    numbers : bool
        Keep tile and number and draw the dashes only: for padding that repeats real values.
    """
    place = last_cells(ax)
    lines: list[Any] = []
    for row, column in places:
        box = place.edges([row], [column])
        inside = 0 <= row < place.shape[0] and 0 <= column < place.shape[1]
        face = "none" if numbers else "#ffffff"
        style = {"facecolor": face, "edgecolor": palette.OUTSIDE, "linestyle": (0, (2.2, 1.4))}
        patch(ax, box, 0.0, zorder=2.5, linewidth=1.5, gid="outside", **style)
        if not inside:
            panel(ax).extend(*(e + s * 0.2 for e, s in zip(box, (-1, -1, 1, 1), strict=True)))
        if not numbers:
            lines += hatch(*box)
            text = place.numbers.pop((row, column), None)
            if text is not None:
                text.remove()
                for group in panel(ax).groups:
                    group.texts = [t for t in group.texts if t is not text]
    if lines:
        strokes = LineCollection(lines, colors=palette.OUTSIDE, linewidths=1.0, zorder=2.6)
        strokes.set(clip_on=False, gid="hatch")
        ax.add_collection(strokes, autolim=False)
    arrange(ax)


def hatch(x0: float, y0: float, x1: float, y1: float) -> list[list[tuple[float, float]]]:
    """Cut lines at 45 degrees, a fixed distance apart, to a rectangle."""
    lines, inset = [], 0.06
    x0, y0, x1, y1 = x0 + inset, y0 + inset, x1 - inset, y1 - inset
    for k in np.arange(x0 + y0 + 0.12, x1 + y1, 0.2).tolist():  # x + y = k
        start = max(x0, k - y1)
        stop = min(x1, k - y0)
        if stop - start > 0.03:
            lines.append([(start, k - start), (stop, k - stop)])
    return lines


def padded(ax: Axes, drawn: Frame | Walk, *, image: int = 0, channel: int = 0, **look: Any) -> None:
    """Draw a padded image, its padding marked; for a `Frame` with the window where it stands.

    Padding is dashed and keeps its numbers, zeros too, since the window multiplies them like any
    others. Hatching is kept for memory that nothing may read: see `outside`.

    Parameters
    ----------
    ax : Axes
    drawn : Frame or Walk
        A Frame brings its own image.
    image, channel : int
        Which one of the padded batch.
    **look
        As for `cells`.
    """
    frame = drawn if isinstance(drawn, Frame) else None
    walk = drawn if isinstance(drawn, Walk) else drawn.walk
    g = walk.geometry
    a = walk.padded[frame.image if frame else image, channel]
    (top, _), (left, _) = g.padding
    height, width = g.input_size
    real = np.ma.array(a[top : top + height, left : left + width])
    limits = span(as_floats(real), None)  # those of the image, whatever surrounds it
    cells(ax, a, **{"limits": limits, **look})
    if max(a.shape) <= MOST_NUMBERED:
        outside(ax, np.argwhere(g.is_padding()).tolist(), numbers=True)
    elif g.padded_size != g.input_size:  # pixels: a dashed line around the image itself
        box = left - 0.5, top - 0.5, left + width - 0.5, top + height - 0.5
        style: dict[str, Any] = {"edgecolor": palette.OUTSIDE, "linestyle": (0, (2.2, 1.4))}
        patch(ax, box, 0.0, facecolor="none", zorder=2.5, linewidth=1.5, gid="outside", **style)
    if frame is not None:
        window(ax, frame.rows.tolist(), frame.columns.tolist())
