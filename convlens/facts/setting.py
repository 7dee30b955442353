"""One setting of kernel, stride, padding and dilation: possible, or refused in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from convlib.arguments import Pair, Sides
from convlib.geometry import Geometry

__all__ = ["NAMED", "Axis", "Setting", "most_filled"]

#: Paddings that follow from the other sizes.
NAMED = ("valid", "same", "same_lower")


@dataclass(frozen=True)
class Axis:
    """The rows of a setting, or its columns: all that the size formula of one axis knows.

    Attributes
    ----------
    size, kernel, stride, dilation : int
    before, after : int
        Cells of padding.

    Examples
    --------
    >>> rows = Axis(size=7, kernel=3, stride=2, dilation=1, before=1, after=0)
    >>> rows.padded, rows.extent, rows.starts, rows.unreached
    (8, 3, range(0, 6, 2), [7])
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def extent(self) -> int:
        """Cells from a window's first tap to its last."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def padded(self) -> int:
        """Cells of the input with its padding."""
        return self.size + self.before + self.after

    @property
    def spare(self) -> int:
        """The last place where a window fits; negative where none does."""
        return self.padded - self.extent

    @property
    def starts(self) -> range:
        """Where the windows begin, by enumeration."""
        return range(0, self.spare + 1, self.stride)

    def taps(self, place: int) -> list[int]:
        """Cells that the window at this place of the output looks at."""
        return [place * self.stride + u * self.dilation for u in range(self.kernel)]

    @cached_property
    def unreached(self) -> list[int]:
        """Cells that no window looks at."""
        reached = {tap for place in range(len(self.starts)) for tap in self.taps(place)}
        return [cell for cell in range(self.padded) if cell not in reached]


def most_filled(size: int, mode: str) -> float:
    """Cells of padding that a mode has values for, on one side of so many cells."""
    return {"reflect": size - 1, "circular": size}.get(mode, math.inf)


@dataclass(frozen=True)
class Setting:
    """What the controls of the output-size explorer say.

    Attributes
    ----------
    given : (Axis, Axis)
        The rows and the columns as the sliders say them.
    padding, padding_mode : str
        "numbers", those of the sliders, or one of `NAMED`; and how it is filled.
    at : (int, int)
        The output position.
    free : bool
        Whether the sliders go further than is possible.
    """

    given: tuple[Axis, Axis]
    padding: str
    padding_mode: str
    at: Pair = (0, 0)
    free: bool = False

    def each(self, field: str) -> Pair:
        """One number of the rows, and of the columns."""
        rows, columns = (getattr(axis, field) for axis in self.given)
        return rows, columns

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """The rows and the columns, with the padding that a name comes to."""
        if self.padding == "numbers":
            return self.given
        sides = ((0, 0), (0, 0)) if self.padding == "valid" else self.same(self.padding)
        changed = zip(self.given, sides, strict=True)
        rows, columns = (replace(axis, before=b, after=a) for axis, (b, a) in changed)
        return rows, columns

    @property
    def sides(self) -> Sides:
        """Cells of padding ((top, bottom), (left, right)), whether or not they can be filled."""
        rows, columns = ((axis.before, axis.after) for axis in self.axes)
        return rows, columns

    def same(self, convention: str) -> Sides:
        """Cells that "same" or "same_lower" adds in this setting."""
        steps: dict[str, Any] = {name: self.each(name) for name in ("stride", "dilation")}
        return Geometry(self.each("size"), self.each("kernel"), padding=convention, **steps).padding

    @property
    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `Geometry`, as short as they can be written."""
        (top, bottom), (left, right) = self.sides
        sides = _short((top, left)) if (top, left) == (bottom, right) else self.sides
        given = {
            "stride": _short(self.each("stride")),
            "padding": self.padding if self.padding in NAMED else sides,
            "dilation": _short(self.each("dilation")),
            "padding_mode": self.padding_mode,
        }
        usual = {"stride": 1, "padding": 0, "dilation": 1, "padding_mode": "zeros"}
        return {name: value for name, value in given.items() if value != usual[name]}

    @cached_property
    def outcome(self) -> Geometry | str:
        """The geometry; or, where there is none, the message that refuses it."""
        try:
            return Geometry(self.each("size"), self.each("kernel"), **self.arguments)
        except ValueError as error:
            return str(error)

    @property
    def geometry(self) -> Geometry | None:
        """The geometry, or None."""
        return None if isinstance(self.outcome, str) else self.outcome

    @property
    def fits(self) -> bool:
        """Whether there is a place for the kernel."""
        return all(axis.spare >= 0 for axis in self.axes)

    @property
    def too_wide(self) -> list[tuple[int, int]]:
        """Sides (axis, 0 before or 1 after) that the padding mode has no values for."""
        return [
            (k, side)
            for k, axis in enumerate(self.axes)
            for side, count in enumerate((axis.before, axis.after))
            if count > most_filled(axis.size, self.padding_mode)
        ]


def _short(pair: Pair) -> int | Pair:
    return pair[0] if pair[0] == pair[1] else pair
