"""One layer on an input of known shape, and how a part of a stack of them is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.receptive import receptive_field
from convlib.tiles.halo import Reads, by_pooling, by_window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convlib.arguments import Pair
    from convlib.geometry import Geometry
    from convlib.receptive import Field

    Layer = Callable[[Any], Any]
    Cells = tuple[range, range]

__all__ = ["Stage", "field_of", "needed", "run"]


@dataclass(frozen=True, eq=False)
class Stage:
    """A layer on an input of known shape.

    Attributes
    ----------
    layer : callable
        What to call with a part of the input, which is padded already where it has to be.
    geometry : Geometry or None
        None for a function of single numbers.
    pools, prepared : bool
        Whether it is a pooling, which pads by itself; a convolution with a prepared kernel.
    shape, dtype : of the output.
    axes : (int, int)
        Those of the rows and columns, in input and output alike.
    """

    layer: Layer
    geometry: Geometry | None
    pools: bool
    prepared: bool
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    axes: tuple[Pair, Pair]

    def reads(self, axis: int, cells: range) -> Reads:
        """Say which rows (axis 0) or columns (1) of the input these of the output need."""
        if self.geometry is None:
            return Reads((cells,))
        return (by_pooling if self.pools else by_window)(self.geometry, axis, cells)

    def below(self, axis: int, runs: tuple[range, ...]) -> tuple[range, ...]:
        """Say which rows or columns of the input those of all these runs need."""
        return tuple(run for cells in runs for run in self.reads(axis, cells).runs)


def needed(stages: Sequence[Stage], axis: int, cells: range) -> tuple[range, ...]:
    """Say which rows (axis 0) or columns (1) of the input these on top of all stages need."""
    runs: tuple[range, ...] = (cells,)
    for stage in reversed(stages):
        runs = stage.below(axis, runs)
    return runs


def field_of(stages: Sequence[Stage]) -> Field:
    """Work out what one cell on top of all stages sees of the input."""
    found = [stage.geometry for stage in stages if stage.geometry is not None]
    return receptive_field([(g.kernel_size, g.stride, g.padding, g.dilation) for g in found])


def run(
    stages: Sequence[Stage], cells: Cells, fetch: Callable[[Cells], NDArray[Any]]
) -> NDArray[Any]:
    """Compute a part of the last stage: fetch what it reads, pad that, let the layer work.

    `cells` are the rows and columns wanted, `fetch` gives such a part of the input.
    """
    if not stages:
        return fetch(cells)
    stage = stages[-1]
    reads = stage.reads(0, cells[0]), stage.reads(1, cells[1])
    y = np.asarray(stage.layer(_input(stages, reads, fetch)))
    inside = [slice(None)] * y.ndim
    for axis, read, wanted in zip(stage.axes[1], reads, cells, strict=True):
        inside[axis] = slice(read.first, read.first + len(wanted))
    return y[tuple(inside)]


def _input(
    stages: Sequence[Stage],
    reads: tuple[Reads, Reads],
    fetch: Callable[[Cells], NDArray[Any]],
) -> NDArray[Any]:
    """Compute what the last stage reads, padded where its layer does not pad by itself."""
    axes = stages[-1].axes[0]
    bands = [
        _joined([run(stages[:-1], (i, j), fetch) for j in reads[1].runs], axes[1])
        for i in reads[0].runs
    ]
    part = _joined(bands, axes[0])
    del bands  # what was padded since need not be kept as it was
    for axis, read in zip(axes, reads, strict=True):
        part = _placed(part, axis, read.places)
    return part


def _joined(parts: list[NDArray[Any]], axis: int) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis)


def _placed(part: NDArray[Any], axis: int, places: NDArray[np.intp] | None) -> NDArray[Any]:
    """Put rows (or columns) where the padded input has them, with zeros where it has none."""
    if places is None:
        return part
    placed = part.take(places.clip(0), axis)
    placed[(slice(None),) * axis + (places < 0,)] = 0
    return placed
