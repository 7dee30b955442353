"""Arrays too large for numbers, as pixels: a photograph, a filtered image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import NEUTRAL, WINDOW, gray, ink, signed, steady
from convlens.picture.grid import Grid, finite_range
from convlens.picture.shapes import Picture, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Photo", "colour_pixels", "cover", "frame_around", "over", "plane_pixels", "ring_on"]

Box = tuple[float, float, float, float]  # x, y, width, height

SHARPNESS = 2  # pixels sent for each unit of the picture, for screens of high density


class Photo:
    """Pixels made ready once, to be placed in many pictures."""

    def __init__(self, pixels: NDArray[np.uint8], box: tuple[float, float]) -> None:
        from PIL import Image as Pillow

        height, width = pixels.shape[:2]
        scale = min(box[0] / width, box[1] / height)
        self.size = max(width * scale, 2.0), max(height * scale, 2.0)
        target = tuple(max(1, round(side * SHARPNESS)) for side in self.size)
        if target[0] < width or target[1] < height:
            smaller = min(target[0], width), min(target[1], height)
            pixels = np.asarray(Pillow.fromarray(pixels).resize(smaller, Pillow.Resampling.BOX))
        self.pixels = pixels
        self.source = encode(pixels)

    def place(self, p: Picture, x: float, y: float) -> None:
        """Put the photograph into a picture, its top left corner at (x, y)."""
        p.image(x, y, *self.size, self.pixels, self.source)


def colour_pixels(image: NDArray[Any]) -> NDArray[np.uint8] | None:
    """Read (3, H, W) as RGB where its values are a photograph's: uint8, or floats in 0 to 1."""
    if image.shape[0] != 3 or image.dtype.kind not in "uif":
        return None
    values = steady(image)
    low, high = float(values.min()), float(values.max())
    if image.dtype == np.uint8 or (image.dtype.kind in "iu" and low >= 0 and 64 < high <= 255):
        return np.ascontiguousarray(image.transpose(1, 2, 0)).astype(np.uint8)
    if image.dtype.kind == "f" and low >= 0 and (high <= 1 or 64 < high <= 255):
        scale = 255 if high <= 1 else 1
        return (values.transpose(1, 2, 0) * scale).round().astype(np.uint8)
    return None


def plane_pixels(plane: NDArray[Any], *, diverging: bool) -> NDArray[np.uint8]:
    """Colour a plane by value as the tiles are coloured: gray, or purple to green around zero."""
    values = steady(np.real(plane))
    low, high = finite_range(values)
    both = diverging or low < 0
    limit = max(-low, high) or 1.0
    if both:
        low, high = -limit, limit
    shades = np.linspace(low, high, 256)
    names = [signed(s, limit) if both else gray(s, low, high) for s in shades]
    table = np.array([[int(n[k : k + 2], 16) for k in (1, 3, 5)] for n in names], dtype=np.uint8)
    levels = (values - low) / (high - low) * 255 if high > low else np.full(values.shape, 128.0)
    whole = np.nan_to_num(levels, nan=128.0).clip(0, 255).round().astype(np.uint8)
    return np.asarray(table[whole])


def over(photo: Photo, left: float, top: float, size: tuple[int, int]) -> Grid:
    """The grid whose cells are the pixels of a photograph."""
    pitch = photo.size[0] / size[1], photo.size[1] / size[0]
    return Grid(left, top, *size, pitch, 0)


def _at_least(box: Box, side: float) -> Box:
    """Widen a box about its middle to a size that can be seen."""
    x, y, width, height = box
    wide, high = max(width, side), max(height, side)
    return x - (wide - width) / 2, y - (high - height) / 2, wide, high


def frame_around(p: Picture, grid: Grid, rows: Any, columns: Any) -> None:
    """Frame these rows and columns of a photograph: blue between two dark lines."""
    down, right = int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
    box = _at_least(grid.span(int(rows[0]), int(columns[0]), down, right, margin=2), 14)
    p.rect(*box, fill="none", stroke="#000000", stroke_width=5, rx=3)
    p.rect(*box, fill="none", stroke=WINDOW, stroke_width=3, rx=3)


def ring_on(p: Picture, grid: Grid, row: int, column: int) -> None:
    """Ring one pixel of a photograph: black and white, to stand out from any colour and theme."""
    x, y, width, height = _at_least(grid.span(row, column), 6)
    box = x - 2.5, y - 2.5, width + 5, height + 5
    p.rect(*box, fill="none", stroke="#ffffff", stroke_width=5.5, rx=5)
    p.rect(*box, fill="none", stroke="#000000", stroke_width=3, rx=5)


def cover(p: Picture, grid: Grid, done: int) -> None:
    """Cover the outputs that have not been computed yet, and say so where there is room."""
    row, column = divmod(done, grid.columns)
    if row < grid.rows and column:
        p.rect(*grid.span(row, column, 1, grid.columns - column), fill=NEUTRAL)
        row += 1
    if row < grid.rows:
        x, y, width, height = grid.span(row, 0, grid.rows - row, grid.columns)
        p.rect(x, y, width, height, fill=NEUTRAL)
        if height > 24 and width > 120:
            at = x + width / 2, y + height / 2 + 4, "not yet computed", 12
            p.text(*at, anchor="middle", colour=ink(NEUTRAL))
