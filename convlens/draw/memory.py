"""Where the windows of an array lie: in the index grid, and in flat memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.draw.tiles import headed
from convlens.draw.views import read_view, say, way_there
from convlens.facts.bytes import Bytes
from convlens.palette import digits
from convlens.picture.grid import painter
from convlens.picture.shapes import Picture
from convlens.scenes.index_grid import IndexGridScene
from convlens.scenes.jumps import ARCS, Jump, JumpStrip, Way
from convlens.words import counted
from convlib.arguments import as_array, choice, refusal, whole
from convlib.frames import Frame, Walk
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convlens.facts.cell import Cell

__all__ = ["index_grid", "memory"]

AXES = "channel", "row", "column"  # of an array that is sliced


def index_grid(drawn: Walk | Geometry, *, highlight: int = 0) -> Picture:
    """Draw starts + offsets = grid as the index-grid explorer does, one window lit up.

    Parameters
    ----------
    drawn : Walk or Geometry
        Without an image, one is drawn whose values count its elements.
    highlight : int
        The number of a window (``frame.number``).

    Examples
    --------
    >>> "start 6 plus the offsets gives [6 7 11 12]" in index_grid(
    ...     Geometry((4, 5), 2), highlight=5).label
    True
    """
    if not isinstance(drawn, Walk | Geometry):
        raise refusal(TypeError, "not a Walk or a Geometry", "Use one.", {"drawn": drawn})
    rows, columns = (drawn.geometry if isinstance(drawn, Walk) else drawn).output_size
    number = whole("highlight", highlight, 0, {"highlight": highlight})
    if number >= rows * columns:
        change = f"Use 0 to {rows * columns - 1}."
        raise refusal(ValueError, "no such window", change, {"highlight": highlight})
    walk = drawn if isinstance(drawn, Walk) else _counting(drawn)
    return IndexGridScene(walk).picture(walk.frame(*divmod(number, columns)))


def _counting(g: Geometry) -> Walk:
    """A walk of this geometry over an image whose values are its flat indices."""
    n, c, o, read = g.batch or 1, g.channels, g.filters, g.channels // g.groups
    image, kernel = (n, c, *g.input_size), (o, read, *g.kernel_size)
    if g.layout == "NHWC":
        image, kernel = (n, *g.input_size, c), (*g.kernel_size, read, o)
    names = ("stride", "padding", "dilation", "padding_mode", "groups", "layout")
    counted = np.arange(np.prod(image)).reshape(image)
    return Walk(counted, np.ones(kernel, int), **{name: getattr(g, name) for name in names})


def memory(
    x: ArrayLike,
    *,
    within: ArrayLike | None = None,
    view_shape: tuple[int, ...] | None = None,
    byte_strides: tuple[int, ...] | None = None,
    position: tuple[int, ...] | None = None,
    frame: Frame | None = None,
    jumps: str | None = None,
    unit: str = "bytes",
    title: str | None = "Memory",
    subtitle: str | None = None,
) -> Picture:
    """Draw the memory of an array in address order, a window of a view on it, and its jumps.

    Parameters
    ----------
    x : array_like
        In any memory order. Places between its elements that are not its own are left empty.
    within : array_like, optional
        The array that `x` was sliced from: its memory is drawn whole, counted from the first
        element of `x` (the base, framed), with one jump along each axis of `x`.
    view_shape, byte_strides : tuple of int, optional
        A view as ``as_strided`` would make it: (OH, OW, KH, KW), (OH, OW, C, KH, KW) or
        (N, OH, OW, C, KH, KW), or (OW, KW) for one row. Nothing of it is read: what lies beyond
        the array's own bytes is hatched, as far as the view reaches.
    position : tuple of int, optional
        Which window of the view to mark; by default the second along each axis.
    frame : Frame, optional
        Marks its window; `x` is then ``frame.walk.padded`` and the view that of its walk.
    jumps : str, optional
        Axes for which to draw one jump, of the letters n, i, j (black: from window to window),
        c, u, v (orange: from tap to tap); by default all that are longer than 1. "" for none.
    unit : {"bytes", "elements"}
        What is counted under the strip and on the jumps.
    title, subtitle : str, optional

    Examples
    --------
    >>> memory(np.zeros((2, 3)), view_shape=(2, 2, 1, 2), byte_strides=(24, 8, 24, 8)).label
    'The memory of an array of shape (2, 3), 8 bytes each. The window lies at bytes [32, 40]; one \
jump along each axis: i +24, j +8, v +8 bytes.'
    """
    x = as_array("x", x)
    choice("unit", unit, ("bytes", "elements"), {"unit": unit})
    held, per = Bytes(x), x.itemsize if unit == "elements" else 1
    if x.size == 0 or held.unit != x.itemsize:
        given = {"x.shape": x.shape, "x.strides": x.strides, "x.itemsize": x.itemsize}
        wrong = "x has no elements, or does not lie at whole elements"
        raise refusal(ValueError, wrong, "Use an array of one type of number.", given)
    view = read_view(x, view_shape, byte_strides, position, frame)
    way = Way() if view is None else _reaching(way_there(*view, jumps, per), view[0], held)
    each = counted(x.itemsize, "byte")
    said = say(f"{x.shape}, {each}", way, per, unit)
    first = "the first element"
    if within is not None:
        held, way = _sliced(x, as_array("within", within), per)
        first, told = "the base, in a frame", ", ".join(jump.text for jump in way.jumps)
        start = f"its first element is number {-held.low // x.itemsize} in memory"
        said = f"{x.shape} within {held.x.shape}, {each} each; {start}; jumps: {told} {unit}."
    ends = [a for jump in way.jumps for a in (jump.start, jump.stop)]
    letters = max(len(digits(a // per)) for a in [held.low, held.high, *way.taps, *way.ends, *ends])
    strip = Picture(900, 0)
    JumpStrip(held, letters, per).draw(strip, way, painter(held.x), ARCS)
    if subtitle is None:
        gaps = "; empty places are not its own" * (len(held.known) > held.x.size)
        subtitle = f"{x.dtype.name}, {each} each; below: {unit} from {first}{gaps}"
    return headed(strip, title or "", subtitle, said)


def _reaching(way: Way, cell: Cell, held: Bytes) -> Way:
    """Show the first and the last element of the view, too, where they lie outside the memory."""
    reach = [(n - 1) * step for n, step in zip(cell.shape, cell.strides, strict=True)]
    ends = (sum(end(0, r) for r in reach) for end in (min, max))
    return replace(way, ends=[k for k in ends if not held.inside(k)])


def _sliced(x: NDArray[Any], within: NDArray[Any], per: int) -> tuple[Bytes, Way]:
    """The memory of `within`, counted from the first element of `x`; jumps from there."""
    if x.dtype != within.dtype or x.ndim > len(AXES) or not np.may_share_memory(x, within):
        given = {"x.shape": x.shape, "within.shape": within.shape}
        change = "Use a slice of `within`: one to three axes, nothing copied."
        raise refusal(ValueError, "x does not lie in the memory of `within`", change, given)
    base = x.__array_interface__["data"][0] - within.__array_interface__["data"][0]
    held = Bytes(within)
    held.low, held.high = held.low - base, held.high - base
    held.known = range(held.low // held.unit, held.high // held.unit)
    names = AXES[-x.ndim :] if x.ndim > 1 else ["next"] * x.ndim
    steps = zip(names, x.shape, x.strides, strict=True)
    jumps = [
        Jump(f"{name} {'−' if step < 0 else '+'}{abs(step) // per}", "output", 0, step)
        for name, n, step in steps
        if n > 1
    ]
    return held, Way(jumps, reading=0)
