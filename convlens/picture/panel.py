"""A panel: an array with roles on its cells, drawn. Every picture of an array is made of them.

A window's plate, a kernel's plate, the ring of an output position, the dashes of padding look the
same in all pictures, and in pixels as far as they can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import Grid, axis, need, painter, pixels, tiles
from convlens.picture.photo import frame_around, ring_on, taps_on
from convlens.picture.roles import FACTOR, Cell, Places, Roles, factors, rectangles, runs
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "FACTOR",
    "HEAD",
    "MOST_NUMBERED",
    "SMALLEST",
    "Cell",
    "Panel",
    "Places",
    "factors",
    "runs",
]

HEAD = 54.0  # from a title's base line to the tiles
MOST_NUMBERED = 20  # cells a side; beyond, pixels
SMALLEST = 9.0  # tiles that can be told apart; below, pixels


@dataclass(frozen=True, eq=False, kw_only=True)
class Panel(Roles):
    """A plane of numbers with roles on its cells, as `Roles` lists them, that can be drawn."""

    def over(self, x: float, y: float) -> Grid:
        """The grid whose cells are the pixels of the photograph, placed at (x, y)."""
        assert self.photo is not None
        (rows, columns), (width, height) = self.shape, self.photo.size
        return Grid(x, y, rows, columns, (width / columns, height / rows), 0)

    @property
    def title_width(self) -> float:
        """Room that the heading takes, whatever a slider says."""
        return marks.title_width(self.title, max(self.subtitle, self.longest, key=len))

    @property
    def head(self) -> float:
        """How far above the cells a title must stand, for what is between."""
        return 12.0 + 20.0 * bool(self.subtitle or self.longest) + 22.0 * self.index[1]

    @property
    def aside(self) -> float:
        """How far row numbers reach to the left of the cells."""
        longest = max((len(str(self.first[0] + k)) for k in (0, self.shape[0] - 1)), default=0)
        return (9 + longest * MONO_ADVANCE * 12) * self.index[0]

    def pitch(self, size: float = 14, figures: int = 3) -> float:
        """Distance of the cells that all numbers need at a font size."""
        values = self.values if self.widest is None else self.widest
        wide = max(need(values, size, figures, self.exact) + 6 if self.numbers else 0.0, self.least)
        if self.above is not None and not self.least:
            wide = max(wide, _width(self.above) + 5)
        if self.corners is not None:
            wide = max(wide, _width(self.corners) + 10)
        return wide + 5

    def draw(self, p: Picture, grid: Grid, size: float = 14, head: float = HEAD) -> Grid:
        """Write it as shapes, its cells on those of `grid`; return the grid.

        `head` is how far above the cells the title stands.
        """
        p.note("panel", *grid.span(0, 0, *self.shape), title=self.title)
        if self.title:
            marks.heading(p, grid.x, self.title, self.subtitle, grid.y - head)
        self._index(p, grid)
        self._part(p, grid)
        if self.photo is not None:
            self._pixels(p, grid)
        else:
            notes = self._notes(grid)
            self._plates(p, grid)
            self._cells(p, grid, size, notes)
            self._masks(p, grid, notes is not None)
        self._over(p, grid)
        self._touch(p, grid)
        return grid

    def _touch(self, p: Picture, grid: Grid) -> None:
        """Say what each cell holds and where a click on it goes, gutters included."""
        if self.links is None and not self.go:
            return
        (right, down), (rows, columns) = grid.pitch, self.shape
        links = () if self.links is None else tuple(np.ravel(self.links).tolist())
        axes = zip(self.go, (*self.first, 0, 0, 0), strict=False)  # rows, columns, constants
        go = tuple(at and (at[0], at[1] + first, at[2]) for at, first in axes)
        box = grid.x - grid.gutter / 2, grid.y - grid.gutter / 2, columns * right, rows * down
        p.spots.append(Spot(*box, self.shape, links, go, self.drag))

    def _index(self, p: Picture, grid: Grid) -> None:
        """Number rows and columns; those of the window and the ring stand out."""
        rows, columns = ([*k] for k in self.window or self.field or ((), ()))
        for cell in (self.ring, self.reading, *self.taps):
            if cell:
                rows, columns = [*rows, cell[0]], [*columns, cell[1]]
        shown = replace(grid, rows=grid.rows * self.index[0], columns=grid.columns * self.index[1])
        axis(p, shown, rows=rows, columns=columns, first=self.first)

    def _part(self, p: Picture, grid: Grid) -> None:
        """Rule lines in the gutters between blocks, unless they would run together."""
        x, y, width, height = grid.span(0, 0, *self.shape, margin=grid.gutter / 2)
        (down, right), (rows, columns) = self.blocks or (0, 0), self.shape
        if min(right * grid.pitch[0], down * grid.pitch[1]) < 10:
            return
        across = [y + r * grid.pitch[1] for r in range(0, rows + 1, down)]
        along = [x + c * grid.pitch[0] for c in range(0, columns + 1, right)]
        lines = [step for at in across for step in (("M", x, at), ("L", x + width, at))]
        lines += [step for at in along for step in (("M", at, y), ("L", at, y + height))]
        p.path(lines, stroke=INK, stroke_width=1, stroke_opacity=0.4)

    def _plates(self, p: Picture, grid: Grid) -> None:
        """Lay the plates that the cells stand on."""
        if self.kernel:
            marks.kernel_plate(p, *grid.span(0, 0, *self.shape, margin=min(4.0, grid.gutter)))
        margin = min(5.0, grid.pitch[0] / 5, grid.gutter + 1 if grid.gutter else 5.0)
        for block in self.blocks_of(self.window):
            marks.window_plate(p, *grid.span(*block, margin=margin))
        taps = np.zeros(self.shape, bool)
        for cell in self.inside(*self.taps):
            taps[cell] = True
        for block in rectangles(taps):
            outside = 3.5 if grid.gutter > 2 else 0.0
            marks.kernel_plate(p, *grid.span(*block, margin=min(3.0, grid.gutter)), outside)

    def _notes(self, grid: Grid) -> NDArray[Any] | None:
        """What to write below the wrong numbers, where there is room for it."""
        if self.right is None or not self.mask(self.wrong).any():
            return None
        notes = np.where(self.mask(self.wrong), self.right, "")
        roomy = grid.tile[1] >= 26 and _width(notes) <= grid.tile[0] - 2
        return notes if roomy else None

    def _cells(self, p: Picture, grid: Grid, size: float, notes: Any) -> None:
        """Write tiles with their numbers where they can be read, else small cells."""
        paint = self.paint or painter(self.values, self.kind)
        if min(grid.tile) < SMALLEST:
            pixels(p, grid, self.values, paint)
            return
        empty, padding = np.ma.getmaskarray(self.values), self.mask(self.padding)
        # where padding is empty, its dashes are outline enough
        hidden = self.mask(self.outside) | self.mask(self.inserted) | (empty & padding)
        thrown = self.mask(self.thrown)
        narrow = need(self.values, 11, 1, self.exact) > grid.tile[0] - 2
        fitting = self.above is not None and _width(self.above) <= grid.tile[0] - 2
        tiles(
            p,
            grid,
            np.ma.array(self.values, mask=empty | hidden),
            paint,
            size=size,
            bold=self.bold(),
            corners=self.corners,
            above=self.above if fitting else None,
            below=notes,
            faint=padding | thrown,
            struck=thrown,
            hidden=hidden,
            numbers=self.numbers and not narrow,
            exact=self.exact,
            empty=0.14 if self.sparse else 0.5,
        )

    def _masks(self, p: Picture, grid: Grid, noted: bool) -> None:
        """Mark cells of a kind one by one."""
        for mask, draw in (
            (self.padding, marks.padding),
            (self.outside, marks.outside),
            (self.wrong, marks.wrong),
            (self.inserted, marks.inserted),
        ):
            for r, c in np.argwhere(self.mask(mask)).tolist():
                draw(p, *grid.span(r, c))

    def _pixels(self, p: Picture, grid: Grid) -> None:
        """Place the photograph; frame the window, dash the image within its padding."""
        assert self.photo is not None
        self.photo.place(p, grid.x, grid.y)
        inner = ~self.mask(self.padding)
        if not inner.all() and inner.any():
            (top, left), (bottom, right) = np.argwhere(inner)[[0, -1]].tolist()
            marks.padding(p, *grid.span(top, left, bottom - top + 1, right - left + 1))
        if self.window and len(self.window[0]) and len(self.window[1]):
            frame_around(p, grid, *self.window)
            taps_on(p, grid, *self.window)

    def _over(self, p: Picture, grid: Grid) -> None:
        """Draw what lies in the gutters, and over cells without numbers."""
        for block in self.blocks_of(self.field):
            marks.field(p, *grid.span(*block, margin=2.0))
        for block in self.blocks_of(self.around):
            marks.ring(p, *grid.span(*block))
        largest = 8.0 if self.corners is None else 6.0  # clear of the small number
        side = 5.0 if self.photo is not None else min(largest, 0.4 * min(grid.tile))
        for cell in self.inside(*self.starts):
            marks.start(p, *grid.corner(*cell), side=side)
        for cell in self.inside(self.reading):
            marks.reading(p, *grid.span(*cell))
        for cell in self.inside(self.ring):
            if grid.gutter:
                marks.ring(p, *grid.span(*cell), margin=min(2.5, max(grid.gutter / 2, 1.5)))
            else:  # on its neighbours: it must stand out from any colour
                ring_on(p, grid, *cell)


def _width(small: Any) -> float:
    """Width of the longest of some small texts or indices."""
    return max(len(str(k)) for k in np.ravel(small)) * MONO_ADVANCE * FACTOR
