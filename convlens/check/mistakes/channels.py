"""What goes wrong with channels, filters, images and groups of a layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import only
from convlens.check.mistakes.layer import Layer
from convlens.check.mistakes.products import summed
from convlens.check.slips import Slips

channels = Slips(Layer.of, Layer.answer)


def _each_channel(a: Layer) -> Any:
    """Give an output for each channel; a plane has none."""
    if a.w.ndim == 2:
        return a.answer()
    each = [
        a.dealt([c]).weighing(partial(np.take, indices=[c], axis=1)).answer()
        for c in range(a.filters.shape[1])
    ]
    return np.stack(each, axis=a.x.ndim - 3)


def _own_channel(a: Layer) -> Layer:
    """Let filter o read channel o alone, by its first weights; after the last the first again."""
    if a.groups == 1:
        return a
    own = np.arange(len(a.filters)) % a.channels
    return a.dealt(own).weighing(lambda w: w[:, :1]).but(groups=len(own))


def _as_channels_first(x: Any) -> Any:
    """Cut (H, W, C) into channels of H x W, as if they lay one after the other in memory."""
    *lead, rows, columns, channels = x.shape
    return np.moveaxis(x.reshape(*lead, channels, rows, columns), -3, -1)


def _reordered(a: Layer, change: Callable[[Any], Any]) -> Layer:
    """Change the weights of an image with channels, if these come first."""
    return a.weighing(change) if a.layout == "NCHW" and a.w.ndim > 2 else a


def _as_channels_last(x: Any) -> Any:
    """Cut (C, H, W) into pixels of C numbers each, as if these were neighbours in memory."""
    *lead, channels, rows, columns = x.shape
    return np.moveaxis(x.reshape(*lead, rows, columns, channels), -1, -3)


channels(
    "the channels are not summed: there is an output for each",
    "One filter reads all channels of its window and gives one number: sum over them too.",
    answer=_each_channel,
)
channels(
    "the channels are averaged",
    "Sum over the channels; nothing is divided by their number.",
    lambda a: a.weighing(lambda w: w / w.shape[1]),
)
channels(
    "only the first channel is read",
    "One filter reads all channels: sum over them too.",
    lambda a: a.weighing(lambda w: only(w, np.s_[:, 0])),
)
channels(
    "only the last channel is kept: it overwrites the others",
    "One filter reads all channels: add with += in the loop over them.",
    lambda a: a.weighing(lambda w: only(w, np.s_[:, -1])),
)
channels(
    "the channels are read in the reverse order",
    "Channel c of the image meets channel c of the filter.",
    lambda a: a.weighing(lambda w: w[:, ::-1]),
)
channels(
    "the filters come out last: (OH, OW, O) where (O, OH, OW) is wanted",
    "Move the axis of the filters to the front: y.transpose(0, 3, 1, 2) for a batch.",
    shape=lambda y, a: np.moveaxis(y, -3, -1) if a.filters_first else y,
)
channels(
    "the axes are put in order by reshape, which scatters the numbers",
    "reshape keeps the order in memory; use transpose to move an axis.",
    shape=lambda y, a: np.moveaxis(y, -3, -1).reshape(y.shape) if a.filters_first else y,
)
channels(
    "the images of the batch are mixed: (O, N, ...) was reshaped to (N, O, ...)",
    "Split the columns into images first, then transpose: reshape moves no axis.",
    shape=lambda y, a: y.swapaxes(0, 1).reshape(y.shape) if a.filters_of_batch else y,
)
channels(
    "every image of the batch gives the answer of the first",
    "Use the image n of the loop, or keep the batch axis in the sum.",
    shape=lambda y, a: np.broadcast_to(y[:1], y.shape).copy() if a.x.ndim == 4 else y,
)
channels(
    "the images of the batch are summed",
    "The images do not meet: keep the batch axis out of the sum.",
    shape=lambda y, a: y.sum(axis=0) if a.x.ndim == 4 else y,
)
channels(
    "the groups are dealt out in turn: channel c to group c % groups",
    "Each group reads neighbours: the first C/groups channels, then the next ones.",
    lambda a: a.dealt(np.arange(a.channels).reshape(-1, a.groups).T.ravel()),
)
channels(
    "every group reads the channels of the first",
    "Group g reads the channels g*C/groups to (g + 1)*C/groups.",
    lambda a: a.dealt(np.arange(a.filters.shape[1])).but(groups=1),
)
channels(
    "each filter reads one channel only, its own, as if there were a group for each",
    "A group has C/groups channels, and its filters read all of them.",
    _own_channel,
)
channels(
    "channels last (HWC) is read as channels first (CHW) by reshape",
    'With layout="NHWC" the channels of one pixel are neighbours in memory: use transpose.',
    lambda a: a.but(x=_as_channels_first(a.x)) if a.layout == "NHWC" else a,
)
channels(
    "the weights of the layout NHWC are read as (O, C, KH, KW) by reshape",
    'With layout="NHWC" w is (KH, KW, C, O): use w.transpose(3, 2, 0, 1).',
    lambda a: (
        a.weighing(lambda w: a.w.reshape(w.shape)) if a.layout == "NHWC" and a.w.ndim == 4 else a
    ),
)
channels(
    "the filters are put into columns by reshape, which scatters their weights",
    "Make each filter a row first, w.reshape(O, C*KH*KW), and transpose that: .T.",
    lambda a: (
        a.weighing(lambda w: w.reshape(-1, len(w)).T.reshape(w.shape)) if a.filters_first else a
    ),
)
channels(
    "the filters come out before the images: (O, N, OH, OW) where (N, O, OH, OW) is wanted",
    "Exchange the first two axes: y.swapaxes(0, 1).",
    shape=lambda y, a: y.swapaxes(0, 1) if a.filters_of_batch else y,
)
channels(
    "the matrix product is returned as it is: a row for each window, a column for each filter",
    "Give the rows their axes back by reshape, (N, OH, OW, O), then move the filters by transpose.",
    shape=lambda y, a: np.moveaxis(y, -3, -1).reshape(-1, y.shape[-3]) if a.filters_first else y,
)
channels(
    "the channels are added up before they meet the kernel: each meets the weights of all",
    "Channel c of the image meets channel c of the kernel: multiply first, then sum over channels.",
    lambda a: a.weighing(lambda w: summed(w, 1)),
)
channels(
    "the image is turned gray by a mean over its channels, and meets the kernel's first",
    "Channel c of the image meets channel c of the kernel: multiply first, then sum over channels.",
    lambda a: a.weighing(lambda w: np.broadcast_to(w[:, :1] / w.shape[1], w.shape)),
)
channels(
    "the image is turned gray by a mean over its channels, and meets the sum of the kernel's",
    "Channel c of the image meets channel c of the kernel: multiply first, then sum over channels.",
    lambda a: a.weighing(lambda w: summed(w, 1) / w.shape[1]),
)
channels(
    "channels first (CHW) is turned into channels last (HWC) by reshape",
    "reshape keeps the order in memory; move the axis: x.transpose(1, 2, 0), or np.moveaxis.",
    lambda a: a.but(x=_as_channels_last(a.x)) if a.layout == "NCHW" and a.x.ndim > 2 else a,
)
channels(
    "a window is flattened in the order (KH, KW, C), the weights in the order (C, KH, KW)",
    "Flatten both in the same order: transpose one of them before its reshape.",
    lambda a: _reordered(
        a, lambda w: np.moveaxis(w.reshape(len(w), *w.shape[2:], w.shape[1]), -1, 1)
    ),
)
channels(
    "a window is flattened in the order (C, KH, KW), the weights in the order (KH, KW, C)",
    "Flatten both in the same order: leave the weights as they are, w.reshape(O, C*KH*KW).",
    lambda a: _reordered(a, lambda w: np.moveaxis(w, 1, -1).reshape(w.shape)),
)
channels(
    "axes of length 1 are squeezed away",
    "Leave out np.squeeze: an image of one row, or one filter, keeps its axis.",
    shape=lambda y, a: np.squeeze(y),
)
