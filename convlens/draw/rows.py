"""Panels and pictures side by side, and one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlens.picture.panel import Panel
from convlens.picture.row import row as side_by_side
from convlens.picture.shapes import Picture
from convlib.arguments import refusal

__all__ = ["row"]

WIDEST = 900.0  # a page


def row(*drawn: Panel | Picture, columns: int | None = None) -> Picture:
    """Set panels and pictures side by side, as many in a line as `columns` says.

    Parameters
    ----------
    *drawn : Panel or Picture
        What `cells` and the other functions of `draw` return; photographs and charts stand on
        the axes of a `figure` instead.
    columns : int, optional
        By default all of them in one line.

    Returns
    -------
    Picture
        Shows itself as the last line of a cell.

    Examples
    --------
    >>> from convlens.draw.panels import cells, kernel
    >>> row(cells([1, 2]), kernel([[1, -1]])).label
    'An array, 2 in a row: 1 2. An array, 2 in a row: 1 −1.'
    """
    count = len(drawn) if columns is None else columns
    if not drawn or count < 1:
        given = {"drawn": len(drawn), "columns": columns}
        raise refusal(ValueError, "a row needs panels", "Give one or more.", given)
    for panel in drawn:
        if not isinstance(panel, Panel | Picture):
            change = "Give what draw.cells and its like return; charts need a draw.figure."
            raise refusal(TypeError, "neither a panel nor a picture", change, {"drawn": panel})
    lines = [drawn[k : k + count] for k in range(0, len(drawn), count)]
    return _joined([_line(line) for line in lines], down=True)


def _line(panels: Sequence[Any]) -> Picture:
    """Set them side by side, or in two lines where long titles would make the page too wide."""
    if all(isinstance(panel, Panel) for panel in panels):
        line = side_by_side(*panels)
    else:
        line = _joined([side_by_side(q) if isinstance(q, Panel) else q for q in panels])
    half = (len(panels) + 1) // 2
    if line.width <= WIDEST or half == len(panels):
        return line
    return _joined([_line(panels[:half]), _line(panels[half:])], down=True)


def _joined(pictures: Sequence[Picture], *, down: bool = False) -> Picture:
    """Set pictures side by side, or one below the other."""
    whole = Picture(0, 0, " ".join(q.label for q in pictures))
    for q in pictures:
        whole.add(q, 0 if down else whole.width, whole.height if down else 0)
        whole.width = max(whole.width, q.width) if down else whole.width + q.width
        whole.height = whole.height + q.height if down else max(whole.height, q.height)
    return whole
