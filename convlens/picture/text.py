"""Panels as lines of text: what a picture says with plates and rings, said with signs.

[window], ║kernel║, <output position>, · padding; what is not computed yet stays empty. Each piece
of a line has its role beside it, so that a terminal can colour what the signs say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlens.palette import label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlens.picture.panel import Cell, Panel

__all__ = ["Block", "columns_of", "few", "joined", "length", "short", "write"]

LARGE = 4096  # elements; of a larger array only some are measured
WIDEST, WIDEST_COMPLEX = 6, 11  # columns of a number at most


class Block(NamedTuple):
    """The lines of a panel, its title first, and the operator before it."""

    lines: list[Line]
    before: str = ""

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max(map(length, self.lines))


def length(line: Line) -> int:
    """Count the columns of a line."""
    return sum(len(text) for text, _ in line)


def joined(lines: list[Line]) -> str:
    """Join lines without their roles, and without blanks at their ends."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def write(panel: Panel, width: int = 0, *, size: Cell | None = None, zeros: bool = True) -> Block:
    """Write a panel as text: its title, then its columns' numbers or its subtitle, then its cells.

    Parameters
    ----------
    panel : Panel
        Its window, ring, kernel, padding and masked cells are said.
    width : int
        Columns of a number; by default what the panel's own numbers need, see `columns_of`.
    size : (int, int), optional
        Of the array that the panel is a part of: … and ⋮ stand for the rest.
    zeros : bool
        Whether the padding is known to be 0, and · says all of it.

    Examples
    --------
    >>> from convlens.picture.panel import Panel
    >>> x = np.ma.masked_greater([[1, -2, 3], [4, 5, 6]], 5)
    >>> y = Panel(title="Output y", values=x, window=([0], [0, 1]), ring=(1, 1))
    >>> print(joined(write(y, size=(2, 9)).lines))
    Output y
          0   1   2  …
    0   [ 1][−2]  3
    1     4  <5>
    """
    size = size or (panel.first[0] + panel.shape[0], panel.first[1] + panel.shape[1])
    cells = _cells(panel, width or columns_of(panel), zeros)
    arrange = _numbered if any(panel.index) else _bare
    return Block([[(panel.title, "title")], *arrange(panel, cells, size)], panel.before)


def _cells(panel: Panel, width: int, zeros: bool) -> list[Line]:
    """Write each cell between the signs of its role, or between blanks; a row, a line."""
    rows, columns = panel.window or ((), ())
    data, empty = np.ma.getdata(panel.values).tolist(), np.ma.getmaskarray(panel.values).tolist()
    padding = None if panel.padding is None else panel.padding.tolist()
    width += padding is not None and not zeros  # for the ·

    def cell(r: int, c: int) -> tuple[str, str]:
        at = r + panel.first[0], c + panel.first[1]
        outside = padding is not None and padding[r][c]
        text = "" if empty[r][c] or (outside and zeros) else short(data[r][c], width - outside)
        text = "·" * outside + text
        if at == panel.ring:
            return f"{'<' + text:>{width + 1}}>", "output"
        if at[0] in rows and at[1] in columns:
            return f"[{text:>{width}}]", "window"
        return f" {text:>{width}} ", "outside" * outside

    return [[cell(r, c) for c in range(panel.shape[1])] for r in range(panel.shape[0])]


def _numbered(panel: Panel, cells: list[Line], size: Cell) -> list[Line]:
    """Put row and column numbers to the cells; those of the window and the ring stand out."""
    (top, left), (down, right) = panel.first, panel.shape
    ring = [[k] for k in panel.ring] if panel.ring else [[], []]
    rows, columns = ([*a, *b] for a, b in zip(panel.window or ((), ()), ring, strict=True))
    wide, over = len(str(size[0] - 1)), len(cells[0][0][0]) - 1  # over a number's last digit
    # Where something is left out there is room for its sign at the borders too: nothing jumps.
    cut = "  " * (right < size[1])
    before, after = (" …" if more else cut for more in (left > 0, left + right < size[1]))
    head = [(f"{'⋮' if top else '':>{wide}} {before}", "dim")]
    for j in range(left, left + right):
        head.append((f"{str(j)[-over:]:>{over}} ", "title" if j in columns else "dim"))
    lines = [[*head, (after, "dim")]]
    for i, row in enumerate(cells, top):
        name = f"{i:>{wide}} {cut}", "title" if i in rows else "dim"
        lines.append([name, *row, (cut, "")])
    below: Line = [(f"{'⋮' if top + down < size[0] else '':>{wide}}", "dim")]
    return [*lines, below] if down < size[0] else lines


def _bare(panel: Panel, cells: list[Line], size: Cell) -> list[Line]:
    """Set the cells under the subtitle, a kernel's between double lines."""
    more = " …" if panel.shape[1] < size[1] else ""
    lines = [[*row, (more, "")] for row in cells]
    if not (panel.window or panel.ring):  # no cell has signs, so none needs blanks for them
        side, role = ("║", "kernel") if panel.kernel else ("", "")
        texts = ("".join(text for text, _ in row)[1:-1] for row in cells)
        lines = [[(side + text + more + side, role)] for text in texts]
    below: list[Line] = [[("⋮", "dim")]] if panel.shape[0] < size[0] else []
    return [[(panel.subtitle, "dim")], *lines, *below]


def short(value: Any, width: int) -> str:
    """Write a number in at most `width` columns, with fewer digits where it must be.

    >>> short(-0.00123, 9), short(-0.00123, 6), short(-0.00123, 5)
    ('−0.00123', '−0.001', '−0.0…')
    """
    for digits in (3, 2, 1):
        if len(text := label(value, digits)) <= width:
            return text
    return text[: width - 1] + "…"


def columns_of(panel: Panel) -> int:
    """Find how many columns a panel's numbers need, or those that it leaves room for.

    >>> from convlens.picture.panel import Panel
    >>> columns_of(Panel(values=[[1, -10]])), columns_of(Panel(values=[[1]], widest=[100, 7]))
    (3, 3)
    """
    values = few(panel.values if panel.widest is None else panel.widest)
    most = WIDEST_COMPLEX if values.dtype.kind == "c" else WIDEST
    return min(max((len(label(value)) for value in values), default=1), most)


def few(a: Any, most: int = LARGE) -> NDArray[Any]:
    """Take a flat selection: all of a small array, of a larger one its extremes and some more."""
    values = np.asarray(np.ma.getdata(a))
    if values.size <= most:
        return values.reshape(-1)
    spread = values.flat[:: -(-values.size // most)]
    return np.append(spread, [values.min(), values.max()]).astype(values.dtype)
