"""The byte-stride explorer's picture: a window view cell by cell, in the bytes that it reaches.

Cells that lie outside the array's memory are drawn, hatched; they are never read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from convlens.facts.cell import Cell, Memory, view_strides
from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.shapes import SANS_ADVANCE, Picture
from convlens.scenes.address import address_height, draw_address, reached, tell_address, way_to
from convlens.scenes.enlarged import MOST_ROWS, TALL, TITLE, TOP, Enlarged
from convlens.scenes.input import Inputs, Places
from convlens.scenes.jumps import ARCS, BELOW, JumpStrip
from convlens.scenes.source import view_source
from convlens.scenes.view import ViewPanel
from convlens.words import by, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["ByteStridesScene"]

LEAST = 216.0  # height of array, view and address: six rows of large numbers
NARROW, WIDE = 292.0, 430.0  # room for the array where cells can be wide, and where they cannot
GAP = 18.0  # between array, view and address
ADDRESS = 250.0, 216.0  # room for it, and where the array is wide
ROWS_BEYOND = 2  # rows below the array that are drawn at most


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
        tall = 39.0 if self.judged else 32.0  # room for what is wanted below what is wrong
        self._strip = JumpStrip(self.memory, self.memory.letters, tall=tall)

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
        self._array(p, f, cell)
        self._view.draw(p, cell)
        draw_address(p, cell, self.memory, self._view.right + GAP)
        bottom = TOP + self._view.tall + 10
        marks.rule(p, bottom)
        y = bottom + 20
        p.text(LEFT, y, "Memory", 15, bold=True)
        size = f"{self.memory.high - self.memory.low} bytes, {self.x.itemsize} per number"
        said = f"{self.held}: {size}" if self.held else f"{size}; the arcs lead to your number"
        said, letters = marks.shortened(said, 12, self._beside(p, y) - LEFT - 92, SANS_ADVANCE)
        p.text(LEFT + 78, y, said, letters, opacity=0.72)
        paint = self.input.paint(f.image, cell.index[3])
        p.height = self._strip.draw(p, way_to(cell, self.memory), paint, y + ARCS).bottom + BELOW
        return p

    def source(self, f: Frame, cell: Cell) -> list[Line]:
        """Write the NumPy lines that make the view and read the cell, or refuse to."""
        return view_source(f, cell, self.memory)

    @cached_property
    def _shown(self) -> Enlarged:
        """The array, whole if it fits, with room for rows below it that a view may ask for."""
        g, pitch = self.walk.geometry, max(self.wide, min(TALL, NARROW / self.x.shape[3]))
        asked = g.output_size[0] * g.stride[0] + g.extent[0] - g.padded_size[0]
        beyond = 0 if self.judged else min(asked, ROWS_BEYOND)
        rows = {"beyond": beyond, "most": MOST_ROWS - self.judged}
        return Enlarged(self.input, pitch, WIDE, self.wide, LEAST, **rows)

    @cached_property
    def _view(self) -> ViewPanel:
        """The view beside it, as high as the highest of the panels."""
        tall = max(LEAST, self._shown.height, address_height(self.memory))
        left = LEFT + max(self._shown.width, 240.0) + GAP
        right = RIGHT - ADDRESS[self._shown.width > NARROW] - GAP
        return ViewPanel(self.memory, (left, right), tall, self.judged)

    def _beside(self, p: Picture, y: float) -> float:
        """What is said beside the memory's title: nothing here; return where it begins."""
        return RIGHT

    def _array(self, p: Picture, f: Frame, cell: Cell) -> None:
        """Draw the array with its byte offsets."""
        channel = cell.index[3] - f.channels.start
        down, right = self.x.strides[2:]
        said = f"{times(self.x.shape[2:])} {self.x.dtype}, byte strides "
        said += f"({digits(down)}, {digits(right)})"
        title = f"Array {self.memory.name}{self.input.of(channel)}"
        marks.heading(p, LEFT, title, said, TITLE, self._view.left - LEFT - 14)
        first = cell.index[0] * self.x.strides[0] + cell.index[3] * self.x.strides[1]
        g = self.walk.geometry  # the cell's window may lie beyond the frame's
        ahead = (cell.index[1] - f.row) * g.stride[0], (cell.index[2] - f.column) * g.stride[1]
        f = replace(f, rows=f.rows + ahead[0], columns=f.columns + ahead[1])
        corners, reading = Places(first, down, right), self._place(cell, cell.address)
        look = {"corners": corners, "starts": [(f.rows[0], f.columns[0])], "reading": reading}
        panel, grid = self._shown.draw(p, f, channel, **look), self._shown.grid
        if self._shown.whole:
            self._rows_below(p, grid, cell, f, corners)
        replace(panel, wrong=self._wrong(cell, panel)).draw(p, grid, self._shown.size)

    def _place(self, cell: Cell, address: int) -> tuple[int, int] | None:
        """Row and column of the element at an address, if it is one of the plane shown."""
        found = self.memory.look(address)
        if found is None or found[0][:2] != (cell.index[0], cell.index[3]):
            return None
        return found[0][2], found[0][3]

    def _wrong(self, cell: Cell, panel: Panel) -> NDArray[np.bool_]:
        """Which elements of a panel the window reaches that are none of its own."""
        found = np.zeros(panel.shape, bool)
        wrong = (a for a, right in reached(cell, self.memory).items() if right is not None)
        for place in panel.inside(*(self._place(cell, address) for address in wrong)):
            found[place] = True
        return found

    def _rows_below(self, p: Picture, grid: Grid, cell: Cell, f: Frame, places: Places) -> None:
        """Draw the rows below the array that the view asks for."""
        if cell.shape[1] <= self.walk.geometry.output_size[0]:
            return
        x, y = grid.corner(grid.rows, 0)
        values = places[grid.rows : grid.rows + self._shown.beyond, 0 : grid.columns]
        below = Panel(
            values=values,
            kind="plain",
            first=(grid.rows, 0),
            index=(True, False),
            window=(f.rows.tolist(), f.columns.tolist()),
            outside=~self.memory.inside(values),
        )
        below.draw(p, replace(grid, x=x, y=y, rows=self._shown.beyond), 11)

    def _label(self, cell: Cell) -> str:
        """The text alternative."""
        array = f"Array x, {by(self.walk.geometry.padded_size)} {self.x.dtype}"
        return f"Byte-stride explorer. {array}. {tell_address(cell, self.memory)}."
