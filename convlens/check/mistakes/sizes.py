"""What goes wrong when places are counted: each is the formula with one mistake in it."""

from __future__ import annotations

from convlens.check.mistakes.rule import axis
from convlens.check.mistakes.shared import (
    FLOORED,
    early_one,
    extents,
    padded,
    rounded_up,
    unfloored,
    unstrided,
)
from convlens.check.slips import Slips

BRACKETS = "Put the whole difference into parentheses before you divide."

sizes = Slips(axis, lambda a: a.places)
padded(sizes)
extents(sizes)
sizes(
    "the first place is not counted: one too few",
    "The window can move last // stride times, and before that it stands at 0: add 1.",
    lambda a: a.but(more=a.more - 1),
)
sizes("the division rounds up: a window that hangs over the edge is counted", FLOORED, rounded_up)
sizes(
    "the window is taken one cell too short: (K - 1)*dilation",
    "K taps with K - 1 gaps span (K - 1)*dilation + 1: the last tap has a cell too.",
    lambda a: a.but(one=a.one - 1),
)
sizes(
    "the division is not rounded: there are fractions of a place",
    "Only whole windows count: // rounds down, / does not.",
    unfloored,
)
sizes(
    "the stride is ignored",
    "Divide the last start that fits by the stride, and round down.",
    unstrided,
)
sizes(
    "the 1 is added before the division",
    "Divide first, then add 1 for the place at 0: last // stride + 1.",
    early_one,
)
sizes(
    "the division is rounded to the nearest number",
    "Only whole windows count: // rounds down, round does not.",
    lambda a: a.but(divide=lambda room, stride: round(room / stride)),
)
sizes(
    "only the extent is divided by the stride: // binds tighter than -",
    BRACKETS,
    answer=lambda a: a.room + a.extent - a.extent // a.stride + a.more,
)
sizes(
    'the window\'s length is not used: size/stride, rounded up, is the size of "same"',
    "Here the padding is given: subtract the extent from the padded size, then divide.",
    answer=lambda a: -(-a.size // a.stride),
)
sizes(
    "the padding is taken away",
    "It makes the axis longer: add 2*padding.",
    lambda a: a.but(ends=-a.ends),
)
sizes(
    "only the padding is divided by the stride: // binds tighter than + and -",
    BRACKETS,
    answer=lambda a: a.size - a.extent + a.ends * a.padding // a.stride + a.more,
)
sizes(
    "only the 1 that is taken away is divided by the stride: // binds tighter than -",
    BRACKETS,
    answer=lambda a: a.room + a.one - a.one // a.stride + a.more,
)
sizes(
    "the parentheses around K - 1 are missing: K*dilation and then 1 are taken away",
    "Put K - 1 into parentheses before you multiply: (K - 1)*dilation + 1.",
    lambda a: a.but(gaps=a.gaps + 1, one=a.one + 1),
)
sizes(
    "half of the padding is added at each end",
    "It is added at both ends as it is: 2*padding.",
    lambda a: a.but(padding=a.padding // 2),
)
sizes(
    "one too many: 1 is added twice",
    "The window can move last // stride times: add 1 for the place at 0, once.",
    lambda a: a.but(more=a.more + 1),
)
sizes(
    "the padding is taken to be kernel//2, whatever is given",
    "Add 2*padding, which is 0 where none is given.",
    lambda a: a.but(padding=a.taps // 2),
)
sizes(
    "the division is rounded to the nearest number, and a half goes up",
    "Only whole windows count: // rounds down; adding 0.5 before int() does not.",
    lambda a: a.but(divide=lambda room, stride: (2 * room + stride) // (2 * stride)),
)
sizes(
    "the number of places is rounded to the nearest, after 1 was added",
    "Only whole windows count: // rounds down, round does not.",
    lambda a: a.but(divide=lambda room, stride: round(room / stride + 1) - 1),
)
sizes(
    "the padding is multiplied by the dilation",
    "The dilation spreads the taps alone; the padding counts as it is: 2*padding.",
    lambda a: a.but(padding=a.padding * a.dilation),
)
sizes(
    "half of the kernel, rounded down, is taken away at each end",
    "An even kernel has no middle: take K - 1 away, not 2*(K // 2).",
    lambda a: a.but(gaps=2 * (a.taps // 2)),
)
