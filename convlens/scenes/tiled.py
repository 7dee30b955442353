"""An output cut into tiles: what one of them reads, and which chunks of the input hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convlib.tiles.blocks import touched
from convlib.tiles.halo import Reads, by_window

if TYPE_CHECKING:
    from convlib.arguments import Pair
    from convlib.geometry import Geometry

__all__ = ["Tiled"]


@dataclass(frozen=True)
class Tiled:
    """An output cut into tiles, its input into chunks of the same sizes; one tile is chosen."""

    g: Geometry
    tile: int
    at: Pair

    @property
    def cuts(self) -> tuple[list[range], list[range]]:
        """The rows and the columns of every tile."""
        rows, columns = (
            [range(k, min(k + self.tile, n)) for k in range(0, n, self.tile)]
            for n in self.g.output_size
        )
        return rows, columns

    @property
    def cells(self) -> tuple[range, range]:
        """The rows and the columns of the chosen tile."""
        return self.cuts[0][self.at[0]], self.cuts[1][self.at[1]]

    @property
    def reads(self) -> tuple[Reads, Reads]:
        """What it reads of the input, along rows and along columns."""
        return by_window(self.g, 0, self.cells[0]), by_window(self.g, 1, self.cells[1])

    @property
    def runs(self) -> tuple[range, range]:
        """The rows and the columns that it reads: one run each, as zeros stand around."""
        return self.reads[0].runs[0], self.reads[1].runs[0]

    @property
    def padded(self) -> tuple[range, range]:
        """The same with the zeros beyond the image."""
        rows, columns = (
            range(cells[0] - sides[0], cells[-1] - sides[0] + extent)
            for cells, sides, extent in zip(self.cells, self.g.padding, self.g.extent, strict=True)
        )
        return rows, columns

    @property
    def counts(self) -> Pair:
        """How many cells are read, and how many are made."""
        (r, c), (i, j) = self.runs, self.cells
        return len(r) * len(c), len(i) * len(j)

    @property
    def chunks(self) -> list[Pair]:
        """The chunks that hold what it reads."""
        rows, columns = (
            [k for k, _ in touched(tuple(map(len, cuts)), reads.runs)]
            for cuts, reads in zip(self.cuts, self.reads, strict=True)
        )
        return [(r, c) for r in rows for c in columns]
