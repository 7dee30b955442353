"""The layout explorer's picture: channels, filters and outputs, and x in both memory orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.shapes import Picture
from convlens.scenes.orders import Order, OrderStrip
from convlens.scenes.planes import Planes
from convlens.scenes.source import layouts_source, output_name
from convlens.scenes.story import add_channels
from convlens.words import by, counted

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.frames import Frame, Walk

__all__ = ["LayoutsScene"]


class LayoutsScene:
    """Draws any frame of one walk: what its filter reads, and where that lies in memory.

    Parameters
    ----------
    walk : Walk

    Attributes
    ----------
    orders : dict of str to Order
        The padded input in both orders, "NCHW" and "NHWC".
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.planes = Planes(walk)
        self.orders = {name: Order(walk, name) for name in ("NCHW", "NHWC")}
        self._strips = [OrderStrip(order) for order in self.orders.values()]

    def picture(self, f: Frame, channel: int = 0) -> Picture:
        """Draw one frame; `channel` counts within the channels that the filter reads."""
        p = Picture(900, 0, self._label(f, channel))
        y = self.planes.draw(p, f, f.channels[channel])
        y = add_channels(p, f, channel, y + 24)
        marks.rule(p, y + 4)
        y += 34
        paint = self.planes.input.paint(f.image, channel)
        for strip in self._strips:
            y = strip.draw(p, f, f.channels[channel], paint, y) + 28
        p.height = y - 18
        return p

    def source(self, f: Frame) -> list[Line]:
        """Write the NumPy lines that compute this output from either order."""
        return layouts_source(f)

    def _label(self, f: Frame, channel: int) -> str:
        """The text alternative."""
        g = self.walk.geometry
        lies = " and ".join(f"{order.counts(f)} in {name}" for name, order in self.orders.items())
        return (
            f"Layout explorer. Image {f.image} of x: {counted(g.channels, 'channel')} of "
            f"{by(g.padded_size)}. Filter {f.filter} of {g.filters} reads channels "
            f"{f.channels.start} to {f.channels[-1]}. The window is {lies}. "
            f"Channel {f.channels[channel]} adds {label(f.products[channel].sum())}; "
            f"{output_name(f)} is {label(f.sum)}."
        )
