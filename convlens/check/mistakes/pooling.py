"""What goes wrong in a max pooling of an image (C, H, W)."""

from __future__ import annotations

from functools import partial
from math import prod

import numpy as np

from convlens.check.mistakes.pooled import Pool, along, in_pieces, kept, tap
from convlens.check.mistakes.shared import FLOORED, STRIDE
from convlens.check.slips import Slips

LARGEST = "Take the largest number: max."
EMPTY = "There are no cells in the padding: fill it with what no number is smaller than."

pooling = Slips(Pool, lambda p: p.y)
pooling(
    "the stride is 1 where none is given",
    "Windows of a pooling lie side by side: without a stride it is kernel_size.",
    lambda p: p.but(stride=p.stride or (1, 1)),
)
pooling(
    "the stride that is given is ignored: the windows lie side by side",
    "kernel_size is the stride only where stride is None.",
    lambda p: p.but(stride=None),
)
pooling(
    "the two strides have changed places",
    STRIDE,
    lambda p: p.but(stride=p.stride and p.stride[::-1]),
)
pooling(
    "the first stride is used for rows and columns",
    STRIDE,
    lambda p: p.but(stride=(p.stride or p.kernel_size)[:1] * 2),
)
pooling(
    "the height and the width of the window have changed places",
    "kernel_size is (KH, KW): rows first.",
    lambda p: p.but(kernel_size=p.kernel_size[::-1]),
)
pooling(
    "the channels are reduced too",
    "Each channel keeps maxima of its own: reduce over the two axes of the window alone.",
    shape=lambda y, p: y.max(axis=0),
)
pooling(
    "the channels come last",
    "Return (C, OH, OW): move the axis of the channels to the front.",
    shape=lambda y, p: np.moveaxis(y, 0, -1),
)
pooling(
    "only the first channel is there",
    "Each channel keeps maxima of its own: return (C, OH, OW).",
    lambda p: p.but(x=p.x[:1]),
)
pooling(
    "only the first channel is there, as a plane without an axis of channels",
    "Each channel keeps maxima of its own: return (C, OH, OW).",
    shape=lambda y, p: y[0],
)
pooling(
    "it takes the smallest number of each window",
    "Take the largest: max.",
    lambda p: p.but(reduce=np.min),
)
pooling(
    "it takes the mean of each window",
    LARGEST,
    lambda p: p.but(reduce=np.sum),
    shape=lambda y, p: y / prod(p.kernel_size),
)
pooling("it sums up each window", LARGEST, lambda p: p.but(reduce=np.sum))
pooling(
    "the number of the largest in its window is given, not the largest itself",
    "argmax tells where it is; max tells what it is.",
    lambda p: p.padded(p.x.min()).but(reduce=tap),
)
pooling(
    "one window too many: sizes are rounded up, and the last windows hang over the edge",
    FLOORED,
    lambda p: p.but(ceil_mode=True),
)
pooling(
    "the padding is ignored",
    "Add the cells of the padding before the windows are taken.",
    lambda p: p.but(padding=(0, 0)),
)
pooling(
    "the padding is zeros, and they win where all numbers are negative",
    EMPTY,
    lambda p: p.padded(0),
)
pooling(
    "the padding is -1, and wins where all numbers are smaller",
    EMPTY,
    lambda p: p.padded(-1 if p.x.dtype.kind != "u" else 0),
)
pooling(
    "the padding lies before the first row and column only",
    "padding is on both sides: as many rows below as above, as many columns right as left.",
    lambda p: p.padded(p.x.min(), ends=1),
)
pooling(
    "the search for the largest begins at 0, which wins where all numbers are negative",
    "Begin with a number of the window itself.",
    shape=lambda y, p: np.maximum(y, 0),
)
pooling(
    "the stride is the window's size with rows and columns exchanged, where none is given",
    "Without a stride it is kernel_size as it is: (KH, KW), down and to the right.",
    lambda p: p.but(stride=p.stride or p.kernel_size[::-1]),
)
pooling(
    "the padding wraps round: it holds numbers of the other end of the image",
    EMPTY,
    lambda p: p.surrounded("wrap"),
)
pooling(
    "the padding mirrors the image, and its copies may win",
    EMPTY,
    lambda p: p.surrounded("reflect"),
)
pooling(
    "reshape(C, OH, OW, KH, KW) cuts the memory into pieces, not the image into windows",
    "The numbers of a row belong to several windows: reshape to (C, OH, KH, OW, KW) and take the "
    "maximum over axes 2 and 4, or show the windows by a view.",
    answer=in_pieces,
)
pooling(
    "only the first column of each window is looked at",
    "A window has KH*KW numbers: take the maximum over both of its axes.",
    lambda p: p.but(reduce=lambda values, axis: values[..., 0].max(axis=-1)),
)
pooling(
    "only the first row of each window is looked at",
    "A window has KH*KW numbers: take the maximum over both of its axes.",
    lambda p: p.but(reduce=lambda values, axis: values[..., 0, :].max(axis=-1)),
)
pooling("it takes the median of each window", LARGEST, lambda p: p.but(reduce=np.median))
pooling(
    "the search for the largest begins with the first number of the channel, and not of the window",
    "Begin with a number of the window itself.",
    shape=lambda y, p: np.maximum(y, p.x[:, :1, :1]),
)
for count, where in enumerate(("image", "channel", "row")):
    pooling(
        f"the largest so far is kept from window to window within a {where}",
        "Begin each window anew: set the largest back inside the loops over the places.",
        shape=partial(kept, count=count),
    )
pooling(
    "the maximum is taken down the columns of each window alone: one for each column is left",
    "A window has two axes: take the maximum over both, axis=(-2, -1).",
    answer=partial(along, axis=-2),
)
pooling(
    "the maximum is taken along the rows of each window alone: one for each row is left",
    "A window has two axes: take the maximum over both, axis=(-2, -1).",
    answer=partial(along, axis=-1),
)
