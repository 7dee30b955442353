"""The tiles explorer: an output cut into tiles, and what each of them reads of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import place, slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import one_plane
from convlens.explore.space import Ends, Values
from convlens.scenes.tiled import Tiled
from convlens.scenes.tiles import TilesScene
from convlib import Geometry, conv2d
from convlib.arguments import Pair, as_pair, refusal, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["tiles"]

MOST = 16, 24  # rows and columns that can be drawn
SIZES = range(1, 8)  # of the kernel
LEAST, LARGEST = 2, 6  # tile, unless a larger one is asked for
PLACES = ("row", "column")
CAPTION = "The same in NumPy; x is the image of this explorer, y its output"


def tiles(
    x: ArrayLike | Pair | None = None, *, tile: int = 4, kernel_size: int = 3, at: Pair = (0, 0)
) -> Explorer:
    """Cut the output into tiles, and see what one of them reads: its own cells and their halo.

    Parameters
    ----------
    x : array_like, (H, W), or (int, int), optional
        An image, or the size of one; by default 12 x 18. At most 16 x 24.
    tile : int
        Rows and columns of a tile, 2 at least. The input is cut into chunks of the same size.
    kernel_size : int
        1 to 7. Padding is "same", so that the output is as large as the input.
    at : (int, int)
        Row and column of the tile to begin with.

    Returns
    -------
    Explorer
        With sliders for the sizes of the tiles and of the kernel, and for the tile. Among tiles of
        another size, the one that holds the middle of the tile that was chosen is chosen.

    Raises
    ------
    ValueError, TypeError
        For an image that is no plane or too large to be drawn, and for sizes out of range.
    IndexError
        Where there is no tile `at`.

    See Also
    --------
    convlib.tiles : the same for images larger than memory.

    Examples
    --------
    >>> explorer = tiles((12, 18), tile=4, kernel_size=3, at=(1, 1))
    >>> "36 cells to make 16, × 2.25. They lie in 9 chunks" in explorer.picture.label
    True
    """
    image, at = _image(x), place(at)
    size = image.shape[0], image.shape[1]
    longest = max(size)
    given = {"x.shape": size, "tile": tile, "kernel_size": kernel_size, "at": at}
    _check(given)
    geometries = {k: Geometry(size, k, padding="same") for k in SIZES}
    with np.errstate(all="ignore"):  # a picture shows ∞ where a sum overflows
        outputs = {k: conv2d(image, np.ones((k, k), int), padding="same") for k in SIZES}
    scene = TilesScene(image, outputs)

    def counts(tile: int) -> Pair:
        return -(-size[0] // tile), -(-size[1] // tile)

    def draw(values: Values) -> Drawing:
        at = values["row"], values["column"]
        chosen = Tiled(geometries[values["kernel"]], values["tile"], at)
        return scene.picture(chosen), scene.source(chosen)

    def settle(moved: str, wanted: Values, before: Values) -> Values:
        """Stay where the tile was, as nearly as the new ones allow."""
        if moved == "tile":
            old, new = before["tile"], wanted["tile"]
            ways = zip(PLACES, counts(new), strict=True)
            middles = {k: ((2 * wanted[k] + 1) * old // (2 * new), n - 1) for k, n in ways}
            wanted = wanted | {k: min(found) for k, found in middles.items()}
        return wanted

    def bounds(values: Values) -> Ends:
        """There are as many tiles as it takes to cover the output."""
        return {k: (0, n - 1) for k, n in zip(PLACES, counts(values["tile"]), strict=True)}

    low, high = min(LEAST, longest), max(min(LARGEST, longest), tile)
    controls = {
        "tile": slider("tile size", low, high, tile),
        "kernel": slider("kernel size", SIZES[0], SIZES[-1], kernel_size),
    }
    controls |= {k: slider(f"tile {k}", 0, n, n) for k, n in zip(PLACES, at, strict=True)}
    about = f"image {size[0]}×{size[1]}, tiles of {tile}, kernel {kernel_size}×{kernel_size}"
    kept: dict[str, Any] = {"about": about, "caption": CAPTION}
    return Explorer("tiles", controls, draw, settle=settle, bounds=bounds, **kept)


def _image(x: ArrayLike | Pair | None) -> NDArray[Any]:
    """Read the image, as a copy, or number the cells of one of this size."""
    if x is not None and np.shape(x) != (2,):
        return one_plane("x", x)
    rows, columns = as_pair("x", (12, 18) if x is None else x, 1, {"x": x})
    rows, columns = min(rows, MOST[0] + 1), min(columns, MOST[1] + 1)  # more is refused as well
    return (np.arange(rows * columns) * 7 + 3).reshape(rows, columns) % 10


def _check(given: dict[str, Any]) -> None:
    """Refuse what cannot be drawn, and a tile that there is not."""
    size, at = given["x.shape"], given["at"]
    if any(n > most for n, most in zip(size, MOST, strict=True)):
        change = f"Use at most {MOST[0]} rows and {MOST[1]} columns."
        raise refusal(ValueError, "the image is too large to be drawn", change, given)
    tile = whole("tile", given["tile"], 1, given)
    ends = {"tile": (min(LEAST, max(size)), max(size)), "kernel_size": (SIZES[0], SIZES[-1])}
    for name, (low, high) in ends.items():
        if not low <= whole(name, given[name], 1, given) <= high:
            raise refusal(ValueError, f"{name} is out of range", f"Use {low} to {high}.", given)
    if not all(0 <= k < -(-n // tile) for k, n in zip(at, size, strict=True)):
        raise refusal(IndexError, "there is no such tile", "Count from 0.", given)
