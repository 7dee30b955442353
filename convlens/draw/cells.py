"""An array as a field of tiles, each a little smaller than its place, with its number in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from convlens import palette
from convlens.draw.layout import arrange
from convlens.draw.panel import (
    MONO,
    NUMBER,
    SANS,
    SOFT,
    SUBTITLE,
    UNIT,
    Group,
    header,
    panel,
    write,
)
from convlens.draw.values import PLAIN, as_floats, faces, grid_of, labels, span
from convlib.arguments import refusal

if TYPE_CHECKING:
    from matplotlib.text import Annotation
    from numpy.typing import ArrayLike

__all__ = ["Cells", "cells", "rounded"]

TILE = 0.84  # of a cell; the rest is the gutter, where every outline lies
ROUND = 0.07
SPARE = 0.16  # cells around an array, so that outlines may come later
MOST_NUMBERED = 20  # cells a side; beyond, pixels


@dataclass
class Cells:
    """Where an array stands on its axes: what the overlays need to know."""

    shape: tuple[int, int]
    origin: tuple[float, float]
    cell: tuple[float, float]
    tiles: PathCollection | None = None
    numbers: dict[tuple[int, int], Annotation] = field(default_factory=dict)
    corners: dict[tuple[int, int], Annotation] = field(default_factory=dict)
    row_numbers: dict[int, Annotation] = field(default_factory=dict)
    column_numbers: dict[int, Annotation] = field(default_factory=dict)

    def centre(self, row: float, column: float) -> tuple[float, float]:
        """Return x and y of the middle of a cell."""
        return self.origin[0] + column * self.cell[0], self.origin[1] + row * self.cell[1]

    def edges(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[float, ...]:
        """Return x0, y0, x1, y1 of the tiles from the first to the last row and column."""
        half = [side / 2 - (1 - TILE) / 2 for side in self.cell]
        x0, y0 = self.centre(rows[0], columns[0])
        x1, y1 = self.centre(rows[-1], columns[-1])
        return x0 - half[0], y0 - half[1], x1 + half[0], y1 + half[1]


def rounded(x0: float, y0: float, x1: float, y1: float, radius: float = ROUND) -> Path:
    """Outline of a rectangle with round corners."""
    r = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    steps = [(r, 0), (0, r), (-r, 0), (0, -r)]
    points, codes = [(x0 + r, y0)], [Path.MOVETO]
    for k in range(4):
        (cx, cy), back, on = corners[(k + 1) % 4], steps[k], steps[(k + 1) % 4]
        points += [(cx - back[0], cy - back[1]), (cx, cy), (cx + on[0], cy + on[1])]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*points, points[0]], [*codes, Path.CLOSEPOLY])


def cells(
    ax: Axes,
    a: ArrayLike,
    *,
    signed: bool | None = None,
    numbers: bool | None = None,
    corners: ArrayLike | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    row_label: str | None = None,
    column_label: str | None = None,
    origin: tuple[float, float] = (0.0, 0.0),
    cell: float | tuple[float, float] = 1.0,
    limits: tuple[float, float] | None = None,
    index: bool = True,
    neutral: bool = False,
    tiles: bool | None = None,
) -> None:
    """Draw a 2-D array as cells with their numbers in them, or a 1-D array as one row.

    Parameters
    ----------
    ax : Axes
    a : array_like, (rows, columns) or (columns,)
        Masked cells are drawn empty.
    signed : bool, optional
        Purple to green through zero instead of gray; by default where something is negative.
    numbers : bool, optional
        By default shown up to 20 cells a side, where they fit; more cells are drawn as pixels.
        True shows them however small they get.
    corners : array_like, optional
        A small number for the corner of each cell, such as its flat index or byte offset.
    title, subtitle, row_label, column_label : str, optional
    origin : (float, float)
        x and y of the middle of the first cell, to draw several arrays on one axes.
    cell : float or (float, float)
        Width and height of a cell.
    limits : (float, float), optional
        Values at the ends of the colours, so that several arrays can share them.
    index : bool
        Whether to number the rows and columns.
    neutral : bool
        Draw all cells alike: for indices and addresses, which are not values.
    tiles : bool, optional
        Whether cells stand apart; by default as long as they are numbered.

    Raises
    ------
    ValueError, TypeError
        For anything but a row or a grid of numbers.
    """
    grid = grid_of("a", a)
    record = panel(ax)
    size = cell if isinstance(cell, tuple) else (cell, cell)
    place = Cells(grid.shape, origin, size)
    colours = [PLAIN] * grid.size if neutral else faces(grid, signed, limits)
    numbered = (tiles or max(grid.shape) <= MOST_NUMBERED) if numbers is None else numbers
    if not (numbered or max(grid.shape) <= MOST_NUMBERED if tiles is None else tiles):
        _pixels(ax, place, colours)
    else:
        _tiles(ax, place, colours)
    record.places.append(place)
    _make_room(ax, place)
    if numbered:
        shown = _numbers(ax, place, grid, colours, low=corners is not None)
        record.groups.append(Group(shown, size[0] * 0.8, size[1] * 0.44, required=bool(numbers)))
    if corners is not None:
        _corners(ax, place, corners, colours)
    if index:
        _index(ax, place)
    _labels(ax, place, title, subtitle, row_label, column_label)
    record.says.append(_say(grid, title))
    arrange(ax)


def _tiles(ax: Axes, place: Cells, colours: list[str]) -> None:
    at = [(r, c) for r in range(place.shape[0]) for c in range(place.shape[1])]
    paths = [rounded(*place.edges([r], [c])) for r, c in at]
    tiles = PathCollection(paths, facecolors=colours, edgecolors=(0, 0, 0, 0.25), linewidths=0.7)
    tiles.set(zorder=2, clip_on=False)
    place.tiles = tiles
    ax.add_collection(tiles, autolim=False)


def _pixels(ax: Axes, place: Cells, colours: list[str]) -> None:
    rgb = np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in colours], np.uint8)
    x0, y0 = place.centre(-0.5, -0.5)
    x1, y1 = place.centre(place.shape[0] - 0.5, place.shape[1] - 0.5)
    ax.imshow(
        rgb.reshape(*place.shape, 3), extent=(x0, x1, y1, y0), interpolation="nearest", zorder=2
    )


def _make_room(ax: Axes, place: Cells) -> None:
    record = panel(ax)
    (rows, columns), (w, h) = place.shape, place.cell
    x0, y0 = place.origin[0] - w / 2, place.origin[1] - h / 2
    record.extend(x0 - SPARE, y0 - SPARE, x0 + columns * w + SPARE, y0 + rows * h + SPARE)
    if record.top is None:
        record.top = y0
    if place.tiles is None:
        record.unit = min(record.unit, 9 * 36 / max(place.shape))


def _numbers(
    ax: Axes, place: Cells, grid: np.ma.MaskedArray[Any, Any], colours: list[str], low: bool
) -> list[Annotation]:
    columns, masked, words = place.shape[1], np.ma.getmaskarray(grid), labels(grid)
    for r, c in np.ndindex(grid.shape):
        if masked[r, c]:
            continue
        x, y = place.centre(r, c)
        ink = palette.ink(colours[r * columns + c])
        shift = 0.14 * place.cell[1] if low else 0.0
        style = {"color": ink, "va": "center_baseline"}
        place.numbers[r, c] = write(ax, x, y + shift, words[r, c], **style)
    longest = max((len(t.get_text()) for t in place.numbers.values()), default=1)
    if longest > 3:  # wider cells rather than smaller numbers
        record = panel(ax)
        wanted = (longest * 0.602 * 10 + 3) / (0.78 * place.cell[0])
        record.unit = max(record.unit, min(wanted, 1.6 * UNIT))
    return list(place.numbers.values())


def _corners(ax: Axes, place: Cells, corners: ArrayLike, colours: list[str]) -> None:
    small = grid_of("corners", corners)
    if small.shape != place.shape:
        given = {"corners.shape": small.shape, "a.shape": place.shape}
        raise refusal(ValueError, "corners do not match the cells", "Use the same shape.", given)
    for (r, c), value in np.ndenumerate(small.data):
        x0, y0, _, _ = place.edges([r], [c])
        ink = palette.ink(colours[r * place.shape[1] + c])
        style = {"ha": "left", "va": "top", "offset": (2.0, -1.5), "color": ink}
        place.corners[r, c] = write(ax, x0, y0, palette.label(value), **style)
    record = panel(ax)
    record.unit = max(record.unit, 1.3 * UNIT)
    texts = list(place.corners.values())
    record.groups.append(Group(texts, place.cell[0] * 0.7, place.cell[1] * 0.3, largest=9.0))


def _index(ax: Axes, place: Cells) -> None:
    """Number the rows at the left and the columns above; every fifth or so where there are many."""
    record = panel(ax)
    rows, columns = place.shape
    style = {"color": SOFT, "fontsize": NUMBER, "family": MONO}
    x0, y0, _, _ = place.edges([0], [0])
    for c in range(0, columns, _every(columns)):
        x, _ = place.centre(0, c)
        text = write(ax, x, y0, str(c), va="baseline", offset=(0, 8), **style)
        place.column_numbers[c] = text
        record.headers.append((text, 2))
    wide = 6.0 * len(str(columns - 1)) + 4
    record.indices.append((place.column_numbers, place.cell[0], wide))
    if rows == 1:
        return
    for r in range(0, rows, _every(rows)):
        _, y = place.centre(r, 0)
        text = write(ax, x0, y, str(r), ha="right", va="center_baseline", offset=(-6, 0), **style)
        place.row_numbers[r] = text
    record.indices.append((place.row_numbers, place.cell[1], 11.0))
    if place.origin[0] <= 0:
        record.left = max(record.left, 8 + 6 * len(str(rows - 1)))


def _every(count: int) -> int:
    return next(n for n in (1, 5, 10, 20, 50, 100, 500, 10**9) if count <= 20 * n or n >= count)


def _labels(
    ax: Axes,
    place: Cells,
    title: str | None,
    subtitle: str | None,
    row_label: str | None,
    column_label: str | None,
) -> None:
    record = panel(ax)
    (rows, columns), style = place.shape, {"color": SOFT, "fontsize": SUBTITLE, "family": SANS}
    x0, y0, x1, y1 = place.edges([0, rows - 1], [0, columns - 1])
    top = place.origin[1] - place.cell[1] / 2
    header(ax, x0, top, title, 0)
    header(ax, x0, top, subtitle, 1)
    if column_label:
        write(ax, (x0 + x1) / 2, y1, column_label, va="top", offset=(0, -8), **style)
        record.below = max(record.below, 18)
    if row_label:
        aside = record.left + 4
        write(
            ax, x0, (y0 + y1) / 2, row_label, ha="right", rotation=90, offset=(-aside, 0), **style
        )
        record.left = aside + 14


def _say(grid: np.ma.MaskedArray[Any, Any], title: str | None) -> str:
    """Describe an array: its numbers while they can be listened to, else their range."""
    name = (title or "An array").rstrip(".")
    rows, columns = grid.shape
    size = f"{name}, {rows} by {columns}" if rows > 1 else f"{name}, {columns} in a row"
    if grid.size > 100:
        low, high = span(as_floats(grid), None)
        return f"{size}, from {palette.label(low)} to {palette.label(high)}."
    masked = np.ma.getmaskarray(grid)
    lines = [
        " ".join("empty" if m else palette.label(v) for v, m in zip(line, hidden, strict=True))
        for line, hidden in zip(grid.data, masked, strict=True)
    ]
    return f"{size}: {'; '.join(lines)}."
