"""One output number told as arithmetic: window value times weight, added up."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from convlens.palette import label
from convlens.picture.elements import Spot
from convlens.picture.marks import LEFT, RIGHT, chip, sentence
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.panels import part, taken, weights

if TYPE_CHECKING:
    from convlib.frames import Frame

__all__ = ["Pieces", "add_channels", "arithmetic", "part_role", "story"]

Pieces = list[tuple[str, str]]  # texts, and numbers with their roles

MOST_TERMS = 9
MOST_CHANNELS = 5


def arithmetic(
    p: Picture,
    x: float,
    y: float,
    pieces: Pieces,
    largest: float = 15,
    links: Iterable[str] = (),
) -> float:
    """Write texts, and numbers on the plates of their roles, as large as the line fits the page.

    `links` says what the first of those numbers hold, as in `Spot`. Return where it ends.
    """
    held = iter(links)
    signs = _width(pieces, 1) - _width(pieces, 0)
    size = min(max((RIGHT - x - _width(pieces, 0)) / signs, 11.0), largest)
    for text, role in pieces:
        if role:
            end = chip(p, x + 1, y, text, role, size)
            if link := next(held, ""):
                p.spots.append(Spot(x + 1, y - 12, end - x - 1, 24, (1, 1), (link,)))
            x = end + 2
        else:
            x = sentence(p, x, y, text, size, opacity=0.85)
    return x


def _width(pieces: Pieces, size: float = 15) -> float:
    """Room that a line takes."""
    return sum(len(text) * MONO_ADVANCE * size + 15 * bool(role) for text, role in pieces)


def part_role(f: Frame) -> str:
    """Say what that sum is: the output itself only where no channel and no bias is added."""
    return "output" if len(f.products) == 1 and not f.walk.has_bias else "part"


def story(p: Picture, f: Frame, channel: int, y: float) -> float:
    """Draw the arithmetic of one channel, then of all; return where it ends."""
    lines = [_products(f, channel, count) for count in range(MOST_TERMS, 0, -1)]
    fitting = next((k for k in lines if _width(k) <= RIGHT - LEFT), lines[-1])
    pairs = zip(taken(f, channel).flat, weights(f, channel).flat, strict=True)
    terms = sum(role == "window" for _, role in fitting)
    links = (name for x, w in islice(pairs, terms) for name in (f"x{x}", f"w{w}"))
    arithmetic(p, LEFT, y, fitting, links=links)
    return y + 22 if part_role(f) == "output" else add_channels(p, f, channel, y + 38)


def _products(f: Frame, channel: int, count: int) -> Pieces:
    """The first products of one channel, and the sum of all."""
    pieces: Pieces = []
    for a, b in islice(zip(f.window[channel].flat, f.kernel[channel].flat, strict=True), count):
        pieces += [(" + ", "")] * bool(pieces)
        pieces += [(label(a), "window"), ("×", ""), (label(b), "kernel")]
    if (more := f.window[channel].size - count) > 0:
        pieces.append((f" + … {more} more", ""))
    return [*pieces, (" = ", ""), (label(part(f, channel)), part_role(f))]


def add_channels(p: Picture, f: Frame, channel: int, y: float) -> float:
    """Add the sums of the channels, and the bias."""
    sums = [part(f, k) for k in range(len(f.products))]
    terms = [(label(s), f"channel {c}") for s, c in zip(sums, f.channels, strict=True)]
    if len(terms) > MOST_CHANNELS:
        left_out = len(terms) - MOST_CHANNELS + 1
        terms = [*terms[: MOST_CHANNELS - 1], ("…", f"{left_out} more")]
    if f.walk.has_bias:
        terms.append((label(f.bias), "bias"))
    x = LEFT
    for k, (number, name) in enumerate(terms):
        x = sentence(p, x, y, " + ", opacity=0.72) if k else x
        wide = max(len(number) * MONO_ADVANCE * 15, len(name) * 6.6)
        chosen = name == f"channel {f.channels[channel]}"
        p.text(x + wide / 2, y + 5, number, 15, mono=True, anchor="middle", bold=chosen)
        p.text(x + wide / 2, y + 22, name, 11, anchor="middle", opacity=0.72, bold=chosen)
        x += wide
    x = sentence(p, x, y, " = ", opacity=0.72)
    chip(p, x + 2, y, label(f.sum), "output")
    return y + 34
