"""Banded: several output rows at once, so that a vector product becomes a matrix product.

One filter on one channel leaves BLAS nothing to do: a flat kernel times columns is one row, a
vector product, and those wait for memory. But R output rows, one below the other, read the same
R + KH - 1 rows of the image. Along the rows the convolution is a matrix with a band of weights::

    y[i + r, j] = sum over v of  (band[v] @ rows)[r, j + v]

                        w 0 0 0
    band[v] (R, K)  =   0 w 0 0   with w = filter[:, v], the filter's column v
                        0 0 w 0

All KW bands stand below each other in one matrix, and the image's rows are its other operand as
they lie in memory: nothing is copied. It computes (R + KH - 1) / KH times the products that are
needed and is faster all the same. What is left to do are KW - 1 sums of shifted rows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.buffers import aligned, filled_up, laid_out, share
from convlib.fast.cost import Cost, padded_bytes, turned_bytes
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

__all__ = ["bands", "correlate", "cost", "refuses"]

ROWS = 6  # of output in a band
BLOCK = 768 * 1024  # bytes of products before their sum


def refuses(g: Geometry, dtype: np.dtype[Any]) -> str:
    """Say what there is in `g` that this method cannot do: nothing, but of integers BLAS."""
    return "" if dtype.kind in "fc" else f"{dtype}: BLAS multiplies floating-point numbers"


def bands(filters: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Lay filters out as band matrices, (groups, KW * R * O/groups, K * C/groups).

    K = (R - 1) * stride + (KH - 1) * dilation + 1 rows of the image are read at once.

    >>> from convlib.geometry import Geometry
    >>> bands(np.array([[[[1, 2], [3, 4]]]]), Geometry((4, 5), (2, 2)))[0]
    array([[1, 3, 0, 0],
           [0, 1, 3, 0],
           [0, 0, 1, 3],
           [2, 4, 0, 0],
           [0, 2, 4, 0],
           [0, 0, 2, 4]])
    """
    (o, c, kh, kw), high = filters.shape, min(ROWS, g.output_size[0])
    down, tap_down = g.stride[0], g.dilation[0]
    reads = (high - 1) * down + g.extent[0]
    of_group = filters.reshape(g.groups, o // g.groups, c, kh, kw).transpose(0, 4, 1, 3, 2)
    matrix = np.zeros((g.groups, kw, high, o // g.groups, reads, c), dtype=filters.dtype)
    for r in range(high):
        matrix[:, :, r, :, r * down : r * down + g.extent[0] : tap_down] = of_group
    return matrix.reshape(g.groups, -1, reads * c)


def _bands_at_once(g: Geometry, nbytes: int) -> int:
    """Choose how many bands, of so many bytes of products each, make a block."""
    bands = max(g.batch * g.groups * (g.output_size[0] // min(ROWS, g.output_size[0])), 1)
    return min(max(BLOCK // nbytes, 1), bands)


def cost(g: Geometry, itemsize: int) -> Cost:
    """Count the work; see `convlib.fast.cost.Cost`."""
    o, c = g.filters // g.groups, g.channels // g.groups
    width = filled_up(g.padded_size[1], itemsize)
    high = min(ROWS, g.output_size[0])
    reads, rows = (high - 1) * g.stride[0] + g.extent[0], g.kernel_size[1] * high * o
    bands = g.batch * g.groups * -(-g.output_size[0] // high)
    at_once = _bands_at_once(g, rows * width * itemsize)
    copies = padded_bytes(g, itemsize, "NCHW") + turned_bytes(g, itemsize, "NCHW")
    if c > 1:  # their rows are interleaved
        copies += g.batch * g.channels * math.prod(g.padded_size) * itemsize
    turning = 0
    if g.layout == "NHWC" and g.channels > 1:  # number by number, and no run is longer than one
        turning = 4 * g.batch * g.channels * math.prod(g.padded_size) * itemsize
    return Cost(
        bands * rows * reads * c * width,
        copies + turning + bands * rows * width * itemsize,
        copies + at_once * (rows + high * o) * width * itemsize,
        bands * (1 + high * o),
        len(_blocks(g, high, at_once)) * (1 + g.kernel_size[1] // 4),
        g.groups * rows * reads * c * itemsize,
    )


def correlate(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Cross-correlate by bands of output rows, one product for each, then shifted sums.

    Parameters, result and axes as in `convlib.fast.im2col.correlate`.

    Error: that of a direct sum, 1e-6 of the largest output for float32 up to 5x5. One infinity or
    NaN spoils all rows of its band: in the others it is multiplied by 0.
    Memory: the padded image (with its channels' rows interleaved, where there are several), and
    1 MB or one band's products for each thread.
    """
    (oh, ow), kw = g.output_size, g.kernel_size[1]
    high, filters = min(ROWS, oh), g.filters // g.groups
    key = ("banded", high, g.stride[0], g.dilation[0], g.groups, x.dtype)
    matrix = kernel.kept(key, lambda: bands(kernel.typed(x.dtype), g))[:, None]
    bands_at = _bands_at_every_row(_interleaved(laid_out(x, g, "NCHW"), g), matrix.shape[3], g)
    y = np.empty((g.batch, g.groups, filters, oh, ow), dtype=x.dtype)
    width = g.padded_size[1]
    wide = filled_up(width, x.itemsize)
    at_once = _bands_at_once(g, matrix.shape[2] * wide * x.itemsize)

    def work(portion: Sequence[tuple[slice, slice, slice]]) -> None:
        buffer = aligned((at_once, kw, high * filters * wide), x.dtype)
        sums = aligned((at_once, buffer.shape[2]), x.dtype)
        for of_n, of_g, of_y in portion:
            rows = bands_at[of_n, of_g, of_y.start : of_y.stop - high + 1 : high]
            bands = rows.shape[:3]  # images, groups, bands
            flat, total = (part[: math.prod(bands)] for part in (buffer, sums))
            products = flat.reshape(*bands, -1, wide)
            np.matmul(matrix[of_g], rows, out=products[..., :width])
            products[..., width:] = 0
            added = _sum_of_columns(flat, g.dilation[1], total)
            shape = *bands, high, filters, wide
            out = y[of_n, of_g, :, of_y]
            out = out.reshape(*out.shape[:3], -1, high, ow).transpose(0, 1, 3, 4, 2, 5)
            _add_the_last(added.reshape(shape), flat[:, -1].reshape(shape), g, out)

    share(work, _blocks(g, high, at_once), threads)
    return y.reshape(g.batch, g.filters, oh, ow).transpose(0, 2, 3, 1)


def _interleaved(planes: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Lay out (N, C, PH, PW) as (N, groups, PH * C/groups, PW): row 0 of every channel, row 1..."""
    n, c, height, width = planes.shape
    rows = planes.reshape(n, g.groups, c // g.groups, height, width).swapaxes(2, 3)
    return rows.reshape(n, g.groups, -1, width)  # a copy, where a group has several channels


def _bands_at_every_row(rows: NDArray[Any], reads: int, g: Geometry) -> NDArray[Any]:
    """View the rows that a band reads, (N, groups, OH - R + 1, K*C, PW), from each output row."""
    image, group, row, column = rows.strides
    step = g.stride[0] * g.channels // g.groups * row
    starts = g.output_size[0] - min(ROWS, g.output_size[0]) + 1
    shape = (*rows.shape[:2], starts, reads, rows.shape[3])
    return safe_view(rows, shape, (image, group, step, row, column))


def _sum_of_columns(flat: NDArray[Any], shift: int, total: NDArray[Any]) -> NDArray[Any]:
    """Add the products of the kernel's columns (bands, KW, long row), the last one not yet.

    Each is shifted against the one before. The rows of a band are added as one long row: what runs
    over from row to row ends up in the columns that are cut off.
    """
    added = flat[:, 0]
    for v in range(1, flat.shape[1] - 1):
        ahead = v * shift
        np.add(added[:, :-ahead], flat[:, v, ahead:], out=total[:, :-ahead])
        added = total
    return added


def _add_the_last(added: NDArray[Any], last: NDArray[Any], g: Geometry, out: NDArray[Any]) -> None:
    """Add the last column's products (.., R, O, PW), and write what is not surplus as output."""
    right, ahead = g.stride[1], g.extent[1] - 1
    reach = (g.output_size[1] - 1) * right + 1
    if ahead:
        np.add(added[..., :reach:right], last[..., ahead : ahead + reach : right], out=out)
    else:
        np.copyto(out, added[..., :reach:right])


def _blocks(g: Geometry, high: int, at_once: int) -> list[tuple[slice, slice, slice]]:
    """Divide images, groups and output rows into blocks of at most so many bands.

    Where the rows cannot be divided evenly, the last band overlaps the one before.
    """
    oh = g.output_size[0]
    in_all = oh // high
    bands = min(in_all, at_once)
    groups = min(max(at_once // bands, 1), g.groups)
    images = max(at_once // (bands * groups), 1)
    spans = [slice(i * high, min(i + bands, in_all) * high) for i in range(0, in_all, bands)]
    rest = [slice(oh - high, oh)] if oh % high else []
    return [
        (slice(n, n + images), slice(k, k + groups), span)
        for n in range(0, g.batch, images)
        for k in range(0, g.groups, groups)
        for span in (*spans, *rest)
    ]
