"""Windows by index grid: say where every tap lies in flat memory, and fetch them all at once.

An image is a row of numbers in memory. A window begins at its *start*; a tap lies at its *offset*
from there, the same offset in every window. So one broadcast addition says it all::

    grid = starts[:, None] + offsets[None, :]      # (OH*OW, C*KH*KW)
    image.take(grid)                               # every window, a row each

The twin of this file is `convlib.strided`: the same verbs, with bytes for elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import as_array, enough_memory, reserve
from convlib.geometry import Geometry, as_batch, windows_geometry, without_batch

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["batch_grid", "correlate", "grid", "offsets", "starts", "steps", "windows"]


def steps(g: Geometry) -> tuple[int, int, int, int]:
    """Count the elements from one image, channel, row and column to the next.

    They follow from the padded shape, because `take` reads any array as its rows laid end to end.

    >>> steps(Geometry((4, 5), 3, channels=2))
    (40, 20, 5, 1)
    >>> steps(Geometry((4, 5), 3, channels=2, layout="NHWC"))
    (40, 1, 10, 2)
    """
    (height, width), channels = g.padded_size, g.channels
    image = channels * height * width
    if g.layout == "NHWC":
        return image, 1, width * channels, channels
    return image, height * width, width, 1


def offsets(g: Geometry) -> NDArray[np.intp]:
    """Say how far each tap lies from its window's start: channel, row and column added.

    Returns
    -------
    ndarray of intp, (C*KH*KW,)
        In the order of a flattened (C, KH, KW) kernel, in either layout.

    Examples
    --------
    >>> offsets(Geometry((4, 5), (2, 3)))
    array([0, 1, 2, 5, 6, 7])
    """
    _, channel, row, column = steps(g)
    (kh, kw), (down, right) = g.kernel_size, g.dilation
    c = np.arange(g.channels) * channel
    u = np.arange(kh) * down * row
    v = np.arange(kw) * right * column
    return (c[:, None, None] + u[:, None] + v).ravel()


def starts(g: Geometry) -> NDArray[np.intp]:
    """Say where each window of one image begins, in row-major order of the output.

    Returns
    -------
    ndarray of intp, (OH*OW,)

    Examples
    --------
    >>> starts(Geometry((4, 5), (2, 3), stride=(2, 1)))
    array([ 0,  1,  2, 10, 11, 12])
    """
    _, _, row, column = steps(g)
    (oh, ow), (down, right) = g.output_size, g.stride
    i = np.arange(oh) * down * row
    j = np.arange(ow) * right * column
    return (i[:, None] + j).ravel()


def grid(g: Geometry) -> NDArray[np.intp]:
    """Add starts and offsets: the flat index of every tap (column) of every window (row).

    Returns
    -------
    ndarray of intp, (OH*OW, C*KH*KW)
        8 bytes an entry: for float32 images twice the memory of the values that it fetches.

    Examples
    --------
    >>> grid(Geometry((3, 3), 2))
    array([[0, 1, 3, 4],
           [1, 2, 4, 5],
           [3, 4, 6, 7],
           [4, 5, 7, 8]])
    """
    return starts(g)[:, None] + offsets(g)[None, :]


def batch_grid(g: Geometry) -> NDArray[np.intp]:
    """Add the image's own beginning to `grid`: (N, OH*OW, C*KH*KW) for a whole batch.

    >>> batch_grid(Geometry((1, 3), (1, 2), batch=2))
    array([[[0, 1],
            [1, 2]],
    <BLANKLINE>
           [[3, 4],
            [4, 5]]])
    """
    image, *_ = steps(g)
    images = np.arange(g.batch) * image
    return images[:, None, None] + grid(g)


def windows(
    x: ArrayLike,
    kernel_size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    dilation: int | tuple[int, int] = 1,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Fetch every window of every image: a copy, by `take` with an index grid.

    Parameters
    ----------
    x : array_like, (N, C, H, W), (C, H, W) or (H, W); (N, H, W, C) or (H, W, C) for "NHWC"
        Any memory order; `take` reads it as C order. Nothing is padded.
    kernel_size, stride, dilation : int or (row, column)
    layout : {"NCHW", "NHWC"}
        Order of the axes of `x`. The result has the same order for both.

    Returns
    -------
    ndarray, (N, OH, OW, C, KH, KW)
        A writable copy of N*OH*OW*C*KH*KW elements, after a grid of as many 8-byte indices.
        (OH, OW, C, KH, KW) for one image, (OH, OW, KH, KW) for a 2-D one.

    Raises
    ------
    ValueError, TypeError
        For shapes and steps that give no window; see `Geometry`.

    See Also
    --------
    convlib.strided.windows : the same windows as a view.

    Notes
    -----
    The flat copy of all windows is the *im2col* of K. Chellapilla, S. Puri and P. Simard, "High
    performance convolutional neural networks for document processing" (2006), section 2.

    Examples
    --------
    >>> x = np.arange(12).reshape(3, 4)
    >>> windows(x, (2, 3))[1, 0]
    array([[ 4,  5,  6],
           [ 8,  9, 10]])
    """
    x = as_array("x", x, numeric=False)
    g = windows_geometry(x, kernel_size, stride, dilation, layout)
    with enough_memory({"x.shape": x.shape, "windows": g.window_shape}):
        reserve(g.batch * g.counts.windows * (x.itemsize + np.dtype(np.intp).itemsize))
        taken = as_batch(x, layout).take(batch_grid(g)).reshape(g.window_shape)
    return without_batch(taken, x.ndim)


def correlate(x: NDArray[Any], w: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Cross-correlate a padded batch with all filters: take, then dot with the flat kernels.

    Parameters, result and axes as in `convlib.loops.correlate`.

    >>> g = Geometry((1, 4), (1, 2))
    >>> correlate(np.array([[[[1, 2, 4, 8]]]]), np.array([[[[10, 1]]]]), g).ravel()
    array([12, 24, 48])
    """
    reserve(g.batch * g.counts.windows * (x.itemsize + np.dtype(np.intp).itemsize))
    (oh, ow), (kh, kw) = g.output_size, g.kernel_size
    taps = batch_grid(g).reshape(g.batch, oh * ow, g.channels, kh * kw)
    parts = []
    for channels, filters in g.group_slices():
        kernels = w[filters].reshape(g.filters // g.groups, -1)  # a flat kernel a row
        flat = taps[:, :, channels].reshape(g.batch, oh * ow, kernels.shape[1])
        parts.append(x.take(flat) @ kernels.T)
    return np.concatenate(parts, axis=-1).reshape(g.batch, oh, ow, g.filters)
