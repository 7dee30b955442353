"""Channels, weights and outputs as small planes: which filter reads which channels of the input."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import Grid, need, painter
from convlens.picture.image import InputPanel, cells, times
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.photo import Photo, frame_around, over, plane_pixels
from convlens.picture.shapes import Picture
from convlens.scenes.outputs import GAP, SMALLEST, TOP, Outputs, around, gutter, number_size
from convlens.scenes.panels import Panels

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlib.frames import Frame, Walk

__all__ = ["Planes"]

BETWEEN = 36.0  # between the channels and the outputs
LARGER = 1.3  # than need be, where there is room
MOST = 4  # channels shown at once
BARE = 12.0  # pitch of outputs without numbers
PHOTO_TALL = 160.0
CAPTION = 76.0  # the narrowest column: "channel 12"


class Planes:
    """Draws the channels above their weights at the left, one output for each filter at the right.

    Parameters
    ----------
    walk : Walk
        What does not depend on the frame is worked out once, so that nothing jumps.
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.input, self.panels = _Channels(walk), Panels(walk)
        self._photos: dict[tuple[int, int], Photo] = {}
        self._measure()

    def _measure(self) -> None:
        """Share the width between channels and outputs: all the numbers, if there is room."""
        g = self.walk.geometry
        across = min(g.filters, 2)
        wide = min(max(need(self.walk.padded, 11, 2) + 8, 20.0), 30.0)
        wide_out = min(max(need(self.walk.output, 10, 2) + 7, 18.0), 32.0)
        most = min(g.channels, MOST)
        for shown, each in product(range(most, min(2, most) - 1, -1), (wide_out, BARE)):
            photo = {1: 300.0, 2: 260.0}.get(shown, 190.0)
            left = max(g.padded_size[1] * wide, CAPTION) if self.input.small else photo
            out = max(g.output_size[1] * each, CAPTION) if self.input.small else 110.0
            room = RIGHT - LEFT - BETWEEN - (shown + across - 2) * GAP
            share = min(LARGER, room / (shown * left + across * out))
            if share > 0.9:
                break
        self.shown, self.column = shown, left * share
        larger = max(share, 1.0)
        self.pitch = min(wide * larger, self.column / g.padded_size[1])
        self.pixels = not self.input.small or self.pitch < SMALLEST
        pitch = 0.0 if self.pixels else min(each * larger, out * share / g.output_size[1])
        self.outputs = Outputs(self.walk, across, out * share, pitch)
        # close to the channels where they are narrow, as long as the titles have room
        title = marks.title_width("Input x", self._input_words(0, range(shown - 1)))
        lefts = max(shown * (self.column + GAP) - GAP, title)
        self.outputs.left = min(RIGHT - self.outputs.width, LEFT + lefts + 70)
        self._measure_taps()

    def _measure_taps(self) -> None:
        """Size the weights, and for pixels the window beside them, to the width of a channel."""
        kh, kw = self.walk.geometry.kernel_size
        below = self.column / 2 - 14 if self.pixels else self.column - 8
        shown = [self.walk.filters, self.walk.padded] if self.pixels else [self.walk.filters]
        widest = max(need(values, 12, 2) + 10 for values in shown)
        self.tap_pitch = min(max(widest, 24.0), 36.0, below / kw)
        self.tap_down = min(30.0, max(self.tap_pitch, 120 / kh), self.tap_pitch * 1.2)

    def channels(self, channel: int) -> range:
        """The channels shown: all, or those around the one chosen."""
        first = around(channel, self.shown, self.walk.geometry.channels)
        return range(first, first + self.shown)

    def draw(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw all planes; `channel` is one of x. Return where they end."""
        shown = self.channels(channel)
        marks.heading(p, LEFT, "Input x", self._input_words(f.image, shown))
        bottoms = []
        for k, c in enumerate(shown):
            x = LEFT + k * (self.column + GAP)
            self._caption(p, x, c, c == channel)
            bottoms.append(self._channel(p, f, c, x))
        top = max(bottoms) + 34
        p.text(LEFT, top, "Filter w", 15, bold=True)
        p.text(LEFT + 78, top, self._filter_words(f), 12, opacity=0.72)
        below = [self._weights(p, f, c, k, top + 24) for k, c in enumerate(shown)]
        return max(*below, self.outputs.draw(p, f, max(below)))

    def _caption(self, p: Picture, x: float, c: int, chosen: bool) -> None:
        """Name a channel; the chosen one is doubly underlined, as its slots in memory are."""
        if self.walk.geometry.channels == 1:
            return
        opacity = 1.0 if chosen else 0.72
        p.text(x, 60, f"channel {c}", 12, bold=chosen, opacity=opacity)
        if chosen:
            marks.underline(p, x, 64, 7.2 * len(f"channel {c}"), "kernel")

    def _input_words(self, image: int, shown: range) -> str:
        g = self.walk.geometry
        many = marks.counted(g.channels, "channel")
        words = f"{many} of {times(g.input_size)}"
        if self.input.padded:
            words += f", padded to {times(g.padded_size)}"
        if g.batch > 1:
            words += f"; image {image} of {g.batch}"
        return words + (f"; {len(shown)} shown" if len(shown) < g.channels else "")

    def _filter_words(self, f: Frame) -> str:
        g, reads = self.walk.geometry, f.channels
        which = f"{reads.start}" if len(reads) == 1 else f"{reads.start} to {reads[-1]}"
        which = f"channel{'s' if len(reads) > 1 else ''} {which}"
        words = f"filter {f.filter} of {g.filters}: " if g.filters > 1 else ""
        words += f"{times(g.kernel_size)} weights"
        return words + (f" for each of {which}" if len(reads) > 1 else f" for {which}")

    # -- one channel -----------------------------------------------------------------------------

    def _channel(self, p: Picture, f: Frame, c: int, x: float) -> float:
        """One channel of the input, the window on it if the filter reads it."""
        g = self.walk.geometry
        mine = c in f.channels
        if self.pixels:
            return self._photo(p, f, c, x)
        grid = Grid(x, TOP, *g.padded_size, (self.pitch, max(self.pitch, 20.0)), gutter(self.pitch))
        of = self.input.reading(f, c)
        rows, columns = (f.rows, f.columns) if mine else (f.rows[:0], f.columns[:0])
        self.input.draw(
            p,
            grid,
            replace(of, rows=rows, columns=columns),
            self.input.within(c),
            number_size(self.pitch),
        )
        return grid.bottom

    def _photo(self, p: Picture, f: Frame, c: int, x: float) -> float:
        """The same as pixels, the window framed."""
        key = f.image, c
        if key not in self._photos:
            plane = plane_pixels(self.walk.padded[key], diverging=False)
            self._photos[key] = Photo(plane, (self.column, PHOTO_TALL))
        photo = self._photos[key]
        photo.place(p, x, TOP - 16)
        grid = over(photo, x, TOP - 16, self.walk.geometry.padded_size)
        if c in f.channels:
            frame_around(p, grid, f.rows, f.columns)
        return grid.bottom

    def _weights(self, p: Picture, f: Frame, c: int, k: int, y: float) -> float:
        """The filter's weights for one channel; for pixels the window's values before them."""
        kh, kw = self.walk.geometry.kernel_size
        x = LEFT + k * (self.column + GAP) + 4
        apart = gutter(self.tap_pitch)
        grid = Grid(x, y, kh, kw, (self.tap_pitch, self.tap_down), apart)
        if c not in f.channels:
            p.text(x - 4, y + 16, "not read", 12, opacity=0.72)
            return grid.bottom + 8
        within = c - f.channels.start
        if self.pixels:
            marks.window_plate(p, *grid.span(0, 0, kh, kw, margin=5))
            paint = self.input.paint(f, within)
            cells(p, grid, f.window[within], paint, 13, np.ones((kh, kw), bool))
            p.text(grid.right + 15, y + grid.height / 2 + 5, "×", 15, anchor="middle", opacity=0.72)
            grid = replace(grid, x=grid.right + 30)
        self.panels.kernel(p, grid, f, within, 13)
        return grid.bottom + 8


class _Channels(InputPanel):
    """The channels of an image as planes of one colour scale, so that they can be compared."""

    def paint(self, f: Frame, channel: int) -> Callable[[Any], str]:
        """The colours of a whole image."""
        key = f.image, -1
        if key not in self._painters:
            self._painters[key] = painter(self.walk.padded[f.image], diverging=False)
        return self._painters[key]

    def reading(self, f: Frame, c: int) -> Frame:
        """A frame of a filter that reads channel `c` of x."""
        g = self.walk.geometry
        group = c // (g.channels // g.groups)
        return replace(f, filter=group * (g.filters // g.groups))

    def within(self, c: int) -> int:
        """Which of its group's channels a channel of x is."""
        g = self.walk.geometry
        return c % (g.channels // g.groups)
