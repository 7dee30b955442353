"""What goes wrong when the entries of a grid are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Looks(Made):
    """The entries to count, how many counts there are at least, and their shape."""

    grid: Any
    size: tuple[int, int]
    least: int
    shape: tuple[int, ...]
    flat: bool = True
    count: Callable[[Any, int], Any] = lambda grid, least: np.bincount(grid, minlength=least)

    @property
    def counts(self) -> Any:
        """How often each pixel is seen."""
        grid = self.grid.ravel() if self.flat else self.grid
        return self.count(grid, self.least).reshape(self.shape)


def _by_height(a: Looks) -> Any:
    """Cut the line into rows as long as the image is high; what leaves it comes in again."""
    rows, columns = np.divmod(a.grid.ravel(), a.size[0])
    seen = np.zeros(a.size, dtype=int)
    np.add.at(seen, (rows % a.size[0], columns % a.size[1]), 1)
    return seen


looks = Slips(lambda grid, size: Looks(grid, size, prod(size), size), lambda a: a.counts)
looks(
    "every pixel is counted once at most",
    "seen[grid] += 1 adds 1 to an index once, however often it appears: count with np.bincount or "
    "np.add.at.",
    shape=lambda y, a: np.minimum(y, 1),
)
looks(
    "the counts are still in one line",
    "Give them the shape of the image at the end.",
    lambda a: a.but(shape=(-1,)),
)
looks(
    "the counts end at the last pixel that was seen, so they do not fill the image",
    "np.bincount stops at the largest index; its argument minlength asks for all pixels.",
    lambda a: a.but(least=0),
)
looks(
    "the counts end at the last pixel that was seen, and are still in one line",
    "np.bincount stops at the largest index; ask for all pixels by minlength, then reshape.",
    lambda a: a.but(least=0, shape=(-1,)),
)
looks(
    "height and width have changed places: the shape is (W, H)",
    "size is (H, W): reshape to size as it is.",
    lambda a: a.but(shape=a.size[::-1]),
)
looks(
    "the rows were filled with columns: the line was cut as (W, H) and transposed",
    "Flat indices run along rows: cut the line into H rows of W, and no transpose is needed.",
    shape=lambda y, a: y.reshape(a.size[::-1]).T,
)
looks(
    "the windows are counted that begin at a pixel, not those that see it",
    "Count every entry of the grid, not its first column alone.",
    lambda a: a.but(grid=a.grid[:, :1]),
)
looks(
    "the looks are divided by their number",
    "Wanted is how often each pixel is seen, as a whole number.",
    shape=lambda y, a: y / a.grid.size,
)
looks(
    "np.bincount is given the grid as a table",
    "It counts one line of numbers: flatten the grid with ravel.",
    lambda a: a.but(flat=False),
)
looks(
    "only pixels that are seen are counted, so that the counts do not fill the image",
    "np.unique leaves out what does not occur: count with np.bincount and its minlength.",
    lambda a: a.but(count=lambda grid, least: np.unique(grid, return_counts=True)[1]),
)
looks(
    "the indices are added up, not counted",
    "np.bincount(grid.ravel(), minlength=H*W) counts; its second argument would be weights.",
    lambda a: a.but(count=lambda grid, least: np.bincount(grid, grid, least)),
)
looks(
    "an index is divided by the height: divmod(index, H) takes H for the length of a row",
    "A row is as long as the image is wide: row and column are divmod(index, W).",
    shape=lambda y, a: _by_height(a),
)
looks(
    "each window counts once, at the middle of its entries",
    "Count every entry of the grid, not one for each window.",
    lambda a: a.but(grid=a.grid[:, a.grid.shape[1] // 2 :][:, :1]),
)
