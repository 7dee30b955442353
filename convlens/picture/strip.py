"""Flat memory as a strip of slots, with the stretches between the interesting places left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from typing import Any

import numpy as np

from convlens.picture import marks
from convlens.picture.elements import Go, Spot
from convlens.picture.grid import Grid, tiles
from convlens.picture.panel import runs as neighbours
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

__all__ = ["Slot", "Strip", "brackets", "filled", "fitted"]

ELISION = 16.0  # room for the three dots between two segments

Stretch = tuple[float, float]  # left edge and width


@dataclass(frozen=True)
class Slot:
    """What one element's place in memory shows."""

    value: Any = None  # None: nothing of the array lies here
    corner: str = ""
    below: str = ""
    outside: bool = False
    plate: bool = False
    bold: bool = False
    start: bool = False
    reading: bool = False
    wrong: bool = False
    right: str = ""  # the number that should stand here, below a wrong one
    link: str = ""  # what it holds, and the controls that a click on it sets: as in `Spot`
    go: tuple[Go, ...] = ()


def fitted(
    wanted: Iterable[int], slots: range, pitch: float, room: float, *, margin: int = 1
) -> list[range]:
    """Choose the slots that stand in a width of `room`: all, or those wanted with neighbours.

    The first of `wanted` matter most: the last are left out where there is no room. Between two
    runs there is room for three dots.

    >>> fitted([0], range(4), 40, 270), fitted([0, 50, 90], range(100), 40, 250)
    ([range(0, 4)], [range(0, 2), range(49, 52)])
    """
    if len(slots) * pitch - 5 <= room:
        return [slots]
    chosen: set[int] = set()
    found: list[range] = []
    for place in wanted:
        near = (place, *range(place - margin, place + margin + 1))
        for slot in (k for k in near if k in slots and k not in chosen):
            more = [range(first, first + n) for first, n in neighbours({*chosen, slot})]
            width = sum(map(len, more)) * pitch + (len(more) - 1) * ELISION - 5
            if chosen and width > room:
                return found
            chosen.add(slot)
            found = more
    return found


def filled(wanted: Sequence[int], slots: range, pitch: float, room: float) -> list[range]:
    """The slots that fit, with neighbours of the wanted ones where there is room left.

    >>> filled([0, 50], range(100), 40, 400)
    [range(0, 3), range(48, 53)]
    """
    found, margin = fitted(wanted, slots, pitch, room, margin=0), 1
    while margin * pitch < room:
        more = fitted(wanted, slots, pitch, room, margin=margin)
        if not {k for run in found for k in run} <= {k for run in more for k in run}:
            break
        found, margin = more, margin + 1
    return found


class Strip:
    """Where each slot stands.

    Parameters
    ----------
    x, y : float
        Top left corner.
    runs : list of range
        The slots shown, from `filled`.
    pitch, height : float
        Distance from slot to slot, and height of a tile.
    size : float
        Of the numbers, where they fit.
    """

    def __init__(
        self, x: float, y: float, runs: list[range], pitch: float, height: float, size: float = 15
    ) -> None:
        self.runs, self.y, self.height, self.bottom = runs, y, height, y + height
        self.pitch, self.tile, self.size = pitch, pitch - 5, size
        self.left: dict[int, float] = {}
        for run in runs:
            for slot in run:
                self.left[slot] = x
                x += self.pitch
            x += ELISION

    def ends(self, p: Picture, slots: range) -> None:
        """Three dots where the memory goes on before or behind what is shown."""
        if self.runs[0].start > slots.start:
            self._dots(p, self.left[self.runs[0].start] - 16)
        if self.runs[-1].stop < slots.stop:
            self._dots(p, min(self.left[self.runs[-1][-1]] + self.pitch + 11, 891))

    def middle(self, slot: int) -> float:
        """Where the middle of a slot stands."""
        return self.left[slot] + self.tile / 2

    def stretches(self, slots: Iterable[int], over: Iterable[int] = ()) -> list[Stretch]:
        """Left edge and width of each run of neighbouring slots among those shown.

        Where slots are left out, a run goes on `over` them.
        """
        runs = neighbours([*(k for k in slots if k in self.left), *over])
        ends = [(self.left[first], self.left[first + n - 1]) for first, n in runs]
        return [(left, right + self.tile - left) for left, right in ends]

    def draw(
        self,
        p: Picture,
        content: Callable[[int], Slot],
        paint: Callable[[Any], str],
        through: Callable[[range], bool] = lambda gap: False,
    ) -> None:
        """Draw plates, tiles and numbers; three dots where slots are left out.

        `through` tells whether all the slots of a gap belong on the plate, which then goes on.
        """
        shown = {slot: content(slot) for slot in self.left}
        lit = {slot for slot, c in shown.items() if c.plate}
        gaps = [range(a.stop, b.start) for a, b in pairwise(self.runs)]
        gone_over = [g for g in gaps if {g.start - 1, g.stop} <= lit and through(g)]
        for x, width in self.stretches(lit, chain(*gone_over)):
            marks.window_plate(p, x - 5, self.y - 5, width + 10, self.height + 10)
        for run in self.runs:
            self._tiles(p, run[0], [shown[k] for k in run], paint)
        for slot, c in shown.items():
            if c.below:
                heavy = c.plate or c.bold or c.reading
                at = self.middle(slot), self.bottom + 20, c.below, 11
                p.text(*at, mono=True, anchor="middle", bold=heavy, opacity=1.0 if heavy else 0.62)
        for gap in gaps:
            x = self.left[gap.start - 1] + self.pitch + ELISION / 2 - 3
            self._dots(p, x, *(("#000000", 1.0) if gap in gone_over else ()))

    def _dots(self, p: Picture, x: float, colour: str = INK, opacity: float = 0.72) -> None:
        at = x, self.y + self.height / 2 + 4, "…", 11  # between two plates there is no more room
        p.text(*at, anchor="middle", bold=True, colour=colour, opacity=opacity)

    def _tiles(self, p: Picture, first: int, run: list[Slot], paint: Callable[[Any], str]) -> None:
        """Draw neighbouring slots, and the marks over them."""
        room = (self.tile - 2) / (MONO_ADVANCE * 11)  # in letters
        right = [c.right if c.wrong and len(c.right) <= room else "" for c in run]
        values = np.array([[c.value for c in run]], object)
        grid = Grid(self.left[first], self.y, 1, len(run), (self.pitch, self.height + 5))
        tiles(
            p,
            grid,
            np.ma.array(values, mask=[[c.value is None or c.outside for c in run]]),
            paint,
            size=self.size,
            bold=np.array([[c.plate for c in run]]),
            corners=np.array([[c.corner for c in run]]) if any(c.corner for c in run) else None,
            below=np.array([right]) if any(right) else None,
            hidden=np.array([[c.outside for c in run]]),
            empty=0.22,
        )
        for k, c in enumerate(run):
            box = grid.span(0, k)
            if c.link or c.go:
                p.spots.append(Spot(*box, (1, 1), (c.link,), c.go))
            if c.outside:
                marks.outside(p, *box)
            if c.start:
                marks.start(p, *box[:2], 6.0 if c.corner else 8.0)
            if c.wrong:
                marks.wrong(p, *box)
            if c.reading:
                marks.reading(p, *box)


def brackets(
    p: Picture, strip: Strip, names: Callable[[int], Sequence[str]], y: float, side: int
) -> None:
    """Bracket neighbours that have the same names, over the strip (`side` 1) or under it (-1).

    Most are named alike, as long as four in five have room for it, and the others shorter or not
    at all; slots without names are left alone.
    """
    pieces: list[tuple[Sequence[str], float, float]] = []
    for run in strip.runs:
        for said, same in groupby(run, names):
            lefts = [strip.left[slot] for slot in same]
            if said:
                pieces.append((said, lefts[0], lefts[-1] + strip.tile))
    levels = sorted(_level(said, right - left) for said, left, right in pieces)
    usual = levels[4 * (len(levels) - 1) // 5] if levels else 0
    for said, left, right in pieces:
        foot = y + 4 * side
        steps = [("M", left, foot), ("L", left, y), ("L", right, y), ("L", right, foot)]
        p.path(steps, stroke=INK, stroke_width=1, stroke_opacity=0.5)
        level = max(min(usual, len(said) - 1), _level(said, right - left))
        if level < len(said):
            at = (left + right) / 2, y - 5 if side > 0 else y + 14
            p.text(*at, said[level], 11, anchor="middle", opacity=0.72)


def _level(names: Sequence[str], room: float) -> int:
    """Which of a piece's names there is room for, 0 the longest; one past the last for none."""
    return next((k for k, name in enumerate(names) if len(name) * 6.3 <= room + 4), len(names))
