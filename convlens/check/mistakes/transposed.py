"""What goes wrong with a transposed convolution."""

from __future__ import annotations

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO, around, blank, only, pair, steps, under
from convlens.check.mistakes.spaces import spaces
from convlens.check.mistakes.spread import Spread, lost, overwritten
from convlens.check.slips import Slips
from convlib.convolution import conv2d

transposed = Slips(Spread.of, Spread.answer)

transposed(
    "the kernel is flipped, up-down and left-right",
    "Here nothing is flipped: x[i, j] * w goes to the window as it is. "
    "Only the way by zeros in between needs the flipped kernel, and that one with conv2d.",
    lambda a: a.but(w=a.w[..., ::-1, ::-1]),
)
transposed(
    "the kernel is transposed: its rows are used as columns",
    "w[u, v] goes u rows down and v columns right; look where u and v change places.",
    lambda a: a.but(w=a.w.swapaxes(-1, -2)),
)
transposed(
    "this is the convolution itself: numbers are gathered from windows, not spread over them",
    "Go through the places of x and add x[i, j] * w to a window of the output.",
    answer=lambda a: conv2d(
        a.x,
        a.w if a.w.ndim == 2 else a.w.swapaxes(0, 1),
        a.bias,
        stride=a.stride,
        padding=a.padding,
        dilation=a.dilation,
        groups=a.groups,
    ),
)
transposed(
    "where windows overlap, only the last number is kept",
    "Add to the window (+=) where you set it (=).",
    answer=overwritten,
)
transposed(
    "where windows overlap, the mean is taken",
    "Add what overlaps; nothing is divided by how many numbers fall on a cell.",
    shape=lambda y, a: (y - a.added) / (a.more + 1) + a.added,
)
transposed(
    "the last row and the last column of the output are missing",
    "The last number begins at (H - 1)*stride and covers all of the kernel; check the size.",
    shape=lambda y, a: y[..., :-1, :-1],
)
transposed(
    "between the numbers stand as many zeros as the stride",
    "Numbers that begin `stride` cells apart have stride - 1 zeros between them.",
    lambda a: a.but(stride=(a.stride[0] + 1, a.stride[1] + 1)),
)
transposed(
    "the output is too large: a whole stride is counted after the last number too",
    "The last number begins at (H - 1)*stride, so no cells follow its window.",
    shape=lambda y, a: around(y - a.added, (0, a.stride[0] - 1), (0, a.stride[1] - 1)) + a.added,
)
transposed(
    "the stride is ignored",
    "The window of x[i, j] begins at row i*stride[0] and column j*stride[1] of the output.",
    lambda a: a.but(stride=ONE),
)
transposed(
    "the padding is added to the output",
    "The convolution would have added it to its image; here it is cut off again.",
    lambda a: a.but(cut=lambda y, a: around(y, *map(pair, a.padding))),
)
transposed(
    "the padding is added to the input",
    "It is the output that changes: cut padding[0] rows and padding[1] columns off its edges.",
    lambda a: a.but(x=around(a.x, *map(pair, a.padding)), padding=ZERO),
)
transposed(
    "the padding is ignored",
    "Cut padding[0] rows off at both ends, and padding[1] columns.",
    lambda a: a.but(padding=ZERO),
)
transposed(
    "the padding is cut off at the top and the left only",
    "It is cut off at both ends of each axis.",
    lambda a: a.but(cut=lambda y, a: y[..., a.padding[0] :, a.padding[1] :]),
)
transposed(
    "output_padding is forgotten",
    "The output has so many rows more at its bottom, and so many columns at its right.",
    lambda a: a.but(output_padding=ZERO),
)
transposed(
    "output_padding is filled with zeros",
    "Make the output larger before you spread (or cut less of the padding off at the end): "
    "the taps that fall there count.",
    shape=lambda y, a: blank(
        y,
        np.s_[..., y.shape[-2] - a.output_padding[0] :, :],
        np.s_[..., y.shape[-1] - a.output_padding[1] :],
    ),
)
transposed(
    "the taps stand side by side: the dilation is ignored",
    "Tap (u, v) goes u*dilation[0] rows down and v*dilation[1] columns right.",
    lambda a: a.but(dilation=ONE),
)
transposed(
    "the weights are read as (O, C, KH, KW)",
    "They are those of the convolution that is transposed: (C, O, KH, KW), the axis of x first.",
    lambda a: a.but(w=a.w.swapaxes(0, 1)) if a.w.ndim == 4 else a,
)
transposed(
    "only the last channel of x is used",
    "Every channel of x is spread, with weights of its own, and all are added: (+=).",
    lambda a: a.but(x=only(a.x, np.s_[..., -1, :, :])) if a.w.ndim == 4 else a,
)
transposed(
    "the bias is missing",
    "Add the bias of each channel of the output, once.",
    lambda a: a.but(bias=None),
)
transposed(
    "the bias is added with every number that falls on a cell",
    "Add it once for each cell, after all has been spread.",
    shape=lambda y, a: y + a.added * a.more,
)
transposed(
    "sums pass the largest number of the input's type and wrap around",
    "Products and sums of uint8 stay uint8: make x a wider type first.",
    shape=lambda y, a: y.astype(np.uint8) if a.x.dtype == np.uint8 else y,
)
transposed(
    "products of uint8 pass 255 and wrap around before they are added",
    "Make x (or w) a wider type before you multiply, int64 or float.",
    shape=lambda y, a: y - sum(map(lost, a.places)) if a.x.dtype == np.uint8 else y,
)
transposed(
    "the padding is cut off the rows only",
    "It is cut off both axes: padding[1] columns at the left and at the right as well.",
    lambda a: a.but(padding=(a.padding[0], 0)),
)
transposed(
    "the padding is cut off the columns only",
    "It is cut off both axes: padding[0] rows at the top and at the bottom as well.",
    lambda a: a.but(padding=(0, a.padding[1])),
)
transposed(
    "the padding is cut off with [p:-p], and where p is 0 nothing is left",
    "Cut to the size: from padding[0] to padding[0] + OH, and the columns alike.",
    lambda a: a.but(cut=lambda y, a: y[..., *(slice(p, -p) for p in a.padding)]),
)
steps(transposed)
under(transposed, spaces)
