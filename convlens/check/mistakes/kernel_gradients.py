"""What goes wrong when a weight sums up what it touched: slips of dw."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import only, steps
from convlens.check.mistakes.sent import Back, undilated, unstrided
from convlens.check.mistakes.shared import STRIDE
from convlens.check.slips import Slips


def _after_a_step(dw: Any, a: Back, rate: float) -> Any:
    return a.w - rate * dw


kernel_gradients = Slips(Back.of, Back.dw)

kernel_gradients(
    "dw is averaged over the places of the window",
    "A weight sums over all places; nothing is divided by their number.",
    shape=lambda dw, a: dw / np.prod(a.geometry.output_size),
)
kernel_gradients(
    "dw is turned by half a turn",
    "dw[u, v] sums the pixels at i + u and j + v: first tap first, no flip.",
    shape=lambda dw, a: np.flip(dw, a.taps),
)
kernel_gradients(
    "dw holds the last place alone: it overwrites the others",
    "Each place of the window adds to the weight: += where you set with =.",
    lambda a: a.sent(lambda grad: only(grad, a.cells(-1, -1))),
)
kernel_gradients(
    "the output gradient is not used: the pixels are summed as they are",
    "Multiply each pixel with the gradient of the output that it went to.",
    lambda a: a.sent(np.ones_like),
)
kernel_gradients(
    "the stride is forgotten in dw: the pixels are read from windows side by side",
    "Tap (u, v) met the rows u, u + stride, u + 2*stride and so on: every stride-th pixel.",
    unstrided,
)
kernel_gradients(
    "the dilation is forgotten in dw: the taps stand side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
    undilated,
)
kernel_gradients(
    "the padding is forgotten in dw: the pixels are read from the image without it",
    "The windows were cut from the padded image: pad x before you sum.",
    lambda a: a.but(
        padding=tuple((0, before + after) for before, after in a.geometry.padding),
        padding_mode="zeros",
    ),
)
kernel_gradients(
    "the padding is taken for zeros in dw, whatever padding_mode says",
    "The weights met copies of pixels there: pad x as the layer did.",
    lambda a: a.but(padding_mode="zeros"),
)
kernel_gradients(
    "dw is averaged over the batch",
    "Sum over the images: a loss that is a mean has brought its 1/N with grad.",
    shape=lambda dw, a: dw / a.images,
)
kernel_gradients(
    "dw holds the last image alone: it overwrites the others",
    "Each image of the batch adds to the weight: += in the loop over the images.",
    lambda a: a.image(np.s_[-1:]),
)
kernel_gradients(
    "dw holds the first image alone",
    "Each image of the batch adds to the weight.",
    lambda a: a.image(np.s_[:1]),
)
kernel_gradients(
    "the channels of x are swapped in dw: they are read in the reverse order",
    "Weight w[o, c] met channel c of x.",
    lambda a: a.dealt(np.arange(a.channels)[::-1]),
)
kernel_gradients(
    "every group of filters reads the channels of the next group in dw",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups.",
    lambda a: a.dealt(np.roll(np.arange(a.channels), a.channels // a.groups)),
)
kernel_gradients(
    "the two strides have changed places in dw, where slices of x are cut tap by tap",
    STRIDE,
    shape=lambda dw, a: a.tap_by_tap("stride", lambda both: both[::-1]),
)
kernel_gradients(
    "gradient and pixels are summed before they are multiplied in dw",
    "Each gradient belongs to the pixel at its own place: multiply first, then sum.",
    lambda a: a.sent(
        lambda grad: np.broadcast_to(grad.sum(axis=a.places, keepdims=True), grad.shape)
    ),
)
kernel_gradients(
    "the groups are ignored in dw: every filter reads the channels of the first group",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups.",
    lambda a: a.dealt(np.arange(a.channels // a.groups)).but(groups=1),
)
for rate in (0.1, 0.01, 0.001):
    kernel_gradients(
        f"dw is the kernel after a step of learning, w - {rate:g}*dw",
        "Return the gradient itself: the step is made by who calls it.",
        shape=partial(_after_a_step, rate=rate),
    )
steps(kernel_gradients, " in dw")
