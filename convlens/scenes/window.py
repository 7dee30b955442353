"""The window explorer's picture: input, kernel, products, output, and the sum told in a line."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, need
from convlens.picture.image import InputPanel, by, cells, times
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.panels import FACTOR, MOST_FACTORS, Panels, legend, sign
from convlens.scenes.source import output_name, window_source
from convlens.scenes.story import part, part_role, story

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["WindowScene"]

TOP = 76.0
SIGN_ROOM = 34.0  # for an operator between two panels side by side
SIGN_BELOW = 44.0  # the same where kernel and window both stand on plates
GAPS = (5.0, 4.0, 4.0, 5.0)  # gutters of input, kernel, products, output
PHOTO_BOX = (270.0, 250.0)
RESULT = 130.0  # room for the arrow and the sum behind the products


class WindowScene:
    """Draws any frame of one walk; what does not depend on the frame is worked out once.

    Parameters
    ----------
    walk : Walk
        The layout leaves room for its largest numbers, so that nothing jumps under a slider.

    Attributes
    ----------
    arrangement : str
        "row" (all panels side by side), "stack" (input and output above, the arithmetic below), or
        "photo" (as "stack", with pixels above and the window's neighbourhood enlarged).
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.input, self.panels = InputPanel(walk), Panels(walk)
        self.arrangement = "photo"
        if self.input.small:
            self.arrangement = "row" if self._row else "stack"

    def picture(self, f: Frame, channel: int = 0) -> Picture:
        """Draw one frame; `channel` counts within the channels that the filter reads."""
        p = Picture(900, 0, self._label(f, channel))
        draw = self._draw_row if self.arrangement == "row" else self._draw_stack
        bottom = draw(p, f, channel)
        marks.rule(p, bottom + 22)
        p.height = story(p, f, channel, bottom + 54)
        return p

    def source(self, f: Frame) -> list[Line]:
        """Write the NumPy lines that compute this frame's output."""
        return window_source(f)

    # -- side by side ----------------------------------------------------------------------------

    @cached_property
    def _row(self) -> tuple[list[Grid], float] | None:
        """Grids for input, kernel, products, output, and a font size; None if they do not fit."""
        for size, figures in ((14, 3), (14, 2), (12, 3), (12, 2), (11, 2)):
            tall = round(size * 1.93)
            pitches = [
                max(least, need(values, size, figures) + 6) + gap
                for (values, least), gap in zip(self._extremes(tall), GAPS, strict=True)
            ]
            grids = self._place(pitches, tall)
            if max(grids[-1].right, grids[-1].x + self._title_widths[3] - 8) <= RIGHT:
                return grids, float(size)
        return None

    def _place(self, pitches: list[float], tall: float) -> list[Grid]:
        """Stand four grids beside each other, the spare room shared between them."""
        g = self.walk.geometry
        shapes = (g.padded_size, g.kernel_size, g.kernel_size, g.output_size)
        widths = [s[1] * pitch - gap for s, pitch, gap in zip(shapes, pitches, GAPS, strict=True)]
        slots = [max(pair) for pair in zip(widths, self._title_widths, strict=True)]
        spare = (RIGHT - LEFT - 14 - sum(slots) - 3 * SIGN_ROOM) / 3
        between = SIGN_ROOM + max(0.0, min(spare, 26.0))
        lefts = np.cumsum([LEFT, *(slot + between for slot in slots[:3])])
        lefts[3] += 14  # row numbers
        downs = (tall + 5, tall + 13, tall + 13, tall + 5)
        parts = zip(lefts, shapes, pitches, downs, GAPS, strict=True)
        return [
            Grid(float(left), TOP, *shape, (pitch, down), gap)
            for left, shape, pitch, down, gap in parts
        ]

    def _draw_row(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw the panels side by side; return where they end."""
        assert self._row is not None
        (x, w, products, y), size = self._row
        marks.heading(p, x.x, "Input x", self.input.words(channel))
        self.input.draw(p, x, f, channel, size)
        marks.heading(p, w.x, "Kernel w", self.panels.kernel_words(f))
        self.panels.kernel(p, w, f, channel, size + 1)
        marks.heading(p, products.x, "Products", self._products_words(channel))
        self.panels.products(p, products, f, channel, size + 1)
        self.panels.output(p, y, f, size - 1)
        middle = w.y + w.height / 2
        sign(p, "×", (x.right + w.x) / 2 - 4, middle)
        sign(p, "=", (w.right + products.x) / 2 + 4, middle)
        at = max(products.right, products.x + 50) + 8
        marks.arrow(p, at, middle, max(16.0, min(26.0, y.x - at - 26)), "Σ")
        below = max(w.bottom, products.bottom) + 34
        legend(p, w.x, below, max(products.right, w.x + 150) - w.x)
        return max(x.bottom, y.bottom, below + 26)

    # -- one above the other ---------------------------------------------------------------------

    def _draw_stack(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw input and output above, the window's arithmetic below; return where it ends."""
        above = self._photos_above if self.arrangement == "photo" else self._cells_above
        top = above(p, f, channel) + 44
        (window, kernel, products), at = self._below(top + 33)
        size = times(self.walk.geometry.kernel_size)
        marks.heading(p, window.x, "Window", size + self.input.of(channel), y=top)
        marks.heading(p, kernel.x, "Kernel w", self.panels.kernel_words(f), y=top)
        marks.heading(p, products.x, "Products", size, y=top)
        marks.window_plate(p, *window.span(0, 0, window.rows, window.columns, margin=5))
        cells(p, window, f.window[channel], self.input.paint(f, channel), 14)
        self.panels.kernel(p, kernel, f, channel, 14)
        self.panels.products(p, products, f, channel, 14)
        middle = window.y + window.height / 2
        sign(p, "×", kernel.x - 7.5 - (SIGN_BELOW - 12.5) / 2, middle)
        sign(p, "=", products.x - (SIGN_BELOW - 7.5) / 2, middle)
        marks.arrow(p, at, middle, 26, "Σ")
        marks.chip(p, at + 40, middle, label(part(f, channel)), part_role(f))
        return window.bottom

    def _below(self, top: float) -> tuple[list[Grid], float]:
        """Grids for window, kernel and products, and where the next thing may stand."""
        kh, kw = self.walk.geometry.kernel_size
        tall = min(40.0, 230 / kh)
        pitches = self._pitches(kw, min(tall, 34.0))
        titles = (140 if self.walk.filters.shape[1] > 1 else 70, 90, 80)
        grids, at = [], LEFT
        for pitch, title in zip(pitches, titles, strict=True):
            gap = 4.0 if min(pitch, tall) > 12 else 0.0
            grids.append(Grid(at, top, kh, kw, (pitch, tall), gap))
            at = max(grids[-1].right, at + title) + SIGN_BELOW
        return grids, max(grids[-1].right + 14, at - SIGN_BELOW)

    def _pitches(self, columns: int, least: float) -> list[float]:
        """Distances of the cells of window, kernel and products; with factors if they fit."""
        room = (RIGHT - LEFT - 2 * SIGN_BELOW - RESULT) / columns
        extremes = [values for values, _ in self._extremes(27)[:3]]
        pitches = [max(least, need(values, 14) + 10) for values in extremes]
        if self.walk.filters[0, 0].size <= MOST_FACTORS:
            both = sum(need(values, FACTOR) for values in extremes[:2])
            factors = max(pitches[2], both + MONO_ADVANCE * FACTOR + 10)
            if pitches[0] + pitches[1] + factors <= room:
                pitches[2] = factors
        return pitches if sum(pitches) <= room else [min(pitch, room / 3) for pitch in pitches]

    def _cells_above(self, p: Picture, f: Frame, channel: int) -> float:
        """Input and output with their numbers; return where they end."""
        (ph, pw), (oh, ow) = self.walk.geometry.padded_size, self.walk.geometry.output_size
        pitch = min(32.0, (RIGHT - LEFT - 90) / (pw + ow))
        x = Grid(LEFT, TOP, ph, pw, (pitch, pitch))
        title = marks.title_width("Input x", self.input.words(0)) + 40
        y = Grid(max(x.right + 90, LEFT + title), TOP, oh, ow, (pitch, pitch))
        marks.heading(p, x.x, "Input x", self.input.words(channel))
        self.input.draw(p, x, f, channel, 13)
        self.panels.output(p, y, f, 13)
        return max(x.bottom, y.bottom)

    def _photos_above(self, p: Picture, f: Frame, channel: int) -> float:
        """Input and output as pixels, between them the neighbourhood; return where they end."""
        marks.heading(p, LEFT, "Input x", self.input.words(channel))
        x = self.input.photo(p, LEFT, TOP, PHOTO_BOX, f, channel)
        block, first = self.input.neighbourhood(f, 250)
        left = LEFT + PHOTO_BOX[0] + 36
        zoom = Grid(left, TOP, block.rows, block.columns, block.pitch, block.gutter)
        marks.heading(p, zoom.x, "Around the window", f"enlarged{self.input.of(channel)}")
        self.input.draw(p, zoom, f, channel, 13, first)
        y = self.panels.output_photo(p, RIGHT, TOP, PHOTO_BOX, f)
        return max(x.bottom, zoom.bottom, y.bottom)

    # -- words and numbers -----------------------------------------------------------------------

    def _extremes(self, tall: float) -> list[tuple[Any, float]]:
        """Numbers that decide how wide the tiles of x, w, products and y are, and a least width."""
        x, w, y = self.walk.padded, self.walk.filters, self.walk.output
        products: Any = [-0.123]
        if x.size and x.dtype.kind in "iub" and w.dtype.kind in "iub":
            ends = [int(x.min()), int(x.max())]
            products = [a * b for a in ends for b in (int(w.min()), int(w.max()))]
        pairs = 54.0 if w[0, 0].size <= MOST_FACTORS and w.shape[3] <= 3 else tall
        return [(x, tall), (w, tall + 9), (products, pairs), (y, tall)]

    @property
    def _title_widths(self) -> list[float]:
        """Room for the four headings, whatever the sliders say."""
        count = self.walk.output[0, 0].size if len(self.walk.output) else 0
        size = times(self.walk.geometry.output_size)
        kernel = times(self.walk.geometry.kernel_size)
        return [
            marks.title_width("Input x", self.input.words(0)),
            marks.title_width(
                "Kernel w", f"{kernel}, filter 0" if len(self.walk.filters) > 1 else ""
            ),
            marks.title_width("Products", self._products_words(0)),
            marks.title_width("Output y", f"{size}, cell {count} of {count}"),
        ]

    def _products_words(self, channel: int) -> str:
        """Say when the products shown are not yet the whole sum."""
        if self.walk.filters.shape[1] > 1:
            return f"channel {channel} of the sum"
        return "before the bias" if self.walk.has_bias else "x × w, cell by cell"

    def _label(self, f: Frame, channel: int) -> str:
        """The text alternative: which explorer, shapes, position, numbers, result."""
        numbers = ", ".join(label(v) for v in f.window[channel].flat[:9])
        kernel = ", ".join(label(v) for v in f.kernel[channel].flat[:9])
        more = " and more" if f.window[channel].size > 9 else ""
        size = self.walk.geometry.input_size
        return (
            f"Window explorer. Input x, {by(size)}"
            f"{self.input.words(channel).removeprefix(times(size))}. "
            f"The window covers rows {f.rows[0]} to {f.rows[-1]} and columns {f.columns[0]} to "
            f"{f.columns[-1]}. Its values [{numbers}{more}] times the kernel [{kernel}{more}] sum "
            f"to {label(part(f, channel))}. Output cell {output_name(f)} is {label(f.sum)}."
        )
