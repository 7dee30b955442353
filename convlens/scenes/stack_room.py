"""Where the levels of a stack stand in a picture: side by side, and in columns if they must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import HEAD
from convlens.words import times

if TYPE_CHECKING:
    from convlens.facts.traces import Stack
    from convlib.arguments import Sides
    from convlib.receptive import Field

__all__ = ["StackRoom", "layer_words", "reach"]

BETWEEN = 38.0  # panels: room for the row numbers of the next
LINE = 15.0  # of a subtitle
SMALLEST_TILE = 13.0  # distance of cells that are drawn one by one
LARGE = (30, 28, 26, 24, 22, 20, 19, 18, 17, 16)  # distances that are tried
SMALL = (11, 9, 7, 5, 4, 3, 2, 1, *(2.0**-k for k in range(1, 60)))  # levels larger than a screen
#: Whether levels may stand one under the other, where the lowest may end, distances of cells.
TRIED = (
    (False, 337.0, LARGE),
    (True, 337.0, (*LARGE, 15, 14, 13)),
    (True, 427.0, (15, 14, 13)),
    (True, 337.0, SMALL),
)


class StackRoom:
    """Finds the largest cells with which every level fits, and the place of each level.

    Attributes
    ----------
    pitch : float
        Distance of the cells, in every level.
    grids : list of Grid
        One a level, padding included.
    head : float
        How far above the cells the titles stand.
    bottom : float
        Where the lowest of them ends.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.head = HEAD + LINE * max(len(self.words(n)) - 2 for n in range(len(stack.sizes)))
        for down, high, pitches in TRIED:
            for pitch in pitches:
                self.pitch = float(pitch)
                if self._place(down, high):
                    return

    @property
    def tiled(self) -> bool:
        """Whether cells are drawn one by one."""
        return self.pitch >= SMALLEST_TILE

    def words(self, number: int) -> list[str]:
        """Title of a level, its name and size, and in lines the windows that made it."""
        size = times(self.stack.sizes[number])
        if number == 0:
            return [f"Input, {size}", "colour: ways to the ringed cell"]
        words = layer_words(self.stack.layers[number - 1])
        lines = [", ".join(part) for part in (words[:2], words[2:]) if part]
        return [f"Layer {number}, {size}", *lines]

    def sides(self, number: int) -> Sides:
        """The padding around a level, which the layer above asks for."""
        last = number == len(self.stack.layers)
        return ((0, 0), (0, 0)) if last else self.stack.layers[number].padding

    def _place(self, down: bool, high: float) -> bool:
        """Place every level with cells of this pitch; return whether there is room for all."""
        x, right, top = LEFT, LEFT - BETWEEN, self.head + 22
        gutter = 4.0 if self.tiled else 0.0
        self.grids: list[Grid] = []
        for number, size in enumerate(self.stack.sizes):
            shape = [n + sum(side) for n, side in zip(size, self.sides(number), strict=True)]
            title, *lines = self.words(number)
            y = self.grids[-1].bottom + 28 + self.head if self.grids else high
            if not down or y + shape[0] * self.pitch - gutter > high:  # in a column of its own
                x, y = round(right + BETWEEN), top  # between whole pixels it would show seams
            self.grids.append(Grid(x, y, shape[0], shape[1], (self.pitch, self.pitch), gutter))
            titled = x + marks.title_width(title, max(lines, key=len))
            right = max(right, self.grids[-1].right, titled)
        self.bottom = max(grid.bottom for grid in self.grids)
        return right <= RIGHT and self.bottom <= high


def layer_words(layer: Any) -> list[str]:
    """Name the window of a layer, and of stride, padding and dilation what is not plain.

    >>> from convlens.facts.traces import Stack
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
