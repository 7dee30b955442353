"""What goes wrong when the starts of the windows are listed."""

from __future__ import annotations

from convlens.check.task import mistake

__all__ = ["starts"]


def starts(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    """List the starts, counted from the first cell of the padding."""
    extent = (kernel - 1) * dilation + 1
    return list(range(0, size + 2 * padding - extent + 1, stride))


@mistake(
    "the last start is missing",
    "range ends before its second argument: go one further than the last cell that can be a start.",
)
def last_start_missing(size: int, kernel: int, stride: int = 1, **given: int) -> list[int]:
    every = starts(size, kernel, **given)
    return every[:-1][::stride]


@mistake(
    "windows that hang over the end are listed",
    "A start counts only where the last tap has a cell too: end earlier, by the window's extent.",
)
def over_the_end(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    return list(range(0, size + 2 * padding, stride))


@mistake("the stride is ignored", "The third argument of range is the step: the stride.")
def stride_ignored(size: int, kernel: int, **given: int) -> list[int]:
    return starts(size, kernel, **{**given, "stride": 1})


@mistake(
    "the windows are numbered 0, 1, 2 instead of placed",
    "Window number i starts at i*stride.",
)
def numbered(size: int, kernel: int, **given: int) -> list[int]:
    return list(range(len(starts(size, kernel, **given))))


@mistake("the padding is ignored", "The axis grows by the padding at each of its two ends.")
def padding_ignored(size: int, kernel: int, **given: int) -> list[int]:
    return starts(size, kernel, **{**given, "padding": 0})


@mistake("the padding is counted once", "It is added at both ends: 2*padding.")
def padding_at_one_end(size: int, kernel: int, padding: int = 0, **given: int) -> list[int]:
    return starts(size + padding, kernel, **given)


@mistake(
    "the starts are counted from the first cell of the image, and are negative in the padding",
    "Call the first cell of the padding 0: the first window starts there.",
)
def counted_from_the_image(size: int, kernel: int, padding: int = 0, **given: int) -> list[int]:
    return [s - padding for s in starts(size, kernel, padding=padding, **given)]


@mistake("the dilation is ignored", "K taps with K - 1 gaps span (K - 1)*dilation + 1.")
def dilation_ignored(size: int, kernel: int, **given: int) -> list[int]:
    return starts(size, kernel, **{**given, "dilation": 1})


@mistake(
    "the dilated kernel is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
def extent_too_long(size: int, kernel: int, dilation: int = 1, **given: int) -> list[int]:
    return starts(size, kernel * dilation, **given)


@mistake(
    "there is one start too many: the last window hangs over the end by a cell",
    "The window's extent is (K - 1)*dilation + 1. The last start is the padded size minus that, "
    "and range ends one further.",
)
def one_too_many(size: int, kernel: int, stride: int = 1, **given: int) -> list[int]:
    return starts(size + 1, kernel, stride, **given)


@mistake(
    "the first window starts after the padding",
    "A window may stand on padding: call the first cell of the padding 0 and start there.",
)
def after_the_padding(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    return list(range(padding, size + 2 * padding - (kernel - 1) * dilation, stride))


@mistake(
    "the dilation is taken for the number of cells left out between two taps",
    "dilation=1 leaves no gap: two taps lie `dilation` cells apart.",
)
def dilation_as_gaps(size: int, kernel: int, dilation: int = 1, **given: int) -> list[int]:
    return starts(size, kernel, dilation=dilation + 1, **given)


@mistake(
    "the first start is listed even where the window does not fit",
    "Where the window is longer than the padded axis there is no start: begin with an empty list.",
)
def first_in_any_case(size: int, kernel: int, **given: int) -> list[int]:
    return starts(size, kernel, **given) or [0]
