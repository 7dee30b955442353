"""The picture of measured results: for each method its bytes at the peak beside its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, cos, floor, inf, log10, radians, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.methods import Marker, method
from convlens.palette import NEUTRAL, quantity
from convlens.picture import marks
from convlens.picture.shapes import SANS_ADVANCE, Picture
from convlens.words import counted
from convlib.arguments import refusal

if TYPE_CHECKING:
    from convlens.picture.code import Line

__all__ = ["Case", "ResultsScene", "Table"]

Case = tuple[int, int, int]  # kernel size, channels, image size
#: By method the bytes at the peak beyond the input, and the seconds of each round.
Table = Mapping[Case, Mapping[str, tuple[float, Sequence[float]]]]
Quartiles = tuple[float, float, float]

TOP, PITCH, TALL = 84.0, 34.0, 22.0
BETWEEN, VALUE = 36.0, 78.0  # the two panels; room for a number right of a dot
DOT = 7.5  # the radius of a marker


class ResultsScene:
    """Draws one case of a table of results; the axes are the same for all of them.

    Parameters
    ----------
    table : mapping of Case to mapping of str to (bytes, seconds)
        The same methods in every case.
    """

    def __init__(self, table: Table) -> None:
        self.names = list(next(iter(table.values()), {}))
        every = [measured for row in table.values() for measured in row.values()]
        given = {"cases": len(table), "methods": self.names}
        if not self.names or any(list(row) != self.names for row in table.values()):
            change = "Measure every method in every case."
            raise refusal(ValueError, "the cases do not have the same methods", change, given)
        numbers = [v for nbytes, seconds in every for v in (nbytes, *seconds)]
        if not all(len(seconds) for _, seconds in every) or not all(0 < v < inf for v in numbers):
            change = "Give bytes and seconds above 0."
            raise refusal(ValueError, "no logarithmic axis for these results", change, given)
        self._rounds = {case: len(row[self.names[0]][1]) for case, row in table.items()}
        self._bytes = {case: {k: (b, b, b) for k, (b, _) in r.items()} for case, r in table.items()}
        self._times = {
            case: {k: _quartiles(seconds) for k, (_, seconds) in row.items()}
            for case, row in table.items()
        }
        left = marks.LEFT + max(map(len, self.names)) * 13 * (SANS_ADVANCE + 0.08) + 10
        wide = (marks.RIGHT - left - BETWEEN) / 2
        self._axes = (
            _Axis(self._bytes, "B", left, wide - VALUE),
            _Axis(self._times, "s", left + wide + BETWEEN, wide - VALUE),
        )

    def picture(self, case: Case) -> Picture:
        """Draw the dots of one case: on a logarithmic axis a bar would have no true length."""
        p = Picture(900, TOP + len(self.names) * PITCH + 34, self._label(case))
        kernel, channels, image = case
        sizes = f"input {channels}×{image}×{image}, kernel {channels}×{kernel}×{kernel}"
        marks.heading(p, self._axes[0].left, "Bytes at the peak", sizes)
        rounds = counted(self._rounds[case], "round")
        marks.heading(p, self._axes[1].left, "Time", f"median and quartiles of {rounds}")
        for k, name in enumerate(self.names):
            y = TOP + k * PITCH + TALL / 2
            p.text(self._axes[0].left - 10, y + 4.7, name, 13, anchor="end")
        for axis in self._axes:
            axis.draw(p, case)
        return p

    def source(self, case: Case) -> list[Line]:
        """Write the Python lines that count the bytes of the two large arrays."""
        kernel, channels, image = case
        entries = (image - kernel + 1) ** 2 * channels * kernel**2
        sizes = f"positions, taps = ({image} - {kernel} + 1)**2, {channels} * {kernel}**2"
        patches = _counted("patches = positions * taps * 4", 4 * entries, "bytes of float32")
        grid = _counted("grid = positions * taps * 8   ", 8 * entries, "bytes of int64, for take")
        return [[(sizes, "")], *([grid] if "take" in self.names else []), patches]

    def _label(self, case: Case) -> str:
        kernel, channels, image = case
        said = [
            f"{name} {quantity(nbytes, 'B')} and {quantity(self._times[case][name][1], 's')}"
            for name, (nbytes, *_) in self._bytes[case].items()
        ]
        return (
            f"Results explorer. Kernel {kernel} by {kernel}, channels {channels}, "
            f"image {image} by {image}. Bytes at the peak and time: {'; '.join(said)}."
        )


def _counted(line: str, nbytes: int, what: str) -> Line:
    return [(line, ""), (f"  # {nbytes:,} {what}", "comment")]


class _Axis:
    """A logarithmic axis over whole powers of ten, and the dots on it."""

    def __init__(
        self, table: Mapping[Case, Mapping[str, Quartiles]], unit: str, left: float, width: float
    ) -> None:
        self.table, self.unit, self.left, self.width = table, unit, left, width
        values = [v for row in table.values() for quartiles in row.values() for v in quartiles]
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high = max(self.high, self.low + 1)

    def at(self, value: float) -> float:
        return self.left + self.width * (log10(value) - self.low) / (self.high - self.low)

    def draw(self, p: Picture, case: Case) -> None:
        """Draw the dots of one case, the best number bold, and the powers of ten under them."""
        row = self.table[case]
        best = min(row, key=lambda name: row[name][1])
        for k, name in enumerate(row):
            self._dot(p, TOP + k * PITCH + TALL / 2, row[name], name, name == best)
        top, bottom = TOP - 8, TOP + len(row) * PITCH
        p.line((self.left, top), (self.left, bottom))  # of no length
        for power in range(self.low, self.high + 1, max(1, ceil((self.high - self.low) / 4))):
            x, words = self.at(10.0**power), quantity(10.0**power, self.unit)
            p.line((x, bottom), (x, bottom + 4))
            p.text(x, bottom + 18, words, 12, anchor="middle", opacity=0.72)

    def _dot(self, p: Picture, y: float, quartiles: Quartiles, name: str, best: bool) -> None:
        """One dot, the quartiles through it, and its number."""
        low, x, high = map(self.at, quartiles)
        colour, marker = method(name)
        p.line((self.left, y), (x, y), stroke=NEUTRAL, stroke_width=1, stroke_dasharray="1 3")
        if high > low:
            p.line((low, y), (high, y), stroke_width=2.5)
        p.path(_marker(x, y, marker), fill=colour)
        words = quantity(quartiles[1], self.unit)
        p.text(max(x + DOT, high) + 7, y + 4.7, words, 13, bold=best)


def _quartiles(seconds: Sequence[float]) -> Quartiles:
    low, middle, high = np.percentile(seconds, (25, 50, 75)).tolist()
    return low, middle, high


def _marker(x: float, y: float, marker: Marker) -> list[tuple[Any, ...]]:
    """The outline that matplotlib draws for the same marker, so that both kinds of chart agree."""
    corners, star, turned = marker
    radii = (DOT, DOT / 2) if star else (DOT,)
    count = corners * len(radii)
    angles = [radians(360 * k / count - turned - 90) for k in range(count)]
    ends = [
        (x + radii[k % len(radii)] * cos(a), y + radii[k % len(radii)] * sin(a))
        for k, a in enumerate(angles)
    ]
    return [("M", *ends[0]), *(("L", *end) for end in ends[1:]), ("Z",)]
