"""`conv2d` and `apply` on dask arrays: a tile of the output is one task, which names what it reads.

The task gets the chunks that its rows and columns need, whole, and takes its part out of them. So a
seam is no special case: there is no halo to be exchanged, stored or trimmed, and the graph has a
task for every tile and one for the layers, however many neighbours a tile may have.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
from dask import base
from dask._task_spec import DataNode, List, Task, TaskRef
from dask.highlevelgraph import HighLevelGraph

from convlib.arguments import as_array, refusal
from convlib.convolution import conv2d as of_array
from convlib.slips import hinted
from convlib.tiles.blocks import batches, cut, taken, touched
from convlib.tiles.stack import read_stack
from convlib.tiles.stage import needed, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from convlib.arguments import Pair
    from convlib.fast import Kernel
    from convlib.tiles.stage import Cells, Layer, Stage

__all__ = ["apply", "as_dask", "conv2d"]


@hinted("tiles.conv2d")
def conv2d(
    x: Any,
    w: ArrayLike | Kernel,
    bias: ArrayLike | None = None,
    *,
    tile: int | Pair | None = None,
    **arguments: Any,
) -> da.Array:
    """Cross-correlate images larger than memory, as `convlib.conv2d` does those that fit.

    Parameters
    ----------
    x : dask array, or what can be made one, such as a zarr array
        In any chunks: those of any axis may be of unequal sizes, or smaller than the kernel.
    w, bias, **arguments
        As in `convlib.conv2d`: stride, padding, dilation, groups, padding_mode, layout, ...
    tile : int or (row, column), optional
        Rows and columns of the output for one task; by default as the chunks of `x` lie.

    Returns
    -------
    dask array
        Lazy. Its shape and dtype are those of ``convlib.conv2d(x.compute(), w, ...)``. So are its
        numbers: the same integers, and floats within the rounding of another order of sums.

    Raises
    ------
    ValueError, TypeError
        What `convlib.conv2d` refuses, now; but integers that could overflow when they are met.

    See Also
    --------
    apply : a whole stack in one step, which stores nothing in between.
    convlib.tiles.plan : how much each task reads and needs.

    Examples
    --------
    >>> x = da.arange(16, chunks=3).reshape(4, 4)
    >>> y = conv2d(x, [[1, 0], [0, -1]])
    >>> y.shape, y.dtype
    ((3, 3), dtype('int64'))
    >>> y.compute()
    array([[-5, -5, -5],
           [-5, -5, -5],
           [-5, -5, -5]])
    """
    return apply(x, [partial(of_array, w=w, bias=bias, **arguments)], tile=tile)


def apply(x: Any, layers: Sequence[Layer], *, tile: int | Pair | None = None) -> da.Array:
    """Apply a stack of layers to images larger than memory.

    Parameters
    ----------
    x, tile
        As in `conv2d`.
    layers : sequence of callables
        From the input upward, such that ``for layer in layers: x = layer(x)`` does the same in
        memory: ``partial(conv2d, w=w, ...)``, ``partial(max_pool2d, kernel_size=2, ...)``,
        `avg_pool2d` and `pool2d` likewise, and functions of single numbers such as `np.abs`.

    Returns
    -------
    dask array
        Lazy; rows, columns and batch in chunks, the channels of a pixel together.

    Raises
    ------
    ValueError, TypeError
        What the layers refuse; a function that looks beyond single numbers.

    Notes
    -----
    A tile is computed from the input alone: what neighbouring tiles share of the layers between
    is computed for each of them. `convlib.tiles.plan` says how much that is. T tiles make a graph
    of T + 1 tasks.

    Examples
    --------
    >>> from convlib import max_pool2d
    >>> x = da.arange(36, chunks=5).reshape(6, 6)
    >>> blur = partial(of_array, w=np.ones((3, 3), int), padding=1)
    >>> apply(x, [blur, partial(max_pool2d, kernel_size=2)], tile=2).compute()
    array([[ 63,  81,  90],
           [171, 189, 198],
           [225, 243, 252]])
    """
    x = as_dask(x)
    stages = read_stack(x.shape, x.dtype, layers)
    last = stages[-1]
    cuts, batch = cut(x.chunks, stages, tile), batches(x.chunks, stages)
    chunks: list[Any] = [(size,) for size in last.shape]
    for axis, ranges in zip(last.axes[1], cuts, strict=True):
        chunks[axis] = tuple(map(len, ranges))
    if len(batch) > 1:
        chunks[0] = x.chunks[0]
    name = f"tiles-{base.tokenize(x.name, list(layers), chunks)}"
    tasks = _tasks(name, x, stages, cuts, batch)
    graph = HighLevelGraph.from_collections(name, tasks, dependencies=[x])
    return da.Array(graph, name, tuple(chunks), dtype=last.dtype)


def as_dask(x: Any) -> da.Array:
    """Read a dask array, or what can be made one, of known size."""
    if not hasattr(x, "chunks"):  # in memory
        x = as_array("x", x)
    array = x if isinstance(x, da.Array) else da.asarray(x)
    if isinstance(array._meta, np.ma.MaskedArray):
        change = "Choose a value for the masked cells first: da.ma.filled(x, 0)."
        raise refusal(TypeError, "the mask of x would be lost", change, {"x.shape": array.shape})
    if any(np.isnan(size) for size in array.shape):
        change = "Call compute_chunk_sizes() on it first."
        raise refusal(ValueError, "x does not know its size", change, {"x.shape": array.shape})
    return array


def _tasks(
    name: str,
    x: da.Array,
    stages: list[Stage],
    cuts: tuple[list[range], list[range]],
    batch: list[list[int]],
) -> dict[Any, Any]:
    """Make the task of every tile, and that which holds the stages for all of them."""
    stack = f"{name}-layers"
    tasks: dict[Any, Any] = {stack: DataNode(stack, _Stack(stages))}
    names = [
        [[k for k, _ in touched(x.chunks[axis], needed(stages, a, cells))] for cells in cuts[a]]
        for a, axis in enumerate(stages[0].axes[0])
    ]
    starts = [np.cumsum([0, *sizes]).tolist() for sizes in x.chunks]
    for n, i, j in np.ndindex(len(batch), len(cuts[0]), len(cuts[1])):
        picked = [list(range(count)) for count in x.numblocks]
        picked[0] = batch[n] or picked[0]
        for axis, of_axis in zip(stages[0].axes[0], (names[0][i], names[1][j]), strict=True):
            picked[axis] = of_axis
        blocks = list(product(*picked))
        corners = [tuple(s[k] for s, k in zip(starts, b, strict=True)) for b in blocks]
        index = [0] * len(stages[-1].shape)
        index[0] = n
        for axis, of_axis in zip(stages[-1].axes[1], (i, j), strict=True):
            index[axis] = of_axis
        key, cells = (name, *index), (cuts[0][i], cuts[1][j])
        read = List(*(TaskRef((x.name, *block)) for block in blocks))
        tasks[key] = Task(key, _make, TaskRef(stack), cells, corners, read)
    return tasks


class _Stack:
    """Stages as one value, which dask hands on as it is and does not look into."""

    def __init__(self, stages: list[Stage]) -> None:
        self.stages = stages


def _make(
    stack: _Stack, cells: Cells, corners: list[Any], blocks: list[NDArray[Any]]
) -> NDArray[Any]:
    """Compute one tile: its rows and columns, from the blocks that lie at these corners."""
    axes = stack.stages[0].axes[0]

    def fetch(part: Cells) -> NDArray[Any]:
        return taken(blocks, corners, dict(zip(axes, part, strict=True)))

    return run(stack.stages, cells, fetch)
