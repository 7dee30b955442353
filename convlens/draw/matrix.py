"""A convolution written as a matrix: a row for each window, a column for each pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from convlens import palette
from convlens.draw.cells import Cells, cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import PLATE, last_cells, patch, runs
from convlens.draw.panel import INK, SOFT, panel
from convlens.draw.values import grid_of
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["matrix"]

MOST = 48  # rows or columns; beyond, pixels


def matrix(
    ax: Axes,
    a: ArrayLike,
    *,
    blocks: tuple[int, int] | None = None,
    row: int | None = None,
    column: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> None:
    """Draw a sparse matrix: numbers where it is not zero, and one row or column picked out.

    Parameters
    ----------
    ax : Axes
    a : array_like, (rows, columns)
        Zeros are left empty. Beyond 48 rows or columns it is drawn as pixels.
    blocks : (int, int), optional
        Rows and columns of a block; thin lines part the blocks. For the matrix of a convolution
        (OW, W): a block is what one row of the image adds to one row of the output.
    row, column : int, optional
        The row or the column of one output position: it is ringed, its weights are orange.
    title, subtitle : str, optional

    Raises
    ------
    ValueError, TypeError
        For anything but a grid of numbers; a row, a column or blocks that it has not.
    """
    grid = grid_of("a", a)
    given = {"a.shape": grid.shape, "blocks": blocks, "row": row, "column": column}
    _check(grid.shape, blocks, (row, column), given)
    numbered = max(grid.shape) <= MOST
    shown = np.ma.masked_equal(grid, 0) if numbered else grid
    look: dict[str, Any] = {"numbers": numbered, "signed": True, "tiles": numbered}
    cells(ax, shown, title=title, subtitle=subtitle, **look)
    place = last_cells(ax)
    if place.tiles is not None:  # what is empty steps back
        empty = np.ma.getmaskarray(shown).ravel()
        place.tiles.set_edgecolor([(0, 0, 0, 0.08 if e else 0.25) for e in empty])
    if blocks is not None:
        _part(ax, place, blocks)
    for axis, chosen in enumerate((row, column)):
        if chosen is not None:
            _pick(ax, place, grid, axis, chosen)
    panel(ax).says[-1:] = [_say(grid, title, row, column)]
    arrange(ax)


def _check(
    shape: tuple[int, ...],
    blocks: tuple[int, int] | None,
    picked: tuple[int | None, int | None],
    given: dict[str, Any],
) -> None:
    """Refuse places that the matrix does not have."""
    for size, block in zip(shape, blocks or (1, 1), strict=True):
        if block < 1 or size % block:
            change = "Use sizes that divide those of the matrix, (OW, W) for a convolution."
            raise refusal(ValueError, "the blocks do not fill the matrix", change, given)
    for name, size, k in zip(("row", "column"), shape, picked, strict=True):
        if k is not None and not 0 <= k < size:
            raise refusal(ValueError, f"no such {name}", f"Use 0 to {size - 1}.", given)


def _part(ax: Axes, place: Cells, blocks: tuple[int, int]) -> None:
    """Rule thin lines in the gutters, between blocks and around them all."""
    rows, columns = place.shape
    lines = []
    for r in range(0, rows + 1, blocks[0]):
        lines.append([place.centre(r - 0.5, -0.5), place.centre(r - 0.5, columns - 0.5)])
    for c in range(0, columns + 1, blocks[1]):
        lines.append([place.centre(-0.5, c - 0.5), place.centre(rows - 0.5, c - 0.5)])
    strokes = LineCollection(lines, colors=SOFT, linewidths=0.8, zorder=2.2)
    strokes.set(clip_on=False, gid="blocks")
    ax.add_collection(strokes, autolim=False)


def _pick(ax: Axes, place: Cells, grid: Any, axis: int, chosen: int) -> None:
    """Ring a row (axis 0) or a column (axis 1), and lay plates behind its weights."""
    across = list(range(place.shape[1 - axis]))
    weights = np.flatnonzero(np.ma.filled(np.take(grid, chosen, axis), 0)).tolist()
    if place.tiles is not None:
        for run in runs(weights):
            box = place.edges(*_sides([chosen], run, axis))
            style: dict[str, Any] = {"facecolor": palette.KERNEL, "edgecolor": "none"}
            patch(ax, box, PLATE, zorder=1, linewidth=0, gid="kernel", **style)
        for k in weights:
            place.numbers[(chosen, k) if axis == 0 else (k, chosen)].set(weight="bold")
    ring = {"facecolor": "none", "edgecolor": INK, "linewidth": 2.0}
    box = place.edges(*_sides([chosen], across, axis))
    patch(ax, box, PLATE * 1.1, zorder=4, gid="ring", **ring)
    named = (place.row_numbers, place.column_numbers)[axis].get(chosen)
    if named is not None:
        named.set(weight="bold", color=INK)


def _sides(one: list[int], many: list[int], axis: int) -> tuple[list[int], list[int]]:
    """Rows and columns of a piece of a row (axis 0) or of a column (axis 1)."""
    return (one, many) if axis == 0 else (many, one)


def _say(grid: Any, title: str | None, row: int | None, column: int | None) -> str:
    """Describe the matrix: its size, how much of it is not zero, what is picked out."""
    rows, columns = grid.shape
    filled = int(np.count_nonzero(np.ma.filled(grid, 0)))
    said = f"{title or 'A sparse matrix'}, {rows} by {columns}, {filled} numbers not zero."
    for name, k, axis in (("Row", row, 0), ("Column", column, 1)):
        if k is not None:
            line = np.ma.filled(np.take(grid, k, axis), 0)
            places = np.flatnonzero(line).tolist()
            listed = ", ".join(f"{palette.label(line[p])} at {p}" for p in places[:12])
            said += f" {name} {k} is picked out: {listed or 'all zeros'}."
    return said
