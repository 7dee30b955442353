"""How the address of a cell comes about: index times byte stride, axis by axis, added up."""

from __future__ import annotations

from dataclasses import replace

from convlens.facts.cell import AXES, Cell, Memory
from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.marks import RIGHT
from convlens.picture.shapes import MONO_ADVANCE, Picture

__all__ = ["draw_address", "name_of"]

LEFT, TOP = 634.0, 94.0
ROOM = RIGHT - LEFT
MEANING = 72.0  # room for what an axis is called


def draw_address(p: Picture, cell: Cell, memory: Memory) -> float:
    """Index times stride, axis by axis, added up; return where it ends."""
    said = name_of(cell, memory) + _how(cell, memory)
    marks.heading(p, LEFT, "Address", said)
    most = [(cell.shape[k] - 1, cell.strides[k]) for k in memory.axes]
    columns = [*zip(*most, strict=True), [last * step for last, step in most]]
    widths = [max(len(str(number)) for number in column) for column in columns]
    room, em = ROOM - 32, (sum(widths) + 6) * MONO_ADVANCE
    named = (room - MEANING) / em >= 11  # else there is room for the numbers alone
    size = min(14.0, (room - MEANING * named) / em)
    y = TOP
    for k in memory.axes:
        letter, meaning, role = AXES[k]
        marks.chip(p, LEFT, y, letter, role, 13)
        if named:
            p.text(LEFT + 32, y + 4.5, meaning, 12, opacity=0.72)
        numbers = (cell.index[k], cell.strides[k], cell.jumps[k])
        index, step, jump = (f"{n:>{w}}" for n, w in zip(numbers, widths, strict=True))
        product = f"{index} × {step} = {jump}".replace("-", "−")
        p.text(RIGHT, y + 5, product, size, mono=True, anchor="end")
        y += 33
    p.line((LEFT, y - 14), (RIGHT, y - 14), stroke_opacity=0.5)
    return _sum(p, cell, memory, y + 8)


def _sum(p: Picture, cell: Cell, memory: Memory, y: float) -> float:
    """The address, and what lies there; return where it ends."""
    inside = memory.inside(cell.address)
    text = digits(cell.address)
    width = marks.chip_width(text)
    p.text(RIGHT - width - 10, y + 5, "base +", 15, mono=True, anchor="end")
    marks.chip(p, RIGHT - width, y, text, "window" if inside else "outside")
    for k, line in enumerate(memory.verdict(cell)):
        bold = k == 1 or not inside
        line, size = marks.shortened(line, 14, ROOM, 0.61)
        p.text(RIGHT, y + 34 + 22 * k, line, size, anchor="end", bold=bold)
    return y + 66


def _how(cell: Cell, memory: Memory) -> str:
    """How an address comes about, where there is room to say it in every position."""
    longest, how = name_of(replace(cell, index=cell.shape), memory), ": index × byte stride"
    return how if marks.title_width("", longest + how) <= ROOM + 10 else ""


def name_of(cell: Cell, memory: Memory) -> str:
    """Write the cell as an element of the view, with the axes that the reader's array has."""
    return f"view[{', '.join(str(cell.index[k]) for k in memory.axes)}]"
