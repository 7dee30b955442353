"""A matrix product as an L: one operand at the left, one above, the result in the corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.draw.panels import read_grid
from convlens.palette import label
from convlens.picture.grid import Grid, need
from convlens.picture.marks import LEFT
from convlens.picture.panel import Panel
from convlens.picture.shapes import Picture
from convlens.scenes.story import Pieces, arithmetic
from convlib.arguments import choice, refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convlib.arguments import Pair

__all__ = ["product"]

Part = tuple[str, int] | None

HEAD, GAP = 32.0, 26.0  # from a title to its cells; between the operand above and the result
ASIDE = 40.0  # between the operand at the left and the result
GUTTER, SIZE = 5.0, 11.0
MOST = 48  # rows or columns of an operand
LEAST = 360.0  # width of a picture
MOST_TERMS = 6  # of the sum that is written out


def product(
    left: ArrayLike,
    right: ArrayLike,
    *,
    at: Pair = (0, 0),
    kernel: str = "right",
    titles: Sequence[str] = ("A", "B", "A @ B"),
    axes: Sequence[str] = ("rows", "terms", "columns"),
    part: Part = None,
    first: int = 0,
) -> Picture:
    """Draw ``left @ right`` as an L, with the row and the column that make one number marked.

    Parameters
    ----------
    left, right : array_like, (rows, terms) and (terms, columns)
        At most 48 of each.
    at : (int, int)
        The cell of the result that is ringed, rows counted from `first` on. Its row of `left` and
        its column of `right` are on plates, the window's and the kernel's.
    kernel : {"right", "left"}
        Which of the two holds the weights.
    titles : three of str
        Of `left`, of `right` and of the result.
    axes : three of str
        What the rows are, what is summed over, and what the columns are.
    part : (str, int), optional
        What so many terms are together, such as ("channel", 8): thin lines part them.
    first : int
        The number of the first row, where `left` is a part of a longer matrix.

    Returns
    -------
    Picture
        Shows itself as the last line of a cell.

    Raises
    ------
    ValueError, TypeError
        Unless both are grids of numbers that fit each other and the page, and `at` is inside.

    Examples
    --------
    >>> product([[1, 2], [3, 4]], [[5], [6]], at=(1, 0)).label
    'A @ B: row 1 of A, [3, 4], times column 0 of B, [5, 6], is 39.'
    """
    choice("kernel", kernel, ("right", "left"), {"kernel": kernel})
    a, b = (np.ma.getdata(read_grid(name, k)) for name, k in (("left", left), ("right", right)))
    here = _check(a, b, at, first)
    with np.errstate(all="ignore"):  # an overflow shows itself as ∞
        y = a @ b
    sizes = _sizes(a.shape, b.shape, axes)
    headed = zip(_panels((a, b, y), at, kernel, part, first), titles, sizes, strict=True)
    panels = [replace(panel, title=title, subtitle=size) for panel, title, size in headed]
    met = a[here], b[:, at[1]], y[here, at[1]]
    p, grids = Picture(0, 0, _label(*met, titles, at)), _stand(panels)
    heads = HEAD, HEAD + 26, -grids[2].height - 24  # that of the result stands below it
    for panel, grid, head in zip(panels, grids, heads, strict=True):
        panel.draw(p, grid, SIZE, head)
    end = max(max(g.right, g.x + q.title_width) for g, q in zip(grids, panels, strict=True))
    _named(p, grids, part)
    _signs(p, grids, here)
    end = max(end, arithmetic(p, LEFT, grids[2].bottom + 66, _sum(*met, kernel), 13))
    p.width, p.height = max(round(end + 18), LEAST), grids[2].bottom + 88
    return p


def _check(a: Any, b: Any, at: Any, first: int) -> int:
    """Refuse what cannot be multiplied or drawn; find the row of `at` in `left`."""
    given = {"left.shape": a.shape, "right.shape": b.shape}
    if a.shape[1] != b.shape[0]:
        change = "The columns of left are the rows of right."
        raise refusal(ValueError, "the two do not fit each other", change, given)
    if max(*a.shape, *b.shape) > MOST:
        change = f"Draw a part, such as left[:6]; at most {MOST} of each axis."
        raise refusal(ValueError, "so many numbers cannot be read", change, given)
    if not (0 <= at[0] - first < a.shape[0] and 0 <= at[1] < b.shape[1]):
        change = f"Rows begin at {first}; stay inside {(a.shape[0], b.shape[1])}."
        raise refusal(ValueError, "at is outside the result", change, {"at": at, **given})
    return int(at[0]) - first


def _panels(arrays: Sequence[Any], at: Pair, kernel: str, part: Part, first: int) -> list[Panel]:
    """Mark the row and the column: what is read on the window's plate, weights on the kernel's."""
    a, b, y = arrays
    places = ([at[0]], range(a.shape[1])), (range(a.shape[1]), [at[1]])
    blocks = [None, None] if part is None else [(len(a), part[1]), (part[1], b.shape[1])]
    found = []
    for k, (side, values) in enumerate((("left", a), ("right", b))):
        look: dict[str, Any] = {"window": places[k], "first": ((first, 0), (0, 0))[k]}
        if side == kernel:
            taps = [(r, c) for r in places[k][0] for c in places[k][1]]
            look |= {"window": None, "taps": taps, "kind": "signed"}
        found.append(Panel(values=values, blocks=blocks[k], index=(k == 0, k == 1), **look))
    plain: dict[str, Any] = {"index": (False, False), "first": (first, 0)}
    return [*found, Panel(values=y, kind="signed", ring=at, **plain)]


def _label(line: Any, pile: Any, total: Any, titles: Sequence[str], at: Pair) -> str:
    """The text alternative."""
    return (
        f"{titles[2]}: row {at[0]} of {titles[0]}, {_listed(line)}, times column {at[1]} of "
        f"{titles[1]}, {_listed(pile)}, is {label(total)}."
    )


def _sizes(left: Pair, right: Pair, axes: Sequence[str]) -> list[str]:
    """Write the shapes with what they count."""
    numbers = zip((*left, right[1]), axes, strict=True)
    counts = [f"{n} {name}" for n, name in numbers]
    return [" × ".join(counts[:2]), " × ".join(counts[1:]), " × ".join(counts[::2])]


def _stand(panels: Sequence[Panel]) -> list[Grid]:
    """Stand them in the L: the result shares rows with one operand and columns with the other."""
    (rows, terms), columns = panels[0].shape, panels[1].shape[1]
    tall = 17.0 if terms > 12 else 23.0
    pitches = [max(need(panel.values, SIZE) + 4 + GUTTER, tall) for panel in panels]
    x, top, pitch = LEFT + panels[0].aside, HEAD + 46, max(pitches[1:])
    across = x + max(terms * pitches[0], panels[0].title_width - 8) + ASIDE
    down = top + terms * tall + GAP
    return [
        Grid(x, down, rows, terms, (pitches[0], tall), GUTTER),
        Grid(across, top, terms, columns, (pitch, tall), GUTTER),
        Grid(across, down, rows, columns, (pitch, tall), GUTTER),
    ]


def _named(p: Picture, grids: Sequence[Grid], part: Part) -> None:
    """Name the parts of the terms, under the one operand and beside the other."""
    name, many = part or ("", 1)
    for k in range(0, grids[0].columns * bool(name), many):
        text, (x, y) = f"{name} {k // many}", grids[0].corner(grids[0].rows, k)
        p.text(x, y + 12, text, 11, opacity=0.72)
        beside = grids[1].x - 9, grids[1].corner(k, 0)[1] + 11
        p.text(*beside, text, 11, anchor="end", opacity=0.72)


def _signs(p: Picture, grids: Sequence[Grid], row: int) -> None:
    """Write @ where the operands meet, and = before the result."""
    x, y = grids[2].x - ASIDE / 2 - 2, grids[2].y
    p.text(x, y - GAP + 8, "@", 20, anchor="middle", opacity=0.72)
    p.text(x, grids[2].corner(row, 0)[1] + 14, "=", 20, anchor="middle", opacity=0.72)


def _sum(line: Any, pile: Any, total: Any, kernel: str) -> Pieces:
    """Write the ringed number as a sum of products."""
    marked = ("kernel", "window") if kernel == "left" else ("window", "kernel")
    pieces: Pieces = []
    for one, other in zip(line[:MOST_TERMS], pile[:MOST_TERMS], strict=True):
        pieces += [(" + ", "")] * bool(pieces)
        pieces += [(label(one), marked[0]), ("×", ""), (label(other), marked[1])]
    more = len(line) - MOST_TERMS
    return [
        *pieces,
        *[(f" + … {more} more", "")] * (more > 0),
        (" = ", ""),
        (label(total), "output"),
    ]


def _listed(numbers: Any) -> str:
    return f"[{', '.join(map(label, numbers))}]"
