"""The backward explorer's picture: one product of the way there, and both of its ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convlens.palette import label
from convlens.picture.marks import LEFT
from convlens.picture.panel import HEAD
from convlens.picture.row import place, signs
from convlens.picture.say import describe
from convlens.picture.shapes import Picture
from convlens.scenes.fits import low
from convlens.scenes.story import arithmetic
from convlens.scenes.way_back_panels import WayBackPanels
from convlens.scenes.way_back_source import way_back_source
from convlens.words import by

if TYPE_CHECKING:
    from convlens.facts.way_back import Return, WayBack
    from convlens.picture.code import Line
    from convlens.picture.panel import Panel

__all__ = ["WayBackScene"]

HIGH = 430.0  # of the picture, if its rows can be as low as that
LOWEST, HIGHEST = 17.0, 26.0  # of a row
TOLD, NEXT = 24.0, 38.0  # from cells to the line under them, and from there to a title


class WayBackScene:
    """Draws any product of one way back.

    Parameters
    ----------
    back : WayBack
        Of arrays that are larger than the room there is, the part around the product is shown.
    halves : tuple of str
        "x" for the gradient of the input, "w" for that of the kernel. One of them alone is a
        picture of its own, as wide as it needs to be.
    """

    def __init__(self, back: WayBack, halves: tuple[str, ...] = ("x", "w")) -> None:
        self.back = back
        with np.errstate(all="ignore"):  # infinities are drawn, not warned of
            self.panels = WayBackPanels(back, halves)
            lines = self.panels.lines(self.panels.last, True)
        rows = sum(max(panel.shape[0] for panel in panels) for panels in lines)
        apart = HEAD + TOLD + NEXT
        tall = (HIGH + 4 - len(lines) * apart) // rows
        tall = min(max(tall, LOWEST), HIGHEST)
        self._placed, self._bottoms, top = [], [], HEAD + 22
        for panels in lines:
            grids, size, _ = place(panels, top=top)
            grids = [low(grid, tall) for grid in grids]
            self._placed.append((grids, min(size, tall - 5)))
            self._bottoms.append(max(grid.bottom for grid in grids))
            top = self._bottoms[-1] + apart

    def picture(self, r: Return, *, so_far: bool = True) -> Picture:
        """Draw one product; dx and dw hold what has come back up to it, or all."""
        with np.errstate(all="ignore"):
            lines = self.panels.lines(r, so_far)
            p = Picture(900, self._bottoms[-1] + TOLD + 18, self._label(r, lines, so_far))
            ends = [344.0]
            for panels, (grids, size), bottom in zip(
                lines, self._placed, self._bottoms, strict=True
            ):
                for panel, grid in zip(panels, grids, strict=True):
                    panel.draw(p, grid, size)
                    ends.append(grid.x + max(grid.width + 6, panel.title_width - 8))
                signs(p, panels, grids)
                ends.append(_told(p, r, bottom + TOLD, panels[-1], so_far))
        p.width = 900 if lines[1:] else min(max(ends) + 16, 900)
        return p

    def source(self, r: Return, *, so_far: bool = True) -> list[Line]:
        """Write the NumPy lines that send this cell's gradient, and sum up this weight's."""
        with np.errstate(all="ignore"):
            return way_back_source(self.back, r, so_far=so_far)

    def _label(self, r: Return, lines: list[list[Panel]], so_far: bool) -> str:
        """The text alternative."""
        f, size, so = r.frame, self.back.walk.geometry.output_size, _so(so_far)
        if len(lines) == 1:
            grad, other, product, place = _terms(r, lines[0][-1])
            told = f"{grad} times {other} is {product}, added to {place}: {so} "
            return " ".join(map(describe, lines[0])) + f" {told}{_total(lines[0][-1])}."
        to_dx, to_dw = (_total(panels[-1]) for panels in lines)
        return (
            f"Backward explorer. Output gradient, {by(size)}, at row {f.row}, column "
            f"{f.column}: {label(r.grad)}. Weight w[{r.u}, {r.v}] is {label(r.weight)}; it met the "
            f"pixel at row {r.row}, column {r.column}: {label(r.pixel)}. The pixel's gradient "
            f"receives {label(r.to_pixel)} and is {so} {to_dx}. The weight's gradient receives "
            f"{label(r.to_weight)} and is {so} {to_dw}."
        )


def _told(p: Picture, r: Return, y: float, into: Panel, so_far: bool) -> float:
    """Tell as arithmetic what is added to dx or dw; return where it ends."""
    grad, other, product, place = _terms(r, into)
    one, sum_of = ("kernel", "window") if into.reading else ("window", "kernel")
    pieces = [(grad, "output"), ("×", ""), (other, one), (" = ", ""), (product, "part")]
    pieces += [(f" is added to {place}, {_so(so_far)} ", ""), (_total(into), sum_of)]
    return arithmetic(p, LEFT, y, pieces)


def _terms(r: Return, into: Panel) -> tuple[str, str, str, str]:
    """Both factors, their product, and the cell of dx or dw that it is added to."""
    row, column = into.reading or into.taps[0]
    if into.reading:
        return label(r.grad), label(r.weight), label(r.to_pixel), f"dx[{row}, {column}]"
    return label(r.grad), label(r.pixel), label(r.to_weight), f"dw[{row}, {column}]"


def _total(into: Panel) -> str:
    """The number of dx or dw that the product was added to, as the panel holds it."""
    row, column = into.reading or into.taps[0]
    return label(into.values[row - into.first[0], column - into.first[1]])


def _so(so_far: bool) -> str:
    return "so far" if so_far else "in all"
