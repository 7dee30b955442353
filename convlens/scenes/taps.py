"""Flat memory as a strip, with the taps of one window on it: start + offset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.palette import digits
from convlens.picture.marks import LEFT, RIGHT, chip, chip_width
from convlens.picture.strip import Slot, Strip, brackets, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convlens.facts.bytes import Bytes
    from convlens.picture.shapes import Picture
    from convlib.frames import Frame

__all__ = ["tap_strip"]

CHIP = 12.5  # font size of start and offsets


def tap_strip(
    p: Picture,
    f: Frame,
    memory: Bytes,
    taps: Sequence[int],
    paint: Callable[[Any], str],
    y: float,
    farthest: int,
) -> float:
    """Draw the padded batch as `take` reads it: its rows laid end to end.

    `memory` holds it; `taps` are the offsets that matter most, `farthest` is the largest of all.
    Return where it ends.
    """
    p.text(LEFT, y, "Memory", 15, bold=True)
    name = "xp" if f.walk.geometry.pads else "x"
    p.text(LEFT + 78, y, f"{name}.ravel(): the rows laid end to end", 12, opacity=0.72)
    index = chip_width(digits(len(memory.known)), 11) + 3
    pitch = max(43.0, chip_width(f"+{farthest}", CHIP) + 4, index)
    row = dict(zip(f.grid_row.tolist(), f.offsets.tolist(), strict=True))
    wanted = [f.start, *(f.start + tap for tap in taps), *row]
    runs = filled(wanted, memory.known, pitch, RIGHT - LEFT)
    strip = Strip(LEFT, y + 28, runs, pitch, 36)

    def slot(k: int) -> Slot:
        value = memory.element(k * memory.unit)[1]
        return Slot(value, digits(k), plate=k in row, start=k == f.start, link=f"x{k}")

    strip.draw(p, slot, paint)
    strip.ends(p, memory.known)
    brackets(p, strip, lambda k: memory.piece(k * memory.unit), strip.y - 8, 1)
    for k in sorted(row.keys() & strip.left.keys()):
        _chip(p, strip, k, strip.bottom + 21, f"+{row[k]}", "kernel")
    if f.start in strip.left:
        end = _chip(p, strip, f.start, strip.bottom + 47, str(f.start), "output")
        begin = 2 * strip.middle(f.start) - end
        left = end + 44 < RIGHT  # else there is no room for the word on the right
        at = (end + 8 if left else begin - 8), strip.bottom + 51
        p.text(*at, "start", 12, anchor="start" if left else "end", opacity=0.72)
    return strip.bottom + 62


def _chip(p: Picture, strip: Strip, slot: int, y: float, text: str, role: str) -> float:
    """A chip below its slot; return where it ends."""
    return chip(p, strip.middle(slot) - chip_width(text, CHIP) / 2, y, text, role, CHIP)
