"""What is said about cells: the window, the kernel, the output position, the outside.

Each has its own colour and its own kind of line, in the gutters and never across a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch

from convlens import palette
from convlens.draw.cells import Cells, cells, rounded
from convlens.draw.layout import arrange
from convlens.draw.panel import INK, panel
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["kernel", "last_cells", "patch", "ring", "runs", "under_kernel", "window"]

PLATE, OUTER, RING = 0.15, 0.27, 0.14  # cells past the tiles


def last_cells(ax: Axes) -> Cells:
    """Find the array that was drawn last on `ax`."""
    if not panel(ax).places:
        change = "Call draw.cells on these axes first."
        raise refusal(ValueError, "there are no cells to mark", change, {"ax": ax})
    return panel(ax).places[-1]


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Split sorted numbers where they do not follow each other.

    >>> runs([1, 2, 3, 6, 8, 9])
    [[1, 2, 3], [6], [8, 9]]
    """
    found: list[list[int]] = []
    for n in sorted({int(n) for n in numbers}):
        if found and found[-1][-1] == n - 1:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def patch(ax: Axes, box: Sequence[float], grow: float, **style: Any) -> PathPatch:
    """Add a round-cornered rectangle around `box`, `grow` cells larger on each side."""
    x0, y0, x1, y1 = box
    path = rounded(x0 - grow, y0 - grow, x1 + grow, y1 + grow, 0.07 + 0.6 * max(grow, 0))
    artist = PathPatch(path, clip_on=False, **style)
    ax.add_artist(artist)
    panel(ax).extend(x0 - grow, y0 - grow, x1 + grow, y1 + grow)
    return artist


def _check(name: str, places: Sequence[int], size: int) -> None:
    if not places or min(places) < 0 or max(places) >= size:
        change = f"Use numbers from 0 to {size - 1}."
        raise refusal(ValueError, f"{name} outside the cells", change, {name: list(places)})


def window(ax: Axes, rows: Iterable[int], columns: Iterable[int]) -> None:
    """Lay the window's blue plate behind the given rows and columns of the cells drawn last.

    Neighbouring cells share one plate; taps that stand apart (dilation) have one each.

    Parameters
    ----------
    ax : Axes
    rows, columns : iterable of int
        For example ``frame.rows`` and ``frame.columns``.
    """
    place = last_cells(ax)
    rows, columns = [int(r) for r in rows], [int(c) for c in columns]
    _check("rows", rows, place.shape[0])
    _check("columns", columns, place.shape[1])
    for down in runs(rows):
        for right in runs(columns):
            _plate(ax, place, down, right)
    for r in rows:
        for c in columns:
            _embolden(place.numbers.get((r, c)), place.corners.get((r, c)))
    _embolden(*(place.row_numbers.get(r) for r in rows))
    _embolden(*(place.column_numbers.get(c) for c in columns))
    arrange(ax)


def _plate(ax: Axes, place: Cells, rows: list[int], columns: list[int]) -> None:
    box = place.edges(rows, columns)
    if place.tiles is None:  # pixels have no gutter: an outline around them
        grow = 0.3
        for colour, width in (("#000000", 3.2), (palette.WINDOW, 2.0)):
            style = {"facecolor": "none", "edgecolor": colour, "linewidth": width}
            patch(ax, box, grow, zorder=3, gid="window", **style)
        return
    style = {"facecolor": palette.WINDOW, "edgecolor": (0, 0, 0, 0.6), "linewidth": 0.8}
    patch(ax, box, PLATE, zorder=1, gid="window", **style)


def _embolden(*texts: Any) -> None:
    for text in texts:
        if text is not None:
            text.set(weight="bold")
            if text.get_color() != "#ffffff":
                text.set_color(INK)


def ring(ax: Axes, row: int, column: int) -> None:
    """Put the bold ring of the output position around one cell of those drawn last.

    Parameters
    ----------
    ax : Axes
    row, column : int
    """
    place = last_cells(ax)
    _check("row", [row], place.shape[0])
    _check("column", [column], place.shape[1])
    box = place.edges([row], [column])
    style: dict[str, Any] = {"facecolor": "none", "zorder": 4}
    if place.tiles is None:  # pixels may be as dark as the ring
        patch(ax, box, 0.6, edgecolor="#ffffff", linewidth=4.0, **style)
        patch(ax, box, 0.6, edgecolor=INK, linewidth=2.0, gid="ring", **style)
    else:
        artist = patch(ax, box, RING - 0.02, edgecolor=INK, gid="ring", **style)
        panel(ax).strokes.append((artist, 0.1, 2.4))
    _embolden(place.numbers.get((row, column)), place.corners.get((row, column)))
    _embolden(place.row_numbers.get(row), place.column_numbers.get(column))
    arrange(ax)


def kernel(ax: Axes, w: ArrayLike, **style: Any) -> None:
    """Draw a kernel as cells on its orange plate with the double outline.

    Parameters
    ----------
    ax : Axes
    w : array_like, (KH, KW) or (KW,)
    **style
        As for `cells`; rows and columns are not numbered unless ``index=True``.
    """
    cells(ax, w, **{"index": False, "signed": True, **style})
    under_kernel(ax)
    for text in last_cells(ax).numbers.values():
        text.set(weight="bold")


def under_kernel(ax: Axes, tap: tuple[int, int] | None = None) -> None:
    """Lay the orange plate behind all cells drawn last, or behind one of them."""
    place = last_cells(ax)
    first, last = tap or (0, 0), tap or (place.shape[0] - 1, place.shape[1] - 1)
    box = place.edges([first[0], last[0]], [first[1], last[1]])
    plate = {"facecolor": palette.KERNEL, "edgecolor": "none", "linewidth": 0}
    patch(ax, box, PLATE, zorder=1, gid="kernel", **plate)
    line = {"facecolor": "none", "edgecolor": palette.KERNEL}
    artist = patch(ax, box, OUTER, zorder=1, gid="kernel", **line)
    panel(ax).strokes.append((artist, 0.07, 1.8))
    panel(ax).extend(*(e + s * 0.32 for e, s in zip(box, (-1, -1, 1, 1), strict=True)))
    arrange(ax)
