"""The NumPy lines under the backward explorer: one cell sends its gradient, one weight sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convlens.scenes.source import _number, padding_line, slices

if TYPE_CHECKING:
    from convlens.picture.code import Line
    from convlib.way_back import Return, WayBack

__all__ = ["way_back_source"]


def way_back_source(back: WayBack, r: Return) -> list[Line]:
    """Write what this output cell adds to dx, and the whole sum of dw at this tap."""
    walk, f = back.walk, r.frame
    name = "xp" if padding_line(walk) else "x"
    kind = ", dtype=complex" if back.grad.dtype.kind == "c" else ""
    window = _place(back, slices(f.rows), slices(f.columns), _channels(r), str(f.image))
    cell = _cell(back, str(f.row), str(f.column), str(f.filter), str(f.image))
    one = f"w[..., {f.filter}]" if walk.geometry.layout == "NHWC" else f"w[{f.filter}]"
    weights = (one if walk.w_ndim == 4 else "w") + _suited(back, back.given[2])
    into = f"   # dx{[r.row, r.column]} receives {_number(r.to_pixel)}"
    rows, columns = back.touched(r)
    channel = str(f.channels[r.channel])
    pixels = _place(back, slices(rows), slices(columns), channel, ":")
    plane = _cell(back, ":", ":", str(f.filter), ":")
    dw = _number(back.kernel_gradient(r)[r.u, r.v])
    return [
        *padding_line(walk),
        [(f"dx = np.zeros({name}.shape{kind})", "")],
        [
            (f"dx{window}", "window"),
            (" += ", ""),
            (f"grad{cell}", "output"),
            (" * ", ""),
            (weights, "kernel"),
            (into, "comment"),
        ],
        [
            ("(", ""),
            (f"{name}{pixels}{_suited(back, back.given[1])}", "window"),
            (f" * grad{plane if set(plane) - set('[:, ]') else ''}).sum()", ""),
            (f"   # dw{[r.u, r.v]} = {dw}, of all cells", "comment"),
        ],
    ]


def _channels(r: Return) -> str:
    """The channels that the filter reads, as a slice; all of them where there is one group."""
    channels = r.frame.channels
    whole = len(channels) == r.frame.walk.geometry.channels
    return ":" if whole else f"{channels.start}:{channels.stop}"


def _place(back: WayBack, rows: str, columns: str, channel: str, image: str) -> str:
    """Index the reader's x with the axes that it has."""
    walk = back.walk
    places = [rows, columns]
    if walk.x_ndim > 2:
        last = walk.geometry.layout == "NHWC"
        places = [*places, channel] if last else [channel, *places]
    return f"[{', '.join([image] * (walk.x_ndim == 4) + places)}]"


def _cell(back: WayBack, row: str, column: str, filter: str, image: str) -> str:
    """Index the reader's grad with the axes that it has."""
    walk = back.walk
    places = [row, column]
    if walk.w_ndim == 4:
        last = walk.geometry.layout == "NHWC"
        places = [*places, filter] if last else [filter, *places]
    return f"[{', '.join([image] * (walk.x_ndim == 4) + places)}]"


def _suited(back: WayBack, given: np.dtype[np.generic]) -> str:
    """Conjugate and widen as `conv2d_backward` does: products of uint8 would wrap."""
    working = back.grad.dtype
    conjugate = ".conj()" if given.kind == "c" else ""
    narrow = given != working and (working.kind == "i" or given == np.float16)
    return conjugate + (f".astype(np.{working.name})" if narrow else "")
