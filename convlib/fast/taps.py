"""Taps: every tap of the kernel is a shifted image, and the output their weighted sum.

The flat image, moved by u rows and v columns, is a view that begins ``u*PW + v`` numbers later. So
a whole convolution is one `einsum` over views, in which the pixels are the inner loop (order="F")
and the taps the outer one: long runs, nothing copied, no BLAS needed, so that integers are as
welcome as fractions. The columns where a window would wrap to the next row are computed as well,
and cut off.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.buffers import laid_out, share
from convlib.fast.cost import Cost, direct, padded_bytes
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

__all__ = ["blocks", "correlate", "cost", "depthwise", "refuses"]

LONG = 16  # runs along a row, that take as long to start as one along all rows
BLOCK = 1024 * 1024  # bytes of output at a time


def refuses(g: Geometry, dtype: np.dtype[Any]) -> str:
    """Say what there is in `g` that this method cannot do: nothing."""
    return ""


def _by_channel(g: Geometry) -> bool:
    """Whether every channel has a kernel of its own, and channels lie side by side."""
    return g.layout == "NHWC" and g.channels == g.filters == g.groups > 1


def cost(g: Geometry, itemsize: int) -> Cost:
    """Count the work; see `convlib.fast.cost.Cost`."""
    (oh, ow), taps = g.output_size, math.prod(g.kernel_size)
    if _by_channel(g):
        copy = padded_bytes(g, itemsize, "NHWC")
        runs = taps * g.batch * oh * (1 if g.stride[1] == 1 else ow)
        rounds = len(blocks(g, ow * g.channels * itemsize, by_group=False))
        return Cost(direct(g), copy, copy + taps * ow * g.channels * itemsize, runs, rounds)
    one_long_row = g.stride == (1, 1)
    wide = g.padded_size[1] if one_long_row else ow
    copy = padded_bytes(g, itemsize, "NCHW")
    y = g.batch * g.filters * oh * wide * itemsize
    runs = g.batch * g.filters * (g.channels // g.groups) * taps * (LONG if one_long_row else oh)
    if g.stride[1] > 1:  # numbers that are not neighbours are read one by one
        runs += direct(g) // 64
    rounds = len(blocks(g, g.filters // g.groups * wide * itemsize))
    return Cost(direct(g) // ow * wide, copy + y, copy + y, runs, rounds)


def correlate(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Cross-correlate as a weighted sum of shifted images.

    Parameters, result and axes as in `convlib.fast.im2col.correlate`.

    Error: that of a sum, product after product: 1e-6 of the largest output for float32 up to some
    800 of them, as in 5x5 on 32 channels. Integers: none.
    Memory: the padded image, and an output with the columns that are cut off.

    >>> from convlib.fast import prepare
    >>> from convlib.geometry import Geometry
    >>> x, kernel = np.array([[[[1, 2, 4, 8]]]]), prepare([[10, 1]])
    >>> correlate(x, kernel, Geometry((1, 4), (1, 2))).ravel()
    array([12, 24, 48])
    """
    if _by_channel(g):
        return depthwise(x, kernel, g, threads)
    (oh, ow), (kh, kw), channels = g.output_size, g.kernel_size, g.channels // g.groups
    planes = laid_out(x, g, "NCHW").reshape(g.batch, g.groups, channels, *g.padded_size)
    image, group, plane, row, column = planes.strides
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    steps = image, group, plane, tap_down * row, tap_right * column, down * row, right * column
    w = kernel.typed(x.dtype).reshape(g.groups, -1, channels, kh, kw)
    one_long_row = g.stride == (1, 1)
    wide = g.padded_size[1] if one_long_row else ow
    y = np.empty((g.batch, g.groups, w.shape[1], oh, wide), dtype=x.dtype)

    def work(portion: Sequence[tuple[slice, slice, slice]]) -> None:
        for of_n, of_g, of_y in portion:
            out = y[of_n, of_g, :, of_y]
            if one_long_row:  # it ends with the last window
                out = out.reshape(*out.shape[:3], 1, -1)
                out = out[..., : out.shape[4] - wide + ow]
            pixels = planes[of_n, of_g, :, of_y.start * down :]
            shape = *out.shape[:2], channels, kh, kw, *out.shape[3:]
            shifted = safe_view(pixels, shape, steps)
            np.einsum("gocuv,ngcuvij->jiogn", w[of_g], shifted, out=out.T, order="F")

    share(work, blocks(g, w.shape[1] * wide * x.itemsize), threads)
    return y.reshape(g.batch, g.filters, oh, wide)[..., :ow].transpose(0, 2, 3, 1)


def depthwise(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int) -> NDArray[Any]:
    """Give every channel a kernel of its own, channels last: rows of weights meet rows of pixels.

    A row of the image holds OW * C numbers, and the weights of a tap are repeated OW times to meet
    them: the inner loop is a whole row, where it would be C numbers.
    """
    (oh, ow), (kh, kw), c = g.output_size, g.kernel_size, g.channels
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    padded = laid_out(x, g, "NHWC")
    image, row, column, number = padded.strides
    taps = kernel.typed(x.dtype)[:, 0].transpose(1, 2, 0)  # (KH, KW, C)
    steps = tap_down * row, tap_right * column, image, down * row, right * column, number
    y = np.empty((g.batch, oh, ow, c), dtype=x.dtype)
    w = np.ascontiguousarray(taps)[:, :, None]
    if right == 1:  # the pixels and channels of a row are one long row
        w = np.empty((kh, kw, 1, ow * c), dtype=x.dtype)
        w.reshape(kh, kw, ow, c)[...] = taps[:, :, None]
        y = y.reshape(g.batch, oh, 1, -1)

    def work(portion: Sequence[tuple[slice, slice, slice]]) -> None:
        for of_n, _, of_y in portion:
            out = y[of_n, of_y]
            shifted = safe_view(padded[of_n, of_y.start * down :], (kh, kw, *out.shape), steps)
            np.einsum("uvjc,uvnijc->cjin", w, shifted, out=out.T, order="F")

    share(work, blocks(g, ow * c * x.itemsize, by_group=False), threads)
    return y.reshape(g.batch, oh, ow, c)


def blocks(g: Geometry, row: int, by_group: bool = True) -> list[tuple[slice, slice, slice]]:
    """Divide images, groups and output rows into blocks whose output stays in the cache.

    Each tap adds to the whole block. `row` counts the bytes of an output row of one group.
    """
    oh, groups = g.output_size[0], g.groups if by_group else 1
    rows = min(max(BLOCK // row, 1), oh)
    at_once = min(max(BLOCK // (rows * row), 1), groups)
    images = max(BLOCK // (rows * row * at_once), 1) if (rows, at_once) == (oh, groups) else 1
    return [
        (slice(n, n + images), slice(k, k + at_once), slice(i, i + rows))
        for n in range(0, g.batch, images)
        for k in range(0, groups, at_once)
        for i in range(0, oh, rows)
    ]
