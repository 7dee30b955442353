"""The bytes of an array as a strip, a window's elements on it, and the way there as arcs.

The strip of the sliders and that of `draw.memory` are this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from convlens.facts.bytes import Bytes
from convlens.palette import digits
from convlens.picture.grid import need
from convlens.picture.lines import arc, underline
from convlens.picture.marks import LEFT, RIGHT, chip, chip_width
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.picture.strip import Slot, Strip, brackets, filled

__all__ = ["ARCS", "BELOW", "Jump", "JumpStrip", "Way"]

ARCS = 64.0  # room above the strip
WIDE = 34.2  # distance of the slots, where there is room
WIDEST = 68.0  # for numbers that need it
TALL = 39.0
BELOW = 45.0  # room for addresses, brackets and names under the strip

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Jump:
    """One arc: what its chip says, its role, and the bytes where it begins and lands."""

    text: str
    role: str
    start: int
    stop: int


@dataclass(frozen=True)
class Way:
    """What is said about a memory.

    Attributes
    ----------
    jumps : sequence of Jump
    taps : mapping
        Byte offsets of a window's elements; with each that is wrong, the number that should stand
        there ("" where it is not known which), and None with those that are right.
    reading : int, optional
        Byte offset of the one element that is read.
    places : mapping
        Row and column of the tap at a byte offset.
    ends : sequence of int
        Byte offsets that are shown, too.
    """

    jumps: Sequence[Jump] = ()
    taps: Mapping[int, str | None] = field(default_factory=dict)
    reading: int | None = None
    places: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    ends: Sequence[int] = ()


class JumpStrip:
    """Draws the memory of an array and ways through it; nothing outside is looked up.

    Parameters
    ----------
    memory : Bytes
    letters : int
        Length of the longest address.
    per : int
        How many bytes the addresses count as one: 1, or the size of an element.
    tall : float
        Height of the slots.
    """

    def __init__(self, memory: Bytes, letters: int, per: int = 1, tall: float = TALL) -> None:
        self.memory, self.per, self.tall, self.unit = memory, per, tall, memory.unit
        least = max(letters * MONO_ADVANCE * 11 + 6, min(need(memory.x, 11, 1) + 8, WIDEST))
        self.pitch = max(least, min(WIDE, (RIGHT - LEFT) / max(len(memory.known), 1)))

    def draw(self, p: Picture, way: Way, paint: Callable[[Any], str], y: float) -> Strip:
        """Draw the strip, its tiles at `y`, with the arcs above it; return it."""
        strip = self._strip(way, y)
        taps = {address // self.unit: right for address, right in way.taps.items()}
        reading = None if way.reading is None else way.reading // self.unit
        strip.draw(p, lambda k: self._touched(k, way, self._slot(k, taps, reading)), paint)
        jumps = [
            Jump(jump.text, jump.role, jump.start // self.unit, jump.stop // self.unit)
            for jump in way.jumps
        ]
        _place_arcs(p, strip, jumps)
        under = strip.bottom + 28
        brackets(p, strip, lambda k: self.memory.piece(k * self.unit), under, -1)
        self._ends(p, strip, under)
        strip.ends(p, self.memory.known)
        return strip

    def _strip(self, way: Way, y: float) -> Strip:
        """Choose the slots: those where the arcs land, then the window's, then what is between."""
        places = [] if way.reading is None else [way.reading]
        stops = [end for jump in way.jumps for end in (jump.start, jump.stop)]
        known = self.memory.known
        wanted = [a // self.unit for a in [*stops, *places, *way.taps, *way.ends]]
        wanted += [known.start, known.stop - 1]
        slots = range(min(wanted), max(wanted) + 1)
        runs = filled(wanted, slots, self.pitch, RIGHT - LEFT)
        return Strip(LEFT, y, runs, self.pitch, self.tall)

    def _touched(self, k: int, way: Way, slot: Slot) -> Slot:
        """Say which byte a slot begins at; a click on a tap's goes there."""
        at = way.places.get(k * self.unit)
        go = (("u", at[0], 1), ("v", at[1], 1)) if at else ()
        return replace(slot, link=f"x{k * self.unit}", go=go)

    def _slot(self, k: int, taps: Mapping[int, str | None], reading: int | None) -> Slot:
        """What a slot shows: outside the memory nothing is looked up."""
        address = k * self.unit
        look: dict[str, Any] = {"below": digits(address // self.per), "reading": k == reading}
        if not self.memory.inside(address):
            hidden = k in self.memory.known  # the last bytes of an element that begins before them
            return Slot(outside=not hidden, bold=k in taps, **look)
        found = self.memory.look(address)
        if found is None:
            return Slot(**look)  # bytes that the array steps over
        right = taps.get(k)
        wrong = right is not None
        return Slot(found[1], plate=k in taps, wrong=wrong, right=right or "", **look)

    def _ends(self, p: Picture, strip: Strip, y: float) -> None:
        """A wall where the array's memory ends, and what is said of the slots beyond."""
        known = self.memory.known
        for last in (known.start - 1, known.stop - 1):
            if last in strip.left and last + 1 in strip.left:
                x = strip.left[last + 1] - 2.5
                p.line((x, strip.y - 14), (x, strip.bottom + 24), stroke_width=3)
        for left, width in strip.stretches(k for k in strip.left if k not in known):
            underline(p, left, y - 1, width, "outside")
            words = "outside: never read" if width > 115 else "outside"
            half = len(words) * 11 * 0.61 / 2
            middle = min(max(left + width / 2, LEFT + half), RIGHT + 10 - half)
            if width > 2 * half - 20:
                p.text(middle, y + 14, words, 11, anchor="middle", bold=True)


def _place_arcs(p: Picture, strip: Strip, jumps: Sequence[Jump]) -> None:
    """Draw an arc from slot to slot for each jump that moves, then chips that touch nothing."""
    named: list[tuple[float, float, Jump]] = []
    taken: list[Box] = []
    for jump in jumps:
        if jump.start == jump.stop or not {jump.start, jump.stop} <= strip.left.keys():
            continue
        a, b = strip.middle(jump.start), strip.middle(jump.stop)
        high = min(25.0, 16 + abs(b - a) / 8)
        side = 3 if b > a else -3  # so that one arc's end and the next one's foot part
        arc(p, a + side, b - side, strip.y - 9, high, jump.role)
        taken += _curve(a + side, b - side, strip.y - 9, high)
        named.append(((a + b) / 2, strip.y - 21 - high * 0.75, jump))
    for middle, y, jump in named:
        width = chip_width(jump.text, 11)
        x, y = _free(middle, y, width, taken, strip.y - ARCS + 15)
        chip(p, x, y, jump.text, jump.role, 11)
        taken.append((x - 3, y - 13, x + width + 3, y + 13))


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
    shifts = [(dx, dy) for dx in range(-200, 201, 10) for dy in (0, -12, -24, -36)]
    for dx, dy in sorted(shifts, key=lambda s: abs(s[0]) - 1.5 * s[1]):
        left, middle = min(max(x + dx - width / 2, LEFT), RIGHT - width), max(y + dy, top)
        box = left - 1, middle - 11, left + width + 1, middle + 11
        if not any(_touch(box, other) for other in taken):
            return left, middle
    return min(max(x - width / 2, LEFT), RIGHT - width), y


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
