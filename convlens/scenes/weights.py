"""The matrix of a convolution as a strip: a row for each window, a column for each pixel."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import KERNEL
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlens.facts.spread import Spread

__all__ = ["TALL", "weights"]

TALL, WIDEST = 13.0, 14.0  # of a row; of a column
BETWEEN = 4.0  # rows
NUMBERS = 22.0  # room for the numbers of the rows


def weights(p: Picture, y: float, s: Spread, paint: Callable[[Any], str]) -> None:
    """Draw the matrix below `y`, blocks parted by lines, and ring the row of the number."""
    (rows, columns), (height, width) = s.x.shape, s.size
    wide = min(WIDEST, (RIGHT - LEFT - NUMBERS) / (height * width))
    gutter = 2.0 if wide >= 7 else 0.0
    grid = Grid(LEFT + NUMBERS, y, rows * columns, height * width, (wide, TALL), gutter)
    _blocks(p, grid, columns, width)
    _plates(p, grid, s)
    for fill, places in _coloured(s, paint):
        size = max(grid.tile[0], 0.6), TALL - BETWEEN
        p.path([("R", *grid.corner(r, c), *size) for r, c in places], fill=fill)
    top = y + s.number * TALL
    ring = grid.x - 3, top - 2, grid.columns * wide - gutter + 6, TALL
    p.rect(*ring, fill="none", stroke=INK, stroke_width=2, rx=3)
    at = LEFT + NUMBERS - 7, top + 8, str(s.number), 10
    p.text(*at, mono=True, anchor="end", bold=True)


def _places(s: Spread, number: int) -> list[tuple[int, int]]:
    """Columns of the weights of one row, and which weights they are."""
    i, j = divmod(number, int(s.x.shape[1]))
    top, left = i * s.stride[0], j * s.stride[1]
    taps = np.ndindex(*s.w.shape)
    return [((top + u) * s.size[1] + left + v, u * int(s.w.shape[1]) + v) for u, v in taps]


def _coloured(s: Spread, paint: Callable[[Any], str]) -> list[tuple[str, list[tuple[int, int]]]]:
    """Gather the places of all weights by their colour: few paths instead of many tiles."""
    fills = [paint(value) for value in s.w.flat]
    found = [
        (fills[tap], (number, place))
        for number in range(s.x.size)
        for place, tap in _places(s, number)
    ]
    found.sort()
    return [(fill, [at for _, at in same]) for fill, same in groupby(found, lambda f: f[0])]


def _blocks(p: Picture, grid: Grid, columns: int, width: int) -> None:
    """Rule lines around the blocks: one for each row of x, across, and of the output, down."""
    left, right = grid.x - 1, grid.x + grid.columns * grid.pitch[0] - 1
    top, bottom = grid.y - BETWEEN / 2, grid.y + grid.rows * TALL - BETWEEN / 2
    lines: list[tuple[Any, ...]] = []
    for r in range(0, grid.rows + 1, columns):
        lines += [("M", left, top + r * TALL), ("L", right, top + r * TALL)]
    for c in range(0, grid.columns + 1, width):
        at = left + c * grid.pitch[0]
        lines += [("M", at, top), ("L", at, bottom)]
    p.path(lines, stroke=INK, stroke_width=1, stroke_opacity=0.3)


def _plates(p: Picture, grid: Grid, s: Spread) -> None:
    """Lay orange plates behind the weights of the row that is ringed."""
    y, wide, kw = grid.y + s.number * TALL, grid.pitch[0], int(s.w.shape[1])
    for place, tap in _places(s, s.number):
        if tap % kw == 0:
            box = grid.x + place * wide - 3, y - 2, kw * wide - grid.gutter + 6, TALL
            p.rect(*box, fill=KERNEL)


def room(count: int) -> float:
    """Height that the matrix takes for so many numbers of x."""
    return count * TALL + 6


#: A row of the matrix that is longer cannot be seen.
MOST_COLUMNS = int((RIGHT - LEFT - NUMBERS) / (MONO_ADVANCE * 4))
