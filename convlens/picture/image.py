"""The input panel: cells with their numbers, or pixels with the window's neighbourhood enlarged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import Grid, axis, need, painter, pixels, tiles
from convlens.picture.photo import Photo, colour_pixels, frame_around, over, plane_pixels
from convlens.picture.shapes import MONO_ADVANCE, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["MOST_CELLS", "InputPanel", "Places", "by", "cells", "times"]

MOST_CELLS = 16  # a side; beyond, pixels


def times(size: tuple[int, ...]) -> str:
    """Write a size for the eye."""
    return " × ".join(map(str, size))


def by(size: tuple[int, ...]) -> str:
    """Write a size for the ear."""
    return " by ".join(map(str, size))


@dataclass(frozen=True)
class Places:
    """A number for each cell of a plane, cut out as an array would be but never made in whole.

    >>> Places(7, 5, 1)[0:2, 1:3].tolist()
    [[8, 9], [13, 14]]
    """

    first: int
    row: int
    column: int

    def __getitem__(self, block: tuple[slice, slice]) -> NDArray[np.intp]:
        rows, columns = (np.arange(s.start, s.stop) for s in block)
        return np.asarray(self.first + rows[:, None] * self.row + columns * self.column)


def cells(
    p: Picture,
    grid: Grid,
    values: Any,
    paint: Callable[[Any], str],
    size: float,
    bold: Any = None,
    corners: Any = None,
) -> None:
    """Tiles with numbers where all of them can be read, else small cells."""
    if min(grid.tile) < 9:
        pixels(p, grid, values, paint)
        return
    narrow = need(values, 10, 1) > grid.tile[0] - 2
    numbers = not narrow
    tiles(p, grid, values, paint, size=size, bold=bold, corners=corners, numbers=numbers)


class InputPanel:
    """Draws the padded input of a walk, its window on a blue plate, its padding dashed."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.padded = walk.geometry.padded_size != walk.geometry.input_size
        self._painters: dict[tuple[int, int], Callable[[Any], str]] = {}
        self._photos: dict[tuple[int, int], Photo] = {}
        self._rgb: dict[int, NDArray[np.uint8] | None] = {}

    @property
    def small(self) -> bool:
        """Whether every cell can be shown with its number."""
        g = self.walk.geometry
        return max(*g.padded_size, *g.output_size) <= MOST_CELLS

    def words(self, channel: int) -> str:
        """Sizes in a subtitle; `channel` counts within those that the filter reads."""
        g = self.walk.geometry
        padded = f", padded to {times(g.padded_size)}" if self.padded else ""
        return f"{times(g.input_size)}{self.of(channel)}{padded}"

    def of(self, channel: int) -> str:
        """Which channel of how many, where there are several."""
        count = self.walk.filters.shape[1]
        return f", channel {channel} of 0–{count - 1}" if count > 1 else ""

    def paint(self, f: Frame, channel: int) -> Callable[[Any], str]:
        """The colours of one plane, worked out once."""
        key = f.image, f.channels[channel]
        if key not in self._painters:
            self._painters[key] = painter(self.walk.padded[key], diverging=False)
        return self._painters[key]

    def draw(
        self,
        p: Picture,
        grid: Grid,
        f: Frame,
        channel: int,
        size: float = 14,
        first: tuple[int, int] = (0, 0),
        corners: Places | None = None,
    ) -> None:
        """Draw the block of the padded plane that begins at `first` on the cells of `grid`."""
        f = _visible(f, first, grid)
        rows, columns = f.rows - first[0], f.columns - first[1]
        axis(p, grid, rows=f.rows, columns=f.columns, first=first)
        margin = min(5.0, grid.pitch[0] / 5)
        for r, height in _runs(rows):
            for c, width in _runs(columns):
                marks.window_plate(p, *grid.span(r, c, height, width, margin=margin))
        bold = np.zeros((grid.rows, grid.columns), bool)
        bold[np.ix_(rows, columns)] = True
        block = slice(first[0], first[0] + grid.rows), slice(first[1], first[1] + grid.columns)
        plane = self.walk.padded[f.image, f.channels[channel]][block]
        shown = None if corners is None else corners[block]
        cells(p, grid, plane, self.paint(f, channel), size, bold, shown)
        for r, c in self._padding_cells(first, grid):
            marks.edge(p, *grid.span(r, c))

    def photo(
        self, p: Picture, x: float, y: float, box: tuple[float, float], f: Frame, channel: int
    ) -> Grid:
        """Place the input as pixels, the window framed; return the grid of its pixels."""
        photo = self._photo(f, channel, box)
        photo.place(p, x, y)
        grid = over(photo, x, y, self.walk.geometry.padded_size)
        seen = _visible(f, (0, 0), grid)
        if seen.rows.size and seen.columns.size:
            frame_around(p, grid, seen.rows, seen.columns)
        return grid

    def _photo(self, f: Frame, channel: int, box: tuple[float, float]) -> Photo:
        """The photograph of an image in colour, or of one plane; made ready once."""
        if f.image not in self._rgb:
            self._rgb[f.image] = colour_pixels(self.walk.padded[f.image])
        rgb = self._rgb[f.image]
        key = f.image, -1 if rgb is not None else f.channels[channel]
        if key not in self._photos:
            grey = plane_pixels(self.walk.padded[f.image, f.channels[channel]], diverging=False)
            self._photos[key] = Photo(grey if rgb is None else rgb, box)
        return self._photos[key]

    def neighbourhood(self, f: Frame, side: float, most: int = 35) -> tuple[Grid, tuple[int, int]]:
        """The window and two cells around it within a box of `side`; where that block begins."""
        g = self.walk.geometry
        shape, first = [], []
        for places, size, extent in zip((f.rows, f.columns), g.padded_size, g.extent, strict=True):
            shown = min(extent + 4, size, most)
            shape.append(shown)
            first.append(int(np.clip(places[0] - 2, 0, size - shown)))
        pitch = min(32.0, side / max(shape))
        gutter = 5.0 if pitch > 18 else 0.0
        return Grid(0, 0, shape[0], shape[1], (pitch, pitch), gutter), (first[0], first[1])

    def corner_pitch(self, letters: int) -> float:
        """Distance of cells that have room for a number and, in the corner, for `letters`."""
        few = self.walk.padded.ravel()[:: 1 + self.walk.padded.size // 512]
        corner = letters * MONO_ADVANCE * 10 + 11
        return max(corner, min(need(few, 10, 1) + 8, 52.0))

    def corner_block(
        self, p: Picture, grid: Grid, f: Frame, channel: int, corners: Places
    ) -> tuple[int, int]:
        """Draw as much as `grid` holds, from just before the window; return where it begins."""
        shown, sizes = (grid.rows, grid.columns), self.walk.geometry.padded_size
        axes = zip((f.rows, f.columns), shown, sizes, strict=True)
        row, column = (int(np.clip(places[0] - 1, 0, size - n)) for places, n, size in axes)
        self.draw(p, grid, f, channel, 14, (row, column), corners)
        return row, column

    def _padding_cells(self, first: tuple[int, int], grid: Grid) -> list[tuple[int, int]]:
        """Cells of a block that belong to the padding."""
        rows = range(first[0], first[0] + grid.rows)
        columns = range(first[1], first[1] + grid.columns)
        return [
            (r, c) for r, c in np.argwhere(self.walk.geometry.is_padding(rows, columns)).tolist()
        ]


def _visible(f: Frame, first: tuple[int, int], grid: Grid) -> Frame:
    """The frame with only the rows and columns that a block shows."""
    rows = f.rows[(f.rows >= first[0]) & (f.rows < first[0] + grid.rows)]
    columns = f.columns[(f.columns >= first[1]) & (f.columns < first[1] + grid.columns)]
    return replace(f, rows=rows, columns=columns)


def _runs(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, length): dilated taps give a run each."""
    breaks = np.flatnonzero(np.diff(places) != 1) + 1
    return [(int(run[0]), len(run)) for run in np.split(places, breaks) if run.size]
