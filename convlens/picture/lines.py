"""Lines of text, and lines beneath words, between panels and from place to place."""

from __future__ import annotations

from convlens.palette import KERNEL, KERNEL_LINE, OUTSIDE, WINDOW_LINE
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

__all__ = ["arc", "arrow", "chosen", "sentence", "underline"]


def sentence(
    p: Picture, x: float, y: float, text: str, size: float = 15, opacity: float = 1
) -> float:
    """Write monospaced text and return where it ends."""
    p.text(x, y + 0.36 * size, text, size, mono=True, opacity=opacity)
    return x + len(text) * MONO_ADVANCE * size


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
        p.path(curve, stroke=KERNEL_LINE, stroke_width=4.4)
        p.path(curve, stroke=KERNEL, stroke_width=2.2)
        p.path(head, fill=KERNEL, stroke=KERNEL_LINE, stroke_width=1)
    else:
        p.path(curve, stroke=INK, stroke_width=2.2)
        p.path(head, fill=INK)


def underline(p: Picture, x: float, y: float, width: float, role: str) -> None:
    """Draw the line of a role: one bar, two lines, a bold bar, dashes; for "comment" none."""
    if role == "window":
        p.rect(x, y, width, 3, fill=WINDOW_LINE)
    elif role == "kernel":
        p.rect(x, y, width, 1.6, fill=KERNEL_LINE)
        p.rect(x, y + 3.2, width, 1.6, fill=KERNEL_LINE)
    elif role == "output":
        p.rect(x, y, width, 2.5, fill=INK)
    elif role == "outside":
        hatched = {"stroke": OUTSIDE, "stroke_width": 3, "stroke_dasharray": "3 2"}
        p.line((x, y + 1), (x + width, y + 1), **hatched)


def chosen(p: Picture, x: float, y: float, width: float) -> None:
    """Draw a plain bar under what a control has chosen, such as one of several channels."""
    p.rect(x, y, width, 2, fill=INK)
