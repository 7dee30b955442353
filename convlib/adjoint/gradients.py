"""The gradients of a convolution layer by each method, on canonical axes.

Every product x * w that the way there adds to an output y comes back twice: grad * w is added to
that x, and grad * x to that w. `convlib.adjoint` reads the arguments and arranges the results.
In each function below::

    grad    (N, OH, OW, O), as the `correlate` of every method returns it
    x, dx   padded, (N, C, PH, PW) or (N, PH, PW, C) in the layout of g
    w, dw   (O, C/groups, KH, KW)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import index_grid, strided
from convlib.adjoint.scatter import from_channels_last, on_grid, taps
from convlib.arguments import reserve
from convlib.geometry import LAYOUTS, Geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Gradient = Callable[[NDArray[Any], NDArray[Any], Geometry], NDArray[Any]]

__all__ = [
    "INPUT_GRADIENTS",
    "KERNEL_GRADIENTS",
    "index_grid_dw",
    "index_grid_dx",
    "loops_dw",
    "loops_dx",
    "products",
    "strided_dw",
    "strided_dx",
]


def products(g: Geometry) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
    """Yield the indices of y, x and w in every product that the definition adds up.

    >>> list(products(Geometry((1, 2), (1, 2))))[1]  # y[n, i, j, o] += x[n, row, column, c] * w
    ((0, 0, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))
    """
    (oh, ow), (kh, kw) = g.output_size, g.kernel_size
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    channels, filters = g.channels // g.groups, g.filters // g.groups
    for n, i, j, o, c, u, v in np.ndindex(g.batch, oh, ow, g.filters, channels, kh, kw):
        row, column = i * down + u * tap_down, j * right + v * tap_right
        yield (n, i, j, o), (n, row, column, o // filters * channels + c), (o, c, u, v)


def loops_dx(grad: NDArray[Any], w: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Add grad * w to the pixel of every product, one at a time.

    >>> g = Geometry((1, 4), (1, 2))
    >>> loops_dx(np.array([1, 2, 4]).reshape(1, 1, 3, 1), np.array([[[[10, 1]]]]), g).ravel()
    array([10, 21, 42,  4])
    """
    dx = np.zeros((g.batch, *g.padded_size, g.channels), dtype=grad.dtype)
    for of_y, of_x, of_w in products(g):
        dx[of_x] += grad[of_y] * w[of_w]
    return from_channels_last(dx, g)


def loops_dw(grad: NDArray[Any], x: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Add grad * x to the weight of every product, one at a time.

    >>> g = Geometry((1, 4), (1, 2))
    >>> x = np.array([[[[1, 10, 100, 1000]]]])
    >>> loops_dw(np.array([1, 2, 4]).reshape(1, 1, 3, 1), x, g).ravel()
    array([ 421, 4210])
    """
    x = x.transpose(0, *LAYOUTS[g.layout][1:], LAYOUTS[g.layout][0])
    dw = np.zeros((g.filters, g.channels // g.groups, *g.kernel_size), dtype=grad.dtype)
    for of_y, of_x, of_w in products(g):
        dw[of_w] += grad[of_y] * x[of_x]
    return dw


def index_grid_dx(grad: NDArray[Any], w: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Fill windows with grad * w, then scatter them on the grid that `take` fetched them with.

    Memory: N*OH*OW*C*KH*KW products and as many indices.
    """
    reserve(g.batch * g.counts.windows * (grad.itemsize + np.dtype(np.intp).itemsize))
    windows = np.empty(g.window_shape, dtype=grad.dtype)
    for channels, filters in g.group_slices():
        windows[:, :, :, channels] = np.tensordot(grad[..., filters], w[filters], axes=1)
    return on_grid(windows, g)


def index_grid_dw(grad: NDArray[Any], x: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Fetch every window by the grid, a flat window a row, then grad.T @ windows.

    Memory: as `index_grid_dx`.
    """
    reserve(g.batch * g.counts.windows * (x.itemsize + np.dtype(np.intp).itemsize))
    grid = index_grid.batch_grid(g).reshape(-1, g.channels, *g.kernel_size)
    flat = grad.reshape(len(grid), g.filters)
    parts = []
    for channels, filters in g.group_slices():
        parts.append(np.tensordot(flat[:, filters].T, x.take(grid[:, channels]), axes=1))
    return np.concatenate(parts)


def strided_dx(grad: NDArray[Any], w: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Add grad @ w tap by tap to the slice of the image that the tap visits.

    Memory: one tap's products, N*OH*OW*C/groups, where the grid holds those of all taps.
    """
    dx = np.zeros((g.batch, *g.padded_size, g.channels), dtype=grad.dtype)
    for channels, filters in g.group_slices():
        part = np.ascontiguousarray(grad[..., filters])
        for u, v, cells in taps(dx[..., channels], g):
            cells += np.tensordot(part, w[filters, :, u, v], axes=1)
    return from_channels_last(dx, g)


def strided_dw(grad: NDArray[Any], x: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """View the windows, then tensordot over N, OH and OW with grad.

    Memory: tensordot copies the view. As its first operand it is copied as (C, KH, KW, N, OH, OW),
    in runs along a row of the image; as its second it would be copied in runs of KW.
    """
    view = strided.safe_view(x, g.window_shape, strided.byte_strides(x, g))
    reserve(view.size // g.groups * view.itemsize)
    parts = []
    for channels, filters in g.group_slices():
        images_rows_columns = ((0, 1, 2), (0, 1, 2))
        dw = np.tensordot(view[:, :, :, channels], grad[..., filters], axes=images_rows_columns)
        parts.append(np.moveaxis(dw, -1, 0))
    return np.concatenate(parts)


#: dx and dw by the name of the method.
INPUT_GRADIENTS: dict[str, Gradient] = {
    "loops": loops_dx,
    "index_grid": index_grid_dx,
    "strided": strided_dx,
}
KERNEL_GRADIENTS: dict[str, Gradient] = {
    "loops": loops_dw,
    "index_grid": index_grid_dw,
    "strided": strided_dw,
}
