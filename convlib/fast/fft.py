"""FFT: a product of spectra, whose cost does not grow with the kernel.

A cyclic correlation of two images is the product of one spectrum with the conjugate of the other
(the convolution theorem). The windows that do not wrap around are the outputs that are wanted. So
the image needs no zeros around it, only a size that the FFT likes, and a large image is cut into
overlapping tiles, each of which gives the outputs that lie wholly in it (overlap-save;
A. Oppenheim and R. Schafer, "Discrete-Time Signal Processing" (1989), section 8.7.3).
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.buffers import laid_out, share
from convlib.fast.cost import Cost, padded_bytes, turned_bytes
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

__all__ = ["correlate", "cost", "fast_length", "refuses", "spectra", "tile_size", "tiling"]

DOUBLE = 8  # bytes of what is transformed: a bright pixel's rounding is spread over its tile
BLOCK = 1024 * 1024  # bytes of small images whose spectra are taken at once
WHOLE = 1024 * 1024  # numbers of a padded image up to which it is one tile
MANY = 32  # pairs of channel and filter from which BLAS pays, at a small product a frequency


@functools.cache
def ffts() -> Any:
    """SciPy's transforms, or NumPy's, which do the same in about 1.5 times the time."""
    try:
        from scipy import fft
    except ModuleNotFoundError:
        return np.fft
    return fft


def refuses(g: Geometry, dtype: np.dtype[Any]) -> str:
    """Say what there is in `g` that this method cannot do, or nothing."""
    return "" if dtype.kind == "f" else f"{dtype}: its spectra are those of real fractions"


def tile_size(g: Geometry) -> tuple[int, int]:
    """Choose the rows and columns of a tile: all, or 8 times the kernel and at least 240.

    >>> from convlib.geometry import Geometry
    >>> tile_size(Geometry((500, 500), (15, 15))), tile_size(Geometry((2000, 2000), (15, 15)))
    ((500, 500), (240, 240))
    """
    (ph, pw), (high, wide) = g.padded_size, g.extent
    if ph * pw <= WHOLE:
        return fast_length(ph), fast_length(pw)
    rows, columns = max(240, 8 * high), max(240, 8 * wide)
    return fast_length(min(ph, rows)), fast_length(min(pw, columns))


def tiling(g: Geometry) -> tuple[tuple[int, int], ...]:
    """Sizes, by row and column: outputs with stride 1, of these in a tile, tiles, cells to add."""
    size, extent, padded = tile_size(g), g.extent, g.padded_size
    full = padded[0] - extent[0] + 1, padded[1] - extent[1] + 1
    kept = size[0] - extent[0] + 1, size[1] - extent[1] + 1
    counts = -(-full[0] // kept[0]), -(-full[1] // kept[1])
    needed = ((n - 1) * k + s for n, k, s in zip(counts, kept, size, strict=True))
    rows, columns = (n - p for n, p in zip(needed, padded, strict=True))
    return full, kept, counts, (rows, columns)


def _images_at_once(g: Geometry) -> int:
    """Choose how many images have their spectra taken at once, a row of tiles each."""
    columns = tiling(g)[2][1]
    row = columns * (g.channels + g.filters) * math.prod(tile_size(g)) * DOUBLE
    return min(max(BLOCK // row, 1), g.batch)


def cost(g: Geometry, itemsize: int) -> Cost:
    """Count the work; see `convlib.fast.cost.Cost`. A complex product counts as 4 products.

    A transform of n numbers is taken as n log2 n multiplications: half of a complex one's. The
    workspace has room for |x|, at which "auto" looks before.
    """
    (full, _, counts, more), cells = tiling(g), math.prod(tile_size(g))
    tiles, both = g.batch * math.prod(counts), g.channels + g.filters
    images = _images_at_once(g)
    copies = padded_bytes(g, itemsize, "NCHW", more) + turned_bytes(g, itemsize, "NCHW")
    if g.stride != (1, 1):
        copies += g.batch * g.filters * math.prod(full) * itemsize
    pairs = g.filters * (g.channels // g.groups)
    many = pairs // g.groups >= MANY  # the spectra are copied, to be matrices
    arrays = 2 * g.channels + 4 * g.filters if many else g.channels + 3 * g.filters
    if itemsize < DOUBLE:  # the pixels as doubles
        arrays += g.channels
    spectra_of_row = images * counts[1] * arrays * (cells + 2 * tile_size(g)[0]) * DOUBLE
    return Cost(
        int(tiles * cells * (both * math.log2(cells) + 2 * pairs)),
        copies + tiles * (2 * both) * cells * DOUBLE,
        copies + spectra_of_row + g.batch * g.channels * math.prod(g.input_size) * itemsize,
        tiles * both,
        -(-g.batch // images) * counts[0],
        pairs * (cells + 2 * tile_size(g)[0]) * DOUBLE,
    )


def fast_length(least: int) -> int:
    """Find the next length without prime factors other than 2, 3 and 5, which an FFT takes apart.

    >>> [fast_length(n) for n in (7, 97, 512, 514)]
    [8, 100, 512, 540]
    """
    for length in range(least, 2 * least):
        rest = length
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return length
    return least


def spectra(filters: NDArray[Any], g: Geometry, size: tuple[int, int]) -> NDArray[Any]:
    """Conjugate spectra (groups, O/groups, C/groups, F) of filters, dilated as `g` says.

    With many channels and filters they lie in memory as (groups, F, C, O), as matrices for BLAS.
    """
    dilated = np.zeros((*filters.shape[:2], *g.extent))  # doubles: what is transformed is rounded
    dilated[:, :, :: g.dilation[0], :: g.dilation[1]] = filters
    rows = ffts().rfft(dilated, n=size[1])  # of the kernel's rows alone: those below are zeros
    values: NDArray[Any] = np.conj(ffts().fft(rows, n=size[0], axis=-2))
    o, c = len(filters) // g.groups, filters.shape[1]
    values = values.reshape(g.groups, o, c, -1)
    if c * o < MANY:
        return values
    return np.ascontiguousarray(values.transpose(0, 3, 2, 1)).transpose(0, 3, 2, 1)


def correlate(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Cross-correlate by spectra of the whole image, or of tiles that overlap by a kernel less 1.

    Parameters, result and axes as in `convlib.fast.im2col.correlate`. With a stride, all windows
    are computed and most thrown away.

    Error: doubles are transformed, whatever the type. So it is that of rounding the result, and at
    most 2e-14 * (sum of |w|) * (max |x| of the tile), which may be large for a dark window: only
    "auto" looks at that, and at zeros, which come back as 1e-17 or so.
    One infinity or NaN spoils all outputs of every tile that holds it.
    Memory: the padded image, the output, and the spectra of one row of tiles for each thread.
    """
    size, (down, right) = tile_size(g), g.stride
    key = ("fft", size, g.dilation, g.groups)
    of_filters = kernel.kept(key, lambda: spectra(kernel.filters, g, size))
    full, kept, counts, more = tiling(g)
    planes = laid_out(x, g, "NCHW", more)
    # NumPy lets an axis of length 1 have any stride, SciPy does not: here it gets a usual one.
    planes = planes.ravel().reshape(planes.shape)
    image, plane, row, column = planes.strides
    shape = g.batch, *counts, g.channels, *size
    tiles = safe_view(planes, shape, (image, kept[0] * row, kept[1] * column, plane, row, column))
    y = np.empty((g.batch, g.filters, *full), dtype=x.dtype)

    images, frequencies = _images_at_once(g), of_filters.shape[3]

    def work(portion: Sequence[tuple[slice, int]]) -> None:
        for of_n, i in portion:
            values = ffts().rfft2(tiles[of_n, i].astype(np.float64, copy=False))
            shape = *values.shape[:2], g.filters, size[0], -1
            values = values.reshape(-1, g.groups, g.channels // g.groups, frequencies)
            values = _sum_over_channels(values, of_filters)
            part = ffts().irfft2(values.reshape(shape), s=size)[..., : kept[0], : kept[1]]
            for j in range(counts[1]):
                rows, columns = i * kept[0], j * kept[1]
                place = y[of_n, :, rows : rows + kept[0], columns : columns + kept[1]]
                place[...] = part[:, j, :, : place.shape[2], : place.shape[3]]

    starts = range(0, g.batch, images)
    share(work, [(slice(n, n + images), i) for n in starts for i in range(counts[0])], threads)
    return y[:, :, ::down, ::right].transpose(0, 2, 3, 1)


def _sum_over_channels(values: NDArray[Any], of_filters: NDArray[Any]) -> NDArray[Any]:
    """Multiply spectra (T, G, C, F) with those of filters (G, O, C, F), to (T, G, O, F)."""
    _, o, c, _ = of_filters.shape
    products: NDArray[Any]
    if c == o == 1:  # large new arrays take longer than their products
        products = np.multiply(values, of_filters[:, :, 0], out=values)
    elif c == 1:
        products = values * of_filters[:, :, 0]
    elif c * o < MANY:
        products = np.einsum("tgcf,gocf->tgof", values, of_filters)
    else:
        by_frequency = np.ascontiguousarray(values.transpose(1, 3, 0, 2))
        products = np.matmul(by_frequency, of_filters.transpose(0, 3, 2, 1)).transpose(2, 0, 3, 1)
    return products
