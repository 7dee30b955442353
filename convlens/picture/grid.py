"""Grids of tiles with numbers: the body of every panel of the explorers' pictures.

A tile is smaller than its pitch: every outline lies in the gutter between tiles, on the page's own
background and never on top of a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.palette import digits, ink, label, pale, steady
from convlens.picture.scale import finite_range, painter, reals
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
    "reals",
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


def written(value: Any, figures: int = 3, exact: bool = False) -> str:
    """Write a number: whole ones in full where they must be `exact`, as addresses must."""
    whole = exact and isinstance(value, int | np.integer)
    return digits(int(value)) if whole else label(value, figures)


def fit(value: Any, width: float, size: float, exact: bool = False) -> tuple[str, float]:
    """Write a number within `width`: fewer digits first, then smaller; else nothing.

    >>> fit(-0.12345, 60, 14), fit(-0.12345, 30, 14)[0], fit(-0.12345, 12, 14)[0]
    (('−0.123', 14), '−0.1', '')
    """
    least = min(11.0, size)
    near = max(0.85 * size, least)
    for figures, smallest in ((3, near), (2, near), (2, least), (1, least)):
        text = written(value, figures, exact)
        fitting = min(size, width / (len(text) * MONO_ADVANCE))
        if fitting >= smallest:
            return text, fitting
    return "", size


def need(values: Any, size: float, figures: int = 3, exact: bool = False) -> float:
    """Width of the widest number among `values`, of which at most some 4096 are looked at."""
    flat = np.ma.compressed(np.ma.asarray(values))  # what is masked is not written
    few = flat[:: 1 + flat.size // 4096]
    longest = max((len(written(v, figures, exact)) for v in few), default=1)
    return longest * MONO_ADVANCE * size


def tiles(
    p: Picture,
    grid: Grid,
    values: Any,
    paint: Callable[[Any], str],
    *,
    size: float = 14,
    bold: Any = None,
    corners: Any = None,
    above: Any = None,
    below: Any = None,
    faint: Any = None,
    struck: Any = None,
    hidden: Any = None,
    numbers: bool = True,
    exact: bool = False,
    empty: float = 0.5,
) -> None:
    """Draw a tile with its number for each value of a 2-D array; a masked one stays empty.

    `bold`, `faint`, `struck` and `hidden` say which numbers are heavy, which tiles step back, which
    numbers are struck through and which cells are not drawn at all; `corners`, `above` and `below`
    hold small texts for the cells. `exact` writes whole numbers in full, however long; `empty` is
    how strong the outline of a masked cell is, from 0 to 1.
    """
    width, height = grid.tile
    masks, data = np.ma.getmaskarray(values), np.ma.getdata(values)
    cells = list(np.ndindex(grid.rows, grid.columns))
    fills = {rc: paint(data[rc]) for rc in cells if not masks[rc]}
    if faint is not None:
        fills |= {rc: pale(fill) for rc, fill in fills.items() if faint[rc]}
    for rc, fill in fills.items():
        p.rect(*grid.corner(*rc), width, height, fill=fill, **EDGE)
    left = [
        ("R", *grid.corner(*rc), width, height)
        for rc in cells
        if masks[rc] and (hidden is None or not hidden[rc])
    ]
    if left:
        p.path(left, stroke=INK, stroke_width=1, stroke_opacity=empty)
    low = height / 2 + 6 if corners is not None or above is not None else height / 2
    for rc, fill in fills.items():
        (x, y), colour = grid.corner(*rc), ink(fill)
        heavy: dict[str, Any] = {"bold": bool(bold is not None and bold[rc]), "colour": colour}
        if numbers:
            text, fitting = fit(data[rc], width - 2, size, exact)
            lift = max(7.5, height / 2 - 14) if below is not None and below[rc] else 0
            at = x + width / 2, y + low - lift + 0.36 * size, text, round(fitting, 1)
            p.text(*at, mono=True, anchor="middle", **heavy)
            if struck is not None and struck[rc]:
                half = len(text) * MONO_ADVANCE * fitting / 2 + 1
                ends = (x + width / 2 - half, y + low), (x + width / 2 + half, y + low)
                p.line(*ends, stroke=colour, stroke_width=1.2)
        if corners is not None:
            p.text(x + 4, y + 12, digits(corners[rc]), 11, mono=True, **heavy)
        if above is not None:
            at = x + width / 2, y + 14, above[rc], 11
            p.text(*at, mono=True, anchor="middle", colour=colour)
        if below is not None:
            at = x + width / 2, y + height - 4, below[rc], 11
            p.text(*at, mono=True, anchor="middle", colour=colour)


def pixels(p: Picture, grid: Grid, values: Any, paint: Callable[[Any], str]) -> None:
    """Draw many small cells without numbers: one path for each of at most 32 colours."""
    masks = np.ma.getmaskarray(values)
    data = steady(reals(values))
    low, high = finite_range(data)
    share = (data - low) / (high - low) if high > low else np.zeros(data.shape)
    levels = np.nan_to_num(share.clip(0, 1) * LEVELS, nan=-1.0).round()
    levels[masks] = -2  # not drawn; NaN, at -1, is painted as what it is
    for level in np.unique(levels[levels > -2]):
        steps = [
            ("R", *grid.corner(r, c), *grid.tile) for r, c in np.argwhere(levels == level).tolist()
        ]
        value = low + level / LEVELS * (high - low) if level >= 0 else np.nan
        p.path(steps, fill=paint(value))


def axis(
    p: Picture, grid: Grid, *, rows: Any = (), columns: Any = (), first: tuple[int, int] = (0, 0)
) -> None:
    """Number rows (left) and columns (above); those in `rows` and `columns` stand out."""
    for c, opacity, bold in _numbered(grid.columns, first[1], columns, _every(grid, first, 0)):
        above = grid.corner(0, c)[0] + grid.tile[0] / 2, grid.y - 9, digits(c + first[1]), 12
        p.text(*above, mono=True, anchor="middle", bold=bold, opacity=opacity)
    for r, opacity, bold in _numbered(grid.rows, first[0], rows, _every(grid, first, 1)):
        name = digits(r + first[0])
        size = 12.0 if len(name) < 3 else 11.0
        y = grid.corner(r, 0)[1] + grid.tile[1] / 2 + 4.3
        at = grid.x - (9, 5, 1)[min(max(len(name) - 2, 0), 2)], y, name, size
        p.text(*at, mono=True, anchor="end", bold=bold, opacity=opacity)


def _every(grid: Grid, first: tuple[int, int], along: int) -> int:
    """Which numbers of an axis to write so that none touches the next: every one, every other."""
    widest = len(str(first[1] + grid.columns - 1)) * MONO_ADVANCE * 12 + 6
    return max(1, int(np.ceil((widest, 14)[along] / grid.pitch[along])))


def _numbered(count: int, first: int, marked: Any, every: int) -> list[tuple[int, float, bool]]:
    """Places to number, each with its opacity and weight."""
    found = [(k, k + first in marked) for k in range(count) if k % every == 0]
    return [(k, 1.0 if bold else 0.62, bold) for k, bold in found]
