"""`plan`: what a stack on tiles will read, write and need, worked out before anything runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from dask.utils import parse_bytes

from convlib.arguments import refusal
from convlib.exact import working_type
from convlib.fast.cost import turned_bytes
from convlib.fast.rule import choose, count, tensordot_workspace
from convlib.geometry import Geometry
from convlib.tiles.blocks import cut, touched
from convlib.tiles.lazy import as_dask
from convlib.tiles.stack import read_stack
from convlib.tiles.stage import field_of, needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import dask.array as da

    from convlib.arguments import Pair, Sides
    from convlib.tiles.stage import Layer, Stage

__all__ = ["Plan", "as_bytes", "largest_tile", "plan"]


@dataclass(frozen=True, repr=False)
class Plan:
    """What a stack of layers on tiles takes.

    Attributes
    ----------
    shape, dtype : of the output.
    tile : (int, int)
        Rows and columns of the largest tile of the output.
    tiles : (int, int)
        How many tiles the rows and the columns of the output are cut into.
    halo : ((int, int), (int, int))
        Rows above and below, columns left and right, that a tile reads beyond its own share of the
        input. Negative where it does not even read all of that.
    read, written : int
        Bytes. A chunk of the input is read once for every tile that needs a part of it.
    peak : int
        Bytes that one worker holds at once in arrays, at most, when `save` runs the plan.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    tile: Pair
    tiles: Pair
    halo: Sides
    read: int
    written: int
    peak: int

    def __repr__(self) -> str:
        (rows, columns), ((top, bottom), (left, right)) = self.tile, self.halo
        return (
            f"{math.prod(self.tiles):,} tiles of at most {rows} x {columns}, to {self.shape}"
            f" {self.dtype}\n"
            f"halo     {top} above, {bottom} below, {left} left, {right} right\n"
            f"read     {self.read / 1e6:,.1f} MB\n"
            f"written  {self.written / 1e6:,.1f} MB\n"
            f"peak     {self.peak / 1e6:,.1f} MB a worker"
        )


def plan(
    x: Any,
    layers: Sequence[Layer],
    *,
    tile: int | Pair | None = None,
    memory: int | str | None = None,
) -> Plan:
    """Say what ``apply(x, layers, tile=tile)`` takes, before anything runs.

    Parameters
    ----------
    x, layers, tile
        As in `convlib.tiles.apply`.
    memory : int or str, optional
        Bytes that one worker may hold in arrays, such as 200_000_000 or "200MB".

    Returns
    -------
    Plan
        It shows itself as a small table.

    Raises
    ------
    ValueError
        Where a tile would need more than `memory`. The message names the largest square tile that
        does not, or says that the chunks of `x` are too large for any.

    Notes
    -----
    The peak is a sum of bytes over the largest tile: of the chunks that it reads, then, of the
    layer that needs most, input, output and workspace as `convlib.explain` counts it. What Python
    and its modules take comes on top, some 80 MB a process.

    Examples
    --------
    >>> import dask.array as da
    >>> from functools import partial
    >>> from convlib import conv2d
    >>> x = da.zeros((4000, 4000), chunks=500, dtype=np.float32)
    >>> layers = [partial(conv2d, w=np.ones((4, 3), np.float32), padding="same"), np.sqrt]
    >>> plan(x, layers, tile=1000)
    16 tiles of at most 1000 x 1000, to (4000, 4000) float32
    halo     1 above, 2 below, 1 left, 1 right
    read     196.0 MB
    written  64.0 MB
    peak     24.5 MB a worker
    """
    x = as_dask(x)
    stages = read_stack(x.shape, x.dtype, layers)
    planned = _planned(x, stages, tile)
    if memory is None:
        return planned
    allowed = as_bytes(memory)
    if planned.peak > allowed:
        given = {"memory": memory, "tile": planned.tile, "chunks": x.chunksize}
        wrong = f"a tile needs {planned.peak / 1e6:,.1f} MB, more than the memory allowed"
        fits = largest_tile(x, stages, allowed)
        change = f"Use tile={fits}." if fits else "No tile fits: cut x into smaller chunks first."
        raise refusal(ValueError, wrong, change, given)
    return planned


def as_bytes(memory: int | str) -> int:
    """Read a number of bytes, or words such as "200MB"."""
    try:
        return int(parse_bytes(memory))
    except (ValueError, AttributeError) as error:
        wrong, change = "memory cannot be read as bytes", 'Use a number, or such as "200MB".'
        raise refusal(ValueError, wrong, change, {"memory": memory}) from error


def largest_tile(x: da.Array, stages: list[Stage], allowed: int) -> int | None:
    """Find the largest square tile that fits: some chunks of the input wide, or a part of one."""
    sides = [int(x.chunksize[a]) for a in stages[0].axes[0]]
    size = max(max(sides) // min(field_of(stages).jump), 1)
    whole = max(stages[-1].shape[a] for a in stages[-1].axes[1])
    size <<= max(-(-whole // size) - 1, 0).bit_length()
    while size and _planned(x, stages, size).peak > allowed:
        size //= 2
    return size or None


def _planned(x: da.Array, stages: list[Stage], tile: int | Pair | None) -> Plan:
    cuts, axes = cut(x.chunks, stages, tile), stages[0].axes[0]
    pixel = _pixel(x.shape, axes, x.dtype)
    # Of every tile, the rows (and the columns) of the chunks that it reads.
    read = [
        [_length(touched(x.chunks[axis], needed(stages, a, cells))) for cells in cuts[a]]
        for a, axis in enumerate(axes)
    ]
    largest = [
        max(zip(read[a], map(len, cuts[a]), cuts[a], strict=True), key=_most) for a in (0, 1)
    ]
    cells = largest[0][2], largest[1][2]
    whole = len(stages[-1].shape) < 4 <= x.ndim
    share = 1 if whole or x.ndim < 4 else max(x.chunks[0]) / max(x.shape[0], 1)
    blocks = largest[0][0] * largest[1][0] * pixel * share
    field = field_of(stages)
    sides = zip(field.start, field.size, field.jump, strict=True)
    rows, columns = ((-start, start + size - jump) for start, size, jump in sides)
    last = stages[-1]
    return Plan(
        last.shape,
        last.dtype,
        (max(map(len, cuts[0])), max(map(len, cuts[1]))),
        (len(cuts[0]), len(cuts[1])),
        (rows, columns),
        sum(read[0]) * sum(read[1]) * pixel,
        math.prod(last.shape) * last.dtype.itemsize,
        int(blocks + share * _held(stages, cells, pixel)),
    )


def _length(chunks: list[tuple[int, range]]) -> int:
    return sum(len(held) for _, held in chunks)


def _most(of_tile: tuple[int, int, range]) -> tuple[int, int]:
    return of_tile[:2]


def _held(stages: list[Stage], cells: tuple[range, range], pixel: int) -> int:
    """Count the bytes of the layer that holds most at once: input, output, and between the two."""
    runs: list[tuple[range, ...]] = [(cells[0],), (cells[1],)]
    areas = [len(cells[0]) * len(cells[1])]
    for stage in reversed(stages):
        runs = [stage.below(a, runs[a]) for a in (0, 1)]
        areas.append(math.prod(sum(map(len, of_axis)) for of_axis in runs))
    most = 0
    for stage, read, made in zip(stages, areas[:0:-1], areas[-2::-1], strict=True):
        x, pixel = read * pixel, _pixel(stage.shape, stage.axes[1], stage.dtype)
        most = max(most, x + made * pixel + _between(stage, read, x, made * pixel))
        if stage.geometry is not None and stage.geometry.pads and not stage.pools:
            most = max(most, 2 * x)  # rows are put in place, then columns
    return most


def _pixel(shape: tuple[int, ...], axes: Pair, dtype: np.dtype[Any]) -> int:
    """Bytes of one pixel: all of its channels, in all images of the batch."""
    return math.prod(n for a, n in enumerate(shape) if a not in axes) * dtype.itemsize


def _between(stage: Stage, area: int, x: int, y: int) -> int:
    """Count the bytes that a layer needs beside its input and output, both given in bytes."""
    g = stage.geometry
    if g is None:
        return 0
    works = working_type(stage.dtype)
    images = g.batch * g.channels * area * works.itemsize
    copied = images if images != x else 0  # to the type that is summed in
    if stage.pools:  # in the order of the windows, tap by tap, then in that of the image
        return copied + 2 * y * works.itemsize // stage.dtype.itemsize
    wide = np.dtype(float) if stage.dtype.kind == "i" else works
    side = max(math.isqrt(area), *g.extent)
    steps = {"stride": g.stride, "dilation": g.dilation, "groups": g.groups, "layout": g.layout}
    sizes = {"batch": g.batch, "channels": g.channels, "filters": g.filters}
    piece = Geometry((side, side), g.kernel_size, **steps, **sizes)  # type: ignore[arg-type]
    name = choose(piece, wide, stage.prepared)
    if name == "strided":
        return copied + tensordot_workspace(piece, wide.itemsize)
    cost = count(name, piece, wide.itemsize)
    if stage.dtype.kind == "i":  # multiplied as float64, and turned into integers again
        return copied + max(images + cost.workspace, y)
    turned = turned_bytes(piece, wide.itemsize, "NHWC") if name == "winograd" else 0
    return copied + cost.kept + max(cost.workspace - turned, turned)
