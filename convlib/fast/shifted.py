"""im2col for few channels: KW shifted copies of each row, of which every column is a view.

The columns of an output row are KH rows of the shifts, one below the other in memory, and those of
the next output row begin one row further down. So the matrix of an output row overlaps with that
of the next, and BLAS reads it as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.buffers import BLOCK, SMALL, aligned, blocks_of, filled_up, laid_out, share
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

__all__ = ["as_rows", "rows_at_once", "shifted_rows"]


def shifted_rows(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int) -> NDArray[Any]:
    """Multiply filters with the columns of one output row after the other: channels first.

    ``shifts[h, v, c, j] = padded[c, h, j*stride + v*dilation]``: KW copies of a row, not KH*KW.
    """
    (oh, ow), (kh, kw), groups = g.output_size, g.kernel_size, g.groups
    (down, right), tap_right, channels = g.stride, g.dilation[1], g.channels // g.groups
    padded = laid_out(x, g, "NCHW")
    image, plane, row, column = padded.strides
    steps = image, row, tap_right * column, plane, right * column
    view = safe_view(padded, (g.batch, g.padded_size[0], kw, g.channels, ow), steps)
    filters = kernel.kept(
        ("im2col", "rows", groups, x.dtype), lambda: as_rows(kernel.typed(x.dtype), groups)
    )
    # So many filters at a time that BLAS need not pack them.
    parts = _parts(g.filters // groups, filters.shape[2] * ow)
    filters = filters.reshape(groups, parts, -1, filters.shape[2])
    y = np.empty((g.batch, g.filters, oh, ow), dtype=x.dtype)
    wide = filled_up(ow, x.itemsize)
    images, rows = rows_at_once(g, x.itemsize)
    high = (rows - 1) * down + kh

    def work(blocks: Sequence[tuple[slice, slice]]) -> None:
        shifts = aligned((images, high, kw, channels, wide), x.dtype)
        steps = shifts.strides[0], down * shifts.strides[1], *shifts.strides[3:]
        columns = safe_view(shifts, (len(shifts), rows, kh * kw * channels, ow), steps)
        for of_n, of_y in blocks:
            for (reads, writes), w in zip(g.group_slices(), filters, strict=True):
                out = y[of_n, writes, of_y]
                n, count = out.shape[0], out.shape[2]
                of_x = slice(of_y.start * down, (of_y.start + count - 1) * down + kh)
                copied = view[of_n, of_x, :, reads]
                np.copyto(shifts[:n, : copied.shape[1], ..., :ow], copied)
                parts = out.reshape(n, len(w), -1, count, ow).transpose(1, 0, 3, 2, 4)
                np.matmul(w[:, None, None], columns[:n, :count], out=parts)

    share(work, blocks_of(g.batch, images, oh, rows), threads)
    return y.transpose(0, 2, 3, 1)


def _parts(filters: int, for_each: int) -> int:
    """The least number of equal parts whose products have at most `SMALL` multiply-adds.

    >>> _parts(64, 147 * 112), _parts(16, 27 * 510)
    (2, 1)
    """
    parts = (n for n in range(1, filters + 1) if filters % n == 0)
    return next((n for n in parts if filters // n * for_each <= SMALL), 1)


def rows_at_once(g: Geometry, itemsize: int) -> tuple[int, int]:
    """Choose how many images and output rows make a block of shifted rows."""
    (oh, ow), (kh, kw), down = g.output_size, g.kernel_size, g.stride[0]
    row = kw * (g.channels // g.groups) * filled_up(ow, itemsize) * itemsize
    rows = min(max((BLOCK // row - kh) // down + 1, kh, 1), oh)
    images = BLOCK // (((oh - 1) * down + kh) * row) if rows == oh else 1
    return min(max(images, 1), g.batch), rows


def as_rows(filters: NDArray[Any], groups: int) -> NDArray[Any]:
    """Filters as (groups, O/groups, KH*KW*C/groups): a flat filter a row, channels last."""
    channels_last = filters.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(channels_last).reshape(groups, len(filters) // groups, -1)
