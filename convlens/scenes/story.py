"""One output number told as arithmetic: window value times weight, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.palette import label
from convlens.picture.marks import LEFT, RIGHT, chip, chip_width, sentence
from convlens.picture.shapes import MONO_ADVANCE, Picture

if TYPE_CHECKING:
    from convlib.frames import Frame

__all__ = ["add_channels", "part", "part_role", "story"]

MOST_TERMS = 9
MOST_CHANNELS = 5


def part(f: Frame, channel: int) -> Any:
    """Sum the products of one channel."""
    return f.products[channel].sum()


def part_role(f: Frame) -> str:
    """Say what that sum is: the output itself only where no channel and no bias is added."""
    return "output" if len(f.products) == 1 and not f.walk.has_bias else "part"


def story(p: Picture, f: Frame, channel: int, y: float) -> float:
    """Draw the arithmetic of one channel, then of all; return where it ends."""
    pairs = list(zip(f.window[channel].flat, f.kernel[channel].flat, strict=True))
    total = label(part(f, channel))
    shown = [(label(a), label(b)) for a, b in pairs[:MOST_TERMS]]
    while len(shown) > 1 and _width(shown, total, len(pairs)) > RIGHT - LEFT:
        shown.pop()
    x = LEFT
    for k, (a, b) in enumerate(shown):
        x = sentence(p, x, y, " + ", opacity=0.72) if k else x
        x = chip(p, x, y, a, "window")
        x = sentence(p, x, y, "×", opacity=0.72) + 3
        x = chip(p, x, y, b, "kernel")
    if len(shown) < len(pairs):
        x = sentence(p, x, y, f" + … {len(pairs) - len(shown)} more", opacity=0.72)
    x = sentence(p, x, y, " = ", opacity=0.72)
    chip(p, x + 2, y, total, part_role(f))
    return y + 22 if part_role(f) == "output" else add_channels(p, f, channel, y + 38)


def add_channels(p: Picture, f: Frame, channel: int, y: float) -> float:
    """Add the sums of the channels, and the bias."""
    sums = f.products.sum(axis=(1, 2))
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


def _width(shown: list[tuple[str, str]], total: str, count: int) -> float:
    """Width of the arithmetic line."""
    chips = sum(chip_width(a) + chip_width(b) + 3 for a, b in shown)
    signs = 4 * len(shown) + 3 + (14 if len(shown) < count else 0)
    return chips + signs * MONO_ADVANCE * 15 + chip_width(total) + 8
