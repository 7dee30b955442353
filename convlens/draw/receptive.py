"""A deep cell traced back: every layer below it as a grid, with the cells that it sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from convlens.draw.cells import MOST_NUMBERED, Cells, cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import last_cells, ring, window
from convlens.draw.padding import outside
from convlens.draw.panel import panel
from convlens.draw.way_back import taken_axes
from convlens.scenes.layer_words import layer_words, listed
from convlib.traces import Level, Stack

if TYPE_CHECKING:
    from convlib.arguments import Pair

__all__ = ["receptive_field"]


def receptive_field(
    axes: Sequence[Axes],
    layers: Sequence[Any],
    input_size: int | Pair,
    cell: Pair,
    *,
    ways: bool = True,
) -> None:
    """Draw what a cell on top of a stack of layers sees of each layer, down to the input.

    Parameters
    ----------
    axes : sequence of Axes
        One for the input and one for each layer, from ``draw.figure(columns=...)``.
    layers : sequence of tuples (kernel_size, stride, padding, dilation)
        As in `convlib.receptive_field`.
    input_size : int or (row, column)
    cell : (int, int)
        Row and column of the deep cell: it gets the ring. The cells that it sees get the window's
        plate; padding is dashed.
    ways : bool
        Write into each cell in how many ways it is reached from the deep one; if not, 1.

    Examples
    --------
    >>> from convlens import draw
    >>> fig, axes = draw.figure(columns=3)
    >>> draw.receptive_field(axes, [(3, 1, 1), (2, 2)], (6, 8), (1, 2))
    """
    stack = Stack(layers, input_size)
    levels = stack.trace(cell)
    found = taken_axes(axes, len(levels))
    for ax, level in zip(found, levels, strict=True):
        layer = stack.layers[level.number - 1] if level.number else None
        told = "number: ways to the ringed cell" if ways else "blue: what the ringed cell sees"
        _draw(ax, level, told if layer is None else ", ".join(layer_words(layer)), ways)
    ring(found[-1], *cell)
    said = f"Cell {cell} of layer {len(layers)} traced back. "
    said += " ".join(_say(level) for level in levels[::-1])
    for ax in found:
        panel(ax).says = []
    panel(found[0]).says = [said]
    units = min(36.0, *(panel(ax).unit for ax in found))
    for ax in found:
        panel(ax).unit = units
    arrange(found[0])


def _draw(ax: Axes, level: Level, words: str, ways: bool) -> None:
    """Draw one level with its padding around it, if it has any."""
    (top, bottom), (left, right) = level.padding
    sides = (top, bottom), (left, right)
    counts = np.pad(level.ways if ways else (level.ways > 0).astype(float), sides)
    shown = np.ma.masked_equal(counts, 0)
    title = f"Layer {level.number}" if level.number else "Input"
    name = f"{title}, {level.size[0]} × {level.size[1]}"
    rows, columns = level.reads[0] + top, level.reads[1] + left
    cells(ax, shown, title=name, subtitle=words, signed=True)
    _renumber(last_cells(ax), level)
    if max(counts.shape) <= MOST_NUMBERED:
        inside = np.pad(np.ones(level.size, bool), sides)
        outside(ax, np.argwhere(~inside).tolist(), numbers=True)
    window(ax, rows.tolist(), columns.tolist())


def _renumber(place: Cells, level: Level) -> None:
    """Count rows and columns from the first that is no padding."""
    for axis, texts in enumerate((place.row_numbers, place.column_numbers)):
        for k, text in texts.items():
            number = k - level.padding[axis][0]
            text.set_text(str(number) if 0 <= number < level.size[axis] else "")


def _say(level: Level) -> str:
    """Name what is seen of one level."""
    rows, columns = (listed(places) for places in level.seen)
    name = f"layer {level.number}" if level.number else "the input"
    return f"Of {name}, {level.size[0]} by {level.size[1]}: rows {rows}, columns {columns}."
