"""How far the sliders of the output-size explorer go: their bounds follow from one another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convlens.facts.setting import NAMED, Axis, Setting, most_filled

if TYPE_CHECKING:
    from convlib.arguments import Pair

__all__ = ["FIELDS", "bounds", "settled"]

#: The numbers of an axis that have a slider.
FIELDS = ("kernel", "stride", "dilation", "before", "after")


def settled(s: Setting, room: Pair) -> Setting:
    """The same setting with what is impossible taken back; `room` is the most padding of a side."""
    if not s.free:
        rows, columns = (_fitting(s, axis, most) for axis, most in zip(s.given, room, strict=True))
        s = replace(s, given=(rows, columns))
    counts = s.geometry.output_size if s.geometry else (1, 1)
    row, column = (min(place, n - 1) for place, n in zip(s.at, counts, strict=True))
    return replace(s, at=(row, column))


def _fitting(s: Setting, axis: Axis, room: int) -> Axis:
    """Take back padding, dilation and kernel, in this order."""
    most = _most_padding(s, axis.size, room)
    if s.padding == "numbers":
        axis = replace(axis, before=min(axis.before, most), after=min(axis.after, most))
    longest = _longest(s, axis, room)
    apart = max(1, (longest - 1) // max(axis.kernel - 1, 1))
    axis = replace(axis, dilation=min(axis.dilation, apart))
    return replace(axis, kernel=min(axis.kernel, (longest - 1) // axis.dilation + 1))


def bounds(s: Setting, axis: Axis, room: int) -> dict[str, tuple[int, int]]:
    """Least and greatest value of each number of an axis, the others left as they are."""
    longest, most = _longest(s, axis, room), _most_padding(s, axis.size, room)
    need = 0 if s.free or s.padding in NAMED else axis.extent - axis.size
    stops = axis.size if s.padding in NAMED else axis.spare + 1
    return {
        "kernel": (1, max((longest - 1) // axis.dilation + 1, axis.kernel)),
        "dilation": (1, max((longest - 1) // max(axis.kernel - 1, 1), axis.dilation, 1)),
        # beyond, there is one stop, however long the stride
        "stride": (1, max(stops, axis.stride, 1)),
        "before": (max(need - axis.after, 0), max(most, axis.before)),
        "after": (max(need - axis.before, 0), max(most, axis.after)),
    }


def _most_padding(s: Setting, size: int, room: int) -> int:
    if s.free:
        return max(room, size + 1)
    return int(min(room, most_filled(size, s.padding_mode)))


def _longest(s: Setting, axis: Axis, room: int) -> int:
    """The greatest extent of a window."""
    if s.free:
        return 2 * (axis.size + 2 * room + 2)
    if s.padding in ("numbers", "valid"):
        return axis.padded if s.padding == "numbers" else axis.size
    # SAME adds what is needed, at most `longest - 1` cells in all, whatever the stride
    return 2 * _most_padding(s, axis.size, room) + 1
