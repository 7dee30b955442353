"""The window scene: input, kernel, products, output, and the sum told in a line."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, need
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.photo import cover, ring_on
from convlens.picture.row import place, signs
from convlens.picture.shapes import Picture
from convlens.scenes.enlarged import SIDE, TITLE, TOP
from convlens.scenes.input import Inputs
from convlens.scenes.panels import Panels, legend, part
from convlens.scenes.source import output_name, window_source
from convlens.scenes.story import story
from convlens.words import by, times

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["WindowScene"]

HEAD = TOP - TITLE  # from a title to the cells
LOWEST = TOP + 9 * 32  # where cells beside each other may end
NEAR = 192.0  # side of the neighbourhood
MOST_NEAR = 35  # its cells
SIGN, ARROW = 34.0, 50.0  # room before the kernel, and behind the products
TAPS = 115.0, 32.0  # height of the kernel and of the products, and of their cells, at most
UNDER = 42.0  # from the kernel to the products below it


class WindowScene:
    """Draws any frame of one walk; what does not depend on the frame is worked out once.

    Parameters
    ----------
    walk : Walk
        The layout leaves room for its largest numbers, so that nothing jumps under a slider.

    Attributes
    ----------
    arrangement : str
        "row" (all panels side by side), "stack" (the products under the kernel), or "photo" (as
        "stack", with pixels at the sides and the window's neighbourhood enlarged).
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.input, self.panels = Inputs(walk), Panels(walk)
        self.arrangement = "photo"
        if self.input.small:
            self.arrangement = "row" if self._row else "stack" if self._stack else "photo"

    def picture(self, f: Frame, channel: int = 0) -> Picture:
        """Draw one frame; `channel` counts within the channels that the filter reads."""
        p = Picture(900, 0, self._label(f, channel))
        ways = {"row": self._draw_row, "stack": self._draw_stack, "photo": self._draw_photo}
        bottom = ways[self.arrangement](p, f, channel)
        marks.rule(p, bottom + 16)
        p.height = story(p, f, channel, bottom + 44)
        return p

    def source(self, f: Frame) -> list[Line]:
        """Write the NumPy lines that compute this frame's output."""
        return window_source(f)

    def still(self, f: Frame, channel: int = 0) -> list[Panel]:
        """The four panels of a frame, in their order."""
        return [
            self.input.panel(f, channel),
            self.panels.kernel(f, channel),
            self.panels.products(f, channel),
            self.panels.output(f),
        ]

    # -- side by side ----------------------------------------------------------------------------

    def _placed(self, panels: list[Panel]) -> tuple[list[Grid], float] | None:
        """Grids for panels beside each other, and a font size; None if they do not fit."""
        grids, size, fits = place(panels, top=TOP)
        low = max(grid.bottom for grid in grids)
        return (grids, size) if fits and low <= LOWEST else None

    @cached_property
    def _row(self) -> tuple[list[Grid], float] | None:
        return self._placed(self.still(self.walk.frame(0, 0))) if len(self.walk) else None

    def _draw_row(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw the panels side by side; return where they end."""
        assert self._row is not None
        grids, size = self._row
        panels = self.still(f, channel)
        for panel, grid in zip(panels, grids, strict=True):
            panel.draw(p, grid, size, HEAD)
        signs(p, panels, grids)
        x, w, products, y = grids
        below = max(w.bottom, products.bottom) + 34
        legend(p, w.x, below, max(products.right, w.x + 150) - w.x)
        return max(x.bottom, y.bottom, below + 26)

    # -- the products under the kernel -----------------------------------------------------------

    @cached_property
    def _stack(self) -> tuple[list[Grid], float] | None:
        """Grids for input, kernel and output."""
        if not len(self.walk):
            return None
        x, w, products, y = self.still(self.walk.frame(0, 0))
        longest = np.append(np.ravel(self.walk.filters), products.widest)
        return self._placed([x, replace(w, widest=longest), y])

    def _draw_stack(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw input and output with their numbers; return where all ends."""
        assert self._stack is not None
        (x, w, y), size = self._stack
        self.input.panel(f, channel).draw(p, x, size, HEAD)
        self.panels.output(f).draw(p, y, size, HEAD)
        low = self._arithmetic(p, f, channel, w, size)
        return max(x.bottom, y.bottom, low)

    def _arithmetic(self, p: Picture, f: Frame, channel: int, grid: Grid, size: float) -> float:
        """The kernel, under it the products, and an arrow to the output; return where they end."""
        self.panels.kernel(f, channel).draw(p, grid, size, HEAD)
        below = replace(grid, y=grid.bottom + UNDER)
        words: dict[str, Any] = {"spelled": False, "subtitle": "", "longest": ""}
        self.panels.products(f, channel, **words).draw(p, below, size, 14)
        for sign, at in (("×", grid), ("=", below)):
            middle = at.y + at.height / 2 + 7
            p.text(grid.x - SIGN / 2, middle, sign, 22, anchor="middle", opacity=0.72)
        marks.arrow(p, below.right + 10, below.y + below.height / 2, 30, "Σ")
        return below.bottom

    # -- pixels ----------------------------------------------------------------------------------

    @cached_property
    def _near(self) -> Grid:
        """The neighbourhood: the window and as many cells around it as leave room for numbers."""
        g, least = self.walk.geometry, need(self.walk.padded, 11, 1) + 5
        sizes = list(zip(g.extent, g.padded_size, strict=True))
        for margin in (2, 1, 0, 2):
            shape = [min(extent + 2 * margin, size, MOST_NEAR) for extent, size in sizes]
            pitch = min(NEAR / max(shape), max(26.0, least))
            if pitch >= least:
                break
        left = LEFT + max(self._photo_width, 120.0) + 34
        return Grid(left, TOP, shape[0], shape[1], (pitch, pitch), 3.0 if pitch > 14 else 0.0)

    @cached_property
    def _photo_width(self) -> float:
        """Width of the input's pixels."""
        rows, columns = self.walk.geometry.padded_size
        return SIDE * columns / max(rows, columns)

    def _draw_photo(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw input and output as pixels, the neighbourhood beside them; return where all ends."""
        box = SIDE, SIDE
        x = self.input.pixels(f, channel, box)
        first = x.draw(p, x.over(LEFT, TOP), head=HEAD)
        zoom = self._near
        shape = zoom.rows, zoom.columns
        words: dict[str, Any] = {"subtitle": f"enlarged{self.input.of(channel)}"}
        words |= {"title": "Around the window", "first": self._corner(f, shape), "shape": shape}
        words["numbers"] = zoom.gutter > 0
        self.input.panel(f, channel, **words).draw(p, zoom, 13, HEAD)
        y = self.panels.output_pixels(f, box)
        assert y.photo is not None
        kernel = self._taps(RIGHT - max(y.photo.size[0], min(y.title_width, SIDE)) - ARROW)
        last = y.draw(p, y.over(kernel.right + ARROW, TOP), head=HEAD)
        cover(p, last, f.number + 1)
        ring_on(p, last, f.row, f.column)  # not half hidden
        low = self._arithmetic(p, f, channel, kernel, 13)
        return max(first.bottom, zoom.bottom, last.bottom, low)

    def _taps(self, right: float) -> Grid:
        """The kernel's cells, up to `right`: high ones with numbers, or square pixels."""
        rows, columns = self.walk.geometry.kernel_size
        left = max(self._near.right, self._near.x + 150) + SIGN
        wide = max(46.0, *(need(a, 11, 1) + 8 for a in (self.walk.filters, self.walk.output)))
        pitch = min(wide, (right - left) / columns), min(TAPS[1], TAPS[0] / rows)
        if min(pitch) < 18:
            pitch = min(pitch), min(pitch)
        gutter = 5.0 if pitch[0] > 32 else 2.0 if pitch[0] > 12 else 0.0
        return Grid(left, TOP, rows, columns, pitch, gutter)

    def _corner(self, f: Frame, shape: tuple[int, int]) -> tuple[int, int]:
        """Where the neighbourhood begins: the window is in its middle, if it can be."""
        g = self.walk.geometry
        axes = zip((f.rows, f.columns), shape, g.extent, g.padded_size, strict=True)
        first = [int(np.clip(k[0] - (n - extent) // 2, 0, size - n)) for k, n, extent, size in axes]
        return first[0], first[1]

    # -- words -----------------------------------------------------------------------------------

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
