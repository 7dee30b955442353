"""The outputs of all filters as small planes, the chosen cell ringed on the chosen filter's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from convlens.palette import label
from convlens.picture.grid import Grid, need, painter
from convlens.picture.marks import RIGHT
from convlens.picture.panel import SMALLEST, Panel
from convlens.picture.photo import Photo, plane_pixels
from convlens.picture.shapes import SANS_ADVANCE, Picture
from convlens.scenes.fits import around
from convlens.scenes.panels import part
from convlens.scenes.story import Pieces, arithmetic
from convlens.words import counted, times

if TYPE_CHECKING:
    from convlib.frames import Frame, Walk
    from convlib.geometry import Geometry

__all__ = [
    "GAP",
    "NAME",
    "TOP",
    "Outputs",
    "add_channels",
    "fit",
    "gutter",
    "heading",
    "heading_width",
    "title_width",
]

TOP = 70.0  # of the planes
GAP = 30.0  # between planes, with room for row numbers
NAME = 26.0  # room for the name above a plane
ASIDE = 86.0  # words beside a title
LOW, HIGH = 14.0, 20.0  # distances of rows
PHOTO = 80.0, 150.0  # least and most height of pixels


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
        Distance of the columns; too small a one, such as 0, stands for pixels.

    Attributes
    ----------
    left, width : float
        Where the planes begin, and the room that they and their titles take.
    """

    def __init__(self, walk: Walk, across: int, plane: float, pitch: float) -> None:
        self.walk, self.across, self.plane, self.pitch, self.left = walk, across, plane, pitch, 0.0
        self.width = max(across * (plane + GAP) - GAP, title_width(walk))
        self._pixels = pitch - gutter(pitch) < SMALLEST
        self._paint = lru_cache(lambda image: painter(walk.output[image], "signed"))
        self._photo = lru_cache(self._photograph)

    def lines(self, bottom: float) -> tuple[int, float, float]:
        """Choose how many lines of planes stand above `bottom`, one at least.

        Returns also how high they are, and where they end.
        """
        g, room = self.walk.geometry, bottom - TOP + NAME
        low, high = PHOTO if self._pixels else (LOW * g.output_size[0], HIGH * g.output_size[0])
        most = min(-(-g.filters // self.across), int(room // (low + NAME)))
        count = max(most, 1)
        tall = min(high, max(room / count - NAME, LOW))
        return count, tall, TOP + count * (tall + NAME) - NAME

    def draw(self, p: Picture, f: Frame, bottom: float) -> float:
        """Draw the outputs around the chosen filter's, down to `bottom`; return where they end."""
        g, (count, tall, end) = self.walk.geometry, self.lines(bottom)
        lines = -(-g.filters // self.across)
        first = around(f.filter // self.across, count, lines) * self.across
        shown = range(first, min(first + count * self.across, g.filters))
        heading(p, self.left, 22, "Output y", _words(g, len(shown)))
        p.note("panel", self.left, TOP, self.width, end - TOP, title="Output y")
        for k, o in enumerate(shown):
            x = self.left + k % self.across * (self.plane + GAP)
            self._output(p, f, o, x, TOP + k // self.across * (tall + NAME), tall)
        return end

    def _output(self, p: Picture, f: Frame, o: int, x: float, y: float, tall: float) -> None:
        """The output of one filter; the ring stands on the chosen filter's only."""
        chosen, (rows, columns) = o == f.filter, self.walk.geometry.output_size
        if self.walk.geometry.filters > 1:
            p.text(x, y - 9, f"filter {o}", 12, bold=chosen, opacity=1.0 if chosen else 0.72)
        down = tall / rows
        pitch = (self.pitch if down - gutter(down) >= SMALLEST else min(self.pitch, down)), down
        grid = Grid(x, y, rows, columns, pitch, gutter(min(pitch)))
        panel = Panel(
            values=self.walk.output[f.image, o],
            paint=self._paint(f.image),
            ring=(f.row, f.column) if chosen else None,
            index=(False, False),
            numbers=fit(self.walk.output, grid),
            go=(("row", 0, 1), ("column", 0, 1), ("filter", o, 1)),
        )
        if self._pixels:
            panel = panel.shown_as(self._photo(f.image, o, tall))
            grid = panel.over(x, y)
        panel.draw(p, grid, 12)

    def _photograph(self, image: int, o: int, tall: float) -> Photo:
        outputs = self.walk.output[image]
        pixels = plane_pixels(outputs[o], "signed", limits=outputs)
        return Photo(pixels, (self.plane, tall))


def heading(p: Picture, x: float, y: float, title: str, words: str) -> None:
    """Write a title and, beside it, what it is of."""
    p.text(x, y, title, 15, bold=True)
    p.text(x + ASIDE, y, words, 12, opacity=0.72)


def heading_width(words: str) -> float:
    """Room that a title with these words takes."""
    return ASIDE + len(words) * 12 * SANS_ADVANCE


def title_width(walk: Walk) -> float:
    """Room that the title of the outputs takes, however many are shown."""
    return heading_width(_words(walk.geometry, 0)) + 8


def _words(g: Geometry, shown: int) -> str:
    """How many outputs there are, and of what size."""
    words = f"{counted(g.filters, 'filter')}, {times(g.output_size)}"
    return words + (f", {shown} shown" if shown < g.filters else "")


def add_channels(p: Picture, f: Frame, channel: int, x: float, bottom: float) -> None:
    """Add up the sums of the channels, and the bias, as many as there is room for."""
    sums: Pieces = [(label(part(f, k)), "") for k in range(len(f.products))]
    sums[channel] = sums[channel][0], "part"
    bias: Pieces = [(label(f.bias), "")] if f.walk.has_bias else []
    dots: Pieces = [("…", "")]
    for most in range(len(sums), 0, -1):
        first = around(channel, most, len(sums))
        terms = dots * (first > 0) + sums[first : first + most]
        terms += dots * (first + most < len(sums)) + bias
        pieces = [piece for term in terms for piece in ((" + ", ""), term)][1:]
        pieces += [(" = ", ""), (label(f.sum), "output")]
        if x + sum(len(text) * 6.7 + 15 * bool(role) for text, role in pieces) < RIGHT:
            break
    p.text(x, bottom - 24, f"sum of the channels{', and bias' * bool(bias)}", 11, opacity=0.72)
    arithmetic(p, x, bottom - 8, pieces)


def fit(values: Any, grid: Grid) -> bool:
    """Whether all panels of such numbers can show them: all do, or none."""
    return need(values, 11, 1) <= grid.tile[0] - 2 and grid.tile[1] >= SMALLEST


def gutter(pitch: float) -> float:
    """Tiles with numbers stand apart, small cells touch."""
    return 3.0 if pitch > 14 else 2.0 if pitch > 9 else 0.0
