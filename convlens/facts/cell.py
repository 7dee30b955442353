"""One cell of a window view, and the memory in which it lies or does not lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import digits, label
from convlib.strided import byte_span

if TYPE_CHECKING:
    from convlib.frames import Walk

__all__ = ["AXES", "Cell", "Memory"]

#: The six axes of a window view: letter, meaning (also in short), and the role it is drawn in.
AXES = (
    ("n", "image", "image", "output"),
    ("i", "window down", "window ↓", "output"),
    ("j", "window right", "window →", "output"),
    ("c", "channel", "channel", "kernel"),
    ("u", "tap down", "tap ↓", "kernel"),
    ("v", "tap right", "tap →", "kernel"),
)


@dataclass(frozen=True)
class Cell:
    """One cell of a window view, inside the array's memory or not.

    Attributes
    ----------
    index : tuple of int
        (n, i, j, c, u, v).
    shape, strides : tuple of int
        Of the view; strides in bytes.
    true_strides : tuple of int, optional
        Those by which the window's elements really lie, where the view has others.
    """

    index: tuple[int, ...]
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    true_strides: tuple[int, ...] | None = None

    @property
    def jumps(self) -> tuple[int, ...]:
        """Bytes that each axis adds."""
        return tuple(k * s for k, s in zip(self.index, self.strides, strict=True))

    @property
    def address(self) -> int:
        """Bytes from the first element of the array."""
        return sum(self.jumps)

    @property
    def stops(self) -> list[int]:
        """Byte offsets on the way from the first element to the cell: one after each axis."""
        return [0, *np.cumsum(self.jumps).tolist()]

    def at(self, *index: int) -> int:
        """Byte offset of another cell of the same view."""
        return sum(k * s for k, s in zip(index, self.strides, strict=True))

    def wanted(self, *index: int) -> int:
        """Byte offset where the element of the window really lies."""
        strides = self.true_strides or self.strides
        return sum(k * s for k, s in zip(index, strides, strict=True))

    def wrong(self, *index: int) -> bool:
        """Whether the view leads to another place than the window's element."""
        return self.at(*index) != self.wanted(*index)


class Memory:
    """The bytes that a walk's padded input spans, counted from its first element.

    Attributes
    ----------
    x : ndarray, (N, C, PH, PW)
    low, high : int
        The lowest byte, and one past the highest.
    name : str
        What the reader calls the array: "x", or "xp" once it is padded.
    axes : list of int
        Which of the view's six axes the reader's array has.
    letters : int
        How long its byte offsets are at most, written out.
    """

    def __init__(self, walk: Walk, letters: int = 0) -> None:
        self.x, self.walk = walk.padded, walk
        self.low, self.high = byte_span(self.x.shape, self.x.strides, self.x.itemsize)
        self.name = "xp" if walk.geometry.pads else "x"
        self.letters = max(letters, len(digits(self.low)), len(digits(self.high)))
        self.axes = {2: [1, 2, 4, 5], 3: [1, 2, 3, 4, 5], 4: [0, 1, 2, 3, 4, 5]}[walk.x_ndim]

    def inside(self, address: int) -> bool:
        """Whether an element at this byte offset lies within the array's memory."""
        return self.low <= address and address + self.x.itemsize <= self.high

    def reach(self, cell: Cell) -> tuple[int, int]:
        """Lowest byte that the cell's view can touch, and one past the highest."""
        return byte_span(cell.shape, cell.strides, self.x.itemsize)

    def element(self, address: int) -> tuple[tuple[int, ...], Any]:
        """Find the element at a byte offset inside the memory, as (index, value).

        The index has the axes (N, C, PH, PW).

        Raises
        ------
        KeyError
            Where no element begins: a sliced array steps over bytes.
        """
        place = [0, 0, 0, 0]
        distance = address - self.low
        for axis in sorted(range(4), key=lambda k: -abs(self.x.strides[k])):
            n, step = self.x.shape[axis], self.x.strides[axis]
            if step == 0 or n == 1:
                continue
            jumps = min(distance // abs(step), n - 1)
            place[axis] = jumps if step > 0 else n - 1 - jumps
            distance -= jumps * abs(step)
        if distance or address < self.low:
            raise KeyError(f"no element begins at byte {address}")
        return tuple(place), self.x[tuple(place)]

    def named(self, place: tuple[int, ...]) -> str:
        """Write an element as the reader would index it."""
        n, c, row, column = place
        layout = (n, row, column, c) if self.walk.geometry.layout == "NHWC" else place
        index = {2: (row, column), 3: layout[1:], 4: layout}[self.walk.x_ndim]
        return f"{self.name}[{', '.join(map(str, index))}]"

    def verdict(self, cell: Cell) -> tuple[str, str]:
        """Say in two short lines what lies at a cell's address."""
        address, size = cell.address, self.x.itemsize
        if address < self.low:
            return f"{digits(address)} < {digits(self.low)}", "outside: never read"
        if not self.inside(address):
            return f"{digits(address)} + {size} > {digits(self.high)} bytes", "outside: never read"
        wrong = cell.wrong(*cell.index)
        wanted = f"wanted: {self._found(cell.wanted(*cell.index))}" if wrong else ""
        try:
            found = self._found(address)
        except KeyError:
            return "inside, but between two elements", wanted or "nothing of the array"
        if wrong:
            return f"wrong: {found}", wanted
        _, oh, ow, *_ = self.walk.geometry.window_shape
        if cell.index[1] >= oh or cell.index[2] >= ow:
            return "inside, but the wrong element:", found
        each = "1 byte" if size == 1 else f"{size} bytes"
        return f"element {digits(address // size)}, {each} each", found

    def _found(self, address: int) -> str:
        """Write the element at a byte offset as the reader would index it, with its value."""
        place, value = self.element(address)
        return f"{self.named(place)} = {label(value)}"
