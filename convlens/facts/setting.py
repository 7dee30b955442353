"""One setting of kernel, stride, padding and dilation: possible, or refused in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from convlib.arguments import Pair, Sides
from convlib.geometry import Geometry

__all__ = ["NAMED", "Axis", "Setting"]

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


@dataclass(frozen=True)
class Setting:
    """What the controls of the output-size explorer say.

    Attributes
    ----------
    at : (int, int)
        The output position.
    free : bool
        Whether the sliders go further than is possible.
    """

    input_size: Pair
    kernel_size: Pair
    stride: Pair
    padding: str | Sides
    dilation: Pair
    padding_mode: str
    at: Pair = (0, 0)
    free: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `Geometry`, as short as they can be written."""
        padding = self.padding if isinstance(self.padding, str) else _short_sides(self.padding)
        given = {
            "stride": _short(self.stride),
            "padding": padding,
            "dilation": _short(self.dilation),
            "padding_mode": self.padding_mode,
        }
        usual = {"stride": 1, "padding": 0, "dilation": 1, "padding_mode": "zeros"}
        return {name: value for name, value in given.items() if value != usual[name]}

    @cached_property
    def outcome(self) -> Geometry | str:
        """The geometry; or, where there is none, the message that refuses it."""
        try:
            return Geometry(self.input_size, self.kernel_size, **self.arguments)
        except ValueError as error:
            return str(error)

    @property
    def geometry(self) -> Geometry | None:
        """The geometry, or None."""
        return None if isinstance(self.outcome, str) else self.outcome

    @cached_property
    def sides(self) -> Sides:
        """Cells of padding ((top, bottom), (left, right)), whether or not they can be filled."""
        if not isinstance(self.padding, str):
            return self.padding
        return ((0, 0), (0, 0)) if self.padding == "valid" else self.same(self.padding)

    def same(self, convention: str) -> Sides:
        """Cells that "same" or "same_lower" adds in this setting."""
        plain: dict[str, Any] = {"stride": self.stride, "dilation": self.dilation}
        return Geometry(self.input_size, self.kernel_size, padding=convention, **plain).padding

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """The rows and the columns."""
        each = zip(
            self.input_size, self.kernel_size, self.stride, self.dilation, self.sides, strict=True
        )
        rows, columns = (Axis(n, k, s, d, *sides) for n, k, s, d, sides in each)
        return rows, columns

    @property
    def fits(self) -> bool:
        """Whether there is a place for the kernel."""
        return all(axis.spare >= 0 for axis in self.axes)

    @cached_property
    def too_wide(self) -> list[tuple[int, int]]:
        """Sides (axis, 0 before or 1 after) that the padding mode has no values for."""
        return [(a, s) for a in (0, 1) for s in (0, 1) if not self._fillable(a, s)]

    def _fillable(self, axis: int, side: int) -> bool:
        """Ask `Geometry` for this side alone."""
        alone = [[0, 0], [0, 0]]
        alone[axis][side] = self.sides[axis][side]
        try:
            Geometry(self.input_size, 1, padding=alone, padding_mode=self.padding_mode)  # type: ignore[arg-type]
        except ValueError:
            return False
        return True


def _short(pair: Pair) -> int | Pair:
    return pair[0] if pair[0] == pair[1] else pair


def _short_sides(sides: Sides) -> int | Pair | Sides:
    (top, bottom), (left, right) = sides
    return _short((top, left)) if top == bottom and left == right else sides
