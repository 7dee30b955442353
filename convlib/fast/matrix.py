"""Matrix: a convolution is linear, so a tiny one is a single product with a single matrix.

Every output is a weighted sum of the inputs. Written down for all outputs at once, the weights are
a matrix of (C*H*W, O*OH*OW), most of it zeros, and the whole batch is one product with it. For an
image of a few pixels this is less work than to look for the windows.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.buffers import laid_out
from convlib.fast.cost import Cost, padded_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

    Shape = tuple[int, ...]

__all__ = ["LARGEST", "as_matrix", "correlate", "cost", "kept", "refuses"]

LARGEST = 2**22  # numbers in the matrix


def refuses(g: Geometry, dtype: np.dtype[Any]) -> str:
    """Say what there is in `g` that this method cannot do, or nothing."""
    if g.groups != 1:
        return "groups other than 1"
    numbers = g.channels * math.prod(g.padded_size) * g.counts.output
    return "" if numbers <= LARGEST else f"a matrix of {numbers:,} numbers (at most {LARGEST:,})"


def cost(g: Geometry, itemsize: int) -> Cost:
    """Count the work; see `convlib.fast.cost.Cost`."""
    copy = 0 if g.padding_mode == "zeros" else padded_bytes(g, itemsize, g.layout)
    inputs = math.prod(g.input_size if g.padding_mode == "zeros" else g.padded_size) * g.channels
    matrix = inputs * g.counts.output
    return Cost(g.batch * matrix, copy + matrix * itemsize, copy, 1, 1, matrix * itemsize)


def as_matrix(filters: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Write a convolution down as a matrix (inputs, outputs), for flat images in the layout of `g`.

    The filters are written into zeros through a view: by byte strides, as windows are read. Zero
    padding needs no rows, so that images come unpadded.

    >>> from convlib.geometry import Geometry
    >>> as_matrix(np.array([[[[1, 2]]]]), Geometry((1, 4), (1, 2)))
    array([[1, 0, 0],
           [2, 1, 0],
           [0, 2, 1],
           [0, 0, 2]])
    """
    shape, places, steps = _view(g, filters.itemsize)
    full = np.zeros(shape, dtype=filters.dtype)
    # Each (i, j, o, c, u, v) is another number of `full`, and NumPy sees that all lie in it.
    np.ndarray(places, full.dtype, full, 0, steps)[...] = filters
    if g.pads and g.padding_mode == "zeros":
        (top, _), (left, _) = g.padding
        full = full[:, top : top + g.input_size[0], left : left + g.input_size[1]]
    if g.layout == "NHWC":
        full = full.transpose(1, 2, 0, 4, 5, 3)
    return full.reshape(-1, g.counts.output)


@functools.lru_cache(maxsize=1024)
def _view(g: Geometry, itemsize: int) -> tuple[Shape, Shape, Shape]:
    """Shape of the matrix with all its axes; shape and byte strides of the filters in it."""
    (ph, pw), (oh, ow), (kh, kw) = g.padded_size, g.output_size, g.kernel_size
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    shape = g.channels, ph, pw, g.filters, oh, ow
    channel, row, column, to_filter, to_row, to_column = (
        math.prod(shape[axis + 1 :]) * itemsize for axis in range(6)
    )
    of_output = down * row + to_row, right * column + to_column, to_filter
    steps = *of_output, channel, tap_down * row, tap_right * column
    return shape, (oh, ow, g.filters, g.channels, kh, kw), steps


def correlate(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Cross-correlate a batch of small images by one product; threads are not used.

    Parameters, result and axes as in `convlib.fast.im2col.correlate`. No groups.

    Error: that of a direct sum, 1e-6 of the largest output for float32 up to 5x5. Integers: none.
    One infinity or NaN spoils all outputs of its image: in the others it is multiplied by 0.
    Memory: none, but for images that are not contiguous or padded otherwise than by zeros, a copy.
    The matrix is kept with the kernel, (C*H*W) * (O*OH*OW) numbers for each size of image.
    """
    images = x if g.padding_mode == "zeros" else laid_out(x, g, g.layout)
    y: NDArray[Any] = images.reshape(g.batch, -1).dot(kept(kernel, g, x.dtype))
    if g.layout == "NCHW":
        return y.reshape(g.batch, g.filters, *g.output_size).transpose(0, 2, 3, 1)
    return y.reshape(g.batch, *g.output_size, g.filters)


def kept(kernel: Kernel, g: Geometry, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The matrix for images of this size, made when it is first asked for."""
    if not kernel.prepared:
        return as_matrix(kernel.filters.astype(dtype, copy=False), g)
    sizes = g.input_size, g.stride, g.padding, g.padding_mode, g.dilation, g.layout
    made: NDArray[Any] = kernel.kept(
        ("matrix", sizes, dtype), lambda: as_matrix(kernel.typed(dtype), g)
    )
    return made
