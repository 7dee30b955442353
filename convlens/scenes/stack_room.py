"""Where the levels of a stack stand in a picture: side by side, in a second row if they must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import HEAD
from convlens.words import times

if TYPE_CHECKING:
    from convlib.arguments import Sides
    from convlib.receptive import Field
    from convlib.traces import Stack

__all__ = ["StackRoom", "layer_words", "reach"]

TOP = HEAD + 22
BETWEEN = 38.0  # panels: room for the row numbers of the next
MOST_HIGH = 620.0
SMALLEST_TILE = 13.0  # distance of cells that are drawn one by one
#: Distances that are tried; below a unit, for levels larger than any screen.
PITCHES = (30, 28, 26, 24, 22, 20, 19, 18, 17, 16, 15, 14, 13, 11, 9, 7, 5, 4, 3, 2, 1)


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
        alone = [pitch for pitch in PITCHES if pitch >= 16]  # smaller ones only in two rows
        finer = (2.0**-k for k in range(1, 60))
        for rows, pitches in ((1, alone), (2, PITCHES), (9, finer)):
            for pitch in pitches:
                self.pitch = float(pitch)
                if self._place() <= rows and self.bottom <= MOST_HIGH:
                    return

    @property
    def tiled(self) -> bool:
        """Whether cells are drawn one by one."""
        return self.pitch >= SMALLEST_TILE

    def words(self, number: int) -> tuple[str, str]:
        """Title and subtitle of a level: its name and size, and the windows that made it."""
        size = times(self.stack.sizes[number])
        if number == 0:
            return f"Input, {size}", "colour: ways to the ringed cell"
        return f"Layer {number}, {size}", ", ".join(layer_words(self.stack.layers[number - 1]))

    def sides(self, number: int) -> Sides:
        """The padding around a level, which the layer above asks for."""
        last = number == len(self.stack.layers)
        return ((0, 0), (0, 0)) if last else self.stack.layers[number].padding

    def _place(self) -> int:
        """Place every level with cells of this pitch; return how many rows of panels there are."""
        x, y, rows, self.bottom = LEFT, TOP, 1, 0.0
        gutter = 4.0 if self.tiled else 0.0
        self.grids: list[Grid] = []
        for number, size in enumerate(self.stack.sizes):
            shape = [n + sum(side) for n, side in zip(size, self.sides(number), strict=True)]
            wide = max(shape[1] * self.pitch - gutter, marks.title_width(*self.words(number)))
            if x > LEFT and x + wide > RIGHT:
                x, y, rows = LEFT, self.bottom + 30 + HEAD, rows + 1
            self.grids.append(Grid(x, y, shape[0], shape[1], (self.pitch, self.pitch), gutter))
            self.bottom = max(self.bottom, self.grids[-1].bottom)
            x += round(wide + BETWEEN)  # between whole pixels a level would show seams
        return 99 if any(grid.right > RIGHT for grid in self.grids) else rows


def layer_words(layer: Any) -> list[str]:
    """Name the window of a layer, and of stride, padding and dilation what is not plain.

    >>> from convlib.traces import Stack
    >>> layer_words(Stack([(3, 2, (1, 0))], 8).layers[0])
    ['3 × 3', 'stride 2', 'padding (1, 0)']
    """
    kernel, stride, padding, dilation = layer
    found = [times(kernel)]
    if stride != (1, 1):
        found.append(f"stride {_short(stride)}")
    if padding != ((0, 0), (0, 0)):
        even = all(before == after for before, after in padding)
        found.append(f"padding {_short(tuple(p[0] for p in padding)) if even else padding}")
    if dilation != (1, 1):
        found.append(f"dilation {_short(dilation)}")
    return found


def reach(field: Field, along: int, cell: int, size: int) -> list[str]:
    """Say where the field of a cell lies along one axis: at length, and as short as can be."""
    places = (field.rows if along == 0 else field.columns)(cell)
    short = f"{places[0]} to {places[-1]}".replace("-", "−")
    outside = sum(1 for p in places if not 0 <= p < size)
    return [f"from {short}" + (f", {outside} outside the input" if outside else ""), short]


def _short(pair: Any) -> str:
    """Write a pair of equal numbers as one."""
    return str(pair[0]) if pair[0] == pair[1] else str(pair)
