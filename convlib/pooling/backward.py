"""Pooling backward: what each cell of the input hears of the gradient of the output.

Each window hands its gradient to its own cells: a maximum all of it to the cell that won, a mean
an equal share to every cell. A cell under several windows adds up what it is handed. ::

    dx[n, c, i*stride + u*dilation - padding, ...] += share[n, c, i, j, u, v]

One tap reaches different cells from different windows, so that a whole tap is added at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.adjoint.scatter import taps
from convlib.arguments import as_array, enough_memory, refusal
from convlib.exact import biggest, refuse_overflow, result_type, working_type
from convlib.geometry import as_batch
from convlib.pooling.windows import (
    divisors,
    like_input,
    read,
    refuse_complex,
    taps_inside,
    windows_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from convlib.arguments import Pair
    from convlib.geometry import Geometry

__all__ = ["avg_pool2d_backward", "max_pool2d_backward"]


def max_pool2d_backward(
    grad: ArrayLike,
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    ceil_mode: bool = False,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Hand the gradient of every window to the cell that won it.

    Parameters
    ----------
    grad : array_like, (N, C, OH, OW); (N, OH, OW, C) for "NHWC"
        The gradient with respect to the output, in the axes of the output.
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
        The input of `max_pool2d`, and its arguments.
    kernel_size, stride, padding, dilation, ceil_mode, layout
        As in `max_pool2d`.

    Returns
    -------
    ndarray, the shape of `x`
        A new C-contiguous array of the dtype of `grad`; integers and bool give exact int64, and
        float16 is summed in float32. Of equal numbers the first in row-major order wins; of
        several NaN the last, as in PyTorch. A window without any cell hands its gradient to none.
        Some copies of the output are made, and none of the windows.

    Raises
    ------
    ValueError, TypeError
        As in `max_pool2d`; a gradient whose shape is not that of the output.

    Notes
    -----
    The places of the maxima are the *switches* of M. Zeiler and R. Fergus, "Visualizing and
    understanding convolutional networks" (2014), section 2.1.

    Examples
    --------
    >>> x = [[1, 2, 9], [4, 5, 6], [7, 8, 3]]
    >>> max_pool2d_backward([[10, 20], [30, 40]], x, 2, stride=1)
    array([[ 0,  0, 20],
           [ 0, 10,  0],
           [ 0, 70,  0]])
    """
    steps = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    x, g, given = read(x, kernel_size, layout=layout, **steps)
    refuse_complex(x, given)
    with enough_memory(given):
        grad = _read_grad(grad, x, g, given)
        dtype = result_type(grad)
        if dtype.kind == "i":
            refuse_overflow(biggest(grad) * g.kernel_size[0] * g.kernel_size[1], "grad", given)
        flow = _channels_last(grad, g).astype(working_type(dtype), copy=False)
        winners = _winners(x, g)
        dx = _hand_back(lambda tap: np.where(winners == tap, flow, 0), g, flow.dtype)
        return like_input(dx.astype(dtype, copy=False), x.ndim, layout)


def avg_pool2d_backward(
    grad: ArrayLike,
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Hand every cell of a window an equal share of the gradient.

    Parameters
    ----------
    grad : array_like, (N, C, OH, OW); (N, OH, OW, C) for "NHWC"
        The gradient with respect to the output, in the axes of the output.
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
        The input of `avg_pool2d`. Its shape alone matters.
    kernel_size, stride, padding, ceil_mode, count_include_pad, layout
        As in `avg_pool2d`.

    Returns
    -------
    ndarray, the shape of `x`
        A new C-contiguous array of the dtype of `grad`; integers and bool give float64, and
        float16 is summed in float32. The share of a cell in the padding is lost. Some copies of
        the output are made, and none of the windows.

    Raises
    ------
    ValueError, TypeError
        As in `avg_pool2d`; a gradient whose shape is not that of the output.

    Notes
    -----
    A mean is linear, so that this is its adjoint: sum(avg_pool2d(x) * grad) = sum(x * dx).

    Examples
    --------
    >>> avg_pool2d_backward([[4, 8]], np.zeros((2, 3)), 2, stride=1)
    array([[1., 3., 2.],
           [1., 3., 2.]])
    """
    steps = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    x, g, given = read(x, kernel_size, count_include_pad=count_include_pad, layout=layout, **steps)
    with enough_memory(given):
        grad = _read_grad(grad, x, g, given)
        dtype = np.dtype(float) if grad.dtype.kind in "biu" else result_type(grad)
        flow = _channels_last(grad, g).astype(working_type(dtype), copy=False)
        share = flow / divisors(g, count_include_pad).astype(flow.real.dtype)
        dx = _hand_back(lambda tap: share, g, flow.dtype)
        return like_input(dx.astype(dtype, copy=False), x.ndim, layout)


def _read_grad(
    grad: ArrayLike, x: NDArray[Any], g: Geometry, given: dict[str, Any]
) -> NDArray[Any]:
    """Read the gradient of the output, whose shape must be that of the output."""
    grad = as_array("grad", grad)
    given["grad.shape"] = grad.shape
    output = np.broadcast_to(0, (g.batch, *g.output_size, g.channels))
    wanted = like_input(output, x.ndim, g.layout).shape
    if grad.shape != wanted:
        wrong = f"grad has shape {grad.shape}, the output has {wanted}"
        raise refusal(ValueError, wrong, f"Use a gradient of shape {wanted}.", given)
    return grad


def _winners(x: NDArray[Any], g: Geometry) -> NDArray[np.intp]:
    """Number the tap that wins each window: (N, OH, OW, C), row by row from 0; -1 for no tap."""
    windows = windows_of(x, g)
    (top, bottom), (left, right) = taps_inside(g)
    best = windows[..., 0, 0]
    winners = np.full(best.shape, -1)
    for tap, (u, v) in enumerate(np.ndindex(*g.kernel_size)):
        value = windows[..., u, v]
        exists = ((top <= u) & (u < bottom))[:, None] & ((left <= v) & (v < right))
        # Not >=, so that the first of equals stays. No number is greater than NaN, which only
        # another NaN drives out.
        wins = exists[..., None] & ((winners < 0) | (value > best) | np.isnan(value))
        best, winners = np.where(wins, value, best), np.where(wins, tap, winners)
    return winners


def _hand_back(
    share: Callable[[int], NDArray[Any]], g: Geometry, dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Add the share (N, OH, OW, C) of every tap to the cells that it reads: (N, H, W, C)."""
    padded = np.zeros((g.batch, *g.padded_size, g.channels), dtype)
    for tap, (_, _, cells) in enumerate(taps(padded, g)):
        cells += share(tap)
    (top, _), (left, _), (h, w) = *g.padding, g.input_size
    return padded[:, top : top + h, left : left + w]


def _channels_last(images: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """View one image or a batch of either layout as (N, rows, columns, C)."""
    batch = as_batch(images, g.layout)
    return batch if g.layout == "NHWC" else batch.transpose(0, 2, 3, 1)
