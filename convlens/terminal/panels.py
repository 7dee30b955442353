"""The panels of one Frame: input, kernel, products, output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from convlens.palette import label
from convlens.terminal.spans import Line, Panel, Span, cell, grid, short, visible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlib.frames import Frame, Walk

__all__ = ["Room", "input_panel", "kernel_panel", "output_panel", "products_panel"]

LARGE = 4096  # elements; of a larger array only some are measured
WIDEST = {"c": 11}  # columns of a cell at most, its marks not counted
WIDEST_REAL = 6


class Room(NamedTuple):
    """How many rows and columns of an array a panel may show."""

    rows: int
    columns: int


class Widths(NamedTuple):
    """Columns of a number in each panel, the same in all frames so that nothing jumps."""

    x: int
    w: int
    products: int
    y: int


_widths: WeakKeyDictionary[Walk, Widths] = WeakKeyDictionary()


def input_panel(frame: Frame, channel: int, room: Room) -> Panel:
    """Draw a channel of the padded input around the window."""
    walk, width = frame.walk, _measure(frame.walk).x
    taps = frame.rows.tolist(), frame.columns.tolist()
    height, wide = walk.geometry.padded_size
    shown = (
        visible(height, taps[0][0], taps[0][-1], room.rows),
        visible(wide, taps[1][0], taps[1][-1], room.columns),
    )

    padding = walk.geometry.is_padding()

    def draw(i: int, j: int) -> Span:
        outside = bool(padding[i, j])
        role = "window" if i in taps[0] and j in taps[1] else "outside" * outside
        if outside and walk.geometry.padding_mode == "zeros":
            return cell("·", width, role)
        value = walk.padded[frame.image, channel, i, j]
        return cell("·" * outside + short(value, width - outside), width, role)

    several = walk.geometry.channels > 1
    title = f"Input x, channel {channel}" if several else "Input x"
    return grid(title, (height, wide), shown, draw, taps)


def kernel_panel(frame: Frame, place: int, room: Room) -> Panel:
    """Draw the kernel's taps for one of the channels that it reads."""
    width = _measure(frame.walk).w
    lines = [[Span(f"║{row}║", "kernel")] for row in _taps(frame.kernel[place], width, room)]
    return _titled("Kernel w", frame, place, lines, room, "×")


def products_panel(frame: Frame, place: int, room: Room) -> Panel:
    """Draw what the window and the kernel multiply to, for one of the channels."""
    width = _measure(frame.walk).products
    lines = [[Span(row)] for row in _taps(frame.products[place], width, room)]
    return _titled("Products", frame, place, lines, room, "=")


def _taps(values: NDArray[Any], width: int, room: Room) -> list[str]:
    """Write as many rows and columns of a kernel-shaped array as there is room for."""
    end = " …" if room.columns < values.shape[1] else ""
    return [
        "  ".join(f"{short(value, width):>{width}}" for value in row) + end
        for row in values[: room.rows, : room.columns]
    ]


def _titled(
    title: str, frame: Frame, place: int, lines: list[Line], room: Room, operator: str
) -> Panel:
    """Put the title above, the channel under it, and a mark below where rows are left out."""
    several = frame.walk.geometry.channels > 1
    channel = f"channel {frame.channels[place]}" if several else ""
    end: list[Line] = [[Span("⋮", "dim")]] if room.rows < frame.kernel.shape[1] else []
    above: list[Line] = [[Span(title, "title")], [Span(channel, "dim")]]
    return Panel([*above, *lines, *end], "" if place else operator)


def output_panel(frame: Frame, room: Room) -> Panel:
    """Draw the output of the current image and filter, as far as it is filled in."""
    values, width = frame.walk.output[frame.image, frame.filter], _measure(frame.walk).y
    height, wide = frame.walk.geometry.output_size

    def draw(i: int, j: int) -> Span:
        # As frame.output_so_far masks it, which would make a mask of the whole output each time.
        if i * wide + j > frame.number:
            return cell("", width)
        current = (i, j) == (frame.row, frame.column)
        return cell(short(values[i, j], width), width, "output" * current)

    shown = (
        visible(height, frame.row, frame.row, room.rows),
        visible(wide, frame.column, frame.column, room.columns),
    )
    title = "Output y" + (f", filter {frame.filter}" if frame.walk.geometry.filters > 1 else "")
    panel = grid(title, (height, wide), shown, draw, ([frame.row], [frame.column]))
    return panel._replace(operator="Σ")


def _measure(walk: Walk) -> Widths:
    """Find the widths of the numbers of a walk, once."""
    if walk not in _widths:
        g, x, w = walk.geometry, _some(walk.padded), _some(walk.filters)
        products = np.multiply.outer(_some(x, 64), _some(w, 64)).ravel()
        mark = int(g.padding_mode != "zeros" and g.padded_size != g.input_size)
        y = _some(walk.output)
        _widths[walk] = Widths(_widest(x) + mark, _widest(w), _widest(products), _widest(y))
    return _widths[walk]


def _some(values: NDArray[Any], most: int = LARGE) -> NDArray[Any]:
    """Take a flat selection: all of a small array, of a larger one its extremes and some more."""
    if values.size <= most:
        return values.reshape(-1)
    spread = values.flat[:: -(-values.size // most)]
    return np.append(spread, [values.min(), values.max()]).astype(values.dtype)


def _widest(values: NDArray[Any]) -> int:
    most = WIDEST.get(values.dtype.kind, WIDEST_REAL)
    return min(max((len(label(value)) for value in values), default=1), most)
