"""How the address of a cell comes about: index times byte stride, axis by axis, added up.

It is written out here, and found as a way of jumps through the memory.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from convlens.facts.cell import AXES, Cell, Memory
from convlens.palette import digits, label
from convlens.picture import marks
from convlens.picture.marks import RIGHT
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.enlarged import TITLE, TOP
from convlens.scenes.jumps import Jump, Way

__all__ = ["address_height", "draw_address", "reached", "tell_address", "way_to"]

STEP = 24.0  # from axis to axis
MEANING = 72.0  # room for what an axis is called
TAPS = 8  # of a window's side that are looked for in the memory


def address_height(memory: Memory) -> float:
    """How high the address is, without its heading."""
    return len(memory.axes) * STEP + 66


def tell_address(cell: Cell, memory: Memory) -> str:
    """Say how the address comes about and what lies there."""
    terms = " + ".join(f"{cell.index[k]} times {cell.strides[k]}" for k in memory.axes)
    where = f"outside the {memory.high - memory.low}-byte buffer: never read"
    if memory.inside(cell.address):
        said = memory.verdict(cell)
        told = ", ".join(said if cell.wrong(*cell.index) else said[1:])
        where = "inside, " + told.removeprefix("inside, ")
    return f"{_name(cell, memory)} lies at base + {terms} = {cell.address} bytes, {where}"


def way_to(cell: Cell, memory: Memory) -> Way:
    """A jump for each axis, the window's elements, and the one that the cell is."""
    jumps = [
        Jump(f"{AXES[k][0]} {cell.index[k]}×{digits(cell.strides[k])}", AXES[k][2], *ends)
        for k, ends in enumerate(pairwise(cell.stops))
    ]
    places = {cell.at(*cell.index[:4], *tap): tap for tap in _taps(cell)}
    return Way(jumps, reached(cell, memory), cell.address, places)


def reached(cell: Cell, memory: Memory) -> dict[int, str | None]:
    """Where the taps of the cell's window lead, and what is wanted where that is wrong."""
    taps: dict[int, str | None] = {}
    for tap in _taps(cell):
        index = *cell.index[:4], *tap
        wanted = memory.look(cell.wanted(*index)) if cell.wrong(*index) else None
        address, right = cell.at(*index), None if wanted is None else label(wanted[1])
        # two taps that lead to the same place may want two numbers there
        taps[address] = right if taps.get(address, right) == right else ""
    return taps


def _taps(cell: Cell) -> np.ndindex:
    return np.ndindex(*(min(size, TAPS) for size in cell.shape[4:]))


def draw_address(p: Picture, cell: Cell, memory: Memory, left: float) -> None:
    """Index times stride, axis by axis, added up."""
    said = _name(cell, memory) + _how(cell, memory, RIGHT - left)
    marks.heading(p, left, "Address", said, TITLE)
    most = [(cell.shape[k] - 1, cell.strides[k]) for k in memory.axes]
    columns = [*zip(*most, strict=True), [last * step for last, step in most]]
    widths = [max(len(str(number)) for number in column) for column in columns]
    room, em = RIGHT - left - 28, (sum(widths) + 6) * MONO_ADVANCE
    named = (room - MEANING) / em >= 11  # else there is room for the numbers alone
    size = min(14.0, (room - MEANING * named) / em)
    y = TOP + 10
    for k in memory.axes:
        letter, meaning, role = AXES[k]
        marks.chip(p, left, y, letter, role, 11)
        if named:
            p.text(left + 28, y + 4.5, meaning, 12, opacity=0.72)
        numbers = (cell.index[k], cell.strides[k], cell.jumps[k])
        index, step, jump = (f"{n:>{w}}" for n, w in zip(numbers, widths, strict=True))
        product = f"{index} × {step} = {jump}".replace("-", "−")
        p.text(RIGHT, y + 5, product, size, mono=True, anchor="end")
        y += STEP
    p.line((left, y - 11), (RIGHT, y - 11), stroke_opacity=0.5)
    _sum(p, cell, memory, y + 8, RIGHT - left)


def _sum(p: Picture, cell: Cell, memory: Memory, y: float, room: float) -> None:
    """The address, and what lies there."""
    inside = memory.inside(cell.address)
    text = digits(cell.address)
    width = marks.chip_width(text)
    p.text(RIGHT - width - 10, y + 5, "base +", 15, mono=True, anchor="end")
    marks.chip(p, RIGHT - width, y, text, "window" if inside else "outside")
    for k, line in enumerate(memory.verdict(cell)):
        bold = k == 1 or not inside
        line, size = marks.shortened(line, 14, room, 0.61)
        p.text(RIGHT, y + 31 + 19 * k, line, size, anchor="end", bold=bold)


def _how(cell: Cell, memory: Memory, room: float) -> str:
    """How an address comes about, where there is room to say it in every position."""
    longest, how = _name(replace(cell, index=cell.shape), memory), ": index × byte stride"
    return how if marks.title_width("", longest + how) <= room + 10 else ""


def _name(cell: Cell, memory: Memory) -> str:
    """Write the cell as an element of the view, with the axes that the reader's array has."""
    return f"view[{', '.join(str(cell.index[k]) for k in memory.axes)}]"
