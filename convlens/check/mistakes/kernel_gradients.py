"""What goes wrong when a weight sums up what it touched: each returns dw, with one mistake."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import channel_axes, pair, resided, taps
from convlens.check.mistakes.sent import geometry, last_cell, pretending
from convlens.check.task import mistake
from convlib.adjoint.backward import conv2d_backward


@mistake(
    "dw is averaged over the batch",
    "Sum over the images: a loss that is a mean has brought its 1/N with grad.",
)
def batch_averaged(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return conv2d_backward(grad, x, w, **given)[1] / (len(x) if x.ndim == 4 else 1)


@mistake(
    "dw is averaged over the places of the window",
    "A weight sums over all places; nothing is divided by their number.",
)
def places_averaged(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    rows, columns = geometry(x, w, given).output_size
    return conv2d_backward(grad, x, w, **given)[1] / (rows * columns)


@mistake(
    "dw is turned by half a turn",
    "dw[u, v] sums the pixels at i + u and j + v: first tap first, no flip.",
)
def turned(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    dw = conv2d_backward(grad, x, w, **given)[1]
    return np.flip(dw, taps(w, given.get("layout", "NCHW")))


@mistake(
    "dw holds the last place alone: it overwrites the others",
    "Each place of the window adds to the weight: += where you set with =.",
)
def last_place_kept(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    kept = last_cell(grad, given.get("layout", "NCHW"))
    return conv2d_backward(kept, x, w, **given)[1]


@mistake(
    "dw holds the last image alone: it overwrites the others",
    "Each image of the batch adds to the weight: += in the loop over the images.",
)
def last_image_kept(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _one_image(grad, x, w, given, -1)


@mistake("dw holds the first image alone", "Each image of the batch adds to the weight.")
def first_image_kept(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _one_image(grad, x, w, given, 0)


@mistake(
    "the output gradient is not used: the pixels are summed as they are",
    "Multiply each pixel with the gradient of the output that it went to.",
)
def grad_unused(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return conv2d_backward(np.ones_like(grad), x, w, **given)[1]


@mistake(
    "the stride is forgotten in dw: the pixels are read from windows side by side",
    "Tap (u, v) met the rows u, u + stride, u + 2*stride and so on: every stride-th pixel.",
)
def stride_forgotten(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return pretending(grad, x, w, given, stride=1)[1]


@mistake(
    "the two strides have changed places in dw",
    "stride is (down, right): the first moves rows, the second columns.",
)
def strides_swapped(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return pretending(grad, x, w, given, stride=pair(given.get("stride", 1))[::-1])[1]


@mistake(
    "the dilation is forgotten in dw: the taps stand side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
)
def dilation_forgotten(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return pretending(grad, x, w, given, dilation=1)[1]


@mistake(
    "the padding is forgotten in dw: the pixels are read from the image without it",
    "The windows were cut from the padded image: pad x before you sum.",
)
def padding_forgotten(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    g = geometry(x, w, given)
    given = {**given, "padding": g.padding, "padding_mode": "zeros"}
    moved = resided(given, lambda p: tuple((0, before + after) for before, after in p))
    return conv2d_backward(grad, x, w, **moved)[1]


@mistake(
    "the padding is taken for zeros in dw, whatever padding_mode says",
    "The weights met copies of pixels there: pad x as the layer did.",
)
def padding_mode_ignored(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return conv2d_backward(grad, x, w, **{**given, "padding_mode": "zeros"})[1]


@mistake(
    "the channels of x are swapped in dw: they are read in the reverse order",
    "Weight w[o, c] met channel c of x.",
)
def channels_reversed(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    if x.ndim < 3:
        return conv2d_backward(grad, x, w, **given)[1]
    channel, _ = channel_axes(x, w, given.get("layout", "NCHW"))
    return conv2d_backward(grad, np.flip(x, channel), w, **given)[1]


@mistake(
    "every group of filters reads the channels of the next group in dw",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups.",
)
def groups_mixed(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    if x.ndim < 3:
        return conv2d_backward(grad, x, w, **given)[1]
    channel, _ = channel_axes(x, w, given.get("layout", "NCHW"))
    moved = np.roll(x, x.shape[channel] // given.get("groups", 1), channel)
    return conv2d_backward(grad, moved, w, **given)[1]


def _one_image(grad: Any, x: Any, w: Any, given: dict[str, Any], image: int) -> Any:
    """Return dw of one image of the batch."""
    if x.ndim < 4:
        return conv2d_backward(grad, x, w, **given)[1]
    return conv2d_backward(grad[image], x[image], w, **given)[1]
