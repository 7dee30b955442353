"""Where the levels of a stack stand in a picture: side by side, in a second row if they must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import SANS_ADVANCE
from convlens.scenes.layer_words import words

if TYPE_CHECKING:
    from convlib.arguments import Pair, Sides
    from convlib.traces import Stack

__all__ = ["HEAD", "StackRoom"]

HEAD = 84.0  # from the top of a row of panels to its tiles: title, two lines, column numbers
BETWEEN = 34.0  # panels: room for the row numbers of the next
MOST_HIGH = 620.0
SMALLEST_TILE = 11.0  # distance of cells that are drawn one by one
PITCHES = (30, 28, 26, 24, 22, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 9, 7, 5, 4, 3, 2, 1)


class StackRoom:
    """Finds the largest cells with which every level fits, and the place of each level.

    Attributes
    ----------
    pitch : float
        Distance of the cells, in every level.
    grids : list of Grid
        One a level, padding included.
    bottom : float
        Where the lowest of them ends.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._words = [words(stack, number) for number in range(len(stack.sizes))]
        for rows in (1, 2):
            pitches = [p for p in PITCHES if p >= (SMALLEST_TILE + 5 if rows == 1 else 0)]
            for pitch in pitches:
                self.pitch = float(pitch)
                if self._place() <= rows and self.bottom <= MOST_HIGH:
                    return
        # Larger than any screen: cells of less than a unit.
        while self.bottom > MOST_HIGH or max(g.right for g in self.grids) > RIGHT:
            self.pitch /= 2
            self._place()

    @property
    def words(self) -> list[list[str]]:
        """Title and two lines for each level."""
        told = "number: ways to the cell" if self.tiled else "blue: what the cell sees"
        return [[*lines, told] if len(lines) < 3 else lines for lines in self._words]

    @property
    def tiled(self) -> bool:
        """Whether cells are drawn one by one."""
        return self.pitch >= SMALLEST_TILE

    def sides(self, number: int) -> Sides:
        """The padding around a level, which the layer above asks for."""
        last = number == len(self.stack.layers)
        return ((0, 0), (0, 0)) if last else self.stack.layers[number].padding

    def before(self, number: int) -> Pair:
        """Rows and columns of padding before the level's own."""
        (top, _), (left, _) = self.sides(number)
        return top, left

    def _place(self) -> int:
        """Place every level with cells of this pitch; return how many rows of panels there are."""
        x, y, rows, lowest = LEFT, HEAD, 1, 0.0
        gutter = 4.0 if self.tiled else 0.0
        self.grids: list[Grid] = []
        for number, size in enumerate(self.stack.sizes):
            (top, bottom), (left, right) = self.sides(number)
            shape = size[0] + top + bottom, size[1] + left + right
            wide = max(shape[1] * self.pitch - gutter, self._wide(number))
            if x > LEFT and x + wide > RIGHT:
                x, y, rows = LEFT, lowest + 30 + HEAD, rows + 1
            grid = Grid(x, y, *shape, (self.pitch, self.pitch), gutter)
            self.grids.append(grid)
            lowest = max(lowest, grid.bottom)
            x += wide + BETWEEN
        self.bottom = lowest
        over = any(grid.right > RIGHT for grid in self.grids)
        return 9 if over else rows

    def _wide(self, number: int) -> float:
        """Room that the heading of a level takes."""
        title, *lines = self._words[number]
        longest = (
            max(24, *(len(line) for line in lines)) if number == 0 else len(max(lines, key=len))
        )
        return max(len(title) * 15 * (SANS_ADVANCE + 0.08), longest * 12 * SANS_ADVANCE)
