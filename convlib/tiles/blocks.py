"""How input and output are cut into blocks, and how a part is taken out of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import as_pair, enough_memory, reserve
from convlib.tiles.stage import field_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.arguments import Pair
    from convlib.tiles.stage import Stage

    Chunks = tuple[tuple[int, ...], ...]

__all__ = ["batches", "cut", "taken", "touched"]

A_RANGE, A_TASK = 100, 2_000  # bytes, in a list and in a graph


def touched(chunks: tuple[int, ...], runs: tuple[range, ...]) -> list[tuple[int, range]]:
    """List the chunks that hold any of these rows, each with the rows it has.

    >>> touched((4, 4, 2), (range(3, 5),))
    [(0, range(0, 4)), (1, range(4, 8))]
    """
    ends = np.cumsum(chunks)
    held: dict[int, Any] = {}
    for run in runs:
        low, high = np.searchsorted(ends, [run[0], run[-1]], side="right").tolist()
        for index in range(low, high + 1):
            held[index] = range(int(ends[index]) - chunks[index], int(ends[index]))
    return [(index, held[index]) for index in sorted(held) if chunks[index]]


def cut(
    chunks: Chunks, stages: Sequence[Stage], tile: int | Pair | None
) -> tuple[list[range], list[range]]:
    """Cut the rows and the columns of the output into those of tiles.

    Without a `tile`, chunks of one size give tiles of one size. Among others, a cell belongs to
    the chunk that holds the middle of what it sees.
    """
    sizes = (0, 0) if tile is None else as_pair("tile", tile, 1, {"tile": tile})
    with enough_memory({"tile": tile, "output": stages[-1].shape}):
        rows, columns = (_cut(chunks, stages, axis, sizes[axis]) for axis in (0, 1))
        reserve(len(rows) * len(columns) * A_TASK)
    return rows, columns


def _cut(chunks: Chunks, stages: Sequence[Stage], axis: int, size: int) -> list[range]:
    total, read = stages[-1].shape[stages[-1].axes[1][axis]], chunks[stages[0].axes[0][axis]]
    field = field_of(stages)
    start, sees, jump = field.start[axis], field.size[axis], field.jump[axis]
    if not size and len(set(read[:-1])) <= 1 and read[-1] <= read[0]:
        size = max(read[0] // jump, 1)
    if size:
        reserve(total // size * A_RANGE)
        ends = np.arange(size, total + size, size)
    else:
        ends = -((2 * start + sees - 2 * np.cumsum(read)) // (2 * jump))
        ends[-1] = total
    stops = np.unique(ends.clip(0, total)).tolist()
    stops = stops if stops[0] else stops[1:]
    return [range(i, j) for i, j in zip([0, *stops], stops, strict=False)]


def batches(chunks: Chunks, stages: Sequence[Stage]) -> list[list[int]]:
    """List the chunks of the batch that share a task: each its own, where a batch goes through."""
    if len(chunks) < 4:
        return [[]]
    count = len(chunks[0])
    if all(len(stage.shape) == 4 for stage in stages):
        return [[index] for index in range(count)]
    return [list(range(count))]


def taken(
    blocks: list[NDArray[Any]], corners: list[tuple[int, ...]], wanted: dict[int, range]
) -> NDArray[Any]:
    """Take a part out of blocks: a read-only view where one of them holds it, otherwise a copy.

    `corners` says where the blocks lie. What is `wanted` of an axis that is not named is all.

    >>> x = np.arange(12).reshape(2, 6)
    >>> taken([x[:, :3], x[:, 3:]], [(0, 0), (0, 3)], {1: range(2, 5)})
    array([[ 2,  3,  4],
           [ 8,  9, 10]])
    """
    ends = [np.add(corner, block.shape) for corner, block in zip(corners, blocks, strict=True)]
    low, high = np.min(corners, axis=0), np.max(ends, axis=0)
    for axis, cells in wanted.items():
        low[axis], high[axis] = cells.start, cells.stop
    whole = np.empty(high - low, blocks[0].dtype) if len(blocks) > 1 else blocks[0]
    for block, corner, end in zip(blocks, corners, ends, strict=True):
        first, last = np.maximum(low, corner), np.minimum(high, end)
        part = block[tuple(map(slice, first - corner, np.maximum(last, first) - corner))]
        if part.shape == whole.shape or len(blocks) == 1:
            part.flags.writeable = False
            return part
        whole[tuple(map(slice, first - low, np.maximum(last, first) - low))] = part
    return whole
