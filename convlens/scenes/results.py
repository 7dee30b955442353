"""The picture of measured results: for each method its bytes at the peak beside its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, inf, log10
from typing import TYPE_CHECKING

import numpy as np

from convlens.palette import SERIES, quantity
from convlens.picture import marks
from convlens.picture.shapes import INK, SANS_ADVANCE, Picture
from convlib.arguments import refusal

if TYPE_CHECKING:
    from convlens.picture.code import Line

__all__ = ["Case", "Measured", "ResultsScene"]

Case = tuple[int, int, int]  # kernel size, channels, image size

TOP, PITCH, TALL = 84.0, 34.0, 22.0
BETWEEN, VALUE = 36.0, 74.0  # the two panels; room for a number at the end of a bar


@dataclass(frozen=True)
class Measured:
    """One method on one case: bytes at the peak beyond the input, and seconds of each round."""

    nbytes: float
    seconds: tuple[float, ...]

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """First quartile, median and third quartile of the seconds."""
        low, middle, high = np.percentile(self.seconds, (25, 50, 75)).tolist()
        return low, middle, high


class ResultsScene:
    """Draws one case of a table of results; the axes are the same for all of them.

    Parameters
    ----------
    table : mapping of Case to mapping of str to Measured
        The same methods in every case.
    """

    def __init__(self, table: Mapping[Case, Mapping[str, Measured]]) -> None:
        self.table = table
        self.names = list(next(iter(table.values()), {}))
        every = [m for row in table.values() for m in row.values()]
        given = {"cases": len(table), "methods": self.names}
        if not self.names or any(list(row) != self.names for row in table.values()):
            change = "Measure every method in every case."
            raise refusal(ValueError, "the cases do not have the same methods", change, given)
        numbers = [v for m in every for v in (m.nbytes, *m.seconds)]
        if not all(m.seconds for m in every) or not all(0 < v < inf for v in numbers):
            change = "Give bytes and seconds above 0."
            raise refusal(ValueError, "no logarithmic axis for these results", change, given)
        spread = [q for m in every for q in m.quartiles]
        longest = max(map(len, self.names)) * 13 * (SANS_ADVANCE + 0.08)
        self.left = marks.LEFT + longest + 10
        self.wide = (marks.RIGHT - self.left - BETWEEN) / 2
        self._bytes = _Axis([m.nbytes for m in every], self.left, self.wide - VALUE)
        self._time = _Axis(spread, self.left + self.wide + BETWEEN, self.wide - VALUE)

    def picture(self, case: Case) -> Picture:
        """Draw the bars of one case."""
        row = self.table[case]
        p = Picture(900, TOP + len(row) * PITCH + 34, self._label(case))
        kernel, channels, image = case
        sizes = f"input {channels}×{image}×{image}, kernel {channels}×{kernel}×{kernel}"
        marks.heading(p, self._bytes.left, "Bytes at the peak", sizes)
        most = marks.counted(len(next(iter(row.values())).seconds), "round")
        marks.heading(p, self._time.left, "Time", f"median and quartiles of {most}")
        least = min(row, key=lambda name: row[name].nbytes)
        first = min(row, key=lambda name: row[name].quartiles[1])
        for k, (name, measured) in enumerate(row.items()):
            y, colour = TOP + k * PITCH, SERIES[k % len(SERIES)]
            p.text(self.left - 10, y + TALL / 2 + 4.7, name, 13, anchor="end")
            low, middle, high = measured.quartiles
            self._bytes.bar(p, y, measured.nbytes, colour, "B", name == least)
            self._time.bar(p, y, middle, colour, "s", name == first, (low, high))
        for axis, unit in ((self._bytes, "B"), (self._time, "s")):
            axis.ticks(p, TOP - 8, TOP + len(row) * PITCH, unit)
        return p

    def source(self, case: Case) -> list[Line]:
        """Write the Python lines that count the bytes of the two large arrays."""
        kernel, channels, image = case
        entries = (image - kernel + 1) ** 2 * channels * kernel**2
        sizes = f"places, taps = ({image} - {kernel} + 1)**2, {channels} * {kernel}**2"
        return [
            [(sizes, "")],
            _counted("patches = places * taps * 4", 4 * entries, "bytes of float32"),
            _counted("grid = places * taps * 8   ", 8 * entries, "bytes of int64, only for take"),
        ]

    def _label(self, case: Case) -> str:
        kernel, channels, image = case
        said = [
            f"{name} {quantity(m.nbytes, 'B')} and {quantity(m.quartiles[1], 's')}"
            for name, m in self.table[case].items()
        ]
        return (
            f"Results explorer. Kernel {kernel} by {kernel}, channels {channels}, "
            f"image {image} by {image}. Bytes at the peak and time: {'; '.join(said)}."
        )


def _counted(line: str, nbytes: int, what: str) -> Line:
    return [(line, ""), (f"  # {nbytes:,} {what}", "comment")]


class _Axis:
    """A logarithmic axis over whole powers of ten."""

    def __init__(self, values: list[float], left: float, width: float) -> None:
        self.left, self.width = left, width
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high = max(self.high, self.low + 1)

    def at(self, value: float) -> float:
        return self.left + self.width * (log10(value) - self.low) / (self.high - self.low)

    def bar(
        self,
        p: Picture,
        y: float,
        value: float,
        colour: str,
        unit: str,
        best: bool,
        spread: tuple[float, float] | None = None,
    ) -> None:
        """One bar, the quartiles across its end, and its number; the best number is bold."""
        edge = {"stroke": INK, "stroke_opacity": 0.55, "stroke_width": 1}
        p.rect(self.left, y, max(self.at(value) - self.left, 1), TALL, fill=colour, **edge)
        end = self.at(value)
        if spread:
            low, high = map(self.at, spread)
            p.line((low, y + TALL / 2), (high, y + TALL / 2), stroke_width=3)
            p.line((low, y + 5), (low, y + TALL - 5), stroke_width=1.5)
            p.line((high, y + 5), (high, y + TALL - 5), stroke_width=1.5)
            end = max(end, high)
        p.text(end + 7, y + TALL / 2 + 4.7, quantity(value, unit), 13, bold=best)

    def ticks(self, p: Picture, top: float, bottom: float, unit: str) -> None:
        """The line of zero length, and the powers of ten under it."""
        p.line((self.left, top), (self.left, bottom))
        step = max(1, ceil((self.high - self.low) / 4))
        for power in range(self.low, self.high + 1, step):
            x = self.at(10.0**power)
            p.line((x, bottom), (x, bottom + 4))
            p.text(x, bottom + 18, quantity(10.0**power, unit), 12, anchor="middle", opacity=0.72)
