"""The byte-stride explorer's picture: a window view cell by cell, in the bytes that it reaches.

Cells that lie outside the array's memory are drawn, hatched; they are never read.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.facts.cell import AXES, Cell, Memory, view_strides
from convlens.palette import digits, label
from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT
from convlens.picture.panel import Panel
from convlens.picture.shapes import Picture
from convlens.scenes.address import draw_address, name_of
from convlens.scenes.enlarged import TALL, enlarged
from convlens.scenes.input import Inputs, Places
from convlens.scenes.jumps import ARCS, BELOW, Jump, JumpStrip, Way
from convlens.scenes.source import view_source
from convlens.scenes.view import ViewPanel
from convlens.words import by, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["ByteStridesScene"]

TOP = 76.0
ARRAY_ROOM = 284.0
ROWS_BEYOND = 2  # rows below the array that are drawn at most
TAPS = 8  # of a window's side that are looked for in the memory


class ByteStridesScene:
    """Draws any cell of the window view of one walk's padded input.

    Parameters
    ----------
    walk : Walk
        Only its input and geometry matter here: a view knows nothing of the kernel's weights.
    letters : int
        Length of byte offsets to leave room for, where others will be shown in the same place.

    Attributes
    ----------
    memory : Memory
        What may be read.
    strides : tuple of int
        Of the window view (N, OH, OW, C, KH, KW), in bytes.
    held : str
        How the array is held in memory, in words; "" where there is no choice.
    true : tuple of int, optional
        Those that lead to the window's elements, where others are shown.
    """

    held = ""
    judged = False  # whether some of the view may be wrong
    true: tuple[int, ...] | None = None

    def __init__(self, walk: Walk, letters: int = 0) -> None:
        self.walk = walk
        self.input = Inputs(walk)
        self.memory = Memory(walk, letters)
        self.x = walk.padded
        self.strides = view_strides(walk.geometry, self.x.strides)
        self.wide = self.input.corner_pitch(self.memory.letters)
        self._view = ViewPanel(self.memory, self.judged)
        self._strip = JumpStrip(self.memory, self.memory.letters)

    def cell(
        self,
        f: Frame,
        channel: int,
        tap: tuple[int, int],
        *,
        more: tuple[int, int] = (0, 0),
        beyond: tuple[int, int] = (0, 0),
    ) -> Cell:
        """The cell of tap (u, v) in the frame's window.

        `channel` counts within those that the filter reads. The view may ask for `more` rows and
        columns of windows than fit; the cell's window lies so many `beyond` the frame's own.
        """
        n, oh, ow, *rest = self.walk.geometry.window_shape
        shape = (n, oh + more[0], ow + more[1], *rest)
        index = (f.image, f.row + beyond[0], f.column + beyond[1], f.channels[channel], *tap)
        return Cell(index, shape, self.strides, self.true)

    def picture(self, f: Frame, cell: Cell) -> Picture:
        """Draw one cell of the view."""
        p = Picture(900, 0, self._label(cell))
        below = [
            self._array(p, f, cell),
            self._view.draw(p, cell),
            draw_address(p, cell, self.memory),
        ]
        bottom = max(below) + 22
        marks.rule(p, bottom)
        y = self._between(p, bottom) + 28
        p.text(LEFT, y, "Memory", 15, bold=True)
        size = f"{self.memory.high - self.memory.low} bytes, {self.x.itemsize} per element"
        said = f"{self.held}{': ' * bool(self.held)}{size}, counted from base; an arc for each axis"
        p.text(LEFT + 78, y, said, 12, opacity=0.72)
        paint = self.input.paint(f.image, cell.index[3])
        p.height = self._strip.draw(p, self._way(cell), paint, y + ARCS).bottom + BELOW
        return p

    def source(self, f: Frame, cell: Cell) -> list[Line]:
        """Write the NumPy lines that make the view and read the cell, or refuse to."""
        return view_source(f, cell, self.memory)

    def _between(self, p: Picture, y: float) -> float:
        """Room for a line between the panels and the memory; return where it ends."""
        return y

    def _way(self, cell: Cell) -> Way:
        """A jump for each axis, the window's elements, and the one that the cell is."""
        jumps = []
        for k, (start, stop) in enumerate(pairwise(cell.stops)):
            letter, _, role = AXES[k]
            text = f"{letter} {cell.index[k]}×{digits(cell.strides[k])}"
            jumps.append(Jump(text, role, start, stop))
        return Way(jumps, self._taps(cell), cell.address)

    def _taps(self, cell: Cell) -> dict[int, str | None]:
        """Where the taps of the cell's window lead, and what is wanted where that is wrong."""
        taps: dict[int, str | None] = {}
        for tap in np.ndindex(*(min(size, TAPS) for size in cell.shape[4:])):
            index = *cell.index[:4], *tap
            wanted = self.memory.look(cell.wanted(*index)) if cell.wrong(*index) else None
            address, right = cell.at(*index), None if wanted is None else label(wanted[1])
            # two taps that lead to the same place may want two numbers there
            taps[address] = right if taps.get(address, right) == right else ""
        return taps

    def _array(self, p: Picture, f: Frame, cell: Cell) -> float:
        """Draw the array with its byte offsets; return where it ends."""
        channel = cell.index[3] - f.channels.start
        down, right = self.x.strides[2:]
        kind = f"{times(self.walk.geometry.padded_size)} {self.x.dtype}"
        said = f"{kind}, byte strides ({digits(down)}, {digits(right)})"
        title = f"Array {self.memory.name}{self.input.of(channel)}"
        marks.heading(p, LEFT, title, said, room=ARRAY_ROOM - 16)
        first = cell.index[0] * self.x.strides[0] + cell.index[3] * self.x.strides[1]
        g = self.walk.geometry  # the cell's window may lie beyond the frame's
        ahead = (cell.index[1] - f.row) * g.stride[0], (cell.index[2] - f.column) * g.stride[1]
        f = replace(f, rows=f.rows + ahead[0], columns=f.columns + ahead[1])
        look: dict[str, Any] = {
            "corners": Places(first, down, right),
            "starts": [(f.rows[0], f.columns[0])],
            "reading": self._place(cell, cell.address),
        }
        rows, columns = g.padded_size
        if not self.input.small or columns * self.wide > ARRAY_ROOM:
            panel, grid = enlarged(p, self.input, f, channel, 4, self.wide, **look)
            return replace(panel, wrong=self._wrong(cell, panel)).draw(p, grid).bottom
        grid = Grid(LEFT, TOP, rows, columns, (min(TALL, ARRAY_ROOM / columns), TALL))
        panel = self.input.panel(f, channel, title="", **look)
        replace(panel, wrong=self._wrong(cell, panel)).draw(p, grid)
        return self._rows_below(p, grid, cell, f, look["corners"])

    def _place(self, cell: Cell, address: int) -> tuple[int, int] | None:
        """Row and column of the element at an address, if it is one of the plane shown."""
        found = self.memory.look(address)
        if found is None or found[0][:2] != (cell.index[0], cell.index[3]):
            return None
        return found[0][2], found[0][3]

    def _wrong(self, cell: Cell, panel: Panel) -> NDArray[np.bool_]:
        """Which elements of a panel the window reaches that are none of its own."""
        found = np.zeros(panel.shape, bool)
        wrong = [a for a, right in self._taps(cell).items() if right is not None]
        for place in panel.inside(*(self._place(cell, address) for address in wrong)):
            found[place] = True
        return found

    def _rows_below(self, p: Picture, grid: Grid, cell: Cell, f: Frame, places: Places) -> float:
        """Draw the rows below the array that the view asks for; return where they would end."""
        g = self.walk.geometry
        if self.judged:
            return grid.bottom  # there are never more windows than fit
        asked = g.output_size[0] * g.stride[0] + g.extent[0] - grid.rows
        extra = Grid(grid.x, grid.bottom + 5, min(asked, ROWS_BEYOND), grid.columns, grid.pitch)
        if cell.shape[1] > g.output_size[0]:
            reached = places[grid.rows : grid.rows + extra.rows, 0 : grid.columns]
            below = Panel(
                values=reached,
                kind="plain",
                first=(grid.rows, 0),
                index=(True, False),
                window=(f.rows.tolist(), f.columns.tolist()),
                outside=~self.memory.inside(reached),
            )
            below.draw(p, extra, 11)
        return extra.bottom

    def _label(self, cell: Cell) -> str:
        """The text alternative."""
        terms = " + ".join(f"{cell.index[k]} times {cell.strides[k]}" for k in self.memory.axes)
        where = f"outside the {self.memory.high - self.memory.low}-byte buffer: never read"
        if self.memory.inside(cell.address):
            said = self.memory.verdict(cell)
            told = ", ".join(said if cell.wrong(*cell.index) else said[1:])
            where = "inside, " + told.removeprefix("inside, ")
        return (
            f"Byte-stride explorer. Array x, {by(self.walk.geometry.padded_size)} {self.x.dtype}. "
            f"{name_of(cell, self.memory)} lies at base + {terms} = {cell.address} bytes, {where}."
        )
