"""The groups explorer's picture: which filter reads which channel, as wires and as a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import KERNEL, KERNEL_LINE
from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT
from convlens.picture.panel import Panel
from convlens.picture.shapes import INK, Picture
from convlens.scenes.story import arithmetic
from convlens.words import by, counted, listed, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlib.arguments import Pair

__all__ = ["WiringScene"]

TOP, HEAD, TALL = 70.0, 48.0, 320.0  # of all boxes; from a title to them; room for the longer list
BOX = 62.0  # width of a box
FILTERS, MATRIX = 316.0, 480.0  # where they begin
ACROSS, DOWN = 392.0, 216.0  # room for the matrix
BETWEEN = 32.0  # lines of the counts


class WiringScene:
    """Draws the layer for any number of groups, with one filter and one channel picked out.

    Parameters
    ----------
    channels, filters : int
    kernel_size, output_size : (int, int)
    """

    def __init__(self, channels: int, filters: int, kernel_size: Pair, output_size: Pair) -> None:
        self.channels, self.filters = channels, filters
        self.kernel_size, self.output_size = kernel_size, output_size
        pitch = min(TALL / max(channels, filters), 34.0)
        self._tall = pitch * max(channels, filters)
        self._high = min(pitch - 7, 22.0)
        cell = min(ACROSS / filters, 32.0), min(DOWN / channels, 30.0)
        self._grid = Grid(MATRIX, TOP, channels, filters, cell, min(5.0, min(cell) / 4))

    def shape(self, groups: int) -> tuple[int, int, int, int]:
        """Axes of all weights together: (O, C/groups, KH, KW)."""
        return self.filters, self.channels // groups, *self.kernel_size

    def read(self, filter: int, groups: int) -> range:
        """Channels that a filter reads."""
        size = self.channels // groups
        first = filter // (self.filters // groups) * size
        return range(first, first + size)

    def picture(self, groups: int, filter: int, channel: int) -> Picture:
        """Draw which filter reads which channel, and what it costs."""
        counts = self._grid.bottom + 46
        height = max(TOP + self._tall, counts + 2 * BETWEEN) + 10
        p = Picture(900, height, self._label(groups, filter, channel))
        self._wires(p, groups, filter, channel)
        self._boxes(p, "Channels", channel, self.channels, self.read(filter, groups))
        self._boxes(p, "Filters", filter, self.filters, range(filter, filter + 1))
        self._matrix(groups, filter, channel).draw(p, self._grid, 13, HEAD)
        marks.chosen(p, MATRIX - 18, self._grid.corner(channel, 0)[1] + self._grid.tile[1], 10)
        self._cost(p, groups, counts)
        return p

    def source(self, groups: int, filter: int) -> list[Line]:
        """Write the line that computes the output of this filter."""
        read = self.read(filter, groups)
        window = f"x[{read.start}:{read.stop}]", "window"
        told = f"   # all weights w: {self.shape(groups)}"
        return [
            [
                (f"y[{filter}]", "output"),
                (" = conv2d(", ""),
                window,
                (", ", ""),
                (f"w[{filter}]", "kernel"),
                (")", ""),
                (told, "comment"),
            ]
        ]

    # -- left: boxes and wires -------------------------------------------------------------------

    def _middle(self, count: int, k: int) -> float:
        """How far down a box has its middle."""
        return TOP + (k + 0.5) * self._tall / count

    def _wires(self, p: Picture, groups: int, filter: int, channel: int) -> None:
        """Draw a line from each channel to the filters that read it, the chosen ones last."""
        left, right = LEFT + BOX, FILTERS
        pairs = [(c, o) for o in range(self.filters) for c in self.read(o, groups)]

        def wires(chosen: list[Pair], **style: Any) -> None:
            ends = (
                (self._middle(self.channels, c), self._middle(self.filters, o)) for c, o in chosen
            )
            steps = [s for a, b in ends for s in (("M", left, a), ("L", right, b))]
            if steps:
                p.path(steps, **style)

        wires(pairs, stroke=INK, stroke_width=1, stroke_opacity=0.3)
        wires([(c, o) for c, o in pairs if c == channel], stroke=INK, stroke_width=2)
        mine = [(c, o) for c, o in pairs if o == filter]
        wires(mine, stroke=KERNEL_LINE, stroke_width=5)
        wires(mine, stroke=KERNEL, stroke_width=2.4)

    def _boxes(self, p: Picture, title: str, chosen: int, count: int, used: range) -> None:
        """Draw a box for each channel or filter, those that are used now on their plates."""
        channels = title == "Channels"
        name, x = ("x", LEFT) if channels else ("w", FILTERS)
        marks.heading(
            p, x, title, f"{count} planes" if channels else f"{count} outputs", TOP - HEAD
        )
        p.note("panel", x, TOP, BOX, self._tall, title=title)
        plate = marks.window_plate if channels else marks.kernel_plate
        for k in range(count):
            box = x, self._middle(count, k) - self._high / 2, BOX, self._high
            if k in used:
                plate(p, *box)
            else:
                p.rect(*box, fill="none", stroke=INK, stroke_width=1, stroke_opacity=0.4, rx=4)
            colour = "#000000" if k in used else INK
            at = x + BOX / 2, self._middle(count, k) + 4.7, f"{name}[{k}]", 13
            p.text(*at, mono=True, anchor="middle", bold=k == chosen, colour=colour)
            if channels and k == chosen:
                marks.chosen(p, x + 10, box[1] + self._high + 2, BOX - 20)
        links = tuple(f"{name}{k}" for k in range(count))
        go = (("channel" if channels else "filter", 0, 1), None)
        p.spots.append(Spot(x, TOP, BOX, self._tall, (count, 1), links, go))

    # -- right: the matrix and the cost ----------------------------------------------------------

    def _matrix(self, groups: int, filter: int, channel: int) -> Panel:
        """A cell for each wire: a plane of the filter's weights; empty where there is none."""
        size = self.channels // groups
        read = np.array([[c in self.read(o, groups) for o in range(self.filters)]
                         for c in range(self.channels)])  # fmt: skip
        return Panel(
            values=np.ma.array(read.astype(int), mask=~read),
            title="Which filter reads which channel",
            subtitle="row: channel; column: filter; empty: no wire",
            kind="plain",
            numbers=False,
            sparse=True,
            taps=[(c, filter) for c in self.read(filter, groups)],
            blocks=(size, self.filters // groups),
            links=self._links(),
            go=(("channel", 0, 1), ("filter", 0, 1)),
        )

    def _links(self) -> NDArray[Any]:
        """A cell lights up with its channel and with its filter."""
        names = [[f"x{c}+w{o}" for o in range(self.filters)] for c in range(self.channels)]
        return np.array(names, object)

    def _cost(self, p: Picture, groups: int, y: float) -> None:
        """Count weights and multiplications."""
        filters, each, *_ = self.shape(groups)
        weights, places = self._counts(groups)
        made = f"{filters} filters × {counted(each, 'channel')} × {times(self.kernel_size)} = "
        held = f"{weights:,}", "kernel"
        arithmetic(p, MATRIX, y, [(made, ""), held, (" weights", "")], 13)
        used = f" × {places} places = {weights * places:,} multiplications"
        arithmetic(p, MATRIX, y + BETWEEN, [held, (used, "")], 13)

    def _counts(self, groups: int) -> Pair:
        """How many weights, and at how many places each of them is used."""
        return int(np.prod(self.shape(groups))), self.output_size[0] * self.output_size[1]

    def _label(self, groups: int, filter: int, channel: int) -> str:
        """The text alternative."""
        weights, places = self._counts(groups)
        readers = [o for o in range(self.filters) if channel in self.read(o, groups)]
        return (
            f"Groups explorer. {self.channels} channels, {self.filters} filters, kernel "
            f"{by(self.kernel_size)}, groups {groups}. Filter {filter} reads channels "
            f"{listed(self.read(filter, groups))}; channel {channel} is read by filters "
            f"{listed(readers)}. Weights {times(self.shape(groups))} = {weights}; "
            f"multiplications {weights} × {places} = {weights * places}."
        )
