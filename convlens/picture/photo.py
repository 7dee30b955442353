"""Arrays too large for numbers, as pixels: a photograph, a filtered image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import NEUTRAL, PALE, WINDOW, steady
from convlens.picture.grid import Grid
from convlens.picture.scale import painter, reals
from convlens.picture.shapes import COVER, INK, Picture, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Photo",
    "colour_pixels",
    "cover",
    "faded",
    "frame_around",
    "plane_pixels",
    "ring_on",
    "taps_on",
]

Box = tuple[float, float, float, float]  # x, y, width, height

SHARPNESS = 1.5  # pixels sent for each unit of the picture, as many as its PNG has


class Photo:
    """Pixels made ready once, to be placed in many pictures; `exact` ones keep sharp edges."""

    def __init__(
        self, pixels: NDArray[np.uint8], box: tuple[float, float], *, exact: bool = False
    ) -> None:
        from PIL import Image as Pillow

        height, width = pixels.shape[:2]
        scale = min(box[0] / width, box[1] / height)
        self.size = max(width * scale, 2.0), max(height * scale, 2.0)
        target = tuple(max(1, round(side * SHARPNESS)) for side in self.size)
        if target[0] < width or target[1] < height:
            smaller = min(target[0], width), min(target[1], height)
            pixels = np.asarray(Pillow.fromarray(pixels).resize(smaller, Pillow.Resampling.BOX))
        self.pixels = pixels
        self.source = encode(pixels, exact=exact)

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


def plane_pixels(
    plane: NDArray[Any], kind: str = "values", limits: Any = None
) -> NDArray[np.uint8]:
    """Colour a plane by value as the tiles are coloured."""
    scale = painter(plane, kind, limits)
    values = steady(reals(plane), scale.step)
    low, high = scale.low / 2, scale.high / 2  # so that their difference cannot overflow
    shades = [scale(2 * ((1 - t) * low + t * high)) for t in np.linspace(0, 1, 256)]
    table = np.array([[int(n[k : k + 2], 16) for k in (1, 3, 5)] for n in shades], dtype=np.uint8)
    levels = np.full(values.shape, 128.0)
    if high > low:
        levels = (values.clip(scale.low, scale.high) / 2 - low) / (high - low) * 255
    found = table[np.nan_to_num(levels).round().astype(np.uint8)]
    found[np.isnan(values)] = [int(NEUTRAL[k : k + 2], 16) for k in (1, 3, 5)]
    return np.asarray(found)


def faded(pixels: NDArray[np.uint8], where: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Let some pixels, such as padding, step back behind the others, as pale tiles do."""
    toward = int(PALE[1:3], 16)
    mixed = np.rint(pixels + 0.7 * (toward - pixels.astype(float))).astype(np.uint8)
    return np.where(where[..., None], mixed, pixels)


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


def taps_on(p: Picture, grid: Grid, rows: Any, columns: Any) -> None:
    """Show each pixel that a dilated window looks at, where they lie apart and are few."""
    apart = sorted((_apart(rows), _apart(columns)))
    if apart[1] == 1 or apart[0] * grid.pitch[0] < 5 or len(rows) * len(columns) > 256:
        return
    side = max(grid.pitch[0], 3.0)
    for row in rows:
        for column in columns:
            box = *grid.corner(int(row), int(column)), side, side
            p.rect(*box, fill=WINDOW, stroke="#000000", stroke_width=0.7)


def _apart(places: Any) -> int:
    """Distance of the first two places: that of all."""
    return int(places[1] - places[0]) if len(places) > 1 else 1


def ring_on(p: Picture, grid: Grid, row: int, column: int) -> None:
    """Ring one pixel of a photograph: black and white, to stand out from any colour and theme."""
    x, y, width, height = _at_least(grid.span(row, column), 6)
    box = x - 2.5, y - 2.5, width + 5, height + 5
    p.rect(*box, fill="none", stroke="#ffffff", stroke_width=5.5, rx=5)
    p.rect(*box, fill="none", stroke="#000000", stroke_width=3, rx=5)


def cover(p: Picture, grid: Grid, done: int) -> None:
    """Hide the outputs that have not been computed yet: their places are empty."""
    row, column = divmod(done, grid.columns)
    boxes = []
    if row < grid.rows and column:
        boxes.append(grid.span(row, column, 1, grid.columns - column))
        row += 1
    if row < grid.rows:
        boxes.append(grid.span(row, 0, grid.rows - row, grid.columns))
    for box in boxes:
        p.rect(*box, fill=COVER)
    for x, y, width, height in boxes[-1:]:
        p.rect(x, y, width, height, fill="none", stroke=INK, stroke_width=1, stroke_opacity=0.5)
        if height > 24 and width > 120:
            at = x + width / 2, y + height / 2 + 4, "not computed yet", 12
            p.text(*at, anchor="middle", opacity=0.72)
