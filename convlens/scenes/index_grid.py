"""The index-grid explorer's picture: image, grid row and flat memory light up together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.image import InputPanel, Places, by
from convlens.picture.marks import LEFT, sentence, underlined
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.source import grid_source
from convlens.scenes.table import ROW_PITCH, TOP, Table
from convlens.scenes.taps import TapStrip
from convlib import index_grid

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["IndexGridScene"]

PHOTO_BOX = (240.0, 230.0)
LEAST_TALL = 38.0  # of a cell with a number and another in its corner
ZOOM_ROOM, ZOOM_ROWS = 280.0, 7


class IndexGridScene:
    """Draws any frame of one walk as starts + offsets = grid, and what `take` fetches with it.

    Parameters
    ----------
    walk : Walk
        With more output positions or taps than fit, those around the current ones are shown.
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.input = InputPanel(walk)
        order = (0, 1, 2, 3) if walk.geometry.layout == "NCHW" else (0, 2, 3, 1)
        self.flat = np.ravel(walk.padded.transpose(order))  # what `take` sees: a copy if need be
        self._table = Table(walk, self.flat)
        self._strip = TapStrip(walk, self.flat)

    def picture(self, f: Frame, channel: int = 0) -> Picture:
        """Draw one frame; the taps shown are those of one of the channels that the filter reads."""
        p = Picture(900, 0, self._label(f, channel))
        below = self._image(p, f, channel)
        left = LEFT + self._image_width + 55
        taps = self._table.taps(f, channel, left)
        paint = self.input.paint(f, channel)
        self._table.draw(p, f, taps, left, paint)
        bottom = max(below, TOP + self._table.rows * ROW_PITCH) + 16
        marks.rule(p, bottom)
        p.height = self._strip.draw(p, f, taps, paint, bottom + 28)
        return p

    def source(self, f: Frame) -> list[Line]:
        """Write the NumPy lines that build the grid and take this row of it."""
        return grid_source(f)

    @cached_property
    def _pitch(self) -> float:
        """Distance of the image's cells: as large as leaves room for all the taps."""
        columns = self.walk.geometry.padded_size[1]
        taps = self.walk.filters[0, 0].size
        for pitch in (46.0, 40.0, 36.0, 32.0):
            left = LEFT + columns * pitch + 50
            if columns * pitch <= 330 and self._table.fitting(left) >= taps:
                return max(pitch, self.input.corner_pitch(len(str(self.flat.size))))
        return max(min(36.0, 330 / columns), self.input.corner_pitch(len(str(self.flat.size))))

    @cached_property
    def _numbered(self) -> bool:
        """Whether the image is small enough for a flat index in each cell."""
        wide = self.input.corner_pitch(len(str(self.flat.size)))
        return self.input.small and self.walk.geometry.padded_size[1] * wide <= 360

    @cached_property
    def _image_width(self) -> float:
        if not self._numbered:
            return ZOOM_ROOM - 20
        title = marks.title_width("Image x", self._words(0))
        return max(self.walk.geometry.padded_size[1] * self._pitch - 5, min(title, 190.0) - 25)

    def _words(self, channel: int) -> str:
        """Say what the image is."""
        words = self.input.words(channel)
        return words if len(words) >= 10 else words + ", flat index in the corner"

    def _image(self, p: Picture, f: Frame, channel: int) -> float:
        """The image with flat indices, and how the start comes about; return where it ends."""
        image, step, row, column = index_grid.steps(self.walk.geometry)
        places = Places(f.image * image + f.channels[channel] * step, row, column)
        marks.heading(p, LEFT, "Image x", self._words(channel))
        size = self.walk.geometry.padded_size
        if self._numbered:
            grid = Grid(LEFT, TOP, *size, (self._pitch, max(self._pitch, LEAST_TALL)))
            number = 16.0 if self._pitch >= 36 else 14.0
            self.input.draw(p, grid, f, channel, number, corners=places)
        else:
            photo = self.input.photo(p, LEFT, 60, PHOTO_BOX, f, channel)
            wide = max(self.input.corner_pitch(len(str(self.flat.size))), 36.0)
            most = self.walk.geometry.extent[1] + 4
            shown = min(size[0], ZOOM_ROWS), max(1, min(most, size[1], int(ZOOM_ROOM / wide)))
            grid = Grid(LEFT, photo.bottom + 34, *shown, (wide, LEAST_TALL))
            self.input.corner_block(p, grid, f, channel, places)
        return self._formulas(p, f, grid.bottom + 26)

    def _formulas(self, p: Picture, f: Frame, y: float) -> float:
        """How start and offset come about; return where they end."""
        g = self.walk.geometry
        image, channel, row, column = index_grid.steps(g)
        batch = f"{f.image}·{image} + " if g.batch > 1 else ""
        i, j = int(f.rows[0]), int(f.columns[0])
        gap = LEFT + 7 * MONO_ADVANCE * 13
        underlined(p, LEFT, y, "start", "output")
        sentence(p, gap, y, f"= {batch}{i}·{row} + {j}·{column} = {f.start}", 13)
        terms = [f"c·{channel}"] if g.channels > 1 else []
        terms += [f"{_times('u', g.dilation[0])}·{row}", f"{_times('v', g.dilation[1])}·{column}"]
        underlined(p, LEFT, y + 24, "offset", "kernel")
        sentence(p, gap, y + 24, f"= {' + '.join(terms)}", 13)
        return y + 36

    def _label(self, f: Frame, channel: int) -> str:
        """The text alternative."""
        indices = " ".join(map(str, f.grid_row[:9]))
        values = ", ".join(label(v) for v in f.window.flat[:9])
        more = " and more" if f.grid_row.size > 9 else ""
        size = f"{by(self.walk.geometry.input_size)}{self.input.of(channel)}"
        return (
            f"Index-grid explorer. Image x, {size}. Output row {f.row}, "
            f"column {f.column} is row {f.number} of the grid: start {f.start} plus the offsets "
            f"gives [{indices}{more}]; take fetches [{values}{more}]."
        )


def _times(name: str, factor: int) -> str:
    return name if factor == 1 else f"{name}·{factor}"
