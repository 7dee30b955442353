"""Beside and below the frame: the size formula with its numbers, and the verdict."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import INK, Picture
from convlens.scenes.story import Pieces, arithmetic
from convlens.words import times

if TYPE_CHECKING:
    from convlens.facts.setting import Axis, Setting

__all__ = ["FORMULAS", "VERDICT", "formulas", "listed", "verdict"]

FORMULAS, VERDICT = 108.0, 64.0  # heights
LISTED = 5  # numbers in a list, before it is cut


def listed(numbers: list[int] | range, most: int = LISTED) -> str:
    """Write some numbers, the middle ones left out where there are many.

    >>> listed(range(3)), listed(range(0, 40, 2), 4)
    ('0, 1, 2', '0, 2, 4, … 38')
    """
    shown = [str(k) for k in numbers]
    return ", ".join(shown if len(shown) <= most else [*shown[: most - 1], f"… {shown[-1]}"])


def formulas(p: Picture, s: Setting, x: float, y: float) -> None:
    """The formula for rows and for columns; below it what it comes to."""
    for axis, name in zip(s.axes, ("OH", "OW"), strict=True):
        counted: Pieces = [(f"   = ⌊{digits(axis.spare)} / {axis.stride}⌋ + 1", "")]
        if s.geometry:
            counted += [(" = ", ""), (str(len(axis.starts)), "output")]
        arithmetic(p, x, y, _formula(axis, name), 13)
        arithmetic(p, x, y + 27, counted, 13)
        y += 58


def _formula(axis: Axis, name: str) -> Pieces:
    """The formula of one axis with its numbers."""
    return [
        (f"{name} = ⌊({axis.size} + ", ""),
        (str(axis.before), "padding"),
        (" + ", ""),
        (str(axis.after), "padding"),
        (" − (", ""),
        (str(axis.kernel), "kernel"),
        (" − 1)·", ""),
        (str(axis.dilation), "kernel"),
        (" − 1) / ", ""),
        (str(axis.stride), "stride"),
        ("⌋ + 1", ""),
    ]


def verdict(p: Picture, s: Setting, y: float) -> None:
    """What the setting comes to; where it is impossible, the library's own words."""
    box = LEFT, y, RIGHT - LEFT, VERDICT
    if isinstance(s.outcome, str):
        marks.misfit(p, *box)
        title, lines = "impossible", textwrap.wrap(s.outcome, 112)
    else:
        p.rect(*box, fill=INK, fill_opacity=0.07, rx=5)
        title, lines = "possible", _summary(s)
    p.text(LEFT + 14, y + 22, title, 15, bold=True)
    p.text(LEFT + 14, y + 40, "free to break" if s.free else "kept possible", 11, opacity=0.72)
    for k, line in enumerate(lines):
        p.text(LEFT + 112, y + 20 + 17 * k, line, 12)


def _summary(s: Setting) -> list[str]:
    """Where windows start, and what is left over."""
    rows, columns = (len(axis.starts) for axis in s.axes)
    spans, cells = zip(*((axis.extent, axis.padded) for axis in s.axes), strict=True)
    count = f"{rows} × {columns} = {rows * columns}"
    found = [f"A window spans {times(spans)} of {times(cells)} cells, and stops at {count} places."]
    for axis, what in zip(s.axes, ("Rows", "Columns"), strict=True):
        missed, drops = listed(axis.unreached) or "none", axis.spare % axis.stride
        starts = f"{what} where windows start: {listed(axis.starts)}"
        found.append(f"{starts}; left over: {drops}; never read: {missed}.")
    return found
