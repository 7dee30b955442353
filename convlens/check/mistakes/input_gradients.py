"""What goes wrong when a gradient is sent back to the input: slips of dx."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO, steps
from convlens.check.mistakes.sent import Back, undilated, unstrided
from convlens.check.slips import Slips
from convlib.convolution import conv2d

FULL = "A window reaches K - 1 cells beyond its cell: pad grad by KH - 1 and KW - 1 on all sides."

input_gradients = Slips(Back.of, Back.dx)


def _averaged(dx: Any, a: Back) -> Any:
    """Divide by how many windows see each pixel."""
    ones = a.weighing(np.ones_like).sent(np.ones_like).but(kept="")
    return dx / np.maximum(ones.dx() / (len(a.filters) / a.groups), 1)


def _filter(a: Back, number: int) -> Back:
    """Let only one filter of each group send."""
    each = np.arange(len(a.filters)).reshape(a.groups, -1)
    sending = np.isin(each, each[:, number]).reshape(-1, 1, 1, 1)
    return a.weighing(lambda w: w * sending)


def _slid(dx: Any, a: Back, begin: Sequence[int], more: Sequence[int]) -> Any:
    """Keep as many cells as grad has, or some more, where grad is padded otherwise."""
    if a.stride != ONE or a.geometry.padded_size != a.geometry.input_size:
        return dx
    each = zip(begin, a.geometry.output_size, more, strict=True)
    return dx[a.pixels(*(slice(start, start + max(n + m, 0)) for start, n, m in each))]


def _transposed(dx: Any, a: Back) -> Any:
    """Slide the transposed kernel along the padded gradient."""
    plain = a.stride == a.dilation == ONE and a.layout == "NCHW" and a.groups == 1
    if not plain or a.geometry.padded_size != a.geometry.input_size:
        return dx
    wide = [(0, 0)] * (a.grad.ndim - 2) + [(n - 1, n - 1) for n in a.w.shape[-2:]]
    return conv2d(np.pad(a.grad, wide), a.w.T if a.w.ndim == 2 else a.w.transpose(1, 0, 3, 2))


def _inside(a: Back) -> Any:
    """Where the image lies in the padded one."""
    g = a.geometry
    axes = zip(g.padding, g.input_size, strict=True)
    return a.pixels(*(slice(before, before + size) for (before, _), size in axes))


input_gradients(
    "each window overwrites what the windows before it had sent",
    "Windows overlap: add to dx with +=; with a grid of indices, use np.add.at.",
    lambda a: a.but(kept="window"),
)
input_gradients(
    "each tap overwrites what the taps before it had sent",
    "A pixel lies under several taps: add to the slice with +=, where you set it with =.",
    lambda a: a.but(kept="tap"),
)
input_gradients(
    "the kernel is turned by half a turn in dx",
    "A cell adds grad * w to its window, first tap first; only a correlation of padded grad with w "
    "needs w[::-1, ::-1].",
    lambda a: a.weighing(lambda w: w[..., ::-1, ::-1]),
)
input_gradients(
    "the output gradient is not used: every cell sends the kernel as it is",
    "Multiply the kernel with grad[i, j] before you add it.",
    lambda a: a.sent(np.ones_like),
)
input_gradients(
    "the kernel is not used: every cell sends its gradient to all taps alike",
    "Multiply grad[i, j] with the weight of the tap.",
    lambda a: a.weighing(np.ones_like),
)
input_gradients(
    "dx is divided by how many windows see each pixel",
    "A pixel collects the sum of what its windows send, not the mean.",
    shape=_averaged,
)
input_gradients(
    "dx is averaged over the batch",
    "Nothing is summed over the images in dx: do not divide.",
    shape=lambda dx, a: dx / a.images,
)
input_gradients(
    "the stride is forgotten in dx: the cells send to windows that stand side by side",
    "Cell (i, j) sends to the window that begins at row i*stride[0], column j*stride[1].",
    unstrided,
)
input_gradients(
    "the dilation is forgotten in dx: the taps stand side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
    undilated,
)
input_gradients(
    "the padding is not cut off: dx is as large as the padded image",
    "Cut the cells of the padding away at the end: dx has the shape of x.",
    lambda a: a.but(cut=lambda padded, a: padded),
)
input_gradients(
    "the padding is cut off with [p:-p], and where p is 0 nothing is left",
    "Cut with the size: from padding[0] to padding[0] + H, and the columns alike.",
    lambda a: a.but(
        cut=lambda padded, a: padded[a.pixels(*(slice(p, -q) for p, q in a.geometry.padding))]
    ),
)
input_gradients(
    "the padding is forgotten: what belongs to the padding lies on the image",
    "The windows began on the padding: fill a padded dx, then cut from row padding[0] and column "
    "padding[1] on.",
    lambda a: a.but(cut=lambda padded, a: padded[a.pixels(*map(slice, a.geometry.input_size))]),
)
input_gradients(
    "what lay on the padding is cut off, though its cells are copies of pixels",
    "With reflected, replicated or circular padding add it to the pixel that the cell shows.",
    lambda a: a.but(cut=lambda padded, a: padded[_inside(a)]),
)
input_gradients(
    "dx holds what the first filter sends, without the others",
    "Each filter has read the image: sum over the filters.",
    lambda a: _filter(a, 0),
)
input_gradients(
    "dx holds what the last filter sends: it overwrites the others",
    "Each filter has read the image: add with += in the loop over the filters.",
    lambda a: _filter(a, -1),
)
input_gradients(
    "the channels of dx are in the reverse order",
    "Channel c of dx receives from w[o, c].",
    lambda a: a.weighing(lambda w: w[:, ::-1]),
)
input_gradients(
    "the groups are mixed in dx: each sends to the channels of another",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups: send there.",
    shape=lambda dx, a: a.but(x=dx).dealt(np.roll(np.arange(a.channels), a.channels // a.groups)).x,
)
input_gradients(
    "dx is all zero: what was sent has been added to a copy of it",
    "flatten() copies, and so does an index list: give np.add.at a view, dx.reshape(-1).",
    shape=lambda dx, a: dx * 0,
)
input_gradients(
    "the groups are ignored in dx: every filter sends to the channels of all groups",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups: send there.",
    lambda a: a.weighing(lambda w: np.tile(w, (1, a.groups, 1, 1))).but(groups=1),
)
input_gradients(
    "dx is as large as grad: grad is padded to keep its size",
    FULL,
    shape=lambda dx, a: _slid(dx, a, [(e - 1) // 2 for e in a.geometry.extent], ZERO),
)
input_gradients(
    "dx is too small: grad is padded by half of the kernel, K//2, on all sides",
    FULL,
    shape=lambda dx, a: _slid(
        dx,
        a,
        [(e - 1) // 2 for e in a.geometry.extent],
        [1 - e % 2 for e in a.geometry.extent],
    ),
)
input_gradients(
    "dx is too small: grad is not padded before the turned kernel slides along it",
    FULL,
    shape=lambda dx, a: _slid(
        dx, a, [e - 1 for e in a.geometry.extent], [1 - e for e in a.geometry.extent]
    ),
)
input_gradients(
    "the kernel is transposed in dx, not turned: it is w.T that slides along the padded grad",
    "A half turn reverses rows and columns, w[::-1, ::-1]; w.T exchanges them.",
    shape=lambda dx, a: _transposed(dx, a),
)
steps(input_gradients, " in dx")
