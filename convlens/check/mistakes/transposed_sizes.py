"""What goes wrong with the size of a transposed convolution: the formula with one mistake in it."""

from __future__ import annotations

from dataclasses import dataclass

from convlens.check.mistakes.rule import Axis, axis
from convlens.check.mistakes.shared import extents, unstrided
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Grown(Axis):
    """The axis of the numbers that are sent, and what is added at the end of the output."""

    output_padding: int = 0

    @property
    def length(self) -> int:
        """How many cells the output has."""
        room = (self.size - 1) * self.stride + self.extent - self.ends * self.padding
        return room + self.output_padding


def _made(size: int, kernel: int, *, output_padding: int = 0, **given: int) -> Grown:
    return Grown(**vars(axis(size, kernel, **given)), output_padding=output_padding)


transposed_sizes = Slips(_made, lambda a: a.length)
extents(transposed_sizes, "K taps with K - 1 gaps cover (K - 1)*dilation + 1 cells.")
transposed_sizes(
    "this is the size of a convolution's output: it makes the axis smaller",
    "Turn the formula round: the output here is the image that such a convolution had.",
    answer=lambda a: a.places,
)
transposed_sizes(
    "one stride too many is counted",
    "The first of the numbers begins at 0, so the last begins at (size - 1)*stride.",
    lambda a: a.but(size=a.size + 1),
)
transposed_sizes(
    "the zeros after the last number are counted: a whole stride for each number",
    "stride - 1 zeros stand between two numbers, and none after the last.",
    shape=lambda y, a: y + a.stride - 1,
)
transposed_sizes(
    "the kernel is not counted: this is the distance to the last window",
    "The last number covers a whole extent: (kernel - 1)*dilation + 1.",
    lambda a: a.but(gaps=0, one=0),
)
transposed_sizes(
    "one too few",
    "K taps with K - 1 gaps cover (K - 1)*dilation + 1 cells: add 1.",
    lambda a: a.but(one=a.one - 1),
)
transposed_sizes(
    "one too many",
    "The first number begins at cell 0: nothing is to be added for it.",
    lambda a: a.but(one=a.one + 1),
)
transposed_sizes(
    "the stride is ignored", "Numbers that follow each other begin `stride` cells apart.", unstrided
)
transposed_sizes(
    "the padding is added",
    "The convolution had added it; its transpose takes it away.",
    lambda a: a.but(ends=-a.ends),
)
transposed_sizes(
    "the padding is taken away once",
    "It is cut off at both ends: 2*padding.",
    lambda a: a.but(ends=1),
)
transposed_sizes(
    "the padding is ignored",
    "The output loses it at both ends: - 2*padding.",
    lambda a: a.but(padding=0),
)
transposed_sizes(
    "output_padding is forgotten",
    "So many cells are added at the end.",
    lambda a: a.but(output_padding=0),
)
transposed_sizes(
    "output_padding is counted twice",
    "Its cells are added at the end, not at both ends.",
    lambda a: a.but(output_padding=2 * a.output_padding),
)
transposed_sizes(
    "only the 1 is multiplied by the stride: size - 1*stride",
    "Put size - 1 into parentheses: the last number begins at (size - 1)*stride.",
    shape=lambda y, a: y - (a.size - 1) * a.stride + a.size - a.stride,
)
transposed_sizes(
    "half of the padding is taken away at each end",
    "It is cut off at both ends as it is: 2*padding.",
    lambda a: a.but(padding=a.padding // 2),
)
transposed_sizes(
    "the padding is taken to be kernel//2, whatever is given",
    "Take away 2*padding, which is 0 where none is given.",
    lambda a: a.but(padding=a.taps // 2),
)
