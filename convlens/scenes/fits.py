"""What a page has room for: how long numbers become, and how many columns of arrays it can hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture.grid import reals
from convlens.picture.row import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convlens.picture.grid import Grid
    from convlens.picture.panel import Cell, Panel

__all__ = ["around", "crop", "longest", "low", "near", "products"]

SMALLEST = 12.0  # font size of numbers in arrays of which a part is shown


def around(at: int, shown: int, count: int) -> int:
    """Choose the first of `shown` places that keep one in view, in the middle if they can."""
    return int(np.clip(at - shown // 2, 0, count - shown))


def near(cell: Cell, size: Cell, most: Cell) -> tuple[Cell, Cell]:
    """Choose the block of at most this size that keeps a cell in view, in the middle if it can.

    Returns where it begins and its shape.

    >>> near((5, 0), (9, 4), (3, 9))
    ((4, 0), (3, 4))
    """
    shape = min(size[0], most[0]), min(size[1], most[1])
    row, column = map(around, cell, shape, size)
    return (row, column), shape


def low(grid: Grid, tall: float) -> Grid:
    """Make the rows of a grid at most this high."""
    (wide, high), gutter = grid.pitch, min(grid.gutter, 4.0 if tall > 15 else 2.0)
    return replace(grid, pitch=(wide, min(high, tall)), gutter=gutter)


def longest(a: Any) -> list[Any]:
    """Find numbers that take as much room as any of an array, at one to three digits."""
    flat = np.ravel(a)
    few = flat[:: 1 + flat.size // 4096]
    found = [max(few, key=lambda v: len(label(v, digits)), default=0) for digits in (1, 2, 3)]
    return [*found, few.min(), few.max()] if few.dtype.kind in "iu" and few.size else found


def products(one: Any, other: Any, terms: int = 1) -> list[Any]:
    """Make up numbers as long as any sum of so many products of two arrays.

    >>> products(np.array([9, -2]), np.array([12]), 2)
    [-216]
    """
    kinds = one.dtype.kind + other.dtype.kind
    sizes = [np.abs(reals(a).astype(float)) for a in (one, other)]
    first, second = (float(a[np.isfinite(a)].max(initial=0)) for a in sizes)
    largest = first * second * terms
    if set(kinds) <= set("iub"):
        return [-int(largest)]
    unit = 1 + 1j if "c" in kinds else 1
    return [-0.123 * unit, -min(largest, 1e300) * unit]


def crop(
    most: dict[str, int],
    lines: Callable[[dict[str, int]], Sequence[Sequence[Panel]]],
    **room: float,
) -> dict[str, int]:
    """Take columns from the widest arrays until the panels of every line can be read.

    `lines` makes the panels with so many columns of each array, `room` is as for `place`.
    """
    smallest = 0.0  # where all of it can be shown
    while max(most.values()) > 1:
        placed = [place(panels, **room) for panels in lines(most)]
        if all(fits and size >= smallest for _, size, fits in placed):
            break
        widest, smallest = max(most, key=lambda name: most[name]), SMALLEST
        most = {**most, widest: most[widest] - 1}
    return most
