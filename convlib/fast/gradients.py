"""Fast gradients: dx is a convolution again, and dw is Winograd's, the other way around.

Both take and return what the functions of `convlib.adjoint.gradients` do, and answer None where
the plain way is as fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast import winograd
from convlib.fast.buffers import aligned, product
from convlib.fast.prepared import Kernel
from convlib.fast.run import automatic, finite
from convlib.fast.winograd import TILE, M
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["input_gradient", "kernel_gradient"]


def input_gradient(grad: NDArray[Any], kernel: Kernel, g: Geometry) -> NDArray[Any] | None:
    """Correlate grad, with zeros around it, with the filters turned by half a turn.

    For stride 1, padding by zeros and finite weights: with larger steps, most of what is multiplied
    were zeros.

    Parameters
    ----------
    grad : ndarray, (N, OH, OW, O)
    kernel : Kernel
        The filters of the way there; a turned copy is kept with them.

    Returns
    -------
    ndarray, (N, C, H, W) or (N, H, W, C), or None
        Not padded. For float32 within 2e-5 of its largest number, where Winograd is chosen.
    """
    ends = [(e - 1 - a, e - 1 - b) for e, (a, b) in zip(g.extent, g.padding, strict=True)]
    simple = g.stride == (1, 1) and g.padding_mode == "zeros" and min(map(min, ends)) >= 0
    if not simple or grad.dtype.kind != "f" or g.batch == 0:
        return None
    # The zeros around grad are no part of it, and times infinity they would be NaN.
    if not kernel.kept("finite", lambda: bool(np.isfinite(kernel.filters).all())):
        return None
    turned = kernel.kept(("turned", g.groups), lambda: _half_turned(kernel, g.groups))
    back = Geometry(
        g.output_size,
        g.kernel_size,
        padding=(ends[0], ends[1]),
        dilation=g.dilation,
        batch=g.batch,
        channels=g.filters,
        filters=g.channels,
        groups=g.groups,
        layout=g.layout,
    )
    if g.layout == "NHWC":
        return automatic(grad, turned, back)
    return automatic(grad.transpose(0, 3, 1, 2), turned, back).transpose(0, 3, 1, 2)


def _half_turned(kernel: Kernel, groups: int) -> Kernel:
    """Filters (O, C/groups, KH, KW) as (C, O/groups, KH, KW), up-down and left-right."""
    o, c, kh, kw = kernel.filters.shape
    by_group = kernel.filters[:, :, ::-1, ::-1].reshape(groups, o // groups, c, kh, kw)
    turned = np.ascontiguousarray(by_group.swapaxes(1, 2)).reshape(groups * c, -1, kh, kw)
    return Kernel(turned, prepared=kernel.prepared)


def kernel_gradient(grad: NDArray[Any], x: NDArray[Any], g: Geometry) -> NDArray[Any] | None:
    """Go through Winograd's steps in reverse: dw = G.T @ (sum of (B.T d B) * (A grad A.T)) @ G.

    For 3x3 with at least a third as many tiles as channels: the sums, one for each of 36 values,
    channel and filter, have to be paid for.

    Parameters
    ----------
    grad : ndarray, (N, OH, OW, O)
    x : ndarray, (N, C, PH, PW) or (N, PH, PW, C)
        Padded.

    Returns
    -------
    ndarray, (O, C, 3, 3), or None
        Within 2e-5 of the largest number for float32.
    """
    (rows, columns), c, o = winograd.tile_counts(g), g.channels, g.filters
    few = 3 * g.batch * rows * columns < max(c, o) or min(c, o) < 16
    if few or winograd.refuses(g, x.dtype) or x.dtype.itemsize > 8:
        return None
    bt, to_weights, at = winograd.both_ways(x.dtype)
    channels_last = x if g.layout == "NHWC" else x.transpose(0, 2, 3, 1)
    tiles = winograd.tiles_of(_enlarged(channels_last, rows * M + 2, columns * M + 2), TILE, g)
    flows = winograd.tiles_of(_enlarged(grad, rows * M, columns * M), M, g)
    total = np.zeros((len(bt), c, o), dtype=x.dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # then it is done again, the plain way
        for block in winograd.blocks_of_tiles(g):
            of_x, of_grad = _values(bt, tiles[:, :, *block]), _values(at.T, flows[:, :, *block])
            total += np.matmul(of_x.transpose(0, 2, 1), of_grad)
        dw = to_weights.T @ total.reshape(len(bt), c * o)
    if not finite(dw):
        return None
    return dw.reshape(winograd.R, winograd.R, c, o).transpose(3, 2, 0, 1)


def _enlarged(x: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Copy (N, H, W, C) into zeros of so many rows and columns, where it has fewer."""
    n, h, w, c = x.shape
    if (h, w) == (height, width):
        return np.ascontiguousarray(x)
    y = np.zeros((n, height, width, c), dtype=x.dtype)
    y[:, :h, :w] = x
    return y


def _values(matrix: NDArray[Any], tiles: NDArray[Any]) -> NDArray[Any]:
    """Transform tiles (S, S, n, i, j, C) into values (36, n*i*j, C)."""
    cells, channels = matrix.shape[1], tiles.shape[5]
    flat = aligned((cells, tiles.size // cells), tiles.dtype)
    np.copyto(flat.reshape(tiles.shape), tiles)
    values = aligned((len(matrix), flat.shape[1]), tiles.dtype)
    product(matrix, flat, values)
    return values.reshape(len(matrix), -1, channels)
