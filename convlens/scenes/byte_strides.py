"""The byte-stride explorer's picture: a window view cell by cell, in the bytes that it reaches.

Cells that lie outside the array's memory are drawn, hatched; they are never read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convlens.facts.cell import AXES, Cell, Memory
from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.grid import EDGE, Grid, axis
from convlens.picture.image import InputPanel, Places, by, times
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture
from convlens.scenes.jumps import JumpStrip
from convlens.scenes.source import view_source
from convlens.scenes.view import ViewPanel
from convlib.strided import byte_strides

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["ByteStridesScene"]

TOP = 76.0
TALL = 40.0  # distance of the array's rows
ARRAY_ROOM, ADDRESS_LEFT = 284.0, 634.0
PHOTO_BOX = (230.0, 200.0)
MEANING, SHORT_MEANING = 92.0, 70.0  # room for what an axis is called
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
    """

    held = ""

    def __init__(self, walk: Walk, letters: int = 0) -> None:
        self.walk = walk
        self.input = InputPanel(walk)
        self.memory = Memory(walk, letters)
        self.x = walk.padded
        g = walk.geometry
        steps = byte_strides(self.x, replace(g, layout="NCHW"))
        # along an axis of length 1 the view never steps, but one window more would: say by how much
        down, right = g.stride[0] * self.x.strides[2], g.stride[1] * self.x.strides[3]
        self.strides: tuple[int, ...] = (steps[0], down, right, *steps[3:])
        self.wide = self.input.corner_pitch(self.memory.letters)
        self._view, self._strip = ViewPanel(self.memory), JumpStrip(self.memory)

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

        Parameters
        ----------
        f : Frame
        channel : int
            Within the channels that the filter reads.
        tap : (int, int)
        more : (int, int)
            Rows and columns of windows that the view asks for beyond those that fit.
        beyond : (int, int)
            How far past the frame's own window the cell's window lies: rows and columns.
        """
        n, oh, ow, *rest = self.walk.geometry.window_shape
        shape = (n, oh + more[0], ow + more[1], *rest)
        index = (f.image, f.row + beyond[0], f.column + beyond[1], f.channels[channel], *tap)
        return Cell(index, shape, self.strides)

    def picture(self, f: Frame, cell: Cell) -> Picture:
        """Draw one cell of the view."""
        p = Picture(900, 0, self._label(cell))
        below = [self._array(p, f, cell), self._view.draw(p, cell), self._address(p, cell)]
        bottom = max(below) + 22
        marks.rule(p, bottom)
        bottom = self._between(p, bottom)
        paint = self.input.paint(f, cell.index[3] - f.channels.start)
        p.height = self._strip.draw(p, cell, paint, bottom + 28, self.held)
        return p

    def source(self, f: Frame, cell: Cell) -> list[Line]:
        """Write the NumPy lines that make the view and read the cell, or refuse to."""
        return view_source(f, cell, self.memory)

    def _between(self, p: Picture, y: float) -> float:
        """Room for a line between the panels and the memory; return where it ends."""
        return y

    # -- the array -------------------------------------------------------------------------------

    def _array(self, p: Picture, f: Frame, cell: Cell) -> float:
        """Draw the array with its byte offsets; return where it ends."""
        g, channel = self.walk.geometry, cell.index[3] - f.channels.start
        down, right = self.x.strides[2:]
        kind = f"{times(g.padded_size)} {self.x.dtype}"
        strides = f"strides ({digits(down)}, {digits(right)})"
        title = f"Array {self.memory.name}{self.input.of(channel)}"
        marks.heading(p, LEFT, title, f"{kind}, {strides}")
        first = cell.index[0] * self.x.strides[0] + cell.index[3] * self.x.strides[1]
        places = Places(first, down, right)
        f = self._moved(f, cell)
        rows, columns = g.padded_size
        if self.input.small and columns * self.wide <= ARRAY_ROOM:
            grid = Grid(LEFT, TOP, rows, columns, (min(TALL, ARRAY_ROOM / columns), TALL))
            self.input.draw(p, grid, f, channel, 14, corners=places)
            start = 0, 0
            below = self._rows_below(p, grid, cell, f, places)
        else:
            photo = self.input.photo(p, LEFT, 52, PHOTO_BOX, f, channel)
            shown = min(4, rows), max(1, min(int(250 / self.wide), columns))
            grid = Grid(LEFT, photo.bottom + 30, *shown, (max(self.wide, 34.0), TALL))
            start = self.input.corner_block(p, grid, f, channel, places)
            below = grid.bottom
        self._tap(p, grid, cell, start)
        return below

    def _moved(self, f: Frame, cell: Cell) -> Frame:
        """The frame with the rows and columns that the cell's window covers, where they exist."""
        (down, right), (i, j) = self.walk.geometry.stride, cell.index[1:3]
        return replace(
            f, rows=f.rows + (i - f.row) * down, columns=f.columns + (j - f.column) * right
        )

    def _rows_below(self, p: Picture, grid: Grid, cell: Cell, f: Frame, places: Places) -> float:
        """Draw the rows below the array that the view asks for; return where they would end."""
        g = self.walk.geometry
        asked = g.output_size[0] * g.stride[0] + g.extent[0] - grid.rows
        extra = Grid(grid.x, grid.bottom + 5, min(asked, ROWS_BEYOND), grid.columns, grid.pitch)
        if cell.shape[1] > g.output_size[0]:
            axis(p, replace(extra, columns=0), rows=f.rows, first=(grid.rows, 0))
            block = places[grid.rows : grid.rows + extra.rows, 0 : grid.columns]
            for rc in np.ndindex(extra.rows, extra.columns):
                self._cell_below(p, extra.span(*rc), int(block[rc]))
        return extra.bottom

    def _cell_below(self, p: Picture, box: tuple[float, float, float, float], address: int) -> None:
        """One cell below the array: outside the memory, or another element than it seems."""
        if not self.memory.inside(address):
            marks.outside(p, *box)
            return
        p.rect(*box, **{**EDGE, "fill": INK, "fill_opacity": 0.07})
        p.text(box[0] + 4, box[1] + 11, digits(address), 10, mono=True)

    def _tap(self, p: Picture, grid: Grid, cell: Cell, first: tuple[int, int]) -> None:
        """Ring the element that the cell is, where it is one of the plane shown."""
        if not self.memory.inside(cell.address):
            return
        try:
            (n, c, row, column), _ = self.memory.element(cell.address)
        except KeyError:
            return
        r, s = row - first[0], column - first[1]
        if (
            (n, c) == (cell.index[0], cell.index[3])
            and 0 <= r < grid.rows
            and 0 <= s < grid.columns
        ):
            marks.kernel_ring(p, *grid.span(r, s, margin=0.5))

    # -- the address -----------------------------------------------------------------------------

    def _address(self, p: Picture, cell: Cell) -> float:
        """Index times stride, axis by axis, added up; return where it ends."""
        marks.heading(p, ADDRESS_LEFT, "Address", self._name(cell) + self._how(cell))
        y = TOP + 18
        last = [n - 1 for n in cell.shape]
        ends = [k * s for k, s in zip(last, cell.strides, strict=True)]
        widths = [max(len(str(k)) for k in ks) for ks in (last, cell.strides, ends)]
        room = RIGHT - ADDRESS_LEFT - 32
        size = min(14.0, (room - MEANING) / ((sum(widths) + 6) * MONO_ADVANCE))
        short = size < 11
        size = (
            min(14.0, (room - SHORT_MEANING) / ((sum(widths) + 6) * MONO_ADVANCE))
            if short
            else size
        )
        for k in self.memory.axes:
            letter, long, brief, role = AXES[k]
            marks.chip(p, ADDRESS_LEFT, y, letter, role, 13)
            p.text(ADDRESS_LEFT + 32, y + 4.5, brief if short else long, 12, opacity=0.72)
            numbers = (cell.index[k], cell.strides[k], cell.jumps[k])
            index, step, jump = (f"{n:>{w}}" for n, w in zip(numbers, widths, strict=True))
            product = f"{index} × {step} = {jump}".replace("-", "−")
            p.text(RIGHT, y + 5, product, size, mono=True, anchor="end")
            y += 33
        p.line((ADDRESS_LEFT, y - 14), (RIGHT, y - 14), stroke_opacity=0.5)
        return self._sum(p, cell, y + 8)

    def _sum(self, p: Picture, cell: Cell, y: float) -> float:
        """The address, and what lies there; return where it ends."""
        inside = self.memory.inside(cell.address)
        text = digits(cell.address)
        width = marks.chip_width(text)
        p.text(RIGHT - width - 10, y + 5, "base +", 15, mono=True, anchor="end")
        marks.chip(p, RIGHT - width, y, text, "window" if inside else "outside")
        for k, line in enumerate(self.memory.verdict(cell)):
            bold = k == 1 or not inside
            p.text(RIGHT, y + 34 + 22 * k, line, 14, anchor="end", bold=bold)
        return y + 66

    def _how(self, cell: Cell) -> str:
        """How an address comes about, where there is room to say it in every position."""
        longest, how = self._name(replace(cell, index=cell.shape)), ": index × byte stride"
        return how if marks.title_width("", longest + how) <= RIGHT + 10 - ADDRESS_LEFT else ""

    def _name(self, cell: Cell) -> str:
        return f"view[{', '.join(str(cell.index[k]) for k in self.memory.axes)}]"

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
            f"{self._name(cell)} lies at base + {terms} = {cell.address} bytes, {where}."
        )
