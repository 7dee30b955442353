"""What is said below the panels: the sum, and how the family reaches the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convlens.palette import label
from convlens.terminal.spans import Line, Span, length
from convlib import index_grid, strided
from convlib.arguments import choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convlib.frames import Frame

__all__ = ["FAMILIES", "family_lines", "header", "sum_line"]

FAMILIES = ("strided", "index_grid")
HOW = {"strided": "By byte strides", "index_grid": "By index grid"}


def header(frame: Frame, family: str) -> list[Line]:
    """Say where the window stands, and the sizes of it all."""
    choice("family", family, FAMILIES, {"family": family})
    g, (images, filters, rows, columns) = frame.walk.geometry, frame.walk.output.shape
    number = ((frame.image * filters + frame.filter) * rows) * columns + frame.number + 1
    where = f"{HOW[family]}: window {number} of {images * filters * rows * columns}"
    if filters > 1:
        where += f", filter {frame.filter}"
    if images > 1:
        where += f", image {frame.image}"
    sizes = f"input {_by(g.input_size)}, kernel {_by(g.kernel_size)}, output {_by(g.output_size)}"
    steps = f"stride {_by(g.stride)}"
    if g.pads:
        (top, bottom), (left, right) = g.padding
        even = top == bottom and left == right
        steps += ", padding " + (_by((top, left)) if even else f"{top}+{bottom} and {left}+{right}")
        steps += "" if g.padding_mode == "zeros" else f" ({g.padding_mode})"
    steps += "" if g.dilation == (1, 1) else f", dilation {_by(g.dilation)}"
    steps += "" if g.groups == 1 else f", groups {g.groups}"
    steps += "" if g.layout == "NCHW" else f", {g.layout}"
    return [[Span(where, "title")], [Span(f"{sizes}, {steps}", "dim")]]


def _by(pair: tuple[int, int]) -> str:
    return f"{pair[0]}×{pair[1]}"


def output_name(frame: Frame) -> str:
    """Write the output cell as the reader would index the result of conv2d.

    >>> from convlib import Walk
    >>> output_name(Walk([[[1, 2, 3]]], [[[[1, 2]]]]).frame(0, 1))
    'y[0, 0, 1]'
    """
    image = [frame.image] if frame.walk.x_ndim == 4 else []
    filters = [frame.filter] if frame.walk.w_ndim == 4 else []
    place = [frame.row, frame.column]
    last = frame.walk.geometry.layout == "NHWC"
    index = [*image, *place, *filters] if last else [*image, *filters, *place]
    return f"y[{', '.join(map(str, index))}]"


def sum_line(frame: Frame, width: int) -> Line:
    """Write the products out and their sum, as many of them as the width allows."""
    pairs = zip(frame.window.ravel(), frame.kernel.ravel(), strict=True)
    # Not frame.sum: conv2d added in another order, and may have rounded otherwise.
    total = frame.walk.output[frame.image, frame.filter, frame.row, frame.column]
    end: Line = [Span(" = "), Span(f"<{label(total)}>", "output")]
    if frame.walk.has_bias:
        end = [Span(" + "), Span(f"{label(frame.bias)} (bias)"), *end]
    begin: Line = [Span(f"{output_name(frame)} = ")]
    terms = ([Span(_factor(a), "window"), Span("×"), Span(_factor(b), "kernel")] for a, b in pairs)
    return begin + _joined(terms, frame.kernel.size, width - length(begin + end)) + end


def _factor(value: Any) -> str:
    """A number to be multiplied: a complex one needs parentheses."""
    text = label(value)
    return f"({text})" if text.endswith("i") else text


def _joined(terms: Iterable[Line], count: int, room: int) -> Line:
    """Add terms up on one line; where there are too many, say how many are left out."""
    joined: Line = []
    for done, term in enumerate(terms):
        more = [Span(f" + … {count - done} more", "dim")]
        following = [Span(" + "), *term] if done else term
        spare = 0 if done == count - 1 else length(more)
        if length(joined + following) + spare > room:
            return joined + more if done else [Span(f"{count} products", "dim")]
        joined += following
    return joined


def family_lines(frame: Frame, family: str, width: int) -> list[Line]:
    """Show how the window's elements are reached: by start and offsets, in elements or in bytes."""
    if family == "index_grid":
        image, _, row, column = index_grid.steps(frame.walk.geometry)
        down, right = frame.walk.geometry.stride
        jumps = image, down * row, right * column
        start, unit = frame.start, "elements"
        opening: list[Line] = []
        names, places = ("offset", "grid", "take"), frame.grid_row
    else:
        g = replace(frame.walk.geometry, layout="NCHW")  # as the axes of `padded` stand
        strides = strided.byte_strides(frame.walk.padded, g)
        jumps, unit = strides[:3], "bytes"
        start = frame.image * jumps[0] + frame.row * jumps[1] + frame.column * jumps[2]
        opening = [_strides_line(strides)]
        names, places = ("offset", "bytes", "value"), frame.byte_offsets.ravel()
    some, values = places[:width], frame.window.ravel()[:width]  # no more could fit
    rows = [
        (names[0], "kernel", [f"+{p - start}".replace("+-", "−") for p in some]),
        (names[1], "window", [str(p).replace("-", "−") for p in some]),
        (names[2], "", [label(value) for value in values]),
    ]
    return [*opening, _start_line(frame, jumps, start, unit), *_table(rows, places.size, width)]


def _strides_line(strides: tuple[int, ...]) -> Line:
    """Name the six byte strides of the window view."""
    names = ("N", "OH", "OW", "C", "KH", "KW")
    named = ", ".join(f"{name} {step}" for name, step in zip(names, strides, strict=True))
    return [Span("byte strides  "), Span(named.replace("-", "−"))]


def _start_line(frame: Frame, jumps: tuple[int, ...], start: int, unit: str) -> Line:
    """Work out where the window begins from its output position."""
    places = {"n": frame.image, "i": frame.row, "j": frame.column}
    used = list(zip(places.items(), jumps, strict=True))[frame.walk.geometry.batch == 1 :]
    letters = " + ".join(f"{name}·{jump}" for (name, _), jump in used)
    numbers = " + ".join(f"{place}·{jump}" for (_, place), jump in used)
    text = f"start   {letters} = {numbers} = ".replace("-", "−")
    return [Span(text), Span(f"<{start}>".replace("-", "−"), "output"), Span(f" {unit}")]


def _table(rows: list[tuple[str, str, list[str]]], size: int, width: int) -> list[Line]:
    """Set the entries of several rows under each other, as many of `size` columns as fit."""
    columns = list(zip(*(texts for _, _, texts in rows), strict=True))
    wide = [max(map(len, column)) + 1 for column in columns]
    named = 8
    more = len(f" … {size} more")
    count = len(wide)
    while count > 1 and named + sum(wide[:count]) + (more if count < size else 0) > width:
        count -= 1
    left = size - count
    end = [Span(f" … {left} more" if left else "", "dim")]
    return [
        [Span(f"{name:<{named}}"[: named - 1]), *_entries(texts[:count], wide, role), *end]
        for name, role, texts in rows
    ]


def _entries(texts: list[str], wide: list[int], role: str) -> Line:
    """Right-align entries in columns; the colour covers the numbers and not the gaps."""
    entries: Line = []
    for text, width in zip(texts, wide, strict=False):
        entries += [Span(" " * (width - len(text))), Span(text, role)]
    return entries
