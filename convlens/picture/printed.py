"""What a picture needs in print: plain ink and fonts, and edges that show on any page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from convlens.picture.elements import INK, Image, Rect, Shape, Text, step

__all__ = ["COVER", "LINE", "PRINT_INK", "edged", "gray", "uncovered"]

#: Fill of what hides a part of an image: the page itself, where its colour is known.
COVER = "var(--jp-layout-color0, #8a8a8a)"
#: By whether the page is dark: gray of the page, and of the ink on it.
GRAYS = {False: (255, 31), True: (13, 230)}
PRINT_INK, LINE = "#1f1f1f", "#7d7d7d"
#: The edge around ink; it is painted first, so that letters keep their shape.
HALO: dict[str, Any] = {"paint_order": "stroke", "stroke_linejoin": "round", "stroke_width": 2.5}


def gray(level: float) -> str:
    """Write a gray.

    >>> gray(31)
    '#1f1f1f'
    """
    return "#" + f"{round(level):02x}" * 3


def edged(shape: Shape, dark: bool = False) -> list[Shape]:
    """Give what is drawn in ink an edge of the opposite ground, and hairlines a middle gray."""
    page, ink = GRAYS[dark]
    style = dict(shape.style)
    if style.get("fill") == COVER:
        return [_with(shape, fill="none", stroke=LINE, stroke_width=1)]
    if isinstance(shape, Text):
        if style["fill"] != INK:
            return [shape]
        seen = gray(page + style.get("opacity", 1) * (ink - page))
        return [_with(shape, **HALO, stroke=gray(page), opacity=1, fill=seen)]
    faint = style.get("stroke_opacity", 1) < 0.5 or style.get("stroke_width", 1) < 1.5
    if style.get("stroke") == INK and faint:
        seen = min(2 * style.get("stroke_opacity", 1), 1)
        shape = _with(shape, stroke=LINE, stroke_opacity=seen)
    elif style.get("stroke") == INK:
        under = {"stroke": gray(page), "stroke_width": style["stroke_width"] + 2, "fill": "none"}
        return [_with(shape, **under), shape]
    if style.get("fill", INK) == INK:
        return [_with(shape, fill=LINE)]
    return [shape]


def _with(shape: Any, **style: Any) -> Any:
    return replace(shape, style=tuple(sorted({**dict(shape.style), **style}.items())))


def uncovered(images: Sequence[Image], shapes: Sequence[Shape], size: tuple[float, float]) -> str:
    """Write images without what is covered: there is no page whose colour would do."""
    # Each pixel of a photograph is one of the PNG already: to smooth it once more takes long.
    drawn = "".join(i.svg().replace("rendering:auto", "rendering:optimizeSpeed") for i in images)
    covers = [s for s in shapes if isinstance(s, Rect) and dict(s.style)["fill"] == COVER]
    if not covers:
        return drawn
    holes = "".join(step("R", s.x, s.y, s.width, s.height) for s in covers)
    around = step("R", 0, 0, *size)
    clip = f'<clipPath id="c"><path clip-rule="evenodd" d="{around}{holes}"/></clipPath>'
    return f'{clip}<g clip-path="url(#c)">{drawn}</g>'
