"""The vocabulary around the tiles: plates, rings, hatches, chips, headings, arrows.

One role has one colour and one line style everywhere: a window's plate is solid, a kernel's
doubled, an output position's ring bold; padding is dashed, memory that is never read is hatched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlens.palette import (
    KERNEL,
    KERNEL_LINE,
    NEUTRAL,
    OUTSIDE,
    OUTSIDE_DARK,
    WINDOW,
    WINDOW_LINE,
)
from convlens.picture.lines import arrow, chosen, sentence
from convlens.picture.shapes import INK, MONO_ADVANCE, SANS_ADVANCE, Picture
from convlens.words import counted

__all__ = [
    "LEFT",
    "RIGHT",
    "arrow",
    "chip",
    "chip_width",
    "chosen",
    "field",
    "heading",
    "inserted",
    "kernel_plate",
    "misfit",
    "outside",
    "padding",
    "reading",
    "ring",
    "rule",
    "scale",
    "sentence",
    "shortened",
    "start",
    "title_width",
    "window_plate",
    "wrong",
]

LEFT, RIGHT = 28.0, 884.0

Box = tuple[float, float, float, float]  # x, y, width, height
#: The edge of padding.
DASHED: dict[str, Any] = {"stroke": NEUTRAL, "stroke_width": 1.5, "stroke_dasharray": "3 2.5"}


def _outline(p: Picture, what: str, box: Box, margin: float = 0, **style: Any) -> None:
    """Note a mark around this box, and draw it."""
    x, y, width, height = box
    p.note(what, *box)
    around = x - margin, y - margin, width + 2 * margin, height + 2 * margin
    p.rect(*around, fill="none", **style)


def window_plate(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Lay the blue plate of a window behind what stands in this box."""
    p.note("window", x, y, width, height)
    p.rect(x, y, width, height, fill=WINDOW, stroke=WINDOW_LINE, stroke_width=1.2, rx=5)


def field(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Outline a receptive field: cells that a deep cell sees, through other layers."""
    _outline(p, "field", (x, y, width, height), stroke=WINDOW_LINE, stroke_width=3, rx=5)


def reading(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Frame the one cell of the input that is read now."""
    _outline(p, "reading", (x, y, width, height), stroke=WINDOW_LINE, stroke_width=3.5, rx=3)


def kernel_plate(
    p: Picture, x: float, y: float, width: float, height: float, outside: float = 3.5
) -> None:
    """Lay the orange plate of a kernel behind this box, with its second line outside."""
    p.note("kernel", x, y, width, height)
    p.rect(x, y, width, height, fill=KERNEL, rx=4)
    if outside:  # there is room for it
        o = outside
        outer = x - o, y - o, width + 2 * o, height + 2 * o
        p.rect(*outer, fill="none", stroke=KERNEL_LINE, stroke_width=2, rx=7)


def ring(p: Picture, x: float, y: float, width: float, height: float, margin: float = 2.5) -> None:
    """Ring an output position: bold, no fill, in the gutter."""
    _outline(p, "ring", (x, y, width, height), margin, stroke=INK, stroke_width=3, rx=5)


def start(p: Picture, x: float, y: float, side: float = 8.0) -> None:
    """Fill the upper left corner of a cell of the input where a window begins."""
    p.note("start", x, y, side, side)
    corner = [("M", x, y), ("L", x + side, y), ("L", x, y + side), ("Z",)]
    p.path(corner, fill="#000000", stroke="#ffffff", stroke_width=0.8)


def padding(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Dash the edge of cells that are no part of the image, lighter than any data."""
    _outline(p, "padding", (x, y, width, height), rx=2, **DASHED)


def outside(p: Picture, x: float, y: float, width: float, height: float, step: float = 6.0) -> None:
    """Hatch a cell that is drawn but never read: it lies outside the memory of the array."""
    p.note("outside", x, y, width, height)
    p.rect(x, y, width, height, fill=OUTSIDE_DARK, fill_opacity=0.25, rx=3)
    lines: list[tuple[Any, ...]] = []
    for k in range(1, int((width + height) // step) + 1):
        d = k * step  # the diagonal x + y = d, cut to the cell
        if d < width + height:
            x0, x1 = max(0.0, d - height), min(width, d)
            lines += [("M", x + x0, y + d - x0), ("L", x + x1, y + d - x1)]
    if lines:  # none in the smallest cells
        p.path(lines, stroke=OUTSIDE, stroke_width=1.5, stroke_opacity=0.8)
    p.rect(x, y, width, height, fill="none", stroke=OUTSIDE, stroke_width=2, rx=2)


def wrong(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Box a number that is not the right one."""
    _outline(p, "wrong", (x, y, width, height), 0.5, stroke=OUTSIDE, stroke_width=2.5, rx=3)


def misfit(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Outline what has no place, or is refused: a window longer than the padded input."""
    dashed: dict[str, Any] = {"stroke": OUTSIDE, "stroke_width": 3, "stroke_dasharray": "4 3"}
    _outline(p, "misfit", (x, y, width, height), rx=5, **dashed)


def inserted(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Put a pale dot where a transposed convolution inserts a zero: there is no cell."""
    p.note("inserted", x, y, width, height)
    p.rect(x + width / 2 - 2, y + height / 2 - 2, 4, 4, fill=NEUTRAL)


def shortened(text: str, size: float, room: float, advance: float) -> tuple[str, float]:
    """Write a line smaller, down to 11, and then without its end, so that it fits.

    >>> shortened("shape (4, 3, 2, 3)", 12, 90, 0.5), shortened("shape", 12, 99, 0.5)
    (('shape (4, 3, 2,…', 11.0), ('shape', 12))
    """
    size = max(min(size, room / (max(len(text), 1) * advance)), min(size, 11.0))
    most = max(int(room / (size * advance) + 1e-6), 1)
    return (text if len(text) <= most else text[: most - 1] + "…"), size


def heading(
    p: Picture, x: float, title: str, subtitle: str = "", y: float = 22, room: float | None = None
) -> None:
    """Title and subtitle of a panel, within some room or within the page."""
    room = RIGHT + 10 - x if room is None else room
    p.text(x, y, *shortened(title, 15, room, SANS_ADVANCE + 0.05), bold=True)
    if subtitle:
        p.text(x, y + 18, *shortened(subtitle, 12, room, SANS_ADVANCE), opacity=0.72)


def title_width(title: str, subtitle: str = "") -> float:
    """Room that a heading takes."""
    return max(len(title) * 15 * (SANS_ADVANCE + 0.08), len(subtitle) * 12 * SANS_ADVANCE)


def rule(p: Picture, y: float) -> None:
    """A hairline across the picture."""
    p.line((LEFT, y), (RIGHT, y), stroke_opacity=0.18)


def scale(
    p: Picture, x: float, y: float, paint: Callable[[Any], str], ends: tuple[int, int], thing: str
) -> None:
    """Show the colours of counts, a step for each of them: "1 … 12 ways"."""
    low, high = ends
    steps = min(high - low, 23) + 1
    step = 120.0 / steps
    at = sentence(p, x, y, str(low), 12, 0.72) + 8
    for k in range(steps):
        colour = paint(low + k * (high - low) / max(steps - 1, 1))
        p.rect(at + k * step, y - 5, step + 0.3, 10, fill=colour)
    sentence(p, at + 128, y, counted(high, thing), 12, 0.72)


def chip_width(text: str, size: float = 15) -> float:
    """Room that a chip takes."""
    return len(text) * MONO_ADVANCE * size + 12


def chip(p: Picture, x: float, y: float, text: str, role: str, size: float = 15) -> float:
    """Write a number on the plate of its role, its box centred on `y`; return where it ends."""
    width, height = chip_width(text, size), size + 9
    top = y - height / 2
    if role == "window":
        p.rect(x, top, width, height, fill=WINDOW, rx=4)
    elif role == "kernel":
        p.rect(x + 1.5, top + 1.5, width - 3, height - 3, fill=KERNEL, rx=3)
        outer = x - 1, top - 1, width + 2, height + 2
        p.rect(*outer, fill="none", stroke=KERNEL_LINE, stroke_width=1.6, rx=5)
    elif role == "outside":
        p.rect(x, top, width, height, fill="none", stroke=OUTSIDE, stroke_width=2, rx=4)
    elif role == "output":
        p.rect(x, top, width, height, fill="none", stroke=INK, stroke_width=3, rx=5)
    elif role == "padding":
        padding(p, x, top, width, height)
    else:
        p.rect(x, top, width, height, fill=INK, fill_opacity=0.07, rx=4)
    colour = "#000000" if role in ("window", "kernel") else INK
    at = x + width / 2, y + 0.36 * size, text, size
    p.text(*at, mono=True, anchor="middle", bold=True, colour=colour)
    return x + width
