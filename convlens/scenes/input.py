"""The padded input of a walk as panels: all of it, a part of it, or its pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture.elements import nearest
from convlens.picture.grid import need, painter
from convlens.picture.panel import MOST_NUMBERED, Cell, Panel
from convlens.picture.photo import Photo, colour_pixels, faded, plane_pixels
from convlens.picture.roles import linked
from convlens.picture.shapes import MONO_ADVANCE
from convlens.words import times

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlens.picture.elements import Go
    from convlib.frames import Frame, Walk

__all__ = ["Inputs", "Places"]


@dataclass(frozen=True)
class Places:
    """A number for each cell of a plane, cut out as an array would be but never made in whole.

    >>> Places(7, 5, 1)[0:2, 1:3].tolist()
    [[8, 9], [13, 14]]
    """

    first: int
    row: int
    column: int

    def __getitem__(self, block: tuple[slice, slice]) -> NDArray[np.intp]:
        rows, columns = (np.arange(s.start, s.stop) for s in block)
        return np.asarray(self.first + rows[:, None] * self.row + columns * self.column)


class Inputs:
    """Makes panels of the padded input: the window on its plate, padding dashed.

    Parameters
    ----------
    walk : Walk
    one_scale : bool
        Whether all channels of an image are coloured alike, so that they can be compared.
    """

    def __init__(self, walk: Walk, *, one_scale: bool = False) -> None:
        self.walk, self.one_scale = walk, one_scale
        self.padded = walk.geometry.padded_size != walk.geometry.input_size
        self._painters: dict[Any, Callable[[Any], str]] = {}
        self._photos: dict[Any, Photo] = {}

    @property
    def small(self) -> bool:
        """Whether every cell can be shown with its number."""
        g = self.walk.geometry
        return max(*g.padded_size, *g.output_size) <= MOST_NUMBERED

    def words(self, channel: int) -> str:
        """Sizes in a subtitle; `channel` counts within those that the filter reads."""
        g = self.walk.geometry
        padded = f", padded to {times(g.padded_size)}" if self.padded else ""
        return f"{times(g.input_size)}{self.of(channel)}{padded}"

    def of(self, channel: int) -> str:
        """Which channel of how many, where there are several."""
        count = self.walk.filters.shape[1]
        return f", channel {channel} of {count}" if count > 1 else ""

    def paint(self, image: int, channel: int) -> Callable[[Any], str]:
        """The colours of one plane, those of the image without its padding; worked out once."""
        key = image, -1 if self.one_scale else channel
        if key not in self._painters:
            (top, _), (left, _) = self.walk.geometry.padding
            height, width = self.walk.geometry.input_size
            planes = slice(None) if self.one_scale else channel
            inner = self.walk.padded[image, planes, top : top + height, left : left + width]
            self._painters[key] = painter(inner)
        return self._painters[key]

    def panel(
        self,
        f: Frame,
        channel: int,
        first: Cell = (0, 0),
        shape: Cell | None = None,
        corners: Places | None = None,
        **look: Any,
    ) -> Panel:
        """Show the block of a padded plane that begins at `first`, the frame's window on it.

        `channel` counts within those that the filter reads; `look` is as for `Panel`.
        """
        # a part that follows the window would run away from the hand
        whole = shape is None
        shape = self.walk.geometry.padded_size if shape is None else shape
        block = slice(first[0], first[0] + shape[0]), slice(first[1], first[1] + shape[1])
        plane = self.walk.padded[f.image, f.channels[channel]]
        padding = self.walk.geometry.is_padding(*(range(s.start, s.stop) for s in block))
        held = self.places(f, channel) if corners is None else corners
        panel = Panel(
            title="Input x",
            subtitle=self.words(channel),
            values=plane[block],
            # Worked out when it is drawn: a text has no colours.
            paint=lambda value: self.paint(f.image, f.channels[channel])(value),
            first=first,
            window=(f.rows.tolist(), f.columns.tolist()),
            padding=padding if self.padded else None,
            corners=None if corners is None else corners[block],
            widest=self.walk.padded,
            longest=self.words(0),
            links=linked("x", held[block]),
            go=self._go if whole else (),
            drag=True,
        )
        return replace(panel, **look)

    def places(self, f: Frame, channel: int) -> Places:
        """The flat index of each cell of a plane, in NCHW order."""
        height, width = self.walk.geometry.padded_size
        plane = f.image * self.walk.padded.shape[1] + f.channels[channel]
        return Places(plane * height * width, width, 1)

    @property
    def _go(self) -> tuple[Go, ...]:
        """A window is dragged by its middle."""
        g = self.walk.geometry
        axes = zip(("row", "column"), g.extent, g.stride, strict=True)
        return tuple((key, *nearest(extent, step)) for key, extent, step in axes)

    def pixels(self, f: Frame, channel: int, box: tuple[float, float], **look: Any) -> Panel:
        """Show all of it as pixels, in colour where it is a photograph, within a box."""
        panel = self.panel(f, channel, index=(False, False), **look)
        rgb = None if self.one_scale else self._colours(f.image)
        key = f.image, -1 if rgb is not None else f.channels[channel], box
        if key not in self._photos:
            limits = self.walk.padded[f.image] if self.one_scale else None
            pixels = plane_pixels(panel.values, limits=limits) if rgb is None else rgb
            if panel.padding is not None:
                pixels = faded(pixels, panel.padding)
            self._photos[key] = Photo(pixels, box)
        return panel.shown_as(self._photos[key])

    def _colours(self, image: int) -> NDArray[np.uint8] | None:
        return colour_pixels(self.walk.padded[image])

    def beginning(self, f: Frame, shape: Cell) -> Cell:
        """Where a block of this shape begins that holds the window, from just before it."""
        axes = zip((f.rows, f.columns), shape, self.walk.geometry.padded_size, strict=True)
        row, column = (int(np.clip(places[0] - 1, 0, size - n)) for places, n, size in axes)
        return row, column

    def corner_pitch(self, letters: int) -> float:
        """Distance of cells that have room for a number and, in the corner, for `letters`."""
        few = self.walk.padded.ravel()[:: 1 + self.walk.padded.size // 512]
        return max(letters * MONO_ADVANCE * 11 + 11, min(need(few, 11, 1) + 8, 52.0))
