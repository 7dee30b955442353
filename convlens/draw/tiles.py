"""A stack of windows side by side, and the heading of what stands alone on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.draw.panels import KINDS
from convlens.picture import marks
from convlens.picture.grid import painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.row import LEAST, SIZES
from convlens.picture.shapes import Picture, Rect, Text
from convlens.scenes.view import BETWEEN, Windows
from convlib.arguments import as_array, choice, refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["headed", "tiles"]

MOST_WINDOWS, TALLEST = 400, 860.0
TILES_LEFT, TILES_TOP = LEFT + 36, 76.0


def headed(drawn: Picture, title: str, subtitle: str, label: str) -> Picture:
    """Write a heading above a picture, and cut the page to what is on it."""
    rects = [shape for shape in drawn.shapes if isinstance(shape, Rect)]
    lines = [shape.y for shape in drawn.shapes if isinstance(shape, Text)]
    lowest = max([*lines, *(r.y + r.height for r in rects)])
    right = max(LEFT + marks.title_width(title, subtitle), *(r.x + r.width + 24 for r in rects))
    p = Picture(min(max(LEAST, right), 900.0), 0, label)
    marks.heading(p, LEFT, title, subtitle, room=p.width - LEFT)
    top = 22.0 * bool(title) + 18.0 * bool(subtitle) + 16
    lift = top - min([*(y - 10 for y in lines), *(r.y for r in rects)])
    p.add(drawn, 0, lift)
    p.height = lowest + lift + 16
    return p


def tiles(
    windows: ArrayLike,
    *,
    highlight: tuple[int, int] | None = None,
    kind: str = "values",
    title: str | None = None,
    subtitle: str | None = None,
) -> Picture:
    """Draw a stack of windows (OH, OW, KH, KW) as small panels laid out like the output.

    Parameters
    ----------
    windows : array_like, (OH, OW, KH, KW)
        At most 400 windows, and no more than fit a page with numbers that can be read.
    highlight : (int, int), optional
        The output position whose window gets the blue plate and the ring.
    kind : {"values", "signed", "counts", "plain"}
        As for `cells`: one scale for all windows.
    title, subtitle : str, optional

    Examples
    --------
    >>> import numpy as np
    >>> from convlib import strided
    >>> tiles(strided.windows(np.arange(20).reshape(4, 5), (2, 3)), highlight=(1, 1)).label
    'All windows: 3 by 3 windows of 2 by 3 cells.'
    """
    stack = as_array("windows", windows)
    if stack.ndim != 4 or stack.size == 0:
        change = "Choose one image and channel, for example windows[0, :, :, 0]."
        raise refusal(ValueError, "not (OH, OW, KH, KW)", change, {"windows.shape": stack.shape})
    choice("kind", kind, KINDS, {"kind": kind})
    oh, ow, kh, kw = stack.shape
    look: dict[str, Any] = {"kind": kind, "paint": painter(stack, kind), "index": (False, False)}
    place, size = _room(stack, Panel(values=stack.reshape(-1, kw), **look))

    def panel(i: int, j: int) -> Panel:
        lit = (range(kh), range(kw)) if highlight == (i, j) else None
        return Panel(values=stack[i, j], window=lit, **look)

    p = Picture(900, 0)
    place.draw(p, (range(oh), range(ow)), highlight, panel, size)
    said = f"{title or 'All windows'}: {oh} by {ow} windows of {kh} by {kw} cells."
    return headed(p, title or "", subtitle or "", said)


def _room(stack: NDArray[Any], panel: Panel) -> tuple[Windows, float]:
    """Where the windows stand, and the size of their numbers; a refusal where they don't fit."""
    oh, ow, kh, kw = stack.shape
    room = RIGHT - TILES_LEFT + BETWEEN, TALLEST - TILES_TOP + BETWEEN
    for size, figures in SIZES:
        pitch = max(panel.pitch(size, figures) - 3, size + 11), size + 11.0
        place = Windows(TILES_LEFT, TILES_TOP, (kh, kw), pitch, 2.0)
        across, down = (int(side // step) for side, step in zip(room, place.step, strict=True))
        if ow <= across and oh <= down and oh * ow <= MOST_WINDOWS:
            return place, size
    across = max(across, 1)
    part = f"windows[:{min(oh, max(down, 1), MOST_WINDOWS // across)}, :{min(ow, across)}"
    cells = int((room[0] - BETWEEN) // pitch[0]), int((room[1] - BETWEEN) // pitch[1])
    large = kh > cells[1] or kw > cells[0]
    part += f", :{min(kh, cells[1])}, :{min(kw, cells[0])}]" if large else "]"
    given = {"windows.shape": stack.shape}
    raise refusal(ValueError, "more windows than can be read", f"Draw a part: {part}.", given)
