"""The outputs of all filters as small planes, the chosen cell ringed on the chosen filter's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import Grid, painter
from convlens.picture.image import cells, times
from convlens.picture.photo import Photo, over, plane_pixels, ring_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlens.picture.shapes import Picture
    from convlib.frames import Frame, Walk

__all__ = ["GAP", "SMALLEST", "TOP", "Outputs", "around", "gutter", "number_size"]

TOP = 94.0  # of the planes
GAP = 30.0  # between planes, with room for row numbers
SMALLEST = 8.0  # cells; below, pixels
CAPTION = 34.0  # room for the name above a plane
PHOTO_TALL = 110.0
LEAST_ROOM = 372.0  # for two lines of planes, if they are not too tall


class Outputs:
    """Draws one plane for each filter, as many as there is room for.

    Parameters
    ----------
    walk : Walk
    across : int
        Planes side by side.
    plane : float
        Width of a plane.
    pitch : float
        Distance of the cells; too small a one, such as 0, stands for pixels.

    Attributes
    ----------
    left, width : float
        Where the planes begin, and the room that they and their titles take.
    """

    def __init__(self, walk: Walk, across: int, plane: float, pitch: float) -> None:
        self.walk, self.across, self.plane, self.pitch = walk, across, plane, pitch
        self.left = 0.0
        title = marks.title_width("Output y", self._words(0)) + 8
        self.width = max(across * (plane + GAP) - GAP, title)
        self.photos = pitch < SMALLEST
        self._down = max(pitch * 0.85, min(pitch, 20.0))
        self._known: dict[tuple[int, int], tuple[Callable[[Any], str], Photo | None]] = {}

    def draw(self, p: Picture, f: Frame, bottom: float) -> float:
        """Draw the outputs around the chosen filter's, down to `bottom` or a little more.

        Return where they end.
        """
        g = self.walk.geometry
        tall = min(self.plane, PHOTO_TALL) if self.photos else g.output_size[0] * self._down
        step = tall + CAPTION
        lines = -(-g.filters // self.across)
        room = max(bottom - TOP + CAPTION, LEAST_ROOM)
        down = max(1, min(lines, int(room // step)))
        first = around(f.filter // self.across, down, lines) * self.across
        count = min(down * self.across, g.filters - first)
        marks.heading(p, self.left, "Output y", self._words(count))
        for k in range(count):
            x = self.left + k % self.across * (self.plane + GAP)
            self._output(p, f, first + k, x, TOP + k // self.across * step)
        return TOP + down * step - CAPTION

    def _words(self, shown: int) -> str:
        """How many outputs there are, and of what size."""
        g = self.walk.geometry
        words = f"{marks.counted(g.filters, 'filter')}, {times(g.output_size)}"
        words += " each" if g.filters > 1 else ""
        return words + (f"; {shown} shown" if shown < g.filters else "")

    def _output(self, p: Picture, f: Frame, o: int, x: float, y: float) -> None:
        """The output of one filter; the ring stands on the chosen filter's only."""
        chosen, size = o == f.filter, self.walk.geometry.output_size
        if self.walk.geometry.filters > 1:
            opacity = 1.0 if chosen else 0.72
            p.text(x, y - 10, f"filter {o}", 12, bold=chosen, opacity=opacity)
        paint, photo = self._colours(f.image, o)
        if photo is not None:
            photo.place(p, x, y)
            grid = over(photo, x, y, size)
        else:
            grid = Grid(x, y, *size, (self.pitch, self._down), gutter(self.pitch))
            bold = np.zeros(size, bool)
            bold[f.row, f.column] = chosen
            cells(p, grid, self.walk.output[f.image, o], paint, number_size(self.pitch), bold)
        if chosen:  # the gutters are narrow: a ring that stands out from pale tiles in any theme
            ring_on(p, grid, f.row, f.column)

    def _colours(self, image: int, o: int) -> tuple[Callable[[Any], str], Photo | None]:
        """Colours, or pixels, of one output: worked out once."""
        if (image, o) not in self._known:
            paint, photo = painter(self.walk.output[image], diverging=True), None
            if self.photos:
                pixels = plane_pixels(self.walk.output[image, o], diverging=True)
                photo = Photo(pixels, (self.plane, min(self.plane, PHOTO_TALL)))
            self._known[image, o] = paint, photo
        return self._known[image, o]


def around(place: int, shown: int, count: int) -> int:
    """The first of `shown` places that keep `place` in view."""
    return int(np.clip(place - shown // 2, 0, count - shown))


def gutter(pitch: float) -> float:
    """Tiles with numbers stand apart, small cells touch."""
    return 3.0 if pitch > 14 else 2.0 if pitch > 9 else 0.0


def number_size(pitch: float) -> float:
    """Font size of the numbers in tiles of this pitch."""
    return 13.0 if pitch >= 25 else 12.0
