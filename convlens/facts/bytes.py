"""The bytes that an array spans: what lies where, and what the pieces are called."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bytes"]


class Bytes:
    """The bytes that an array spans, counted from its first element.

    Attributes
    ----------
    x : ndarray
    low, high : int
        The lowest byte, and one past the highest.
    unit : int
        Bytes to a slot of a strip: an element, unless the array steps by parts of one, as the
        field of a record does.
    known : range
        The slots that the array spans.
    """

    def __init__(self, x: NDArray[Any]) -> None:
        self.x = x
        self.low, self.high = byte_span(x.shape, x.strides, x.itemsize)
        steps = [s for n, s in zip(x.shape, x.strides, strict=True) if n > 1]
        self.unit = math.gcd(x.itemsize, *steps)
        self.known = range(self.low // self.unit, self.high // self.unit)
        moving = (k for k in range(x.ndim) if x.shape[k] > 1 and x.strides[k])
        self._axes = sorted(moving, key=lambda axis: -abs(x.strides[axis]))  # the farthest first

    def inside(self, address: Any) -> Any:
        """Whether an element at this byte offset lies within the array's memory, or at each."""
        return (self.low <= address) & (address + self.x.itemsize <= self.high)

    def element(self, address: int) -> tuple[tuple[int, ...], Any]:
        """Find the element at a byte offset inside the memory, as (index, value).

        Raises
        ------
        KeyError
            Where no element begins: a sliced array steps over bytes.
        """
        jumps = self._find(address - self.low, self._axes)
        if jumps is None:
            raise KeyError(f"no element begins at byte {address}")
        place = [0] * self.x.ndim
        for axis, count in jumps.items():
            forward = self.x.strides[axis] > 0
            place[axis] = count if forward else self.x.shape[axis] - 1 - count
        return tuple(place), self.x[tuple(place)]

    def look(self, address: int) -> tuple[tuple[int, ...], Any] | None:
        """Find the same; None outside, where nothing is looked up, and between two elements."""
        try:
            return self.element(address) if self.inside(address) else None
        except KeyError:
            return None

    def piece(self, address: int) -> tuple[str, ...]:
        """Name what lies in one piece around an element, at length and shorter.

        It is a row, a column, or a pixel of several channels; nothing where there is no such piece.
        """
        along = self._axes[-1] - self.x.ndim if len(self._axes) > 1 else 0
        if not -3 <= along < 0 or abs(self.x.strides[along]) != self.x.itemsize:
            return ()
        found = self.look(address)
        if found is None:
            return ()
        n, c, row, column = (0,) * (4 - self.x.ndim) + found[0][-4:]
        if along == -3:
            names = [f"pixel ({row}, {column})", f"({row}, {column})"]
        else:
            line = f"row {row}" if along == -1 else f"column {column}"
            several = self.x.ndim > 2 and self.x.shape[-3] > 1
            names = [f"channel {c}, {line}", f"c{c} {line}"] if several else [line]
        many = self.x.ndim > 3 and self.x.shape[-4] > 1
        return tuple([f"image {n}, {names[0]}", *names] if many else names)

    def _find(self, distance: int, axes: list[int]) -> dict[int, int] | None:
        """How often to step along each axis to go so far from the lowest byte; None for never."""
        if not axes:
            return None if distance else {}
        axis, *rest = axes
        step, last = abs(self.x.strides[axis]), self.x.shape[axis] - 1
        reach = sum(abs(self.x.strides[k]) * (self.x.shape[k] - 1) for k in rest)
        for count in range(min(distance // step, last), -1, -1):
            left = distance - count * step
            if left > reach:
                break
            found = self._find(left, rest)
            if found is not None:
                return {axis: count, **found}
        return None
