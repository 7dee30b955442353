"""What of a frame is shown where not all of it fits: found once for each size of the terminal."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

from convlens.terminal import panels
from convlens.terminal.panels import Room
from convlens.terminal.spans import Line, Panel, Span, bands
from convlens.terminal.story import family_lines, header, sum_line

if TYPE_CHECKING:
    from convlib.frames import Frame

__all__ = ["Plan", "best_plan", "panels_of", "words"]

ROOMS = 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1  # rows or columns of a panel
FEW = 4  # columns of an output that makes room for the rest
MOST_CHANNELS = 8


class Plan(NamedTuple):
    """What is shown: rows, columns, channels; the products; all lines of words or the fewest."""

    room: Room
    output: Room
    channels: int
    products: bool
    wordy: bool


def words(frame: Frame, family: str, width: int, plan: Plan) -> tuple[list[Line], list[Line]]:
    """Give the lines of words above and below the panels; the fewest where there is no room."""
    where, sizes = header(frame, family)
    reached = family_lines(frame, family, width)
    if (count := len(frame.channels)) > plan.channels:
        where.append(Span(f", {plan.channels} of {count} channels"))
    if plan.wordy:
        return [where, sizes], [sum_line(frame, width), [], *reached]
    return [where], [sum_line(frame, width), *reached[-4:-3], reached[-2]]


def panels_of(frame: Frame, plan: Plan) -> list[Panel]:
    """Draw the panels in their order: inputs, kernels, products, output."""
    places = range(plan.channels)
    drawn = [panels.input_panel(frame, frame.channels[c], plan.room) for c in places]
    drawn += [panels.kernel_panel(frame, c, plan.room) for c in places]
    if plan.products:
        drawn += [panels.products_panel(frame, c, plan.room) for c in places]
    return [*drawn, panels.output_panel(frame, plan.output)]


def best_plan(frame: Frame, family: str, width: int, height: int) -> Plan:
    """Find the plan that shows the most of those that fit; the barest where none does."""
    rooms = [*((1, columns) for columns in ROOMS), *((rows, 1) for rows in ROOMS)]
    sizes = {room: _sizes(frame, Room(*room)) for room in rooms}
    best, most = Plan(Room(1, 1), Room(1, 1), 1, products=False, wordy=False), -1.0
    for wordy, products, count in itertools.product((True, False), (True, False), _counts(frame)):
        plan = best._replace(channels=count, products=products, wordy=wordy)
        left = height - 1 - sum(map(len, words(frame, family, width, plan)))
        for rows, columns, few in itertools.product(ROOMS, ROOMS, (ROOMS[0], FEW)):
            output = min(columns, few)
            wide = _spread(sizes[1, columns], sizes[1, output], plan, 0)
            high = _spread(sizes[rows, 1], sizes[rows, 1], plan, 1)
            plan = plan._replace(room=Room(rows, columns), output=Room(rows, output))
            if _fits(wide, high, width, left) and (worth := _worth(frame, plan)) > most:
                best, most = plan, worth
    return best


def _counts(frame: Frame) -> list[int]:
    """How many channels may be shown: all, or a few of them."""
    count = len(frame.channels)
    return sorted({c for c in (1, 2, 3, 4, MOST_CHANNELS, count) if c <= min(count, MOST_CHANNELS)})


def _sizes(frame: Frame, room: Room) -> list[tuple[int, int]]:
    """Measure one panel of each kind: its columns and lines."""
    one = panels_of(frame, Plan(room, room, 1, products=True, wordy=True))
    # The last channel has the longest name.
    one[0] = panels.input_panel(frame, frame.walk.geometry.channels - 1, room)
    return [(panel.width, len(panel.lines)) for panel in one]


def _spread(
    sizes: list[tuple[int, int]], output: list[tuple[int, int]], plan: Plan, axis: int
) -> list[int]:
    """Repeat the columns (axis 0) or lines (1) for every channel, in the order of `panels_of`."""
    repeats = plan.channels, plan.channels, plan.channels * plan.products
    each = [size[axis] for size, n in zip(sizes, repeats, strict=False) for _ in range(n)]
    return [*each, output[-1][axis]]


def _fits(widths: list[int], heights: list[int], width: int, height: int) -> bool:
    tallest = [max(heights[place] for place in band) + 1 for band in bands(widths, width)]
    return max(widths) <= width and sum(tallest) <= height


def _worth(frame: Frame, plan: Plan) -> float:
    """Weigh what a plan shows: the window first, then what is around it, channels, words."""
    g = frame.walk.geometry
    channels = plan.channels / min(len(frame.channels), MOST_CHANNELS)
    window, cells = _share(plan.room, g.extent), _share(plan.room, g.padded_size)
    around = 3 * math.sqrt(cells) + math.sqrt(_share(plan.output, g.output_size))
    return 6 * window + around + 4 * channels + 0.7 * plan.wordy + 0.25 * plan.products


def _share(room: Room, size: tuple[int, int]) -> float:
    """Say how much of an array of some size there is room for, at most what a panel can show."""
    return math.prod(min(n / min(s, ROOMS[0]), 1.0) for n, s in zip(room, size, strict=True))
