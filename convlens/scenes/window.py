"""The window scene: input, kernel, products, output, and the sum told in a line."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, need
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import HEAD, Panel
from convlens.picture.photo import cover
from convlens.picture.row import place, signs
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.input import Inputs
from convlens.scenes.panels import Panels, legend, part
from convlens.scenes.source import output_name, window_source
from convlens.scenes.story import part_role, story
from convlens.words import by, times

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["WindowScene"]

TOP = HEAD + 22  # of the first tiles
PHOTO_BOX = (270.0, 250.0)
ENLARGED = 250.0  # side of the neighbourhood
ARROW = 54.0  # room for an arrow behind the products


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
        self.input, self.panels = Inputs(walk), Panels(walk)
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

    def still(self, f: Frame, channel: int = 0) -> list[Panel]:
        """The four panels of a frame, in their order."""
        return [
            self.input.panel(f, channel),
            self.panels.kernel(f, channel),
            self.panels.products(f, channel),
            self.panels.output(f),
        ]

    # -- side by side ----------------------------------------------------------------------------

    @cached_property
    def _row(self) -> tuple[list[Grid], float] | None:
        """Grids for input, kernel, products, output, and a font size; None if they do not fit."""
        if not len(self.walk):
            return None
        grids, size, fits = place(self.still(self.walk.frame(0, 0)))
        return (grids, size) if fits else None

    def _draw_row(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw the panels side by side; return where they end."""
        assert self._row is not None
        grids, size = self._row
        panels = self.still(f, channel)
        for panel, grid in zip(panels, grids, strict=True):
            panel.draw(p, grid, size)
        signs(p, panels, grids)
        x, w, products, y = grids
        below = max(w.bottom, products.bottom) + 34
        legend(p, w.x, below, max(products.right, w.x + 150) - w.x)
        return max(x.bottom, y.bottom, below + 26)

    # -- one above the other ---------------------------------------------------------------------

    def _draw_stack(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw input and output above, the window's arithmetic below; return where it ends."""
        above = self._photos_above if self.arrangement == "photo" else self._cells_above
        panels = self._arithmetic(f, channel)
        top = above(p, f, channel) + 44 + HEAD
        grids, size, _ = place(panels, top=top, right=RIGHT - self._result)
        for panel, grid in zip(panels, grids, strict=True):
            panel.draw(p, grid, size)
        signs(p, panels, grids)
        at, middle = grids[-1].right + 14, grids[0].y + grids[0].height / 2
        marks.arrow(p, at, middle, 26, "Σ")
        marks.chip(p, at + 40, middle, label(part(f, channel)), part_role(f))
        return max(grid.bottom for grid in grids)

    def _arithmetic(self, f: Frame, channel: int) -> list[Panel]:
        """The window, the kernel and their products."""
        size = times(self.walk.geometry.kernel_size)
        kh, kw = self.walk.geometry.kernel_size
        window = Panel(
            values=f.window[channel],
            title="Window",
            subtitle=size + self.input.of(channel),
            longest=size + self.input.of(0),
            paint=self.input.paint(f.image, f.channels[channel]),
            window=(range(kh), range(kw)),
            index=(False, False),
            widest=self.walk.padded,
        )
        products = self.panels.products(f, channel, subtitle=size, longest=size)
        return [window, self.panels.kernel(f, channel), products]

    def _cells_above(self, p: Picture, f: Frame, channel: int) -> float:
        """Input and output with their numbers; return where they end."""
        panels = [self.input.panel(f, channel), self.panels.output(f, before="")]
        grids, size, _ = place(panels)
        for panel, grid in zip(panels, grids, strict=True):
            panel.draw(p, grid, size)
        return max(grid.bottom for grid in grids)

    def _photos_above(self, p: Picture, f: Frame, channel: int) -> float:
        """Input and output as pixels, between them the neighbourhood; return where they end."""
        x = self.input.pixels(f, channel, PHOTO_BOX)
        first = x.draw(p, x.over(LEFT, TOP))
        start, shape, pitch = self.input.around(f, ENLARGED)
        left = LEFT + PHOTO_BOX[0] + 36
        zoom = Grid(left, TOP, *shape, (pitch, pitch), 5.0 if pitch > 18 else 0.0)
        words: dict[str, Any] = {"subtitle": f"enlarged{self.input.of(channel)}"}
        around = self.input.panel(f, channel, start, shape, title="Around the window", **words)
        around.draw(p, zoom, 13)
        y = self.panels.output_pixels(f, PHOTO_BOX)
        assert y.photo is not None
        last = y.draw(p, y.over(RIGHT - max(y.photo.size[0], y.title_width), TOP))
        cover(p, last, f.number + 1)
        return max(first.bottom, zoom.bottom, last.bottom)

    @cached_property
    def _result(self) -> float:
        """Room for the arrow and the longest sum behind the products."""
        longest = need(self.walk.output, 15) + MONO_ADVANCE * 15 * 2  # a channel's may be longer
        return ARROW + longest + 12

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
