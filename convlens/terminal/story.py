"""What is said below the panels: the sum, and how the family reaches the window."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convlens.palette import digits, label
from convlens.picture.text import length
from convlens.scenes.source import output_name
from convlib import index_grid, strided
from convlib.arguments import choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convlens.picture.code import Line
    from convlib.frames import Frame

__all__ = ["HOW", "words"]

HOW = {"strided": "By byte strides", "index_grid": "By index grid"}
NAMED = 8  # columns that the names of a table's rows take


def words(
    frame: Frame, family: str, width: int, channels: int, wordy: bool
) -> tuple[list[Line], list[Line]]:
    """Give the lines of words above and below the panels; the fewest where they are not wordy."""
    choice("family", family, HOW, {"family": family})
    where, reached = _where(frame, family), _family_lines(frame, family, width)
    if channels < (count := len(frame.channels)):
        where.append((f", {channels} of {count} channels", ""))
    if length(where) > width:
        where = [(text.removeprefix(f"{HOW[family]}: "), role) for text, role in where]
    total = _sum_line(frame, width)
    if wordy:
        return [where, [(_sizes(frame), "dim")]], [total, [], *reached]
    return [where], [total, *reached[-4:-3], reached[-2]]


def _where(frame: Frame, family: str) -> Line:
    """Say where the window stands."""
    images, filters, *size = frame.walk.output.shape
    number = (frame.image * filters + frame.filter) * math.prod(size) + frame.number + 1
    where = f"{HOW[family]}: window {number} of {frame.walk.output.size}"
    where += f", filter {frame.filter}" if filters > 1 else ""
    return [(where + (f", image {frame.image}" if images > 1 else ""), "title")]


def _sizes(frame: Frame) -> str:
    """Give the sizes of it all, and what is not as usual."""
    g = frame.walk.geometry
    sizes = f"input {_by(g.input_size)}, kernel {_by(g.kernel_size)}, output {_by(g.output_size)}"
    steps = f", stride {_by(g.stride)}"
    if g.pads:
        (top, bottom), (left, right) = g.padding
        even = top == bottom and left == right
        steps += ", padding " + (_by((top, left)) if even else f"{top}+{bottom} and {left}+{right}")
        steps += "" if g.padding_mode == "zeros" else f" ({g.padding_mode})"
    steps += "" if g.dilation == (1, 1) else f", dilation {_by(g.dilation)}"
    steps += "" if g.groups == 1 else f", groups {g.groups}"
    return sizes + steps + ("" if g.layout == "NCHW" else f", {g.layout}")


def _by(pair: tuple[int, int]) -> str:
    return f"{pair[0]}×{pair[1]}"


def _sum_line(frame: Frame, width: int) -> Line:
    """Write the products out and their sum, as many of them as the width allows."""
    pairs = zip(frame.window.ravel(), frame.kernel.ravel(), strict=True)
    # Not frame.sum: conv2d added in another order, and may have rounded otherwise.
    total = frame.walk.output[frame.image, frame.filter, frame.row, frame.column]
    bias = f" + {label(frame.bias)} (bias)" if frame.walk.has_bias else ""
    begin, end = f"{output_name(frame)} = ", [(bias + " = ", ""), (f"<{label(total)}>", "output")]
    room = width - len(begin) - length(end)
    terms = ([(_factor(a), "window"), ("×", ""), (_factor(b), "kernel")] for a, b in pairs)
    full = [(begin, ""), *_added(terms, frame.kernel.size, room), *end]
    return _roomiest(width, full, [(begin, ""), *end[1:]], end[1:])


def _roomiest(width: int, *lines: Line) -> Line:
    """Take the first of some lines that fits, the fullest first; the last where none does."""
    return next((line for line in lines if length(line) <= width), lines[-1])


def _factor(value: Any) -> str:
    """A number to be multiplied: a complex one needs parentheses."""
    text = label(value)
    return f"({text})" if text.endswith("i") else text


def _added(terms: Iterable[Line], count: int, room: int) -> Line:
    """Add terms up on one line; where there are too many, say how many are left out."""
    added: Line = []
    for done, term in enumerate(terms):
        more = [(f" + … {count - done} more", "dim")]
        following = [(" + ", ""), *term] if done else term
        spare = 0 if done == count - 1 else length(more)
        if length(added + following) + spare > room:
            return added + more if done else [(f"{count} products", "dim")]
        added += following
    return added


def _family_lines(frame: Frame, family: str, width: int) -> list[Line]:
    """Show how the window's elements are reached: by start and offsets, in elements or in bytes."""
    g = frame.walk.geometry
    opening: list[Line] = []
    if family == "index_grid":
        image, _, row, column = index_grid.steps(g)
        jumps = image, g.stride[0] * row, g.stride[1] * column
        unit, names, places = "elements", ("offset", "grid", "take"), frame.grid_row
    else:
        # NCHW, as the axes of `padded` stand.
        strides = strided.byte_strides(frame.walk.padded, replace(g, layout="NCHW"))
        axes = zip("nijcuv", g.window_shape, map(digits, strides), strict=True)
        named = ", ".join(f"{name} {step}" for name, length, step in axes if length > 1)
        opening = [[(f"byte strides  {named or 'none, for one number'}", "")]]
        jumps, unit, names = strides[:3], "bytes", ("tap", "bytes", "value")
        places = frame.byte_offsets.ravel()
    start = frame.image * jumps[0] + frame.row * jumps[1] + frame.column * jumps[2]
    some, values = places[:width].tolist(), frame.window.ravel()[:width]  # no more could fit
    rows = [
        (names[0], "kernel", ["+" * (p >= start) + digits(p - start) for p in some]),
        (names[1], "window", list(map(digits, some))),
        (names[2], "", list(map(label, values))),
    ]
    return [
        *opening,
        _start_line(frame, jumps, start, unit, width),
        *_table(rows, places.size, width),
    ]


def _start_line(frame: Frame, jumps: tuple[int, ...], start: int, unit: str, width: int) -> Line:
    """Work out where the window begins from its output position."""
    at, lengths = (frame.image, frame.row, frame.column), frame.walk.geometry.window_shape[:3]
    axes = zip("nij", at, map(digits, jumps), lengths, strict=True)
    used = [found[:3] for found in axes if found[3] > 1]  # an axis of length 1 takes no step
    letters = " + ".join(f"{name}·{jump}" for name, _, jump in used)
    numbers = " + ".join(f"{place}·{jump}" for _, place, jump in used)
    end: Line = [(f"<{digits(start)}>", "output"), (f" {unit}", "")]
    begins = (f"{letters} = {numbers} = ", f"{numbers} = ", "") if used else ("",)
    return _roomiest(width, *([(f"start   {begin}", ""), *end] for begin in begins))


def _table(rows: list[tuple[str, str, list[str]]], size: int, width: int) -> list[Line]:
    """Set the entries of several rows under each other, as many of `size` columns as fit."""
    columns = zip(*(texts for _, _, texts in rows), strict=True)
    wide = [max(map(len, column)) + 1 for column in columns]
    more = len(f" … {size} more")
    while len(wide) > 1 and NAMED + sum(wide) + (more if len(wide) < size else 0) > width:
        wide.pop()
    end = (f" … {size - len(wide)} more" if len(wide) < size else "", "dim")
    lines = []
    for name, role, texts in rows:
        # The colour covers the entries and not the gaps between them.
        pairs = [((" " * (w - len(t)), ""), (t, role)) for t, w in zip(texts, wide, strict=False)]
        lines.append([(f"{name:<{NAMED - 1}}", ""), *itertools.chain(*pairs), end])
    return lines
