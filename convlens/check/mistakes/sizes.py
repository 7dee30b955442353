"""What goes wrong when places are counted: each function is the formula with one mistake in it."""

from __future__ import annotations

from convlens.check.task import mistake


def _room(size: int, kernel: int, padding: int = 0, dilation: int = 1) -> int:
    """How far the window can move."""
    return size + 2 * padding - (kernel - 1) * dilation - 1


@mistake(
    "the first place is not counted: one too few",
    "The window can move last // stride times, and before that it stands at 0: add 1.",
)
def one_too_few(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return _room(size, kernel, padding, dilation) // stride


@mistake(
    "the division rounds up: a window that hangs over the edge is counted",
    "Only windows that fit count: round down with //.",
)
def rounded_up(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    return -(-_room(size, kernel, padding, dilation) // stride) + 1


@mistake(
    "the window is taken one cell too short: (K - 1)*dilation",
    "K taps with K - 1 gaps span (K - 1)*dilation + 1: the last tap has a cell too.",
)
def extent_too_short(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return (_room(size, kernel, padding, dilation) + 1) // stride + 1


@mistake(
    "the division is not rounded: there are fractions of a place",
    "Only whole windows count: // rounds down, / does not.",
)
def not_rounded(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> float:
    return _room(size, kernel, padding, dilation) / stride + 1


@mistake("the stride is ignored", "Divide the last start that fits by the stride, and round down.")
def stride_ignored(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return _room(size, kernel, padding, dilation) + 1


@mistake("the padding is ignored", "The axis grows by the padding at each of its two ends.")
def padding_ignored(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return _room(size, kernel, 0, dilation) // stride + 1


@mistake("the padding is counted once", "It is added at both ends: 2*padding.")
def padding_at_one_end(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return (_room(size, kernel, padding, dilation) - padding) // stride + 1


@mistake("the dilation is ignored", "K taps with K - 1 gaps span (K - 1)*dilation + 1.")
def dilation_ignored(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return _room(size, kernel, padding) // stride + 1


@mistake(
    "the dilated kernel is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
def extent_too_long(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return (size + 2 * padding - kernel * dilation) // stride + 1


@mistake(
    "the 1 is added before the division",
    "Divide first, then add 1 for the place at 0: last // stride + 1.",
)
def one_before_the_division(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return (_room(size, kernel, padding, dilation) + 1) // stride


@mistake(
    "the division is rounded to the nearest number",
    "Only whole windows count: // rounds down, round does not.",
)
def rounded_to_the_nearest(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return round(_room(size, kernel, padding, dilation) / stride) + 1


@mistake(
    "only the extent is divided by the stride: // binds tighter than -",
    "Put the whole difference into parentheses before you divide.",
)
def extent_divided(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return size + 2 * padding - ((kernel - 1) * dilation + 1) // stride + 1


@mistake(
    'the window\'s length is not used: size/stride, rounded up, is the size of "same"',
    "Here the padding is given: subtract the extent from the padded size, then divide.",
)
def size_of_same(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return -(-size // stride)


@mistake("the padding is taken away", "It makes the axis longer: add 2*padding.")
def padding_taken_away(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return _room(size, kernel, -padding, dilation) // stride + 1


@mistake(
    "the dilation is taken for the number of cells left out between two taps",
    "dilation=1 leaves no gap: two taps lie `dilation` cells apart.",
)
def dilation_as_gaps(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return _room(size, kernel, padding, dilation + 1) // stride + 1
