"""The padded input with every stop of the window: what is skipped, what is never read."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from convlens.picture import marks
from convlens.picture.elements import nearest
from convlens.picture.grid import Grid, painter
from convlens.picture.grid import axis as numbered
from convlens.picture.marks import LEFT
from convlens.picture.panel import Panel, runs
from convlens.picture.photo import Photo, faded, plane_pixels
from convlens.picture.shapes import INK, Picture
from convlens.words import times
from convlib.geometry import Geometry, as_batch, pad

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.facts.setting import Setting
    from convlib.arguments import Pair, Sides

__all__ = ["ASIDE", "TOP", "StopsPanel"]

TOP, ASIDE = 70.0, 470.0  # of all cells; where the next panel begins
BOX = (400.0, 225.0)  # at most, right and down
WIDEST = 30.0  # distance of cells
MOST_TILES, MOST_STARTS = 900, 600
NUMBERED = 16.0  # distance of cells from which on rows and columns are numbered
NONE: Sides = ((0, 0), (0, 0))
ODD = {"same": ": one more below, right", "same_lower": ": one more above, left"}


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
        self._paint = painter(x)
        self._photo = lru_cache(maxsize=8)(self._photograph)

    def draw(self, p: Picture, s: Setting) -> None:
        """Draw the frame, the window where it stands, and all its stops."""
        marks.heading(p, LEFT, "Padded input", self._words(s), room=ASIDE - LEFT - 16)
        grid = self.place(s)
        if s.too_wide:
            self._unfilled(p, s, grid)
        else:
            look = _visited(s, grid) if s.geometry else {}
            self._panel(grid, s.sides, s.padding_mode, **look).draw(p, grid, 13)
        if not s.fits:
            rows, columns = (axis.extent for axis in s.axes)
            marks.misfit(p, *grid.span(0, 0, rows, columns, margin=3))
        if s.geometry:
            _unreached(p, s, grid)
        _rulers(p, s, grid)

    def place(self, s: Setting) -> Grid:
        """Where the padded input stands: all of it and the kernel's extent inside the box."""
        before = [max(r, a.before) for r, a in zip(self.room, s.axes, strict=True)]
        total = [
            b + max(a.size + max(r, a.after), a.extent - a.before)
            for b, r, a in zip(before, self.room, s.axes, strict=True)
        ]
        pitch = min(self.pitch, self.box[0] / total[1], self.box[1] / total[0])
        rows, columns = s.axes
        x = LEFT + (before[1] - columns.before) * pitch
        y = TOP + (before[0] - rows.before) * pitch
        gutter = _gutter(pitch, rows.padded * columns.padded)
        return Grid(x, y, rows.padded, columns.padded, (pitch, pitch), gutter)

    def _words(self, s: Setting) -> str:
        """Sizes and filling."""
        padded = times(tuple(axis.padded for axis in s.axes))
        how = f", “{s.padding}”{ODD.get(s.padding, '')}" if s.padding != "numbers" else ""
        return f"{times(s.each('size'))}, padded to {padded}, {s.padding_mode}{how}"

    # -- cells -----------------------------------------------------------------------------------

    def _panel(self, grid: Grid, sides: Sides, mode: str, **look: Any) -> Panel:
        """The image with this padding: cells with numbers, or pixels where they have no gutter."""
        values, padding = self._fill(sides, mode)
        numbered: dict[str, Any] = {"paint": self._paint, "index": (False, False)}
        numbered["numbers"] = grid.pitch[0] >= NUMBERED
        panel = Panel(values=values, padding=padding, **numbered, **look)
        return panel if grid.gutter else panel.shown_as(self._photo(sides, mode, grid.pitch[0]))

    def _fill(self, sides: Sides, mode: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """The padded plane, and which of its cells are padding."""
        size = self.x.shape[0], self.x.shape[1]
        g = Geometry(size, 1, padding=sides, padding_mode=mode)
        return pad(as_batch(self.x, "NCHW"), g)[0, 0], g.is_padding()

    def _photograph(self, sides: Sides, mode: str, pitch: float) -> Photo:
        """The same as pixels."""
        values, padding = self._fill(sides, mode)
        rows, columns = values.shape
        pixels = faded(plane_pixels(values, limits=self.x), padding)
        return Photo(pixels, (columns * pitch, rows * pitch))

    def _unfilled(self, p: Picture, s: Setting, grid: Grid) -> None:
        """The image; around it the sides without values, each hatched that is too wide."""
        rows, columns = s.axes
        (top, left), (height, width) = (rows.before, columns.before), s.each("size")
        inner = Grid(*grid.corner(top, left), height, width, grid.pitch, grid.gutter)
        self._panel(grid, NONE, "zeros").draw(p, inner, 13)
        blocks = {
            (0, 0): (0, left, top, width),
            (0, 1): (top + height, left, rows.after, width),
            (1, 0): (top, 0, height, left),
            (1, 1): (top, left + width, height, columns.after),
        }
        for side, block in blocks.items():
            if block[2] and block[3]:
                mark = marks.outside if side in s.too_wide else marks.padding
                mark(p, *grid.span(*block))


def _gutter(pitch: float, cells: int) -> float:
    """Room between cells; none where they become pixels."""
    if cells > MOST_TILES:
        return 0.0
    return 5.0 if pitch > 18 else 3.0 if pitch > 11 else 0.0


# -- stops ---------------------------------------------------------------------------------------


def _visited(s: Setting, grid: Grid) -> dict[str, Any]:
    """The window, and where all begin if that many corners can be told apart."""
    window = tuple(axis.taps(k) for axis, k in zip(s.axes, s.at, strict=True))
    rows, columns = (axis.starts for axis in s.axes)
    near = not grid.gutter and min(s.each("stride")) * grid.pitch[0] < 8
    hidden = near or len(rows) * len(columns) > MOST_STARTS
    axes = zip(("row", "column"), s.axes, strict=True)
    go = tuple((key, *nearest(axis.extent, axis.stride)) for key, axis in axes)
    starts = [] if hidden else list(product(rows, columns))
    return {"window": window, "starts": starts, "go": go, "drag": True}


def _unreached(p: Picture, s: Setting, grid: Grid) -> None:
    """A bar beside each row and column that no window looks at."""
    rows, columns = s.axes
    for r, down in runs(rows.unreached):
        _, y, _, height = grid.span(r, 0, down, 1)
        p.rect(grid.right + 7, y, 6, height, fill=INK, fill_opacity=0.55)
    for c, right in runs(columns.unreached):
        x, _, width, _ = grid.span(0, c, 1, right)
        p.rect(x, grid.bottom + 7, width, 6, fill=INK, fill_opacity=0.55)


def _rulers(p: Picture, s: Setting, grid: Grid) -> None:
    """Number rows and columns, heavy where a window starts; ticks where there is no room."""
    rows, columns = (axis.starts if s.geometry else range(0) for axis in s.axes)
    if grid.pitch[0] >= NUMBERED:
        numbered(p, grid, rows=rows, columns=columns)
        return
    boxes = [(grid.x - 17, grid.y + y, 7.0, high) for y, high in _ticks(rows, grid.pitch[1])]
    boxes += [(grid.x + x, grid.y - 17, wide, 7.0) for x, wide in _ticks(columns, grid.pitch[0])]
    if boxes:
        p.path([("R", *box) for box in boxes], fill=INK)


def _ticks(starts: range, pitch: float) -> list[tuple[float, float]]:
    """A tick for each start, or a bar where they are too close: where it begins, how long."""
    if starts and starts.step * pitch < 3:
        return [(0.0, max(starts[-1] * pitch, 1.2))]
    return [(k * pitch, 1.2) for k in starts]
