"""An input with a second number in each cell: all of it, or its pixels and a part beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT

if TYPE_CHECKING:
    from convlens.picture.panel import Panel
    from convlens.picture.shapes import Picture
    from convlens.scenes.input import Inputs
    from convlib.frames import Frame

__all__ = ["SIDE", "TITLE", "TOP", "Enlarged"]

TITLE, TOP = 18.0, 62.0  # base line of titles, and top line of what stands beside each other
SIDE = 200.0  # of the pixels
FLAT = 60.0  # pixels that are no higher stand above the part, not beside it
PART = 207.0  # width of the part
TALL, LOW, CLOSE = 41.0, 30.0, 33.0  # distances of rows: most, least; below this, small numbers
MOST_ROWS = 8


class Enlarged:
    """Places an input whose cells have another number in their corners.

    Parameters
    ----------
    source : Inputs
    pitch, room : float
        Distance of columns, and the width for all of them; if they need more, a part is shown.
    least : float
        Distance of the part's columns, at least.
    tall : float
        Height of all rows, where they can be read.
    beyond, most : int
        Rows to leave room for below the input, and how many there may be in all.

    Attributes
    ----------
    grid : Grid
        Of all cells, or of the part's.
    whole : bool
        Whether it is of all.
    width, height : float
        The room that is taken.
    """

    def __init__(
        self,
        source: Inputs,
        pitch: float,
        room: float,
        least: float,
        tall: float,
        *,
        beyond: int = 0,
        most: int = MOST_ROWS,
    ) -> None:
        self.source, self.beyond = source, beyond
        rows, columns = source.walk.geometry.padded_size
        self.whole = source.small and columns * pitch <= room and rows + beyond <= most
        if self.whole:
            down = max(LOW, min(TALL, tall / (rows + beyond)))
            gutter = 5.0 if down > CLOSE else 3.0
            self.grid = Grid(LEFT, TOP, rows, columns, (pitch, down), gutter)
            self.width, self.height = self.grid.width, self.grid.height + beyond * down
            return
        wide, tall = (max(n * SIDE / max(rows, columns), 2.0) for n in (columns, rows))
        least = max(least, 36.0)
        shown = min(rows, 5), max(1, min(int(PART / least), columns))
        x, y = (LEFT, TOP + tall + 32) if tall < FLAT else (LEFT + wide + 28, TOP)
        self.grid = Grid(x, y, *shown, (least, TALL))
        self.width = max(self.grid.right - LEFT, wide)
        self.height = max(self.grid.bottom - TOP, tall)

    @property
    def size(self) -> float:
        """Font size of the numbers."""
        return 16.0 if min(self.grid.pitch) >= 36 else 14.0 if self.grid.pitch[1] > CLOSE else 12.0

    def draw(self, p: Picture, f: Frame, channel: int, **look: Any) -> Panel:
        """Draw the pixels, if any; return the panel for the grid. `look` is as for `Panel`."""
        if self.whole:
            return self.source.panel(f, channel, title="", **look)
        rows, columns = self.source.walk.geometry.padded_size
        seen = f.rows[f.rows < rows].tolist(), f.columns[f.columns < columns].tolist()
        photo = self.source.pixels(f, channel, (SIDE, SIDE), title="", window=seen)
        photo.draw(p, photo.over(LEFT, TOP))
        shown = self.grid.rows, self.grid.columns
        return self.source.panel(
            f, channel, self.source.beginning(f, shown), shown, title="", **look
        )
