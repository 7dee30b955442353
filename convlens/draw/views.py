"""A view of windows as a reader gives it, and the way to one of its windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.facts.cell import AXES, Cell, view_strides
from convlens.scenes.jumps import Jump, Way
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlib.frames import Frame

__all__ = ["read_view", "say", "way_there"]

NAMES = {2: "iu", 4: "ijuv", 5: "ijcuv", 6: "nijcuv"}  # of a view's axes
MOST_SAID = 30  # addresses in words


def read_view(
    x: NDArray[Any],
    shape: tuple[int, ...] | None,
    strides: tuple[int, ...] | None,
    position: tuple[int, ...] | None,
    frame: Frame | None,
) -> tuple[Cell, Sequence[int], str] | None:
    """Read a view: the first tap of the window to be marked, its channels, the view's own axes."""
    if frame is not None:
        padded, g = frame.walk.padded, frame.walk.geometry
        if x.size != padded.size or x.dtype != padded.dtype:
            given = {"x.shape": x.shape, "padded.shape": padded.shape}
            change = "Draw frame.walk.padded, on which the windows lie."
            raise refusal(ValueError, "x is not what the frame looks at", change, given)
        first = frame.image, frame.row, frame.column, frame.channels[0], 0, 0
        steps = view_strides(g, padded.strides)
        return Cell(first, g.window_shape, steps), frame.channels, NAMES[6]
    if shape is None or strides is None:
        return None
    asked = {"view_shape": shape, "byte_strides": strides, "x.itemsize": x.itemsize}
    if len(shape) != len(strides) or len(shape) not in NAMES or min(shape) < 1:
        change = "Use (OH, OW, KH, KW), (OH, OW, C, KH, KW) or (N, OH, OW, C, KH, KW)."
        raise refusal(ValueError, "this is not a view of windows", change, asked)
    if any(s % x.itemsize for s in strides):
        change = "Use bytes: whole multiples of x.itemsize."
        raise refusal(ValueError, "a jump ends inside an element", change, asked)
    names = NAMES[len(shape)]
    lengths = dict(zip(names, shape, strict=True))
    jumps = _six(dict(zip(names, map(int, strides), strict=True)), 0)
    cell = Cell(_six(_position(lengths, position), 0), _six(lengths, 1), jumps)
    return cell, range(cell.shape[3]), names


def _six(given: dict[str, int], missing: int) -> tuple[int, ...]:
    """Write what belongs to some axes of a view as a tuple for all six."""
    return tuple(given.get(name, missing) for name in NAMES[6])


def _position(lengths: dict[str, int], position: tuple[int, ...] | None) -> dict[str, int]:
    """Name the window to be marked; by default the second along each axis of one image."""
    outer = [n for n in lengths if n in "nij"]
    if position is None:
        position = tuple(0 if n == "n" else min(1, lengths[n] - 1) for n in outer)
    # A view may be drawn that reaches too far, but not a window that the view does not have.
    if len(position) != len(outer) or any(
        not 0 <= p < lengths[n] for n, p in zip(outer, position, strict=True)
    ):
        change = f"Use one number for each of {', '.join(outer)}."
        raise refusal(ValueError, "no such window", change, {**lengths, "position": position})
    return dict(zip(outer, map(int, position), strict=True))


def way_there(cell: Cell, channels: Sequence[int], names: str, jumps: str | None, per: int) -> Way:
    """The window's elements, and one jump along each axis.

    Those of the window arrive at it, or go on from it where it is the first; those of the taps
    leave it.
    """
    lengths = dict(zip(NAMES[6], cell.shape, strict=True))
    asked = [n for n in "ijcuv" if lengths[n] > 1] if jumps is None else list(jumps)
    if not set(asked) <= set(names):
        change = f"Use some of {', '.join(names)}."
        raise refusal(ValueError, "the view has no such axis", change, {"jumps": jumps})
    axes = [NAMES[6].index(n) for n in asked]
    before = [k for k in axes if k < 3 and cell.index[k] > 0]
    onward = [k for k in axes if k < 3 and k not in before]
    at = cell.address - sum(cell.strides[k] for k in before)
    found = []
    for k in [*before, *onward, *(k for k in axes if k >= 3)]:
        step, (letter, _, role) = cell.strides[k], AXES[k]
        text = f"{letter} {'+' if step >= 0 else '−'}{abs(step) // per}"
        found.append(Jump(text, role, at, at + step))
        at += 0 if k in onward else step
    taps = ((c, u, v) for c in channels for u, v in np.ndindex(cell.shape[4:]))
    return Way(found, dict.fromkeys(cell.at(*cell.index[:3], *tap) for tap in taps))


def say(what: str, way: Way, per: int, unit: str) -> str:
    """Say where a window lies, and how far the jumps go."""
    said = f"The memory of an array of shape {what} each"
    if not way.taps:
        return said + "."
    where = [address // per for address in way.taps]
    more = f" and {len(where) - MOST_SAID} more" if len(where) > MOST_SAID else ""
    jumps = ", ".join(jump.text for jump in way.jumps)
    end = f"; one jump along each axis: {jumps} {unit}." if jumps else "."
    return f"{said}. The window lies at {unit} {where[:MOST_SAID]}{more}{end}"
