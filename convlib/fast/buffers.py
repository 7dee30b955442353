"""What the fast methods share: where the numbers lie, and in which portions they are multiplied.

None of it changes a result. It is about the cache, which wants the same small buffer again and
again, and about BLAS, which wants rows that begin where a vector register can load them.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.geometry import LAYOUTS, Geometry, pad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from numpy.typing import DTypeLike, NDArray

__all__ = [
    "BLOCK",
    "LINE",
    "SMALL",
    "aligned",
    "blocks_of",
    "filled_up",
    "laid_out",
    "product",
    "share",
]

LINE = 64  # bytes of a cache line, and of the widest vector register that NumPy uses
BLOCK = 512 * 1024  # bytes of columns at a time: what a core's second cache has room for
SMALL = 1_000_000  # multiply-adds up to which OpenBLAS multiplies without packing its operands


def aligned(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Make an array, not yet filled, whose first byte begins a cache line.

    >>> aligned((3, 5), np.float32).ctypes.data % LINE
    0
    """
    dtype = np.dtype(dtype)
    nbytes = math.prod(shape) * dtype.itemsize
    memory = np.empty(nbytes + LINE, dtype=np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + nbytes].view(dtype).reshape(shape)


def filled_up(width: int, itemsize: int) -> int:
    """Numbers of a row, so many that the next one begins a cache line.

    >>> filled_up(510, 4), filled_up(512, 4)
    (512, 512)
    """
    return -(-width * itemsize // LINE) * LINE // itemsize


def laid_out(
    x: NDArray[Any], g: Geometry, order: str, more: tuple[int, int] = (0, 0)
) -> NDArray[Any]:
    """Pad a batch and lay it out in the `order` that a method wants, in one copy.

    Parameters
    ----------
    x : ndarray, (N, C, H, W) or (N, H, W, C)
        In the layout of `g`, any memory order.
    order : {"NCHW", "NHWC"}
        The axes of the result.
    more : (int, int)
        Rows and columns of zeros to be added below and to the right of the padding.

    Returns
    -------
    ndarray, C-contiguous
        `x` itself where it is already what is wanted.

    Examples
    --------
    >>> x = np.arange(4).reshape(1, 1, 2, 2)
    >>> g = Geometry((2, 2), (1, 1), padding=((0, 0), (1, 0)))
    >>> laid_out(x, g, "NHWC", more=(1, 0))[0, ..., 0]
    array([[0, 0, 1],
           [0, 2, 3],
           [0, 0, 0]])
    """
    if not g.pads and order == g.layout and more == (0, 0) and x.flags.c_contiguous:
        return x
    zeros = g.padding_mode == "zeros"
    (top, bottom), (left, right) = g.padding if zeros else ((0, 0), (0, 0))
    channels_first = (x if zeros else pad(x, g)).transpose(0, *LAYOUTS[g.layout])
    n, c, h, w = channels_first.shape
    image = channels_first if order == "NCHW" else channels_first.transpose(0, 2, 3, 1)
    height, width = h + top + bottom + more[0], w + left + right + more[1]
    if (height, width) == (h, w):
        return np.ascontiguousarray(image)
    shape = (n, c, height, width) if order == "NCHW" else (n, height, width, c)
    y = np.zeros(shape, dtype=x.dtype)
    inside = slice(top, top + h), slice(left, left + w)
    y[(..., *inside) if order == "NCHW" else (slice(None), *inside)] = image
    return y


def product(a: NDArray[Any], b: NDArray[Any], out: NDArray[Any]) -> None:
    """Write a @ b into `out`, so many columns at a time that BLAS need not pack them.

    `a` is (M, K), `b` (K, L) and `out` (M, L); the columns are chunks of one batched matmul.
    """
    (m, k), length = a.shape, b.shape[1]
    chunk = max(SMALL // (m * k) // 64 * 64, 64)
    whole = length // chunk * chunk
    if whole:
        chunks = b[:, :whole].reshape(k, -1, chunk), out[:, :whole].reshape(m, -1, chunk)
        np.matmul(a, chunks[0].transpose(1, 0, 2), out=chunks[1].transpose(1, 0, 2))
    if whole < length:
        np.matmul(a, b[:, whole:], out=out[:, whole:])


def blocks_of(batch: int, images: int, height: int, rows: int) -> list[tuple[slice, slice]]:
    """Divide a batch of outputs into blocks of so many images and rows."""
    return [
        (slice(n, n + images), slice(i, i + rows))
        for n in range(0, batch, images)
        for i in range(0, height, rows)
    ]


def share(work: Callable[[Sequence[Any]], None], blocks: Sequence[Any], threads: int) -> None:
    """Let `work` go through the blocks, divided evenly among threads; each has its own buffers."""
    threads = min(threads, len(blocks))
    if threads <= 1:
        work(blocks)
        return
    ends = [len(blocks) * t // threads for t in range(threads + 1)]
    portions = [blocks[a:b] for a, b in itertools.pairwise(ends)]
    list(
        _pool(threads, os.getpid()).map(work, portions)
    )  # a list, so that an error in a thread is raised here


@functools.cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    """Keep the threads between calls: to start them takes longer than a small convolution.

    A forked process finds its parent's pool, but not the threads of it: it makes one of its own.
    """
    from concurrent.futures import ThreadPoolExecutor  # a tenth of the time of an import of NumPy

    return ThreadPoolExecutor(threads, thread_name_prefix="convlib")
