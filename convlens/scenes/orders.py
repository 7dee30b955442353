"""One array in two memory orders: where a window's elements lie, and how far they are scattered."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import need
from convlens.picture.marks import LEFT, RIGHT, counted
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture
from convlens.picture.strip import Slot, Strip, fitted
from convlib import index_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["Order", "OrderStrip"]

ELISION = 18.0
TALL = 28.0
MOST_WANTED = 64  # places that are looked for: more than a strip can hold
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
        places = np.sort(self.places(f), axis=None)
        breaks = np.flatnonzero(np.diff(places) != 1) + 1
        return [int(n) for n in np.diff([0, *breaks, places.size])]

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
        _, c, rows, columns = self.walk.padded.shape
        if self.name == "NCHW":
            n, channel, row, column = np.unravel_index(k, self.walk.padded.shape)
        else:
            shape = len(self.walk.padded), rows, columns, c
            n, row, column, channel = np.unravel_index(k, shape)
        return int(n), int(channel), int(row), int(column)


class OrderStrip:
    """Draws that memory as a strip: the window on blue plates, one channel doubly underlined."""

    def __init__(self, order: Order) -> None:
        self.order, self.walk = order, order.walk
        letters = need(self.walk.padded, 1, 2)
        self.pitch = min(max(letters * 10 + 8.2, 24.0), 40.0)
        self.size = min(14.0, (self.pitch - 8.1) / letters)  # so that all numbers are as large

    def draw(
        self, p: Picture, f: Frame, channel: int, paint: Callable[[Any], str], y: float
    ) -> float:
        """Draw the strip, title at `y`; `channel` is one of x. Return where it ends."""
        p.text(LEFT, y, f"{self.order.name} memory", 15, bold=True)
        p.text(LEFT + 140, y, self._words(), 12, opacity=0.72)
        p.text(RIGHT, y, f"window: {self.order.counts(f)}", 13, anchor="end", bold=True)
        runs = self._shown(f, channel)
        strip = Strip(LEFT, y + 30, runs, self.pitch, TALL, ELISION, self.size)
        places = self.order.places(f).ravel()
        inside, ordered = set(places.tolist()), np.sort(places)

        def through(gap: range) -> bool:
            """Whether the window goes on where slots are left out."""
            first, last = np.searchsorted(ordered, [gap.start, gap.stop])
            return bool(last - first == len(gap))

        strip.draw(p, lambda k: Slot(self._value(k), plate=k in inside), paint, through)
        self._ends(p, strip)
        self._brackets(p, strip, inside)
        mine = [k for k in strip.left if self.order.unravel(k)[:2] == (f.image, channel)]
        for x, width in strip.stretches(mine if self.walk.geometry.channels > 1 else []):
            marks.underline(p, x, strip.y + TALL + 8, width, "kernel")
        self._indices(p, strip, inside)
        return strip.y + TALL + 30

    def _words(self) -> str:
        """What the order means, and how far the next channel is."""
        if self.walk.geometry.channels == 1:
            return "row after row" + (
                "" if self.order.name == "NCHW" else ": the same, with one channel"
            )
        step, jump = self.order.steps[1], self.order.jump()
        elements = f"{step:,} element{'' if step == 1 else 's'}"
        size = f"{jump:,} byte{'' if jump == 1 else 's'}"
        return f"{MEANING[self.order.name]}; next channel: {elements} = {size}"

    def _value(self, k: int) -> Any:
        return self.walk.padded[self.order.unravel(k)]

    def _shown(self, f: Frame, channel: int) -> list[range]:
        """Choose the slots: the chosen channel's, then the rest of the window, then neighbours."""
        places = self.order.places(f)
        mine = places[channel - f.channels.start].ravel()
        first = np.concatenate([mine[:MOST_WANTED], np.sort(places, axis=None)[:MOST_WANTED]])
        wanted = list(dict.fromkeys(first.tolist()))
        slots = range(self.walk.padded.size)
        for margin in (1, 0):
            room = RIGHT - LEFT
            sizes: dict[str, Any] = {"margin": margin, "elision": ELISION}
            runs = fitted(wanted, slots, self.pitch, room, **sizes)
            if all(any(k in run for run in runs) for k in wanted):
                break
        return runs

    def _ends(self, p: Picture, strip: Strip) -> None:
        """Three dots where the memory goes on before or behind what is shown."""
        y = strip.y + TALL / 2 + 4
        if strip.runs[0].start > 0:
            p.text(strip.left[strip.runs[0].start] - 14, y, "…", 16, anchor="middle", opacity=0.72)
        if strip.runs[-1].stop < self.walk.padded.size:
            p.text(min(strip.right + 8, 892), y, "…", 16, anchor="middle", opacity=0.72)

    def _indices(self, p: Picture, strip: Strip, inside: set[int]) -> None:
        """Write flat indices under the slots, those that have room; the first of a run before."""
        taken = -100.0
        starts = {run.start for run in strip.runs}
        for k, left in strip.left.items():
            text, middle = str(k), strip.middle(k)
            half = len(text) * MONO_ADVANCE * 10 / 2
            if middle - half < taken + 4 or (k not in starts and 2 * half + 4 > strip.pitch):
                continue
            middle = max(middle, left + half - 4)
            heavy = k in inside
            at = middle, strip.y + TALL + 25, text, 10
            p.text(*at, mono=True, anchor="middle", bold=heavy, opacity=1.0 if heavy else 0.62)
            taken = middle + half

    def _brackets(self, p: Picture, strip: Strip, inside: set[int]) -> None:
        """Mark which row of a channel, or which pixel, each stretch of slots belongs to."""
        pieces: dict[tuple[int, ...], list[int]] = {}
        for number, run in enumerate(strip.runs):
            for k in run:
                pieces.setdefault((number, *self._piece(k)), []).append(k)
        ends = {
            piece: (strip.left[slots[0]], strip.left[slots[-1]] + strip.tile)
            for piece, slots in pieces.items()
        }
        # one wording for all, such that every piece of the window can have it
        seen = [piece for piece, slots in pieces.items() if not inside.isdisjoint(slots)]
        levels = [self._level(piece[1:], ends[piece][1] - ends[piece][0]) for piece in seen]
        level = max((n for n in levels if n is not None), default=0)
        for piece, (left, right) in ends.items():
            top = strip.y - 8
            down = ("M", left, top + 4), ("L", left, top)
            up = ("L", right, top), ("L", right, top + 4)
            p.path([*down, *up], stroke=INK, stroke_width=1, stroke_opacity=0.5)
            name = self._names(piece[1:])[level]
            if _fits(name, right - left):
                p.text((left + right) / 2, top - 5, name, 11, anchor="middle", opacity=0.72)

    def _piece(self, k: int) -> tuple[int, ...]:
        """What an element belongs to: a row of a channel, or a pixel."""
        n, channel, row, column = self.order.unravel(k)
        if self.order.name == "NCHW" or self.walk.geometry.channels == 1:
            return n, channel, row
        return n, row, column

    def _level(self, piece: tuple[int, ...], room: float) -> int | None:
        """Which of a piece's names there is room for: 0 is the longest; None for none."""
        fitting = (k for k, name in enumerate(self._names(piece)) if _fits(name, room))
        return next(fitting, None)

    def _names(self, piece: tuple[int, ...]) -> list[str]:
        """Name such a piece, at length and shorter."""
        n, one, other = piece
        if self.walk.geometry.channels == 1:
            names = [f"row {other}", str(other)]
        elif self.order.name == "NCHW":
            names = [f"channel {one}, row {other}", f"c {one}, row {other}", f"c {one}"]
        else:
            names = [f"row {one}, column {other}", f"({one}, {other})"]
        return [f"image {n}, {names[0]}", *names] if self.walk.geometry.batch > 1 else names


def _fits(name: str, room: float) -> bool:
    """Whether a name can stand over a bracket of this width."""
    return len(name) * 6.3 <= room + 4
