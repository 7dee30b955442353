"""Flat memory as a strip of slots, with the stretches between the interesting places left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from convlens.palette import ink
from convlens.picture import marks
from convlens.picture.grid import EDGE, fit
from convlens.picture.shapes import Picture

__all__ = ["Slot", "Strip", "fitted", "segments"]

ELISION = 30.0  # room for the three dots between two segments


@dataclass(frozen=True)
class Slot:
    """What one element's place in memory shows."""

    value: Any = None  # None: nothing of the array lies here
    corner: str = ""
    below: str = ""
    outside: bool = False
    plate: bool = False


def segments(wanted: Iterable[int], slots: range, most: int, margin: int = 1) -> list[range]:
    """Choose the slots to show: all where they fit, else the wanted ones and their neighbours.

    The first of `wanted` matter most: the last are left out where there is no room.

    >>> segments([0], range(4), 20)
    [range(0, 4)]
    >>> segments([0, 50, 52], range(100), 20)
    [range(0, 2), range(49, 54)]
    """
    if len(slots) <= most:
        return [slots]
    chosen: set[int] = set()
    for place in wanted:
        near = range(place - margin, place + margin + 1)
        chosen.update([slot for slot in (place, *near) if slot in slots][: most - len(chosen)])
    runs: list[range] = []
    for slot in sorted(chosen):
        if runs and slot == runs[-1].stop:
            runs[-1] = range(runs[-1].start, slot + 1)
        else:
            runs.append(range(slot, slot + 1))
    return runs


def fitted(
    wanted: Sequence[int],
    slots: range,
    pitch: float,
    room: float,
    *,
    margin: int = 1,
    elision: float = ELISION,
) -> list[range]:
    """Choose as many slots as stand in a width of `room`, three dots for each gap counted.

    >>> fitted([0, 50], range(100), 40, 270)
    [range(0, 2), range(49, 52)]
    """
    most = max(1, int((room + 5) / pitch))
    while True:
        runs = segments(wanted, slots, most, margin)
        width = sum(map(len, runs)) * pitch + (len(runs) - 1) * elision - 5
        if width <= room or most == 1:
            return runs
        most -= 1


class Strip:
    """Where each slot stands.

    Parameters
    ----------
    x, y : float
        Top left corner.
    runs : list of range
        The slots shown, from `fitted`.
    pitch, height : float
        Distance from slot to slot, and height of a tile.
    elision : float
        Room for the three dots between two runs.
    size : float
        Of the numbers, where they fit.
    """

    def __init__(
        self,
        x: float,
        y: float,
        runs: list[range],
        pitch: float,
        height: float,
        elision: float = ELISION,
        size: float = 15,
    ) -> None:
        self.runs, self.y, self.height, self.pitch = runs, y, height, pitch
        self.elision, self.size = elision, size
        self.left: dict[int, float] = {}
        for run in runs:
            for slot in run:
                self.left[slot] = x
                x += self.pitch
            x += elision
        self.right = x - elision

    @property
    def tile(self) -> float:
        """Width of a tile."""
        return self.pitch - 5

    def middle(self, slot: int) -> float:
        """Where the middle of a slot stands."""
        return self.left[slot] + self.tile / 2

    def stretches(self, slots: Iterable[int]) -> list[tuple[float, float]]:
        """Left edge and width of each run of neighbouring slots among those shown."""
        found: list[list[int]] = []
        for slot in sorted(s for s in set(slots) if s in self.left):
            if found and slot == found[-1][-1] + 1:
                found[-1].append(slot)
            else:
                found.append([slot])
        return [(self.left[run[0]], (len(run) - 1) * self.pitch + self.tile) for run in found]

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
        joined = [range(a.stop, b.start) for a, b in pairwise(self.runs)]
        joined = [gap for gap in joined if through(gap)]
        for x, width in self._plates([s for s, c in shown.items() if c.plate], joined):
            marks.window_plate(p, x - 5, self.y - 5, width + 10, self.height + 10)
        for slot, c in shown.items():
            self._tile(p, slot, c, paint)
        for slot, c in shown.items():
            if c.below:
                opacity = 1.0 if c.plate else 0.62
                at = self.middle(slot), self.y + self.height + 20, c.below, 11
                p.text(*at, mono=True, anchor="middle", bold=c.plate, opacity=opacity)
        on_plate = {gap.start for gap in joined}
        for run in self.runs[:-1]:
            x = self.left[run[-1]] + self.pitch + self.elision / 2 - 3
            colour = {"colour": "#000000"} if run.stop in on_plate else {"opacity": 0.72}
            p.text(x, self.y + self.height / 2 + 4, "…", 16, anchor="middle", **colour)

    def _plates(self, slots: list[int], joined: list[range]) -> list[tuple[float, float]]:
        """Left edge and width of each plate: of a stretch, or of several with gaps between."""
        plates: list[tuple[float, float]] = []
        over = {self.left[gap.stop] for gap in joined}
        for x, width in self.stretches(slots):
            if plates and x in over:
                first = plates.pop()[0]
                plates.append((first, x + width - first))
            else:
                plates.append((x, width))
        return plates

    def _tile(self, p: Picture, slot: int, c: Slot, paint: Callable[[Any], str]) -> None:
        box = self.left[slot], self.y, self.tile, self.height
        if c.outside:
            marks.outside(p, *box)
        elif c.value is None:
            p.rect(*box, fill="none", **EDGE)
        else:
            fill = paint(c.value)
            p.rect(*box, fill=fill, **EDGE)
            text, size = fit(c.value, self.tile - 3, self.size)
            down = self.height / 2 + (11 if c.corner else 5)
            at = self.middle(slot), self.y + down, text, size
            p.text(*at, mono=True, anchor="middle", bold=c.plate, colour=ink(fill))
            if c.corner:
                corner = self.left[slot] + 3, self.y + 11, c.corner, 10
                p.text(*corner, mono=True, bold=c.plate, colour=ink(fill))
