"""What goes wrong when a hidden kernel is read off the layer's answer to one image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.answers import array_of, same, within_reach
from convlens.check.calling import Outcome
from convlens.check.mistakes.axes import ZERO, Pair
from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips
from convlib.convolution import conv2d


class Layer:
    """A function that cross-correlates an image with a kernel, and counts its calls."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self.calls = 0
        self.seen: tuple[int, ...] = ()

    def __call__(self, image: Any) -> Any:
        """Cross-correlate."""
        self.calls += 1
        self.seen = np.shape(image)
        return conv2d(image, self._kernel)

    def __repr__(self) -> str:
        return f"lambda image: conv2d(image, {self._kernel.tolist()})"

    def reveal(self) -> Any:
        """Give the kernel away, which does not count as a call."""
        return self._kernel.copy()


@dataclass(frozen=True)
class Shown(Made):
    """What the layer is shown: an image with a single 1."""

    layer: Any
    size: Pair  # of the kernel
    image: Pair
    one: Any  # where the 1 stands
    asked: Any  # the layer itself, where `layer` is a copy of it whose calls do not count
    height: int = 1

    def answer(self) -> Any:
        """Turn round what the layer answers."""
        x = np.zeros(self.image, dtype=int)
        x[self.one] = self.height
        return self.layer(x)[::-1, ::-1]


def _show(layer: Any, size: Pair) -> Shown:
    """Let every tap meet the 1 once."""
    rows, columns = size
    image, one = (2 * rows - 1, 2 * columns - 1), (rows - 1, columns - 1)
    return Shown(Layer(layer.reveal()), size, image, one, layer)


def _one_by_one(a: Shown) -> Any:
    """Ask for each tap anew."""
    kernel = np.zeros(a.size)
    for tap in np.ndindex(a.size):
        kernel[tap] = a.but(image=a.size, one=tap).answer()[0, 0]
    return kernel


def _as_large_as_the_kernel(outcome: Outcome) -> bool:
    """Whether the kernel had a single place on the image, and its sum was returned."""
    layer, answer = outcome.arguments["layer"], array_of(outcome.value)
    shape = layer.reveal().shape
    return answer is not None and answer.size == 1 and layer.seen == shape != (1, 1)


def _among_zeros(outcome: Outcome) -> bool:
    """Whether the kernel, turned or not, was returned with zeros beside it."""
    if not within_reach(outcome.value):
        return False
    kernel, answer = outcome.arguments["layer"].reveal(), array_of(outcome.value)
    if answer is None or answer.ndim != 2 or answer.shape == kernel.shape or not answer.any():
        return False
    spans = (slice(at.min(), at.max() + 1) for at in np.nonzero(answer))
    found = answer[tuple(spans)]
    return same(found, kernel) or same(found, kernel[::-1, ::-1])


hidden = Slips(_show, Shown.answer)

hidden(
    "the layer is called more than once",
    "Call it once and keep its answer in a variable: one image is enough if its 1 meets all taps.",
    lambda a: a.but(layer=a.asked),
    answer=_one_by_one,
    shows=lambda outcome: outcome.arguments["layer"].calls > 1,
)
hidden(
    "the kernel comes back turned by half a turn",
    "The first window has the 1 at its last tap: turn the layer's answer round.",
    shape=lambda y, a: y[::-1, ::-1],
)
hidden(
    "the kernel comes back with its rows in the reverse order",
    "The layer's answer is turned by half a turn: reverse rows and columns.",
    shape=lambda y, a: y[::-1],
)
hidden(
    "the kernel comes back with its columns in the reverse order",
    "The layer's answer is turned by half a turn: reverse rows and columns.",
    shape=lambda y, a: y[:, ::-1],
)
hidden(
    "the kernel comes back transposed",
    "Rows stay rows: reverse their order and that of the columns, and nothing else.",
    shape=lambda y, a: y.T,
)
hidden(
    "the image is as large as the kernel, so that there is one window and one number",
    "The output has to be as large as the kernel: H - KH + 1 = KH and W - KW + 1 = KW.",
    lambda a: a.but(layer=a.asked, image=a.size, one=ZERO),
    shows=_as_large_as_the_kernel,
)
hidden(
    "the image is too large: the kernel comes back among zeros",
    "The output has to be as large as the kernel: H - KH + 1 = KH and W - KW + 1 = KW.",
    lambda a: a.but(layer=a.asked, image=(2 * a.size[0], 2 * a.size[1]), one=a.size),
    shows=_among_zeros,
)
hidden(
    "the 1 stands in the first corner of the image, where a single tap meets it",
    "Put the 1 in the middle, where every tap meets it once.",
    lambda a: a.but(one=ZERO),
    shape=lambda y, a: y[::-1, ::-1],
)
hidden(
    "the 1 stands in a corner of the image, where a single tap meets it, and the answer is turned",
    "Put the 1 in the middle, where every tap meets it once.",
    lambda a: a.but(one=ZERO),
)
hidden(
    "the 1 stands one row and one column beside the middle",
    "Counted from 0, the middle of 2*KH - 1 rows is row KH - 1.",
    lambda a: a.but(one=a.size),
)
hidden(
    "the image is full of ones, so that all taps are added into one sum",
    "Put a single 1 into an image of zeros: each window then shows one tap.",
    lambda a: a.but(one=...),
)
hidden(
    "fractions are cut off: the answer is kept in integers",
    "Return what the layer gave, or make an array of floats for it.",
    shape=lambda y, a: y.astype(int),
)
hidden(
    "the layer's answer is transposed, not turned by half a turn",
    "Reverse the order of its rows and of its columns: answer[::-1, ::-1].",
    shape=lambda y, a: y[::-1, ::-1].T,
)
hidden(
    "the layer's answer is turned by a quarter, not by half a turn",
    "np.rot90 makes a quarter turn; reverse both axes, or turn twice.",
    shape=lambda y, a: np.rot90(y, -1),
)
hidden(
    "the image has 255 where a 1 is needed",
    "The layer multiplies each weight with it: put a 1 there, or divide at the end.",
    lambda a: a.but(height=255),
)
hidden(
    "the kernel is divided by its sum",
    "The layer's answer, turned, is the kernel itself: leave it as it is.",
    shape=lambda y, a: y / y.sum() if y.sum() else y,
)
hidden(
    "the 1 stands at the middle of the kernel, not of the image, which is larger",
    "The middle of 2*KH - 1 rows is row KH - 1: there every tap meets it once.",
    lambda a: a.but(one=(a.size[0] // 2, a.size[1] // 2)),
)
