"""The vocabulary around the tiles: plates, rings, hatches, chips, headings, arrows.

One role has one colour and one line style everywhere: window solid, kernel doubled, output position
bold, outside dashed and hatched.
"""

from __future__ import annotations

from typing import Any

from convlens.palette import KERNEL, OUTSIDE, OUTSIDE_DARK, WINDOW
from convlens.picture.shapes import INK, MONO_ADVANCE, SANS_ADVANCE, Picture

__all__ = [
    "LEFT",
    "RIGHT",
    "arc",
    "arrow",
    "chip",
    "chip_width",
    "counted",
    "edge",
    "heading",
    "kernel_plate",
    "kernel_ring",
    "outside",
    "ring",
    "rule",
    "sentence",
    "title_width",
    "underline",
    "underlined",
    "window_plate",
]

LEFT, RIGHT = 28.0, 884.0
DASHED: dict[str, Any] = {"stroke": OUTSIDE, "stroke_width": 2, "stroke_dasharray": "4 3"}


def window_plate(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Lay the blue plate of a window behind what stands in this box."""
    edge = {"stroke": INK, "stroke_opacity": 0.55, "stroke_width": 1}
    p.rect(x, y, width, height, fill=WINDOW, rx=5, **edge)


def kernel_plate(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Lay the orange plate of a kernel behind this box, with its second line outside."""
    p.rect(x, y, width, height, fill=KERNEL, rx=4)
    outer = x - 3.5, y - 3.5, width + 7, height + 7
    p.rect(*outer, fill="none", stroke=KERNEL, stroke_width=2, rx=7)


def kernel_ring(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Ring the cell of the current tap in orange."""
    p.rect(x, y, width, height, fill="none", stroke=KERNEL, stroke_width=3, rx=3)


def ring(p: Picture, x: float, y: float, width: float, height: float, margin: float = 2.5) -> None:
    """Ring an output position: bold, no fill, in the gutter."""
    box = x - margin, y - margin, width + 2 * margin, height + 2 * margin
    p.rect(*box, fill="none", stroke=INK, stroke_width=3, rx=5)


def edge(p: Picture, x: float, y: float, width: float, height: float) -> None:
    """Dash the edge of a tile that is not part of the image: padding."""
    p.rect(x, y, width, height, fill="none", rx=2, **DASHED)


def outside(p: Picture, x: float, y: float, width: float, height: float, step: float = 6.0) -> None:
    """Hatch a cell that is drawn but never read: it lies outside the memory of the array."""
    p.rect(x, y, width, height, fill=OUTSIDE_DARK, fill_opacity=0.25, rx=3)
    lines: list[tuple[Any, ...]] = []
    for k in range(1, int((width + height) // step) + 1):
        d = k * step  # the diagonal x + y = d, cut to the cell
        if d < width + height:
            x0, x1 = max(0.0, d - height), min(width, d)
            lines += [("M", x + x0, y + d - x0), ("L", x + x1, y + d - x1)]
    p.path(lines, stroke=OUTSIDE, stroke_width=1.5, stroke_opacity=0.8)
    edge(p, x, y, width, height)


def heading(p: Picture, x: float, title: str, subtitle: str = "", y: float = 22) -> None:
    """Title and subtitle of a panel."""
    p.text(x, y, title, 15, bold=True)
    if subtitle:
        p.text(x, y + 18, subtitle, 12, opacity=0.72)


def title_width(title: str, subtitle: str = "") -> float:
    """Room that a heading takes."""
    return max(len(title) * 15 * (SANS_ADVANCE + 0.08), len(subtitle) * 12 * SANS_ADVANCE)


def counted(count: int, thing: str) -> str:
    """Name a number of things.

    >>> counted(1, "tap"), counted(6, "tap")
    ('1 tap', '6 taps')
    """
    return f"{count} {thing}" + ("" if count == 1 else "s")


def rule(p: Picture, y: float) -> None:
    """A hairline across the picture."""
    p.line((LEFT, y), (RIGHT, y), stroke_opacity=0.18)


def arrow(p: Picture, x: float, y: float, length: float, above: str = "") -> None:
    """A thin arrow to the right, with a word above it."""
    p.line((x, y), (x + length, y), stroke_width=1.6, stroke_opacity=0.72)
    tip = [("M", x + length - 6, y - 5), ("L", x + length, y), ("L", x + length - 6, y + 5)]
    p.path(tip, stroke=INK, stroke_width=1.6, stroke_opacity=0.72)
    p.text(x + length / 2, y - 7, above, 13, anchor="middle", opacity=0.85)


def arc(p: Picture, start: float, end: float, y: float, high: float, role: str) -> None:
    """A jump from one place of a strip to another, with an arrow head where it lands."""
    curve = [("M", start, y), ("C", start, y - high, end, y - high, end, y - 5)]
    head = [("M", end - 5, y - 8), ("L", end, y), ("L", end + 5, y - 8), ("Z",)]
    if role == "kernel":
        p.path(curve, stroke=INK, stroke_width=4.4, stroke_opacity=0.55)
        p.path(curve, stroke=KERNEL, stroke_width=3)
        p.path(head, fill=KERNEL, stroke=INK, stroke_width=0.7, stroke_opacity=0.55)
    else:
        p.path(curve, stroke=INK, stroke_width=2.2)
        p.path(head, fill=INK)


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
        p.rect(*outer, fill="none", stroke=KERNEL, stroke_width=1.6, rx=5)
    elif role == "outside":
        p.rect(x, top, width, height, fill="none", rx=4, **DASHED)
    elif role == "output":
        p.rect(x, top, width, height, fill="none", stroke=INK, stroke_width=3, rx=5)
    else:
        p.rect(x, top, width, height, fill=INK, fill_opacity=0.07, rx=4)
    colour = "#000000" if role in ("window", "kernel") else INK
    at = x + width / 2, y + 0.36 * size, text, size
    p.text(*at, mono=True, anchor="middle", bold=True, colour=colour)
    return x + width


def sentence(
    p: Picture, x: float, y: float, text: str, size: float = 15, opacity: float = 1
) -> float:
    """Write monospaced text and return where it ends."""
    p.text(x, y + 0.36 * size, text, size, mono=True, opacity=opacity)
    return x + len(text) * MONO_ADVANCE * size


def underline(p: Picture, x: float, y: float, width: float, role: str) -> None:
    """Draw the line of a role: one bar, two lines, a bold bar, dashes; for "comment" none."""
    if role == "window":
        p.rect(x, y, width, 3, fill=WINDOW)
    elif role == "kernel":
        p.rect(x, y, width, 1.6, fill=KERNEL)
        p.rect(x, y + 3.2, width, 1.6, fill=KERNEL)
    elif role == "output":
        p.rect(x, y, width, 2.5, fill=INK)
    elif role == "outside":
        p.line((x, y + 1), (x + width, y + 1), **{**DASHED, "stroke_width": 3})


def underlined(p: Picture, x: float, y: float, text: str, role: str) -> float:
    """Write a word with the line of its role beneath it; return where it ends."""
    end = sentence(p, x, y, text, 13)
    underline(p, x, y + 9, end - x, role)
    return end
