"""The memory-order explorer: the same numbers, held in memory in several ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import choice, positions, taps
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import frame_at, walk_through
from convlens.palette import digits
from convlens.scenes.memory_orders import MemoryOrdersScene
from convlens.scenes.source import input_name, padding_line
from convlib.arguments import as_array
from convlib.frames import Walk
from convlib.geometry import LAYOUTS, as_batch, pad
from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["memory_orders"]

#: Where the byte strides of the view come from; True for those that are assumed.
RULES = {"read from x.strides": False, "assumed from the shape": True}

CAPTION = "The same in NumPy; x is the array given to this explorer"

Held = dict[str, tuple["NDArray[Any]", str]]


def memory_orders(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int] = (0, 0),
    **arguments: Any,
) -> Explorer:
    """Hold the same numbers in several ways, and see where right and wrong byte strides lead.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `convlib.conv2d`. The padded `x` is copied, once for each way of holding it.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With a choice of memory orders, a choice between byte strides that are read from the array
        and those that a C-ordered array of its shape would have, and sliders for the window and the
        tap. Elements outside the memory are drawn, never read.

    See Also
    --------
    byte_strides : the view of your own array, in the memory that it has.

    Examples
    --------
    >>> explorer = memory_orders([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    >>> explorer.controls["memory"].value = "Fortran order (a C-order array transposed)"
    >>> explorer.controls["strides"].value = "assumed from the shape"
    >>> "2 right, 6 wrong, 0 outside" in explorer.picture.label
    True
    """
    walk = walk_through(x, w, bias, **arguments)
    scenes = _scenes(walk, as_array("x", x), as_array("w", w))

    def draw(values: dict[str, Any]) -> Drawing:
        scene = scenes[values["memory"], RULES[values["strides"]]]
        frame = frame_at(scene.walk, values)
        cell = scene.cell(frame, values.get("channel", 0), (values["u"], values["v"]))
        return scene.picture(frame, cell), scene.source(frame, cell)

    held = [name for name, assumed in scenes if not assumed]
    controls = {"memory": choice("memory", held), "strides": choice("byte strides", list(RULES))}
    controls |= positions(walk, at, filters=False) | taps(walk)
    return Explorer("memory_orders", controls, draw, walk=walk, caption=CAPTION)


def _scenes(
    walk: Walk, x: NDArray[Any], w: NDArray[Any]
) -> dict[tuple[str, bool], MemoryOrdersScene]:
    """Make a scene for each way of holding the padded array, and for both sorts of byte strides."""
    g, name = walk.geometry, input_name(walk)
    padded = pad(as_batch(x, g.layout), g)
    held = _held(
        padded.reshape(padded.shape[4 - x.ndim :] if x.ndim > 2 else g.padded_size), name, g.layout
    )
    ends = [byte_span(a.shape, a.strides, a.itemsize) for a, _ in held.values()]
    letters = max(len(digits(end)) for pair in ends for end in pair)
    names = ("stride", "dilation", "groups", "layout")
    steps: dict[str, Any] = {name: getattr(g, name) for name in names}
    scenes = {}
    for how, (array, line) in held.items():
        over, making = Walk(array, w, **steps), [*padding_line(walk), [(f"{name} = {line}", "")]]
        for assumed in RULES.values():
            scene = MemoryOrdersScene(over, array, how, making, assumed=assumed, letters=letters)
            scene.memory.name = name
            scenes[how, assumed] = scene
    wide = max(scene.wide for scene in scenes.values())
    for scene in scenes.values():  # so that no panel moves when another order is chosen
        scene.wide = wide
    return scenes


def _held(x: NDArray[Any], name: str, layout: str) -> Held:
    """Copy `x` into memory in several ways; with each, the NumPy line that does it."""
    row, column = (axis - 4 + x.ndim for axis in LAYOUTS[layout][1:]) if x.ndim > 2 else (0, 1)
    back, backward = _cut(row, slice(None, None, -1), "::-1")
    first, one = _cut(row, slice(0, 1), ":1")
    second, other = _cut(column, slice(None, None, 2), "::2")
    orders: Held = {
        "C order": (np.array(x, order="C"), f'np.array({name}, order="C")'),
        "Fortran order (a C-order array transposed)": (
            np.array(x, order="F"),
            f'np.array({name}, order="F")',
        ),
        "every second column of a wider array": (
            np.repeat(x, 2, axis=column)[second],
            f"np.repeat({name}, 2, axis={column}){other}",
        ),
        "reversed rows": (x[back].copy()[back], f"{name}{backward}.copy(){backward}"),
        "broadcast row: its first row repeated": (
            np.broadcast_to(x[first].copy(), x.shape),
            f"np.broadcast_to({name}{one}.copy(), {name}.shape)",
        ),
    }
    return orders | (_transposed(x, name, layout) if x.ndim > 2 else {})


def _cut(axis: int, part: slice, written: str) -> tuple[tuple[slice, ...], str]:
    """A part of one axis, as an index and as it is written."""
    return (slice(None),) * axis + (part,), f"[{':, ' * axis}{written}]"


def _transposed(x: NDArray[Any], name: str, layout: str) -> Held:
    """Store the channels at the other end, and show them where they were."""
    batch = list(range(x.ndim - 3))
    first, last = ([*batch, *(k + len(batch) for k in order)] for order in ((2, 0, 1), (1, 2, 0)))
    there, back = (last, first) if layout == "NCHW" else (first, last)
    where = "last" if layout == "NCHW" else "first"
    array = x.transpose(there).copy().transpose(back)
    line = f"{name}.transpose{tuple(there)}.copy().transpose{tuple(back)}"
    return {f"channels {where} in memory, transposed": (array, line)}
