"""Below the frame: the size formula with its numbers, both SAME conventions, and the verdict."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture
from convlens.scenes.story import Pieces, arithmetic
from convlens.words import times

if TYPE_CHECKING:
    from convlens.facts.setting import Axis, Setting
    from convlib.arguments import Pair

__all__ = ["FORMULAS", "SAME", "VERDICT", "formulas", "listed", "same_panel", "verdict"]

FORMULAS, SAME, VERDICT = 136.0, 152.0, 96.0  # heights
CONVENTIONS = {"same": "the odd cell at the end", "same_lower": "the odd cell at the start"}
STRIP = 104.0  # width of a strip of cells
LISTED = 5  # numbers in a list, before it is cut


def listed(numbers: list[int] | range, most: int = LISTED) -> str:
    """Write some numbers, the middle ones left out where there are many.

    >>> listed(range(3)), listed(range(0, 40, 2), 4)
    ('0, 1, 2', '0, 2, 4, … 38')
    """
    shown = [str(k) for k in numbers]
    return ", ".join(shown if len(shown) <= most else [*shown[: most - 1], f"… {shown[-1]}"])


def formulas(p: Picture, s: Setting, y: float) -> None:
    """The formula for rows and for columns; below it what it comes to and leaves over."""
    for axis, name, what in zip(s.axes, ("OH", "OW"), ("row", "column"), strict=True):
        counted: Pieces = [(f"   = ⌊{digits(axis.spare)} / {axis.stride}⌋ + 1", "")]
        if s.geometry:
            counted += [(" = ", ""), (str(len(axis.starts)), "output")]
        arithmetic(p, LEFT, y, _formula(axis, name), 14)
        end = arithmetic(p, LEFT, y + 28, counted, 14)
        if s.geometry or axis.spare < 0:
            p.text(end + 20, y + 32, _leftover(axis, what), 12, opacity=0.72)
        y += 65


def _formula(axis: Axis, name: str) -> Pieces:
    """The formula of one axis with its numbers."""
    return [
        (f"{name} = ⌊ ({axis.size} + ", ""),
        (str(axis.before), "padding"),
        (" + ", ""),
        (str(axis.after), "padding"),
        (" − ( ", ""),
        (str(axis.kernel), "kernel"),
        (" − 1) · ", ""),
        (str(axis.dilation), "kernel"),
        (" − 1) / ", ""),
        (str(axis.stride), "stride"),
        (" ⌋ + 1", ""),
    ]


def _leftover(axis: Axis, what: str) -> str:
    """What the rounding down leaves, and what no window looks at."""
    if axis.spare < 0:
        return f"The window is longer than the padded input, by {-axis.spare}."
    missed = axis.unreached
    reached = f"no window reaches {what}{'s' * (len(missed) > 1)} {listed(missed)}"
    reached = reached if missed else f"a window reaches every {what}"
    return f"Rounding down drops a remainder of {axis.spare % axis.stride}; {reached}."


def same_panel(p: Picture, s: Setting, x: float, y: float, room: Pair) -> None:
    """Both conventions side by side: where each puts the cells that SAME adds."""
    counts = [
        f"{n} / {k} → {-(-n // k)}" for n, k in zip(s.each("size"), s.each("stride"), strict=True)
    ]
    words = f"rows {counts[0]}, columns {counts[1]}"
    marks.heading(p, x, "SAME: output = input / stride, rounded up", words, y=y)
    for left, (name, where) in zip((x, x + 200), CONVENTIONS.items(), strict=True):
        p.text(left, y + 46, f'"{name}"', 13, mono=True, bold=True)
        if s.padding == name:
            marks.chosen(p, left, y + 50, (len(name) + 2) * MONO_ADVANCE * 13)
        p.text(left, y + 65, where, 12, opacity=0.72)
        for k, (what, sides) in enumerate(zip(("rows", "cols"), s.same(name), strict=True)):
            at = y + 80 + 23 * k
            p.text(left, at + 9, what, 11, opacity=0.72)
            _strip(p, left + 32, at, s.each("size")[k], sides, room[k])
            p.text(left + 178, at + 9, f"{sides[0]}+{sides[1]}", 11, mono=True, anchor="end")
    odd = [w for w, a in zip(("rows", "columns"), s.same("same"), strict=True) if a[0] != a[1]]
    told = f"They differ in the {' and '.join(odd)}: an odd sum."
    p.text(x, y + 141, told if odd else "No odd sum: they agree.", 12, opacity=0.72)


def _strip(p: Picture, x: float, y: float, size: int, sides: Pair, room: int) -> None:
    """Padding, image, padding: cells where they can be told apart, else bars."""
    reserved = max(room, *sides)
    pitch = min(10.0, STRIP / (size + 2 * reserved))
    x += (reserved - sides[0]) * pitch
    apart = pitch >= 5

    def boxes(first: int, count: int) -> list[tuple[float, float, float, float]]:
        if apart:
            return [(x + (first + k) * pitch, y, pitch - 1.5, 10.0) for k in range(count)]
        return [(x + first * pitch, y, max(count * pitch, 1.0), 10.0)] if count else []

    p.path([("R", *box) for box in boxes(sides[0], size)], fill=INK, fill_opacity=0.3)
    for box in boxes(0, sides[0]) + boxes(sides[0] + size, sides[1]):
        marks.padding(p, *box)


def verdict(p: Picture, s: Setting, y: float) -> None:
    """What the setting comes to; where it is impossible, the library's own words."""
    box = LEFT, y, RIGHT - LEFT, VERDICT - 14
    if isinstance(s.outcome, str):
        marks.misfit(p, *box)
        title, lines = "impossible", textwrap.wrap(s.outcome, 118)[:3]
    else:
        p.rect(*box, fill=INK, fill_opacity=0.07, rx=5)
        title, lines = "possible", _summary(s)
    p.text(LEFT + 14, y + 22, title, 15, bold=True)
    reach = "go further than is possible" if s.free else "stay within what is possible"
    p.text(RIGHT - 14, y + 21, f"the sliders {reach}", 12, anchor="end", opacity=0.72)
    for k, line in enumerate(lines):
        p.text(LEFT + 14, y + 40 + 16 * k, line, 12)


def _summary(s: Setting) -> list[str]:
    rows, columns = (axis.starts for axis in s.axes)
    spans, cells = zip(*((axis.extent, axis.padded) for axis in s.axes), strict=True)
    count = f"{len(rows)} × {len(columns)} = {len(rows) * len(columns)}"
    return [
        f"A window spans {times(spans)} of {times(cells)} cells, and stops at {count} places.",
        f"Rows where one starts: {listed(rows, 14)}",
        f"Columns where one starts: {listed(columns, 14)}",
    ]
