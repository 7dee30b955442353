"""What goes wrong when the rows are listed that no window touches."""

from __future__ import annotations

from collections.abc import Iterable

from convlens.check.mistakes.starts import starts
from convlens.check.task import mistake

__all__ = ["unseen"]


def unseen(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    """List the rows that no window touches, counted from the image's first."""
    begin = starts(size, kernel, stride, padding, dilation)
    return _rest(size, begin, range(-padding, kernel * dilation - padding, dilation))


def _rest(size: int, begin: Iterable[int], offsets: Iterable[int]) -> list[int]:
    """List the rows under no tap of the windows that begin here."""
    offsets = list(offsets)
    return sorted(set(range(size)) - {b + o for b in begin for o in offsets})


def _left_over(size: int, kernel: int, given: dict[str, int]) -> int:
    """Find the first row after all windows."""
    extent = (kernel - 1) * given.get("dilation", 1) + 1
    return starts(size, kernel, **given)[-1] + extent - given.get("padding", 0)


@mistake(
    "the rows that are seen are listed",
    "Take these away from all rows: set(range(size)) - seen.",
)
def seen(size: int, kernel: int, **given: int) -> list[int]:
    return sorted(set(range(size)) - set(unseen(size, kernel, **given)))


@mistake(
    "only the rows left over at the end are listed",
    "A stride longer than the window, or a dilation, leaves rows out before the end too.",
)
def only_the_end(size: int, kernel: int, **given: int) -> list[int]:
    return [r for r in unseen(size, kernel, **given) if r >= _left_over(size, kernel, given)]


@mistake(
    "the rows left over at the end are missing",
    "Go through all rows of the image, to the last: the division may leave a remainder.",
)
def end_missing(size: int, kernel: int, **given: int) -> list[int]:
    return [r for r in unseen(size, kernel, **given) if r < _left_over(size, kernel, given)]


@mistake(
    "the gaps between the taps of a dilated window are taken for seen",
    "Only taps see: they lie at start + u*dilation, and nothing between them does.",
)
def gaps_taken_for_seen(size: int, kernel: int, dilation: int = 1, **given: int) -> list[int]:
    return unseen(size, (kernel - 1) * dilation + 1, **given)


@mistake("the dilation is ignored", "Tap u lies at start + u*dilation.")
def dilation_ignored(size: int, kernel: int, **given: int) -> list[int]:
    return unseen(size, kernel, **{**given, "dilation": 1})


@mistake(
    "the stride is ignored",
    "The windows start at 0, stride, 2*stride and so on: let range take such steps.",
)
def stride_ignored(size: int, kernel: int, **given: int) -> list[int]:
    return unseen(size, kernel, **{**given, "stride": 1})


@mistake(
    "the padding is ignored",
    "The first window starts in the padding, above row 0 of the image.",
)
def padding_ignored(size: int, kernel: int, **given: int) -> list[int]:
    return unseen(size, kernel, **{**given, "padding": 0})


@mistake(
    "the rows are counted from the first cell of the padding",
    "Row 0 of the image comes after the padding: subtract the padding from where a tap lies.",
)
def counted_from_the_padding(
    size: int, kernel: int, padding: int = 0, dilation: int = 1, stride: int = 1
) -> list[int]:
    begin = starts(size, kernel, stride, padding, dilation)
    return _rest(size, begin, range(0, kernel * dilation, dilation))


@mistake(
    "the padding is listed too",
    "Only rows of the image count: 0 to size - 1, after the padding is subtracted.",
)
def padding_listed(size: int, kernel: int, padding: int = 0, **given: int) -> list[int]:
    return unseen(size + 2 * padding, kernel, **given)


@mistake(
    "the last window is missing",
    "Where range ends: the last start is the padded size minus the extent, and belongs to it.",
)
def last_window_missing(size: int, kernel: int, stride: int = 1, **given: int) -> list[int]:
    spread, around = given.get("dilation", 1), given.get("padding", 0)
    begin = starts(size, kernel, **given)[:-1][::stride]
    return _rest(size, begin, range(-around, kernel * spread - around, spread))


@mistake(
    "windows that hang over the end are counted",
    "Such a window is never made: a start counts only where the last tap has a cell too.",
)
def over_the_end(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    begin = range(0, size + 2 * padding, stride)
    return _rest(size, begin, range(-padding, kernel * dilation - padding, dilation))


@mistake(
    "the padding is added to the rows, not subtracted",
    "Row 0 of the image comes after the padding: subtract the padding from where a tap lies.",
)
def padding_added(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    begin = starts(size, kernel, stride, padding, dilation)
    return _rest(size, begin, range(padding, kernel * dilation + padding, dilation))


@mistake(
    "only the first tap of each window is taken to see",
    "Every tap sees a row: those at start + u*dilation for all u below K.",
)
def first_tap_only(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    return _rest(size, starts(size, kernel, stride, padding, dilation), [-padding])


@mistake(
    "the rows of the padding are listed too, with numbers below 0 or beyond the image",
    "Only rows of the image count: 0 to size - 1.",
)
def rows_beyond_the_image(size: int, kernel: int, padding: int = 0, **given: int) -> list[int]:
    return [r - padding for r in unseen(size + 2 * padding, kernel, **given)]


@mistake(
    "the taps of a dilated window are taken to stand side by side",
    "Tap u lies at start + u*dilation, not at start + u.",
)
def taps_side_by_side(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    begin = starts(size, kernel, stride, padding, dilation)
    return _rest(size, begin, range(-padding, kernel - padding))
