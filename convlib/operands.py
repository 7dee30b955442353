"""What `conv2d` reads: x, w and bias as arrays of one dtype, and the geometry they make.

Sizes and dtypes are worked out once for each kind of call and recalled for the next one like it:
a layer has the same for every batch, and to check them takes longer than a tiny convolution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib.arguments import as_array, choice, refusal, reserve, whole
from convlib.exact import biggest, largest_sum, refuse_overflow, result_type, working_type
from convlib.geometry import LAYOUTS, Geometry, as_batch

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Given = Mapping[str, Any]
    Sizes = tuple[Geometry, np.dtype[Any], np.dtype[Any]]  # dtypes: of the result, to sum in

__all__ = [
    "DEFAULTS", "FAST", "METHODS", "Operands", "arrange", "as_filters", "is_key",
    "known_geometry", "read", "read_call"
]  # fmt: skip

#: The plain methods, which can do every convolution.
METHODS = ("loops", "index_grid", "strided")

#: The fast methods, each a file of `convlib.fast`.
FAST = ("taps", "banded", "im2col", "winograd", "fft", "matrix")

WEAK = (bool, int, float, complex)  # Python's own numbers, which widen no dtype


class Operands(NamedTuple):
    """What a method works on: arrays of one dtype and canonical axes, and their geometry."""

    x: Array  # not padded, (N, C, H, W) or (N, H, W, C) as the layout says
    w: Array  # (O, C/groups, KH, KW)
    bias: Array | None  # (O,)
    geometry: Geometry
    dtype: np.dtype[Any]  # of the result; float16 is summed in float32
    x_ndim: int  # axes of x and w as they were given
    w_ndim: int
    given: Given  # everything that was given, for error messages


_RECENT: dict[Hashable, Sizes] = {}
MOST_RECENT = 1000

#: What `conv2d` takes where nothing else is given.
DEFAULTS: dict[str, Any] = dict(
    stride=1, padding=0, dilation=1, groups=1,
    padding_mode="zeros", layout="NCHW", method="auto", threads=1,
)  # fmt: skip


def read(x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, **arguments: Any) -> Operands:
    """Read the arguments of `conv2d` into what a method works on."""
    x, w = as_array("x", x), as_array("w", w)
    given = {"x.shape": x.shape, "w.shape": w.shape, **DEFAULTS, **arguments}
    return read_call(x, w, bias, tuple(given.values())[2:], given)


def known_geometry(shape: Any, w: Array, bias: Array | None, **arguments: Any) -> Geometry:
    """Work out the geometry of `conv2d` from the shape of its image, which need not be there."""
    given = {"x.shape": shape, "w.shape": w.shape, **DEFAULTS, **arguments}
    return _geometry(np.broadcast_to(np.False_, shape), w, bias, given)  # all of it in one byte


def read_call(
    x: Array, w: Array, bias: ArrayLike | None, steps: tuple[Any, ...], given: Given
) -> Operands:
    """Read a call: x and w are arrays, `steps` the rest as in `DEFAULTS`; `given` names it all."""
    b: Array | None = None
    key: Hashable = x.shape, x.dtype, w.shape, w.dtype, *steps, *map(type, steps)
    if bias is not None:
        b = as_array("bias", bias)
        given = {**given, "bias.shape": b.shape}
        key = key, b.shape, b.dtype, type(bias) in WEAK
    g, dtype, working = _sizes(x, w, b, type(bias) in WEAK, given, key)
    filters = as_filters(w, g.layout)
    if dtype.kind == "i":
        added = 0 if b is None else biggest(b)
        refuse_overflow(biggest(x) * largest_sum(filters) + added, "x", given)
    reserve(g.batch * (g.counts.padded + g.counts.output) * working.itemsize)
    images = as_batch(x, g.layout).astype(working, copy=False)
    filters = filters.astype(working, copy=False)
    b = None if b is None else b.astype(working).reshape(-1)
    return Operands(images, filters, b, g, dtype, x.ndim, w.ndim, given)


def as_filters(w: Array, layout: str) -> Array:
    """View one kernel or several filters of either layout as (O, C/groups, KH, KW)."""
    if w.ndim == 2:
        return w[None, None]
    if layout == "NHWC":
        w = w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.transpose(2, 0, 1)
    return w if w.ndim == 4 else w[None]


def arrange(y: Array, o: Operands) -> Array:
    """Arrange (N, OH, OW, O) as the arguments were: no O for one kernel, no N for one image."""
    if o.w_ndim < 4:
        y = y[..., 0]
    elif o.geometry.layout == "NCHW":
        y = y.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(y if o.x_ndim == 4 else y[0])


def is_key(steps: Iterable[Any]) -> bool:
    """Whether calls with equal values of equal types are equal: (1.0, 1) would pass as (1, 1)."""
    return all(type(value) in (int, str) for value in steps)


def _sizes(x: Array, w: Array, b: Array | None, weak: bool, given: Given, key: Hashable) -> Sizes:
    """Work the sizes out, or recall those of an equal call."""
    try:
        return _RECENT[key]
    except (KeyError, TypeError):  # new; or a list among the arguments
        pass
    of_bias = [] if b is None else [b.item() if weak else b]  # 0.5 widens no float32
    dtype = result_type(x, w, *of_bias)
    sizes = _geometry(x, w, b, given), dtype, working_type(dtype)
    if is_key(given[name] for name in DEFAULTS):
        if len(_RECENT) >= MOST_RECENT:
            _RECENT.clear()
        _RECENT[key] = sizes
    return sizes


def _geometry(x: Array, w: Array, bias: Array | None, given: Given) -> Geometry:
    """Check every argument, hold the shapes against each other, then work out the geometry."""
    choice("method", given["method"], (*METHODS, *FAST, "auto"), given)
    whole("threads", given["threads"], 1, given)
    layout, groups = choice("layout", given["layout"], LAYOUTS, given), given["groups"]
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
        change = f"Use {' or '.join(map(str, wanted))}: one number per filter."
        raise refusal(ValueError, f"bias has shape {bias.shape}", change, given)
    sizes = {"batch": len(images), "channels": channels, "filters": len(filters)}
    read = ("x.shape", "w.shape", "bias.shape", "method", "threads")
    steps = {name: value for name, value in given.items() if name not in read}
    kernel_size = filters.shape[2], filters.shape[3]
    return Geometry((height, width), kernel_size, given=given, **sizes, **steps)


def _check_ranks(x: Array, w: Array, given: Given) -> None:
    """Refuse arrays with too few or too many axes, and zero sizes other than the batch's."""
    if x.ndim not in (2, 3, 4) or w.ndim not in (2, 3, 4) or (x.ndim == 2) != (w.ndim == 2):
        change = "Use x with 4 or 3 axes, w too, such as (C, H, W) and (C, KH, KW); or both with 2."
        wrong = f"x with {x.ndim} axes and w with {w.ndim} do not go together"
        raise refusal(ValueError, wrong, change, given)
    if 0 in w.shape or 0 in x.shape[x.ndim == 4 :]:
        change = "Only the batch may be empty."
        raise refusal(ValueError, "an axis has length 0", change, given)
