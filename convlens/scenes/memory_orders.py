"""The memory-order explorer's picture: the same numbers held otherwise, and a rule that forgets it.

The byte strides of a view are read from the array, or assumed from its shape. What the assumed ones
reach is drawn: the wrong elements in boxes, what is outside hatched and never read.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from convlens.facts.cell import times_seen, view_strides
from convlens.palette import PALE
from convlens.picture import marks
from convlens.picture.grid import EDGE
from convlens.picture.marks import RIGHT
from convlens.picture.shapes import SANS_ADVANCE
from convlens.scenes.byte_strides import ByteStridesScene
from convlib.geometry import LAYOUTS, as_batch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.facts.cell import Cell
    from convlens.picture.code import Line
    from convlens.picture.shapes import Picture
    from convlib.frames import Frame, Walk

__all__ = ["MemoryOrdersScene", "assumed_strides"]

SAMPLE = 18.0  # side of the cells that stand for a kind of element
SIZE, WIDE = 13.0, SANS_ADVANCE + 0.05  # of the line that counts them; heavy letters are wider


def assumed_strides(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """Byte strides that an array of this shape would have in C order: true of no other.

    >>> assumed_strides((4, 5), 4)
    (20, 4)
    """
    return tuple(itemsize * math.prod(shape[k + 1 :]) for k in range(len(shape)))


class MemoryOrdersScene(ByteStridesScene):
    """Draws a window view of an array held in one of several ways.

    Parameters
    ----------
    walk : Walk
        Over the array as it is held; nothing is padded any more.
    x : ndarray
        That array, with the axes that the reader gave.
    held : str
        How it is held, in words.
    making : list of Line
        The NumPy lines that hold it so.
    assumed : bool
        Whether the byte strides are those of the shape rather than those of the array.
    letters : int
        Length of the longest byte offset, whichever way the array is held.
    """

    judged = True

    def __init__(
        self,
        walk: Walk,
        x: NDArray[np.generic],
        held: str,
        making: list[Line],
        *,
        assumed: bool,
        letters: int,
    ) -> None:
        super().__init__(walk, letters)
        self.held, self.assumed, self._making = held, assumed, making
        self.steps = assumed_strides(x.shape, x.itemsize) if assumed else x.strides
        self._own_shape, self._own_steps = x.shape, x.strides
        self._rule = (
            f"{self.steps} {'assumed from the shape' if assumed else 'read from the array'}"
        )
        self.true = self.strides
        self._plane = self.x.strides  # bytes to the next image, channel, row and column
        if assumed:
            layout = walk.geometry.layout
            steps = assumed_strides(as_batch(x, layout).shape, x.itemsize)
            self._plane = tuple(steps[axis] for axis in (0, *LAYOUTS[layout]))
            self.strides = view_strides(walk.geometry, self._plane)

    def source(self, f: Frame, cell: Cell) -> list[Line]:
        """Write the NumPy lines that hold the array so, make the view and read the cell."""
        lines = [*self._making, *super().source(f, cell)]
        if self.assumed:
            name = self.memory.name
            true = f"{name}.strides is {self._own_steps}"
            note = f"# byte strides {self.steps} assumed from {name}.shape; {true}"
            lines.insert(len(self._making), [(note, "comment")])
        if cell.wrong(*cell.index) and self.memory.inside(cell.address):
            lines[-1] = [*lines[-1], (f"; {self.memory.verdict(cell)[0]}", "comment")]
        return lines

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """How many elements of the view are right, wrong and outside the memory.

        Each element of the array is looked at once, and counted as often as windows see it.
        """
        reached, true = (self._addresses(strides) for strides in (self._plane, self.x.strides))
        inside = self.memory.inside(reached)
        times = np.broadcast_to(times_seen(self.walk.geometry), self.x.shape)
        right, outside = int(times[reached == true].sum()), int(times[~inside].sum())
        return right, int(times.sum()) - right - outside, outside

    def _addresses(self, strides: tuple[int, ...]) -> NDArray[np.intp]:
        """Where these byte strides lead, from each place of the padded batch."""
        places = np.ix_(*(np.arange(n) * s for n, s in zip(self.x.shape, strides, strict=True)))
        return np.asarray(sum(places))

    # -- the picture -----------------------------------------------------------------------------

    def _beside(self, p: Picture, y: float) -> float:
        """Say how many elements of the view the byte strides miss; return where this begins."""
        middle, end = y - 5, RIGHT
        for kind, count in zip(("outside", "wrong", "right"), self.counts[::-1], strict=True):
            words = f"{count:,} {kind}"
            p.text(end, middle + 5, words, SIZE, anchor="end", bold=bool(count))
            end -= len(words) * SIZE * WIDE + SAMPLE + 15
            _sample(p, (end, middle - SAMPLE / 2, SAMPLE, SAMPLE), kind)
            end -= 16
        return end

    def _label(self, cell: Cell) -> str:
        """The text alternative."""
        right, wrong, outside = self.counts
        said = super()._label(cell).removeprefix("Byte-stride explorer. ")
        how = f"Memory-order explorer: {self.held}, byte strides {self._rule}"
        return f"{how}. {right} right, {wrong} wrong, {outside} outside. {said}"


def _sample(p: Picture, box: tuple[float, float, float, float], kind: str) -> None:
    """A cell of the view as it is drawn where it is right, wrong or outside."""
    if kind == "outside":
        marks.outside(p, *box, 5)
        return
    p.rect(*box, fill=PALE, **EDGE)
    if kind == "wrong":
        marks.wrong(p, *box)
