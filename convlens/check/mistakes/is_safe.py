"""What goes wrong when a view is proved to be safe."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, prod
from typing import Any

from convlens.check.mistakes.byte_span import Ints, Span
from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Proof(Made):
    """The ends of a view, low and high, and those of the array, first and last."""

    array: Any
    view: Span
    own: Span
    low: float
    high: float
    first: float
    last: float

    def spanned(self, **changed: Any) -> Proof:
        """Work out the ends of both in another way."""
        return _proof(self.array, self.view.but(**changed), self.own.but(**changed))

    def with_nbytes(self, high: float) -> Proof:
        """Compare one number with nbytes, and no low ends."""
        return self.but(low=0, high=high, first=0, last=self.array.nbytes)

    @property
    def inside(self) -> tuple[bool, bool]:
        """Whether the low end and the high end of the view lie inside."""
        return self.first <= self.low, self.high <= self.last


def _proof(array: Any, view: Span, own: Span) -> Proof:
    return Proof(array, view, own, *view.ends, *own.ends)


def _made(array: Any, shape: Ints, strides: Ints) -> Proof:
    own = Span(array.shape, array.strides, array.itemsize)
    return _proof(array, Span(shape, strides, array.itemsize), own)


is_safe = Slips(_made, lambda a: all(a.inside))
is_safe(
    "every view is called safe",
    "Compare both ends of the view with those of the array.",
    shape=lambda y, a: True,
)
is_safe(
    "the answers True and False have changed places",
    "Return True where the view stays inside.",
    shape=lambda y, a: not y,
)
is_safe(
    "numbers are counted: a view may show more of them than exist, and lie inside",
    "Count bytes: the lowest and the highest that the view touches.",
    lambda a: a.but(low=0, high=prod(a.view.shape), first=0, last=a.array.size),
)
is_safe(
    "the array is taken to span the bytes from 0 to nbytes",
    "A reversed, sliced or broadcast array spans others: work its span out from its own strides.",
    lambda a: a.but(first=0, last=a.array.nbytes),
)
is_safe(
    "only the high end is compared",
    "A view can leave the memory backward too: compare the low ends as well.",
    lambda a: a.but(first=-inf),
)
is_safe(
    "only the low end is compared",
    "A view can leave the memory forward too: compare the high ends as well.",
    lambda a: a.but(last=inf),
)
is_safe(
    "a view that ends exactly where the array ends is refused",
    "high is one past the last byte: the two may be equal, <= and not <.",
    lambda a: a.but(high=a.high + 1),
)
is_safe(
    "the bytes of the view's last number are left out",
    "The last number must lie inside with all its bytes: add itemsize to the high end.",
    lambda a: a.but(high=a.high - a.view.itemsize + 1),
)
is_safe(
    "forward and backward jumps are added up together, so that they cancel",
    "Add up the negative reaches for the low end and the positive ones for the high end.",
    lambda a: a.spanned(join=lambda reach: [sum(reach)]),
)
is_safe(
    "the sum of all jumps is compared with nbytes: the low end is not looked at",
    "Add up backward and forward jumps apart, and compare both ends with those of the array.",
    lambda a: a.with_nbytes(a.low + a.high),
)
is_safe(
    "every view is called unsafe",
    "A view that shows the whole array is safe, too.",
    shape=lambda y, a: False,
)
is_safe(
    "a view is refused that begins or ends exactly where the array does",
    "Both ends may be equal: compare with <= and not with <.",
    lambda a: a.but(low=a.low - 1, high=a.high + 1),
)
is_safe(
    "one end inside is taken to be enough",
    "Both ends have to lie inside: join the comparisons by and, not by or.",
    answer=lambda a: any(a.inside),
)
is_safe(
    "the bytes that both span are counted and compared, but not where they lie",
    "A short view can lie outside: compare the low ends, and the high ends.",
    lambda a: a.but(low=0, high=a.high - a.low, first=0, last=a.last - a.first),
)
is_safe(
    "the bytes that the view spans are compared with nbytes, but not where they lie",
    "A short view can lie outside: compare the low end and the high end with those of the array.",
    lambda a: a.with_nbytes(a.high - a.low),
)
is_safe(
    "the high end is compared with nbytes, and the low end is not looked at",
    "A view can leave the memory backward too: work out both ends of the array, and compare both.",
    lambda a: a.with_nbytes(a.high),
)
is_safe(
    "every view that reaches backward is refused",
    "In a reversed array the first element is not the lowest: compare with the array's low end.",
    lambda a: a.but(first=0),
)
is_safe(
    "every axis of the view reaches one jump too far",
    "From the first to the last of n elements there are n - 1 jumps; add itemsize at the end.",
    lambda a: a.with_nbytes(sum(a.view.but(less=0, last=0).ends)),
)
is_safe(
    "every axis of the view and of the array reaches one jump too far",
    "From the first to the last of n elements there are n - 1 jumps; add itemsize at the end.",
    lambda a: a.spanned(less=0),
)
is_safe(
    "only the axis of the view that reaches farthest is counted",
    "The last element lies at the end of all axes at once: add their reaches up.",
    lambda a: a.with_nbytes(max(a.view.reach) + a.view.itemsize),
)
is_safe(
    "where the last number lies is compared with the array's size, and the low end with nothing",
    "Count bytes, and add up backward and forward jumps apart: compare both ends.",
    answer=lambda a: (a.low + a.high - a.view.itemsize) // a.view.itemsize < a.array.size,
)
