"""What pictures of a stack of layers are drawn from: one cell traced down to the input.

`convlib.receptive` says how far a cell sees. Here the windows themselves are followed, padding
included, and it is counted in how many ways each cell below can be reached: rows times columns.
With kernels of ones that count is the gradient of the deep cell by the cell below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import Pair, Sides, as_pair, refusal, whole
from convlib.receptive import Layer, layer_sizes, read_layers

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Level", "Stack"]

Cells = tuple["NDArray[np.intp]", "NDArray[np.intp]"]


@dataclass(frozen=True)
class Level:
    """The input (number 0) or the output of a layer, as a deep cell sees it.

    Attributes
    ----------
    number : int
    size : (int, int)
        Rows and columns, without padding.
    padding : ((top, bottom), (left, right))
        Around it, for the layer above; none around the level of the deep cell.
    reads : (rows, columns)
        What the windows above cover: every one of these rows in every one of these columns,
        negative ones and those past the end being padding.
    counts : (rows, columns)
        For every row, and for every column, in how many ways it is reached.
    """

    number: int
    size: Pair
    padding: Sides
    reads: Cells
    counts: tuple[NDArray[np.float64], NDArray[np.float64]]

    @property
    def ways(self) -> NDArray[np.float64]:
        """In how many ways each cell is reached from the deep cell: (rows, columns)."""
        return np.outer(*self.counts)

    @property
    def seen(self) -> Cells:
        """Rows and columns that are reached, without padding: as `convlib.cells_seen`."""
        rows, columns = (np.flatnonzero(count) for count in self.counts)
        return rows, columns


class Stack:
    """Layers over an input of one size, and the way down from any of their cells.

    Parameters
    ----------
    layers : sequence of tuples (kernel_size, stride, padding, dilation)
        As in `convlib.receptive_field`; at least one.
    input_size : int or (row, column)

    Attributes
    ----------
    layers : list
        Each entry by row and by column.
    sizes : list of (int, int)
        Of the input, then of the output of each layer.
    """

    def __init__(self, layers: Sequence[Any], input_size: int | Pair) -> None:
        self.layers: list[Layer] = read_layers(layers)
        given = {"layers": layers, "input_size": input_size}
        if not self.layers:
            raise refusal(ValueError, "there is no layer", "Give at least one, as (3,).", given)
        self.sizes: list[Pair] = layer_sizes(self.layers, input_size, given)

    def trace(self, cell: Pair, layer: int | None = None) -> tuple[Level, ...]:
        """Follow a cell of a layer (by default the last) down: the levels from 0 to that layer.

        >>> input, first, deep = Stack([(3, 2, 1), (2,)], (7, 5)).trace((1, 0))
        >>> first.seen, input.reads
        ((array([1, 2]), array([0, 1])), (array([1, 2, 3, 4, 5]), array([-1,  0,  1,  2,  3])))
        >>> input.counts
        (array([0., 1., 1., 2., 1., 1., 0.]), array([1., 2., 1., 1., 0.]))
        """
        given = {"cell": cell, "layer": layer, "sizes": self.sizes}
        top = len(self.layers) if layer is None else whole("layer", layer, 1, given)
        place = as_pair("cell", cell, 0, given)
        self._check(top, place, given)
        size = self.sizes[top]
        here = [(np.arange(n) == c).astype(float) for n, c in zip(size, place, strict=True)]
        reads = tuple(np.array([c]) for c in place)
        levels = [_level(top, size, ((0, 0), (0, 0)), [reads, here])]
        for depth in reversed(range(top)):
            size, below = self.sizes[depth], self.layers[depth]
            down = [_down(levels[-1].counts[a], below, a, size[a]) for a in (0, 1)]
            levels.append(_level(depth, size, below.padding, list(zip(*down, strict=True))))
        return tuple(levels[::-1])

    def _check(self, top: int, place: Pair, given: dict[str, Any]) -> None:
        """Refuse a layer or a cell that is not there."""
        if top > len(self.layers):
            change = f"Use a layer from 1 to {len(self.layers)}."
            raise refusal(ValueError, "there is no such layer", change, given)
        if any(c >= size for c, size in zip(place, self.sizes[top], strict=True)):
            wrong = f"layer {top} has {self.sizes[top]} rows and columns, none of them at {place}"
            raise refusal(ValueError, wrong, "Use a cell within it; the first is (0, 0).", given)


def _level(number: int, size: Pair, padding: Sides, found: list[Any]) -> Level:
    (rows, columns), (row_counts, column_counts) = found
    return Level(number, size, padding, (rows, columns), (row_counts, column_counts))


def _down(counts: NDArray[np.float64], layer: Layer, axis: int, size: int) -> tuple[Any, Any]:
    """List the rows (axis 0) or columns (1) read below, and count the ways to each."""
    cells = np.flatnonzero(counts)
    starts = cells * layer.stride[axis] - layer.padding[axis][0]
    places = starts[:, None] + np.arange(layer.kernel_size[axis]) * layer.dilation[axis]
    ways = np.broadcast_to(counts[cells][:, None], places.shape)
    inside = (places >= 0) & (places < size)
    reached = np.bincount(places[inside], ways[inside], minlength=size)
    return np.unique(places), reached.astype(float)  # of nothing, bincount makes integers
