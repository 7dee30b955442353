"""A view's way through memory: its steps, and the arcs that show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.patheffects import Normal, Stroke

from convlens import palette
from convlens.draw.panel import ADVANCE, INK, MONO, panel, write
from convlens.draw.values import EMPTY
from convlib import strided
from convlib.arguments import refusal
from convlib.frames import Frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["View", "arcs_of", "draw_arcs", "read_view"]

NAMES = {2: "iu", 4: "ijuv", 5: "ijcuv", 6: "nijcuv"}


@dataclass
class View:
    """A view's way through memory, in elements counted from the first element of the array."""

    names: str
    steps: dict[str, int]  # one jump along each axis
    taps: list[int]  # the elements of the chosen window
    position: dict[str, int]  # of that window

    @property
    def start(self) -> int:
        """Where the chosen window begins."""
        return self.taps[0]


def read_view(
    x: NDArray[Any],
    shape: tuple[int, ...] | None,
    strides: tuple[int, ...] | None,
    position: tuple[int, ...] | None,
    frame: Frame | None,
) -> View | None:
    """Read a view of windows from its shape and byte strides, or from a frame."""
    if frame is not None:
        padded, g = frame.walk.padded, frame.walk.geometry
        if x.size != padded.size or x.dtype != padded.dtype:
            given = {"x.shape": x.shape, "padded.shape": padded.shape}
            change = "Draw frame.walk.padded, on which the windows lie."
            raise refusal(ValueError, "x is not what the frame looks at", change, given)
        shape, position = g.window_shape, (frame.image, frame.row, frame.column)
        strides = strided.byte_strides(padded, replace(g, layout="NCHW"))
    if shape is None or strides is None:
        return None
    _check(x, shape, strides)
    names = NAMES[len(shape)]
    steps = {n: s // x.itemsize for n, s in zip(names, strides, strict=True)}
    lengths = dict(zip(names, shape, strict=True))
    where = _position(lengths, position)
    if frame is not None:
        taps = (frame.byte_offsets.ravel() // x.itemsize).tolist()
    else:
        taps = _taps(lengths, steps, where)
    return View("".join(n for n in names if lengths[n] > 1), steps, taps, where)


def _check(x: NDArray[Any], shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
    given = {"view_shape": shape, "byte_strides": strides, "x.itemsize": x.itemsize}
    if len(shape) != len(strides) or len(shape) not in NAMES or min(shape) < 1:
        change = "Use (OH, OW, KH, KW), (OH, OW, C, KH, KW) or (N, OH, OW, C, KH, KW)."
        raise refusal(ValueError, "this is not a view of windows", change, given)
    if any(s % x.itemsize for s in strides):
        change = "Use bytes: whole multiples of x.itemsize."
        raise refusal(ValueError, "a jump ends inside an element", change, given)


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


def _taps(lengths: dict[str, int], steps: dict[str, int], where: dict[str, int]) -> list[int]:
    """Walk the steps from the first element of the array to each tap of the window."""
    start = sum(p * steps[n] for n, p in where.items())
    inner = [n for n in lengths if n not in where]
    taps = np.full([lengths[n] for n in inner], start)
    for axis, n in enumerate(inner):
        along = np.arange(lengths[n]) * steps[n]
        taps += along.reshape([-1 if a == axis else 1 for a in range(len(inner))])
    return [int(t) for t in taps.ravel()]


def arcs_of(view: View, jumps: str | None) -> list[tuple[str, int, int]]:
    """One jump along each axis: those of the window arrive at it, those of the taps leave it."""
    asked = [n for n in view.names if n != "n" or jumps] if jumps is None else list(jumps)
    missing = [n for n in asked if n not in view.steps]
    if missing:
        change = f"Use some of {', '.join(view.steps)}."
        raise refusal(ValueError, "the view has no such axis", change, {"jumps": jumps})
    before = [n for n in asked if view.position.get(n, 0) > 0]
    at = view.start - sum(view.steps[n] for n in before)
    arcs = []
    for n in before:
        arcs.append((n, at, at + view.steps[n]))
        at += view.steps[n]
    for n in asked:
        if n in view.position and n not in before:
            arcs.append((n, view.start, view.start + view.steps[n]))
    for n in asked:
        if n not in view.position:
            arcs.append((n, at, at + view.steps[n]))
            at += view.steps[n]
    return arcs


def draw_arcs(
    ax: Axes, arcs: list[tuple[str, int, int]], at: dict[int, float], scale: int, unit: str
) -> None:
    """Draw the jumps as arcs above the strip, a label on each."""
    pitch = panel(ax).pitch
    for ending in (" bytes" if unit == "bytes" else "", ""):
        chips = [_Chip(arc, at, scale, ending, pitch) for arc in arcs if at[arc[1]] != at[arc[2]]]
        if not any(a.collides(b) for a, b in combinations(chips, 2)):
            break
    drawn: list[_Chip] = []
    for chip in sorted(chips, key=lambda c: (c.height, c.tap)):
        while any(chip.collides(other) or chip.covers(other) for other in drawn):
            chip.height += 0.1
        drawn.append(chip)
        _arc(ax, chip.name, *chip.ends, chip.height, chip.tap)
        _chip(ax, chip.middle, -chip.y, chip.text, chip.tap)
        half, top = chip.wide / 2, -chip.y - 13 / pitch
        panel(ax).extend(chip.middle - half, top, chip.middle + half, 0)


class _Chip:
    """One jump and its label: how high the arc must rise to keep clear of the others."""

    def __init__(
        self, arc: tuple[str, int, int], at: dict[int, float], scale: int, ending: str, pitch: float
    ) -> None:
        self.name, a, b = arc
        self.pitch, self.tap = pitch, self.name in "cuv"
        x0, x1 = at[a], at[b]
        side = 0.13 if x1 > x0 else -0.13  # so that one arc's end and the next one's foot part
        self.ends = x0 + side, x1 - side
        self.middle = (x0 + x1) / 2
        self.height = min(0.5 + 0.16 * abs(x1 - x0), 1.5)
        self.text = f"{self.name} {'+' if b >= a else '−'}{abs(b - a) * scale}"
        if abs(x1 - x0) > 2:  # a short arc's label must not cover its neighbours
            self.text += ending
        self.wide = (len(self.text) * ADVANCE * 9 + 14) / pitch

    @property
    def y(self) -> float:
        """How far above the strip's middle line the label stands."""
        return 0.6 + self.height + 8 / self.pitch

    def collides(self, other: _Chip) -> bool:
        """Whether two labels would touch."""
        near = abs(self.middle - other.middle) < (self.wide + other.wide) / 2
        return near and abs(self.y - other.y) < 22 / self.pitch

    def covers(self, other: _Chip) -> bool:
        """Whether this arc would run through the other's label, or hide its arc."""
        left, right = sorted(self.ends)
        over = left < other.middle < right and self.tap != other.tap
        return over and self.height < other.height + 26 / self.pitch


def _arc(ax: Axes, name: str, x0: float, x1: float, height: float, tap: bool) -> None:
    foot, tip = -0.58, -0.62 - 0.16
    top = foot - height / 0.75
    path = Path(
        [(x0, foot), (x0, top), (x1, top), (x1, tip)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    colour = palette.KERNEL if tap else INK
    style: dict[str, Any] = {"facecolor": "none", "clip_on": False, "gid": f"arc {name}"}
    if tap:
        ax.add_artist(PathPatch(path, edgecolor=(0, 0, 0, 0.6), lw=3.2, zorder=3, **style))
    ax.add_artist(PathPatch(path, edgecolor=colour, lw=2.2 if tap else 1.8, zorder=3, **style))
    head = [(x1, foot + 0.02), (x1 - 0.13, tip - 0.06), (x1 + 0.13, tip - 0.06)]
    edge = {"edgecolor": (0, 0, 0, 0.7), "lw": 0.6} if tap else {"edgecolor": "none"}
    ax.add_artist(Polygon(head, facecolor=colour, clip_on=False, zorder=3, **edge))


def _chip(ax: Axes, x: float, y: float, text: str, tap: bool) -> None:
    box: dict[str, Any] = {"boxstyle": "round,pad=0.28", "facecolor": EMPTY, "edgecolor": INK}
    box["linewidth"] = 2.0
    if tap:
        double = [Stroke(linewidth=4.4, foreground=palette.KERNEL), Normal()]
        box |= {"facecolor": palette.KERNEL, "edgecolor": EMPTY, "path_effects": double}
        box["linewidth"] = 1.6
    write(ax, x, y, text, family=MONO, fontsize=9, weight="bold", bbox=box, zorder=6)
