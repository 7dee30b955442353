"""What goes wrong when weights are chosen: each number minus the mean of the two before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.task import mistake


def _slide(row: Any, *weights: float) -> Any:
    return np.correlate(row, weights, "valid")


def rises(row: Any) -> Any:
    """Tell how far each number lies above the mean of the two before it."""
    return _slide(row, -0.5, -0.5, 1)


@mistake(
    "the weights are used in the reverse order",
    "It is the last number of the window that rises, and it meets the last weight; np.convolve "
    "turns the weights round, np.correlate does not.",
)
def reversed_weights(row: Any) -> Any:
    return _slide(row, 1, -0.5, -0.5)


@mistake(
    "the signs are swapped: it is the mean minus the last number",
    "What is taken away has weights below zero.",
)
def signs_swapped(row: Any) -> Any:
    return -rises(row)


@mistake(
    "the sum of the two numbers is taken away, not their mean",
    "A mean of two numbers takes half of each.",
)
def sum_for_mean(row: Any) -> Any:
    return _slide(row, -1, -1, 1)


@mistake(
    "only one of the two numbers is halved: a + b / 2 is a + (b / 2)",
    "Halve both: (a + b) / 2, which is a weight of a half for each.",
)
def one_halved(row: Any) -> Any:
    return _slide(row, -1, -0.5, 1)


@mistake(
    "the mean is added, not taken away",
    "What is taken away has weights below zero.",
)
def mean_added(row: Any) -> Any:
    return _slide(row, 0.5, 0.5, 1)


@mistake(
    "the mean of all three numbers is taken away",
    "Take the mean of the first two numbers of the window only.",
)
def mean_of_three(row: Any) -> Any:
    return _slide(row, -1 / 3, -1 / 3, 2 / 3)


@mistake(
    "only the number just before is taken away",
    "The first number of the window has a weight too: that of the second.",
)
def one_before(row: Any) -> Any:
    return _slide(row, 0, -1, 1)


@mistake(
    "windows that hang over the ends are counted too",
    'Keep to the places where all three weights have a number: "valid" in NumPy\'s words.',
)
def full(row: Any) -> Any:
    return np.correlate(row, [-0.5, -0.5, 1], "full")


@mistake(
    "the answer is as long as the row: windows that hang over the ends are counted too",
    'Keep to the places where all three weights have a number: "valid" in NumPy\'s words.',
)
def as_long_as_the_row(row: Any) -> Any:
    return np.correlate(row, [-0.5, -0.5, 1], "same")


@mistake(
    "the last window is missing",
    "Three weights fit at len(row) - 2 places; check where range ends.",
)
def last_window_missing(row: Any) -> Any:
    return rises(row)[:-1]


@mistake(
    "fractions are cut off: the answer is kept in integers",
    "Make the output of floats: a mean of two integers may end in a half.",
)
def fractions_cut_off(row: Any) -> Any:
    return rises(row).astype(row.dtype)


@mistake(
    "the weights themselves are returned",
    "Slide them along the row, and return the sums.",
)
def weights_returned(row: Any) -> Any:
    return [-0.5, -0.5, 1]


@mistake(
    "the mean is rounded down: // drops its half",
    "A mean of two integers may end in a half: divide by /, or multiply by 0.5.",
)
def mean_rounded_down(row: Any) -> Any:
    return row[2:] - (row[:-2] + row[1:-1]) // 2


@mistake(
    "every answer is twice as large as it should be",
    "Weights may be fractions: the mean of two numbers is half of the one plus half of the other.",
)
def doubled(row: Any) -> Any:
    return 2 * rises(row)


@mistake(
    "the sign is lost: a fall is told as a rise",
    "A number below the mean gives an answer below zero; leave out abs.",
)
def sign_lost(row: Any) -> Any:
    return np.abs(rises(row))


@mistake(
    "the answer is as long as the row, and ends in two zeros",
    "No window begins at the last two numbers: make room for len(row) - 2 answers.",
)
def zeros_at_the_end(row: Any) -> Any:
    return np.append(rises(row), [0, 0])


@mistake(
    "the answer is as long as the row and of its dtype: two zeros too many, and fractions cut off",
    "np.zeros_like(row) takes both from the row: make len(row) - 2 floats.",
)
def zeros_like_the_row(row: Any) -> Any:
    return zeros_at_the_end.wrong(row).astype(row.dtype)


@mistake(
    "only the first answer is worked out, and the others are left at zero",
    "A `return` inside the loop ends it after one window: put it behind the loop.",
)
def first_window_only(row: Any) -> Any:
    y = rises(row)
    return np.where(np.arange(len(y)) == 0, y, 0)
