"""Grids of tiles with numbers: the body of every panel of the explorers' pictures.

A tile is smaller than its pitch: every outline lies in the gutter between tiles, on the page's own
background and never on top of a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.palette import digits, grain, gray, ink, label, signed, steady
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

__all__ = [
    "EDGE",
    "Grid",
    "axis",
    "finite_range",
    "fit",
    "need",
    "painter",
    "pixels",
    "tiles",
]

#: The faint edge of a tile, so that white ones show on white and dark ones on black.
EDGE: dict[str, Any] = {"stroke": INK, "stroke_opacity": 0.22, "stroke_width": 1, "rx": 2}
LEVELS = 31  # of colour, for cells without numbers


@dataclass(frozen=True)
class Grid:
    """Where the cells of a 2-D array stand: top left corner, shape, pitch and gutter."""

    x: float
    y: float
    rows: int
    columns: int
    pitch: tuple[float, float]  # right, down
    gutter: float = 5.0

    @property
    def width(self) -> float:
        """From the first tile's left edge to the last one's right edge."""
        return self.columns * self.pitch[0] - self.gutter

    @property
    def height(self) -> float:
        """From the first tile's top to the last one's bottom."""
        return self.rows * self.pitch[1] - self.gutter

    @property
    def right(self) -> float:
        """The last tile's right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The last tile's bottom."""
        return self.y + self.height

    @property
    def tile(self) -> tuple[float, float]:
        """Width and height of one tile."""
        return self.pitch[0] - self.gutter, self.pitch[1] - self.gutter

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """Top left corner of a tile."""
        return self.x + column * self.pitch[0], self.y + row * self.pitch[1]

    def span(
        self, row: int, column: int, rows: int = 1, columns: int = 1, margin: float = 0.0
    ) -> tuple[float, float, float, float]:
        """x, y, width and height of a block of tiles, with a margin around."""
        x, y = self.corner(row, column)
        width = columns * self.pitch[0] - self.gutter + 2 * margin
        return x - margin, y - margin, width, rows * self.pitch[1] - self.gutter + 2 * margin


def fit(value: Any, width: float, size: float) -> tuple[str, float]:
    """Write a number within `width`: fewer digits first, then smaller; else nothing.

    >>> fit(-0.12345, 60, 14), fit(-0.12345, 30, 14)[0], fit(-0.12345, 12, 14)[0]
    (('−0.123', 14), '−0.1', '')
    """
    for figures, smallest in ((3, 0.85 * size), (2, 0.85 * size), (2, 10.0), (1, 10.0)):
        text = label(value, figures)
        fitting = min(size, width / (len(text) * MONO_ADVANCE))
        if fitting >= smallest:
            return text, fitting
    return "", size


def need(values: Any, size: float, figures: int = 3) -> float:
    """Width of the widest number among `values`, of which at most some 4096 are looked at."""
    flat = np.ravel(np.ma.getdata(values))
    few = flat[:: 1 + flat.size // 4096]
    return max((len(label(v, figures)) for v in few), default=1) * MONO_ADVANCE * size


def painter(a: Any, *, diverging: bool) -> Callable[[Any], str]:
    """Choose one colour scale for all of `a`: diverging if asked for or if there are negatives."""
    values = np.real(np.ma.getdata(a))
    step = grain(values)
    low, high = finite_range(steady(values, step))
    if diverging or low < 0:
        limit = max(-low, high)
        return lambda v: signed(float(steady(np.real(v), step)), limit)
    return lambda v: gray(float(steady(np.real(v), step)), low, high)


def finite_range(a: Any) -> tuple[float, float]:
    """Smallest and largest number that is neither infinite nor NaN; of complex ones the real part.

    >>> finite_range([np.nan, 2.0, np.inf])
    (2.0, 2.0)
    """
    values = np.real(np.ma.getdata(a)).astype(float)
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def tiles(
    p: Picture,
    grid: Grid,
    values: Any,
    paint: Callable[[Any], str],
    *,
    size: float = 14,
    bold: Any = None,
    corners: Any = None,
    numbers: bool = True,
) -> None:
    """Draw a tile with its number for each value of a 2-D array; a masked one stays empty.

    Parameters
    ----------
    p : Picture
    grid : Grid
        Of as many rows and columns as `values`.
    values : array_like
    paint : callable
        From a value to the colour of its tile, see `painter`.
    size : float
        Of the numbers, where they fit.
    bold : ndarray of bool, optional
        Which numbers are heavy.
    corners : ndarray of int, optional
        A second number for each cell, small, in the corner.
    numbers : bool
        Whether to write the values.
    """
    width, height = grid.tile
    masks, data = np.ma.getmaskarray(values), np.ma.getdata(values)
    cells = list(np.ndindex(grid.rows, grid.columns))
    fills = {rc: paint(data[rc]) for rc in cells if not masks[rc]}
    for rc, fill in fills.items():
        p.rect(*grid.corner(*rc), width, height, fill=fill, **EDGE)
    _empty(p, grid, [rc for rc in cells if masks[rc]])
    middle = height / 2 + (11 if corners is not None else 0.36 * size)
    for rc, fill in fills.items():
        x, y = grid.corner(*rc)
        heavy, colour = bool(bold is not None and bold[rc]), ink(fill)
        if numbers:
            text, fitting = fit(data[rc], width - 2, size)
            place = x + width / 2, y + middle, text, round(fitting, 1)
            p.text(*place, mono=True, anchor="middle", bold=heavy, colour=colour)
        if corners is not None:
            corner = x + 4, y + 11, digits(corners[rc]), 10
            p.text(*corner, mono=True, bold=heavy, colour=colour)


def _empty(p: Picture, grid: Grid, cells: list[tuple[int, ...]]) -> None:
    """Outline the tiles that have no value yet, all in one path."""
    steps = [("R", *grid.corner(r, c), *grid.tile) for r, c in cells]
    if steps:
        p.path(steps, stroke=INK, stroke_width=1, stroke_opacity=0.35)


def pixels(p: Picture, grid: Grid, values: Any, paint: Callable[[Any], str]) -> None:
    """Draw many small cells without numbers: one path for each of at most 32 colours."""
    masks = np.ma.getmaskarray(values)
    data = steady(np.real(np.ma.getdata(values)))
    low, high = finite_range(data)
    share = (data - low) / (high - low) if high > low else np.zeros(data.shape)
    levels = np.nan_to_num(share.clip(0, 1) * LEVELS, nan=-1.0).round()
    levels[masks] = -2  # not drawn; NaN, at -1, is painted as what it is
    for level in np.unique(levels[levels > -2]):
        steps = [
            ("R", *grid.corner(int(r), int(c)), *grid.pitch)
            for r, c in np.argwhere(levels == level)
        ]
        value = low + level / LEVELS * (high - low) if level >= 0 else np.nan
        p.path(steps, fill=paint(value))


def axis(
    p: Picture, grid: Grid, *, rows: Any = (), columns: Any = (), first: tuple[int, int] = (0, 0)
) -> None:
    """Number rows (left) and columns (above); those in `rows` and `columns` stand out."""
    for c, opacity, bold in _numbered(grid.columns, first[1], columns, _every(grid, first, 0)):
        above = grid.corner(0, c)[0] + grid.tile[0] / 2, grid.y - 9, str(c + first[1]), 12
        p.text(*above, mono=True, anchor="middle", bold=bold, opacity=opacity)
    for r, opacity, bold in _numbered(grid.rows, first[0], rows, _every(grid, first, 1)):
        name = str(r + first[0])
        size = 12.0 if len(name) < 3 else min(10.0, 25 / (len(name) * MONO_ADVANCE))
        y = grid.corner(r, 0)[1] + grid.tile[1] / 2 + 4.3
        at = grid.x - (9 if len(name) < 4 else 3), y, name, size
        p.text(*at, mono=True, anchor="end", bold=bold, opacity=opacity)


def _every(grid: Grid, first: tuple[int, int], along: int) -> int:
    """Which numbers of an axis to write so that none touches the next: every one, every other."""
    widest = len(str(first[1] + grid.columns - 1)) * MONO_ADVANCE * 12 + 6
    return max(1, int(np.ceil((widest, 14)[along] / grid.pitch[along])))


def _numbered(count: int, first: int, marked: Any, every: int) -> list[tuple[int, float, bool]]:
    """Places to number, each with its opacity and weight."""
    found = [(k, k + first in marked) for k in range(count) if k % every == 0]
    return [(k, 1.0 if bold else 0.62, bold) for k, bold in found]
