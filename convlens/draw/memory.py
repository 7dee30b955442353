"""Where the windows of an array lie: in flat memory, in the index grid, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.draw.panels import KINDS
from convlens.draw.views import read_view, say, way_there
from convlens.facts.bytes import Bytes
from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.grid import painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.row import LEAST, SIZES
from convlens.picture.shapes import Picture, Rect, Text
from convlens.scenes.index_grid import IndexGridScene
from convlens.scenes.jumps import ARCS, JumpStrip, Way
from convlens.scenes.view import BETWEEN, Windows
from convlens.words import counted
from convlib.arguments import as_array, choice, refusal, whole
from convlib.frames import Frame, Walk
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["index_grid", "memory", "tiles"]

MOST_WINDOWS, TALLEST = 400, 860.0
TILES_LEFT, TILES_TOP = LEFT + 36, 76.0


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
    view_shape, byte_strides : tuple of int, optional
        A view as ``as_strided`` would make it: (OH, OW, KH, KW), (OH, OW, C, KH, KW) or
        (N, OH, OW, C, KH, KW), or (OW, KW) for one row. Nothing of it is read: what lies beyond
        the array's own bytes is hatched.
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
    way = Way() if view is None else way_there(*view, jumps, per)
    ends = [a for jump in way.jumps for a in (jump.start, jump.stop)]
    letters = max(len(digits(a // per)) for a in [held.low, held.high, *way.taps, *ends])
    strip = Picture(900, 0)
    JumpStrip(held, letters, per).draw(strip, way, painter(x), ARCS)
    each = counted(x.itemsize, "byte")
    if subtitle is None:
        gaps = "; empty places are not its own" * (len(held.known) > x.size)
        subtitle = f"{x.dtype.name}, {each} each; below: {unit} from the first element{gaps}"
    return _headed(strip, title or "", subtitle, say(f"{x.shape}, {each}", way, per, unit))


def _headed(drawn: Picture, title: str, subtitle: str, label: str) -> Picture:
    """Write a heading above a picture, and cut the page to what is on it."""
    rects = [shape for shape in drawn.shapes if isinstance(shape, Rect)]
    lines = [shape.y for shape in drawn.shapes if isinstance(shape, Text)]
    lowest = max([*lines, *(r.y + r.height for r in rects)])
    right = max(LEFT + marks.title_width(title, subtitle), *(r.x + r.width + 24 for r in rects))
    p = Picture(min(max(LEAST, right), 900.0), 0, label)
    marks.heading(p, LEFT, title, subtitle, room=p.width - LEFT)
    top = 22.0 * bool(title) + 18.0 * bool(subtitle) + 16
    lift = top - min([*(y - 10 for y in lines), *(r.y for r in rects)])
    p.add(drawn, 0, lift)
    p.height = lowest + lift + 16
    return p


def tiles(
    windows: ArrayLike,
    *,
    highlight: tuple[int, int] | None = None,
    kind: str = "values",
    title: str | None = None,
    subtitle: str | None = None,
) -> Picture:
    """Draw a stack of windows (OH, OW, KH, KW) as small panels laid out like the output.

    Parameters
    ----------
    windows : array_like, (OH, OW, KH, KW)
        At most 400 windows, and no more than fit a page with numbers that can be read.
    highlight : (int, int), optional
        The output position whose window gets the blue plate and the ring.
    kind : {"values", "signed", "counts", "plain"}
        As for `cells`: one scale for all windows.
    title, subtitle : str, optional

    Examples
    --------
    >>> from convlib import strided
    >>> tiles(strided.windows(np.arange(20).reshape(4, 5), (2, 3)), highlight=(1, 1)).label
    'All windows: 3 by 3 windows of 2 by 3 cells.'
    """
    stack = as_array("windows", windows)
    if stack.ndim != 4 or stack.size == 0:
        change = "Choose one image and channel, for example windows[0, :, :, 0]."
        raise refusal(ValueError, "not (OH, OW, KH, KW)", change, {"windows.shape": stack.shape})
    choice("kind", kind, KINDS, {"kind": kind})
    oh, ow, kh, kw = stack.shape
    look: dict[str, Any] = {"kind": kind, "paint": painter(stack, kind), "index": (False, False)}
    place, size = _room(stack, Panel(values=stack.reshape(-1, kw), **look))

    def panel(i: int, j: int) -> Panel:
        lit = (range(kh), range(kw)) if highlight == (i, j) else None
        return Panel(values=stack[i, j], window=lit, **look)

    p = Picture(900, 0)
    place.draw(p, (range(oh), range(ow)), highlight, panel, size)
    said = f"{title or 'All windows'}: {oh} by {ow} windows of {kh} by {kw} cells."
    return _headed(p, title or "", subtitle or "", said)


def _room(stack: NDArray[Any], panel: Panel) -> tuple[Windows, float]:
    """Where the windows stand, and the size of their numbers; a refusal where they don't fit."""
    oh, ow, kh, kw = stack.shape
    room = RIGHT - TILES_LEFT + BETWEEN, TALLEST - TILES_TOP + BETWEEN
    for size, figures in SIZES:
        pitch = max(panel.pitch(size, figures) - 3, size + 11), size + 11.0
        place = Windows(TILES_LEFT, TILES_TOP, (kh, kw), pitch, 2.0)
        across, down = (int(side // step) for side, step in zip(room, place.step, strict=True))
        if ow <= across and oh <= down and oh * ow <= MOST_WINDOWS:
            return place, size
    across = max(across, 1)
    part = f"windows[:{min(oh, max(down, 1), MOST_WINDOWS // across)}, :{min(ow, across)}"
    cells = int((room[0] - BETWEEN) // pitch[0]), int((room[1] - BETWEEN) // pitch[1])
    large = kh > cells[1] or kw > cells[0]
    part += f", :{min(kh, cells[1])}, :{min(kw, cells[0])}]" if large else "]"
    given = {"windows.shape": stack.shape}
    raise refusal(ValueError, "more windows than can be read", f"Draw a part: {part}.", given)
