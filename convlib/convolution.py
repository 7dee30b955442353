"""`conv2d`, the one front door: read the arguments, pad, let a method work, arrange the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib import index_grid, loops, strided
from convlib.exact import biggest, refuse_overflow, result_type, working_type
from convlib.geometry import (
    LAYOUTS,
    Geometry,
    as_array,
    as_batch,
    choice,
    enough_memory,
    pad,
    refusal,
    reserve,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["METHODS", "Operands", "conv2d", "read"]

_CORRELATE: dict[str, Callable[[NDArray[Any], NDArray[Any], Geometry], NDArray[Any]]] = {
    "loops": loops.correlate,
    "index_grid": index_grid.correlate,
    "strided": strided.correlate,
}

#: The methods that `conv2d` knows by name.
METHODS = tuple(_CORRELATE)


class Operands(NamedTuple):
    """What a method works on: arrays of one dtype and canonical axes, and their geometry."""

    x: NDArray[Any]  # padded, (N, C, PH, PW) or (N, PH, PW, C) as the layout says
    w: NDArray[Any]  # (O, C/groups, KH, KW)
    bias: NDArray[Any] | None  # (O,)
    geometry: Geometry
    dtype: np.dtype[Any]  # of the result; float16 is summed in float32


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | str | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    layout: str = "NCHW",
    method: str = "auto",
) -> NDArray[Any]:
    """Cross-correlate images with filters, as a convolution layer does (the kernel is not flipped).

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W); (N, H, W, C) or (H, W, C) for "NHWC"; or (H, W)
        A batch or one image. A 2-D image goes with a 2-D kernel, and only with that.
    w : array_like, (O, C/groups, KH, KW); (KH, KW, C/groups, O) for "NHWC"
        O filters; or one kernel (C, KH, KW), for "NHWC" (KH, KW, C), or (KH, KW): the output then
        has no channel axis.
    bias : array_like, (O,), optional
        Added to each filter's output. For one kernel a scalar or (1,).
    stride, dilation : int or (row, column)
        Steps of the window; steps of the taps within it.
    padding : int, (row, column), ((top, bottom), (left, right)) or str
        "valid" is 0; "same" gives ceil(H / stride) rows with the odd cell at the end, "same_lower"
        with the odd cell at the start.
    groups : int
        C and O are split into as many groups, each filter reading its own group's channels.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
    layout : {"NCHW", "NHWC"}
    method : str
        One of `convlib.METHODS`, or "auto", which is "strided": it needs no grid of indices.

    Returns
    -------
    ndarray, (N, O, OH, OW); (N, OH, OW, O) for "NHWC"
        Without N for one image, without O for one kernel. A new C-contiguous array of NumPy's
        result type; integers and bool give exact int64; float16 is summed in float32.

    Raises
    ------
    ValueError
        Shapes, sizes or names that do not fit, integers whose sum could pass 2**63 - 1, arrays too
        large for the memory. The message repeats what was given and says what to change.
    TypeError
        Arrays that do not hold numbers, steps that are not integers.

    Notes
    -----
    OH = floor((H + top + bottom - (KH - 1) * dilation - 1) / stride) + 1: V. Dumoulin and F. Visin,
    "A guide to convolution arithmetic for deep learning" (2016), relationship 6. The "index_grid"
    and "strided" methods copy N*OH*OW*C*KH*KW elements at once; "loops" copies none.

    Examples
    --------
    >>> x = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
    >>> conv2d(x, [[0, 1], [-1, 0]])
    array([[-3, -3, -3],
           [-3, -3, -3]])
    >>> conv2d(np.ones((3, 7, 9)), np.ones((2, 3, 3, 3)), stride=2, padding=1).shape
    (2, 4, 5)
    """
    arguments = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": padding_mode,
        "layout": layout,
    }
    choice("method", method, (*METHODS, "auto"), {"method": method})
    x, w = as_array("x", x), as_array("w", w)
    with enough_memory({"x.shape": x.shape, "w.shape": w.shape, **arguments}):
        operands = read(x, w, bias, **arguments)
        correlate = _CORRELATE["strided" if method == "auto" else method]
        y = correlate(operands.x, operands.w, operands.geometry)
        if operands.bias is not None:
            y = y + operands.bias
        return _arrange(y.astype(operands.dtype, copy=False), x.ndim, w.ndim, layout)


def read(x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, **arguments: Any) -> Operands:
    """Read the arguments of `conv2d` (all but `method`) into the operands of a method."""
    x, w = as_array("x", x), as_array("w", w)
    b = None if bias is None else as_array("bias", bias)
    given = {"x.shape": x.shape, "w.shape": w.shape, **arguments}
    if b is not None:
        given["bias.shape"] = b.shape
    g = _geometry(x, w, b, given, **arguments)
    weak = bias if isinstance(bias, bool | int | float | complex) else b  # 0.5 widens no float32
    dtype = result_type(x, w) if weak is None else result_type(x, w, weak)
    if dtype.kind == "i":
        _refuse_overflow(x, as_filters(w, g.layout), b, given)
    working = working_type(dtype)
    reserve(g.batch * (g.counts[0] + g.counts[1]) * working.itemsize)
    images = pad(as_batch(x, g.layout).astype(working, copy=False), g)
    filters = as_filters(w, g.layout).astype(working, copy=False)
    return Operands(images, filters, None if b is None else b.astype(working).reshape(-1), g, dtype)


def as_filters(w: NDArray[Any], layout: str) -> NDArray[Any]:
    """View one kernel or several filters of either layout as (O, C/groups, KH, KW)."""
    if w.ndim == 2:
        return w[None, None]
    if layout == "NHWC":
        w = w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.transpose(2, 0, 1)
    return w if w.ndim == 4 else w[None]


def _geometry(
    x: NDArray[Any],
    w: NDArray[Any],
    bias: NDArray[Any] | None,
    given: Mapping[str, Any],
    *,
    groups: int = 1,
    layout: str = "NCHW",
    **steps: Any,
) -> Geometry:
    """Hold the shapes against each other, then work out the geometry."""
    choice("layout", layout, LAYOUTS, given)
    _check_ranks(x, w, given)
    images, filters = as_batch(x, layout), as_filters(w, layout)
    channels, height, width = (images.shape[axis] for axis in LAYOUTS[layout])
    if w.ndim < 4 and whole("groups", groups, 1, given) != 1:
        wrong = "one kernel without an axis of filters has one group"
        change = "Use groups=1, or give w an axis of filters."
        raise refusal(ValueError, wrong, change, given)
    if filters.shape[1] * whole("groups", groups, 1, given) != channels:
        wrong = f"w reads {filters.shape[1]} channels in each of {groups} groups, x has {channels}"
        change = "Make C of x equal C/groups of w times groups, or name the layout they have."
        raise refusal(ValueError, wrong, change, given)
    wanted = [(filters.shape[0],)] if w.ndim == 4 else [(), (1,)]
    if bias is not None and bias.shape not in wanted:
        change = f"Use {' or '.join(map(str, wanted))}: one number a filter."
        raise refusal(ValueError, f"bias has shape {bias.shape}", change, given)
    sizes = {"batch": len(images), "channels": channels, "filters": len(filters), "groups": groups}
    kernel_size = filters.shape[2], filters.shape[3]
    return Geometry((height, width), kernel_size, layout=layout, given=given, **sizes, **steps)


def _check_ranks(x: NDArray[Any], w: NDArray[Any], given: Mapping[str, Any]) -> None:
    """Refuse arrays with too few or too many axes, and zero sizes other than the batch's."""
    if x.ndim not in (2, 3, 4) or w.ndim not in (2, 3, 4) or (x.ndim == 2) != (w.ndim == 2):
        change = (
            "Use x with 4 or 3 axes and w with 4 or 3, such as (C, H, W) and (C, KH, KW); or 2, 2."
        )
        wrong = f"x with {x.ndim} axes and w with {w.ndim} do not go together"
        raise refusal(ValueError, wrong, change, given)
    if 0 in w.shape or 0 in x.shape[x.ndim == 4 :]:
        change = "Only the batch may be empty."
        raise refusal(ValueError, "an axis has length 0", change, given)


def _refuse_overflow(
    x: NDArray[Any], filters: NDArray[Any], bias: NDArray[Any] | None, given: Mapping[str, Any]
) -> None:
    """Refuse integers whose sum could leave int64; the bound is the largest that can be reached."""
    weights = max(abs(filters.astype(object)).sum(axis=(1, 2, 3)))  # Python's integers do not wrap
    added = 0 if bias is None else biggest(bias)
    refuse_overflow(biggest(x) * weights + added, "x", given)


def _arrange(y: NDArray[Any], x_ndim: int, w_ndim: int, layout: str) -> NDArray[Any]:
    """Arrange (N, OH, OW, O) as the arguments were: no O for one kernel, no N for one image."""
    if w_ndim < 4:
        y = y[..., 0]
    elif layout == "NCHW":
        y = y.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(y if x_ndim == 4 else y[0])
