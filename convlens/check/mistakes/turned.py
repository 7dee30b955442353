"""What goes wrong with a convolution of one image: a layer whose kernel is turned round."""

from __future__ import annotations

import numpy as np

from convlens.check.mistakes import centred, numbers, products, sums
from convlens.check.mistakes.axes import under
from convlens.check.mistakes.layer import Layer
from convlens.check.mistakes.products import alone
from convlens.check.slips import Slips

turned = Slips(lambda x, w: Layer(x, w[::-1, ::-1]), Layer.answer)

turned(
    "the kernel is not flipped: that is a cross-correlation",
    "Turn the kernel by half a turn first: its last row comes first, its last column too.",
    lambda a: a.but(w=a.w[::-1, ::-1]),
)
turned(
    "the kernel is flipped up-down only",
    "Half a turn reverses the columns as well as the rows.",
    lambda a: a.but(w=a.w[:, ::-1]),
)
turned(
    "the kernel is flipped left-right only",
    "Half a turn reverses the rows as well as the columns.",
    lambda a: a.but(w=a.w[::-1]),
)
turned(
    "the kernel is transposed instead of flipped",
    "A transposed kernel has rows for columns; reverse the order of both and leave them in place.",
    lambda a: a.but(w=a.w[::-1, ::-1].T),
)
turned(
    "the kernel is transposed as well as flipped",
    "Rows stay rows: reverse their order and that of the columns, and nothing else.",
    lambda a: a.but(w=a.w.T),
)
turned(
    "the kernel is turned by a quarter, not by half a turn",
    "np.rot90 makes a quarter turn; reverse both axes, or turn twice.",
    lambda a: a.but(w=np.rot90(a.w, -1)),
)
turned(
    "the image is flipped, not the kernel: the answer comes out turned by half a turn",
    "Leave the image as it is and turn the kernel.",
    lambda a: a.but(x=a.x[::-1, ::-1], w=a.w[::-1, ::-1]),
)
turned(
    "the answer comes out turned by half a turn: it is flipped itself, or image and kernel both",
    "Turn the kernel alone, before it slides.",
    lambda a: a.but(w=a.w[::-1, ::-1]),
    shape=lambda y, a: y[::-1, ::-1],
)
turned(
    "the signs of the weights are swapped, and the kernel is not flipped",
    "For `across` a half turn swapped all signs, but not for other kernels: reverse the order of "
    "its rows and columns.",
    lambda a: a.but(w=a.w[::-1, ::-1]),
    shape=lambda y, a: -y,
)
turned(
    "the kernel is read as w[-u, -v], which begins at its first tap",
    "Index -0 is 0: the last row is w[KH - 1], so read w[KH - 1 - u, KW - 1 - v].",
    lambda a: a.but(w=np.roll(a.w, (1, 1), (0, 1))),
)
turned(
    "the window is read as x[i - u, j - v], which leaves the image and comes in at its other end",
    "Index -1 is the last row. Begin at the end of the window, x[i + KH - 1 - u, j + KW - 1 - v].",
    lambda a: a.wrapped(before=True).but(most=a.geometry.output_size),
)
turned(
    'windows that hang over the edges are counted: that is SciPy\'s mode="full"',
    "Keep to the places where the whole kernel lies on the image.",
    lambda a: a.unasked(tuple((k - 1, k - 1) for k in a.w.shape)),
)
turned(
    'the output is as large as the image: that is SciPy\'s mode="same"',
    "Keep to the places where the whole kernel lies on the image.",
    lambda a: a.unasked("same_lower"),
)
alone(turned, turned=True)
under(turned, sums.sums, products.products, centred.centred, numbers.numbers)
