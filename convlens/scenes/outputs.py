"""The outputs of all filters as small planes, the chosen cell ringed on the chosen filter's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from convlens.picture import marks
from convlens.picture.grid import Grid, need, painter
from convlens.picture.panel import SMALLEST, Panel
from convlens.picture.photo import Photo, plane_pixels
from convlens.scenes.fits import around
from convlens.words import counted, times

if TYPE_CHECKING:
    from convlens.picture.shapes import Picture
    from convlib.frames import Frame, Walk
    from convlib.geometry import Geometry

__all__ = ["GAP", "TOP", "Outputs", "gutter", "title_width"]

TOP = 94.0  # of the planes
GAP = 30.0  # between planes, with room for row numbers
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
        self.walk, self.across, self.plane, self.left = walk, across, plane, 0.0
        self.width = max(across * (plane + GAP) - GAP, title_width(walk))
        photo = pitch - gutter(pitch) < SMALLEST
        self.box = (plane, min(plane, PHOTO_TALL)) if photo else None
        self.pitch = pitch, min(max(pitch * 0.85, min(pitch, 20.0)), 24.0)
        self._paint = lru_cache(lambda image: painter(walk.output[image], "signed"))
        self._photo = lru_cache(self._photograph)

    def draw(self, p: Picture, f: Frame, bottom: float) -> float:
        """Draw the outputs around the chosen filter's, down to `bottom` or a little more.

        Return where they end.
        """
        g = self.walk.geometry
        tall = self.box[1] if self.box else g.output_size[0] * self.pitch[1]
        step = tall + CAPTION
        lines = -(-g.filters // self.across)
        room = max(bottom - TOP + CAPTION, LEAST_ROOM)
        down = max(1, min(lines, int(room // step)))
        first = around(f.filter // self.across, down, lines) * self.across
        count = min(down * self.across, g.filters - first)
        marks.heading(p, self.left, "Output y", _words(g, count))
        p.note("panel", self.left, TOP, self.width, down * step, title="Output y")
        for k in range(count):
            x = self.left + k % self.across * (self.plane + GAP)
            self._output(p, f, first + k, x, TOP + k // self.across * step)
        return TOP + down * step - CAPTION

    def _output(self, p: Picture, f: Frame, o: int, x: float, y: float) -> None:
        """The output of one filter; the ring stands on the chosen filter's only."""
        chosen, size = o == f.filter, self.walk.geometry.output_size
        if self.walk.geometry.filters > 1:
            p.text(x, y - 10, f"filter {o}", 12, bold=chosen, opacity=1.0 if chosen else 0.72)
        grid = Grid(x, y, *size, self.pitch, gutter(self.pitch[0]))
        panel = Panel(
            values=self.walk.output[f.image, o],
            paint=self._paint(f.image),
            ring=(f.row, f.column) if chosen else None,
            index=(False, False),
            numbers=need(self.walk.output, 11, 1) <= grid.tile[0] - 2,  # in all, or in none
        )
        if self.box:
            panel = panel.shown_as(self._photo(f.image, o))
            grid = panel.over(x, y)
        panel.draw(p, grid, 13)

    def _photograph(self, image: int, o: int) -> Photo:
        assert self.box is not None
        outputs = self.walk.output[image]
        return Photo(plane_pixels(outputs[o], "signed", limits=outputs), self.box)


def title_width(walk: Walk) -> float:
    """Room for the heading, whatever a slider says."""
    return marks.title_width("Output y", _words(walk.geometry, 0)) + 8


def _words(g: Geometry, shown: int) -> str:
    """How many outputs there are, and of what size."""
    words = f"{counted(g.filters, 'filter')}, {times(g.output_size)}"
    words += " each" if g.filters > 1 else ""
    return words + (f"; {shown} shown" if shown < g.filters else "")


def gutter(pitch: float) -> float:
    """Tiles with numbers stand apart, small cells touch."""
    return 3.0 if pitch > 14 else 2.0 if pitch > 9 else 0.0
