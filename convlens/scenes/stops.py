"""The padded input with every stop of the window: what is skipped, what is never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import WINDOW
from convlens.picture import marks
from convlens.picture.grid import Grid, painter
from convlens.picture.image import cells, times
from convlens.picture.marks import DASHED, LEFT
from convlens.picture.photo import Photo, frame_around, plane_pixels
from convlens.picture.shapes import INK, MONO_ADVANCE, Picture
from convlib.arguments import Pair
from convlib.geometry import Geometry, as_batch, pad

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.facts.setting import Setting
    from convlib.arguments import Sides

__all__ = ["TOP", "StopsPanel"]

TOP = 92.0
BOX = (440.0, 380.0)  # at most, right and down
WIDEST = 30.0  # distance of cells
MOST_TILES, MOST_RINGS, MOST_HATCHED = 900, 600, 150
RULED = 15.0  # distance of cells from which on their numbers can be ringed
THIN: dict[str, Any] = {"stroke": INK, "stroke_width": 1.5}
THICK: dict[str, Any] = {"stroke": INK, "stroke_width": 3}


class StopsPanel:
    """Draws the padded input. The image stays in its place; padding grows around it.

    Parameters
    ----------
    x : ndarray, (H, W)
    room : (int, int)
        Cells reserved on both sides of rows and columns; for more, the drawing shrinks.
    """

    def __init__(self, x: NDArray[Any], room: Pair) -> None:
        self.x, self.room = x, room
        rows, columns = (n + 2 * r for n, r in zip(x.shape, room, strict=True))
        self.pitch = min(WIDEST, BOX[0] / columns, BOX[1] / rows)
        self.box = columns * self.pitch, rows * self.pitch
        self.bottom = TOP + self.box[1]
        self.pixels = rows * columns > MOST_TILES  # even before any is added
        self._paint = painter(x, diverging=False)
        self._padded: tuple[tuple[Sides, str], NDArray[Any]] | None = None
        self._photo: tuple[Any, Photo] | None = None

    def draw(self, p: Picture, s: Setting) -> None:
        """Draw the frame, the window where it stands, and all its stops."""
        marks.heading(p, LEFT, "Padded input", self._words(s))
        grid = self.place(s)
        pixels = self.pixels or grid.rows * grid.columns > MOST_TILES or min(grid.tile) < 9
        if s.too_wide:
            self._unfilled(p, s, grid)
        elif pixels:
            self._pixels(p, s, grid)
        else:
            self._tiles(p, s, grid)
        if s.geometry is not None:
            self._starts(p, s, grid, pixels)
            self._unreached(p, s, grid)
        elif not s.fits:
            (rows, columns), margin = s.axes, 3
            box = grid.span(0, 0, rows.extent, columns.extent, margin=margin)
            p.rect(*box, fill="none", rx=5, **{**DASHED, "stroke_width": 3})
        self._rulers(p, s, grid)

    def place(self, s: Setting) -> Grid:
        """Where the padded input stands: all of it and the kernel's extent inside the box."""
        before = [max(r, a.before) for r, a in zip(self.room, s.axes, strict=True)]
        total = [
            b + max(a.size + max(r, a.after), a.extent - a.before)
            for b, r, a in zip(before, self.room, s.axes, strict=True)
        ]
        pitch = min(self.pitch, self.box[0] / total[1], self.box[1] / total[0])
        gutter = 5.0 if pitch > 18 else 3.0 if pitch > 11 else 0.0
        rows, columns = s.axes
        x = LEFT + (before[1] - columns.before) * pitch
        y = TOP + (before[0] - rows.before) * pitch
        return Grid(x, y, rows.padded, columns.padded, (pitch, pitch), gutter)

    def _words(self, s: Setting) -> str:
        """Sizes and filling."""
        mode = s.padding_mode.replace("zeros", "with zeros")
        padded = times(tuple(axis.padded for axis in s.axes))
        how = f", padding “{s.padding}”" if isinstance(s.padding, str) else ""
        return f"x: {times(s.input_size)}, padded to {padded}, {mode}{how}"

    def _values(self, s: Setting) -> NDArray[Any]:
        """The padded plane, made once for each padding."""
        key = s.sides, s.padding_mode
        if self._padded is None or self._padded[0] != key:
            g = Geometry(s.input_size, 1, padding=s.sides, padding_mode=s.padding_mode)
            self._padded = key, pad(as_batch(self.x, "NCHW"), g)[0, 0]
        return self._padded[1]

    # -- cells -----------------------------------------------------------------------------------

    def _tiles(self, p: Picture, s: Setting, grid: Grid) -> None:
        """Cells with numbers, the taps on blue plates, padding dashed."""
        rows, columns = self._taps(s)
        margin = min(5.0, grid.pitch[0] / 5)
        for r, down in _runs(rows):
            for c, right in _runs(columns):
                marks.window_plate(p, *grid.span(r, c, down, right, margin=margin))
        bold = np.zeros((grid.rows, grid.columns), bool)
        bold[np.ix_(rows, columns)] = True
        cells(p, grid, self._values(s), self._paint, 13, bold)
        for r, c in np.ndindex(grid.rows, grid.columns):
            if not all(
                a.before <= k < a.before + a.size for k, a in zip((r, c), s.axes, strict=True)
            ):
                marks.edge(p, *grid.span(r, c))

    def _pixels(self, p: Picture, s: Setting, grid: Grid) -> None:
        """A photograph, the image within its padding dashed, the window framed."""
        key = s.sides, s.padding_mode, grid.pitch
        if self._photo is None or self._photo[0] != key:
            size = grid.columns * grid.pitch[0], grid.rows * grid.pitch[1]
            self._photo = key, Photo(plane_pixels(self._values(s), diverging=False), size)
        self._photo[1].place(p, grid.x, grid.y)
        if any(map(any, s.sides)):
            (top, left), sizes = (a.before for a in s.axes), s.input_size
            p.rect(*grid.span(top, left, *sizes), fill="none", **DASHED)
        rows, columns = self._taps(s)
        if not rows:
            return
        ends = ([places[0], places[-1]] for places in (rows, columns))
        frame_around(p, grid, *ends)
        apart = grid.pitch[0] * min(s.dilation) >= 5 and len(rows) * len(columns) <= 256
        if apart:
            side = max(grid.pitch[0], 3.0)
            for r in rows:
                for c in columns:
                    p.rect(
                        *grid.corner(r, c),
                        side,
                        side,
                        fill=WINDOW,
                        stroke="#000000",
                        stroke_width=0.7,
                    )

    def _unfilled(self, p: Picture, s: Setting, grid: Grid) -> None:
        """The image; around it the padding that has no values, what is too wide hatched."""
        rows, columns = s.axes
        inner = Grid(
            *grid.corner(rows.before, columns.before), *s.input_size, grid.pitch, grid.gutter
        )
        if inner.rows * inner.columns > MOST_TILES:
            size = inner.columns * grid.pitch[0], inner.rows * grid.pitch[1]
            Photo(plane_pixels(self.x, diverging=False), size).place(p, inner.x, inner.y)
        else:
            cells(p, inner, self.x, self._paint, 13)
        blocks = {
            (0, 0): (0, columns.before, rows.before, columns.size),
            (0, 1): (rows.before + rows.size, columns.before, rows.after, columns.size),
            (1, 0): (rows.before, 0, rows.size, columns.before),
            (1, 1): (rows.before, columns.before + columns.size, rows.size, columns.after),
        }
        for side, block in blocks.items():
            row, column, down, right = block
            draw = marks.outside if side in s.too_wide else marks.edge
            if down * right > MOST_HATCHED:  # one block for all of them
                draw(p, *grid.span(*block))
                continue
            for r, c in np.ndindex(down, right):
                draw(p, *grid.span(row + r, column + c))

    def _taps(self, s: Setting) -> tuple[list[int], list[int]]:
        if s.geometry is None:
            return [], []
        rows, columns = (a.taps(k) for a, k in zip(s.axes, s.at, strict=True))
        return rows, columns

    # -- stops -----------------------------------------------------------------------------------

    def _starts(self, p: Picture, s: Setting, grid: Grid, pixels: bool) -> None:
        """Ring the cell at the upper left corner of every window; the present one boldly."""
        rows, columns = (a.starts for a in s.axes)
        few = len(rows) * len(columns) <= MOST_RINGS
        if few and not pixels:
            boxes = [grid.span(r, c, margin=2.0) for r in rows for c in columns]
            p.path([("R", *box) for box in boxes], **THIN)
        elif few and min(s.stride) * grid.pitch[0] >= 8:
            corners = [grid.corner(r, c) for r in rows for c in columns]
            boxes = [(x, y, 3.5, 3.5) for x, y in corners]
            p.path([("R", *b) for b in boxes], fill="#ffffff", stroke="#000000", stroke_width=0.8)
        here = (a.starts[k] for a, k in zip(s.axes, s.at, strict=True))
        if not pixels:
            marks.ring(p, *grid.span(*here))

    def _unreached(self, p: Picture, s: Setting, grid: Grid) -> None:
        """A bar beside each row and column that no window looks at."""
        rows, columns = s.axes
        for r, down in _runs(rows.unreached):
            _, y, _, height = grid.span(r, 0, down, 1)
            p.rect(grid.right + 7, y, 6, height, fill=INK, fill_opacity=0.55)
        for c, right in _runs(columns.unreached):
            x, _, width, _ = grid.span(0, c, 1, right)
            p.rect(x, grid.bottom + 7, width, 6, fill=INK, fill_opacity=0.55)

    def _rulers(self, p: Picture, s: Setting, grid: Grid) -> None:
        """Number the rows and columns: ringed where windows start, struck out where they skip."""
        for along, (axis, place) in enumerate(zip(s.axes, s.at, strict=True)):
            starts = axis.starts if s.geometry else range(0)
            if grid.pitch[0] < RULED:
                _ticks(p, starts, grid, along)
                continue
            taps = axis.taps(place) if s.geometry else []
            for k in range(axis.padded):
                x = grid.corner(0, k)[0] + grid.tile[0] / 2 if along else grid.x - 15
                y = grid.y - 16 if along else grid.corner(k, 0)[1] + grid.tile[1] / 2
                opacity = 1.0 if k in starts or k in taps else 0.62
                how: dict[str, Any] = {"anchor": "middle", "bold": k in taps, "opacity": opacity}
                p.text(x, y + 4, str(k), 11, mono=True, **how)
                if k in starts:
                    half = max(7.0, len(str(k)) * MONO_ADVANCE * 11 / 2 + 2)
                    bold = THICK if k == starts[place] else THIN
                    p.rect(x - half, y - 7.5, 2 * half, 15, fill="none", rx=7, **bold)
                elif starts and k <= axis.spare:
                    p.line((x - 6, y + 6), (x + 6, y - 6), stroke_width=1.2)


def _ticks(p: Picture, starts: range, grid: Grid, along: int) -> None:
    """Where the numbers have no room: a tick for each start, or a bar where they are too close."""
    places = [grid.corner(k, k)[1 - along] for k in starts]
    if not places:
        return
    pieces = [(at, 1.2) for at in places]
    if starts.step * grid.pitch[0] < 3:
        pieces = [(places[0], max(places[-1] - places[0], 1.2))]
    boxes = [
        (at, grid.y - 12, long, 7) if along else (grid.x - 12, at, 7, long) for at, long in pieces
    ]
    p.path([("R", *box) for box in boxes], fill=INK)


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, length)."""
    found: list[list[int]] = []
    for k in places:
        if found and k == found[-1][-1] + 1:
            found[-1].append(k)
        else:
            found.append([k])
    return [(run[0], len(run)) for run in found]
