"""The index grid, and the stack of all windows: two ways to write down every window at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import Cells, cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import PLATE, last_cells, patch, ring, runs, under_kernel
from convlens.draw.panel import MONO, NUMBER, SANS, SOFT, UNIT, header, panel, write
from convlib import index_grid as family
from convlib.arguments import refusal
from convlib.frames import Walk
from convlib.geometry import Geometry

__all__ = ["index_grid", "shown"]

FLAT = (1.0, 0.74)  # cells of the grid
MOST_ROWS, MOST_COLUMNS = 12, 18


def shown(count: int, most: int, focus: int | None = None) -> list[int]:
    """Choose which of `count` lines to show where only `most` fit: the ends and the focus.

    >>> shown(20, 6), shown(20, 6, focus=9)
    ([0, 1, 2, 3, 4, 19], [0, 1, 8, 9, 10, 19])
    """
    if count <= most:
        return list(range(count))
    if focus is None:
        return [*range(most - 1), count - 1]
    keep = {0, 1, count - 1, focus}
    for step in range(1, count):
        for near in (focus - step, focus + step):
            if len(keep) < most and 0 <= near < count:
                keep.add(near)
    return sorted(keep)


def index_grid(
    ax: Axes, drawn: Walk | Geometry, *, highlight: int | None = None, title: str = "Index grid"
) -> None:
    """Draw starts + offsets = grid: a row for each window, a column for each tap.

    Parameters
    ----------
    ax : Axes
    drawn : Walk or Geometry
    highlight : int, optional
        The number of a window (``frame.number``): its row blue, its start ringed. Without it
        every row has a tint of its own.
    title : str

    Notes
    -----
    Beyond 12 rows or 18 columns the middle is left out. Channels stand apart.
    """
    g = drawn.geometry if isinstance(drawn, Walk) else drawn
    if not isinstance(g, Geometry):
        raise refusal(TypeError, "not a Walk or a Geometry", "Use one.", {"drawn": drawn})
    starts, offsets, grid = family.starts(g), family.offsets(g), family.grid(g)
    if highlight is not None and not 0 <= highlight < len(starts):
        change = f"Use 0 to {len(starts) - 1}."
        raise refusal(ValueError, "no such window", change, {"highlight": highlight})
    taps = g.kernel_size[0] * g.kernel_size[1]
    rows = shown(len(starts), MOST_ROWS, highlight)
    most = MOST_COLUMNS if grid[-1, -1] < 100 else MOST_COLUMNS - 2
    columns = shown(len(offsets), most)
    y = _lines(rows, FLAT[1], 0.0, ())
    x = _lines(columns, FLAT[0], 3.3, range(taps, len(offsets), taps))
    size = f"{len(starts)} windows × {len(offsets)} taps"
    _column(ax, starts, rows, y, highlight)
    _offsets(ax, offsets, columns, x, taps)
    for down in runs(rows):
        for right in _pieces(columns, taps):
            block = grid[down[0] : down[-1] + 1, right[0] : right[-1] + 1]
            style: dict[str, Any] = {"neutral": True, "index": False, "cell": FLAT}
            cells(ax, block, origin=(x[right[0]], y[down[0]]), **style)
            _tint(ax, last_cells(ax), down, len(starts), highlight)
    _gaps(ax, rows, y, columns, x)
    top = -1.75 * FLAT[1] - 0.5
    header(ax, 0.6, top, title, 0)
    header(ax, 0.6, top, f"{size}: start + offset", 1)
    record = panel(ax)
    record.top, record.unit = top, UNIT
    record.extend(0.0, top, x[columns[-1]] + 0.8, y[rows[-1]] + 0.7)
    record.says = [_say(g, highlight)]
    arrange(ax)


def _lines(kept: list[int], step: float, first: float, breaks: Any) -> dict[int, float]:
    """Place the kept lines one after the other, with a gap where some are left out or break."""
    places, at = {}, first
    for before, number in zip([None, *kept], kept, strict=False):
        if before is not None:
            at += step * (2 if number != before + 1 else 1)
            at += 0.7 if any(before < b <= number for b in breaks) else 0.0
        places[number] = at
    return places


def _pieces(columns: list[int], taps: int) -> list[list[int]]:
    """Runs of columns, cut where a channel ends."""
    return [
        [c for c in run if c // taps == channel]
        for run in runs(columns)
        for channel in sorted({c // taps for c in run})
    ]


def _column(
    ax: Axes, starts: Any, rows: list[int], y: dict[int, float], highlight: int | None
) -> None:
    """Draw the starts at the left, with the number of each window."""
    for down in runs(rows):
        block = starts[down[0] : down[-1] + 1][:, None]
        style: dict[str, Any] = {"neutral": True, "index": False, "cell": FLAT}
        cells(ax, block, origin=(1.5, y[down[0]]), **style)
        if highlight in down:
            ring(ax, highlight - down[0], 0)
    for k in rows:
        bold = "bold" if k == highlight else "normal"
        colour = "#000000" if k == highlight else SOFT
        style = {"ha": "right", "va": "center_baseline", "family": MONO, "fontsize": NUMBER}
        write(ax, 0.8, y[k], str(k), weight=bold, color=colour, **style)
    style = {"family": SANS, "fontsize": 9.5, "color": SOFT, "va": "center_baseline"}
    write(ax, 0.8, -1.75 * FLAT[1], "k", ha="right", **style)
    write(ax, 1.5, -1.75 * FLAT[1], "start", **style)
    write(ax, 2.3, -1.75 * FLAT[1], "+", family=SANS, fontsize=13, color=SOFT)


def _offsets(ax: Axes, offsets: Any, columns: list[int], x: dict[int, float], taps: int) -> None:
    """Draw the offsets above, on the kernel's plate, a plate for each channel."""
    for right in _pieces(columns, taps):
        block = offsets[right[0] : right[-1] + 1]
        style: dict[str, Any] = {"neutral": True, "index": False, "cell": FLAT}
        cells(ax, block, origin=(x[right[0]], -1.75 * FLAT[1]), **style)
        place = last_cells(ax)
        assert place.tiles is not None
        place.tiles.set(facecolors=palette.KERNEL, edgecolors="none")
        panel(ax).groups[-1].width = 0.98  # there is no tile to stay inside
        for text in place.numbers.values():
            text.set(text=f"+{text.get_text()}", weight="bold", color="#000000")
        under_kernel(ax)
    style = {"family": SANS, "fontsize": 9.5, "color": SOFT, "va": "center_baseline"}
    last = x[columns[-1]] + 0.5
    write(ax, last, -1.75 * FLAT[1], "offset", ha="left", offset=(12, 0), **style)
    panel(ax).right = 46


def _tint(ax: Axes, place: Cells, rows: list[int], count: int, highlight: int | None) -> None:
    """Colour the rows of a block: one blue row, or a tint for each window."""
    assert place.tiles is not None
    columns = place.shape[1]
    if highlight is None:
        shades = [_shade(k / max(count - 1, 1)) for k in rows]
        place.tiles.set_facecolor([s for s in shades for _ in range(columns)])
    elif highlight in rows:
        r = rows.index(highlight)
        box = place.edges([r], list(range(columns)))
        style = {"facecolor": palette.WINDOW, "edgecolor": (0, 0, 0, 0.6), "linewidth": 0.8}
        patch(ax, box, PLATE * 0.6, zorder=2.2, gid="window", **style)
        for c in range(columns):
            place.numbers[r, c].set(weight="bold")


def _shade(share: float) -> str:
    """Between a very light and a light blue: black numbers stand out on all of them."""
    light, deep = np.array([238, 246, 252]), np.array([150, 206, 240])
    r, g, b = np.rint(light + share * (deep - light)).astype(int).tolist()
    return f"#{r:02x}{g:02x}{b:02x}"


def _gaps(
    ax: Axes, rows: list[int], y: dict[int, float], columns: list[int], x: dict[int, float]
) -> None:
    style = {"family": SANS, "fontsize": 12, "color": SOFT}
    for a, b in pairwise(rows):
        if b != a + 1:
            for at in (1.5, *x.values()):
                write(ax, at, (y[a] + y[b]) / 2, "⋮", **style)
    for a, b in pairwise(columns):
        if b != a + 1:
            for at in y.values():
                write(ax, (x[a] + x[b]) / 2, at, "…", **style)


def _say(g: Geometry, highlight: int | None) -> str:
    starts, offsets = family.starts(g), family.offsets(g)
    said = f"Index grid, {len(starts)} windows by {len(offsets)} taps: starts "
    said += f"{_list(starts)} plus offsets {_list(offsets)}."
    if highlight is None:
        return said
    row = _list(family.grid(g)[highlight])
    return f"{said} Window {highlight} starts at {starts[highlight]} and takes {row}."


def _list(numbers: Any) -> str:
    listed = numbers.tolist()
    more = "" if len(listed) <= 20 else f" and {len(listed) - 20} more"
    return f"{', '.join(map(str, listed[:20]))}{more}"
