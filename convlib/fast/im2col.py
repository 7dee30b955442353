"""im2col in blocks: copy windows into columns, as many as the cache holds, and multiply them.

The copy that `tensordot` makes of a window view is larger than the cache and is read in short runs.
Here it is made a block at a time, in the same small buffer, in the order in which memory lies:

Few windows: all at once, as the two families do it.
Many channels: a window is a row of (KH, KW, C), copied in runs of KW*C.
Few channels: of each row of the image only its KW shifts are copied; see `convlib.fast.shifted`.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import index_grid
from convlib.fast.buffers import BLOCK, aligned, blocks_of, filled_up, laid_out, share
from convlib.fast.cost import Cost, direct, padded_bytes, turned_bytes
from convlib.fast.shifted import as_rows, rows_at_once, shifted_rows
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

__all__ = ["correlate", "cost", "pointwise", "refuses", "shifted_rows", "windows_as_rows"]

AT_ONCE = 64 * 1024  # bytes of windows, for which it does not pay to think about blocks
ENOUGH = 256  # windows, below which a product reads the filters too often for what it computes
MANY = 32  # filters
PRODUCT = 60  # runs of a copy that take as long as it takes to start a product
SHORT = 14  # of the runs above, for one of KW numbers
PADDED = 600  # such runs, that it takes to pad a few pixels
FEW = 16  # channels, below which a window's runs of KW*C numbers are too short to copy


def refuses(g: Geometry, dtype: np.dtype[Any]) -> str:
    """Say what there is in `g` that this method cannot do: nothing, but of integers BLAS."""
    return "" if dtype.kind in "fc" else f"{dtype}: BLAS multiplies floating-point numbers"


def _by_row(g: Geometry) -> bool:
    """Choose shifted rows for few channels; between the rows of dilated columns lie others.

    They come out channels first, and to turn many filters around takes longer than to copy more.
    """
    turned = g.layout == "NHWC" and g.filters // g.groups > MANY
    return g.channels // g.groups < FEW and g.dilation[0] == 1 and not turned


def cost(g: Geometry, itemsize: int) -> Cost:
    """Count the work; see `convlib.fast.cost.Cost`."""
    (oh, ow), (kh, kw), c = g.output_size, g.kernel_size, g.channels // g.groups
    order = g.layout if (kh, kw) == (1, 1) else "NCHW" if _by_row(g) else "NHWC"
    copies = padded_bytes(g, itemsize, order) + turned_bytes(g, itemsize, order)
    if (kh, kw) == (1, 1):
        runs = g.batch * g.groups if c > 1 else 0
        if order == "NHWC" and g.filters == g.groups:  # a dot product for each pixel
            runs += g.batch * oh * ow * g.groups // 8
        if g.stride != (1, 1):  # the pixels that are read are gathered
            copies += g.batch * g.channels * oh * ow * itemsize
        if order == "NHWC" and g.groups > 1:  # a group's channels do not make rows for BLAS
            copies += g.batch * (g.channels + g.filters) * oh * ow * itemsize
        return Cost(direct(g), copies, copies, runs, 0)
    if _few(g, itemsize):
        copies = padded_bytes(g, itemsize, g.layout) + turned_bytes(g, itemsize, "NHWC")
        copies += g.batch * g.counts.windows * itemsize
        moved = copies + 2 * g.filters * c * kh * kw * itemsize  # all filters, read for few windows
        runs = SHORT * (g.batch * g.counts.windows // kw + PADDED * g.pads)
        return Cost(direct(g), moved, copies, runs, 0)
    kept = g.filters * kh * kw * c * itemsize
    images, rows = (rows_at_once if _by_row(g) else _windows_at_once)(g, itemsize)
    blocks = -(-g.batch // images) * -(-oh // rows)
    if _by_row(g):
        high = (rows - 1) * g.stride[0] + kh
        row = kw * c * filled_up(ow, itemsize) * itemsize
        moved, buffer = blocks * images * high * row * g.groups, images * high * row
        moved += direct(g) * g.groups // g.filters * itemsize // 32  # columns, read from the cache
        runs = PRODUCT * g.batch * oh * g.groups + blocks * images * high * kw * g.channels // 16
    else:
        row = ow * kh * kw * c * itemsize
        moved, buffer = g.batch * oh * row * g.groups, images * rows * row
        moved += blocks * g.filters * kh * kw * c * itemsize
        runs = g.batch * oh * ow * kh * g.groups // 16
    return Cost(
        direct(g), copies + moved, copies + buffer, runs, 2 + blocks * (1 + g.groups // 4), kept
    )


def correlate(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Cross-correlate a batch with all filters, by matrix products of blocks of columns.

    Parameters
    ----------
    x : ndarray, (N, C, H, W) or (N, H, W, C)
        Not yet padded, in the layout of `g`; its numbers have the type to work in.
    kernel : Kernel
        The filters, and what is kept with them.
    g : Geometry
    threads : int
        How many share the blocks.

    Returns
    -------
    ndarray, (N, OH, OW, O)
        A new array, which may lie in memory as (N, O, OH, OW).

    Notes
    -----
    Error: that of a sum of C*KH*KW products, 1e-6 of the largest output for float32 up to 5x5.
    Memory: the padded image, and a buffer of 0.5 MB or one output row's columns for each thread.
    """
    if g.kernel_size == (1, 1):
        return pointwise(x, kernel, g)
    if _few(g, x.itemsize):
        return at_once(x, kernel, g)
    return (shifted_rows if _by_row(g) else windows_as_rows)(x, kernel, g, threads)


def _few(g: Geometry, itemsize: int) -> bool:
    """Whether all windows are so few that one copy of them and one product are the least work."""
    return g.groups == 1 and g.batch * g.counts.windows * itemsize <= AT_ONCE


def at_once(x: NDArray[Any], kernel: Kernel, g: Geometry) -> NDArray[Any]:
    """Copy all windows, a row each, and multiply them with the flat filters.

    >>> from convlib.fast import prepare
    >>> from convlib.geometry import Geometry
    >>> x, kernel = np.array([[[[1.0, 2.0, 4.0, 8.0]]]]), prepare([[10.0, 1.0]])
    >>> at_once(x, kernel, Geometry((1, 4), (1, 2))).ravel()
    array([12., 24., 48.])
    """
    padded = laid_out(x, g, g.layout)
    # NumPy sees for itself that the view stays within the array.
    view = np.ndarray(g.window_shape, x.dtype, padded, 0, _byte_strides(g, x.itemsize))
    filters = kernel.filters.astype(x.dtype, copy=False).reshape(g.filters, -1)
    y: NDArray[Any] = view.reshape(-1, filters.shape[1]).dot(filters.T)
    return y.reshape(g.batch, *g.output_size, g.filters)


@functools.lru_cache(maxsize=1024)
def _byte_strides(g: Geometry, itemsize: int) -> tuple[int, ...]:
    """Byte strides of the windows of a contiguous padded batch: the steps of a grid, in bytes."""
    image, channel, row, column = (step * itemsize for step in index_grid.steps(g))
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    return image, down * row, right * column, channel, tap_down * row, tap_right * column


def pointwise(x: NDArray[Any], kernel: Kernel, g: Geometry) -> NDArray[Any]:
    """Multiply a 1x1 kernel: the pixels are the columns already, nothing is copied."""
    (down, right), (oh, ow), channels = g.stride, g.output_size, g.channels // g.groups
    w = kernel.typed(x.dtype)[:, :, 0, 0].reshape(g.groups, -1, channels)
    pixels = laid_out(x, g, g.layout)
    y: NDArray[Any]
    if g.layout == "NCHW":
        columns = pixels[:, :, ::down, ::right].reshape(g.batch, g.groups, channels, oh * ow)
        y = columns * w if channels == 1 else np.matmul(w, columns)
        return y.reshape(g.batch, -1, oh, ow).transpose(0, 2, 3, 1)
    rows = pixels[:, ::down, ::right].reshape(-1, g.groups, channels)
    if g.groups == 1:
        key = ("im2col", "columns", 1, x.dtype)
        columns = kernel.kept(key, lambda: _as_columns(kernel.typed(x.dtype), 1))
        y = np.dot(rows[:, 0], columns[0])
    elif channels == 1:
        y = rows * w[:, :, 0]
    else:
        y = np.matmul(rows.transpose(1, 0, 2), w.transpose(0, 2, 1)).transpose(1, 0, 2)
    return y.reshape(g.batch, oh, ow, g.filters)


def windows_as_rows(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int) -> NDArray[Any]:
    """Multiply a block of windows, a row each, with filters, a column each: channels last."""
    (oh, ow), (kh, kw), groups = g.output_size, g.kernel_size, g.groups
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    padded = laid_out(x, g, "NHWC")
    image, row, column, channel = padded.strides
    steps = image, down * row, right * column, tap_down * row, tap_right * column, channel
    view = safe_view(padded, (g.batch, oh, ow, kh, kw, g.channels), steps)
    filters = kernel.kept(
        ("im2col", "columns", groups, x.dtype), lambda: _as_columns(kernel.typed(x.dtype), groups)
    )
    taps = filters.shape[1]
    y = np.empty((g.batch, oh, ow, g.filters), dtype=x.dtype)
    images, rows = _windows_at_once(g, x.itemsize)

    def work(blocks: Sequence[tuple[slice, slice]]) -> None:
        buffer = aligned((images * rows * ow, taps), x.dtype)
        for block in blocks:
            for (reads, writes), columns in zip(g.group_slices(), filters, strict=True):
                windows, out = view[(*block, ..., reads)], y[(*block, ..., writes)]
                copied = buffer[: out.size // columns.shape[1]]
                np.copyto(copied.reshape(windows.shape), windows)
                if groups == 1:
                    np.matmul(copied, columns, out=out.reshape(len(copied), -1))
                else:  # the outputs of a group do not lie together: no view has them as rows
                    out[...] = np.matmul(copied, columns).reshape(out.shape)

    share(work, blocks_of(g.batch, images, oh, rows), threads)
    return y


def _windows_at_once(g: Geometry, itemsize: int) -> tuple[int, int]:
    """Choose how many images and output rows make a block of windows."""
    (oh, ow), taps = g.output_size, math.prod(g.kernel_size) * g.channels // g.groups
    at_once = max(BLOCK // (taps * itemsize), ENOUGH) // ow
    return (min(at_once // oh, g.batch), oh) if at_once >= oh else (1, max(at_once, 1))


def _as_columns(filters: NDArray[Any], groups: int) -> NDArray[Any]:
    """Filters as (groups, KH*KW*C/groups, O/groups): a flat filter a column."""
    return np.ascontiguousarray(as_rows(filters, groups).transpose(0, 2, 1))
