"""One cell of a window view, and the memory in which it lies or does not lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.facts.bytes import Bytes
from convlens.palette import digits, label
from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlib.frames import Walk
    from convlib.geometry import Geometry

__all__ = ["AXES", "Cell", "Memory", "times_seen", "view_strides"]

#: The six axes of a window view: letter, meaning, and the role it is drawn in.
AXES = (
    ("n", "image", "output"),
    ("i", "window ↓", "output"),
    ("j", "window →", "output"),
    ("c", "channel", "kernel"),
    ("u", "tap ↓", "kernel"),
    ("v", "tap →", "kernel"),
)


def times_seen(g: Geometry) -> NDArray[np.intp]:
    """Count how many windows see each cell of the padded input; between dilated taps, none."""
    axes = zip(g.output_size, g.stride, g.kernel_size, g.dilation, g.padded_size, strict=True)
    rows, columns = (
        np.bincount((np.arange(n)[:, None] * step + np.arange(k) * apart).ravel(), minlength=size)
        for n, step, k, apart, size in axes
    )
    return np.asarray(rows[:, None] * columns)


def view_strides(g: Geometry, plane: tuple[int, ...]) -> tuple[int, ...]:
    """Byte strides of the windows (N, OH, OW, C, KH, KW) of a batch that has these.

    An axis of length 1 is never stepped along: 0, unless one window more would step along it.
    """
    n, c, row, column = plane
    (down, right), (apart_down, apart_right) = g.stride, g.dilation
    jumps = n, down * row, right * column, c, apart_down * row, apart_right * column
    lengths = zip(jumps, g.window_shape, strict=True)
    return tuple(s if k > 1 or axis in (1, 2) else 0 for axis, (s, k) in enumerate(lengths))


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

    def at(self, *index: Any) -> Any:
        """Byte offset of another cell of the same view, or of each of several."""
        return sum(k * s for k, s in zip(index, self.strides, strict=True))

    def wanted(self, *index: Any) -> Any:
        """Byte offset where the element of the window really lies."""
        return replace(self, strides=self.true_strides or self.strides).at(*index)

    def wrong(self, *index: int) -> bool:
        """Whether the view leads to another place than the window's element."""
        return bool(self.at(*index) != self.wanted(*index))


class Memory(Bytes):
    """The bytes that a walk's padded input spans.

    Attributes
    ----------
    x : ndarray, (N, C, PH, PW)
    name : str
        What the reader calls the array: "x", or "xp" once it is padded.
    axes : list of int
        Which of the view's six axes the reader's array has.
    letters : int
        How long its byte offsets are at most, written out.
    """

    def __init__(self, walk: Walk, letters: int = 0) -> None:
        super().__init__(walk.padded)
        self.walk = walk
        self.name = "xp" if walk.geometry.pads else "x"
        self.letters = max(letters, len(digits(self.low)), len(digits(self.high)))
        self.axes = {2: [1, 2, 4, 5], 3: [1, 2, 3, 4, 5], 4: [0, 1, 2, 3, 4, 5]}[walk.x_ndim]

    def reach(self, cell: Cell) -> tuple[int, int]:
        """Lowest byte that the cell's view can touch, and one past the highest."""
        return byte_span(cell.shape, cell.strides, self.x.itemsize)

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
        if self.look(address) is None:
            return "inside, but between two elements", wanted or "nothing of the array"
        found = self._found(address)
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
