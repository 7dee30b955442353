"""Kernel, products and output: the panels of the window explorer beside its input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import ink, label
from convlens.picture import marks
from convlens.picture.grid import Grid, axis, fit, painter, tiles
from convlens.picture.image import cells, times
from convlens.picture.photo import Photo, cover, over, plane_pixels, ring_on
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlib.frames import Frame, Walk

__all__ = ["FACTOR", "MOST_FACTORS", "Panels", "legend", "sign"]

MOST_FACTORS = 9  # products that show what they are made of
FACTOR = 10.5  # font size of those factors
LEAST_TALL = 32.0  # of a tile with factors and product


class Panels:
    """Draws what surrounds the input; colours and photographs are worked out once."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self._painters: dict[tuple[int, ...], Callable[[Any], str]] = {}
        self._photos: dict[tuple[int, int], Photo] = {}

    def kernel_words(self, f: Frame) -> str:
        """Size of the kernel, and which filter it is where there are several."""
        g = self.walk.geometry
        return times(g.kernel_size) + (f", filter {f.filter}" if g.filters > 1 else "")

    def output_words(self, f: Frame) -> str:
        """Size of the output, and how far it is computed."""
        size = self.walk.geometry.output_size
        return f"{times(size)}, cell {f.number + 1} of {size[0] * size[1]}"

    def kernel(self, p: Picture, grid: Grid, f: Frame, channel: int, size: float) -> None:
        """Draw the weights of one channel on the orange plate."""
        marks.kernel_plate(p, *grid.span(0, 0, grid.rows, grid.columns, margin=4))
        key = (f.filter,)
        if key not in self._painters:
            self._painters[key] = painter(self.walk.filters[f.filter], diverging=True)
        cells(p, grid, f.kernel[channel], self._painters[key], size)

    def products(self, p: Picture, grid: Grid, f: Frame, channel: int, size: float) -> None:
        """Draw the products, with their factors above them where there is room."""
        paint, values = painter(f.products, diverging=True), f.products[channel]
        factors = zip(f.window[channel].flat, f.kernel[channel].flat, strict=True)
        few = values.size <= MOST_FACTORS and grid.tile[1] >= LEAST_TALL
        pairs = [f"{label(a)}×{label(b)}" for a, b in factors] if few else []
        room = grid.tile[0] - 4
        if not pairs or max(map(len, pairs)) * MONO_ADVANCE * FACTOR > room:
            cells(p, grid, values, paint, size)
            return
        tiles(p, grid, values, paint, numbers=False)
        for (r, c), pair in zip(np.ndindex(values.shape), pairs, strict=True):
            x, y, wide, high = grid.span(r, c)
            colour = ink(paint(values[r, c]))
            text, fitting = fit(values[r, c], room, size)
            at = x + wide / 2, y + 14, pair, FACTOR
            p.text(*at, mono=True, anchor="middle", colour=colour)
            at = x + wide / 2, y + high - 6, text, fitting
            p.text(*at, mono=True, anchor="middle", bold=True, colour=colour)

    def output(self, p: Picture, grid: Grid, f: Frame, size: float) -> None:
        """Draw the output so far, the position just reached ringed."""
        marks.heading(p, grid.x, "Output y", self.output_words(f))
        axis(p, grid, rows=[f.row], columns=[f.column])
        key = f.image, f.filter
        if key not in self._painters:
            self._painters[key] = painter(self.walk.output[key], diverging=True)
        bold = np.zeros((grid.rows, grid.columns), bool)
        bold[f.row, f.column] = True
        cells(p, grid, f.output_so_far, self._painters[key], size, bold)
        marks.ring(p, *grid.span(f.row, f.column))

    def output_photo(
        self, p: Picture, right: float, top: float, box: tuple[float, float], f: Frame
    ) -> Grid:
        """The output as pixels that end at `right`, what is not computed yet covered."""
        key = f.image, f.filter
        if key not in self._photos:
            pixels = plane_pixels(self.walk.output[key], diverging=True)
            self._photos[key] = Photo(pixels, box)
        photo, words = self._photos[key], self.output_words(f)
        size = times(self.walk.geometry.output_size)
        count = self.walk.output[0, 0].size
        longest = f"{size}, cell {count} of {count}"
        left = right - max(photo.size[0], marks.title_width("Output y", longest))
        marks.heading(p, left, "Output y", words)
        photo.place(p, left, top)
        grid = over(photo, left, top, self.walk.geometry.output_size)
        cover(p, grid, f.number + 1)
        ring_on(p, grid, f.row, f.column)
        return grid


def sign(p: Picture, symbol: str, x: float, y: float) -> None:
    """An operator between two panels."""
    p.text(x, y + 7, symbol, 22, anchor="middle", opacity=0.72)


def legend(p: Picture, x: float, y: float, width: float) -> None:
    """The colours of signed values."""
    steps = 21
    paint = painter(np.array([[-1.0, 1.0]]), diverging=True)
    p.text(x, y - 6, "kernel, products, output", 11, opacity=0.72)
    for k in range(steps):
        colour = paint(2 * k / (steps - 1) - 1)
        p.rect(x + k * width / steps, y, width / steps + 0.3, 9, fill=colour)
    p.rect(x, y, width, 9, fill="none", stroke=INK, stroke_width=0.8, stroke_opacity=0.4)
    p.text(x, y + 22, "negative", 11, opacity=0.72)
    p.text(x + width / 2, y + 22, "0", 11, anchor="middle", opacity=0.72)
    p.text(x + width, y + 22, "positive", 11, anchor="end", opacity=0.72)
