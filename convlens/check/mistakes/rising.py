"""What goes wrong when weights are chosen: each number minus the mean of the two before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import only
from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Slide(Made):
    """Weights that slide along a row."""

    row: Any
    weights: Any = (-0.5, -0.5, 1)
    mode: Any = "valid"

    def answer(self) -> Any:
        """Sum up the products at each place."""
        return np.correlate(self.row, self.weights, self.mode)

    def times(self, *factors: float) -> Slide:
        """Multiply each weight."""
        return self.but(weights=np.multiply(self.weights, factors))


rising = Slips(Slide, Slide.answer)

rising(
    "the weights are used in the reverse order",
    "It is the last number of the window that rises, and it meets the last weight; np.convolve "
    "turns the weights round, np.correlate does not.",
    lambda a: a.but(weights=a.weights[::-1]),
)
rising(
    "the signs are swapped: it is the mean minus the last number",
    "What is taken away has weights below zero.",
    lambda a: a.times(-1, -1, -1),
)
rising(
    "the sum of the two numbers is taken away, not their mean",
    "A mean of two numbers takes half of each.",
    lambda a: a.times(2, 2, 1),
)
rising(
    "only one of the two numbers is halved: a + b / 2 is a + (b / 2)",
    "Halve both: (a + b) / 2, which is a weight of a half for each.",
    lambda a: a.times(2, 1, 1),
)
rising(
    "the mean is added, not taken away",
    "What is taken away has weights below zero.",
    lambda a: a.times(-1, -1, 1),
)
rising(
    "the mean of all three numbers is taken away",
    "Take the mean of the first two numbers of the window only.",
    lambda a: a.times(2 / 3, 2 / 3, 2 / 3),
)
rising(
    "only the number just before is taken away",
    "The first number of the window has a weight too: that of the second.",
    lambda a: a.times(0, 2, 1),
)
rising(
    "windows that hang over the ends are counted too",
    'Keep to the places where all three weights have a number: "valid" in NumPy\'s words.',
    lambda a: a.but(mode="full"),
)
rising(
    "the answer is as long as the row: windows that hang over the ends are counted too",
    'Keep to the places where all three weights have a number: "valid" in NumPy\'s words.',
    lambda a: a.but(mode="same"),
)
rising(
    "the last window is missing",
    "Three weights fit at len(row) - 2 places; check where range ends.",
    shape=lambda y, a: y[:-1],
)
rising(
    "fractions are cut off: the answer is kept in integers",
    "Make the output of floats: a mean of two integers may end in a half.",
    shape=lambda y, a: y.astype(a.row.dtype),
)
rising(
    "the weights themselves are returned",
    "Slide them along the row, and return the sums.",
    answer=lambda a: np.array(a.weights),
)
rising(
    "the mean is rounded down: // drops its half",
    "A mean of two integers may end in a half: divide by /, or multiply by 0.5.",
    answer=lambda a: a.row[2:] - (a.row[:-2] + a.row[1:-1]) // 2,
)
rising(
    "every answer is twice as large as it should be",
    "Weights may be fractions: the mean of two numbers is half of the one plus half of the other.",
    lambda a: a.times(2, 2, 2),
)
rising(
    "the sign is lost: a fall is told as a rise",
    "A number below the mean gives an answer below zero; leave out abs.",
    shape=lambda y, a: np.abs(y),
)
rising(
    "the answer is as long as the row, and ends in two zeros",
    "No window begins at the last two numbers: make room for len(row) - 2 answers.",
    shape=lambda y, a: np.append(y, [0, 0]),
)
rising(
    "the answer is as long as the row and of its dtype: two zeros too many, and fractions cut off",
    "np.zeros_like(row) takes both from the row: make len(row) - 2 floats.",
    shape=lambda y, a: np.append(y, [0, 0]).astype(a.row.dtype),
)
rising(
    "only the first answer is worked out, and the others are left at zero",
    "A `return` inside the loop ends it after one window: put it behind the loop.",
    shape=lambda y, a: only(y, 0),
)
rising(
    "parentheses are missing: it is c - a + b / 2, which adds half of the middle number",
    "Put the sum into parentheses: c - (a + b) / 2. Both weights are -0.5.",
    lambda a: a.times(2, -1, 1),
)
rising(
    "the sum of the two numbers is taken away, and then all of it is halved",
    "Only the mean is halved: c - (a + b) / 2. The last number has the weight 1.",
    lambda a: a.times(1, 1, 0.5),
)
rising(
    "parentheses are missing: it is (c - a + b) / 2",
    "Take the mean of the two away as a whole: c - (a + b) / 2.",
    lambda a: a.times(1, -1, 0.5),
)
rising(
    "the middle number of each window is compared with the mean of its two neighbours",
    "It is the last number that is compared: the weights are -0.5, -0.5, 1, in this order.",
    lambda a: a.but(weights=(-0.5, 1, -0.5)),
)
rising(
    "it is the difference of each two neighbours, one window too many",
    "A window has three numbers: the last of them, minus the mean of the two before it.",
    answer=lambda a: np.diff(a.row),
)
rising(
    "the mean of all numbers before is taken away, not that of two",
    "Slide a window of three along: the mean is that of the two numbers just before.",
    answer=lambda a: a.row[2:] - a.row.cumsum()[1:-1] / np.arange(2, len(a.row)),
)
rising(
    "only the first number of the window is taken away",
    "The middle number of the window has a weight too: that of the first.",
    lambda a: a.times(2, 0, 1),
)
