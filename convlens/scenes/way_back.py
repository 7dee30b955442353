"""The backward explorer's picture: one product of the way there, and both of its ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import painter
from convlens.picture.image import by, times
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.blocks import Plane
from convlens.scenes.panels import sign
from convlens.scenes.way_back_room import ARROW, GAP, MOST_ROWS, TALL, Room
from convlens.scenes.way_back_source import way_back_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlens.picture.code import Line
    from convlens.scenes.blocks import Block
    from convlens.scenes.way_back_room import Shown
    from convlib.way_back import Return, WayBack

__all__ = ["WayBackScene"]

TOP = 76.0


class WayBackScene:
    """Draws any product of one way back.

    Parameters
    ----------
    back : WayBack
        Of arrays that are larger than the room there is, the part around the product is shown.
    """

    def __init__(self, back: WayBack) -> None:
        self.back, self.room = back, Room(back)
        self._painters: dict[tuple[Any, ...], Callable[[Any], str]] = {}

    def picture(self, r: Return, *, so_far: bool = True) -> Picture:
        """Draw one product; dx and dw hold what has come back up to it, or all."""
        shown = self.room.shown(r)
        dx = self.back.input_gradient(r, so_far=so_far, block=shown.pixels.slices)
        dw = self.back.kernel_gradient(r, so_far=so_far, block=shown.taps.slices)
        to_dx, to_dw = (
            label(part.at(a, place))
            for part, a, place in (
                (shown.pixels, dx, (r.row, r.column)),
                (shown.taps, dw, (r.u, r.v)),
            )
        )
        p = Picture(900, 0, self._label(r, to_dx, to_dw, so_far))
        bottom = self._to_input(p, r, dx, shown, so_far)
        y = self._line(p, r, bottom + 30, to_dx, "dx", so_far)
        marks.rule(p, y + 8)
        bottom = self._to_kernel(p, r, dw, shown, so_far, y + 38)
        p.height = self._line(p, r, bottom + 30, to_dw, "dw", so_far) - 4
        return p

    def source(self, r: Return, *, so_far: bool = True) -> list[Line]:
        """Write the NumPy lines that send this cell's gradient, and sum up this weight's."""
        return way_back_source(self.back, r)

    # -- the gradient of the input ---------------------------------------------------------------

    def _to_input(self, p: Picture, r: Return, dx: Any, shown: Shown, so_far: bool) -> float:
        """Draw g, w, their products and dx; return where they end."""
        f, g, titles = r.frame, self.back.walk.geometry, self.room.titles
        size = g.output_size
        pitch, x, middle = (
            self.room.pitches,
            LEFT,
            TOP + (min(g.kernel_size[0], MOST_ROWS)) * TALL / 2,
        )
        plane = Plane(p, x, TOP, shown.cells, (pitch["g"], TALL))
        marks.heading(p, x, "Output gradient g", f"{times(size)}, cell {f.number + 1:,}", TOP - 54)
        here = (f.row, f.column)
        plane.draw(self.back.plane(r), self._paint("g", self.back.plane(r), r), bold=here)
        plane.ring(here)
        x += max(plane.room, titles[0]) + GAP
        sign(p, "×", x - GAP / 2 - 6, middle)
        kernel = Plane(p, x, TOP, shown.taps, (pitch["w"], TALL))
        marks.heading(p, x, "Kernel w", times(g.kernel_size), TOP - 54)
        kernel.kernel_plate()
        weights = f.kernel[r.channel].conj()
        kernel.draw(weights, self._paint("w", weights, r), bold=(r.u, r.v), numbered=False)
        x += max(kernel.room, titles[1]) + GAP
        sign(p, "=", x - GAP / 2 - 4, middle)
        sent = Plane(p, x, TOP, shown.taps, (pitch["gw"], TALL))
        marks.heading(p, x, "g × w", "it sends", TOP - 54)
        sent.window_plate(range(g.kernel_size[0]), range(g.kernel_size[1]))
        products = self.back.sent(r)
        sent.draw(products, painter(products, diverging=True), bold=(r.u, r.v), numbered=False)
        sent.tap((r.u, r.v))
        x += max(sent.room, titles[2]) + ARROW
        marks.arrow(p, x - ARROW + 14, middle, 32, "add")
        into = Plane(p, x, TOP, shown.pixels, (pitch["dx"], TALL))
        marks.heading(p, x, "Input gradient dx", self._done(r, so_far, "dx"), TOP - 54)
        into.window_plate(f.rows, f.columns)
        paint = self._paint_whole("dx", r, shown.pixels)
        into.draw_block(dx, paint, bold=(r.row, r.column), rows=f.rows, columns=f.columns)
        into.dash_outside(g)
        into.tap((r.row, r.column))
        return max(part.bottom for part in (plane, kernel, into))

    # -- the gradient of the kernel --------------------------------------------------------------

    def _to_kernel(
        self, p: Picture, r: Return, dw: Any, shown: Shown, so_far: bool, top: float
    ) -> float:
        """Draw the pixels that the weight met, times g, and dw; return where they end."""
        f, g, pitch, titles = r.frame, self.back.walk.geometry, self.room.pitches, self.room.titles
        y, x = top + 54, LEFT
        rows, columns = self.back.touched(r)
        pixels = Plane(p, x, y, shown.pixels, (pitch["x"], TALL))
        marks.heading(p, x, "Input x", f"{self.room.padded}, met by w[{r.u}, {r.v}]", top)
        pixels.window_plate(rows, columns)
        image = self.back.walk.padded[f.image, f.channels[r.channel]]
        pixels.draw(image, self._paint("x", image, r, signed=False), bold=(r.row, r.column))
        pixels.dash_outside(g)
        pixels.ring((r.row, r.column))
        middle = y + min(g.output_size[0], g.padded_size[0], MOST_ROWS) * TALL / 2
        x += max(pixels.room, titles[4]) + ARROW
        marks.arrow(p, x - ARROW + 14, middle, 32, "× g")
        met = Plane(p, x, y, shown.cells, (pitch["xg"], TALL))
        marks.heading(p, x, "x × g", "cell by cell", top)
        products = self.back.met(r) * self.back.plane(r)
        later = np.arange(products.size).reshape(products.shape) > f.number
        masked = np.ma.array(products, mask=later & so_far)
        met.draw(masked, painter(products, diverging=True), bold=(f.row, f.column))
        met.ring((f.row, f.column))
        x += max(met.room, titles[5]) + ARROW
        marks.arrow(p, x - ARROW + 14, middle, 32, "Σ")
        into = Plane(p, x, y, shown.taps, (pitch["dw"], TALL))
        marks.heading(p, x, "Kernel gradient dw", self._done(r, so_far, "dw"), top)
        into.kernel_plate((r.u, r.v))
        into.draw_block(dw, self._paint_whole("dw", r, shown.taps), bold=(r.u, r.v))
        return max(part.bottom for part in (pixels, met, into))

    # -- words and colours -----------------------------------------------------------------------

    def _line(self, p: Picture, r: Return, y: float, total: str, name: str, so_far: bool) -> float:
        """Tell one of the two additions as arithmetic; return where it ends."""
        other, role = (r.weight, "kernel") if name == "dx" else (r.pixel, "window")
        product = r.to_pixel if name == "dx" else r.to_weight
        place = (r.row, r.column) if name == "dx" else (r.u, r.v)
        x = marks.chip(p, LEFT, y, label(r.grad), "output") + 4
        x = marks.sentence(p, x, y, "×", opacity=0.72) + 3
        x = marks.chip(p, x, y, label(other), role)
        x = marks.sentence(p, x, y, " = ", opacity=0.72)
        x = marks.chip(p, x, y, label(product), "part")
        where = f" is added to {name}[{place[0]}, {place[1]}], "
        where += "so far " if so_far else "in all "
        size = min(15.0, (RIGHT - x - 8) / ((len(where) + len(total)) * MONO_ADVANCE + 0.8))
        x = marks.sentence(p, x, y, where, size, opacity=0.72)
        marks.chip(p, x + 2, y, total, "window" if name == "dx" else "kernel", size)
        return y + 18

    def _done(self, r: Return, so_far: bool, name: str) -> str:
        """Say how much of a gradient is shown: dx of one filter so far, dw of several images."""
        f, g = r.frame, self.back.walk.geometry
        count, number = f.walk.output[0, 0].size, f.number + 1
        if name == "dw":
            number, count = number + f.image * count, count * g.batch
        words = self.room.padded if name == "dx" else times(g.kernel_size)
        words += f", first {number:,} of {count:,}" if so_far else f", all {count:,}"
        if name == "dw" or g.filters == g.groups:
            return words
        return words + (f", filter {f.filter}" if so_far else ", all filters")

    def _paint_whole(self, name: str, r: Return, block: Block) -> Callable[[Any], str]:
        """The colours of a block of the whole dx or dw; worked out once for each block."""
        f = r.frame
        key = name, f.image, f.filter, r.channel, block.first
        if key not in self._painters:
            part = self.back.input_gradient if name == "dx" else self.back.kernel_gradient
            self._painters[key] = painter(part(r, block=block.slices), diverging=True)
        return self._painters[key]

    def _paint(
        self, name: str, values: Any, r: Return, *, signed: bool = True
    ) -> Callable[[Any], str]:
        """The colours of one whole plane, worked out once."""
        key = name, r.frame.image if name in "gx" else 0, r.frame.filter, r.channel
        if key not in self._painters:
            self._painters[key] = painter(values, diverging=signed)
        return self._painters[key]

    def _label(self, r: Return, to_dx: str, to_dw: str, so_far: bool) -> str:
        """The text alternative."""
        f, g = r.frame, self.back.walk.geometry
        so = "so far" if so_far else "in all"
        return (
            f"Backward explorer. Output gradient, {by(g.output_size)}, at row {f.row}, column "
            f"{f.column}: {label(r.grad)}. Weight w[{r.u}, {r.v}] is {label(r.weight)}; it met the "
            f"pixel at row {r.row}, column {r.column}: {label(r.pixel)}. The pixel's gradient "
            f"receives {label(r.to_pixel)} and is {so} {to_dx}. The weight's gradient receives "
            f"{label(r.to_weight)} and is {so} {to_dw}."
        )
