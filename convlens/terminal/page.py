"""One Frame as lines of text: the panels, the sum, the family's way to the window; made to fit.

`text` prints the lines as they are, `render` gives them their colours: both tell the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, proxy

from convlens.needs import need
from convlens.palette import KERNEL, WINDOW
from convlens.picture.text import joined, length
from convlens.terminal.panels import Writer
from convlens.terminal.plan import GAP, Plan, bands, best_plan
from convlens.terminal.story import words

if TYPE_CHECKING:
    from rich.console import Group

    from convlens.picture.code import Line
    from convlens.picture.text import Block
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

#: What is found once for a walk: its writer, and its plans by family, width and height.
_kept: WeakKeyDictionary[Walk, tuple[Writer, dict[tuple[str, int, int], Plan]]]
_kept = WeakKeyDictionary()


def text(frame: Frame, family: str = "index_grid", width: int = 100, height: int = 40) -> str:
    """Draw a frame in plain text: [window], ║kernel║, <output>, · outside; no colour.

    Parameters
    ----------
    frame : Frame
    family : {"index_grid", "strided"}
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
    return joined(page(frame, family, width, height))


def render(frame: Frame, family: str = "index_grid", width: int = 100, height: int = 40) -> Group:
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
    take     2  3
    """
    need("rich", "To draw with colours")
    from rich.console import Group
    from rich.text import Text

    lines = page(frame, family, width, height)
    styled = ([(text, STYLES.get(role, "")) for text, role in line] for line in lines)
    return Group(*(Text.assemble(*parts, no_wrap=True, overflow="crop") for parts in styled))


def page(frame: Frame, family: str, width: int, height: int) -> list[Line]:
    """Lay a frame out, within `width` columns and `height` lines."""
    if frame.walk not in _kept:
        # By way of a proxy, for else the writer would keep the walk alive.
        _kept[frame.walk] = Writer(proxy(frame.walk)), {}
    writer, plans = _kept[frame.walk]
    key = family, width, height
    if key not in plans:
        plans[key] = best_plan(writer, frame, *key)
    plan = plans[key]
    blocks = plan.blocks(writer, frame)
    lines, below = words(frame, family, width, plan.channels, plan.wordy)
    for band in bands([block.width for block in blocks], width):
        lines += [[], *_beside([blocks[place] for place in band])]
    lines += [[], *below]
    return [_clip(line, width) for line in lines[: max(height, 0)]]


def _beside(blocks: list[Block]) -> list[Line]:
    """Join the lines of blocks, each filled up to its block's width; operators on the first row."""
    lines: list[Line] = [[] for _ in range(max(len(block.lines) for block in blocks))]
    for place, block in enumerate(blocks):
        width = block.width
        for number, line in enumerate(lines):
            if place:
                line.append((f"{block.before if number == 2 else '':^{GAP}}", ""))
            own = block.lines[number] if number < len(block.lines) else []
            line += [*own, (" " * (width - length(own)), "")]
    return lines


def _clip(line: Line, width: int) -> Line:
    """Cut a line at `width` columns between words, with … where something is missing.

    No number is cut: part of one would be another number.

    >>> _clip([("window ", ""), ("[12]", "window"), ("[13]", "window")], 14)
    [('window ', ''), ('[12]', 'window'), (' …', 'dim')]
    """
    if length(line) <= width:
        return line
    kept: Line = []
    left = max(width - 2, 0)
    for text, role in line:
        if len(text) > left:
            whole = text[: left + 1].partition("…")[0].rpartition(" ")[0]
            break
        kept.append((text, role))
        left -= len(text)
    kept += [(whole, role)] if whole else []
    return [*kept, (" …" if width > 1 else "…"[:width], "dim")]
