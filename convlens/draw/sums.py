"""A table of sums as an L: one column, one row, and in the corner every sum of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, axis, need
from convlens.picture.marks import LEFT
from convlens.picture.panel import Panel
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["sums"]

TOP, TILE, SIZE = 14.0, 20.0, 12.0
WIDE = MONO_ADVANCE * (SIZE + 1)  # of a letter of a title
LEAST = 360.0  # width of a picture
ASIDE = 24.0  # room for the numbers of the lines
MOST = 48  # numbers in a column or a row
TIGHT, LOOSE = 4.0, 14.0  # gutters; plates stand apart in the wide ones


def sums(
    column: ArrayLike,
    row: ArrayLike,
    *,
    titles: Sequence[str] = ("column", "row", "column + row"),
    taps: Sequence[int] = (),
    mark: int | None = None,
    first: int | None = None,
) -> Picture:
    """Draw ``column[:, None] + row`` as an L.

    Parameters
    ----------
    column, row : array_like, 1-D
        At most 48 numbers each: places in memory, not values.
    titles : three of str
        Of the column, of the row and of the table.
    taps : sequence of int
        Which of the three (0, 1, 2) say something of the taps, and stand on the kernel's plate.
    mark : int, optional
        A number that is framed wherever it stands in the table.
    first : int, optional
        Number the lines, from here on.

    Returns
    -------
    Picture
        Shows itself as the last line of a cell.

    Raises
    ------
    ValueError
        Unless both are 1-D and fit the page.

    Examples
    --------
    >>> sums([0, 5], [0, 1, 2]).label
    'A table of sums, 2 by 3. Its lines: [0, 1, 2], [5, 6, 7].'
    """
    a, b = np.asarray(column), np.asarray(row)
    if a.ndim != 1 or b.ndim != 1 or not 0 < a.size <= MOST or not 0 < b.size <= MOST:
        given = {"column.shape": a.shape, "row.shape": b.shape}
        change = f"Give two 1-D arrays of at most {MOST} numbers each."
        raise refusal(ValueError, "no table can be drawn", change, given)
    table = a[:, None] + b
    p, aside = Picture(0, 0, _label(table, mark)), 0.0 if first is None else ASIDE
    grids = _stand(table, len(titles[0]), mark is not None, aside)
    for k, (values, grid) in enumerate(zip((a[:, None], b[None, :], table), grids, strict=True)):
        look: dict[str, Any] = {"kernel": k in taps, "index": (False, False)}
        Panel(values=values, kind="plain", **look).draw(p, grid, SIZE)
    for place in np.argwhere(table == mark).tolist() if mark is not None else []:
        marks.reading(p, *grids[2].span(*place))
    if first is not None:
        axis(p, replace(grids[0], columns=0), first=(first, 0))
    _name(p, grids, titles)
    return p


def _stand(table: Any, title: int, loose: bool, aside: float) -> list[Grid]:
    """Stand them in the L: the table shares lines with one and columns with the other."""
    (rows, columns), gutter = table.shape, LOOSE if loose else TIGHT
    pitch = need(np.array([table.max(), table.min()]), SIZE, exact=True) + 10 + gutter
    x, y = LEFT + 6 + aside, TOP + TILE + 28
    across = x + max(pitch + 34, title * WIDE + 22)
    look: dict[str, Any] = {"pitch": (pitch, TILE + gutter), "gutter": gutter}
    return [
        Grid(x, y, rows, 1, **look),
        Grid(across, TOP, 1, columns, **look),
        Grid(across, y, rows, columns, **look),
    ]


def _name(p: Picture, grids: Sequence[Grid], titles: Sequence[str]) -> None:
    """Write the names and the sign between column and row, and cut the page to what is on it."""
    left, above, table = grids
    p.text(left.x + left.tile[0] / 2, above.y + 16, "+", 20, anchor="middle", opacity=0.72)
    places = (left.x, left.bottom + 26), (above.right + 14, above.y + 14), (table.x, 0.0)
    for (x, y), title in zip(places, titles, strict=True):
        p.text(x, y or table.bottom + 26, title, SIZE + 1, mono=True)
    widest = max(x + len(title) * WIDE for (x, _), title in zip(places, titles, strict=True))
    p.width = max(round(max(widest, table.right) + 24), LEAST)
    p.height = table.bottom + 44


def _label(table: Any, mark: int | None) -> str:
    """The text alternative."""
    lines = ", ".join(f"[{', '.join(map(label, line))}]" for line in table[:4])
    more = " and more" * (len(table) > 4)
    times = "" if mark is None else f" {mark} is marked {int((table == mark).sum())} times."
    return f"A table of sums, {len(table)} by {table.shape[1]}. Its lines: {lines}{more}.{times}"
