"""What goes wrong when the multiplications of a layer with a stride and groups are counted."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from convlens.check.mistakes.rule import Pair, Rule, rule
from convlens.check.mistakes.shared import SQUARE, early_one, strides, unfloored, unstrided
from convlens.check.slips import Slips

__all__ = ["Factors", "counts", "multiplications"]

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Factors(Rule):
    """The places of a window, and what else a count is multiplied of.

    `reads` is how many channels a filter reads.
    """

    shape: Shape = (1, 1, 1)
    taps: int = 1
    reads: int = 1
    filters: int = 1
    groups: int = 1

    @property
    def places(self) -> Any:
        """How many places the window has."""
        return prod(self.all("places"))

    @property
    def count(self) -> Any:
        """All of it multiplied."""
        return self.filters * self.places * self.reads * self.taps


def counts(slips: Slips) -> None:
    """Add what goes wrong when places are counted."""
    strides(
        slips, "stride is (down, right): the first belongs to H and KH, the second to W and KW."
    )
    slips(
        "every pixel is counted as a place of the window",
        "Only windows that fit count: OH*OW places, not H*W.",
        lambda f: f.each(lambda a: unstrided(a).but(gaps=0)),
    )
    slips(
        "the first place of each axis is not counted: one too few",
        "There are (H - KH) // stride + 1 places along the rows; check the + 1.",
        lambda f: f.each(lambda a: a.but(more=a.more - 1)),
    )
    slips(
        "the stride is ignored",
        "With a stride there are fewer places: divide, and round down.",
        lambda f: f.each(unstrided),
    )
    slips(
        "1 is added before the division by the stride",
        "The last places come from (H - KH) // stride; add 1, the first place, behind the "
        "division.",
        lambda f: f.each(early_one),
    )
    slips(
        "the places are not rounded down",
        "A window that does not fit as a whole has no place: divide with //.",
        lambda f: f.each(unfloored),
    )
    slips(
        SQUARE,
        "kernel_size is (KH, KW): KW belongs to the columns, in the places and in the taps.",
        lambda f: f.first("gaps").but(taps=f.axes[0].taps ** 2),
    )


def _made(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> Factors:
    axes = rule(shape[1:], kernel_size, stride).axes
    return Factors(axes, None, shape, prod(kernel_size), shape[0] // groups, filters, groups)


multiplications = Slips(_made, lambda f: f.count)
counts(multiplications)
multiplications(
    "only one filter is counted",
    "Every filter is multiplied with every window: multiply by the number of filters.",
    lambda f: f.but(filters=1),
)
multiplications(
    "the channels are left out",
    "A filter has KH*KW weights for every channel that it reads, C // groups of them.",
    lambda f: f.but(reads=1),
)
multiplications(
    "the taps are left out: a window is counted as one multiplication for each channel",
    "A window has KH*KW taps in every channel, and each is multiplied with its weight.",
    lambda f: f.but(taps=1),
)
multiplications(
    "the groups are ignored",
    "With groups a filter reads only C // groups channels.",
    lambda f: f.but(reads=f.shape[0]),
)
multiplications(
    "groups divides the filters too: only those of one group are counted",
    "Fewer channels for each filter, but all filters stay: divide by groups once.",
    lambda f: f.but(filters=f.filters // f.groups),
)
multiplications(
    "the additions are counted with the multiplications",
    "Asked are the multiplications alone: one for each weight at each place.",
    shape=lambda y, f: 2 * y,
)
multiplications(
    "only one place of the window is counted",
    "Every filter is multiplied with every window: multiply by OH*OW.",
    lambda f: f.each(lambda a: a.but(size=a.extent)),
)
multiplications(
    "the groups multiply the cost",
    "With groups a filter reads fewer channels, C // groups: divide.",
    lambda f: f.but(reads=f.shape[0] * f.groups),
)
multiplications(
    "a bias is counted: one more for each number of the output",
    "Leave the bias out: it is added, and multiplies nothing.",
    shape=lambda y, f: y + f.filters * f.places,
)
multiplications(
    "the shape is read as (H, W, C)",
    "Here the channels come first: the shape is (C, H, W).",
    lambda f: f.at(0, size=f.shape[0]).at(1, size=f.shape[1]).but(reads=f.shape[2] // f.groups),
)
multiplications(
    "the additions are counted as well: 2n - 1 steps for a sum of n products",
    "Asked are the multiplications alone: one for each weight at each place.",
    shape=lambda y, f: 2 * y - f.filters * f.places,
)
