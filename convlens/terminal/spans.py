"""Pieces of text that know what they mean, and the panels built of them.

A `Span` carries a role (window, kernel, output, outside) in place of a colour, and the marks that
say the same without colour stand in its text: [window], ║kernel║, <output>, · outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from convlens.palette import label

__all__ = [
    "GAP",
    "Line",
    "Panel",
    "Span",
    "bands",
    "beside",
    "cell",
    "clip",
    "grid",
    "short",
    "visible",
]

GAP = 3  # columns between panels; an operator stands in the middle one
MARKS = {"window": ("[", "]"), "output": ("<", ">")}


class Span(NamedTuple):
    """A piece of a line; `role` is "" where it has none."""

    text: str
    role: str = ""


Line = list[Span]


class Panel(NamedTuple):
    """A block of lines, its title first, and the operator before it."""

    lines: list[Line]
    operator: str = ""

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max(length(line) for line in self.lines)


def length(line: Line) -> int:
    """Count the columns of a line."""
    return sum(len(span.text) for span in line)


def clip(line: Line, width: int) -> Line:
    """Cut a line at `width` columns, with … where something is missing.

    >>> clip([Span("window "), Span("[12]", "window")], 9)
    [Span(text='window ', role=''), Span(text='[…', role='window')]
    """
    if length(line) <= width:
        return line
    kept: Line = []
    for text, role in line:
        room = width - length(kept)
        if len(text) >= room:
            return [*kept, Span((text[: room - 1] + "…") if room > 0 else "", role)]
        kept.append(Span(text, role))
    return kept


def short(value: Any, width: int) -> str:
    """Write a number in at most `width` columns, with fewer digits where it must be.

    >>> short(-0.00123, 9), short(-0.00123, 6), short(-0.00123, 5)
    ('−0.00123', '−0.001', '−0.0…')
    """
    for digits in (3, 2, 1):
        if len(text := label(value, digits)) <= width:
            return text
    return text[: width - 1] + "…"


def cell(text: str, width: int, role: str = "") -> Span:
    """Write a cell between the marks of its role, or between blanks.

    >>> cell("7", 2, "window").text, cell("7", 2).text
    ('[ 7]', '  7 ')
    """
    left, right = MARKS.get(role, (" ", " "))
    if role == "output":
        return Span(f"{left + text:>{width + 1}}{right}", role)
    return Span(f"{left}{text:>{width}}{right}", role)


def visible(size: int, first: int, last: int, room: int) -> range:
    """Choose at most `room` neighbouring indices, first to last in their middle.

    Parameters
    ----------
    size : int
        Indices that there are.
    first, last : int
        Where the window begins and ends. One too long for the room is shown from its beginning.
    room : int

    Examples
    --------
    >>> visible(100, 40, 42, 7), visible(100, 0, 2, 7), visible(5, 1, 2, 7)
    (range(38, 45), range(0, 7), range(0, 5))
    """
    if size <= room:
        return range(size)
    middle = first if last - first >= room else (first + last + 1 - room) // 2
    begin = min(max(middle, 0), size - room)
    return range(begin, begin + room)


def grid(
    title: str,
    size: tuple[int, int],
    shown: tuple[range, range],
    draw: Callable[[int, int], Span],
    current: tuple[Sequence[int], Sequence[int]],
) -> Panel:
    """Lay out rows and columns of cells under a title, numbered, with … where some are left out.

    The marks of what is left out keep their place at the borders too, so that nothing jumps.
    """
    rows, columns = shown
    wide = len(str(size[0] - 1))
    over = len(draw(rows[0], columns[0]).text) - 1  # a number stands over the last digit
    cut = " " * 2 * (len(columns) < size[1])
    left, right = (Span(" …" if some else cut, "dim") for some in _left_out(columns, size[1]))
    above, below = ("⋮" if some else "" for some in _left_out(rows, size[0]))
    named = [Span(f"{str(j)[-over:]:>{over}} ", _bold(j in current[1])) for j in columns]
    corner = Span(f"{above:>{wide}} ", "dim")
    lines: list[Line] = [[Span(title, "title")], [corner, left, *named, right]]
    for i in rows:
        name = Span(f"{i:>{wide}} {cut}", _bold(i in current[0]))
        lines.append([name, *(draw(i, j) for j in columns), Span(cut)])
    if len(rows) < size[0]:
        lines.append([Span(f"{below:>{wide}}", "dim")])
    return Panel(lines)


def _bold(current: bool) -> str:
    return "title" if current else "dim"


def _left_out(shown: range, size: int) -> tuple[bool, bool]:
    """Tell whether something is left out before and after."""
    return shown[0] > 0, shown[-1] < size - 1


def beside(panels: Sequence[Panel], width: int) -> list[list[Line]]:
    """Set panels side by side, in as many bands as the width asks for."""
    return [
        _band([panels[place] for place in band])
        for band in bands([panel.width for panel in panels], width)
    ]


def bands(widths: Sequence[int], width: int) -> list[list[int]]:
    """Share panels of some widths out into bands, in their order.

    >>> bands([30, 20, 10, 25], 60)
    [[0, 1], [2, 3]]
    """
    shared: list[list[int]] = []
    used = 0
    for place, wide in enumerate(widths):
        if not shared or used + GAP + wide > width:
            shared.append([place])
            used = wide
        else:
            shared[-1].append(place)
            used += GAP + wide
    return shared


def _band(panels: list[Panel]) -> list[Line]:
    """Join the lines of panels: each padded to its panel's width, the operator on the first row."""
    lines: list[Line] = []
    for number in range(max(len(panel.lines) for panel in panels)):
        joined: Line = []
        for place, panel in enumerate(panels):
            if place:
                joined.append(Span(f"{panel.operator if number == 2 else '':^{GAP}}"))
            own = panel.lines[number] if number < len(panel.lines) else []
            joined += [*own, Span(" " * (panel.width - length(own)))]
        lines.append(joined)
    return lines
