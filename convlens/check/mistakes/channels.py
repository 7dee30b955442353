"""What goes wrong with channels, filters, images and groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import channel_axes, first_with_filters, with_channels
from convlens.check.task import mistake
from convlib.convolution import conv2d


@mistake(
    "the channels are not summed: there is an output for each",
    "One filter reads all channels of its window and gives one number: sum over them too.",
)
@with_channels
def channels_not_summed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    layout = given.get("layout", "NCHW")
    xc, wc = channel_axes(x, w, layout)
    parts = [conv2d(x.take([c], xc), w.take([c], wc), bias, **given) for c in range(w.shape[wc])]
    return np.stack(parts, axis=x.ndim - 3)


@mistake(
    "the channels are averaged",
    "Sum over the channels; nothing is divided by their number.",
)
@with_channels
def channels_averaged(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    _, channel = channel_axes(x, w, given.get("layout", "NCHW"))
    return conv2d(x, w / w.shape[channel], bias, **given)


@mistake(
    "only the first channel is read",
    "One filter reads all channels: sum over them too.",
)
@with_channels
def first_channel_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    _, channel = channel_axes(x, w, given.get("layout", "NCHW"))
    mask = np.arange(w.shape[channel]) == 0
    shape = [1] * w.ndim
    shape[channel] = -1
    return conv2d(x, w * mask.reshape(shape), bias, **given)


@mistake(
    "the channels are read in the reverse order",
    "Channel c of the image meets channel c of the filter.",
)
@with_channels
def channels_reversed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    _, channel = channel_axes(x, w, given.get("layout", "NCHW"))
    return conv2d(x, np.flip(w, channel), bias, **given)


@mistake(
    "the filters come out last: (OH, OW, O) where (O, OH, OW) is wanted",
    "Move the axis of the filters to the front: y.transpose(0, 3, 1, 2) for a batch.",
)
def filters_left_last(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return np.moveaxis(y, y.ndim - 3, y.ndim - 1) if first_with_filters(w, given) else y


@mistake(
    "the axes are put in order by reshape, which scatters the numbers",
    "reshape keeps the order in memory; use transpose to move an axis.",
)
def output_reshaped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    last = np.moveaxis(y, y.ndim - 3, y.ndim - 1) if first_with_filters(w, given) else y
    return last.reshape(y.shape)


@mistake(
    "the images of the batch are mixed: (O, N, ...) was reshaped to (N, O, ...)",
    "Split the columns into images first, then transpose: reshape moves no axis.",
)
def batch_reshaped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    if x.ndim < 4 or not first_with_filters(w, given):
        return y
    return np.ascontiguousarray(y.swapaxes(0, 1)).reshape(y.shape)


@mistake(
    "every image of the batch gives the answer of the first",
    "Use the image n of the loop, or keep the batch axis in the sum.",
)
def first_image_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return np.broadcast_to(y[:1], y.shape).copy() if x.ndim == 4 else y


@mistake(
    "the images of the batch are summed",
    "The images do not meet: keep the batch axis out of the sum.",
)
def batch_summed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return y.sum(axis=0) if x.ndim == 4 else y


@mistake(
    "the groups are dealt out in turn: channel c to group c % groups",
    "Each group reads neighbours: the first C/groups channels, then the next ones.",
)
@with_channels
def groups_interleaved(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    xc, _ = channel_axes(x, w, given.get("layout", "NCHW"))
    count, groups = x.shape[xc], given.get("groups", 1)
    dealt = np.arange(count).reshape(-1, groups).T.ravel()
    return conv2d(x.take(dealt, xc), w, bias, **given)


@mistake(
    "every group reads the channels of the first",
    "Group g reads the channels g*C/groups to (g + 1)*C/groups.",
)
@with_channels
def first_group_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    xc, wc = channel_axes(x, w, given.get("layout", "NCHW"))
    first = np.arange(w.shape[wc])
    return conv2d(x.take(first, xc), w, bias, **{**given, "groups": 1})


@mistake(
    "channels last (HWC) is read as channels first (CHW) by reshape",
    'With layout="NHWC" the channels of one pixel are neighbours in memory: use transpose.',
)
def channels_last_reshaped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if given.get("layout") != "NHWC":
        return conv2d(x, w, bias, **given)
    lead, (rows, columns, channels) = x.shape[:-3], x.shape[-3:]
    scrambled = np.reshape(x, (*lead, channels, rows, columns))
    return conv2d(np.moveaxis(scrambled, -3, -1), w, bias, **given)


@mistake(
    "the weights of the layout NHWC are read as (O, C, KH, KW) by reshape",
    'With layout="NHWC" w is (KH, KW, C, O): use w.transpose(3, 2, 0, 1).',
)
def weights_last_reshaped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if given.get("layout") != "NHWC" or w.ndim < 4:
        return conv2d(x, w, bias, **given)
    kh, kw, c, o = w.shape
    scrambled = np.reshape(w, (o, c, kh, kw)).transpose(2, 3, 1, 0)
    return conv2d(x, scrambled, bias, **given)


@mistake(
    "the filters are put into columns by reshape, which scatters their weights",
    "Make each filter a row first, w.reshape(O, C*KH*KW), and transpose that: .T.",
)
def filters_reshaped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if w.ndim < 4 or given.get("layout") == "NHWC":
        return conv2d(x, w, bias, **given)
    return conv2d(x, w.reshape(-1, len(w)).T.reshape(w.shape), bias, **given)


@mistake(
    "the filters come out before the images: (O, N, OH, OW) where (N, O, OH, OW) is wanted",
    "Exchange the first two axes: y.swapaxes(0, 1).",
)
def filters_before_images(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return y.swapaxes(0, 1) if x.ndim == 4 and first_with_filters(w, given) else y


@mistake(
    "the matrix product is returned as it is: a row for each window, a column for each filter",
    "Give the rows their axes back by reshape, (N, OH, OW, O), then move the filters by transpose.",
)
def product_left_as_a_matrix(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    if not first_with_filters(w, given):
        return y
    return np.moveaxis(y, -3, -1).reshape(-1, y.shape[-3])
