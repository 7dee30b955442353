"""The memory of an array as one strip, and the jumps that a view makes in it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import cells
from convlens.draw.jumps import View, arcs_of, draw_arcs, read_view
from convlens.draw.layout import arrange
from convlens.draw.overlays import patch, runs
from convlens.draw.padding import outside
from convlens.draw.panel import (
    ADVANCE,
    INK,
    MONO,
    NUMBER,
    SANS,
    SMALLEST,
    SOFT,
    Group,
    header,
    panel,
    write,
)
from convlib.arguments import as_array, choice, refusal
from convlib.frames import Frame

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["memory"]

MOST = 32  # elements in a strip


def memory(
    ax: Axes,
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
) -> None:
    """Draw the memory of an array in address order, a window of a view on it, and its jumps.

    Parameters
    ----------
    ax : Axes
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
    """
    x = as_array("x", x)
    choice("unit", unit, ("bytes", "elements"), {"unit": unit})
    own = _own(x)
    view = read_view(x, view_shape, byte_strides, position, frame)
    arcs = [] if view is None else arcs_of(view, jumps)
    wanted = set(own) | set(view.taps if view else []) | {e for _, a, b in arcs for e in (a, b)}
    first, last = min(wanted), max(wanted)
    focus = (set(view.taps) if view else set()) | {e for _, a, b in arcs for e in (a, b)}
    scale = x.itemsize if unit == "bytes" else 1
    digits = max(len(str(first * scale)), len(str(last * scale)))
    kept = _kept(first, last, focus, min(MOST, int(640 // (ADVANCE * NUMBER * digits + 5))))
    at = _places(kept)
    _strip(ax, x, own, kept, at)
    if view is not None:
        _plates(ax, view, own, at)
    _beyond(ax, own, kept, at)
    arrange(ax)  # what follows depends on how large the cells have become
    _addresses(ax, kept, at, scale, view)
    _brackets(ax, x, at)
    draw_arcs(ax, arcs, at, scale, unit)
    if subtitle is None:
        gaps = max(own) - min(own) >= len(own)
        strange = "; empty places are not its own" if gaps else ""
        subtitle = (
            f"{x.dtype.name}, {x.itemsize} bytes each; {unit} from its first element{strange}"
        )
    box = panel(ax).box
    assert box is not None
    panel(ax).top = box[1]
    header(ax, at[kept[0]] - 0.42, box[1], title, 0)
    header(ax, at[kept[0]] - 0.42, box[1], subtitle, 1)
    panel(ax).says = [_say(x, view, arcs, scale, unit)]
    arrange(ax)


def _own(x: NDArray[Any]) -> dict[int, Any]:
    """The value at each element that belongs to `x`, by its distance from the first."""
    bytes_away = np.zeros(x.shape, dtype=np.intp)
    for axis, (length, stride) in enumerate(zip(x.shape, x.strides, strict=True)):
        along = np.arange(length) * stride
        bytes_away += along.reshape([-1 if a == axis else 1 for a in range(x.ndim)])
    if x.size == 0 or np.any(bytes_away % x.itemsize):
        given = {"x.shape": x.shape, "x.strides": x.strides, "x.itemsize": x.itemsize}
        wrong = "x has no elements, or does not lie at whole elements"
        raise refusal(ValueError, wrong, "Use an array of one type of number.", given)
    away = (bytes_away // x.itemsize).ravel().tolist()
    return dict(zip(away, x.ravel().tolist(), strict=True))


def _kept(first: int, last: int, focus: set[int], most: int) -> list[int]:
    """Choose the elements to show where there are too many: both ends and about the window."""
    if last - first < most:
        return list(range(first, last + 1))
    keep = {first, first + 1, last - 1, last} | focus
    for reach in range(1, last - first):
        wider = {k + d for k in focus or {first} for d in (-reach, reach)}
        wider = {k for k in wider if first <= k <= last} | keep
        if len(wider) + len(runs(wider)) > most:
            break
        keep = wider
    return sorted(keep)


def _places(kept: list[int]) -> dict[int, float]:
    """Place the kept elements side by side, with a gap where some are left out."""
    at, x = {}, 0.0
    for before, element in zip([kept[0] - 1, *kept], kept, strict=False):
        x += 0.0 if element == before + 1 else 0.9
        at[element] = x
        x += 1.0
    return at


def _strip(
    ax: Axes, x: NDArray[Any], own: dict[int, Any], kept: list[int], at: dict[int, float]
) -> None:
    values = np.array(list(own.values()))
    signed = bool(np.any(palette.steady(np.real(values)) < 0))
    real = np.abs(values) if values.dtype.kind == "c" else values
    limits = float(real.min()), float(real.max())
    for run in runs(kept):
        masked = np.ma.array([own.get(e, 0) for e in run], mask=[e not in own for e in run])
        style: dict[str, Any] = {"index": False, "signed": signed, "limits": limits}
        style["tiles"] = True
        cells(ax, masked.astype(x.dtype), origin=(at[run[0]], 0), **style)
    for before, after in pairwise(kept):
        if after != before + 1:
            write(ax, (at[before] + at[after]) / 2, 0, "…", fontsize=13, family=SANS, color=SOFT)


def _plates(ax: Axes, view: View, own: dict[int, Any], at: dict[int, float]) -> None:
    for run in runs(e for e in view.taps if e in own):
        box = at[run[0]] - 0.42, -0.42, at[run[-1]] + 0.42, 0.42
        style = {"facecolor": palette.WINDOW, "edgecolor": (0, 0, 0, 0.6), "linewidth": 0.8}
        patch(ax, box, 0.14, zorder=1, gid="window", **style)
    for place in panel(ax).places:
        for (_, k), text in place.numbers.items():
            if any(abs(at[e] - place.centre(0, k)[0]) < 0.01 for e in view.taps):
                text.set(weight="bold")


def _beyond(ax: Axes, own: dict[int, Any], kept: list[int], at: dict[int, float]) -> None:
    """Hatch what does not belong to the array's memory, and say that nobody reads it."""
    first, last = min(own), max(own)
    strange = [e for e in kept if not first <= e <= last]
    for e in strange:
        for place in panel(ax).places:
            k = round(at[e] - place.origin[0])
            if 0 <= k < place.shape[1] and abs(place.centre(0, k)[0] - at[e]) < 0.01:
                panel(ax).places.append(place)
                outside(ax, [(0, k)])
                panel(ax).places.pop()
    for e, side in ((first, -0.5), (last, 0.5)):
        if strange and any((s - e) * side > 0 for s in strange):
            ax.plot([at[e] + side] * 2, [-0.75, 1.1], color=INK, lw=2, zorder=5, clip_on=False)


def _addresses(
    ax: Axes, kept: list[int], at: dict[int, float], scale: int, view: View | None
) -> None:
    longest = max(len(str(e * scale)) for e in kept)
    tight = ADVANCE * SMALLEST * (longest + 0.4) > panel(ax).pitch
    texts = []
    for e in [run[0] for run in runs(kept)] if tight else kept:
        bold = view is not None and e in view.taps
        style = {"weight": "bold" if bold else "normal", "color": INK if bold else SOFT}
        text = palette.label(e * scale) if abs(e * scale) < 10**5 else str(e * scale)
        texts.append(write(ax, at[e], 0.84, text, family=MONO, va="center_baseline", **style))
    panel(ax).groups.append(Group(texts, 1.9 if tight else 0.98, 0.4, largest=10.0))
    panel(ax).extend(min(at.values()) - 0.6, -0.7, max(at.values()) + 0.6, 1.2)


def _brackets(ax: Axes, x: NDArray[Any], at: dict[int, float]) -> None:
    """Bracket the rows that lie in one piece, or the columns where rows do not."""
    if x.ndim < 2:
        return
    distances = np.zeros(x.shape, dtype=int)
    for axis, stride in enumerate(x.strides):
        shape = [-1 if a == axis else 1 for a in range(x.ndim)]
        distances += (np.arange(x.shape[axis]) * (stride // x.itemsize)).reshape(shape)
    lines, name = _in_one_piece(distances)
    for where, line in lines:
        seen = [at[e] for e in range(min(line), max(line) + 1) if e in at]
        if not seen:
            continue
        x0, x1 = min(seen) - 0.42, max(seen) + 0.42
        style: dict[str, Any] = {"color": SOFT, "lw": 1.0, "clip_on": False, "zorder": 2}
        ax.plot([x0, x0, x1, x1], [1.22, 1.36, 1.36, 1.22], **style, gid="bracket")
        channel = f"c{where[-2]} " if len(where) > 1 and x.shape[-3] > 1 else ""
        style = {"family": SANS, "color": SOFT, "va": "center_baseline"}
        text = write(ax, (x0 + x1) / 2, 1.76, f"{channel}{name} {where[-1]}", **style)
        panel(ax).groups.append(Group([text], (x1 - x0) * 1.12, 0.5, largest=10.0))
    panel(ax).extend(0, 0, 0, 2.0)


def _in_one_piece(distances: NDArray[Any]) -> tuple[list[tuple[tuple[int, ...], list[int]]], str]:
    for name, array in (("row", distances), ("column", np.swapaxes(distances, -1, -2))):
        lines = [(where, array[where].tolist()) for where in np.ndindex(array.shape[:-1])]
        if all(max(line) - min(line) == len(line) - 1 for _, line in lines):
            return lines, name
    return [], ""


def _say(
    x: NDArray[Any], view: View | None, arcs: list[tuple[str, int, int]], scale: int, unit: str
) -> str:
    said = f"The memory of an array of shape {x.shape}, {x.itemsize} bytes an element"
    if view is None:
        return said + "."
    where = [int(e * scale) for e in view.taps]
    jumps = ", ".join(f"{n} {(b - a) * scale:+d}" for n, a, b in arcs)
    end = f"; one jump along each axis: {jumps} {unit}." if arcs else "."
    return f"{said}. The window lies at {unit} {where}{end}"
