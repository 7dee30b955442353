"""How far the sliders of the output-size explorer go: their bounds follow from one another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convlens.facts.setting import NAMED, Axis

__all__ = ["FIELDS", "Limits"]

#: The numbers of an axis that have a slider.
FIELDS = ("kernel", "stride", "dilation", "before", "after")

Bounds = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Limits:
    """What limits the numbers of one axis.

    Attributes
    ----------
    room : int
        The most padding on one side, where nothing else limits it.
    padding, mode : str
        "numbers" or one of `NAMED`; and the padding mode.
    free : bool
        Let everything go further than is possible.
    """

    room: int
    padding: str
    mode: str
    free: bool

    def settled(self, axis: Axis) -> Axis:
        """The same axis with what is impossible taken back: padding, dilation, kernel."""
        if self.free:
            return axis
        most = self._most_padding(axis.size)
        if self.padding == "numbers":
            axis = replace(axis, before=min(axis.before, most), after=min(axis.after, most))
        longest = self._longest(axis)
        apart = max(1, (longest - 1) // max(axis.kernel - 1, 1))
        axis = replace(axis, dilation=min(axis.dilation, apart))
        return replace(axis, kernel=min(axis.kernel, (longest - 1) // axis.dilation + 1))

    def bounds(self, axis: Axis) -> Bounds:
        """Least and greatest value of each number, the others left as they are."""
        longest, most = self._longest(axis), self._most_padding(axis.size)
        need = 0 if self.free or self.padding in NAMED else axis.extent - axis.size
        stops = axis.size if self.padding in NAMED else axis.spare + 1
        return {
            "kernel": (1, max((longest - 1) // axis.dilation + 1, axis.kernel)),
            "dilation": (1, max((longest - 1) // max(axis.kernel - 1, 1), axis.dilation, 1)),
            # beyond, there is one stop, however long the stride
            "stride": (1, max(stops, axis.stride, 1)),
            "before": (max(need - axis.after, 0), max(most, axis.before)),
            "after": (max(need - axis.before, 0), max(most, axis.after)),
        }

    def _most_padding(self, size: int) -> int:
        if self.free:
            return max(self.room, size + 1)
        return min(self.room, {"reflect": size - 1, "circular": size}.get(self.mode, self.room))

    def _longest(self, axis: Axis) -> int:
        """The greatest extent of a window."""
        if self.free:
            return 2 * (axis.size + 2 * self.room + 2)
        if self.padding == "numbers":
            return axis.padded
        if self.padding == "valid":
            return axis.size
        # SAME adds what is needed, at most `longest - 1` cells in all, whatever the stride
        return 2 * self._most_padding(axis.size) + 1
