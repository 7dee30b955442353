"""What goes wrong with a convolution of one image with one kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes import kernel, known, numbers, places
from convlens.check.task import Mistake, mistake
from convlib.convolution import conv2d


def convolve(x: Any, w: Any) -> Any:
    """Convolve: cross-correlate with the kernel turned by half a turn."""
    return conv2d(x, w[::-1, ::-1])


@mistake(
    "the kernel is not flipped: that is a cross-correlation",
    "Turn the kernel by half a turn first: its last row comes first, its last column too.",
)
def not_flipped(x: Any, w: Any) -> Any:
    return conv2d(x, w)


@mistake(
    "the kernel is flipped up-down only",
    "Half a turn reverses the columns as well as the rows.",
)
def rows_flipped_only(x: Any, w: Any) -> Any:
    return conv2d(x, w[::-1])


@mistake(
    "the kernel is flipped left-right only",
    "Half a turn reverses the rows as well as the columns.",
)
def columns_flipped_only(x: Any, w: Any) -> Any:
    return conv2d(x, w[:, ::-1])


@mistake(
    "the kernel is transposed instead of flipped",
    "A transposed kernel has rows for columns; reverse the order of both and leave them in place.",
)
def transposed(x: Any, w: Any) -> Any:
    return conv2d(x, w.T)


@mistake(
    "the kernel is transposed as well as flipped",
    "Rows stay rows: reverse their order and that of the columns, and nothing else.",
)
def flipped_and_transposed(x: Any, w: Any) -> Any:
    return conv2d(x, w[::-1, ::-1].T)


@mistake(
    "the kernel is turned by a quarter, not by half a turn",
    "np.rot90 makes a quarter turn; reverse both axes, or turn twice.",
)
def quarter_turn(x: Any, w: Any) -> Any:
    return conv2d(x, np.rot90(w))


@mistake(
    "the image is flipped, not the kernel: the answer comes out turned by half a turn",
    "Leave the image as it is and turn the kernel.",
)
def image_flipped(x: Any, w: Any) -> Any:
    return conv2d(x[::-1, ::-1], w)


@mistake(
    'windows that hang over the edges are counted: that is SciPy\'s mode="full"',
    "Keep to the places where the whole kernel lies on the image.",
)
def full(x: Any, w: Any) -> Any:
    rows, columns = w.shape
    return conv2d(x, w[::-1, ::-1], padding=(rows - 1, columns - 1))


@mistake(
    'the output is as large as the image: that is SciPy\'s mode="same"',
    "Keep to the places where the whole kernel lies on the image.",
)
def as_large_as_the_image(x: Any, w: Any) -> Any:
    return conv2d(x, w[::-1, ::-1], padding="same_lower")


@mistake(
    "the answer comes out turned by half a turn: it is flipped itself, or image and kernel both",
    "Turn the kernel alone, before it slides.",
)
def answer_flipped(x: Any, w: Any) -> Any:
    return conv2d(x, w)[::-1, ::-1]


@mistake(
    "the signs of the weights are swapped, and the kernel is not flipped",
    "For `across` a half turn swapped all signs, but not for other kernels: reverse the order of "
    "its rows and columns.",
)
def negated(x: Any, w: Any) -> Any:
    return -conv2d(x, w)


@mistake(
    "the kernel is read as w[-u, -v], which begins at its first tap",
    "Index -0 is 0: the last row is w[KH - 1], so read w[KH - 1 - u, KW - 1 - v].",
)
def read_from_minus_zero(x: Any, w: Any) -> Any:
    return conv2d(x, np.roll(w[::-1, ::-1], (1, 1), (0, 1)))


@mistake(
    "the window is read as x[i - u, j - v], which leaves the image and comes in at its other end",
    "Index -1 is the last row. Begin at the end of the window, x[i + KH - 1 - u, j + KW - 1 - v].",
)
def read_backward(x: Any, w: Any) -> Any:
    (rows, columns), y = w.shape, conv2d(x, w)
    around = np.pad(x, ((rows - 1, 0), (columns - 1, 0)), mode="wrap")
    return conv2d(around, w[::-1, ::-1])[: y.shape[0], : y.shape[1]]


#: Of a layer, those that a convolution can have as well.
SHARED = (
    kernel.kernel_unused,
    kernel.products_averaged,
    kernel.last_product_kept,
    places.one_window_too_few,
    places.last_window_unwritten,
    places.output_as_large_as_the_image,
    places.output_transposed,
    places.window_starts_late,
    places.first_window_only,
    places.first_row_only,
    places.sum_carried_on,
    places.places_in_one_line,
    *known(numbers),
)


def _turned(shared: Mistake) -> Mistake:
    """Let a layer make its mistake with the kernel turned round."""

    def wrong(x: Any, w: Any) -> Any:
        return shared.wrong(x, w[::-1, ::-1])

    return Mistake(shared.name, shared.diagnosis, shared.remedy, wrong, shared.shows)


#: Of a convolution.
MISTAKES = (
    not_flipped,
    rows_flipped_only,
    columns_flipped_only,
    transposed,
    flipped_and_transposed,
    quarter_turn,
    image_flipped,
    answer_flipped,
    negated,
    read_from_minus_zero,
    read_backward,
    full,
    as_large_as_the_image,
    *map(_turned, SHARED),
)
