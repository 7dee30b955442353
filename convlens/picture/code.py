"""NumPy lines as a code box: selectable HTML for the browser, the same with shapes for the PNG."""

from __future__ import annotations

from html import escape

from convlens.picture.lines import underline
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

__all__ = ["CAPTION", "Line", "code_box", "html", "plain"]

#: Pieces of one line of code: the text, and what it stands for ("" for nothing in particular).
Line = list[tuple[str, str]]

CAPTION = "The same in NumPy; x and w are the arrays given to this explorer"
SMALLEST = 11.0  # font size
WIDTH = 740.0  # of the box, beside its buttons
#: The mark in the picture that a word of code lights up, where it is called otherwise.
MARKS = {"output": "ring"}


def plain(lines: list[Line]) -> str:
    """Join the pieces: what the reader copies and Python runs."""
    return "\n".join("".join(text for text, _ in line) for line in lines)


def html(lines: list[Line]) -> str:
    """Write the lines for the page; the player's style sheet says how each role looks."""
    drawn = ["".join(map(_word, line)) for line in lines]
    whole = "".join(f'<span class="line">{line}\n</span>' for line in drawn[:-1])
    whole += f'<span class="line">{drawn[-1]}</span>'
    return f'<pre style="font-size:{_size(lines, WIDTH):.1f}px">{whole}</pre>'


def _word(piece: tuple[str, str]) -> str:
    text, role = escape(piece[0]), piece[1]
    named = f'class="{role}" data-role="{MARKS.get(role, role)}"'
    return f"<span {named}>{text}</span>" if role else text


def _size(lines: list[Line], width: float) -> float:
    """Font size in which the longest line fits, as far as it can still be read."""
    longest = max((len(text) for text in plain(lines).splitlines()), default=1)
    return max(SMALLEST, min(14.0, (width - 28) / (longest * MONO_ADVANCE)))


def _broken(lines: list[Line], width: float) -> list[Line]:
    """Give a comment a line of its own where there is no room for it; cut what is still too long.

    A page scrolls, and print does not.
    """
    most = int((width - 28) / (SMALLEST * MONO_ADVANCE))
    found: list[Line] = []
    for line in lines:
        *before, (text, role) = line
        if len(plain([line])) > most and role == "comment" and before:
            found += [before, [("    " + text.strip(), role)]]
        else:
            found.append(line)
    return [_cut(line, most) for line in found]


def _cut(line: Line, most: int) -> Line:
    left, kept = most, []
    for text, role in line:
        kept.append((text if len(text) <= left else text[: max(left - 1, 0)] + "…", role))
        left -= len(text)
        if left < 0:
            break
    return kept


def code_box(
    p: Picture, y: float, lines: list[Line], left: float, right: float, said: str = CAPTION
) -> float:
    """Draw the same box with shapes, for the PNG; return where it ends."""
    lines = _broken(lines, right - left)
    size = _size(lines, right - left)
    p.text(left, y + 8, said, 12, opacity=0.72)
    y += 18
    height = 14 + 27.0 * len(lines)
    edge = {"stroke": INK, "stroke_opacity": 0.22, "stroke_width": 1}
    p.rect(left, y, right - left, height, fill="none", rx=5, **edge)
    for k, line in enumerate(lines):
        x, base = left + 14, y + 26 + k * 27.0
        for text, role in line:
            width = len(text) * MONO_ADVANCE * size
            opacity = 0.68 if role == "comment" else 1.0
            p.text(x, base, text, size, mono=True, bold=role == "output", opacity=opacity)
            underline(p, x, base + 5, width, role)
            x += width
    return y + height
