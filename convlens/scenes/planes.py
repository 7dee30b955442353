"""Channels, weights and outputs as small planes: which filter reads which channels of the input."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convlens.picture import marks
from convlens.picture.grid import Grid, need
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import SMALLEST, Panel
from convlens.picture.shapes import Picture
from convlens.scenes.fits import around
from convlens.scenes.input import Inputs
from convlens.scenes.outputs import GAP, TOP, Outputs, gutter, title_width
from convlens.scenes.panels import Panels
from convlens.words import counted, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convlib.frames import Frame, Walk

__all__ = ["Planes"]

BETWEEN = 36.0  # between the channels and the outputs
LARGER = 1.3  # than need be, where there is room
MOST = 4  # channels shown at once
LEAST, BARE = 17.5, 12.0  # pitches of narrow channels, and of outputs without numbers
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
        self.input, self.panels = Inputs(walk, one_scale=True), Panels(walk)
        self._measure()

    def _measure(self) -> None:
        """Share the width between channels and outputs: all the numbers, if there is room."""
        g, small = self.walk.geometry, self.input.small
        for shown, (wide, each, across) in self._sizes():
            photo = {1: 300.0, 2: 260.0}.get(shown, 190.0)
            left = max(g.padded_size[1] * wide, CAPTION) if small else photo
            out = max(g.output_size[1] * each, CAPTION) if small else 110.0
            out = max(out, (title_width(self.walk) + GAP) / across - GAP)
            room = RIGHT - LEFT - BETWEEN - (shown + across - 2) * GAP
            share = min(LARGER, room / (shown * left + across * out))
            if share >= (0.9 if each == BARE else 1.0):
                break
        self.shown, self.column = shown, left * share
        larger = max(share, 1.0)
        self.pitch = min(wide * larger, self.column / g.padded_size[1])
        self.pixels = not small or self.pitch - gutter(self.pitch) < SMALLEST
        pitch = 0.0 if self.pixels else min(each * larger, out * share / g.output_size[1])
        self.outputs = Outputs(self.walk, across, out * share, pitch)
        # close to the channels where they are narrow, as long as the titles have room
        title = marks.title_width("Input x", self._input_words(0, range(shown - 1)))
        lefts = max(shown * (self.column + GAP) - GAP, title)
        self.outputs.left = min(RIGHT - self.outputs.width, LEFT + lefts + 70)
        self._measure_taps()

    def _sizes(self) -> Iterator[tuple[int, tuple[float, float, int]]]:
        """Channels shown, pitches of channels and outputs, outputs side by side: the best first."""
        wide, out = (max(need(a, 11, 1) + 5.2, LEAST) for a in (self.walk.padded, self.walk.output))
        most, across = min(self.walk.geometry.channels, MOST), min(self.walk.geometry.filters, 2)
        if self.input.small:  # outputs with numbers, as long as three channels fit beside them
            numbered = [(pitch, out, n) for pitch in (wide, LEAST) for n in (across, 1)]
            yield from product(range(most, min(3, most) - 1, -1), numbered)
        bare = [(wide, BARE, across), (LEAST, BARE, across)]
        yield from product(range(most, min(2, most) - 1, -1), bare)

    def _measure_taps(self) -> None:
        """Size the weights, and for pixels the window beside them, to the width of a channel."""
        kh, kw = self.walk.geometry.kernel_size
        below = self.column / 2 - 12 if self.pixels else self.column - 8
        shown = [self.walk.filters, self.walk.padded] if self.pixels else [self.walk.filters]
        shortest, usual = (max(need(values, 12, k) + 8 for values in shown) for k in (1, 2))
        self.tap_pitch = min(max(usual, 24.0), max(36.0, shortest), below / kw)
        self.tap_down = min(30.0, max(self.tap_pitch, 120 / kh), self.tap_pitch * 1.2)

    def draw(self, p: Picture, f: Frame, channel: int) -> float:
        """Draw all planes; `channel` is one of x. Return where they end."""
        first = around(channel, self.shown, self.walk.geometry.channels)
        shown = range(first, first + self.shown)  # all, or those around the one chosen
        marks.heading(p, LEFT, "Input x", self._input_words(f.image, shown))
        lefts = [LEFT + k * (self.column + GAP) for k in range(self.shown)]
        columns = list(zip(shown, lefts, strict=True))
        if self.walk.geometry.channels > 1:
            for c, x in columns:
                _caption(p, x, f"channel {c}", chosen=c == channel)
        top = max(self._channel(p, f, c, x) for c, x in columns) + 34
        p.text(LEFT, top, "Filter w", 15, bold=True)
        p.text(LEFT + 78, top, self._filter_words(f), 12, opacity=0.72)
        bottom = max(self._weights(p, f, c, x, top + 24) for c, x in columns)
        return max(bottom, self.outputs.draw(p, f, bottom))

    def _input_words(self, image: int, shown: range) -> str:
        g = self.walk.geometry
        words = f"{counted(g.channels, 'channel')} of {times(g.input_size)}"
        if self.input.padded:
            words += f", padded to {times(g.padded_size)}"
        if g.batch > 1:
            words += f"; image {image} of {g.batch}"
        return words + (f"; {len(shown)} shown" if len(shown) < g.channels else "")

    def _filter_words(self, f: Frame) -> str:
        g, reads = self.walk.geometry, f.channels
        words = f"filter {f.filter} of {g.filters}: " if g.filters > 1 else ""
        words += f"{times(g.kernel_size)} weights for "
        if len(reads) == 1:
            return f"{words}channel {reads.start}"
        return f"{words}each of channels {reads.start} to {reads[-1]}"

    # -- one channel -----------------------------------------------------------------------------

    def _channel(self, p: Picture, f: Frame, c: int, x: float) -> float:
        """One channel of the input, the window on it if the filter reads it; where it ends."""
        g = self.walk.geometry
        group, within = divmod(c, g.channels // g.groups)
        reader = replace(f, filter=group * (g.filters // g.groups))  # a filter that reads it
        look: dict[str, Any] = {"title": "", **({} if c in f.channels else {"window": None})}
        if self.pixels:
            panel = self.input.pixels(reader, within, (self.column, PHOTO_TALL), **look)
            return panel.draw(p, panel.over(x, TOP - 16)).bottom
        pitch = self.pitch, min(max(self.pitch, 20.0), 32.0)
        grid = Grid(x, TOP, *g.padded_size, pitch, gutter(self.pitch))
        look |= {"numbers": _fit(self.walk.padded, grid)}
        return self.input.panel(reader, within, **look).draw(p, grid, 13).bottom

    def _weights(self, p: Picture, f: Frame, c: int, x: float, y: float) -> float:
        """The filter's weights for one channel; for pixels the window's values before them."""
        kh, kw = self.walk.geometry.kernel_size
        pitch, apart = (self.tap_pitch, self.tap_down), gutter(self.tap_pitch)
        grid = Grid(x + 4, y, kh, kw, pitch, apart)
        if c not in f.channels:
            p.text(x, y + 16, "not read", 12, opacity=0.72)
            return grid.bottom + 8
        within = c - f.channels.start
        if self.pixels:
            window = Panel(
                values=f.window[within],
                paint=self.input.paint(f.image, c),
                window=(range(kh), range(kw)),
                index=(False, False),
                numbers=_fit(self.walk.padded, grid),
            )
            window.draw(p, grid, 13)
            p.text(grid.right + 13, y + grid.height / 2 + 5, "×", 15, anchor="middle", opacity=0.72)
            grid = replace(grid, x=grid.right + 26)
        numbers = _fit(self.walk.filters, grid)
        self.panels.kernel(f, within, title="", numbers=numbers).draw(p, grid, 13)
        return grid.bottom + 8


def _fit(values: Any, grid: Grid) -> bool:
    """Whether all panels of such numbers can show them: all do, or none."""
    return need(values, 11, 1) <= grid.tile[0] - 2


def _caption(p: Picture, x: float, name: str, *, chosen: bool) -> None:
    """Name a channel; under the chosen one is a bar, as under its slots in memory."""
    p.text(x, 60, name, 12, bold=chosen, opacity=1.0 if chosen else 0.72)
    if chosen:
        marks.chosen(p, x, 65, 7.2 * len(name))
