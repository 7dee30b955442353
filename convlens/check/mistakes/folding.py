"""What goes wrong when columns are added to an image: `fold` with one mistake in each function."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import pair
from convlens.check.task import mistake
from convlib.adjoint.folding import fold, unfold
from convlib.geometry import Geometry


def _sizes(
    cols: Any, output_size: Any, kernel_size: Any, **given: Any
) -> tuple[int, int, int, int, int]:
    """Return C, KH, KW, OH and OW."""
    g = Geometry(output_size, kernel_size, **given)
    (kh, kw), (oh, ow) = g.kernel_size, g.output_size
    return len(cols) // (kh * kw), kh, kw, oh, ow


def _reread(
    order: str, cols: Any, output_size: Any, kernel_size: Any, **given: Any
) -> tuple[Any, ...]:
    """Read the columns as if their axes, of "cuvij", lay in another order."""
    size = dict(zip("cuvij", _sizes(cols, output_size, kernel_size, **given), strict=True))
    taken = cols.reshape([size[axis] for axis in order])
    moved = taken.transpose([order.index(axis) for axis in "cuvij"])
    return moved.reshape(cols.shape), output_size, kernel_size


@mistake(
    "where windows overlap, the mean is taken",
    "fold adds; it does not divide by the counts, and so it does not undo unfold.",
)
def overlaps_averaged(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    counts = fold(np.ones_like(cols), output_size, kernel_size, **given)
    return fold(cols, output_size, kernel_size, **given) / np.maximum(counts, 1)


@mistake(
    "where windows overlap, only the last number is kept",
    "Add to the pixels (+=) where you set them (=).",
)
def overlaps_overwritten(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    image = fold(cols, output_size, kernel_size, **given) * 0
    for k in range(cols.shape[1]):
        one, seen = cols * 0, cols * 0
        one[:, k], seen[:, k] = cols[:, k], 1
        here = fold(seen, output_size, kernel_size, **given) > 0
        image[here] = fold(one, output_size, kernel_size, **given)[here]
    return image


@mistake(
    "where windows overlap, only the last tap is kept",
    "Add to the pixels (+=) where you set them (=).",
)
def taps_overwritten(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    image = fold(cols, output_size, kernel_size, **given) * 0
    taps = _sizes(cols, output_size, kernel_size, **given)
    for k in range(taps[1] * taps[2]):
        one, seen = cols * 0, cols * 0
        rows = slice(k, None, taps[1] * taps[2])
        one[rows], seen[rows] = cols[rows], 1
        here = fold(seen, output_size, kernel_size, **given) > 0
        image[here] = fold(one, output_size, kernel_size, **given)[here]
    return image


@mistake(
    "the columns are read as rows: their axes are taken for (OH, OW, C, KH, KW)",
    "A row of cols is a tap and a column is a window: reshape to (C, KH, KW, OH, OW).",
)
def columns_as_rows(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    return fold(*_reread("ijcuv", cols, output_size, kernel_size, **given), **given)


@mistake(
    "the channels are taken for the last axis of the taps",
    "The rows of cols go channel by channel, within it row by row: (C, KH, KW).",
)
def channels_last(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    return fold(*_reread("uvcij", cols, output_size, kernel_size, **given), **given)


@mistake(
    "the taps go down the columns of the kernel first",
    "Tap follows tap along a row of the kernel: (C, KH, KW).",
)
def taps_transposed(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    return fold(*_reread("cvuij", cols, output_size, kernel_size, **given), **given)


@mistake(
    "the windows go down the columns of the image first",
    "Window follows window along a row of the image: (OH, OW).",
)
def windows_transposed(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    return fold(*_reread("cuvji", cols, output_size, kernel_size, **given), **given)


@mistake(
    "the taps of each window are reversed",
    "Nothing is flipped: tap (u, v) lies u rows down and v columns right of the window's start.",
)
def taps_reversed(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    c, kh, kw, *_ = _sizes(cols, output_size, kernel_size, **given)
    turned = cols.reshape(c, kh * kw, -1)[:, ::-1].reshape(cols.shape)
    return fold(turned, output_size, kernel_size, **given)


@mistake(
    "the channels are added together",
    "Each channel is an image of its own: return (C, H, W).",
)
def channels_added(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    image = fold(cols, output_size, kernel_size, **given)
    return image.sum(axis=0) if len(image) > 1 else image


@mistake(
    "the stride is ignored: the windows are set one cell apart",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
def stride_ignored(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    c, kh, kw, oh, ow = _sizes(cols, output_size, kernel_size, **given)
    down, right = pair(given.get("dilation", 1))
    rows, columns = pair(given.get("padding", 0))
    small = oh + (kh - 1) * down, ow + (kw - 1) * right
    packed = fold(cols, small, kernel_size, **{**given, "stride": 1, "padding": 0})
    height, width = pair(output_size)
    large = np.zeros((c, height + 2 * rows, width + 2 * columns), packed.dtype)
    large[:, : small[0], : small[1]] = packed
    return large[:, rows : rows + height, columns : columns + width]


@mistake(
    "the padding is left on: the image comes back with its padding around it",
    "Add everything to the padded image, then cut padding[0] rows and padding[1] columns off.",
)
def padding_left_on(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    rows, columns = pair(given.get("padding", 0))
    height, width = pair(output_size)
    larger = height + 2 * rows, width + 2 * columns
    return fold(cols, larger, kernel_size, **{**given, "padding": 0})


@mistake(
    "this is unfold: it takes windows from an image",
    "fold goes the other way: it adds the columns to an image.",
)
def unfolded(cols: Any, output_size: Any, kernel_size: Any, **given: Any) -> Any:
    return unfold(cols[None], kernel_size, **given)
