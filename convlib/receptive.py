"""What a cell deep in a stack of layers sees of the input: sizes and ranges, no arrays of numbers.

Each layer has its windows on the layer below, so that a cell sees a window of windows. Three
numbers an axis say all of it: how many rows of the input one cell sees, how far the input moves on
from one cell to the next, and where the first cell begins. ::

    size += (kernel - 1) * dilation * jump;   start -= padding * jump;   jump *= stride

"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib.arguments import (
    Pair,
    Sides,
    as_pair,
    as_sides,
    enough_memory,
    refusal,
    reserve,
    whole,
)
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Cells = NDArray[np.intp]

__all__ = ["Field", "Layer", "cells_seen", "layer_sizes", "read_layers", "receptive_field"]


class Layer(NamedTuple):
    """One layer, read: each entry by row and by column."""

    kernel_size: Pair
    stride: Pair
    padding: Sides
    dilation: Pair


@dataclass(frozen=True)
class Field:
    """What the cells of a layer see of the input, each entry by row and by column.

    Attributes
    ----------
    size : (int, int)
        Rows and columns from the first input cell that a cell sees to the last.
    jump : (int, int)
        Rows and columns of the input from the field of one cell to the field of the next.
    start : (int, int)
        Row and column where the field of cell (0, 0) begins; negative in the padding.
    """

    size: Pair
    jump: Pair
    start: Pair

    def rows(self, i: int, height: int | None = None) -> range:
        """Give the rows of the input from the first to the last that a cell in row `i` sees.

        Those outside the image are left out where its `height` is given.

        >>> field = receptive_field([(3, 2, 1), (3, 2, 1)])
        >>> field.rows(0), field.rows(0, height=9)
        (range(-3, 4), range(0, 4))
        """
        return self._range(0, "i", i, "height", height)

    def columns(self, j: int, width: int | None = None) -> range:
        """Give the columns of the input, as `rows` gives the rows."""
        return self._range(1, "j", j, "width", width)

    def _range(self, axis: int, name: str, cell: int, measure: str, size: int | None) -> range:
        given = {name: cell, measure: size}
        first = self.start[axis] + whole(name, cell, 0, given) * self.jump[axis]
        stop = first + self.size[axis]
        if size is None:
            return range(first, stop)
        size = whole(measure, size, 1, given)
        return range(min(max(first, 0), size), min(max(stop, 0), size))


def receptive_field(layers: Sequence[Any]) -> Field:
    """Work out the receptive field of the cells on top of a stack of layers.

    Parameters
    ----------
    layers : sequence of tuples (kernel_size, stride, padding, dilation)
        From the input upward, convolutions and poolings alike. What is left out at the end of a
        tuple is as in `conv2d`: (3,) is (3, 1, 0, 1). Each entry is an int or (row, column), the
        padding also ((top, bottom), (left, right)).

    Returns
    -------
    Field
        `size`, `jump`, `start`. Of the cells of layer k as seen by layer m above it:
        ``receptive_field(layers[k:m])``; without any layer a cell sees itself.

    Raises
    ------
    ValueError, TypeError
        An entry that describes no layer; the message says which.

    See Also
    --------
    cells_seen : the very cells, where a dilation or a large stride leaves gaps.

    Notes
    -----
    A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural networks",
    Distill (2019), equations for a single path. There `jump` is the effective stride, and minus
    `start` the effective padding.

    Examples
    --------
    >>> receptive_field([(3, 1, 1), (2, 2), (3, 1, 1)])
    Field(size=(8, 8), jump=(2, 2), start=(-3, -3))
    """
    size, jump, start = [1, 1], [1, 1], [0, 0]
    for kernel, stride, padding, dilation in read_layers(layers):
        for axis in 0, 1:
            size[axis] += (kernel[axis] - 1) * dilation[axis] * jump[axis]
            start[axis] -= padding[axis][0] * jump[axis]
            jump[axis] *= stride[axis]
    return Field((size[0], size[1]), (jump[0], jump[1]), (start[0], start[1]))


def cells_seen(
    layers: Sequence[Any], cell: Pair, input_size: int | Pair | None = None
) -> list[tuple[Cells, Cells]]:
    """Follow a cell down through the layers: the rows and columns that it sees of each.

    Parameters
    ----------
    layers : sequence of tuples (kernel_size, stride, padding, dilation)
        As in `receptive_field`.
    cell : (int, int)
        Row and column of a cell on top of all layers.
    input_size : int or (row, column), optional
        (H, W) of the image. With it, cells of any layer's padding are left out.

    Returns
    -------
    list of (rows, columns)
        Entry 0 for the input, then one for each layer up to the cell itself. Sorted arrays of
        intp: the cell sees every one of these rows in every one of these columns.

    Raises
    ------
    ValueError, TypeError
        As in `receptive_field`; an input into which a layer does not fit; a cell that is not there.

    Examples
    --------
    >>> for rows, columns in cells_seen([(3, 2, 1), ((1, 2), 1, 0, 2)], (0, 1), (5, 9)):
    ...     print(rows, columns)
    [0 1] [1 2 3 5 6 7]
    [0] [1 3]
    [0] [1]
    """
    stack = read_layers(layers)
    given = {"cell": cell, "input_size": input_size}
    place = as_pair("cell", cell, 0, given)
    sizes = [] if input_size is None else layer_sizes(stack, input_size, given)
    if sizes and any(c >= size for c, size in zip(place, sizes[-1], strict=True)):
        wrong = f"the last layer has {sizes[-1]} rows and columns, none of them at {place}"
        raise refusal(ValueError, wrong, "Use a cell within it; the first is (0, 0).", given)
    rows, columns = (np.array([c], dtype=np.intp) for c in place)
    seen = [(rows, columns)]
    with enough_memory({"layers": layers, **given}):
        for depth in reversed(range(len(stack))):
            below = sizes[depth] if sizes else (None, None)
            rows, columns = (_read_by(seen[-1][a], stack[depth], a, below[a]) for a in (0, 1))
            seen.append((rows, columns))
    return seen[::-1]


def _read_by(cells: Cells, layer: Layer, axis: int, size: int | None) -> Cells:
    """List the rows (axis 0) or columns (1) below that the windows of `cells` read."""
    reserve(3 * len(cells) * layer.kernel_size[axis] * cells.itemsize)  # to sort them, too
    starts = cells * layer.stride[axis] - layer.padding[axis][0]
    offsets = np.arange(layer.kernel_size[axis]) * layer.dilation[axis]
    reads = np.unique(starts[:, None] + offsets)
    return reads if size is None else reads[(reads >= 0) & (reads < size)]


def layer_sizes(stack: list[Layer], input_size: Any, given: Mapping[str, Any]) -> list[Pair]:
    """Work out the rows and columns of the input and of every layer."""
    sizes = [as_pair("input_size", input_size, 1, given)]
    for number, layer in enumerate(stack):
        known = {"layer": number, "input of the layer": sizes[-1], **layer._asdict(), **given}
        sizes.append(Geometry(sizes[-1], **layer._asdict(), given=known).output_size)
    return sizes


def read_layers(layers: Sequence[Any]) -> list[Layer]:
    """Read every tuple as a layer, each entry by row and by column."""
    stack = []
    if not np.iterable(layers):
        change = "Use a list of tuples (kernel_size, stride, padding, dilation)."
        raise refusal(TypeError, "layers are no sequence", change, {"layers": layers})
    for number, entries in enumerate(layers):
        given = {"layer": number, "entries": entries}
        if not isinstance(entries, tuple | list) or not 1 <= len(entries) <= 4:
            change = "Use (kernel_size, stride, padding, dilation), or as many as are not default."
            raise refusal(ValueError, "a layer is a tuple of one to four entries", change, given)
        filled = list(entries)
        filled += [None, 1, 0, 1][len(filled) :]
        kernel, stride, padding, dilation = filled
        if isinstance(padding, str):
            change = "Use an int, (row, column) or ((top, bottom), (left, right))."
            raise refusal(TypeError, "padding must be made of integers here", change, given)
        layer = Layer(
            as_pair("kernel_size", kernel, 1, given),
            as_pair("stride", stride, 1, given),
            as_sides(padding, (0, 0), given),
            as_pair("dilation", dilation, 1, given),
        )
        stack.append(layer)
    return stack
