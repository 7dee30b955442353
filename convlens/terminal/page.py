"""One Frame as lines of text: the panels, the sum, the family's way to the window; made to fit.

`text` prints the lines as they are, `render` gives them their colours: both tell the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from convlens.needs import need
from convlens.palette import KERNEL, WINDOW
from convlens.terminal.plan import Plan, best_plan, panels_of, words
from convlens.terminal.spans import Line, beside, clip

if TYPE_CHECKING:
    from rich.console import Group

    from convlib.frames import Frame, Walk

__all__ = ["page", "render", "text"]

STYLES = {
    "window": f"bold #000000 on {WINDOW}",
    "kernel": f"#000000 on {KERNEL}",
    "output": "bold reverse",
    "outside": "dim",
    "dim": "dim",
    "title": "bold",
}


_plans: WeakKeyDictionary[Walk, dict[tuple[str, int, int], Plan]] = WeakKeyDictionary()


def text(frame: Frame, family: str = "strided", width: int = 100, height: int = 40) -> str:
    """Draw a frame in plain text: [window], ║kernel║, <output>, · outside; no colour.

    Parameters
    ----------
    frame : Frame
    family : {"strided", "index_grid"}
        Which way to the window is shown at the bottom.
    width, height : int
        Columns and lines to keep within. What does not fit is left out around the window.

    Returns
    -------
    str
        Lines without trailing blanks; the same for the same frame, everywhere.

    Examples
    --------
    >>> from convlib import Walk
    >>> walk = Walk([[1, 2, 3, 4], [5, 6, 7, 8]], [[1, 0], [0, -2]])
    >>> for line in text(walk.frame(0, 1)).splitlines()[3:9]:
    ...     print(line)
    Input x          Kernel w   Products   Output y
       0  1  2  3                               0    1    2
    0  1 [2][3] 4  × ║ 1   0║ =   2    0 Σ 0  −11 <−12>
    1  5 [6][7] 8    ║ 0  −2║     0  −14
    <BLANKLINE>
    y[0, 1] = 2×1 + 3×0 + 6×0 + 7×−2 = <−12>
    """
    lines = page(frame, family, width, height)
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)


def render(frame: Frame, family: str = "strided", width: int = 100, height: int = 40) -> Group:
    """Draw a frame for rich: the text of `text`, with the colours of `convlens.palette`.

    Parameters
    ----------
    frame, family, width, height
        As for `text`.

    Returns
    -------
    rich.console.Group
        A rich Text a line, none of which wraps.

    Examples
    --------
    >>> from convlib import Walk
    >>> group = render(Walk([[1, 2, 3]], [[1, -1]]).frame(0, 1))
    >>> print(group.renderables[-1].plain)
    value    2  3
    """
    need("rich", "To draw with colours")
    from rich.console import Group
    from rich.text import Text

    lines = page(frame, family, width, height)
    styled = ([(span.text, STYLES.get(span.role, "")) for span in line] for line in lines)
    return Group(*(Text.assemble(*parts, no_wrap=True, overflow="crop") for parts in styled))


def page(frame: Frame, family: str, width: int, height: int) -> list[Line]:
    """Lay a frame out, within `width` columns and `height` lines."""
    known = _plans.setdefault(frame.walk, {})
    if (family, width, height) not in known:
        known[family, width, height] = best_plan(frame, family, width, height)
    lines = _lines(frame, family, width, known[family, width, height])
    return [clip(line, width) for line in lines[: max(height, 0)]]


def _lines(frame: Frame, family: str, width: int, plan: Plan) -> list[Line]:
    above, below = words(frame, family, width, plan)
    for band in beside(panels_of(frame, plan), width):
        above += [[], *band]
    return [*above, [], *below]
