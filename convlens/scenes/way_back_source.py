"""The NumPy lines under the backward explorer: one cell sends its gradient, one weight sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convlens.scenes.source import (
    channels_of,
    filter_of,
    index,
    input_name,
    number,
    padding_line,
    slices,
)

if TYPE_CHECKING:
    from convlens.facts.way_back import Return, WayBack
    from convlens.picture.code import Line

__all__ = ["way_back_source"]


def way_back_source(back: WayBack, r: Return, *, so_far: bool) -> list[Line]:
    """Write what this output cell adds to dx, and the sum of dw at this tap: up to it, or all."""
    walk, f = back.walk, r.frame
    layout, several = walk.geometry.layout, walk.x_ndim > 2
    image, everywhere = (str(f.image), ":") if walk.x_ndim == 4 else ("", "")
    name = input_name(walk)
    kind = ", dtype=complex" if back.grad.dtype.kind == "c" else ""
    channels = channels_of(f) if several else ""
    window = index(layout, slices(f.rows), slices(f.columns), channels, image)
    plane = str(f.filter) if walk.w_ndim == 4 else ""
    weights = filter_of(f, layout) + _suited(back, back.given[2])
    at = str(f.channels[r.channel]) if several else ""
    pixel = index(layout, str(r.row), str(r.column), at, image)
    into = f"   # dx{pixel} receives {number(r.to_pixel)}"
    rows, columns = map(slices, back.touched(r))
    pixels = index(layout, rows, columns, at, everywhere)
    cells = index(layout, ":", ":", plane, everywhere)
    weight = index(layout, str(r.u), str(r.v), str(r.channel) if several else "", plane)
    taps = slice(r.u, r.u + 1), slice(r.v, r.v + 1)
    dw = number(back.kernel_gradient(r, so_far=so_far, block=taps)[0, 0])
    done = f.image * back.plane(r).size + f.number + 1
    taken, which = (f".ravel()[:{done}]", "up to this cell") if so_far else ("", "of all cells")
    return [
        *padding_line(walk),
        [(f"dx = np.zeros({name}.shape{kind})", "")],
        [
            (f"dx{window}", "window"),
            (" += ", ""),
            ("grad" + index(layout, str(f.row), str(f.column), plane, image), "output"),
            (" * ", ""),
            (weights, "kernel"),
            (into, "comment"),
        ],
        [
            ("(", ""),
            (f"{name}{pixels}{_suited(back, back.given[1])}", "window"),
            (f" * grad{cells if plane else ''})", ""),
            (f"{taken}.sum()", ""),
            (f"   # dw{weight} = {dw}, {which}", "comment"),
        ],
    ]


def _suited(back: WayBack, given: np.dtype[np.generic]) -> str:
    """Conjugate and widen as `conv2d_backward` does: products of uint8 would wrap."""
    working = back.grad.dtype
    conjugate = ".conj()" if given.kind == "c" else ""
    narrow = given != working and (working.kind == "i" or given == np.float16)
    return conjugate + (f".astype(np.{working.name})" if narrow else "")
