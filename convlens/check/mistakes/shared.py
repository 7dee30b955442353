"""Slips along an axis: those that several tasks share, and their words."""

from __future__ import annotations

from operator import truediv

from convlens.check.answers import array_of
from convlens.check.calling import Outcome
from convlens.check.mistakes.rule import Axis
from convlens.check.slips import Slips

__all__ = [
    "EXTENT", "FLOORED", "GAPS", "LONG", "SQUARE", "STRIDE", "dilations", "early_one", "extents",
    "of_floats", "padded", "rounded_up", "strides", "too_long", "undilated", "unfloored",
    "unstrided",
]  # fmt: skip

STRIDE = "stride is (down, right): the first moves rows, the second columns."
DILATION = "dilation is (down, right): the first spreads rows, the second columns."
EXTENT = "K taps with K - 1 gaps span (K - 1)*dilation + 1."
LONG = "the dilated kernel is too long: K*dilation"
GAPS = "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1."
FLOORED = "Only windows that fit count: round down with //."
SQUARE = "the kernel is taken to be square: its number of rows is used for the columns too"


def unstrided(a: Axis) -> Axis:
    """Ignore the stride."""
    return a.but(stride=1, move=1)


def undilated(a: Axis) -> Axis:
    """Ignore the dilation."""
    return a.but(dilation=1, spread=1)


def too_long(a: Axis) -> Axis:
    """Count K*dilation cells for a window."""
    return a.but(gaps=a.gaps + 1, one=a.one - 1)


def early_one(a: Axis) -> Axis:
    """Add the 1 before the division."""
    return a.but(one=a.one - 1, more=a.more - 1)


def rounded_up(a: Axis) -> Axis:
    """Count a window that hangs over the edge."""
    return a.but(divide=lambda room, stride: -(-room // stride))


def unfloored(a: Axis) -> Axis:
    """Leave the quotient as it is."""
    return a.but(divide=truediv)


def extents(slips: Slips, ignored: str = EXTENT) -> None:
    """Add what goes wrong with the extent of a window along one axis."""
    slips("the dilation is ignored", ignored, undilated)
    slips(LONG, GAPS, too_long)
    slips(
        "only the 1 is multiplied by the dilation: K - 1*dilation + 1",
        "Put K - 1 into parentheses before you multiply: (K - 1)*dilation + 1.",
        lambda a: a.but(gaps=-1, one=a.one + a.gaps + 1),
    )


def padded(slips: Slips) -> None:
    """Add what goes wrong where padding and dilation make an axis and a window longer."""
    slips(
        "the padding is ignored",
        "The axis grows by the padding at each of its two ends.",
        lambda a: a.but(padding=0),
    )
    both = "It is added at both ends: 2*padding."
    slips("the padding is counted once", both, lambda a: a.but(ends=1))
    slips(
        "the dilation is taken for the number of cells left out between two taps",
        "dilation=1 leaves no gap: two taps lie `dilation` cells apart.",
        lambda a: a.but(dilation=a.dilation + 1),
    )


def strides(slips: Slips, remedy: str = STRIDE) -> None:
    """Add what goes wrong with the two numbers of a stride."""
    both = "stride", "move"
    slips("the two strides have changed places", remedy, lambda r: r.swap(*both))
    slips("the first stride is used for rows and columns", remedy, lambda r: r.first(*both))


def dilations(slips: Slips) -> None:
    """Add what goes wrong with the two numbers of a dilation."""
    both = "dilation", "spread"
    slips("the two dilations have changed places", DILATION, lambda r: r.swap(*both))
    slips("the first dilation is used for rows and columns", DILATION, lambda r: r.first(*both))


def of_floats(outcome: Outcome) -> bool:
    """Whether the answer holds floats."""
    answer = array_of(outcome.value)
    return answer is not None and answer.dtype.kind == "f"
