"""`unfold` and `fold`: windows laid out as the columns of a matrix, and columns added to an image.

The two are adjoint to each other, not inverse: `fold(unfold(x))` has every pixel as many times as
there are windows over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.adjoint.scatter import by_taps, unpad
from convlib.arguments import as_array, as_pair, enough_memory, refusal, reserve
from convlib.exact import biggest, refuse_overflow, result_type, working_type
from convlib.geometry import Geometry, pad
from convlib.strided import byte_strides, safe_view

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["fold", "unfold"]

Pair = tuple[int, int]


def unfold(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    dilation: int | Pair = 1,
    padding: int | str | Pair | tuple[Pair, Pair] = 0,
    stride: int | Pair = 1,
) -> NDArray[Any]:
    """Lay the windows of images out as columns, one below the other tap of a kernel: im2col.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)
    kernel_size, dilation, stride : int or (row, column)
    padding : int, (row, column), ((top, bottom), (left, right)) or str
        Cells of zero added around, as in `conv2d`.

    Returns
    -------
    ndarray, (N, C*KH*KW, L); (C*KH*KW, L) for one image
        With L = OH*OW, the windows in row-major order; a row for each tap, in the order of a flat
        (C, KH, KW) kernel. A new C-contiguous array of the dtype of x, in native byte order.

    Raises
    ------
    ValueError, TypeError
        For shapes and steps that give no window; see `Geometry`.

    See Also
    --------
    fold : the adjoint.
    convlib.strided.windows : the same windows as a view.

    Notes
    -----
    `torch.nn.functional.unfold`. Its columns make a convolution one matrix product: K. Chellapilla,
    S. Puri and P. Simard, "High performance convolutional neural networks for document processing"
    (2006), section 2. Memory: N*C*KH*KW*OH*OW elements.

    Examples
    --------
    >>> unfold([[[1, 2, 3], [4, 5, 6]]], (2, 2))
    array([[1, 2],
           [2, 3],
           [4, 5],
           [5, 6]])
    """
    x = as_array("x", x)
    arguments = {
        "kernel_size": kernel_size,
        "dilation": dilation,
        "padding": padding,
        "stride": stride,
    }
    given = {"x.shape": x.shape, **arguments}
    if x.ndim not in (3, 4):
        change = "Use (C, H, W) or (N, C, H, W); of one plane make x[None]."
        raise refusal(ValueError, f"x has {x.ndim} axes, not 3 or 4", change, given)
    images = x if x.ndim == 4 else x[None]
    n, c, h, w = images.shape
    with enough_memory(given):
        g = Geometry((h, w), batch=n, channels=c, given=given, **arguments)  # type: ignore[arg-type]
        reserve(g.batch * (g.counts.padded + g.counts.windows) * x.itemsize)
        padded = pad(images.astype(x.dtype.newbyteorder("="), copy=False), g)
        windows = safe_view(padded, g.window_shape, byte_strides(padded, g))
        rows_of_taps = windows.transpose(0, 3, 4, 5, 1, 2).copy()
        cols = rows_of_taps.reshape(n, _taps(g), _windows(g))
    return cols if x.ndim == 4 else cols[0]


def fold(
    cols: ArrayLike,
    output_size: int | Pair,
    kernel_size: int | Pair,
    *,
    dilation: int | Pair = 1,
    padding: int | str | Pair | tuple[Pair, Pair] = 0,
    stride: int | Pair = 1,
) -> NDArray[Any]:
    """Add the columns to the pixels that `unfold` would have taken them from: col2im.

    Parameters
    ----------
    cols : array_like, (N, C*KH*KW, L) or (C*KH*KW, L)
        As from `unfold`: L = OH*OW windows of an image of `output_size`.
    output_size : int or (row, column)
        (H, W) of the image. It must be named: several sizes have the same windows.
    kernel_size, dilation, padding, stride
        As in `unfold`.

    Returns
    -------
    ndarray, (N, C, H, W); (C, H, W) for one image
        A new C-contiguous array of the dtype of `cols`; integers and bool give exact int64, float16
        is summed in float32. What falls on padding is dropped.

    Raises
    ------
    ValueError, TypeError
        Columns of another shape than these windows have, sizes that give no window, integers whose
        sum could pass 2**63 - 1.

    See Also
    --------
    unfold : the adjoint.

    Notes
    -----
    `torch.nn.functional.fold`. Memory: the padded image.

    Examples
    --------
    >>> fold(np.ones((4, 2), dtype=int), (2, 3), (2, 2))
    array([[[1, 2, 1],
            [1, 2, 1]]])
    """
    cols = as_array("cols", cols)
    arguments = {
        "output_size": output_size,
        "kernel_size": kernel_size,
        "dilation": dilation,
        "padding": padding,
        "stride": stride,
    }
    given = {"cols.shape": cols.shape, **arguments}
    with enough_memory(given):
        g = _fold_geometry(cols, given, **arguments)
        dtype = result_type(cols)
        if dtype.kind == "i":
            refuse_overflow(biggest(cols) * _taps(g) // g.channels, "cols", given)
        reserve(g.batch * (g.counts.padded + g.counts.windows) * working_type(dtype).itemsize)
        folded = (g.batch, g.channels, *g.kernel_size, *g.output_size)
        windows = cols.astype(working_type(dtype), copy=False).reshape(folded)
        images = unpad(by_taps(windows.transpose(0, 4, 5, 1, 2, 3), g), g)
        images = images if cols.ndim == 3 else images[0]
        return np.asarray(images, dtype=dtype, order="C")


def _taps(g: Geometry) -> int:
    """C*KH*KW."""
    return g.channels * g.kernel_size[0] * g.kernel_size[1]


def _windows(g: Geometry) -> int:
    """OH*OW."""
    return g.output_size[0] * g.output_size[1]


def _fold_geometry(cols: NDArray[Any], given: Any, *, output_size: Any, **steps: Any) -> Geometry:
    """Work out the geometry of the `unfold` that these columns could come from."""
    if cols.ndim not in (2, 3):
        change = "Use (C*KH*KW, L) or (N, C*KH*KW, L), as from unfold."
        raise refusal(ValueError, f"cols has {cols.ndim} axes, not 2 or 3", change, given)
    batch = 1 if cols.ndim == 2 else len(cols)
    size = as_pair("output_size", output_size, 1, given)
    g = Geometry(size, batch=batch, given=given, **steps)
    rows, columns = cols.shape[-2:]
    if rows % _taps(g) or not rows:
        wrong = f"cols has {rows} rows, which {_taps(g)} taps do not divide into channels"
        raise refusal(ValueError, wrong, "Use columns of C*KH*KW numbers.", given)
    if columns != _windows(g):
        oh, ow = g.output_size
        wrong = f"cols has {columns} columns, but these sizes give {oh} * {ow} windows"
        change = "Use the output_size, and the arguments, that unfold had."
        raise refusal(ValueError, wrong, change, given)
    return Geometry(size, batch=batch, channels=rows // _taps(g), given=given, **steps)
