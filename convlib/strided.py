"""Windows by byte strides: tell NumPy how to walk the memory that is already there.

An array is a block of bytes and a rule: so many bytes to the next row, so many to the next column.
A window view is the same block with a longer rule, in which the window and the taps within it step
over the same bytes, so that nothing is copied::

    strides = (image, down*row, right*column, channel, row, column)      # in bytes

The twin of this file is `convlib.index_grid`: the same verbs, with elements for bytes.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlib.arguments import as_array, refusal, reserve
from convlib.geometry import LAYOUTS, Geometry, as_batch, windows_geometry, without_batch

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["byte_span", "byte_strides", "correlate", "safe_view", "steps", "windows"]


def steps(x: NDArray[Any], layout: str = "NCHW") -> tuple[int, int, int, int]:
    """Count the bytes from one image, channel, row and column of the batch `x` to the next.

    They are read from `x.strides`: a Fortran-ordered, sliced, reversed or broadcast array has
    other strides than its shape suggests, some of them zero or negative.

    >>> steps(np.zeros((3, 2, 4, 5), dtype=np.float32))
    (160, 80, 20, 4)
    >>> steps(np.zeros((3, 2, 4, 5), dtype=np.float32)[:, :, ::-1])
    (160, 80, -20, 4)
    """
    channel, row, column = (x.strides[axis] for axis in LAYOUTS[layout])
    return x.strides[0], channel, row, column


def byte_strides(x: NDArray[Any], g: Geometry) -> tuple[int, int, int, int, int, int]:
    """Work out the byte strides of the window view (N, OH, OW, C, KH, KW) of a padded batch.

    >>> byte_strides(np.zeros((1, 1, 4, 5), dtype=np.float32), Geometry((4, 5), (2, 3), stride=2))
    (0, 40, 8, 0, 20, 4)
    """
    image, channel, row, column = steps(x, g.layout)
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    jumps = image, down * row, right * column, channel, tap_down * row, tap_right * column
    # An axis of length 1 is never stepped along and NumPy lets it carry any number: make it 0.
    n, i, j, c, u, v = (s if size > 1 else 0 for s, size in zip(jumps, g.window_shape, strict=True))
    return n, i, j, c, u, v


def byte_span(shape: tuple[int, ...], strides: tuple[int, ...], itemsize: int) -> tuple[int, int]:
    """Find the lowest byte that an array can touch, and one past the highest.

    Both are counted from its first element: each axis reaches (length - 1) * stride bytes,
    backward where the stride is negative. An empty array touches nothing.

    >>> byte_span((4, 5), (20, 4), 4)
    (0, 80)
    >>> byte_span((4, 5), (-20, 4), 4)
    (-60, 20)
    """
    # As Python's integers, which never wrap: NumPy's would let a stride of 2**62 pass.
    reach = [(index(length) - 1) * index(s) for length, s in zip(shape, strides, strict=True)]
    if 0 in shape:
        return 0, 0
    return sum(min(r, 0) for r in reach), sum(max(r, 0) for r in reach) + itemsize


def safe_view(x: NDArray[Any], shape: tuple[int, ...], strides: tuple[int, ...]) -> NDArray[Any]:
    """View `x` with another shape and other byte strides, once that is proved to be safe.

    Parameters
    ----------
    x : ndarray
    shape : tuple of int
    strides : tuple of int
        Bytes, one for each entry of `shape`.

    Returns
    -------
    ndarray
        A read-only view that starts at the first element of `x`; no copy.

    Raises
    ------
    ValueError
        Where the view's lowest or highest byte lies outside the bytes that `x` spans; for what is
        no shape, or not as many byte strides.

    Examples
    --------
    >>> x = np.arange(20, dtype=np.float32).reshape(4, 5)
    >>> safe_view(x, (3, 3, 2, 3), (20, 4, 20, 4))[1, 1]
    array([[ 6.,  7.,  8.],
           [11., 12., 13.]], dtype=float32)
    """
    try:
        low, high = byte_span(shape, strides, x.itemsize)
        first, last = byte_span(x.shape, x.strides, x.itemsize)
        if first <= low and high <= last:
            return as_strided(x, shape=shape, strides=strides, writeable=False)
        has = f"only {first} to {last - 1}" if last > first else "none"
        wrong = f"the view would touch bytes {low} to {high - 1}, but x has {has}"
    except (TypeError, ValueError, OverflowError) as error:
        wrong = f"no view has this shape and these byte strides ({error})"
    given = {"shape": shape, "strides": strides, "x.shape": x.shape, "x.strides": x.strides}
    change = "Use a smaller shape, or byte strides taken from x.strides."
    raise refusal(ValueError, wrong, change, given)


def windows(
    x: ArrayLike,
    kernel_size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    dilation: int | tuple[int, int] = 1,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Show every window of every image: a read-only view, by byte strides.

    Parameters
    ----------
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
        Any memory order: the strides are those of `x`. Nothing is padded.
    kernel_size, stride, dilation : int or (row, column)
    layout : {"NCHW", "NHWC"}
        Order of the axes of `x`. The result has the same order for both.

    Returns
    -------
    ndarray, (N, OH, OW, C, KH, KW)
        A read-only view into the memory of `x`: no new element, however large the windows.
        (OH, OW, C, KH, KW) for one image, (OH, OW, KH, KW) for a 2-D one.

    Raises
    ------
    ValueError, TypeError
        For shapes and steps that give no window; see `Geometry`.

    See Also
    --------
    convlib.index_grid.windows : the same windows as a copy.
    numpy.lib.stride_tricks.sliding_window_view : stride 1 only, to be sliced afterwards.

    Examples
    --------
    >>> x = np.arange(12).reshape(3, 4)
    >>> windows(x, (2, 3))[1, 0]
    array([[ 4,  5,  6],
           [ 8,  9, 10]])
    >>> np.shares_memory(x, windows(x, (2, 3)))
    True
    """
    x = as_array("x", x, numeric=False)
    g = windows_geometry(x, kernel_size, stride, dilation, layout)
    batch = as_batch(x, layout)
    return without_batch(safe_view(batch, g.window_shape, byte_strides(batch, g)), x.ndim)


def correlate(x: NDArray[Any], w: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Cross-correlate a padded batch with all filters: view, then tensordot over C, KH and KW.

    Parameters, result and axes as in `convlib.loops.correlate`. The tensordot copies the view.

    >>> g = Geometry((1, 4), (1, 2))
    >>> correlate(np.array([[[[1, 2, 4, 8]]]]), np.array([[[[10, 1]]]]), g).ravel()
    array([12, 24, 48])
    """
    view = safe_view(x, g.window_shape, byte_strides(x, g))
    reserve(view.size // g.groups * view.itemsize)  # of what tensordot copies, a group at a time
    parts = []
    for channels, filters in g.group_slices():
        channel_row_column = ((3, 4, 5), (1, 2, 3))
        parts.append(np.tensordot(view[:, :, :, channels], w[filters], axes=channel_row_column))
    return np.concatenate(parts, axis=-1)
