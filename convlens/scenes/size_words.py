"""Below the frame: the size formula with its numbers, both SAME conventions, and the verdict."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from convlens.palette import OUTSIDE, digits
from convlens.picture import marks
from convlens.picture.image import times
from convlens.picture.marks import DASHED, LEFT, RIGHT
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

if TYPE_CHECKING:
    from convlens.facts.setting import Axis, Setting
    from convlib.arguments import Pair

__all__ = ["FORMULAS", "SAME", "VERDICT", "formulas", "listed", "same_panel", "verdict"]

FORMULAS, SAME, VERDICT = 118.0, 152.0, 96.0  # heights
CONVENTIONS = {"same": "the odd cell at the end", "same_lower": "the odd cell at the start"}
STRIP = 104.0  # width of a strip of cells
LISTED = 8  # numbers in a list, before it is cut


def listed(numbers: list[int] | range, most: int = LISTED) -> str:
    """Write some numbers, the middle ones left out where there are many.

    >>> listed(range(3)), listed(range(0, 40, 2), 4)
    ('0, 1, 2', '0, 2, 4, … 38')
    """
    shown = [str(k) for k in numbers]
    return ", ".join(shown if len(shown) <= most else [*shown[: most - 1], f"… {shown[-1]}"])


def formulas(p: Picture, s: Setting, y: float) -> None:
    """The formula for rows and for columns, each with what is left over."""
    for k, (axis, name, what) in enumerate(
        zip(s.axes, ("OH", "OW"), ("row", "column"), strict=True)
    ):
        line = y + 56 * k
        pieces = _pieces(axis, name, possible=s.geometry is not None)
        room = RIGHT - LEFT
        size = 14.0
        while size > 8 and sum(_wide(text, role, size) for text, role in pieces) > room:
            size -= 0.5
        x = LEFT
        for text, role in pieces:
            if role:
                x = marks.chip(p, x, line, text, role, size)
            else:
                x = marks.sentence(p, x, line, text, size, opacity=0.85)
        p.text(
            LEFT,
            line + 27,
            _leftover(axis, what, possible=s.geometry is not None),
            12,
            opacity=0.72,
        )


def _wide(text: str, role: str, size: float) -> float:
    return marks.chip_width(text, size) if role else len(text) * MONO_ADVANCE * size


def _pieces(axis: Axis, name: str, *, possible: bool) -> list[tuple[str, str]]:
    """The formula of one axis: texts, and chips with their roles."""
    found = [
        (f"{name} = ⌊ ({axis.size} + ", ""),
        (str(axis.before), "outside"),
        (" + ", ""),
        (str(axis.after), "outside"),
        (" − ( ", ""),
        (str(axis.kernel), "kernel"),
        (" − 1) · ", ""),
        (str(axis.dilation), "kernel"),
        (" − 1) / ", ""),
        (str(axis.stride), "output"),
        (f" ⌋ + 1 = ⌊{digits(axis.spare)} / {axis.stride}⌋ + 1", ""),
    ]
    if possible:
        found += [(" = ", ""), (str(len(axis.starts)), "output")]
    return found


def _leftover(axis: Axis, what: str, *, possible: bool) -> str:
    """What the rounding down leaves, and what no window looks at."""
    meaning = f"{what}s: ⌊ ⌋ rounds down. "
    if axis.spare < 0:
        return f"{meaning}The window is longer than the padded input, by {-axis.spare}."
    if not possible:
        return meaning
    over, missed = axis.spare % axis.stride, axis.unreached
    rest = f"{axis.spare} / {axis.stride} leaves a remainder of {over}"
    if not missed:
        return f"{meaning}{rest}; a window reaches every {what}."
    return f"{meaning}{rest}; no window reaches {what}{'s' * (len(missed) > 1)} {listed(missed)}."


def same_panel(p: Picture, s: Setting, x: float, y: float, room: Pair) -> None:
    """Both conventions side by side: where each puts the cells that SAME adds."""
    counts = [f"{n} / {k} → {-(-n // k)}" for n, k in zip(s.input_size, s.stride, strict=True)]
    marks.heading(
        p,
        x,
        "SAME: output = input / stride, rounded up",
        f"rows {counts[0]}, columns {counts[1]}",
        y=y,
    )
    for left, (name, where) in zip((x, x + 200), CONVENTIONS.items(), strict=True):
        p.text(left, y + 46, f'"{name}"', 13, mono=True, bold=True)
        if s.padding == name:
            width = (len(name) + 2) * MONO_ADVANCE * 13
            marks.underline(p, left, y + 50, width, "output")
        p.text(left, y + 65, where, 11.5, opacity=0.72)
        for k, (what, sides) in enumerate(zip(("rows", "cols"), s.same(name), strict=True)):
            at = y + 80 + 23 * k
            p.text(left, at + 9, what, 11, opacity=0.72)
            _strip(p, left + 32, at, s.input_size[k], sides, room[k])
            p.text(left + 178, at + 9, f"{sides[0]}+{sides[1]}", 11, mono=True, anchor="end")
    odd = [w for w, a in zip(("rows", "columns"), s.same("same"), strict=True) if a[0] != a[1]]
    told = (
        f"They differ in the {' and '.join(odd)}: an odd sum." if odd else "No odd sum: they agree."
    )
    p.text(x, y + 141, told, 11.5, opacity=0.72)


def _strip(p: Picture, x: float, y: float, size: int, sides: Pair, room: int) -> None:
    """Padding, image, padding: cells where they can be told apart, else bars."""
    reserved = max(room, *sides)
    pitch = min(10.0, STRIP / (size + 2 * reserved))
    first, gap = x + (reserved - sides[0]) * pitch, 1.5 if pitch >= 5 else 0.0
    solid = [(first + sides[0] * pitch, size)]
    if gap:
        solid = [(first + (sides[0] + k) * pitch, 1) for k in range(size)]
    boxes = [("R", at, y, count * pitch - gap, 10.0) for at, count in solid]
    p.path(boxes, fill=INK, fill_opacity=0.3)
    ends = ((first, sides[0]), (first + (sides[0] + size) * pitch, sides[1]))
    added = [(at, count) for at, count in ends if count]
    if gap:
        added = [(at + k * pitch, 1) for at, count in added for k in range(count)]
    style = {**DASHED, "stroke_width": 1.5, "stroke_dasharray": "3 2"}
    if added:
        p.path([("R", at, y, max(count * pitch - gap, 1.0), 10.0) for at, count in added], **style)


def verdict(p: Picture, s: Setting, y: float) -> None:
    """What the setting comes to; where it is impossible, the library's own words on a red edge."""
    box = LEFT, y, RIGHT - LEFT, VERDICT - 14
    if isinstance(s.outcome, str):
        p.rect(*box, fill="none", stroke=OUTSIDE, stroke_width=3, rx=5)
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
    rows, columns = s.axes
    spans, cells = ((a, b) for a, b in zip(*((c.extent, c.padded) for c in s.axes), strict=True))
    count = f"{len(rows.starts)} × {len(columns.starts)} = {len(rows.starts) * len(columns.starts)}"
    return [
        f"A window spans {times(spans)} of {times(cells)} cells, and stops at {count} places.",
        f"Rows where one starts: {listed(rows.starts, 14)}",
        f"Columns where one starts: {listed(columns.starts, 14)}",
    ]
