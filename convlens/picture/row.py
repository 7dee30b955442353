"""Panels side by side: laid out once, for the still picture and for every state of a slider."""

from __future__ import annotations

from collections.abc import Sequence

from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import HEAD, Panel
from convlens.picture.say import describe
from convlens.picture.shapes import Picture

__all__ = ["place", "row", "signs"]

BETWEEN, SPARE = 34.0, 26.0  # panels: room for an operator; and at most so much more
ARROW = 30.0  # more room, for an arrow
ASIDE = 16.5  # of the room between panels: for row numbers of one digit
LEAST = 360.0  # width of a picture
#: Font sizes of the numbers and their digits, in the order in which they are tried.
SIZES = ((14, 3), (14, 2), (12, 3), (12, 2), (11, 2), (11, 1))


def place(
    panels: Sequence[Panel], left: float = LEFT, top: float = HEAD + 22, right: float = RIGHT
) -> tuple[list[Grid], float, bool]:
    """Stand panels beside each other: their grids, a font size, and whether all numbers fit.

    All cells are of one size where there is room for that, else as wide as their numbers.
    """
    for size, figures in SIZES:
        tall = round(size * 1.93) + 5.0
        needed = [max(panel.pitch(size, figures), tall) for panel in panels]
        plain = [n for n, panel in zip(needed, panels, strict=True) if panel.above is None]
        even = [max(plain) if p.above is None else n for n, p in zip(needed, panels, strict=True)]
        for pitches in (even, needed):
            spare = right - _end(panels, _stand(panels, pitches, tall, left, top))
            if spare >= 0:
                apart = min(spare / max(len(panels) - 1, 1), SPARE)
                return _stand(panels, pitches, tall, left, top, apart), size, True
    columns = [panel.shape[1] for panel in panels]
    wide = sum(pitch * count for pitch, count in zip(needed, columns, strict=True))
    spare -= 3.0 * len(panels)  # narrower gutters leave more to the last tile
    least = max((wide + spare) / max(sum(columns), 1), 2.0)
    return _stand(panels, [least] * len(panels), min(tall, least), left, top), 11.0, False


def _stand(
    panels: Sequence[Panel],
    pitches: list[float],
    tall: float,
    left: float,
    top: float,
    apart: float = 0.0,
) -> list[Grid]:
    grids: list[Grid] = []
    x = left
    for panel, pitch in zip(panels, pitches, strict=True):
        x += ARROW if _leads(panel) else 0.0
        x += max(panel.aside - ASIDE, 0.0) if grids else 0.0  # the page has a margin
        if panel.photo is not None:
            grids.append(panel.over(x, top))
            x = max(grids[-1].right, x + panel.title_width - 12) + BETWEEN + apart
            continue
        high = tall + 13 if panel.above is not None or panel.corners is not None else tall
        gutter = 5.0 if pitch > 18 else 2.0 if pitch > 12 else 0.0
        grids.append(Grid(x, top, *panel.shape, (pitch, high), gutter))
        x = max(grids[-1].right, x + panel.title_width - 12) + BETWEEN + apart
    return grids


def _leads(panel: Panel) -> bool:
    """Whether an arrow leads to this panel: what it holds is no operand, but has been made."""
    return panel.before == "Σ" or len(panel.before) > 1


def _end(panels: Sequence[Panel], grids: list[Grid]) -> float:
    """Where the last panel or its heading ends."""
    return max(grids[-1].right + 6, grids[-1].x + panels[-1].title_width - 8)


def signs(p: Picture, panels: Sequence[Panel], grids: Sequence[Grid]) -> None:
    """Write the operators between panels on the middle line of the lowest; a word or "Σ" leads."""
    middle = grids[0].y + min(grid.height for grid in grids) / 2
    for before, panel, grid in zip(grids, panels[1:], grids[1:], strict=False):
        left, right = before.right, grid.x - panel.aside
        if _leads(panel):
            marks.arrow(p, max(left + 10, right - 46), middle, 30, panel.before)
        elif panel.before:
            at = (left + right) / 2, middle + 7, panel.before, 22
            p.text(*at, anchor="middle", opacity=0.72)


def row(*panels: Panel, label: str = "") -> Picture:
    """Lay panels side by side as a picture of their own, which says what each of them is."""
    head = max(panel.head for panel in panels)
    titled = any(panel.title for panel in panels)
    grids, size, _ = place(panels, top=head + 22 if titled else head + 4)
    p = Picture(0, 0, label or " ".join(map(describe, panels)))
    for panel, grid in zip(panels, grids, strict=True):
        panel.draw(p, grid, size, head)
    signs(p, panels, grids)
    p.width = max(round(_end(panels, grids) + 16, 1), LEAST)
    p.height = max(grid.bottom for grid in grids) + 18
    return p
