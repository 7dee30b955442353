"""What goes wrong with the padding "same" of one axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from convlens.check.mistakes.rule import Axis, axis
from convlens.check.mistakes.shared import extents
from convlens.check.slips import Slips, unchanged

SHARED = "Share it: half of it before, rounded down, the rest after."
ROUNDED = "Round the half down at the start; the end gets the total minus that."


@dataclass(frozen=True)
class Ends(Axis):
    """An axis whose ends get together what the last of `count` windows needs.

    It begins at count*move - before.
    """

    count: int = 0
    before: int = 0
    least: Callable[[int], int] = lambda total: max(total, 0)
    share: Callable[[int], Any] = lambda total: (total // 2, total - total // 2)

    @property
    def each(self) -> Any:
        """The cells before and after."""
        last = self.count * self.move - self.before
        return self.share(self.least(last + self.extent - self.size))


def _made(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Ends:
    given = vars(axis(size, kernel, stride, 0, dilation))
    return Ends(**given, count=-(-size // stride), before=stride)


same = Slips(_made, lambda a: a.each)
same(
    "half of the window is added at both ends, whatever the stride",
    "That is right for odd windows with stride 1; ask where the last place starts, and what its "
    "window needs.",
    answer=lambda a: (a.extent // 2, a.extent // 2),
)
extents(same)
same(
    'the odd cell is at the start: that is "same_lower"',
    "Round the half down at the start, and let the end have the rest.",
    lambda a: a.but(share=lambda t: (t - t // 2, t // 2)),
)
same(
    "the odd cell is left out: both ends are rounded down",
    ROUNDED,
    lambda a: a.but(share=lambda t: (t // 2, t // 2)),
)
same(
    "an odd total is rounded up at both ends: one cell too many",
    ROUNDED,
    lambda a: a.but(share=lambda t: (-(-t // 2), -(-t // 2))),
)
same(
    "an odd total is halved into fractions",
    "Cells are whole: round the half down with // and let the end have the rest.",
    lambda a: a.but(share=lambda t: (t / 2, t / 2)),
)
same(
    "the whole total is added at each end",
    "Share it: half of it before, the rest after.",
    lambda a: a.but(share=lambda t: (t, t)),
)
same("the whole total is added at the end", SHARED, lambda a: a.but(share=lambda t: (0, t)))
same(
    "the total is returned, not what each end gets",
    "Return two numbers: half of it before, rounded down, and the rest after.",
    lambda a: a.but(share=unchanged),
)
same(
    "the padding gets below zero",
    "With a stride longer than the window nothing need be added: take 0 instead, with max.",
    lambda a: a.but(least=unchanged),
)
same(
    "the stride is ignored",
    "With a stride there are size/stride places, rounded up; the last starts at "
    "(places - 1)*stride.",
    lambda a: a.but(stride=1, move=1, before=1, count=a.size),
)
same(
    "the number of places is rounded down",
    "There are size/stride places, rounded up: -(-size // stride).",
    lambda a: a.but(count=a.size // a.stride),
)
same(
    "the window is taken one cell too short: (K - 1)*dilation",
    "K taps with K - 1 gaps span (K - 1)*dilation + 1: the last tap has a cell too.",
    lambda a: a.but(one=a.one - 1),
)
same(
    "the last place is taken to start at places*stride",
    "The first place starts at 0, so that the last one starts at (places - 1)*stride.",
    lambda a: a.but(before=0),
)
same(
    "so much is added that the output is as large as the input, in spite of the stride",
    "With a stride there are only size/stride places, rounded up.",
    lambda a: a.but(count=a.size),
)
same(
    "the sign of the total is dropped",
    "A total below zero says that nothing is needed: take 0 instead, with max.",
    lambda a: a.but(least=abs),
)
same(
    "the half is rounded by round, which goes to the even neighbour",
    "Round the half down at the start, with //, and let the end have the rest.",
    lambda a: a.but(share=lambda t: (round(t / 2), t - round(t / 2))),
)
same(
    "only the 1 is multiplied by the stride: places - 1*stride",
    "Put places - 1 into parentheses: the last place starts at (places - 1)*stride.",
    lambda a: a.but(move=1),
)
same(
    "half of what is needed is added: the share of an end is halved once more",
    SHARED,
    lambda a: a.but(share=lambda t: (t // 4, -(-t // 2) // 2)),
)
