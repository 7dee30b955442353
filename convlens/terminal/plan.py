"""What of a frame is shown where not all of it fits: found once for each size of the terminal."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

from convlens.terminal.panels import Writer
from convlens.terminal.story import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convlens.picture.panel import Cell
    from convlens.picture.text import Block
    from convlib.frames import Frame

__all__ = ["GAP", "Plan", "bands", "best_plan"]

ROOMS = 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1  # rows or columns of a panel
FEW = 4  # columns of an output that makes room for the rest
MOST_CHANNELS = 8
GAP = 3  # columns between panels; an operator stands in the middle one


class Plan(NamedTuple):
    """What is shown: rows, columns, channels; the products; all lines of words or the fewest."""

    wordy: bool
    products: bool
    channels: int
    room: Cell
    output: Cell

    def blocks(self, writer: Writer, frame: Frame) -> list[Block]:
        """Write the panels in their order: inputs, kernels, products, output."""
        kinds = [writer.input, writer.kernel, writer.products][: 2 + self.products]
        drawn = [draw(frame, c, self.room) for draw in kinds for c in range(self.channels)]
        return [*drawn, writer.output(frame, self.output)]


def best_plan(writer: Writer, frame: Frame, family: str, width: int, height: int) -> Plan:
    """Find the plan that shows the most of those that fit; the barest where none does."""

    def one(rows: int, columns: int) -> list[Block]:
        room = rows, columns
        return Plan(True, True, 1, room, room).blocks(writer, frame)

    wide = {n: [block.width for block in one(1, n)] for n in ROOMS}
    high = {n: [len(block.lines) for block in one(n, 1)] for n in ROOMS}
    said = {w: sum(map(len, words(frame, family, width, 1, w))) + 1 for w in (True, False)}

    def fits(plan: Plan) -> bool:
        repeats = plan.channels, plan.channels, plan.channels * plan.products, 1
        (rows, columns), (_, few) = plan.room, plan.output
        kinds = zip(repeats, [*wide[columns][:3], wide[few][3]], high[rows], strict=True)
        sizes = [(wide, high) for count, wide, high in kinds for _ in range(count)]
        shared = bands([wide for wide, _ in sizes], width)
        tallest = [max(sizes[place][1] for place in band) + 1 for band in shared]
        return max(sizes)[0] <= width and sum(tallest) + said[plan.wordy] <= height

    either = True, False
    all_plans = itertools.product(either, either, _counts(frame), ROOMS, ROOMS, (ROOMS[0], FEW))
    plans = (
        Plan(wordy, products, count, (rows, columns), (rows, min(columns, few)))
        for wordy, products, count, rows, columns, few in all_plans
    )
    barest = Plan(False, False, 1, (1, 1), (1, 1))
    best_first = sorted(plans, key=lambda plan: _worth(frame, plan), reverse=True)
    return next(filter(fits, best_first), barest)


def bands(widths: Sequence[int], width: int) -> list[list[int]]:
    """Share panels of some widths out into bands, in their order.

    >>> bands([30, 20, 10, 25], 60)
    [[0, 1], [2, 3]]
    """
    shared: list[list[int]] = []
    used = width
    for place, wide in enumerate(widths):
        if used + GAP + wide > width:
            shared.append([])
            used = -GAP
        shared[-1].append(place)
        used += GAP + wide
    return shared


def _counts(frame: Frame) -> list[int]:
    """How many channels may be shown: all, or a few of them."""
    most = min(len(frame.channels), MOST_CHANNELS)
    return sorted({c for c in (1, 2, 3, 4, most) if c <= most})


def _worth(frame: Frame, plan: Plan) -> float:
    """Weigh what a plan shows: the window first, then what is around it, channels, words."""
    g = frame.walk.geometry
    channels = plan.channels / min(len(frame.channels), MOST_CHANNELS)
    window, cells = _share(plan.room, g.extent), _share(plan.room, g.padded_size)
    around = 3 * math.sqrt(cells) + math.sqrt(_share(plan.output, g.output_size))
    return 6 * window + around + 4 * channels + 0.7 * plan.wordy + 0.25 * plan.products


def _share(room: Cell, size: Cell) -> float:
    """Say how much of an array of some size there is room for, at most what a panel can show."""
    return math.prod(min(n / min(s, ROOMS[0]), 1.0) for n, s in zip(room, size, strict=True))
