"""The bytes of an array as a strip, and the way to one cell of a view as an arc for each axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from convlens.facts.cell import AXES, Cell, Memory
from convlens.palette import OUTSIDE, digits
from convlens.picture.marks import LEFT, RIGHT, arc, chip, chip_width, edge, kernel_ring
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.picture.strip import Slot, Strip, fitted

__all__ = ["JumpStrip"]

ARCS = 100.0  # room above the strip
WALL = 60.0  # room for the words beside the end of the memory
TAPS = 8  # of a window's side that are looked for in the strip

Box = tuple[float, float, float, float]  # left, top, right, bottom


class JumpStrip:
    """Draws the memory of a walk's padded input and a cell's way through it."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        x = memory.x
        steps = [s for n, s in zip(x.shape, x.strides, strict=True) if n > 1]
        # a slot is an element, unless the array steps by parts of one (a field of a record)
        self.unit = math.gcd(x.itemsize, *steps)
        self.known = range(memory.low // self.unit, memory.high // self.unit)
        self.pitch = max(34.2, memory.letters * MONO_ADVANCE * 11 + 6)

    def draw(
        self, p: Picture, cell: Cell, paint: Callable[[Any], str], y: float, held: str = ""
    ) -> float:
        """Draw the strip, and say how the array is `held` in it; return where it ends."""
        size = self.memory.x.itemsize
        p.text(LEFT, y, "Memory", 15, bold=True)
        count = f"{self.memory.high - self.memory.low} bytes, {size} per element"
        held = f"{held}: " if held else ""
        p.text(LEFT + 78, y, f"{held}{count}; an arc for each axis", 12, opacity=0.72)
        taps = self._window(cell)
        window = {a // self.unit for a in taps}
        strip = self._strip(cell, y + ARCS)
        strip.draw(p, lambda k: self._slot(k, k in window), paint)
        for k in {a // self.unit for a, wrong in taps.items() if wrong} & set(strip.left):
            if k in self.known:
                edge(p, strip.left[k], strip.y, strip.tile, strip.height)
        here = cell.address // self.unit
        if here in strip.left:
            kernel_ring(p, strip.left[here], strip.y, strip.tile, strip.height)
        self._arcs(p, strip, cell)
        self._wall(p, strip)
        self._words_below(p, strip)
        return strip.y + strip.height + 42

    def _strip(self, cell: Cell, y: float) -> Strip:
        """Choose the slots: those where the arcs land, then the window's, then what is between."""
        wanted = [a // self.unit for a in [*cell.stops, *self._window(cell)]]
        first, last = min(self.known.start, *wanted), max(self.known.stop, *(k + 1 for k in wanted))
        beyond = last > self.known.stop
        room = RIGHT - LEFT - (0 if beyond else WALL)
        runs = _filled(wanted, range(first, last), self.pitch, room)
        return Strip(LEFT, y, runs, self.pitch, 36)

    def _window(self, cell: Cell) -> dict[int, bool]:
        """Byte offsets of the window's taps in the cell's channel; True for a wrong element."""
        kh, kw = (min(size, TAPS) for size in cell.shape[4:])
        taps = [(*cell.index[:4], u, v) for u in range(kh) for v in range(kw)]
        return {cell.at(*tap): cell.wrong(*tap) for tap in taps}

    def _slot(self, k: int, window: bool) -> Slot:
        """What lies in a slot; outside the memory nothing is looked up."""
        address = k * self.unit
        if not self.memory.inside(address):
            hidden = k in self.known  # the last bytes of an element that begins before them
            return Slot(below=digits(address), outside=not hidden)
        try:
            return Slot(self.memory.element(address)[1], below=digits(address), plate=window)
        except KeyError:
            return Slot(below=digits(address))  # bytes that the array steps over

    def _arcs(self, p: Picture, strip: Strip, cell: Cell) -> None:
        """An arc for each axis that moves, from where the last one landed; then their names."""
        named: list[tuple[float, float, str, str]] = []
        taken: list[Box] = []
        for k, (start, stop) in enumerate(pairwise(cell.stops)):
            here, there = start // self.unit, stop // self.unit
            if start == stop or here not in strip.left or there not in strip.left:
                continue
            a, b = strip.middle(here), strip.middle(there)
            high = min(50.0, 16 + abs(b - a) / 5)
            side = 3 if b > a else -3
            arc(p, a + side, b - side, strip.y - 9, high, AXES[k][3])
            taken += _curve(a + side, b - side, strip.y - 9, high)
            text = f"{AXES[k][0]} {cell.index[k]}×{cell.strides[k]}".replace("-", "−")
            named.append(((a + b) / 2, strip.y - 21 - high * 0.75, text, AXES[k][3]))
        for middle, y, text, role in named:
            x, y = _free(middle, y, chip_width(text, 11), taken, strip.y - ARCS + 24)
            chip(p, x, y, text, role, 11)
            taken.append((x - 3, y - 13, x + chip_width(text, 11) + 3, y + 13))

    def _wall(self, p: Picture, strip: Strip) -> None:
        """A wall on each side where the array's memory ends and something else could begin."""
        last = self.known.stop - 1
        if last in strip.left:
            x = strip.left[last] + strip.pitch - 2
            p.line((x, strip.y - 14), (x, strip.y + strip.height + 24), stroke_width=3)
            if last == max(strip.left):
                p.text(x + 8, strip.y + 14, "ends at", 11, opacity=0.72)
                p.text(x + 8, strip.y + 30, f"byte {digits(self.memory.high)}", 11, opacity=0.72)
        first = self.known.start
        if first in strip.left and first - 1 in strip.left:
            x = strip.left[first] - 3
            p.line((x, strip.y - 14), (x, strip.y + strip.height + 24), stroke_width=3)

    def _words_below(self, p: Picture, strip: Strip) -> None:
        """Say where the first element lies, and which slots are outside."""
        y = strip.y + strip.height + 37
        for left, width in strip.stretches(k for k in strip.left if k not in self.known):
            dashes = {"stroke": OUTSIDE, "stroke_width": 2, "stroke_dasharray": "4 3"}
            p.line((left, y - 12), (left + width, y - 12), **dashes)
            words = "outside: never read" if width > 115 else "outside"
            half = len(words) * 11 * 0.6 / 2
            middle = min(max(left + width / 2, LEFT + half), RIGHT + 10 - half)
            if 0 not in strip.left or abs(strip.middle(0) - middle) > half + 17:
                p.text(middle, y + 2, words, 11, anchor="middle", bold=True)
        if 0 in strip.left:
            p.text(strip.middle(0), y - 3, "base", 11, mono=True, anchor="middle")


def _filled(wanted: list[int], slots: range, pitch: float, room: float) -> list[range]:
    """The slots that fit, with more neighbours of the wanted ones where there is room left."""
    runs, margin = fitted(wanted, slots, pitch, room), 2
    while margin * pitch < room:
        more = fitted(wanted, slots, pitch, room, margin=margin)
        if not {k for run in runs for k in run} <= {k for run in more for k in run}:
            break
        runs, margin = more, margin + 1
    return runs


def _curve(start: float, end: float, y: float, high: float) -> list[Box]:
    """Small boxes along an arc, from a tenth of it to the other end."""
    points = []
    for k in range(1, 20):
        t = k / 20
        across = start * (1 - t) ** 2 * (1 + 2 * t) + end * t**2 * (3 - 2 * t)
        points.append((across, y - 3 * high * t * (1 - t)))
    return [(x - 2, v - 2, x + 2, v + 2) for x, v in points]


def _free(x: float, y: float, width: float, taken: list[Box], top: float) -> tuple[float, float]:
    """Find the place for a chip nearest to its arc's top that touches nothing drawn before."""
    shifts = [(0.0, 0.0)]
    shifts += [
        (side * dx, dy) for dx in range(0, 140, 10) for dy in (0, -12, -24) for side in (1, -1)
    ]
    for dx, dy in sorted(shifts, key=lambda s: abs(s[0]) + 1.5 * abs(s[1])):
        left, middle = min(max(x + dx - width / 2, LEFT), RIGHT - width), max(y + dy, top)
        box = left - 1, middle - 11, left + width + 1, middle + 11
        if not any(_touch(box, other) for other in taken):
            return left, middle
    return min(max(x - width / 2, LEFT), RIGHT - width), y


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
