"""The layout explorer's picture: channels, filters and outputs, and x in both memory orders."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, need
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import SMALLEST, Panel
from convlens.picture.photo import colour_pixels
from convlens.picture.shapes import Picture
from convlens.scenes import outputs
from convlens.scenes.fits import around
from convlens.scenes.input import Inputs
from convlens.scenes.orders import Order, OrderStrip
from convlens.scenes.outputs import GAP, NAME, TOP, Outputs
from convlens.scenes.panels import Panels, part
from convlens.scenes.source import layouts_source, output_name
from convlens.words import by, counted, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["LayoutsScene"]

BETWEEN = 40.0  # between channels, weights and outputs
MOST, LARGER = 4, 1.3  # channels shown at once; larger than need be, where there is room
LEAST, BARE = 17.5, 12.0  # distances of columns of narrow channels, and of outputs without numbers
CAPTION = 76.0  # the narrowest column: "channel 12"
HIGH, ALONE, TAPS = 178.0, 200.0, 72.0  # most: channels and weights below, one alone, weights
ROW, TITLE, SUM = 20.0, 40.0, 36.0  # of cells; from channels to weights below; room for the sum
STRIP = 98.0  # from one memory order to the next


class LayoutsScene:
    """Draws any frame of one walk: what its filter reads, and where that lies in memory.

    The channels stand above their weights; one that is alone, and a photograph, beside them.

    Parameters
    ----------
    walk : Walk
        What does not depend on the frame is worked out once, so that nothing jumps.

    Attributes
    ----------
    orders : dict of str to Order
        The padded input in both orders, "NCHW" and "NHWC".
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.input, self.panels = Inputs(walk, one_scale=True), Panels(walk)
        self.orders = {name: Order(walk, name) for name in ("NCHW", "NHWC")}
        self._strips = [OrderStrip(order) for order in self.orders.values()]
        self._measure()

    def picture(self, f: Frame, channel: int = 0) -> Picture:
        """Draw one frame; `channel` counts within the channels that the filter reads."""
        p = Picture(900, self.bottom + STRIP + 110, self._label(f, channel))
        self._channels(p, f, f.channels[channel])
        self.outputs.draw(p, f, self.bottom - self._adds)
        if self._adds:
            outputs.add_channels(p, f, channel, self.outputs.left, self.bottom)
        for k, strip in enumerate(self._strips):
            at = self.input.paint(f.image, channel), self.bottom + 27 + STRIP * k
            strip.draw(p, f, f.channels[channel], *at)
        return p

    def source(self, f: Frame) -> list[Line]:
        """Write the NumPy lines that compute this output from either order."""
        return layouts_source(f)

    def _measure(self) -> None:
        """Share the width between channels, weights and outputs, then the height."""
        g, (rows, columns) = self.walk.geometry, self.walk.geometry.padded_size
        colour = not self.input.small and colour_pixels(self.walk.padded[0]) is not None
        self.photo = Inputs(self.walk, one_scale=not colour)
        self.alone = colour or g.channels == 1
        self.high = ALONE if self.alone else HIGH - min(TAPS, ROW * g.kernel_size[0])
        down = min(self.high // rows, ROW)
        self.pixels = not self.input.small or down - outputs.gutter(down) < SMALLEST
        self.windows = self.pixels and self.alone  # their values before the weights
        self._measure_taps(ALONE + 26)
        title = outputs.heading_width(self._input_words(0, range(MOST)))
        for shown, (wide, each, across) in self._sizes():
            left = self.high if self.pixels else max(columns * wide, CAPTION)
            left = max(left, title) if self.alone else left
            out = 150.0 if self.pixels else max(g.output_size[1] * each, CAPTION)
            out = max(out, (outputs.title_width(self.walk) + GAP) / across - GAP)
            room = RIGHT - LEFT - BETWEEN - (shown + across - 2) * GAP
            share = min(LARGER, (room - self.beside) / (shown * left + across * out))
            if share >= (0.9 if each == BARE else 1.0):
                break
        self.shown, self.column = shown, left * share
        if not self.alone:
            self._measure_taps(self.column)
        self.pitch = min(wide * max(share, 1.0), self.column / columns), down
        photo = min(self.high, self.column * rows // columns)
        ends = TOP + (photo if self.pixels else rows * down)
        self.below = TOP if self.alone else ends + TITLE
        taps = self.tap_down * g.kernel_size[0] + NAME
        ends = max(ends, self.below + taps * (g.channels if self.alone else 1) - NAME)
        self._adds = SUM * (self.walk.filters.shape[1] > 1 or self.walk.has_bias)
        pitch = min(each * max(share, 1.0), out * share / g.output_size[1]) * (not self.pixels)
        self.outputs = Outputs(self.walk, across, out * share, pitch)
        self.bottom = max(ends, self.outputs.lines(ends - self._adds)[2] + self._adds)
        self.aside = LEFT + (self.column + BETWEEN) * self.alone
        lefts = self.beside + max(shown * (self.column + GAP) - GAP, title)
        self.outputs.left = min(RIGHT - self.outputs.width, LEFT + lefts + BETWEEN)

    def _sizes(self) -> Iterator[tuple[int, tuple[float, float, int]]]:
        """Channels shown, distances of columns, outputs side by side: the best first."""
        wide, out = (max(need(a, 11, 1) + 5.2, LEAST) for a in (self.walk.padded, self.walk.output))
        most = 1 if self.alone else min(self.walk.geometry.channels, MOST)
        across = min(self.walk.geometry.filters, 2)
        if not self.pixels:  # outputs with numbers, as long as three channels fit beside them
            numbered = [(pitch, out, n) for pitch in (wide, LEAST) for n in (across, 1)]
            yield from product(range(most, min(3, most) - 1, -1), numbered)
        bare = [(wide, BARE, across), (LEAST, BARE, across)]
        yield from product(range(most, min(2, most) - 1, -1), bare)

    def _measure_taps(self, room: float) -> None:
        """Size the weights, and the window before them, to a width."""
        g, shown = self.walk.geometry, [self.walk.filters] + [self.walk.padded] * self.windows
        shortest, usual = (max(need(values, 12, k) + 8 for values in shown) for k in (1, 2))
        (kh, kw), twice = g.kernel_size, 1 + self.windows
        fitting = (room - 26 * twice + 18) / kw / twice
        self.tap_pitch = min(max(usual, 24.0), max(36.0, shortest), fitting)
        high = (ALONE + NAME) / g.channels - NAME if self.alone else TAPS
        self.tap_down = min(ROW, high / kh, self.tap_pitch * 1.2)
        wide = outputs.heading_width(self._words(self.walk.frame(0, 0)))
        self.beside = (BETWEEN + max(wide, (self.tap_pitch * kw + 26) * twice)) * self.alone

    def _channels(self, p: Picture, f: Frame, channel: int) -> None:
        """Draw the channels and the filter's weights for each; `channel` is one of x."""
        g = self.walk.geometry
        first = around(channel, self.shown, g.channels)  # all, or those around the one chosen
        shown = range(g.channels) if self.alone else range(first, first + self.shown)
        outputs.heading(p, LEFT, 22, "Input x", self._input_words(f.image, shown))
        title = self.aside, 22.0 if self.alone else self.below - 14
        outputs.heading(p, *title, "Filter w", self._words(f))
        for k, c in enumerate(shown):
            x = LEFT + k * (self.column + GAP)
            at, name = (x, self.below), (x, 43.0)
            if self.alone:
                at = self.aside, self.below + k * (self.tap_down * g.kernel_size[0] + NAME)
                name = at[0], at[1] - 10
            if g.channels > 1:
                chosen, said = c == channel, f"channel {c}"
                p.text(*name, said, 12, bold=chosen, opacity=1.0 if chosen else 0.72)
                if chosen:
                    marks.chosen(p, name[0], name[1] + 4, 7.2 * len(said))
            if not self.alone or c == channel:
                self._channel(p, f, c, LEFT if self.alone else x)
            self._weights(p, f, c, *at)

    def _input_words(self, image: int, shown: range) -> str:
        g = self.walk.geometry
        words = f"{counted(g.channels, 'channel')} of " * (g.channels > 1) + times(g.input_size)
        words += f", padded to {times(g.padded_size)}" * self.input.padded
        words += f"; image {image} of {g.batch}" * (g.batch > 1)
        return words + (f"; {len(shown)} shown" if len(shown) < g.channels else "")

    def _words(self, f: Frame) -> str:
        g, reads = self.walk.geometry, f.channels
        words = times(g.kernel_size) + f", filter {f.filter} of {g.filters}" * (g.filters > 1)
        return words + f", reads channels {reads.start} to {reads[-1]}" * (g.groups > 1)

    def _channel(self, p: Picture, f: Frame, c: int, x: float) -> None:
        """One channel of the input, the window on it if the filter reads it."""
        g = self.walk.geometry
        group, within = divmod(c, g.channels // g.groups)
        reader = replace(f, filter=group * (g.filters // g.groups))  # a filter that reads it
        look: dict[str, Any] = {"title": "", **({} if c in f.channels else {"window": None})}
        if self.pixels:
            panel = self.photo.pixels(reader, within, (self.column, self.high), **look)
            panel.draw(p, panel.over(x, TOP))
            return
        grid = Grid(x, TOP, *g.padded_size, self.pitch, outputs.gutter(min(self.pitch)))
        look |= {"numbers": outputs.fit(self.walk.padded, grid)}
        self.input.panel(reader, within, **look).draw(p, grid, 12)

    def _weights(self, p: Picture, f: Frame, c: int, x: float, y: float) -> None:
        """The filter's weights for one channel; for a photograph the window before them."""
        (kh, kw), pitch = self.walk.geometry.kernel_size, (self.tap_pitch, self.tap_down)
        grid = Grid(x + 4, y, kh, kw, pitch, outputs.gutter(min(pitch)))
        if c not in f.channels:
            p.text(x, y + 16, "not read", 12, opacity=0.72)
            return
        within = c - f.channels.start
        if self.windows:
            fits = outputs.fit(self.walk.padded, grid)
            look: dict[str, Any] = {"paint": self.input.paint(f.image, c), "index": (False, False)}
            look |= {"window": (range(kh), range(kw)), "numbers": fits}
            Panel(values=f.window[within], **look).draw(p, grid, 12)
            p.text(grid.right + 13, y + grid.height / 2 + 5, "×", 15, anchor="middle", opacity=0.72)
            grid = replace(grid, x=grid.right + 26)
        numbers = outputs.fit(self.walk.filters, grid)
        self.panels.kernel(f, within, title="", numbers=numbers).draw(p, grid, 12)

    def _label(self, f: Frame, channel: int) -> str:
        """The text alternative."""
        g = self.walk.geometry
        lies = " and ".join(f"{order.counts(f)} in {name}" for name, order in self.orders.items())
        return (
            f"Layout explorer. Image {f.image} of x: {counted(g.channels, 'channel')} of "
            f"{by(g.padded_size)}. Filter {f.filter} of {g.filters} reads channels "
            f"{f.channels.start} to {f.channels[-1]}. The window is {lies}. "
            f"Channel {f.channels[channel]} adds {label(part(f, channel))}; "
            f"{output_name(f)} is {label(f.sum)}."
        )
