"""What goes wrong with the kernel and the bias of a layer."""

from __future__ import annotations

import numpy as np

from convlens.check.mistakes.axes import only
from convlens.check.mistakes.layer import Layer
from convlens.check.mistakes.products import alone
from convlens.check.slips import Slips

kernel = Slips(Layer.of, Layer.answer)

kernel(
    "the kernel is flipped, up-down and left-right: that is a convolution",
    "A layer cross-correlates: w[u, v] meets x[i + u, j + v], first with first.",
    lambda a: a.weighing(lambda w: w[..., ::-1, ::-1]),
)
kernel(
    "the kernel is flipped up-down",
    "Row u of the kernel meets row i + u of the image; read its rows from the top.",
    lambda a: a.weighing(lambda w: w[..., ::-1, :]),
)
kernel(
    "the kernel is flipped left-right",
    "Column v of the kernel meets column j + v of the image; read its columns from the left.",
    lambda a: a.weighing(lambda w: w[..., ::-1]),
)
kernel(
    "the kernel is transposed: its rows are used as columns",
    "w[u, v] belongs to row i + u and column j + v; look where u and v change places.",
    lambda a: a.weighing(lambda w: w.swapaxes(-1, -2)),
)
kernel(
    "the bias is missing",
    "Add the bias of each filter to its sums, once.",
    lambda a: a.biased(0),
)
kernel(
    "the bias is added for every tap",
    "Add the bias once for each output, after the sum over the window.",
    lambda a: a.biased(a.filters[0].size),
)
kernel(
    "the bias is added for every channel",
    "Add the bias once for each output, after the sum over the channels.",
    lambda a: a.biased(a.filters.shape[1]),
)
kernel(
    "the bias is added twice",
    "Start the sum at 0 and add the bias at the end, or start it at the bias: not both.",
    lambda a: a.biased(2),
)
kernel(
    "the bias is laid along the columns of the output, not along its filters",
    "Broadcasting matches axes from the last: give the bias an axis for rows and one for columns.",
    shape=lambda y, a: y if a.bias is None else y - a.added + a.bias,
)
kernel(
    "the kernel is taken to be square: its number of rows is used for the columns too",
    "Read both sizes: KH, KW = w.shape.",
    lambda a: a.weighing(lambda w: w[..., : w.shape[-2]]),
)
kernel(
    "the kernel is taken to be square: its number of columns is used for the rows too",
    "Read both sizes: KH, KW = w.shape.",
    lambda a: a.weighing(lambda w: w[..., : w.shape[-1], :]),
)
kernel(
    "the bias is taken away, not added",
    "Add it to the sums: + bias.",
    lambda a: a.biased(-1),
)
kernel(
    "the bias is laid along the rows of the output, not along its filters",
    "Give the bias two axes behind that of the filters: bias[:, None, None].",
    shape=lambda y, a: y if a.bias is None else y - a.added + a.bias.reshape(-1, 1),
)
kernel(
    "the bias is laid along the images, not along the filters",
    "bias[o] belongs to filter o: in a loop over images and filters use the index of the filter.",
    shape=lambda y, a: (
        y
        if a.bias is None or not a.filters_of_batch
        else y - a.added + a.bias[: len(y), None, None, None]
    ),
)
kernel(
    "the bias is added at the first place only",
    "Add it to all sums of its filter: y[o] += bias[o], or inside the loops over places.",
    shape=lambda y, a: y - a.added + only(np.zeros_like(y) + a.added, a.cells(0, 0)),
)
kernel(
    "the sums are multiplied with the bias",
    "Add it to the sums: + bias.",
    shape=lambda y, a: y if a.bias is None else (y - a.added) * a.added,
)
kernel(
    "the bias is added to the pixels, before they meet the weights",
    "Add the bias once for each output, after the sum over the window: mind the parentheses.",
    lambda a: a if a.bias is None else a.but(bias=a.bias * a.filters.sum((1, 2, 3))),
)
alone(kernel)
