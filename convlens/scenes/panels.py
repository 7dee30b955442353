"""Kernel, products and output: the panels of one frame beside its input."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture.grid import painter
from convlens.picture.panel import FACTOR, Cell, Panel, factors
from convlens.picture.photo import Photo, plane_pixels
from convlens.picture.roles import linked
from convlens.picture.shapes import INK, MONO_ADVANCE
from convlens.scenes.input import Places
from convlens.words import times

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlens.picture.shapes import Picture
    from convlib.frames import Frame, Walk

__all__ = ["MOST_FACTORS", "Panels", "legend", "part", "taken", "weights"]

MOST_FACTORS = 9  # products that show what they are made of


def part(f: Frame, channel: int) -> Any:
    """Sum the products of one channel; the output's own number where that is all of it.

    conv2d adds in another order: 2.8e-17 beside −8.3e-17 would only confuse.
    """
    alone = len(f.products) == 1 and not f.walk.has_bias
    with np.errstate(all="ignore"):  # an overflow shows itself as ∞
        return f.sum if alone else f.products[channel].sum()


def weights(f: Frame, channel: int) -> NDArray[np.intp]:
    """The flat index of each weight of one channel."""
    size = f.kernel[0].size
    first = (f.filter * len(f.kernel) + channel) * size
    return np.arange(first, first + size).reshape(f.kernel[0].shape)


def taken(f: Frame, channel: int) -> NDArray[np.intp]:
    """The flat index of each number of the window, in NCHW order."""
    height, width = f.walk.geometry.padded_size
    plane = f.image * f.walk.padded.shape[1] + f.channels[channel]
    return np.asarray((plane * height + f.rows)[:, None] * width + f.columns)


class Panels:
    """Makes the panels of any frame of a walk; colours and pixels are worked out once."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self._kernel_paint = lru_cache(maxsize=64)(self._paint_kernel)
        self._output_paint = lru_cache(maxsize=64)(self._paint_output)
        self._output_photo = lru_cache(maxsize=64)(self._photo_output)

    def kernel(self, f: Frame, channel: int, **look: Any) -> Panel:
        """Show the weights of one channel on the orange plate."""
        g = self.walk.geometry
        several = g.filters > 1
        panel = Panel(
            title="Kernel w",
            values=f.kernel[channel],
            subtitle=times(g.kernel_size) + (f", filter {f.filter}" if several else ""),
            paint=self._kernel_paint(f.filter),
            kernel=True,
            index=(False, False),
            widest=self.walk.filters,
            longest=times(g.kernel_size) + (f", filter {g.filters}" if several else ""),
            before="×",
            links=linked("w", weights(f, channel)),
        )
        return replace(panel, **look)

    def products(self, f: Frame, channel: int, *, spelled: bool = True, **look: Any) -> Panel:
        """Show the products, with what they are made of above them where they are few."""
        with np.errstate(all="ignore"):  # infinities are drawn, not warned of
            paint, values = painter(f.products, "signed"), f.products[channel]
        spelled = spelled and values.size <= MOST_FACTORS
        panel = Panel(
            title="Products",
            subtitle=self._words(channel),
            longest=self._words(0),
            values=values,
            paint=paint,
            above=factors(f.window[channel], f.kernel[channel]) if spelled else None,
            least=self._factor_room if spelled else 0.0,
            index=(False, False),
            widest=self._extremes,
            before="=",
            links=self._made_of(f, channel),
        )
        return replace(panel, **look)

    def _made_of(self, f: Frame, channel: int) -> Any:
        """A product lights up with the number and with the weight that it is made of."""
        x, w = linked("x", taken(f, channel)), linked("w", weights(f, channel))
        return None if x is None or w is None else x + "+" + w

    def output(
        self, f: Frame, first: Cell = (0, 0), shape: Cell | None = None, **look: Any
    ) -> Panel:
        """Show the output so far, or the block of it that begins at `first`; ring the position."""
        size = self.walk.geometry.output_size
        count = size[0] * size[1]
        rows, columns = (slice(k, k + n) for k, n in zip(first, shape or size, strict=True))
        # As in f.output_so_far, which makes a mask of the whole plane.
        later = Places(0, size[1], 1)[rows, columns] > f.number
        y = self.walk.output[f.image, f.filter][rows, columns]
        panel = Panel(
            title="Output y",
            values=np.ma.array(y, mask=later),
            first=first,
            subtitle=f"{times(size)}, cell {f.number + 1} of {count}",
            longest=f"{times(size)}, cell {count} of {count}",
            # Worked out when it is drawn: a text has no colours.
            paint=lambda value: self._output_paint(f.image, f.filter)(value),
            ring=(f.row, f.column),
            widest=self.walk.output,
            before="Σ",
            links=linked("y", Places(0, size[1], 1)[rows, columns]),
            go=(("row", 0, 1), ("column", 0, 1)),
        )
        return replace(panel, **look)

    def output_pixels(self, f: Frame, box: tuple[float, float]) -> Panel:
        """Show the same as pixels within a box."""
        photo = self._output_photo(f.image, f.filter, box)
        return self.output(f, index=(False, False)).shown_as(photo)

    # -- worked out once -------------------------------------------------------------------------

    def _paint_kernel(self, filter: int) -> Callable[[Any], str]:
        return painter(self.walk.filters[filter], "signed")

    def _paint_output(self, image: int, filter: int) -> Callable[[Any], str]:
        return painter(self.walk.output[image, filter], "signed")

    def _photo_output(self, image: int, filter: int, box: tuple[float, float]) -> Photo:
        return Photo(plane_pixels(self.walk.output[image, filter], "signed"), box)

    @property
    def _factor_room(self) -> float:
        """Width of the longest pair of factors that is to be expected: a few more than usual."""
        few = [a.ravel()[:: 1 + a.size // 512] for a in (self.walk.padded, self.walk.filters)]
        longest = sum(max((len(label(v)) for v in some), default=1) for some in few)
        return (longest + 1) * MONO_ADVANCE * FACTOR + 4

    @property
    def _extremes(self) -> Any:
        """Numbers as long as any product."""
        x, w = self.walk.padded, self.walk.filters
        if not x.size or x.dtype.kind not in "iub" or w.dtype.kind not in "iub":
            return [-0.123]
        ends = int(x.min()), int(x.max())
        return [a * b for a in ends for b in (int(w.min()), int(w.max()))]

    def _words(self, channel: int) -> str:
        """Say when the products shown are not yet the whole sum."""
        if self.walk.filters.shape[1] > 1:
            return f"channel {channel} of the sum"
        return "before the bias" if self.walk.has_bias else "x × w, cell by cell"


def legend(p: Picture, x: float, y: float, width: float) -> None:
    """The colours of signed values."""
    steps = 21
    paint = painter([-1.0, 1.0], "signed")
    p.text(x, y - 6, "kernel, products, output", 11, opacity=0.72)
    for k in range(steps):
        colour = paint(2 * k / (steps - 1) - 1)
        p.rect(x + k * width / steps, y, width / steps + 0.3, 9, fill=colour)
    p.rect(x, y, width, 9, fill="none", stroke=INK, stroke_width=0.8, stroke_opacity=0.4)
    p.text(x, y + 22, "negative", 11, opacity=0.72)
    p.text(x + width / 2, y + 22, "0", 11, anchor="middle", opacity=0.72)
    p.text(x + width, y + 22, "positive", 11, anchor="end", opacity=0.72)
