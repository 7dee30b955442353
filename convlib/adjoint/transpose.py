"""`conv_transpose2d`: the input gradient of `conv2d`, used as a layer that makes images larger.

Each number of x is spread over a window of the output, weighted by the kernel, and what overlaps
is added. That is `input_gradient`, with x in the place of grad; only the sizes are asked the other
way round, from x to the image that conv2d would have made it of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.adjoint.backward import input_gradient, like_x
from convlib.arguments import as_array, as_pair, choice, enough_memory, refusal, reserve, whole
from convlib.exact import biggest, refuse_overflow, result_type, working_type
from convlib.geometry import LAYOUTS, Geometry, as_batch
from convlib.operands import as_filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["conv_transpose2d", "transposed_geometry"]

Pair = tuple[int, int]

_LEAST = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    groups: int = 1,
    dilation: int | Pair = 1,
    layout: str = "NCHW",
) -> NDArray[Any]:
    """Spread every number of x over a window of the output: the transpose of `conv2d`.

    With the same w, stride, padding, dilation and groups, it is the dx of `conv2d_backward`: an
    image of which `conv2d` makes the shape of x. It does not undo `conv2d`.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W); (N, H, W, C) or (H, W, C) for "NHWC"; or (H, W)
        A batch or one image. A 2-D image goes with a 2-D kernel, and only with that.
    w : array_like, (C, O/groups, KH, KW); (KH, KW, O/groups, C) for "NHWC"; or (KH, KW)
        The axes are those of the `conv2d` that is transposed, which has C filters and O channels.
    bias : array_like, (O,), optional
        Added to each channel of the output. For a 2-D image a scalar or (1,).
    stride, dilation : int or (row, column)
        Steps from one window of the output to the next; steps of the taps within it.
    padding : int or (row, column)
        Cells taken away on all sides of the output, which `conv2d` would have added.
    output_padding : int or (row, column)
        Cells more at the end of the output, less than the stride or the dilation: among the sizes
        of which `conv2d` makes the same shape, it names one.
    groups : int
    layout : {"NCHW", "NHWC"}

    Returns
    -------
    ndarray, (N, O, OH, OW); (N, OH, OW, O) for "NHWC"
        With OH = (H - 1) * stride - 2 * padding + (KH - 1) * dilation + output_padding + 1, and
        without N for one image. A new C-contiguous array; types as in `conv2d`. Complex kernels
        are not conjugated, as in PyTorch.

    Raises
    ------
    ValueError, TypeError
        Shapes, sizes or names that do not fit, as in `conv2d`; padding that takes everything away;
        an output_padding that is neither smaller than the stride nor than the dilation.

    Notes
    -----
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning" (2016), section
    4, relationship 14. Memory: beside the result, the products of one tap, N*H*W*O/groups.

    Examples
    --------
    >>> conv_transpose2d([[1, 2, 4]], [[10, 1]])
    array([[10, 21, 42,  4]])
    >>> conv_transpose2d([[1, 2, 4]], [[10, 1, 5]], stride=(1, 2))
    array([[10,  1, 25,  2, 50,  4, 20]])
    """
    arguments: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "groups": groups,
        "dilation": dilation,
        "layout": layout,
    }
    x, w = as_array("x", x), as_array("w", w)
    b = None if bias is None else as_array("bias", bias)
    given = {"x.shape": x.shape, "w.shape": w.shape, **arguments}
    if b is not None:
        given["bias.shape"] = b.shape
    with enough_memory(given):
        g = transposed_geometry(x, w, given, **arguments)
        _check_bias(b, g, x.ndim, given)
        weak = bias if isinstance(bias, bool | int | float | complex) else b
        dtype = _type_of_sums(x, w, b, weak, g, given)
        flow, filters = _operands(x, w, g, working_type(dtype))
        y = input_gradient(flow, filters, g)
        if b is not None:
            y = y + b.astype(y.dtype).reshape(-1 if layout == "NHWC" else (-1, 1, 1))
        return np.asarray(like_x(y, x.ndim, layout), dtype=dtype, order="C")


def transposed_geometry(
    x: NDArray[Any],
    w: NDArray[Any],
    given: Mapping[str, Any],
    *,
    groups: int = 1,
    layout: str = "NCHW",
    **steps: Any,
) -> Geometry:
    """Work out the geometry of the `conv2d` whose transpose is asked for: its output is x.

    >>> x, w = np.ones((4, 5)), np.ones((3, 2))
    >>> transposed_geometry(x, w, {}, stride=(2, 3), padding=1).input_size
    (7, 12)
    """
    choice("layout", layout, LAYOUTS, given)
    _check_ranks(x, w, given)
    images, filters = as_batch(x, layout), as_filters(w, layout)
    channels, *size = (images.shape[axis] for axis in LAYOUTS[layout])
    if len(filters) != channels:
        wrong = f"w reads {len(filters)} channels, x has {channels}"
        change = "Make C of w, its first axis (its last for NHWC), equal C of x."
        raise refusal(ValueError, wrong, change, given)
    kernel_size = filters.shape[2], filters.shape[3]
    pairs: dict[str, Any] = {
        n: as_pair(n, steps.get(n, least), least, given) for n, least in _LEAST.items()
    }
    more = pairs.pop("output_padding")
    sizes: dict[str, Any] = {
        "batch": len(images),
        "channels": filters.shape[1] * whole("groups", groups, 1, given),
        "filters": channels,
        "groups": groups,
    }
    larger = _larger_size((size[0], size[1]), kernel_size, more, given, **pairs)
    return Geometry(larger, kernel_size, layout=layout, given=given, **sizes, **pairs)


def _check_ranks(x: NDArray[Any], w: NDArray[Any], given: Mapping[str, Any]) -> None:
    """Refuse arrays with too few or too many axes, and zero sizes other than the batch's."""
    if (x.ndim, w.ndim) not in ((4, 4), (3, 4), (2, 2)):
        wrong = f"x with {x.ndim} axes and w with {w.ndim} do not go together"
        change = "Use x with 4 or 3 axes and w with 4, such as (C, H, W) and (C, O, KH, KW); or 2."
        raise refusal(ValueError, wrong, change, given)
    if 0 in w.shape or 0 in x.shape[x.ndim == 4 :]:
        change = "Only the batch may be empty."
        raise refusal(ValueError, "an axis has length 0", change, given)


def _larger_size(
    size: Pair,
    kernel_size: Pair,
    more: Pair,
    given: Mapping[str, Any],
    *,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
) -> Pair:
    """Say how many rows and columns the output has, or why it cannot have any."""
    for m, s, d in zip(more, stride, dilation, strict=True):
        if m >= max(s, d):
            wrong = f"output_padding of {m} is not smaller than the stride {s} or the dilation {d}"
            change = f"Use at most {max(s, d) - 1} there, or a larger stride."
            raise refusal(ValueError, wrong, change, given)
    axes = zip(size, stride, padding, kernel_size, dilation, more, strict=True)
    rows, columns = ((n - 1) * s - 2 * p + (k - 1) * d + m + 1 for n, s, p, k, d, m in axes)
    if rows < 1 or columns < 1:
        wrong = f"the output would have {rows} rows and {columns} columns"
        change = "Use less padding, a larger kernel or a larger stride."
        raise refusal(ValueError, wrong, change, given)
    return rows, columns


def _check_bias(b: NDArray[Any] | None, g: Geometry, x_ndim: int, given: Mapping[str, Any]) -> None:
    """Refuse a bias that is not one number for each channel of the output."""
    wanted = [(g.channels,)] if x_ndim > 2 else [(), (1,)]
    if b is not None and b.shape not in wanted:
        change = f"Use {' or '.join(map(str, wanted))}: one number a channel of the output."
        raise refusal(ValueError, f"bias has shape {b.shape}", change, given)


def _type_of_sums(
    x: NDArray[Any],
    w: NDArray[Any],
    b: NDArray[Any] | None,
    weak: Any,
    g: Geometry,
    given: Mapping[str, Any],
) -> np.dtype[Any]:
    """The type of the result, unless these are integers whose sum it might not hold."""
    dtype = result_type(x, w) if b is None else result_type(x, w, weak)
    if dtype.kind == "i":
        products = g.filters // g.groups * g.kernel_size[0] * g.kernel_size[1]
        added = 0 if b is None else biggest(b)
        refuse_overflow(products * biggest(x) * biggest(w) + added, "x", given)
    return dtype


def _operands(
    x: NDArray[Any], w: NDArray[Any], g: Geometry, dtype: np.dtype[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Read x as the grad (N, OH, OW, O) of the `conv2d`, and w as its filters.

    An output_padding as large as the stride leaves room for more windows than x has numbers: what
    it lacks, at the end, is zero.
    """
    reserve(g.batch * (g.counts.padded + g.counts.output) * dtype.itemsize)
    channel, row, column = LAYOUTS[g.layout]
    images = as_batch(x, g.layout).transpose(0, row, column, channel)
    flow = np.zeros((g.batch, *g.output_size, g.filters), dtype=dtype)
    flow[:, : images.shape[1], : images.shape[2]] = images
    return flow, as_filters(w, g.layout).astype(dtype, copy=False)
