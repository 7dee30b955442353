"""What a picture is made of, written as SVG: rectangles, paths, lines of text, photographs.

The shapes are few on purpose, without styles, definitions or ids that could collide between the
cells of a notebook.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "INK",
    "Go",
    "Image",
    "Note",
    "Path",
    "Rect",
    "Shape",
    "Spot",
    "Text",
    "nearest",
    "number",
    "step",
    "write",
]

INK = "currentColor"  # follows the reader's theme, light or dark

Style = tuple[tuple[str, Any], ...]
Go = tuple[str, float, int]  # a control, what is added to the cell's number, what it is divided by


class _Placed:
    """What stands at (x, y)."""

    def moved(self, right: float, down: float) -> Any:
        """Return the same, further right and down."""
        here: Any = self
        return replace(here, x=here.x + right, y=here.y + down)


@dataclass(frozen=True)
class _Boxed(_Placed):
    """What fills a box."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Rect(_Boxed):
    """A rectangle, `rx` its corner radius."""

    style: Style

    def svg(self) -> str:
        """Open the element; `_group` closes it."""
        # corner radii are no inherited property: a group cannot carry them
        radius = dict(self.style).get("rx")
        rounded = f' rx="{number(radius)}"' if radius else ""
        return f"<rect {_box(self)}{rounded}"


@dataclass(frozen=True)
class Path:
    """Pieces: ("M", x, y), ("L", x, y), ("C", six numbers), ("Z",), ("R", x, y, width, height)."""

    steps: tuple[tuple[Any, ...], ...]
    style: Style

    def moved(self, right: float, down: float) -> Path:
        """Return the same, further right and down."""
        return replace(self, steps=tuple(_moved(piece, right, down) for piece in self.steps))

    def svg(self) -> str:
        """Open the element; `_group` closes it."""
        drawn = "".join(step(*piece) for piece in self.steps)
        return f'<path d="{drawn}"'


@dataclass(frozen=True)
class Text(_Placed):
    """A line of text; `length` is the width that a monospaced line must fill in any font."""

    x: float
    y: float
    string: str
    length: float
    style: Style

    def svg(self) -> str:
        """Open the element; `_group` closes it."""
        # One character has nothing to stretch: textLength on it would only move it.
        fit = f' textLength="{number(self.length)}"' if self.length and len(self.string) > 1 else ""
        kept = "  " in self.string or self.string != self.string.strip()
        space = ' xml:space="preserve"' if kept else ""
        return f'<text x="{number(self.x)}" y="{number(self.y)}"{fit}{space}'


Shape = Rect | Path | Text


@dataclass(frozen=True)
class Image(_Boxed):
    """Pixels, uint8 RGB, stretched over a box without smoothing where they are enlarged."""

    pixels: NDArray[Any]
    source: str  # the pixels as a data URL

    def svg(self) -> str:
        """Write the whole element."""
        rendering = "pixelated" if self.pixels.shape[1] < self.width else "auto"
        box = f'{_box(self)} preserveAspectRatio="none"'
        return f'<image {box} style="image-rendering:{rendering}" href="{self.source}"/>'


@dataclass(frozen=True)
class Note(_Boxed):
    """What stands in a box: the name of a mark, or a panel and its title."""

    what: str
    title: str = ""

    def svg(self) -> str:
        """Write an element that is not seen until it is lit."""
        return f'<rect {_box(self)} fill="none" data-role="{self.what}"/>'


@dataclass(frozen=True)
class Spot(_Boxed):
    """Cells that answer to a pointer: nothing is drawn, and a page without a player ignores it.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns, equally wide and high.
    links : tuple of str
        What each cell holds, row by row, several names with "+" between: cells with a name in
        common light up together.
    go : tuple of (name, first, step)
        The controls for rows and columns: cell k sets its axis's to (k + first) // step; further
        ones are set to their `first`, whichever the cell.
    drag : bool
        Whether it may be dragged, and not only clicked.
    hover : bool
        Whether it answers to a pointer that is not pressed, until that leaves the picture.
    """

    shape: tuple[int, int]
    links: tuple[str, ...] = ()
    go: tuple[Go | None, ...] = ()
    drag: bool = False
    hover: bool = False

    def svg(self) -> str:
        """Write the whole element."""
        said = f' data-cells="{self.shape[0]} {self.shape[1]}"'
        said += f' data-link="{" ".join(self.links)}"' if any(self.links) else ""
        if self.go:
            steps = [f"{axis[0]} {axis[1]:g} {axis[2]}" if axis else "" for axis in self.go]
            said += f' data-go="{";".join(steps)}"' + (' data-drag=""' if self.drag else "")
            said += ' data-hover=""' if self.hover else ""
        return f'<rect {_box(self)} fill="none" pointer-events="all"{said}/>'


def nearest(extent: int, stride: int) -> tuple[float, int]:
    """How a click finds the window whose middle is nearest to a cell, as `Spot.go` has it.

    >>> first, step = nearest(2, 2)
    >>> [int((cell + first) // step) for cell in range(6)]
    [0, 0, 1, 1, 2, 2]
    """
    return (stride - extent + 1) / 2, stride


def _box(shape: _Boxed) -> str:
    box = zip(
        ("x", "y", "width", "height"), (shape.x, shape.y, shape.width, shape.height), strict=True
    )
    return " ".join(f'{name}="{number(value)}"' for name, value in box)


def write(shapes: Iterable[Shape]) -> str:
    """Write shapes in their order, neighbours of one style with that style said once."""
    return "".join(_group(style, list(same)) for style, same in groupby(shapes, _kind))


def _kind(shape: Shape) -> tuple[type, Style]:
    """What shapes of one group have in common: the kind, and the style but for fill and corners."""
    return type(shape), tuple(item for item in shape.style if item[0] not in ("fill", "rx"))


def _group(kind: tuple[type, Style], shapes: list[Any]) -> str:
    """Write neighbours of one style with that style said once."""
    shared = "".join(_attribute(name, value) for name, value in kind[1])
    drawn = []
    for shape in shapes:
        fill = dict(shape.style).get("fill", INK)
        own = shape.svg() + ("" if fill == INK else f' fill="{fill}"')
        drawn.append(own + (f">{escape(shape.string)}</text>" if isinstance(shape, Text) else "/>"))
    return f"<g{shared}>{''.join(drawn)}</g>"


def _attribute(name: str, value: Any) -> str:
    written = number(value) if name == "font_size" else value
    return f' {name.replace("_", "-")}="{written}"'


def _moved(piece: tuple[Any, ...], right: float, down: float) -> tuple[Any, ...]:
    """Move one piece of a path; of a box the size stays."""
    name, *numbers = piece
    moving = 2 if name == "R" else len(numbers)
    return name, *(n + (right, down)[k % 2] * (k < moving) for k, n in enumerate(numbers))


def step(name: str, *numbers: float) -> str:
    """Write one piece of a path; a whole box takes few characters with relative moves."""
    if name == "R":
        x, y, width, height = map(number, numbers)
        return f"M{x} {y}h{width}v{height}h-{width}z"
    return name + " ".join(map(number, numbers))


def number(value: float) -> str:
    """One decimal is a tenth of a pixel: enough."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
