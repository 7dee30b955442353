"""What goes wrong with the size of a transposed convolution: the formula with one mistake in it."""

from __future__ import annotations

from convlens.check.task import mistake


def length(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    """Work out the right length."""
    return (size - 1) * stride + (kernel - 1) * dilation + 1 - 2 * padding + output_padding


@mistake(
    "this is the size of a convolution's output: it makes the axis smaller",
    "Turn the formula round: the output here is the image that such a convolution had.",
)
def of_the_convolution(size: int, kernel: int, **given: int) -> int:
    room = size + 2 * given.get("padding", 0) - (kernel - 1) * given.get("dilation", 1) - 1
    return room // given.get("stride", 1) + 1


@mistake(
    "one stride too many is counted",
    "The first of the numbers begins at 0, so the last begins at (size - 1)*stride.",
)
def one_stride_too_many(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + given.get("stride", 1)


@mistake(
    "the zeros after the last number are counted: a whole stride for each number",
    "stride - 1 zeros stand between two numbers, and none after the last.",
)
def zeros_after_the_last(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + given.get("stride", 1) - 1


@mistake(
    "the kernel is not counted: this is the distance to the last window",
    "The last number covers a whole extent: (kernel - 1)*dilation + 1.",
)
def kernel_forgotten(size: int, kernel: int, **given: int) -> int:
    return length(size, 1, **given) - 1


@mistake("one too few", "K taps with K - 1 gaps cover (K - 1)*dilation + 1 cells: add 1.")
def one_too_few(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) - 1


@mistake("one too many", "The first number begins at cell 0: nothing is to be added for it.")
def one_too_many(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + 1


@mistake("the stride is ignored", "Numbers that follow each other begin `stride` cells apart.")
def stride_ignored(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **{**given, "stride": 1})


@mistake("the padding is added", "The convolution had added it; its transpose takes it away.")
def padding_added(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + 4 * given.get("padding", 0)


@mistake("the padding is taken away once", "It is cut off at both ends: 2*padding.")
def padding_at_one_end(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + given.get("padding", 0)


@mistake("the padding is ignored", "The output loses it at both ends: - 2*padding.")
def padding_ignored(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **{**given, "padding": 0})


@mistake("the dilation is ignored", "K taps with K - 1 gaps cover (K - 1)*dilation + 1 cells.")
def dilation_ignored(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **{**given, "dilation": 1})


@mistake(
    "the dilated kernel is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
def extent_too_long(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + given.get("dilation", 1) - 1


@mistake("output_padding is forgotten", "So many cells are added at the end.")
def output_padding_forgotten(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **{**given, "output_padding": 0})


@mistake("output_padding is counted twice", "Its cells are added at the end, not at both ends.")
def output_padding_twice(size: int, kernel: int, **given: int) -> int:
    return length(size, kernel, **given) + given.get("output_padding", 0)
