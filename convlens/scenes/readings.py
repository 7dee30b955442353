"""The readings explorer's picture: one line of memory, cut into planes in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import Grid, need, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel, runs
from convlens.picture.roles import linked
from convlens.picture.shapes import INK, Picture
from convlens.scenes.story import arithmetic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line

__all__ = ["ReadingsScene"]

ORDERS = ("HWC", "CHW")
#: How many numbers come before one: the same counting as `reshape` does, spelled out.
FORMULAS = {"HWC": "({i} × {W} + {j}) × {C} + {c}", "CHW": "({c} × {H} + {i}) × {W} + {j}"}
CELLS, TOP, TALL = LEFT + 132, 72.0, 29.0  # of the line: left, top, height
LANE, APART = 11.0, 13.0  # height of a channel's lane; room between the two orders
MIDDLE, ASIDE, GAP = 470.0, 18.0, 22.0  # the second reading; row numbers; between planes
NAME, ROOM = 74.0, MIDDLE - LEFT - ASIDE  # of one plane, at least; of all of a reading
PATCH = 88.0, 44.0  # the most that three planes take up as one picture in colour
WIDEST, GUTTER, HIGHEST = 36.0, 5.0, 520.0  # the last of the picture


class ReadingsScene:
    """Draws one line of memory, its reading as (H, W, C) and as (C, H, W), and one element.

    Parameters
    ----------
    x : ndarray, (C, H, W)
        Its numbers are laid pixel after pixel: channels last.

    Attributes
    ----------
    line : ndarray, (H*W*C,)
    """

    def __init__(self, x: NDArray[Any]) -> None:
        sizes = self._sizes = dict(zip("CHW", x.shape, strict=True))
        self.line = np.ascontiguousarray(x.transpose(1, 2, 0)).ravel()
        self.shapes = {order: tuple(sizes[axis] for axis in order) for order in ORDERS}
        numbers = np.arange(self.line.size)
        self._places = {order: numbers.reshape(shape) for order, shape in self.shapes.items()}
        self._paint = painter(self.line)
        plane = (ROOM - GAP * sizes["C"]) / (sizes["C"] * sizes["W"])
        self._pitch = min((RIGHT - CELLS) / self.line.size, WIDEST), min(plane, WIDEST)
        self._step = max(sizes["W"] * self._pitch[1] + GAP - GUTTER, NAME)
        self._planes = TOP + TALL + 2 * (APART + sizes["C"] * LANE) + 92
        self._bottom = self._planes + sizes["H"] * (TALL + GUTTER)
        self._height = self._bottom + 66

    @property
    def fits(self) -> bool:
        """Whether all numbers can be read."""
        wide = min(self._pitch) - GUTTER - 2 >= need(self.line, 11, 1)
        return bool(wide) and self._height <= HIGHEST and self._sizes["C"] * self._step <= ROOM

    def at(self, order: str, element: int) -> dict[str, int]:
        """Row i, column j and channel c of an element, where this order has it."""
        (place,) = np.argwhere(self._places[order] == element).tolist()
        names = {"H": "i", "W": "j", "C": "c"}
        return {names[axis]: k for axis, k in zip(order, place, strict=True)}

    def picture(self, element: int) -> Picture:
        """Draw the line, both readings, and where the element stands in each."""
        p = Picture(900, self._height, self._label(element))
        grid = self._line(p, element)
        for k, order in enumerate(ORDERS):
            lanes = grid.bottom + APART + k * (APART + self._sizes["C"] * LANE)
            self._lanes(p, grid, order, element, lanes)
            self._reading(p, order, element, (LEFT, MIDDLE)[k])
        return p

    def source(self, element: int) -> list[Line]:
        """Write the lines that read this number: from the line, and twice with three axes."""
        number = f"   # {label(self.line[element])}"
        lines: list[Line] = [[(f"line[{element}]", ""), (number, "comment")]]
        for order, shape in self.shapes.items():
            place = [*self.at(order, element).values()]
            said = f"   # the same number, read as ({', '.join(order)})"
            lines.append([(f"line.reshape{shape}{place}", ""), (said, "comment")])
        return lines

    # -- the line --------------------------------------------------------------------------------

    def _line(self, p: Picture, element: int) -> Grid:
        """The numbers in the order in which they lie."""
        marks.heading(p, LEFT, "One line of memory", f"{self.line.size} numbers")
        p.text(LEFT, TOP - 9, "place", 12, opacity=0.72)
        p.text(LEFT, TOP + TALL / 2 + 4, "number", 12, opacity=0.72)
        grid = Grid(CELLS, TOP, 1, self.line.size, (self._pitch[0], TALL + GUTTER), GUTTER)
        p.note("panel", *grid.span(0, 0, 1, self.line.size), title="One line of memory")
        Panel(
            values=self.line[None],
            paint=self._paint,
            reading=(0, element),
            index=(False, True),
            links=linked("m", np.arange(self.line.size)[None]),
            go=(None, ("element", 0, 1)),
            drag=True,
        ).draw(p, grid, 13)
        return grid

    def _lanes(self, p: Picture, grid: Grid, order: str, element: int, y: float) -> None:
        """Under each number a bar, in the lane of the channel that this order puts it into."""
        p.text(LEFT, y + 9, f"as ({', '.join(order)})", 12, mono=True)
        channels, axis = self._places[order], order.index("C")
        for c in range(self._sizes["C"]):
            top, mine = y + c * LANE, np.sort(channels.take(c, axis=axis), axis=None)
            p.text(CELLS - 10, top + 9, f"c={c}", 11, mono=True, anchor="end", opacity=0.72)
            for first, count in runs(mine):
                x, _, width, _ = grid.span(0, first, 1, count)
                p.rect(x, top + 2.5, width, 6, fill=INK, fill_opacity=0.3)
            if element in mine:
                x, _, width, _ = grid.span(0, element)
                p.rect(x, top + 2.5, width, 6, fill=INK)

    # -- the readings ----------------------------------------------------------------------------

    def _reading(self, p: Picture, order: str, element: int, left: float) -> None:
        """The planes of one reading, and the place of the element counted out."""
        said, shape = ", ".join(order), self.shapes[order]
        marks.heading(p, left, f"Read as ({said})", f"line.reshape{shape}", self._planes - 68)
        place = self.at(order, element)
        for c in range(self._sizes["C"]):
            self._plane(p, order, c, place, left)
        self._colours(p, order, left)
        letters = {name: name for name in ("i", "j", "c", *self._sizes)}
        spelled = f"place = {FORMULAS[order].format(**letters)}"
        marks.sentence(p, left, self._bottom + 18, spelled, 14, opacity=0.72)
        told = f"      = {self._counted(order, element)} = "
        pieces = [(told, ""), (str(element), "part")]
        arithmetic(p, left, self._bottom + 44, pieces, 14, links=(f"m{element}",))

    def _plane(self, p: Picture, order: str, c: int, place: dict[str, int], left: float) -> None:
        """One channel of a reading; a click on a cell goes to its element."""
        places = self._places[order].take(c, axis=order.index("C"))
        corner, cell = (left + ASIDE + c * self._step, self._planes), self._pitch[1]
        rows, columns = self._sizes["H"], self._sizes["W"]
        grid = Grid(*corner, rows, columns, (cell, TALL + GUTTER), GUTTER)
        title = f"Read as ({', '.join(order)}), c={c}"
        p.note("panel", *grid.span(0, 0, rows, columns), title=title)
        look: dict[str, Any] = {"paint": self._paint, "links": linked("m", places)}
        look |= {"reading": (place["i"], place["j"]) if c == place["c"] else None}
        Panel(values=self.line[places], index=(c == 0, True), **look).draw(p, grid, 13)
        p.text(grid.x, self._planes - 28, f"channel {c}", 12, bold=c == place["c"])
        for at, there in np.ndenumerate(places):
            go = ("element", int(there), 1), None
            p.spots.append(Spot(*grid.span(*at), (1, 1), (f"m{there}",), go))

    def _colours(self, p: Picture, order: str, left: float) -> None:
        """Three planes as red, green and blue: the picture that this reading sees."""
        pixels = np.moveaxis(self.line[self._places[order]], order.index("C"), 2)
        high, (rows, columns) = pixels.max(), pixels.shape[:2]
        if pixels.shape[2] != 3 or pixels.min() < 0 or high == 0:
            return
        side = min(PATCH[0] / columns, PATCH[1] / rows)
        x, y = left + ROOM - GAP - columns * side, self._bottom + 6
        for (i, j), _ in np.ndenumerate(pixels[..., 0]):
            red, green, blue = (int(255 * float(v) / float(high) + 0.5) for v in pixels[i, j])
            colour = f"#{red:02x}{green:02x}{blue:02x}"
            p.rect(x + j * side, y + i * side, side, side, fill=colour)
        p.text(x - 8, y + 12, "in colour", 12, anchor="end", opacity=0.72)

    def _label(self, element: int) -> str:
        """The text alternative."""
        told = f"Readings explorer. One line of {self.line.size} numbers. "
        told += f"Element {element} is {label(self.line[element])}."
        for order, shape in self.shapes.items():
            place, spelled = self.at(order, element), self._counted(order, element)
            told += f" Read as ({', '.join(order)}), {shape}, it is in channel {place['c']}, row "
            told += f"{place['i']}, column {place['j']}: {spelled} = {element}."
        return told

    def _counted(self, order: str, element: int) -> str:
        """How many numbers come before an element."""
        return FORMULAS[order].format(**self._sizes, **self.at(order, element))
