"""What goes wrong when a hidden kernel is read off the layer's answer to one image."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.answers import array_of, same, within_reach
from convlens.check.calling import Outcome
from convlens.check.task import mistake, observed
from convlib.convolution import conv2d

Pair = tuple[int, int]


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


def find(layer: Any, size: Pair) -> Any:
    """Read the answer off the layer itself; `size` is its shape."""
    return layer.reveal()


def _single(layer: Any, image: Pair, at: Pair) -> Any:
    """Show the layer a single 1."""
    x = np.zeros(image, dtype=int)
    x[at] = 1
    return layer(x)


@observed(
    "the layer is called more than once",
    "Call it once and keep its answer in a variable: one image is enough if its 1 meets all taps.",
    lambda outcome: outcome.arguments["layer"].calls > 1,
)
def called_often(layer: Any, size: Pair) -> Any:
    kernel = np.zeros(size)
    for place in np.ndindex(size):
        x = np.zeros(size)
        x[place] = 1
        kernel[place] = layer(x)[0, 0]
    return kernel


@mistake(
    "the kernel comes back turned by half a turn",
    "The first window has the 1 at its last tap: turn the layer's answer round.",
)
def not_turned(layer: Any, size: Pair) -> Any:
    return layer.reveal()[::-1, ::-1]


@mistake(
    "the kernel comes back with its rows in the reverse order",
    "The layer's answer is turned by half a turn: reverse rows and columns.",
)
def columns_turned_only(layer: Any, size: Pair) -> Any:
    return layer.reveal()[::-1]


@mistake(
    "the kernel comes back with its columns in the reverse order",
    "The layer's answer is turned by half a turn: reverse rows and columns.",
)
def rows_turned_only(layer: Any, size: Pair) -> Any:
    return layer.reveal()[:, ::-1]


@mistake(
    "the kernel comes back transposed",
    "Rows stay rows: reverse their order and that of the columns, and nothing else.",
)
def transposed(layer: Any, size: Pair) -> Any:
    return layer.reveal().T


def _as_large_as_the_kernel(outcome: Outcome) -> bool:
    """Whether the kernel had a single place on the image, and its sum was returned."""
    layer, answer = outcome.arguments["layer"], array_of(outcome.value)
    shape = layer.reveal().shape
    return answer is not None and answer.size == 1 and layer.seen == shape != (1, 1)


@observed(
    "the image is as large as the kernel, so that there is one window and one number",
    "The output has to be as large as the kernel: H - KH + 1 = KH and W - KW + 1 = KW.",
    _as_large_as_the_kernel,
)
def image_too_small(layer: Any, size: Pair) -> Any:
    return _single(layer, size, (0, 0))


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


@observed(
    "the image is too large: the kernel comes back among zeros",
    "The output has to be as large as the kernel: H - KH + 1 = KH and W - KW + 1 = KW.",
    _among_zeros,
)
def image_too_large(layer: Any, size: Pair) -> Any:
    return _single(layer, (2 * size[0], 2 * size[1]), size)[::-1, ::-1]


@mistake(
    "the 1 stands in the first corner of the image, where a single tap meets it",
    "Put the 1 in the middle, where every tap meets it once.",
)
def one_in_the_corner(layer: Any, size: Pair) -> Any:
    return _single(layer, (2 * size[0] - 1, 2 * size[1] - 1), (0, 0))


@mistake(
    "the 1 stands in a corner of the image, where a single tap meets it, and the answer is turned",
    "Put the 1 in the middle, where every tap meets it once.",
)
def one_in_the_corner_turned(layer: Any, size: Pair) -> Any:
    return one_in_the_corner.wrong(layer, size)[::-1, ::-1]


@mistake(
    "the 1 stands one row and one column beside the middle",
    "Counted from 0, the middle of 2*KH - 1 rows is row KH - 1.",
)
def beside_the_middle(layer: Any, size: Pair) -> Any:
    return _single(layer, (2 * size[0] - 1, 2 * size[1] - 1), size)[::-1, ::-1]


@mistake(
    "the image is full of ones, so that all taps are added into one sum",
    "Put a single 1 into an image of zeros: each window then shows one tap.",
)
def ones_everywhere(layer: Any, size: Pair) -> Any:
    return layer(np.ones((2 * size[0] - 1, 2 * size[1] - 1)))


@mistake(
    "fractions are cut off: the answer is kept in integers",
    "Return what the layer gave, or make an array of floats for it.",
)
def fractions_cut_off(layer: Any, size: Pair) -> Any:
    return layer.reveal().astype(int)


@mistake(
    "the layer's answer is transposed, not turned by half a turn",
    "Reverse the order of its rows and of its columns: answer[::-1, ::-1].",
)
def transposed_for_turned(layer: Any, size: Pair) -> Any:
    return layer.reveal()[::-1, ::-1].T


@mistake(
    "the layer's answer is turned by a quarter, not by half a turn",
    "np.rot90 makes a quarter turn; reverse both axes, or turn twice.",
)
def quarter_turn(layer: Any, size: Pair) -> Any:
    return np.rot90(layer.reveal()[::-1, ::-1])
