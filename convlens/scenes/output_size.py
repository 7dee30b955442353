"""The output-size explorer's picture: a window's stops, their count, the formula for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import Grid
from convlens.picture.grid import axis as numbered
from convlens.picture.shapes import INK, Picture
from convlens.scenes import size_words as words
from convlens.scenes.source import slices
from convlens.scenes.stops import ASIDE, TOP, StopsPanel
from convlens.words import by, times
from convlib.geometry import PADDING_MODES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.facts.setting import Setting
    from convlens.picture.code import Line
    from convlib.arguments import Pair

__all__ = ["OutputSizeScene"]

OUTPUT = (390.0, 100.0)  # room for the output, right and down
STEPS = (26.0, 20.0, 14.0)  # distances of its cells, as long as there is room
FORMULAS = TOP + OUTPUT[1] + 32  # middle of their first line


class OutputSizeScene:
    """Draws any setting for one image.

    Parameters
    ----------
    x : ndarray, (H, W)
    room : (int, int)
        Cells of padding to leave room for, on both sides of rows and columns.
    """

    def __init__(self, x: NDArray[Any], room: Pair) -> None:
        self.stops = StopsPanel(x, room)
        self.bottom = max(self.stops.bottom + 18, FORMULAS + words.FORMULAS)

    def picture(self, s: Setting) -> Picture:
        """Draw one setting."""
        p = Picture(900, self.bottom + words.VERDICT + 4, self._label(s))
        self.stops.draw(p, s)
        self._output(p, s)
        words.formulas(p, s, ASIDE, FORMULAS)
        words.verdict(p, s, self.bottom)
        return p

    def source(self, s: Setting) -> list[Line]:
        """Write the lines that count the stops, and the one that cuts out the window."""
        (h, w), (kh, kw) = s.each("size"), s.each("kernel")
        given = "".join(f", {name}={_quoted(value)}" for name, value in s.arguments.items())
        call = f"Geometry(({h}, {w}), ({kh}, {kw}){given}).output_size"
        if s.geometry is None:
            refused: Line = [("# ", "comment"), (call, "outside"), ("   # ValueError", "comment")]
            reason = str(s.outcome).split(". Given: ")[0]
            empty = "no place for a window: nothing to enumerate", "and no output"  # as many lines
            return [*([("# " + why, "comment")] for why in (*empty, reason)), refused]
        counts = " and ".join(str(len(a.starts)) for a in s.axes)
        ranges = ", ".join(f"range(0, {a.padded} - {a.extent} + 1, {a.stride})" for a in s.axes)
        mode = "" if s.padding_mode == "zeros" else f', mode="{PADDING_MODES[s.padding_mode]}"'
        window = ", ".join(slices(a.taps(k)) for a, k in zip(s.axes, s.at, strict=True))
        return [
            [(call, "output"), (f"   # {s.geometry.output_size}", "comment")],
            [(f"rows, columns = {ranges}", ""), (f"   # {counts} starts", "comment")],
            [(f"xp = np.pad(x, {s.sides}{mode})", "")],
            [(f"xp[{window}]", "window"), (f"   # the window of output {s.at}", "comment")],
        ]

    def _output(self, p: Picture, s: Setting) -> None:
        """One empty cell for each stop, the present one ringed."""
        if s.geometry is None:
            spans = times(tuple(axis.extent for axis in s.axes))
            why = (
                "hatched padding cannot be filled"
                if s.too_wide
                else f"window, {spans}, does not fit"
            )
            marks.heading(p, ASIDE, "Output", f"none: the {why}")
            return
        size = s.geometry.output_size
        marks.heading(p, ASIDE, "Output", f"{times(size)}; stop {s.at} is ringed")
        room = OUTPUT[0] / size[1], OUTPUT[1] / size[0]
        pitch = next((step for step in STEPS if step <= min(room)), min(room))
        gutter = 4.0 if pitch > 12 else 2.0 if pitch > 6 else 0.0
        grid = Grid(ASIDE + 24, TOP, *size, (pitch, pitch), gutter)
        boxes = [grid.span(*cell) for cell in np.ndindex(size)] if gutter else []
        boxes = boxes or [grid.span(0, 0, *size)]
        p.path([("R", *box) for box in boxes], stroke=INK, stroke_width=1, stroke_opacity=0.5)
        numbered(p, grid, rows=[s.at[0]], columns=[s.at[1]])
        whole = grid.x, grid.y, size[1] * pitch, size[0] * pitch
        p.spots.append(Spot(*whole, size, (), (("row", 0, 1), ("column", 0, 1))))
        marks.ring(p, *grid.span(*s.at), margin=max(1.5, (7 - grid.tile[0]) / 2))

    def _label(self, s: Setting) -> str:
        """The text alternative."""
        (top, bottom), (left, right) = s.sides
        name = f' "{s.padding}"' if s.padding != "numbers" else ""
        size, kernel, *steps = map(by, map(s.each, ("size", "kernel", "stride", "dilation")))
        told = (
            f"Output-size explorer. Input x, {size}, kernel {kernel}, stride {steps[0]}, dilation "
            f"{steps[1]}, padding{name} ({s.padding_mode}) top {top}, bottom {bottom}, left "
            f"{left}, right {right}. "
        )
        if isinstance(s.outcome, str):
            return f"{told}Impossible: {s.outcome}"
        for axis, place, what in zip(s.axes, s.at, ("rows", "columns"), strict=True):
            places = axis.starts, axis.taps(place), axis.unreached
            starts, taps, missed = (words.listed(cells, 20) for cells in places)
            told += (
                f"Windows start at {what} {starts}; number {place} looks at {what} {taps}; "
                f"never read: {missed or 'none'}. "
            )
        return f"{told}The output is {by(s.outcome.output_size)}."


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
