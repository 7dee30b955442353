"""What goes wrong with the padding "same" of one axis."""

from __future__ import annotations

from convlens.check.task import mistake

Pair = tuple[int, int]


def _total(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> int:
    """Count the cells of both ends together; below zero where none is needed."""
    return (-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size


def _shared(total: int) -> Pair:
    return max(total, 0) // 2, max(total, 0) - max(total, 0) // 2


@mistake(
    'the odd cell is at the start: that is "same_lower"',
    "Round the half down at the start, and let the end have the rest.",
)
def odd_cell_at_the_start(size: int, kernel: int, **given: int) -> Pair:
    before, after = _shared(_total(size, kernel, **given))
    return after, before


@mistake(
    "the odd cell is left out: both ends are rounded down",
    "Round the half down at the start; the end gets the total minus that.",
)
def odd_cell_left_out(size: int, kernel: int, **given: int) -> Pair:
    before, _ = _shared(_total(size, kernel, **given))
    return before, before


@mistake(
    "an odd total is rounded up at both ends: one cell too many",
    "Round the half down at the start; the end gets the total minus that.",
)
def odd_cell_twice(size: int, kernel: int, **given: int) -> Pair:
    _, after = _shared(_total(size, kernel, **given))
    return after, after


@mistake(
    "an odd total is halved into fractions",
    "Cells are whole: round the half down with // and let the end have the rest.",
)
def halves(size: int, kernel: int, **given: int) -> tuple[float, float]:
    half = sum(_shared(_total(size, kernel, **given))) / 2
    return half, half


@mistake(
    "half of the window is added at both ends, whatever the stride",
    "That is right for odd windows with stride 1; ask where the last place starts, and what its "
    "window needs.",
)
def half_of_the_window(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Pair:
    half = ((kernel - 1) * dilation + 1) // 2
    return half, half


@mistake("the whole total is added at each end", "Share it: half of it before, the rest after.")
def total_at_each_end(size: int, kernel: int, **given: int) -> Pair:
    total = max(_total(size, kernel, **given), 0)
    return total, total


@mistake(
    "the whole total is added at the end",
    "Share it: half of it before, rounded down, the rest after.",
)
def all_at_the_end(size: int, kernel: int, **given: int) -> Pair:
    return 0, max(_total(size, kernel, **given), 0)


@mistake(
    "the total is returned, not what each end gets",
    "Return two numbers: half of it before, rounded down, and the rest after.",
)
def sum_returned(size: int, kernel: int, **given: int) -> int:
    return max(_total(size, kernel, **given), 0)


@mistake(
    "the padding gets below zero",
    "With a stride longer than the window nothing need be added: take 0 instead, with max.",
)
def below_zero(size: int, kernel: int, **given: int) -> Pair:
    total = _total(size, kernel, **given)
    return total // 2, total - total // 2


@mistake(
    "the stride is ignored",
    "With a stride there are size/stride places, rounded up; the last starts at "
    "(places - 1)*stride.",
)
def stride_ignored(size: int, kernel: int, **given: int) -> Pair:
    return _shared(_total(size, kernel, **{**given, "stride": 1}))


@mistake(
    "the number of places is rounded down",
    "There are size/stride places, rounded up: -(-size // stride).",
)
def places_rounded_down(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Pair:
    return _shared((size // stride - 1) * stride + (kernel - 1) * dilation + 1 - size)


@mistake("the dilation is ignored", "K taps with K - 1 gaps span (K - 1)*dilation + 1.")
def dilation_ignored(size: int, kernel: int, **given: int) -> Pair:
    return _shared(_total(size, kernel, **{**given, "dilation": 1}))


@mistake(
    "the dilated kernel is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
def extent_too_long(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Pair:
    return _shared(_total(size, kernel * dilation, stride))


@mistake(
    "the window is taken one cell too short: (K - 1)*dilation",
    "K taps with K - 1 gaps span (K - 1)*dilation + 1: the last tap has a cell too.",
)
def extent_too_short(size: int, kernel: int, **given: int) -> Pair:
    return _shared(_total(size, kernel, **given) - 1)


@mistake(
    "the last place is taken to start at places*stride",
    "The first place starts at 0, so that the last one starts at (places - 1)*stride.",
)
def one_stride_too_many(size: int, kernel: int, stride: int = 1, **given: int) -> Pair:
    return _shared(_total(size, kernel, stride, **given) + stride)


@mistake(
    "so much is added that the output is as large as the input, in spite of the stride",
    "With a stride there are only size/stride places, rounded up.",
)
def as_many_places_as_cells(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Pair:
    return _shared((size - 1) * stride + (kernel - 1) * dilation + 1 - size)


@mistake(
    "the sign of the total is dropped",
    "A total below zero says that nothing is needed: take 0 instead, with max.",
)
def sign_dropped(size: int, kernel: int, **given: int) -> Pair:
    return _shared(abs(_total(size, kernel, **given)))


@mistake(
    "the half is rounded by round, which goes to the even neighbour",
    "Round the half down at the start, with //, and let the end have the rest.",
)
def rounded_to_even(size: int, kernel: int, **given: int) -> Pair:
    total = max(_total(size, kernel, **given), 0)
    return round(total / 2), total - round(total / 2)
