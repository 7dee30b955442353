"""The room in the backward explorer's picture: how wide cells and titles are, what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.grid import need
from convlens.picture.image import times
from convlens.picture.marks import LEFT, RIGHT
from convlens.scenes.blocks import Block, around

if TYPE_CHECKING:
    from convlib.way_back import Return, WayBack

__all__ = ["ARROW", "GAP", "MOST_ROWS", "TALL", "Room", "Shown"]

GAP = 46.0  # between panels, with room for an operator
ARROW = 74.0  # the same with an arrow, and with row numbers behind it
TALL = 29.0
MOST_ROWS = 9  # of a panel; of more, those around the product
LEAST, WIDEST = 30.0, 60.0  # pitch


@dataclass(frozen=True)
class Shown:
    """Which part of each array is shown for one product."""

    cells: Block  # of the output
    taps: Block
    pixels: Block  # of the padded image


class Room:
    """Shares the width of the page between the arrays of one way back.

    Parameters
    ----------
    back : WayBack
        Its largest numbers and titles decide, so that nothing jumps under a slider.

    Attributes
    ----------
    pitches : dict of str to float
        Distance of the cells of g, w, their products gw, dx, x, the pixels times g (xg), and dw.
    titles : list of float
        Room for the headings of the same, in this order.
    padded : str
        The size of the padded image.
    """

    def __init__(self, back: WayBack) -> None:
        self.back = back
        g = back.walk.geometry
        self.padded = times(g.padded_size) + ", padded" * (g.padded_size != g.input_size)

    @cached_property
    def pitches(self) -> dict[str, float]:
        """Distance of the cells of g, w, their products, dx, x, the pixels times g, and dw."""
        walk, grad = self.back.walk, self.back.grad
        far = self._extremes
        values = {"g": grad, "w": walk.filters, "gw": far["gw"], "dx": far["dx"]}
        values |= {"x": walk.padded, "xg": far["xg"], "dw": far["dw"]}
        return {name: min(max(need(v, 12, 2) + 12, LEAST), WIDEST) for name, v in values.items()}

    @cached_property
    def _extremes(self) -> dict[str, Any]:
        """Numbers as wide as any among products and sums."""
        walk, grad = self.back.walk, self.back.grad
        if grad.dtype.kind not in "iub":
            return {name: [-0.12] for name in ("gw", "dx", "xg", "dw")}
        g, w, x = (int(np.abs(a.astype(float)).max()) for a in (grad, walk.filters, walk.padded))
        taps = walk.filters[0, 0].size
        return {
            "gw": [-g * w],
            "xg": [-g * x],
            "dx": [-g * w * min(taps, 4)],
            "dw": [-g * x * min(grad[0, 0].size, 10)],
        }

    @cached_property
    def _most(self) -> dict[str, int]:
        """How many columns of output, kernel and image there is room for in both lines."""
        g, pitch = self.back.walk.geometry, self.pitches
        most = {"cells": g.output_size[1], "taps": g.kernel_size[1], "pixels": g.padded_size[1]}
        while self._width(most, pitch) > RIGHT - LEFT and max(most.values()) > 1:
            widest = max(most, key=lambda name: most[name] * (2 if name == "pixels" else 1))
            widest = widest if most[widest] > 1 else max(most, key=lambda name: most[name])
            most[widest] -= 1
        return most

    def _width(self, most: dict[str, int], pitch: dict[str, float]) -> float:
        """The wider of the two lines."""
        a, t, b = most["cells"], most["taps"], most["pixels"]
        above = [a * pitch["g"], t * pitch["w"], t * pitch["gw"], b * pitch["dx"]]
        below = [b * pitch["x"], a * pitch["xg"], t * pitch["dw"]]
        upper = sum(map(max, above, self.titles[:4])) + 2 * GAP + ARROW
        return max(upper, sum(map(max, below, self.titles[4:])) + 2 * ARROW)

    @cached_property
    def titles(self) -> list[float]:
        """Room for the headings, whatever the sliders say."""
        g = self.back.walk.geometry
        count, every = (f"{n * g.output_size[0] * g.output_size[1]:,}" for n in (1, g.batch))
        size = times(g.output_size)
        padded = self.padded
        many = f", filter {g.filters}" if g.filters > g.groups else ""
        titles = [
            ("Output gradient g", f"{size}, cell {count}"),
            ("Kernel w", times(g.kernel_size)),
            ("g × w", "it sends"),
            ("Input gradient dx", f"{padded}, first {count} of {count}{many}"),
            ("Input x", f"{padded}, met by w[00, 00]"),
            ("x × g", "cell by cell"),
            ("Kernel gradient dw", f"{times(g.kernel_size)}, first {every} of {every}"),
        ]
        return [marks.title_width(*title) for title in titles]

    def shown(self, r: Return) -> Shown:
        """Choose the parts that hold the product."""
        g, f, most = self.back.walk.geometry, r.frame, self._most
        taps = around((r.u, r.v), g.kernel_size, (MOST_ROWS, most["taps"]))
        cells = around((f.row, f.column), g.output_size, (MOST_ROWS, most["cells"]))
        middle = _middle(f.rows, r.u, MOST_ROWS), _middle(f.columns, r.v, most["pixels"])
        pixels = around(middle, g.padded_size, (MOST_ROWS, most["pixels"]))
        return Shown(cells, taps, pixels)


def _middle(places: Any, tap: int, most: int) -> int:
    """What to keep in view: the middle of the window where it fits, else the tap's own place."""
    extent = int(places[-1] - places[0]) + 1
    return int(places[0]) + extent // 2 if extent <= most else int(places[tap])
