"""Bounds: how far spectra can be off, and how little a window may hold, from a look at the numbers.

The image is cut into blocks of B x B pixels, and of each the sum of |x| is taken. Every window
holds some whole blocks, and where exactly they lie in it makes little difference: a sum is at
least that of its blocks, each times the least |w| that it can meet. That is a convolution of an
image with 1 / B**2 of the pixels, and it costs little.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib import strided
from convlib.fast import fft
from convlib.fast.buffers import laid_out
from convlib.fast.prepared import Kernel
from convlib.fast.rule import METHODS, choose
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NOISE", "Weights", "blocks_of", "error_and_sums", "least", "weights"]

NOISE = 32 * 2.0**-53  # twice the largest that images made to be hard have shown
BAND = 64 * 1024  # numbers that are looked at together: they stay in the cache


@dataclass(frozen=True, slots=True)
class Weights:
    """What was seen of the filters alone, and is kept with them."""

    least: float  # of the magnitudes that are not zero
    gaps: bool  # some are zero
    first: NDArray[Any]  # sums of magnitudes, and norms or more, (groups, O/groups, C/groups)
    second: NDArray[Any]

    @property
    def nbytes(self) -> int:
        """Bytes of the two."""
        return self.first.nbytes + self.second.nbytes


def weights(kernel: Kernel, groups: int) -> Weights:
    """Look at the weights, once for a kernel."""

    def make() -> Weights:
        w = kernel.filters.astype(np.float64)
        size = np.abs(w)
        some = size[size > 0]
        first = size.sum(axis=(2, 3))
        with np.errstate(invalid="ignore", over="ignore"):
            second = np.sqrt(first) * np.sqrt(size.max(axis=(2, 3)))  # no square to overflow
        shape = groups, -1, w.shape[1]
        return Weights(
            float(some.min()) if some.size else math.inf,
            some.size < size.size,
            first.reshape(shape),
            second.reshape(shape),
        )

    return kernel.kept(("seen", groups), make)  # type: ignore[no-any-return]


def error_and_sums(
    x: NDArray[Any], kernel: Kernel, g: Geometry
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Bound the errors of spectra, (N, 1, 1, O), and sum |x| over blocks, (N, C, h, w).

    An error is at most NOISE times the sum, over channels, of |w|_1 * rms(x) + 4 * |w|_2 * max|x|:
    what is rounded by chance spreads evenly, what single pixels make comes back in few places.

    >>> x, w = np.ones((1, 1, 60, 60)), Kernel(np.ones((15, 15)))
    >>> error, sums = error_and_sums(x, w, Geometry((60, 60), (15, 15)))
    >>> f"{error.item():.1e}", sums.shape, sums.max().item()
    ('1.0e-12', (1, 1, 30, 30), 4.0)
    """
    seen = weights(kernel, g.groups)
    sums, top = _blocks(x, g)
    with np.errstate(invalid="ignore", over="ignore"):
        # Or more than the rms; and there is no square that could overflow.
        rms = np.sqrt(top) * np.sqrt(_mean(sums, g, x.itemsize))
        of_x = (a.reshape(g.batch, g.groups, -1) for a in (rms, 4 * top))
        parts = zip(of_x, (seen.first, seen.second), strict=True)
        error = sum(np.einsum("ngc,goc->ngo", a, b) for a, b in parts)
        return NOISE * np.reshape(error, (g.batch, 1, 1, -1)), sums


class Blocks(NamedTuple):
    """How an image is cut into blocks, and what is convolved in place of it."""

    size: tuple[int, int]
    tiles: list[tuple[slice, slice]]  # the blocks that those of overlap-save touch
    coarse: Geometry  # of the whole blocks that every window holds


@functools.lru_cache(maxsize=256)
def blocks_of(g: Geometry, itemsize: int) -> Blocks:
    """Choose a block of which two in a row, less one cell, fit into the kernel; count them.

    Doubles have few digits to spare: for them the blocks are small, and the bounds are close.

    Whole blocks begin up to B - 1 cells after the window does. So the first of them lies somewhere
    in the first 2 B - 1 rows and columns of the kernel, the next one B further.
    """
    few = 3 if itemsize == 4 else 10
    block = [max((k + 1) // few, min((k + 1) // 2, 2)) for k in g.kernel_size]
    held = [(k + 1) // b - 1 for k, b in zip(g.kernel_size, block, strict=True)]
    # The last window begins in the block before the one that is its first whole one.
    fits = zip(g.padded_size, g.kernel_size, block, held, strict=True)
    size = [-(-max(p - k, 0) // b) + h for p, k, b, h in fits]
    many = {"batch": g.batch, "channels": g.channels, "filters": g.filters, "groups": g.groups}
    _, kept, counts, _ = fft.tiling(g)
    rows, columns = (
        [slice(i * k // b, -(-(i * k + s) // b)) for i in range(n)]
        for n, k, s, b in zip(counts, kept, fft.tile_size(g), block, strict=True)
    )
    tiles = [(i, j) for i in rows for j in columns]
    coarse = Geometry((size[0], size[1]), (held[0], held[1]), **many)  # type: ignore[arg-type]
    return Blocks((block[0], block[1]), tiles, coarse)


def _blocks(x: NDArray[Any], g: Geometry) -> tuple[NDArray[Any], NDArray[Any]]:
    """Sum magnitudes over blocks of the padded image, and find the largest of each channel."""
    (high, wide), (ph, pw) = blocks_of(g, x.itemsize).size, g.padded_size
    planes = laid_out(x, g, "NCHW", more=(-ph % high, -pw % wide))
    shape = -(-ph // high), -(-pw // wide)
    flat = planes.reshape(-1, high * shape[0], wide * shape[1])
    sums = np.empty((len(flat), *shape))
    at_once = max(BAND // flat[0].size, 1)
    rows = max(BAND // (high * flat.shape[2]), 1)
    for k in range(0, len(flat), at_once):
        for i in range(0, shape[0], rows):
            part = np.abs(flat[k : k + at_once, i * high : (i + rows) * high], dtype=np.float64)
            lines = part.reshape(len(part), -1, high, flat.shape[2]).sum(axis=2)
            pairs = lines.reshape(*lines.shape[:2], shape[1], wide)
            sums[k : k + at_once, i : i + rows] = pairs.sum(axis=3)
    top = np.maximum(flat.max(axis=(1, 2)), -flat.min(axis=(1, 2))).astype(np.float64)
    return sums.reshape(g.batch, g.channels, *shape), top.reshape(g.batch, g.channels)


def _mean(sums: NDArray[Any], g: Geometry, itemsize: int) -> NDArray[Any]:
    """Bound the means of magnitudes (N, C), each over the tile in which it is the largest."""
    means = [sums[:, :, i, j].sum(axis=(2, 3)) for i, j in blocks_of(g, itemsize).tiles]
    return np.max(means, axis=0) / math.prod(fft.tile_size(g))  # type: ignore[no-any-return]


def least(sums: NDArray[Any], kernel: Kernel, g: Geometry, itemsize: int) -> Any:
    """Bound the sums of |w||x| over all windows from below, (N, h, w, O), or by 0."""
    if g.dilation != (1, 1):
        return 0.0
    (high, wide), _, coarse = blocks_of(g, itemsize)

    def make() -> Kernel:
        box = 2 * high - 1, 2 * wide - 1
        size = np.abs(kernel.filters.astype(np.float64))
        boxes = np.lib.stride_tricks.sliding_window_view(size, box, axis=(2, 3))
        return Kernel(np.ascontiguousarray(boxes[:, :, ::high, ::wide].min(axis=(4, 5))))

    (rows, columns), lowest = coarse.input_size, kernel.kept(("least", high, wide), make)
    sums, name = sums[:, :, :rows, :columns], choose(coarse, sums.dtype, False, True)
    if name == "strided":
        return strided.correlate(sums, lowest.filters, coarse)
    return METHODS[name].correlate(sums, lowest, coarse)
