"""The stops explorer's picture: a window that stops along one row of cells, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import WINDOW, WINDOW_LINE, label
from convlens.picture import marks
from convlens.picture.elements import Spot, nearest
from convlens.picture.grid import Grid, need, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel, runs
from convlens.picture.shapes import INK, MONO_ADVANCE, SANS_ADVANCE, Picture
from convlens.scenes import size_words
from convlens.scenes.source import slices
from convlens.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlens.facts.setting import Axis
    from convlens.picture.code import Line

__all__ = ["MOST", "OneLineScene", "most_cells"]

Term = tuple[str, str, str]  # a number or a sign, what it is, the plate that it stands on

CELLS = LEFT + 118  # where the leftmost cell can stand; before it, the names of the rows
TOP, TALL, LOW = 36.0, 28.0, 24.0  # of the cells, their height and that of the output's
WIDEST, MOST = 54.0, 36  # distance of cells, and how many there are at most
LANES = 40.0  # height of all bars together, at most
LANE = (2.4, 9.0)  # and of one
START = 640.0  # where the second sum has its name
SIZE = 15.0  # of the numbers in the sums
PLATES = {"stride": "stride", "padding": "padding", "dilation": "kernel"}


class OneLineScene:
    """Draws any stop of any setting; the room for the largest is kept, so that nothing jumps.

    Parameters
    ----------
    x : ndarray, (W,)
    axes : sequence of Axis
        Every setting that can be reached.
    varied : {"stride", "padding", "dilation"}
        Which of the numbers changes: it stands out.
    """

    def __init__(self, x: NDArray[Any], axes: Sequence[Axis], varied: str) -> None:
        self.x, self.varied = x, varied
        self._paint = painter(x)
        self._before = max(axis.before for axis in axes)
        self.pitch = min((RIGHT - CELLS) / max(axis.padded for axis in axes), WIDEST)
        self._gutter = 5.0 if self.pitch >= 34 else 2.0
        lanes = max(_lanes(axis) for axis in axes)
        letters = need(x, 1, 1)  # all numbers in one size
        self._size = min((self.pitch - self._gutter - 2) / letters, 14.0)
        self._lane = min(max(LANES / lanes, LANE[0]), LANE[1])
        self._bars = TOP + TALL + 18
        self._output = self._bars + max(lanes * self._lane, 22) + 28
        self._sums = self._output + LOW + 28

    def picture(self, axis: Axis, stop: int) -> Picture:
        """Draw one stop of one setting."""
        p = Picture(900, self._sums + 32, self._label(axis, stop))
        more = f"{axis.size} + {2 * axis.before} cells"
        missed, count = len(axis.unreached), len(axis.starts)
        self._name(p, TOP, "Input x", more if axis.before else counted(axis.size, "cell"))
        self._name(p, self._bars - 6, "Windows", f"never read: {missed}", INK)
        self._name(p, self._output - 3, "Output y", counted(count, "cell"))
        self._name(p, self._sums - 9, "Count")
        grid = self._input(p, axis, stop)
        self._stops(p, grid, axis, stop)
        self._outputs(p, axis, stop)
        self._counts(p, axis, stop)
        return p

    def source(self, axis: Axis, stop: int) -> list[Line]:
        """Write the lines that count the stops and cut out the window of this one."""
        name, taps = "x", axis.taps(stop)
        lines: list[Line] = []
        if axis.before or self.varied == "padding":
            name, pad = "xp", f"np.pad(x, {axis.before})"
            lines = [[(f"{name} = {pad}", ""), (f"   # {axis.padded} cells", "comment")]]
        starts = f"range(0, len({name}) - {axis.extent} + 1, {axis.stride})"
        count = f"(len({name}) - {axis.extent}) // {axis.stride} + 1"
        return [
            *lines,
            [("count", "output"), (f" = {count}   ", ""), (f"# {len(axis.starts)}", "comment")],
            [(f"starts = {starts}", ""), (f"   # {size_words.listed(axis.starts, 8)}", "comment")],
            [(f"{name}[{slices(taps)}]", "window"), (f"   # what y[{stop}] is made of", "comment")],
        ]

    # -- rows ------------------------------------------------------------------------------------

    def _name(self, p: Picture, y: float, title: str, subtitle: str = "", sample: str = "") -> None:
        """Name a row at its left; a sample shows which of its marks the subtitle is about."""
        p.text(LEFT, y + 13, title, 15, bold=True)
        if sample:
            p.rect(LEFT, y + 21.5, 12, 5, fill=sample, fill_opacity=0.55)
        if subtitle:
            p.text(LEFT + 17 * bool(sample), y + 28, subtitle, 11, opacity=0.72)

    def _input(self, p: Picture, axis: Axis, stop: int) -> Grid:
        """The padded cells; the input's own stay in their places."""
        left = CELLS + (self._before - axis.before) * self.pitch
        pitch = self.pitch, TALL + self._gutter
        grid = Grid(left, TOP, 1, axis.padded, pitch, self._gutter)
        padding = np.arange(axis.padded) - axis.before
        beyond = ((padding < 0) | (padding >= axis.size))[None]
        p.note("panel", *grid.span(0, 0, 1, axis.padded), title="Input x")
        Panel(
            values=np.pad(self.x, axis.before)[None],
            paint=self._paint,
            window=([0], axis.taps(stop)),
            starts=[(0, start) for start in axis.starts],
            padding=beyond if axis.before else None,
            index=(False, True),
            links=np.array([[f"x{cell}" for cell in range(axis.padded)]]),
            # where it is seized, the window has its middle
            go=(None, ("stop", *nearest(axis.extent, axis.stride))),
            drag=True,
        ).draw(p, grid, self._size)
        return grid

    def _stops(self, p: Picture, grid: Grid, axis: Axis, stop: int) -> None:
        """Draw a bar for each window, neighbours under each other, and one for what none reads."""
        for cell, count in runs(axis.unreached):
            x, _, width, _ = grid.span(0, cell, 1, count)
            p.rect(x, grid.bottom + 8, width, 5, fill=INK, fill_opacity=0.55)
        lanes, high = _lanes(axis), 0.64 * self._lane
        for k in sorted(range(len(axis.starts)), key=lambda k: k == stop):
            y = self._bars + k % lanes * self._lane
            self._bar(p, grid, axis.taps(k), y, high, strong=k == stop)
            box = grid.span(0, axis.starts[k], 1, axis.extent, margin=grid.gutter / 2)
            reads = {tap - axis.starts[k] for tap in axis.taps(k)}
            links = tuple(f"x{axis.starts[k] + c}+y{k}" * (c in reads) for c in range(axis.extent))
            # each of its cells leads to this one stop
            go = None, ("stop", k * axis.extent, axis.extent)
            p.spots.append(Spot(box[0], y, box[2], self._lane, (1, axis.extent), links, go))

    def _bar(
        self, p: Picture, grid: Grid, taps: list[int], y: float, high: float, *, strong: bool
    ) -> None:
        """One window: a bar under the cells that it reads, a thin line through its gaps."""
        fill, opacity = (WINDOW, 1.0) if strong else (WINDOW_LINE, 0.34)
        found = runs(taps)
        if len(found) > 1:
            x, _, width, _ = grid.span(0, taps[0], 1, taps[-1] - taps[0] + 1)
            p.rect(x, y + high / 2 - 0.6, width, 1.2, fill=WINDOW_LINE, fill_opacity=opacity)
        edge = {"stroke": WINDOW_LINE, "stroke_width": 1.2} if strong else {}
        for first, count in found:
            x, _, width, _ = grid.span(0, first, 1, count)
            p.rect(x, y, width, high, fill=fill, fill_opacity=opacity, rx=min(high / 2, 3), **edge)

    def _outputs(self, p: Picture, axis: Axis, stop: int) -> None:
        """One empty cell for each stop, the present one ringed."""
        count = len(axis.starts)
        pitch = self.pitch, LOW + self._gutter
        grid = Grid(CELLS, self._output, 1, count, pitch, self._gutter)
        p.note("panel", *grid.span(0, 0, 1, count), title="Output y")
        Panel(
            values=np.ma.array(np.zeros((1, count)), mask=True),
            paint=self._paint,
            ring=(0, stop),
            index=(False, True),
            links=np.array([[f"y{k}" for k in range(count)]]),
            go=(None, ("stop", 0, 1)),
        ).draw(p, grid)

    # -- sums ------------------------------------------------------------------------------------

    def _counts(self, p: Picture, axis: Axis, stop: int) -> None:
        """The formula for the number of stops, and where this one starts."""
        p.note("panel", CELLS, self._sums - 15, RIGHT - CELLS, 42, title="Count")
        stride = self._term("stride", axis.stride)
        terms = [("(", "", ""), (str(axis.size), "cells", ""), (" + ", "", "")]
        terms += [self._term("padding", axis.before, "before"), (" + ", "", "")]
        terms += [self._term("padding", axis.after, "after"), (" − ", "", ""), *self._extent(axis)]
        terms += [(") // ", "", ""), stride, (" + 1 = ", "", "")]
        _write(p, CELLS, self._sums, [*terms, (str(len(axis.starts)), "stops", "output")])
        if self.varied == "dilation":
            return  # the first sum takes all of the line
        p.text(START, self._sums + 4, "Start", 15, bold=True)
        start = str(axis.starts[stop]), "start", ""
        terms = [(str(stop), "stop", ""), (" × ", "", ""), stride, (" = ", "", ""), start]
        _write(p, START + 62, self._sums, terms)

    def _extent(self, axis: Axis) -> list[Term]:
        """Cells from the first tap to the last: spelled out where the dilation changes them."""
        if self.varied != "dilation":
            return [(str(axis.extent), "extent", "")]
        dilation = self._term("dilation", axis.dilation)
        taps = [("((", "", ""), (str(axis.kernel), "taps", ""), (" − 1) × ", "", "")]
        return [*taps, dilation, (" + 1)", "", "")]

    def _term(self, name: str, value: int, said: str = "") -> Term:
        """One number of the formula; what varies stands out."""
        return str(value), said or name, PLATES[name] if name == self.varied else ""

    def _label(self, axis: Axis, stop: int) -> str:
        """The text alternative."""
        taps, padded = axis.taps(stop), np.pad(self.x, axis.before)
        numbers = ", ".join(label(padded[tap]) for tap in taps)
        spelled = f"({axis.size} + {axis.before} + {axis.after} − {axis.extent}) // {axis.stride}"
        return (
            f"Stops explorer. Input x, {counted(axis.size, 'cell')}, padding {axis.before} on both "
            f"sides; window of {counted(axis.kernel, 'tap')}, dilation {axis.dilation}, extent "
            f"{axis.extent}, stride {axis.stride}. Stop {stop} starts at {taps[0]} and reads cells "
            f"{listed(taps)}: [{numbers}]. Never read: {listed(axis.unreached)}. "
            f"{spelled} + 1 = {counted(len(axis.starts), 'stop')}."
        )


def most_cells(x: NDArray[Any]) -> int:
    """How many cells can be shown with their numbers, or with those of their positions.

    >>> most_cells(np.arange(7)), most_cells(np.array([-0.5]))
    (36, 24)
    """
    return int(min((RIGHT - CELLS) / (need(x, 11, 1) + 2 + 2.0), MOST))


def _lanes(axis: Axis) -> int:
    """How many bars must stand under each other so that none covers another."""
    return min(-(-axis.extent // axis.stride), len(axis.starts))


def _write(p: Picture, x: float, y: float, terms: list[Term]) -> None:
    """Write a sum with what each number is under it, the result and what varies on plates."""
    for text, said, role in terms:
        wide = len(text) * MONO_ADVANCE * SIZE
        if not said:
            x = marks.sentence(p, x, y, text, SIZE, opacity=0.72)
            continue
        room = max(wide + 14 * bool(role), len(said) * SANS_ADVANCE * 11)
        if role:
            marks.chip(p, x + (room - marks.chip_width(text, SIZE)) / 2, y, text, role, SIZE)
        else:
            marks.sentence(p, x + (room - wide) / 2, y, text, SIZE)
        heavy = bool(role)
        p.text(x + room / 2, y + 26, said, 11, anchor="middle", bold=heavy, opacity=heavy or 0.72)
        x += room
