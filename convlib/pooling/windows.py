"""The windows of a pooling, and which of their cells exist.

Padding gives the windows places to stand, but no values. A window at the edge keeps those taps that
lie within the image, always a block of neighbouring rows and columns; windows with the same block
are neighbours themselves. So one slice of the view of all windows holds them, and the largest
slice is the inside of the image, where every tap counts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import strided
from convlib.arguments import Pair, as_array, as_pair, choice, enough_memory, refusal, reserve
from convlib.geometry import LAYOUTS, Geometry, as_batch, pad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import ArrayLike, NDArray

    Taps = tuple[NDArray[np.intp], NDArray[np.intp]]  # the first, and one past the last

__all__ = [
    "divisors",
    "known_geometry",
    "like_input",
    "read",
    "reduce_windows",
    "refuse_complex",
    "taps_inside",
    "windows_of",
]

_CELLS = (-2, -1)  # the axes of a window's rows and columns


def read(
    x: ArrayLike, kernel_size: Any, **arguments: Any
) -> tuple[NDArray[Any], Geometry, dict[str, Any]]:
    """Read the arguments of any pooling: the image, its geometry, and what an error repeats."""
    x = as_array("x", x)
    g, given = known_geometry(x.shape, kernel_size, **arguments)
    with enough_memory(given):
        reserve(g.batch * (g.counts.padded + g.counts.output) * max(x.itemsize, 8))
        return x.astype(x.dtype.newbyteorder("="), copy=False), g, given


def known_geometry(
    shape: tuple[int, ...], kernel_size: Any, **arguments: Any
) -> tuple[Geometry, dict[str, Any]]:
    """Work out the geometry of any pooling from the shape of its image, which need not be there."""
    given = {"x.shape": shape, "kernel_size": kernel_size, **arguments}
    layout = choice("layout", arguments["layout"], LAYOUTS, given)
    if len(shape) not in (2, 3, 4):
        change = f"Use one image or a batch {layout}."
        raise refusal(ValueError, f"x has {len(shape)} axes, not 2, 3 or 4", change, given)
    for name in ("ceil_mode", "count_include_pad"):
        if not isinstance(arguments.get(name, True), bool | np.bool):
            raise refusal(TypeError, f"{name} must be a bool", "Use True or False.", given)
    image = np.broadcast_to(np.False_, shape)  # of that shape, in one byte
    return _geometry(as_batch(image, layout).shape, kernel_size, given, **arguments), given


def _geometry(
    shape: tuple[int, ...],
    kernel_size: Any,
    given: Mapping[str, Any],
    *,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    layout: str,
    dilation: Any = 1,
    count_include_pad: bool = True,
) -> Geometry:
    """Work out the geometry. In it, ceil_mode is nothing but more padding at the end."""
    channels, height, width = (shape[axis] for axis in LAYOUTS[layout])
    kernel = as_pair("kernel_size", kernel_size, 1, given)
    step = kernel if stride is None else as_pair("stride", stride, 1, given)
    sides = as_pair("padding", padding, 0, given)
    taps = as_pair("dilation", dilation, 1, given)
    if any(2 * p > k for p, k in zip(sides, kernel, strict=True)):
        wrong = f"padding of {sides} is more than half of the kernel {kernel}"
        change = f"Use at most {kernel[0] // 2} for rows and {kernel[1] // 2} for columns."
        raise refusal(ValueError, wrong, change, given)
    axes = zip((height, width), kernel, step, sides, taps, strict=True)
    rows, columns = ((axis[3], axis[3] + (_missing(*axis) if ceil_mode else 0)) for axis in axes)
    steps: dict[str, Any] = {"stride": step, "padding": (rows, columns), "dilation": taps}
    sizes: dict[str, Any] = {
        "batch": shape[0],
        "channels": channels,
        "filters": channels,
        "groups": channels,
    }
    return Geometry((height, width), kernel, **steps, **sizes, layout=layout, given=given)


def _missing(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Count the cells that the last window of ceil_mode needs beyond the padding of one axis.

    >>> _missing(6, kernel=3, stride=2, padding=0, dilation=1)
    1
    """
    spare = size + 2 * padding - ((kernel - 1) * dilation + 1)
    last = -(-spare // stride)  # rounded up, as OH - 1
    if last * stride >= size + padding:  # this window would start in the padding after the image
        last -= 1
    return max(last * stride - spare, 0) if last >= 0 else 0


def refuse_complex(x: NDArray[Any], given: Mapping[str, Any]) -> None:
    """Refuse complex numbers, of which none is the largest."""
    if x.dtype.kind == "c":
        wrong, change = "complex numbers have no maximum", "Pool abs(x), x.real or x.imag."
        raise refusal(TypeError, wrong, change, {"x.dtype": str(x.dtype), **given})


def taps_inside(g: Geometry, margin: Pair = (0, 0)) -> tuple[Taps, Taps]:
    """Say which taps of each window lie within the image, or at most `margin` cells beside it.

    Returns
    -------
    ((first, stop), (first, stop))
        By row, arrays (OH,): window i keeps the taps first[i] <= u < stop[i]. By column, (OW,).

    Examples
    --------
    >>> taps_inside(Geometry((5, 5), 3, stride=2, padding=1))[0]
    (array([1, 0, 0]), array([3, 3, 2]))
    """
    return _taps_inside(g, 0, margin[0]), _taps_inside(g, 1, margin[1])


def _taps_inside(g: Geometry, axis: int, margin: int) -> Taps:
    """Solve -margin <= start + tap*dilation < size + margin for the taps of each window."""
    size, kernel, dilation = g.input_size[axis], g.kernel_size[axis], g.dilation[axis]
    start = np.arange(g.output_size[axis]) * g.stride[axis] - g.padding[axis][0]
    first = np.clip(-((start + margin) // dilation), 0, kernel)  # -(a // b) rounds -a/b up
    stop = np.clip(-((start - size - margin) // dilation), first, kernel)
    return first, stop


def _alike(first: NDArray[np.intp], stop: NDArray[np.intp]) -> Iterator[tuple[slice, slice]]:
    """Yield, for neighbouring windows with the same taps inside, these windows and these taps.

    >>> list(_alike(np.array([1, 0, 0]), np.array([3, 3, 3])))
    [(slice(0, 1, None), slice(1, 3, None)), (slice(1, 3, None), slice(0, 3, None))]
    """
    changes = np.flatnonzero((np.diff(first) != 0) | (np.diff(stop) != 0)) + 1
    for begin, end in pairwise([0, *changes.tolist(), len(first)]):
        yield slice(begin, end), slice(int(first[begin]), int(stop[begin]))


def windows_of(x: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """View the windows (N, OH, OW, C, KH, KW) of `x`, with zeros where there is no cell."""
    steps = {"stride": g.stride, "dilation": g.dilation}
    return strided.windows(pad(as_batch(x, g.layout), g), g.kernel_size, layout=g.layout, **steps)


def reduce_windows(
    x: NDArray[Any], g: Geometry, reduce: Callable[..., Any], given: Mapping[str, Any]
) -> NDArray[Any]:
    """Reduce the cells that exist, in every window: (N, OH, OW, C)."""
    windows = windows_of(x, g)
    rows, columns = taps_inside(g)
    bands = []
    for i, u in _alike(*rows):
        band = []
        for j, v in _alike(*columns):
            values = windows[:, i, j, :, u, v]
            reduced = np.asarray(reduce(values, axis=_CELLS))
            if reduced.shape != values.shape[:-2]:
                wrong = f"reduce made {reduced.shape} of {values.shape}, not {values.shape[:-2]}"
                change = f"Return one number for each window: reduce over axis={_CELLS} alone."
                raise refusal(ValueError, wrong, change, given)
            band.append(reduced)
        bands.append(np.concatenate(band, axis=2))
    return np.concatenate(bands, axis=1)


def divisors(g: Geometry, count_include_pad: bool) -> NDArray[np.intp]:
    """Count the cells that share in the mean of each window: (OH, OW, 1).

    >>> divisors(Geometry((2, 5), (1, 3), stride=2, padding=((0, 0), (1, 1))), False)[0, :, 0]
    array([2, 3, 2])
    """
    before = g.padding[0][0], g.padding[1][0]  # at the end, ceil_mode may have added more
    rows, columns = taps_inside(g, before if count_include_pad else (0, 0))
    counts: NDArray[np.intp] = (rows[1] - rows[0])[:, None] * (columns[1] - columns[0])
    return counts[..., None]


def like_input(y: NDArray[Any], ndim: int, layout: str) -> NDArray[Any]:
    """Arrange (N, rows, columns, C) with the axes of an input that has `ndim` of them."""
    if ndim == 2:
        return np.ascontiguousarray(y[0, :, :, 0])
    y = y.transpose(0, 3, 1, 2) if layout == "NCHW" else y
    return np.ascontiguousarray(y if ndim == 4 else y[0])
