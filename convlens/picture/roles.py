"""An array, and what is said about its cells: which of them are the window, the padding, wrong.

What is said of a cell is its role, and each role has one mark (`marks.py`), whatever the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from convlens.palette import label
from convlens.picture.elements import Go
from convlens.picture.photo import Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FACTOR", "Cell", "Places", "Roles", "factors", "linked", "rectangles", "runs"]

Cell = tuple[int, int]
Places = tuple[Sequence[int], Sequence[int]]  # rows and columns

MOST_LINKED = 1600  # cells of a panel: of more, each is too small to point at
FACTOR = 11.0  # font size of what a product is made of

#: What has a number or a truth for each cell of the panel.
OF_CELLS = (
    "values",
    "padding",
    "outside",
    "thrown",
    "wrong",
    "right",
    "inserted",
    "corners",
    "links",
)


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, length): dilated taps give a run each.

    >>> runs([1, 2, 3, 6, 8, 9])
    [(1, 3), (6, 1), (8, 2)]
    """
    found = np.array(sorted({int(k) for k in places}), int)
    breaks = np.flatnonzero(np.diff(found) != 1) + 1
    return [(int(run[0]), len(run)) for run in np.split(found, breaks) if run.size]


def rectangles(cells: Any) -> list[tuple[int, int, int, int]]:
    """Cells of a mask that lie together, as (row, column, rows, columns).

    >>> rectangles([[0, 1, 1], [0, 1, 1], [0, 0, 0], [0, 0, 1]])
    [(0, 1, 2, 2), (3, 2, 1, 1)]
    """
    found: dict[tuple[int, int], list[int]] = {}
    lines = np.asarray(cells)
    for row in np.flatnonzero(lines.any(axis=1)).tolist():  # few, even of a photograph
        for run in runs(np.flatnonzero(lines[row])):
            found.setdefault(run, []).append(row)
    return [(r, c, down, right) for (c, right), rs in found.items() for r, down in runs(rs)]


def factors(one: Any, other: Any) -> NDArray[Any]:
    """Write what each product of two arrays is made of.

    >>> factors([[2, 3]], [[1, -1]]).tolist()
    [['2×1', '3×−1']]
    """
    pairs = zip(np.ravel(one), np.ravel(other), strict=True)
    return np.reshape([f"{label(a)}×{label(b)}" for a, b in pairs], np.shape(one))


def linked(name: str, places: Any) -> NDArray[Any] | None:
    """Name what cells hold, after the array and their flat index in it; none of too many cells.

    >>> linked("x", [[0, 1], [5, 6]]).tolist()
    [['x0', 'x1'], ['x5', 'x6']]
    """
    found = np.asarray(places)
    if found.size > MOST_LINKED:
        return None
    return np.array([f"{name}{k}" for k in found.flat], object).reshape(found.shape)


@dataclass(frozen=True, eq=False, kw_only=True)
class Roles:
    """A plane of numbers with roles on its cells.

    Attributes
    ----------
    values : array, (rows, columns)
        Masked cells are not computed yet: they stay empty.
    title, subtitle : str
        What it is, and its shape.
    kind : {"values", "signed", "counts", "plain"}
        How it is coloured: gray (purple and green if something is negative), purple and green
        around 0, cividis, or not at all, for numbers that are indices or addresses.
    paint : callable, optional
        From a value to its colour, where several panels share one scale.
    first : (int, int)
        Row and column of the first cell in the array that the panel is a part of. All places below
        are counted in that array; the masks have the panel's own shape.
    window, field : (rows, columns), optional
        On the window's plate; within the outline of a receptive field.
    kernel : bool
        Whether all of it lies on the kernel's plate.
    taps : sequence of (row, column)
        Single cells on plates of the kernel; neighbours share one.
    ring, reading : (row, column), optional
        The output position; the one cell of the input that is read.
    around : (rows, columns), optional
        Within one bold ring, such as the row of a matrix that makes one output.
    starts : sequence of (row, column)
        Cells where windows begin.
    padding, outside, thrown, wrong, inserted : array of bool, optional
        Cells of each kind: dashed, hatched, struck through, boxed, dotted.
    right : array of str, optional
        The right number for each cell, small below those that are wrong, where there is room.
    blocks : (int, int), optional
        Rows and columns of a block: thin lines part the blocks of a matrix.
    sparse : bool
        Whether masked cells are the zeros of a sparse matrix, which step back further.
    corners : array of int, optional
        A small number in the corner of each cell, such as its flat index.
    above : array of str, optional
        A line over each number, such as its factors.
    index : (bool, bool)
        Whether to number the rows, and the columns.
    numbers : bool
        Whether to write the numbers, where they fit.
    before : str
        The operator between this panel and the one before it.
    widest : array, optional
        Numbers to leave room for, as others will stand here under a slider.
    least : float
        Width of a tile to leave room for, as for the longest factors.
    longest : str
        The longest subtitle, for the same reason.
    photo : Photo, optional
        The same values as pixels, drawn in place of the cells.
    links : array of str, optional
        What each cell holds, as in `Spot`.
    go : tuple of (name, first, step)
        The controls that a click on a cell sets, as in `Spot`, counted in the whole array.
    drag : bool
        Whether it may be dragged.
    """

    values: Any
    title: str = ""
    subtitle: str = ""
    kind: str = "values"
    paint: Callable[[Any], str] | None = None
    first: Cell = (0, 0)
    window: Places | None = None
    field: Places | None = None
    kernel: bool = False
    taps: Sequence[Cell] = ()
    ring: Cell | None = None
    reading: Cell | None = None
    around: Places | None = None
    starts: Sequence[Cell] = ()
    padding: Any = None
    outside: Any = None
    thrown: Any = None
    wrong: Any = None
    inserted: Any = None
    blocks: Cell | None = None
    sparse: bool = False
    right: Any = None
    corners: Any = None
    above: Any = None
    index: tuple[bool, bool] = (True, True)
    numbers: bool = True
    before: str = ""
    widest: Any = None
    least: float = 0.0
    longest: str = ""
    photo: Photo | None = None
    links: Any = None
    go: tuple[Go | None, ...] = ()
    drag: bool = False

    @property
    def shape(self) -> Cell:
        """Rows and columns."""
        rows, columns = np.shape(self.values)
        return rows, columns

    @property
    def exact(self) -> bool:
        """Whether whole numbers are written in full, as indices and addresses must be."""
        return self.kind == "plain"

    def shown_as(self, photo: Photo) -> Self:
        """Return the same panel with its values as pixels."""
        return replace(self, photo=photo)

    def part(self, first: Cell, shape: Cell) -> Self:
        """Cut out a block that begins at a place of this panel's array."""
        rows, columns = (
            slice(f - o, f - o + n) for f, o, n in zip(first, self.first, shape, strict=True)
        )
        names = (*OF_CELLS, "above")
        cut = {n: a[rows, columns] for n in names if (a := getattr(self, n)) is not None}
        return replace(self, first=first, **cut)

    def mask(self, given: Any) -> NDArray[np.bool_]:
        """Read one of the masks; none is one of no cells."""
        return np.zeros(self.shape, bool) if given is None else np.asarray(given, bool)

    def inside(self, *cells: Cell | None) -> list[Cell]:
        """Those cells that the panel shows, counted in the panel."""
        moved = [(c[0] - self.first[0], c[1] - self.first[1]) for c in cells if c]
        return [(r, c) for r, c in moved if 0 <= r < self.shape[0] and 0 <= c < self.shape[1]]

    def lit(self, places: Places | None) -> NDArray[np.bool_]:
        """Where those rows and columns meet that the panel shows."""
        axes = zip(places or ((), ()), self.first, self.shape, strict=True)
        rows, columns = ([int(k) - o for k in ks if 0 <= k - o < n] for ks, o, n in axes)
        found = np.zeros(self.shape, bool)
        found[np.ix_(rows, columns)] = True
        return found

    def blocks_of(self, places: Places | None) -> list[tuple[int, int, int, int]]:
        """Cells that lie together and may be read, as (row, column, rows, columns)."""
        return rectangles(self.lit(places) & ~self.mask(self.outside))

    def bold(self) -> NDArray[np.bool_]:
        """Which numbers are heavy: those of the window, the ring, the tap."""
        heavy = self.lit(self.window) | (self.above is not None)
        for cell in self.inside(self.ring, self.reading, *self.taps):
            heavy[cell] = True
        return heavy
