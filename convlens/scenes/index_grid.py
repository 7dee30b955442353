"""The index-grid explorer's picture: image, grid row and flat memory light up together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.facts.bytes import Bytes
from convlens.palette import label
from convlens.picture import marks
from convlens.picture.lines import underline
from convlens.picture.marks import LEFT, sentence
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.enlarged import TITLE, TOP, Enlarged
from convlens.scenes.input import Inputs, Places
from convlens.scenes.source import grid_source
from convlens.scenes.table import Table
from convlens.scenes.taps import tap_strip
from convlens.words import by
from convlib import index_grid
from convlib.geometry import LAYOUTS

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["IndexGridScene"]

LEAST = 200.0  # height of the image and of the table with its formulas
FORMULAS = 46.0  # their height
MOST_WIDE = 360.0  # of the image's cells


class IndexGridScene:
    """Draws any frame of one walk as starts + offsets = grid, and what `take` fetches with it.

    Parameters
    ----------
    walk : Walk
        With more output positions or taps than fit, those around the current ones are shown.
    formulas : bool
        Whether it says how start and offset come about, and has NumPy lines.
    """

    def __init__(self, walk: Walk, *, formulas: bool = True) -> None:
        self.walk, self.formulas = walk, formulas
        self.input = Inputs(walk)
        order = (0, *LAYOUTS[walk.geometry.layout])
        held = np.ascontiguousarray(walk.padded.transpose(np.argsort(order)))
        self.flat = held.ravel()  # what `take` sees: a copy if need be
        self._memory = Bytes(held.transpose(order))
        self._farthest = int(index_grid.offsets(walk.geometry).max())
        self._least = self.input.corner_pitch(len(str(self.flat.size)))
        self._table = Table(walk, self.flat)
        self._image = Enlarged(self.input, self._pitch, MOST_WIDE, self._least, LEAST)
        self._tall = max(self._image.height, LEAST)
        self._ends = self._table.fill(self._tall - FORMULAS * formulas)

    def picture(self, f: Frame, channel: int = 0) -> Picture:
        """Draw one frame; the taps shown are those of one of the channels that the filter reads."""
        p = Picture(900, 0, self._label(f, channel))
        self._draw_image(p, f, channel)
        left = LEFT + self._image_width + 26
        taps = self._table.taps(f, channel, left)
        paint = self.input.paint(f.image, f.channels[channel])
        self._table.draw(p, f, taps, left, paint)
        if self.formulas:
            self._formulas(p, f, left, self._ends + 14)
        bottom = TOP + self._tall + 14
        marks.rule(p, bottom)
        offsets = f.offsets[taps].tolist()
        y = bottom + 24
        p.height = tap_strip(p, f, self._memory, offsets, paint, y, self._farthest)
        return p

    def source(self, f: Frame) -> list[Line]:
        """Write the NumPy lines that build the grid and take this row of it."""
        return grid_source(f) if self.formulas else []

    @cached_property
    def _pitch(self) -> float:
        """Distance of the image's cells: as large as leaves room for all the taps."""
        columns: int = self.walk.geometry.padded_size[1]
        for pitch in (46.0, 40.0, 36.0, 32.0):
            room = self._table.fitting(LEFT + columns * pitch + 21)
            if columns * pitch <= MOST_WIDE - 30 and room >= self.walk.filters[0, 0].size:
                return max(pitch, self._least)
        return max(min(36.0, (MOST_WIDE - 30) / columns), self._least)

    @cached_property
    def _image_width(self) -> float:
        title = min(marks.title_width("Input x", self._words(0)), 190.0)
        return max(self._image.width, title - 10 * self._image.whole)

    def _words(self, channel: int) -> str:
        """Say what the image is."""
        words = self.input.words(channel)
        return words if len(words) >= 10 else words + ", flat index in the corner"

    def _draw_image(self, p: Picture, f: Frame, channel: int) -> None:
        """The image with flat indices, the start of the window marked."""
        image, step, row, column = index_grid.steps(self.walk.geometry)
        look: dict[str, Any] = {
            "corners": Places(f.image * image + f.channels[channel] * step, row, column),
            "starts": [(f.rows[0], f.columns[0])],
        }
        marks.heading(p, LEFT, "Input x", self._words(channel), TITLE, self._image_width + 20)
        panel = self._image.draw(p, f, channel, **look)
        panel.draw(p, self._image.grid, self._image.size)

    def _formulas(self, p: Picture, f: Frame, left: float, y: float) -> None:
        """How start and offset come about."""
        g = self.walk.geometry
        image, channel, row, column = index_grid.steps(g)
        batch = f"{f.image}·{image} + " if g.batch > 1 else ""
        i, j = int(f.rows[0]), int(f.columns[0])
        gap = left + 7 * MONO_ADVANCE * 13
        terms = [f"c·{channel}"] if g.channels > 1 else []
        terms += [f"{_times('u', g.dilation[0])}·{row}", f"{_times('v', g.dilation[1])}·{column}"]
        for name, role, said in (
            ("start", "output", f"= {batch}{i}·{row} + {j}·{column} = {f.start}"),
            ("offset", "kernel", f"= {' + '.join(terms)}"),
        ):
            end = sentence(p, left, y, name, 13)
            underline(p, left, y + 8, end - left, role)
            sentence(p, gap, y, said, 13)
            y += 23

    def _label(self, f: Frame, channel: int) -> str:
        """The text alternative."""
        indices = " ".join(map(str, f.grid_row[:9]))
        values = ", ".join(label(v) for v in f.window.flat[:9])
        more = " and more" if f.grid_row.size > 9 else ""
        size = f"{by(self.walk.geometry.input_size)}{self.input.of(channel)}"
        return (
            f"Index-grid explorer. Input x, {size}. Output row {f.row}, "
            f"column {f.column} is row {f.number} of the grid: start {f.start} plus the offsets "
            f"gives [{indices}{more}]; take fetches [{values}{more}]."
        )


def _times(name: str, factor: int) -> str:
    return name if factor == 1 else f"{name}·{factor}"
