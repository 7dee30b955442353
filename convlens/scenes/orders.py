"""One array in two memory orders: where a window's elements lie, and how far they are scattered."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import need
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import runs
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.picture.strip import ELISION, Slot, Strip, brackets, filled
from convlens.words import counted
from convlib import index_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["Order", "OrderStrip"]

TALL = 28.0
MOST_WANTED = 64  # places that are looked for: more than a strip can hold
NARROW = 3  # slots between two runs that are shown, where there is room
MEANING = {"NCHW": "channel after channel", "NHWC": "pixel (row, column) after pixel"}


class Order:
    """The padded batch of a walk in one order of axes, "NCHW" or "NHWC"; nothing is copied.

    Attributes
    ----------
    steps : (int, int, int, int)
        Elements from one image, channel, row and column to the next.
    """

    def __init__(self, walk: Walk, name: str) -> None:
        self.walk, self.name = walk, name
        self.steps = index_grid.steps(replace(walk.geometry, layout=name))
        # one frame is asked for several times: its places, its runs, its words
        self.places = lru_cache(maxsize=4)(self._places)

    def _places(self, f: Frame) -> NDArray[np.intp]:
        """Flat indices of the window's elements, in the shape of the window (C/groups, KH, KW)."""
        image, channel, row, column = self.steps
        channels = np.asarray(f.channels)[:, None, None] * channel
        return f.image * image + channels + f.rows[:, None] * row + f.columns * column

    def runs(self, f: Frame) -> list[int]:
        """Lengths of the contiguous pieces of memory that the window is made of, in their order."""
        return [length for _, length in runs(self.places(f).ravel())]

    def counts(self, f: Frame) -> str:
        """Say in how many pieces the window lies, and how long they are."""
        lengths = self.runs(f)
        short, long = min(lengths), max(lengths)
        each = counted(long, "element") if short == long else f"{short} to {long} elements"
        return f"{counted(len(lengths), 'run')} of {each}"

    def jump(self) -> int:
        """Bytes from an element to the same pixel's next channel."""
        return self.steps[1] * self.walk.padded.itemsize

    def unravel(self, k: int) -> tuple[int, int, int, int]:
        """Image, channel, row and column of the element at a flat index."""
        shape, axes = self.walk.padded.shape, ["NCHW".index(letter) for letter in self.name]
        found = dict(zip(axes, np.unravel_index(k, [shape[a] for a in axes]), strict=True))
        return int(found[0]), int(found[1]), int(found[2]), int(found[3])


class OrderStrip:
    """Draws that memory as a strip: the window on blue plates, a bar under the chosen channel."""

    def __init__(self, order: Order) -> None:
        self.order, self.walk = order, order.walk
        x = self.walk.padded
        shortest, usual = (need(x, 11, figures) + 7.1 for figures in (1, 2))
        self.pitch = max(24.0, shortest, min(usual, 40.0))
        self.size = min(14.0, max(11.0, (self.pitch - 7.1) / need(x, 1, 2)))  # alike in all slots

    def draw(
        self, p: Picture, f: Frame, channel: int, paint: Callable[[Any], str], y: float
    ) -> float:
        """Draw the strip, title at `y`; `channel` is one of x. Return where it ends."""
        p.text(LEFT, y, f"{self.order.name} memory", 15, bold=True)
        p.text(LEFT + 140, y, self._words(), 12, opacity=0.72)
        p.text(RIGHT, y, f"window: {self.order.counts(f)}", 13, anchor="end", bold=True)
        shown = self._shown(f, channel)
        strip = Strip(LEFT, y + 27, shown, self.pitch, TALL, self.size)
        inside = set(self.order.places(f).ravel().tolist())

        def slot(k: int) -> Slot:
            place = self.order.unravel(k)
            element = np.ravel_multi_index(place, self.walk.padded.shape)
            return Slot(self.walk.padded[place], plate=k in inside, link=f"x{element}")

        def through(gap: range) -> bool:
            """Whether the window goes on where slots are left out."""
            return len(gap) <= len(inside) and inside.issuperset(gap)

        strip.draw(p, slot, paint, through)
        strip.ends(p, range(self.walk.padded.size))
        brackets(p, strip, self._names, strip.y - 8, 1)
        mine = [k for k in strip.left if self.order.unravel(k)[:2] == (f.image, channel)]
        for x, width in strip.stretches(mine if self.walk.geometry.channels > 1 else []):
            marks.chosen(p, x, strip.y + TALL + 7, width)
        _indices(p, strip, inside)
        return strip.y + TALL + 26

    def _words(self) -> str:
        """What the order means, and how far the next channel is."""
        if self.walk.geometry.channels == 1:
            same = ": the same, with one channel" if self.order.name == "NHWC" else ""
            return f"row after row{same}"
        step, jump = self.order.steps[1], self.order.jump()
        elements = f"{step:,} element{'' if step == 1 else 's'}"
        size = f"{jump:,} byte{'' if jump == 1 else 's'}"
        return f"{MEANING[self.order.name]}; next channel: {elements} = {size}"

    def _shown(self, f: Frame, channel: int) -> list[range]:
        """Choose the slots: the chosen channel's, then the rest of the window, then neighbours."""
        places = self.order.places(f)
        mine = places[channel - f.channels.start].ravel()
        first = np.concatenate([mine[:MOST_WANTED], np.sort(places, axis=None)[:MOST_WANTED]])
        slots = range(self.walk.padded.size)
        shown = filled(list(dict.fromkeys(first.tolist())), slots, self.pitch, RIGHT - LEFT)
        return _closed(shown, self.pitch, RIGHT - LEFT)

    def _names(self, k: int) -> tuple[str, ...]:
        """Name the row of a channel, or the pixel, of an element: at length, and shorter."""
        n, c, row, column = self.order.unravel(k)
        names: tuple[str, ...] = f"row {row}, column {column}", f"({row}, {column})"
        if self.walk.geometry.channels == 1:
            names = f"row {row}", str(row)
        elif self.order.name == "NCHW":
            names = f"channel {c}, row {row}", f"c {c}, row {row}", f"c {c}"
        return (f"image {n}, {names[0]}", *names) if self.walk.geometry.batch > 1 else names


def _closed(shown: list[range], pitch: float, room: float) -> list[range]:
    """Show what lies in narrow gaps too, from the left, as far as there is room.

    >>> _closed([range(2), range(4, 6), range(8, 10), range(90, 92)], 40, 430)
    [range(0, 6), range(8, 10), range(90, 92)]
    """
    spare = room - sum(map(len, shown)) * pitch - (len(shown) - 1) * ELISION + 5
    closed = shown[:1]
    for left, right in pairwise(shown):
        gap = right.start - left.stop
        if gap <= NARROW and gap * pitch - ELISION <= spare:
            spare -= gap * pitch - ELISION
            closed[-1] = range(closed[-1].start, right.stop)
        else:
            closed.append(right)
    return closed


def _indices(p: Picture, strip: Strip, inside: set[int]) -> None:
    """Write flat indices under the slots, those that have room; the first of a run before."""
    taken = -100.0
    starts = {run.start for run in strip.runs}
    for k, left in strip.left.items():
        text, middle, heavy = str(k), strip.middle(k), k in inside
        half = len(text) * MONO_ADVANCE * 11 / 2
        if middle - half < taken + 4 or (k not in starts and 2 * half + 4 > strip.pitch):
            continue
        middle = max(middle, left + half - 4)
        at = middle, strip.y + TALL + 22, text, 11
        p.text(*at, mono=True, anchor="middle", bold=heavy, opacity=1.0 if heavy else 0.62)
        taken = middle + half
