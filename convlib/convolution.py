"""`conv2d`, the one front door: read the arguments, pad, let a method work, arrange the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib import index_grid, loops, strided
from convlib.exact import biggest, largest_sum, refuse_overflow, result_type, working_type
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
    from collections.abc import Callable, Hashable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from convlib.fast.prepared import Kernel, Shortcuts

__all__ = ["FAST", "METHODS", "Operands", "conv2d", "read"]

_CORRELATE: dict[str, Callable[[NDArray[Any], NDArray[Any], Geometry], NDArray[Any]]] = {
    "loops": loops.correlate,
    "index_grid": index_grid.correlate,
    "strided": strided.correlate,
}

_RECENT: dict[Hashable, Geometry] = {}

#: The plain methods, which can do every convolution.
METHODS = tuple(_CORRELATE)

#: The fast methods of `convlib.fast`, loaded when one of them, or "auto", is first asked for.
FAST = ("taps", "banded", "im2col", "winograd", "fft", "matrix")


class Operands(NamedTuple):
    """What a method works on: arrays of one dtype and canonical axes, and their geometry."""

    x: NDArray[Any]  # not padded, (N, C, H, W) or (N, H, W, C) as the layout says
    w: NDArray[Any]  # (O, C/groups, KH, KW)
    bias: NDArray[Any] | None  # (O,)
    geometry: Geometry
    dtype: np.dtype[Any]  # of the result; float16 is summed in float32


def conv2d(
    x: ArrayLike,
    w: ArrayLike | Kernel,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | str | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    layout: str = "NCHW",
    method: str = "auto",
    threads: int = 1,
) -> NDArray[Any]:
    """Cross-correlate images with filters, as a convolution layer does (the kernel is not flipped).

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W); (N, H, W, C) or (H, W, C) for "NHWC"; or (H, W)
        A batch or one image. A 2-D image goes with a 2-D kernel, and only with that.
    w : array_like, (O, C/groups, KH, KW); (KH, KW, C/groups, O) for "NHWC"
        O filters; or one kernel (C, KH, KW), for "NHWC" (KH, KW, C), or (KH, KW): the output then
        has no channel axis. Or what `convlib.prepare` made of such weights, for many calls.
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
        "loops", "index_grid" or "strided", which can do everything; "taps", "banded", "im2col",
        "winograd", "fft" or "matrix" of `convlib.fast`; or "auto", the one of the least estimated
        cost, which `convlib.explain` shows.
    threads : int
        How many share the work of a fast method. BLAS may use threads of its own besides:
        OPENBLAS_NUM_THREADS=1 in the environment stops that.

    Returns
    -------
    ndarray, (N, O, OH, OW); (N, OH, OW, O) for "NHWC"
        Without N for one image, without O for one kernel. A new C-contiguous array of NumPy's
        result type; integers and bool give exact int64; float16 is summed in float32.

    Raises
    ------
    ValueError
        Shapes, sizes or names that do not fit, integers whose sum could pass 2**63 - 1, arrays too
        large for the memory, a named method that cannot do what is asked. The message repeats what
        was given and says what to change.
    TypeError
        Arrays that do not hold numbers, steps that are not integers.

    Notes
    -----
    OH = floor((H + top + bottom - (KH - 1) * dilation - 1) / stride) + 1: V. Dumoulin and F. Visin,
    "A guide to convolution arithmetic for deep learning" (2016), relationship 6. The "index_grid"
    and "strided" methods copy N*OH*OW*C*KH*KW elements at once; "loops" copies none. The workspace
    of "auto" stays below that of "strided" or 4 MB. Its floats differ from those of "strided" by
    rounding: by up to 2e-5 of the largest output for float32, where it takes "winograd".

    Examples
    --------
    >>> x = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
    >>> conv2d(x, [[0, 1], [-1, 0]])
    array([[-3, -3, -3],
           [-3, -3, -3]])
    >>> conv2d(np.ones((3, 7, 9)), np.ones((2, 3, 3, 3)), stride=2, padding=1).shape
    (2, 4, 5)
    """
    key, kernel = None, prepared(w)
    if kernel is not None and bias is None and type(x) is np.ndarray:
        typed = stride, padding, dilation, groups, padding_mode, layout, method, threads
        key = (x.shape, x.dtype, *typed, *map(type, typed))  # True and 1.0 would pass as 1
        if (y := _shortcut(kernel.shortcuts, key, x)) is not None:
            return y
    arguments = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": padding_mode,
        "layout": layout,
    }
    known = choice("method", method, (*METHODS, *FAST, "auto"), {"method": method})
    whole("threads", threads, 1, {"threads": threads})
    x, weights = as_array("x", x), weights_of(w, layout, arguments)
    given = {"x.shape": x.shape, "w.shape": weights.shape, **arguments}
    with enough_memory(given):
        operands = read(x, weights, bias, **arguments)
        g = operands.geometry
        if known in _CORRELATE:
            y = _CORRELATE[known](pad(operands.x, g), operands.w, g)
        else:
            from convlib import fast  # only when asked for

            by = kernel or fast.Kernel(weights, layout)
            y = fast.correlate(known, operands.x, by, g, threads, given)
        if operands.bias is not None:
            y += operands.bias
        y = _arrange(y.astype(operands.dtype, copy=False), x.ndim, weights.ndim, layout)
        if key is not None and known not in _CORRELATE and x.dtype == operands.x.dtype == y.dtype:
            fast.keep_shortcut(key, known, by, g, x.dtype, y.shape)
        return y


def _shortcut(shortcuts: Shortcuts, key: Hashable, x: NDArray[Any]) -> NDArray[Any] | None:
    """Do what a prepared kernel remembers of an equal call, if it does, and if that is finite."""
    try:
        return shortcuts[key](x)
    except (KeyError, TypeError):  # unknown; or a list among the arguments
        return None


def read(x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, **arguments: Any) -> Operands:
    """Read the arguments of `conv2d` (but `method` and `threads`) into what a method works on."""
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
    images = as_batch(x, g.layout).astype(working, copy=False)
    filters = as_filters(w, g.layout).astype(working, copy=False)
    return Operands(images, filters, None if b is None else b.astype(working).reshape(-1), g, dtype)


def prepared(w: Any) -> Kernel | None:
    """`w` itself if `convlib.prepare` made it: told by what it has, so as not to load the class."""
    return w if hasattr(w, "shortcuts") else None


def weights_of(w: ArrayLike | Kernel, layout: str, given: Mapping[str, Any]) -> NDArray[Any]:
    """The weights as an array; those of a prepared kernel if it was made for this layout."""
    weights = as_array("w", w)
    kernel = prepared(w)
    if kernel is not None and kernel.layout != layout:
        change = f"Use prepare(w, layout={layout!r}) with weights of that order."
        wrong = "w was prepared for another layout"
        raise refusal(ValueError, wrong, change, {"w.shape": weights.shape, **given})
    return weights


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
    **arguments: Any,
) -> Geometry:
    """Work out the geometry, or recall it: a layer has the same for every batch."""
    key = None
    if all(type(a) in (int, str) for a in arguments.values()):  # else (1.0, 1) would pass as (1, 1)
        key = (x.shape, w.shape, None if bias is None else bias.shape, *arguments.items())
        if key in _RECENT:
            return _RECENT[key]
    g = _worked_out(x, w, bias, given, **arguments)
    if key is not None:
        if len(_RECENT) >= 1000:
            _RECENT.clear()
        _RECENT[key] = g
    return g


def _worked_out(
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
    added = 0 if bias is None else biggest(bias)
    refuse_overflow(biggest(x) * largest_sum(filters) + added, "x", given)


def _arrange(y: NDArray[Any], x_ndim: int, w_ndim: int, layout: str) -> NDArray[Any]:
    """Arrange (N, OH, OW, O) as the arguments were: no O for one kernel, no N for one image."""
    if w_ndim < 4:
        y = y[..., 0]
    elif layout == "NCHW":
        y = y.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(y if x_ndim == 4 else y[0])
