"""What goes wrong when the bytes that an array can touch are worked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod

from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips, unchanged

__all__ = ["Ints", "Span", "byte_span"]

Ints = tuple[int, ...]


@dataclass(frozen=True)
class Span(Made):
    """How far an array reaches: `n - less` jumps along each axis, and the last number's bytes.

    `join` says which reaches count, `last` how often the bytes do.
    """

    shape: Ints
    strides: Ints
    itemsize: int
    less: int = 1
    last: int = 1
    join: Callable[[list[int]], list[int]] = unchanged

    def axes(self, some: slice) -> Span:
        """Keep some axes only."""
        return self.but(shape=self.shape[some], strides=self.strides[some])

    @property
    def reach(self) -> list[int]:
        """How far the axes reach, forward or backward."""
        return self.join(
            [(n - self.less) * jump for n, jump in zip(self.shape, self.strides, strict=True)]
        )

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest byte, and one past the highest."""
        low, high = (sum(end(r, 0) for r in self.reach) for end in (min, max))
        return low, high + self.last * self.itemsize


def _last_of_each_sign(reach: list[int]) -> list[int]:
    return [[0, *(r for r in reach if (r < 0) == down)][-1] for down in (True, False)]


byte_span = Slips(Span, lambda a: a.ends)
byte_span(
    "the bytes of the last number itself are missing",
    "The jumps lead to where the last number begins: add its itemsize bytes to the high end.",
    lambda a: a.but(last=0),
)
byte_span(
    "every axis reaches one jump too far",
    "From the first to the last of n elements there are n - 1 jumps.",
    lambda a: a.but(less=a.less - 1),
)
byte_span(
    "every axis reaches one jump too far, in place of the bytes of the last number",
    "From the first to the last of n elements there are n - 1 jumps; add itemsize at the end.",
    lambda a: a.but(less=a.less - 1, last=0),
)
byte_span(
    "the numbers are counted, and the byte strides are not used",
    "A view can skip bytes or show them twice: add up (n - 1) * byte stride over the axes.",
    answer=lambda a: (0, prod(a.shape) * a.itemsize),
)
byte_span(
    "only the highest byte is looked for: the lowest is taken to be 0",
    "Negative byte strides lead backward from the first element: add those up for the low end.",
    shape=lambda y, a: (0, y[0] + y[1]),
)
byte_span(
    "negative byte strides are left out: the lowest byte is taken to be 0",
    "Negative byte strides lead backward from the first element: add those up for the low end.",
    shape=lambda y, a: (0, y[1]),
)
byte_span(
    "negative byte strides are taken for positive ones",
    "Keep the sign: forward and backward jumps lead to different ends.",
    lambda a: a.but(strides=tuple(map(abs, a.strides))),
)
byte_span(
    "forward and backward jumps are added up together, so that they cancel",
    "Add up the negative reaches for the low end and the positive ones for the high end.",
    lambda a: a.but(join=lambda reach: [sum(reach)]),
)
byte_span(
    "only the axis that reaches farthest is counted",
    "The last element lies at the end of all axes at once: add their reaches up.",
    lambda a: a.but(join=lambda reach: [min(0, *reach), max(0, *reach)]),
)
byte_span(
    "high is the last byte itself, not one past it",
    "Give one past the highest byte, as a slice does: the array has high - low bytes.",
    shape=lambda y, a: (y[0], y[1] - 1),
)
byte_span(
    "low and high have changed places",
    "Return (low, high), the lowest byte first.",
    shape=lambda y, a: y[::-1],
)
byte_span(
    "the jumps are added up and no more: low is 0, and the last number's bytes are left out",
    "Add itemsize to the high end, and add up the negative reaches apart for the low end.",
    lambda a: a.but(last=0),
    shape=lambda y, a: (0, y[0] + y[1]),
)
byte_span(
    "n jumps are counted for n elements, and the lowest byte is taken to be 0",
    "There are n - 1 jumps; add itemsize at the end, and add up negative reaches for the low end.",
    lambda a: a.but(less=a.less - 1, last=0),
    shape=lambda y, a: (0, y[0] + y[1]),
)
byte_span(
    "the smallest and the largest reach of a single axis are taken",
    "The last element lies at the end of all axes at once: add up the negative reaches, and the "
    "positive ones.",
    answer=lambda a: (min(a.reach), max(a.reach) + a.itemsize),
)
byte_span(
    "the byte strides are multiplied with the size of a number once more",
    "The byte strides are in bytes already: itemsize comes in only once, for the last number.",
    lambda a: a.but(strides=tuple(jump * a.itemsize for jump in a.strides)),
)
byte_span(
    "the bytes of the last number are added once for every axis",
    "Add itemsize once, after the sum.",
    lambda a: a.but(last=len(a.shape)),
)
byte_span(
    "low is given without its sign",
    "It lies before the first element: it is negative, or 0.",
    shape=lambda y, a: (-y[0], y[1]),
)
byte_span(
    "high is the number of bytes from the lowest to the highest",
    "Count both ends from the first element.",
    shape=lambda y, a: (y[0], y[1] - y[0]),
)
byte_span(
    "each axis overwrites the reach of the one before",
    "Add to low and high (+=) where you set them (=).",
    lambda a: a.but(join=_last_of_each_sign),
)
byte_span(
    "only the last axis is counted",
    "Add to the sums (+=) where you set them (=).",
    lambda a: a.axes(slice(-1, None)),
)
byte_span(
    "only the first axis is counted",
    "Go through all axes; look whether return stands inside the loop.",
    lambda a: a.axes(slice(1)),
)
byte_span(
    "the bytes of the last number are added twice",
    "Add itemsize once, after the sum.",
    lambda a: a.but(last=2),
)
byte_span(
    "n jumps are counted for n elements, all of them forward: low is 0, and no last number added",
    "There are n - 1 jumps; add itemsize at the end, and add up negative reaches for the low end.",
    lambda a: a.but(less=a.less - 1, last=0, strides=tuple(map(abs, a.strides))),
)
for size in (8, 4):
    byte_span(
        f"a number is taken to have {size} bytes, whatever its type",
        "It has itemsize bytes: add those to the high end.",
        partial(Span.but, itemsize=size),
    )
