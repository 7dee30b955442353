"""Pooling: the windows of a convolution, reduced without a kernel.

A convolution multiplies each window by weights and sums over all channels. A pooling takes the
maximum, the mean or anything else of it, each channel by itself::

    y[n, c, i, j] = reduce of windows[n, i, j, c, u, v] over the taps (u, v) that lie in the image

The way back is in `convlib.pooling.backward`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import enough_memory, refusal
from convlib.exact import working_type
from convlib.pooling.windows import (
    divisors,
    like_input,
    read,
    reduce_windows,
    refuse_complex,
    taps_inside,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from convlib.arguments import Pair

__all__ = ["avg_pool2d", "max_pool2d", "pool2d"]


def max_pool2d(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    ceil_mode: bool = False,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Keep the largest number of every window.

    Parameters
    ----------
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
        Real numbers, in any memory order.
    kernel_size : int or (row, column)
    stride : int or (row, column), optional
        Steps of the window; by default `kernel_size`, so that windows lie side by side.
    padding : int or (row, column)
        Cells added on both sides, at most half the kernel. They hold nothing: none can win.
    dilation : int or (row, column)
        Steps of the taps within the window.
    ceil_mode : bool
        Round OH and OW up instead of down: the last window may reach beyond the padding, but must
        start within the image or the padding before it.
    layout : {"NCHW", "NHWC"}

    Returns
    -------
    ndarray, (N, C, OH, OW); (N, OH, OW, C) for "NHWC"
        The axes and the dtype of `x`; a new C-contiguous array. A window that holds NaN gives NaN;
        one without any cell (a dilation can step over a tiny image) the lowest number of the
        dtype. The windows are a view; at most one padded copy of `x` is made.

    Raises
    ------
    ValueError
        Shapes and sizes that give no window; padding of more than half the kernel.
    TypeError
        Complex numbers, which have no order; arguments of another kind.

    Notes
    -----
    The arguments and their meaning are those of `torch.nn.functional.max_pool2d`. A source: D.
    Scherer, A. Müller and S. Behnke, "Evaluation of pooling operations in convolutional
    architectures for object recognition" (2010).

    Examples
    --------
    >>> x = [[1, 2, 9], [4, 5, 6], [7, 8, 3]]
    >>> max_pool2d(x, 2, stride=1)
    array([[5, 9],
           [8, 8]])
    >>> max_pool2d(x, 2, ceil_mode=True)
    array([[5, 9],
           [8, 3]])
    """
    steps = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    x, g, given = read(x, kernel_size, layout=layout, **steps)
    refuse_complex(x, given)
    with enough_memory(given):
        return like_input(reduce_windows(x, g, _largest, given), x.ndim, layout)


def avg_pool2d(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Take the mean of every window.

    Parameters
    ----------
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
        Numbers, complex ones too.
    kernel_size, stride, padding, ceil_mode, layout
        As in `max_pool2d`.
    count_include_pad : bool
        Whether cells of the padding count as zeros. If not, the sum is divided by the number of
        cells that exist. What `ceil_mode` adds beyond the padding never counts.

    Returns
    -------
    ndarray, (N, C, OH, OW); (N, OH, OW, C) for "NHWC"
        The axes and the dtype of `x`, but float64 for integers and bool; float16 is summed in
        float32. A new C-contiguous array. The windows are a view; `x` may be copied to convert
        and to pad it.

    Raises
    ------
    ValueError, TypeError
        As in `max_pool2d`, complex numbers apart.

    Notes
    -----
    The arguments and their meaning are those of `torch.nn.functional.avg_pool2d`, except that the
    latter rounds the means of integers to integers. A source: Y. LeCun et al., "Handwritten digit
    recognition with a back-propagation network" (1989).

    Examples
    --------
    >>> x = [[1, 2, 9], [4, 5, 6]]
    >>> avg_pool2d(x, 2, stride=1)
    array([[3. , 5.5]])
    >>> avg_pool2d(x, (2, 3), padding=(1, 0)).tolist()
    [[2.0], [2.5]]
    >>> avg_pool2d(x, (2, 3), padding=(1, 0), count_include_pad=False).tolist()
    [[4.0], [5.0]]
    """
    steps = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    x, g, given = read(x, kernel_size, count_include_pad=count_include_pad, layout=layout, **steps)
    dtype = np.dtype(float) if x.dtype.kind in "biu" else x.dtype
    with enough_memory(given):
        sums = reduce_windows(x.astype(working_type(dtype), copy=False), g, _total, given)
        means = sums / divisors(g, count_include_pad).astype(sums.real.dtype)
        return like_input(means.astype(dtype, copy=False), x.ndim, layout)


def pool2d(
    x: ArrayLike,
    kernel_size: int | Pair,
    reduce: Callable[..., Any],
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    ceil_mode: bool = False,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Reduce every window of every channel to one number, in whatever way.

    Parameters
    ----------
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
    kernel_size, stride, padding, dilation, ceil_mode, layout
        As in `max_pool2d`.
    reduce : callable
        Called as ``reduce(values, axis=(-2, -1))``, as `np.median` or `np.std` can be. `values` is
        a read-only view (N, rows, columns, C, KH, KW) of windows that lie side by side. At an edge
        its last two axes are shorter, for cells of the padding are not there. It returns one number
        for each window: (N, rows, columns, C). One call does for all windows that keep the same
        taps: one in all without padding, nine for 3x3 windows with padding 1.

    Returns
    -------
    ndarray, (N, C, OH, OW); (N, OH, OW, C) for "NHWC"
        The axes of `x`, the dtype that `reduce` returns; a new C-contiguous array. The windows are
        a view; at most one padded copy of `x` is made, and what `reduce` makes of its own.

    Raises
    ------
    ValueError, TypeError
        As in `max_pool2d`, complex numbers apart; a window without any cell; a `reduce` that cannot
        be called or returns another shape.

    See Also
    --------
    convlib.strided.windows : the windows themselves.

    Examples
    --------
    >>> x = [[1, 2, 9], [4, 5, 6], [7, 8, 3]]
    >>> pool2d(x, 3, np.median)
    array([[5.]])
    >>> pool2d(x, 2, lambda values, axis: values.max(axis) - values.min(axis), stride=1)
    array([[4, 7],
           [4, 5]])
    >>> pool2d(x, 3, np.min, stride=2, padding=1)
    array([[1, 2],
           [4, 3]])
    """
    steps = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    x, g, given = read(x, kernel_size, layout=layout, **steps)
    if not callable(reduce):
        change = "Use np.median, or a function of your own with the parameters (values, axis)."
        raise refusal(TypeError, "reduce cannot be called", change, {"reduce": reduce, **given})
    if any((first == stop).any() for first, stop in taps_inside(g)):
        change = "Use a smaller dilation, or less padding."
        raise refusal(ValueError, "a window holds no cell of the image", change, given)
    # An empty batch is no food for np.median. One image of zeros tells the shape and the dtype.
    images = x if x.size else np.zeros((1, *x.shape[1:]), x.dtype)
    with enough_memory(given):
        y = reduce_windows(images, g, reduce, given)
        return like_input(y[: g.batch], x.ndim, layout)


def _largest(values: NDArray[Any], axis: Pair) -> NDArray[Any]:
    """Take the maximum of each window; where no cell is there, what any number would beat."""
    if 0 in values.shape[-2:]:
        kind = values.dtype.kind
        lowest = np.iinfo(values.dtype).min if kind in "iu" else False if kind == "b" else -np.inf
        return np.full(values.shape[:-2], lowest, values.dtype)
    return _over_taps(np.maximum, values, axis)


def _total(values: NDArray[Any], axis: Pair) -> NDArray[Any]:
    """Sum up each window."""
    return _over_taps(np.add, values, axis)


def _over_taps(operation: np.ufunc, values: NDArray[Any], axis: Pair) -> NDArray[Any]:
    """Do what ``operation.reduce(values, axis)`` does, in the faster of two orders."""
    rows, columns = values.shape[-2:]
    if (rows * columns) ** 2 > values.size:  # few windows: each by itself, over all of its taps
        return np.asarray(operation.reduce(values, axis))
    # Many windows: all at once, one tap after the other. For 3x3 some 50 times faster.
    taps = (values[..., u, v] for u, v in np.ndindex(rows, columns))
    return functools.reduce(operation, taps)
