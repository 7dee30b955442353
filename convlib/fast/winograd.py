"""Winograd: 36 multiplications where a 3x3 window, moved over 4x4 places, takes 144.

A row of 6 pixels holds 4 windows of width 3. Multiplied out, that takes 12 products. Lagrange knew
how to do it with 6: evaluate both operands at 6 points, multiply value by value, and interpolate.
As matrices (S. Winograd, "Arithmetic complexity of computations" (1980); A. Lavin and S. Gray,
"Fast algorithms for convolutional neural networks" (2016), section 4)::

    windows of d with w  =  A.T @ ((G @ w) * (B.T @ d))            for a row
    and for a tile       =  A.T @ ((G @ w @ G.T) * (B.T @ d @ B)) @ A

Summed over C channels, the product value by value is 36 matrix products of tiles with filters,
(T, C) @ (C, O), and there is the speed. The filters are transformed once (`prepare`).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.buffers import aligned, laid_out, product, share
from convlib.fast.cost import Cost, padded_bytes, turned_bytes
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

__all__ = [
    "POINTS",
    "blocks_of_tiles",
    "both_ways",
    "correlate",
    "cost",
    "matrices",
    "refuses",
    "tile_counts",
    "tiles_of",
    "transform",
]

#: Where both operands are evaluated, besides infinity. Typical errors are 0.7 of those with the
#: usual 0, 1, -1, 2, -2, the largest about half: the entries of the matrices stay small.
POINTS = (0, 1, -1, 0.5, -2)
M, R = 4, 3  # outputs and taps along a row
TILE = M + R - 1  # pixels that they need
AT_ONCE = 64  # tiles in a block


@functools.cache
def matrices(points: tuple[float, ...] = POINTS) -> tuple[NDArray[Any], ...]:
    """Work out B.T (6, 6), G (6, 3) and A.T (4, 6) in float64.

    `values(n)` evaluates a polynomial of n coefficients at the points and at infinity, where the
    value is the highest coefficient. Its inverse interpolates.

    >>> bt, g, at = matrices()
    >>> d, w = np.array([3, 1, 4, 1, 5, 9]), np.array([2, 7, 1])
    >>> print(at @ ((g @ w) * (bt @ d)).round(9), np.correlate(d, w))
    [17. 31. 20. 46.] [17 31 20 46]
    """

    def values(n: int) -> NDArray[Any]:
        at_infinity = np.eye(n)[-1]
        return np.vstack([np.vander(points, n, increasing=True), at_infinity])

    return np.linalg.inv(values(TILE)).T, values(R), values(M).T


@functools.cache
def both_ways(dtype: np.dtype[Any]) -> tuple[NDArray[Any], ...]:
    """The same matrices for a flattened tile, rows and columns at once: Kronecker products."""
    bt, g, at = (np.kron(matrix, matrix).astype(dtype) for matrix in matrices())
    return bt, g, at


def refuses(g: Geometry, dtype: np.dtype[Any]) -> str:
    """Say what there is in `g` that this method cannot do, or nothing."""
    if g.kernel_size != (R, R):
        return f"a kernel of {g.kernel_size}: its matrices are made for (3, 3)"
    if (g.stride, g.dilation, g.groups) != ((1, 1), (1, 1), 1):
        return "a stride, dilation or groups other than 1"
    return "" if dtype.kind == "f" else f"{dtype}: its fractions need floating-point numbers"


def cost(g: Geometry, itemsize: int) -> Cost:
    """Count the work; see `convlib.fast.cost.Cost`."""
    (rows, columns), (c, o) = tile_counts(g), (g.channels, g.filters)
    tiles, cells = g.batch * rows * columns, TILE**2
    more = rows * M - g.output_size[0], columns * M - g.output_size[1]
    images, lines = (s.stop for s in blocks_of_tiles(g)[0])
    at_once = min(images, g.batch) * min(lines, rows) * columns
    weights = len(blocks_of_tiles(g)) * cells * c * o
    copies = padded_bytes(g, itemsize, "NHWC", more) + turned_bytes(g, itemsize, "NHWC")
    if any(more):  # the output is cropped
        copies += tiles * M * M * o * itemsize
    return Cost(
        tiles * cells * (c * o + cells * c + M * M * o),
        copies + (tiles * (2 * cells * c + (cells + M * M) * o) + weights) * itemsize,
        copies + 2 * cells * at_once * max(c, o) * itemsize,
        len(blocks_of_tiles(g)) * 100,
        len(blocks_of_tiles(g)),
        cells * c * o * itemsize,
    )


def transform(filters: NDArray[Any]) -> NDArray[Any]:
    """Transform filters (O, C, 3, 3) as (36, C, O): the values G @ w @ G.T of every filter."""
    o, c = filters.shape[:2]
    _, g, _ = both_ways(filters.dtype)
    out = aligned((TILE**2, c, o), filters.dtype)
    np.matmul(g, filters.transpose(2, 3, 1, 0).reshape(R * R, c * o), out=out.reshape(-1, c * o))
    return out


def correlate(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Cross-correlate by tiles: transform, 36 matrix products, transform back.

    Parameters, result and axes as in `convlib.fast.im2col.correlate`. 3x3, stride 1 only.

    Error: for float32 up to 2e-5 of the sum of |x| over a tile, each channel times its largest |w|
    (1e-13 for float64); of unit-normal numbers up to 2e-5 of the largest output, ten direct sums.
    One infinity or NaN spoils all 16 outputs of every tile that holds it.
    Memory: the padded image, the output before it is cropped, two buffers for a block of tiles.
    """
    u = kernel.kept(("winograd", x.dtype), lambda: transform(kernel.typed(x.dtype)))
    bt, _, at = both_ways(x.dtype)
    rows, columns = tile_counts(g)
    (oh, ow), c, o = g.output_size, g.channels, g.filters
    tiles = tiles_of(laid_out(x, g, "NHWC", more=(rows * M - oh, columns * M - ow)), TILE, g)
    y = np.empty((g.batch, rows * M, columns * M, o), dtype=x.dtype)
    places = y.reshape(g.batch, rows, M, columns, M, o).transpose(2, 4, 0, 1, 3, 5)

    def work(blocks: Sequence[tuple[slice, slice]]) -> None:
        most = max(tiles[0, 0, *block, :, 0].size for block in blocks)
        here, there = (aligned((TILE**2, most * max(c, o)), x.dtype) for _ in range(2))
        for block in blocks:
            d, out = tiles[:, :, *block], places[:, :, *block]
            t = d[0, 0, ..., 0].size
            pixels, values = here[:, : t * c], there[:, : t * c]
            products, windows = here[:, : t * o], there[: M * M, : t * o]
            np.copyto(pixels.reshape(d.shape), d)
            product(bt, pixels, values)
            np.matmul(values.reshape(-1, t, c), u, out=products.reshape(-1, t, o))
            product(at, products, windows)
            np.copyto(out, windows.reshape(out.shape))

    share(work, blocks_of_tiles(g, threads), threads)
    return y[:, :oh, :ow]


def tile_counts(g: Geometry) -> tuple[int, int]:
    """Count the tiles that cover the output, down and across; the last may stick out."""
    rows, columns = (-(-size // M) for size in g.output_size)
    return rows, columns


def tiles_of(x: NDArray[Any], size: int, g: Geometry) -> NDArray[Any]:
    """View a batch (N, PH, PW, C) as square tiles (size, size, N, rows, columns, C), 4 cells apart.

    Tiles of 6 overlap by 2. The view is by byte strides: nothing is copied.
    """
    image, row, column, channel = x.strides
    shape = (size, size, len(x), *tile_counts(g), x.shape[3])
    return safe_view(x, shape, (row, column, image, M * row, M * column, channel))


def blocks_of_tiles(g: Geometry, threads: int = 1) -> list[tuple[slice, slice]]:
    """Divide images and rows of tiles into blocks of about 64 tiles, one a thread at least."""
    rows, columns = tile_counts(g)
    wanted = min(AT_ONCE, max(g.batch * rows * columns // threads, 1))
    images = max(wanted // (rows * columns), 1)
    per_block = rows if images > 1 else max(wanted // columns, 1)
    return [
        (slice(n, n + images), slice(i, i + per_block))
        for n in range(0, g.batch, images)
        for i in range(0, rows, per_block)
    ]
