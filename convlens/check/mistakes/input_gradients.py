"""What goes wrong when a gradient is sent back to the input: each returns dx, with one mistake."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import channel_axes, pair, places, taps
from convlens.check.mistakes.sent import geometry, on_padded, pretending
from convlens.check.task import mistake
from convlib.adjoint.backward import conv2d_backward


@mistake(
    "each window overwrites what the windows before it had sent",
    "Windows overlap: add to dx with +=; with a grid of indices, use np.add.at.",
)
def windows_overwrite(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _overwritten(grad, x, w, given, "windows")


@mistake(
    "each tap overwrites what the taps before it had sent",
    "A pixel lies under several taps: add to the slice with +=, where you set it with =.",
)
def taps_overwrite(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _overwritten(grad, x, w, given, "taps")


@mistake(
    "the kernel is turned by half a turn in dx",
    "A cell adds grad * w to its window, first tap first; only a correlation of padded grad with w "
    "needs w[::-1, ::-1].",
)
def kernel_turned(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    turned = np.flip(w, taps(w, given.get("layout", "NCHW")))
    return conv2d_backward(grad, x, turned, **given)[0]


@mistake(
    "the output gradient is not used: every cell sends the kernel as it is",
    "Multiply the kernel with grad[i, j] before you add it.",
)
def grad_unused(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return conv2d_backward(np.ones_like(grad), x, w, **given)[0]


@mistake(
    "the kernel is not used: every cell sends its gradient to all taps alike",
    "Multiply grad[i, j] with the weight of the tap.",
)
def kernel_unused(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return conv2d_backward(grad, x, np.ones_like(w), **given)[0]


@mistake(
    "dx is divided by how many windows see each pixel",
    "A pixel collects the sum of what its windows send, not the mean.",
)
def overlaps_averaged(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    dx = conv2d_backward(grad, x, w, **given)[0]
    seen = conv2d_backward(np.ones_like(grad), x, np.ones_like(w), **given)[0]
    filters = geometry(x, w, given).filters // given.get("groups", 1)
    return dx / np.maximum(seen / filters, 1)


@mistake("dx is averaged over the batch", "Nothing is summed over the images in dx: do not divide.")
def batch_averaged(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return conv2d_backward(grad, x, w, **given)[0] / (len(x) if x.ndim == 4 else 1)


@mistake(
    "the stride is forgotten in dx: the cells send to windows that stand side by side",
    "Cell (i, j) sends to the window that begins at row i*stride[0], column j*stride[1].",
)
def stride_forgotten(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return pretending(grad, x, w, given, stride=1)[0]


@mistake(
    "the two strides have changed places in dx",
    "stride is (down, right): the first moves rows, the second columns.",
)
def strides_swapped(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return pretending(grad, x, w, given, stride=pair(given.get("stride", 1))[::-1])[0]


@mistake(
    "the dilation is forgotten in dx: the taps stand side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
)
def dilation_forgotten(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return pretending(grad, x, w, given, dilation=1)[0]


@mistake(
    "the padding is not cut off: dx is as large as the padded image",
    "Cut the cells of the padding away at the end: dx has the shape of x.",
)
def padding_not_cut(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return on_padded(grad, x, w, given)[0]


@mistake(
    "the padding is cut off with [p:-p], and where p is 0 nothing is left",
    "Cut with the size: from padding[0] to padding[0] + H, and the columns alike.",
)
def padding_cut_to_nothing(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    padded, _ = on_padded(grad, x, w, given)
    inside: list[Any] = [slice(None)] * x.ndim
    sides = geometry(x, w, given).padding
    for axis, (before, after) in zip(places(x, given.get("layout", "NCHW")), sides, strict=True):
        inside[axis] = slice(before, -after)
    return padded[tuple(inside)]


@mistake(
    "the padding is forgotten: what belongs to the padding lies on the image",
    "The windows began on the padding: fill a padded dx, then cut from row padding[0] and column "
    "padding[1] on.",
)
def padding_forgotten(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    padded, _ = on_padded(grad, x, w, given)
    return padded[tuple(map(slice, x.shape))]


@mistake(
    "what lay on the padding is cut off, though its cells are copies of pixels",
    "With reflected, replicated or circular padding add it to the pixel that the cell shows.",
)
def copies_dropped(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    padded, inside = on_padded(grad, x, w, given)
    return padded[inside]


@mistake(
    "dx holds what the first filter sends, without the others",
    "Each filter has read the image: sum over the filters.",
)
def first_filter_only(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _one_filter(grad, x, w, given, 0)


@mistake(
    "dx holds what the last filter sends: it overwrites the others",
    "Each filter has read the image: add with += in the loop over the filters.",
)
def last_filter_only(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _one_filter(grad, x, w, given, -1)


@mistake(
    "the channels of dx are in the reverse order",
    "Channel c of dx receives from w[o, c].",
)
def channels_reversed(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    _, channel = channel_axes(x, w, given.get("layout", "NCHW")) if w.ndim > 2 else (0, None)
    spoilt = w if channel is None else np.flip(w, channel)
    return conv2d_backward(grad, x, spoilt, **given)[0]


@mistake(
    "the groups are mixed in dx: each sends to the channels of another",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups: send there.",
)
def groups_mixed(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    dx = conv2d_backward(grad, x, w, **given)[0]
    if x.ndim < 3:
        return dx
    channel, _ = channel_axes(x, w, given.get("layout", "NCHW"))
    return np.roll(dx, dx.shape[channel] // given.get("groups", 1), channel)


def _one_filter(grad: Any, x: Any, w: Any, given: dict[str, Any], filter: int) -> Any:
    """Return dx as if the other filters of each group had sent nothing."""
    if w.ndim < 4:
        return conv2d_backward(grad, x, w, **given)[0]
    axis = 0 if given.get("layout", "NCHW") == "NCHW" else -1
    size = w.shape[axis] // given.get("groups", 1)
    kept = np.arange(w.shape[axis]) % size == filter % size
    shape = [1] * w.ndim
    shape[axis] = -1
    return conv2d_backward(grad, x, w * kept.reshape(shape), **given)[0]


def _overwritten(grad: Any, x: Any, w: Any, given: dict[str, Any], by: str) -> Any:
    """Return dx where the last of those who send to a pixel wins; the filters are summed."""
    g = geometry(x, w, given)
    once = np.zeros((*g.output_size, *g.kernel_size), np.intp)
    i, j, u, v = np.indices(once.shape)
    rows, columns = i * g.stride[0] + u * g.dilation[0], j * g.stride[1] + v * g.dilation[1]
    pixels = rows * g.padded_size[1] + columns
    order = (i, j, u, v) if by == "windows" else (u, v, i, j)
    ranks = np.lexsort([key.ravel() for key in order[::-1]])
    last = np.full(g.padded_size[0] * g.padded_size[1], -1)
    last[pixels.ravel()[ranks]] = ranks
    wins = np.isin(np.arange(once.size), last).reshape(once.shape)
    total: Any = 0
    for at in np.ndindex(*g.kernel_size):  # a tap at a time, with the cells that win through it
        total = total + _through(grad, x, w, given, at, wins[:, :, at[0], at[1]])
    return total


def _through(grad: Any, x: Any, w: Any, given: dict[str, Any], tap: Any, wins: Any) -> Any:
    """Return dx of one tap alone, sent by some of the places."""
    layout = given.get("layout", "NCHW")
    only = np.zeros_like(w)
    at: list[Any] = [slice(None)] * w.ndim
    for axis, k in zip(taps(w, layout), tap, strict=True):
        at[axis] = k
    only[tuple(at)] = w[tuple(at)]
    mask = wins[..., None] if layout == "NHWC" and w.ndim == 4 else wins
    return conv2d_backward(grad * mask, x, only, **given)[0]
