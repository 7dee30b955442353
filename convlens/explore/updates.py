"""The updates explorer: what becomes of `view += 1` where windows overlap, write by write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import one_plane
from convlens.explore.space import Values
from convlens.scenes.updates import MOST_ROWS, UpdatesScene
from convlib.arguments import Pair, refusal, whole
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["updates"]

CAPTION = "The same in NumPy; view shows all windows of x, total is a copy of x"


def updates(x: ArrayLike, kernel_size: int | Pair, *, write: int = 0) -> Explorer:
    """Add 1 through a view of all windows, beside `np.add.at` at the same places.

    Parameters
    ----------
    x : array_like, (H, W)
        Real numbers, at most 4 rows of them. It is copied.
    kernel_size : int or (row, column)
        Of the windows, which move by one.
    write : int
        How many writes have been made to begin with.

    Returns
    -------
    Explorer
        With a slider for the number of writes. For ``view += 1`` NumPy first reads all numbers of
        an overlapping view and adds into a hidden copy, which it then writes back; `np.add.at`
        reads again before each addition. Both are really done, one write after the other.

    Raises
    ------
    ValueError, TypeError
        Unless `x` is one plane of real numbers, small enough to be drawn, and the window fits.
    IndexError
        Where there are not so many writes.

    Examples
    --------
    >>> explorer = updates([[5, 7, 9]], (1, 2))
    >>> explorer.controls["write"].value = explorer.controls["write"].max
    >>> explorer.picture.label[-54:]
    'Grown by, the view: 1 1 1. Grown by, np.add.at: 1 2 1.'
    """
    image = one_plane("x", x)
    given: dict[str, Any] = {"x.shape": image.shape, "x.dtype": str(image.dtype)}
    if image.dtype.kind not in "iuf":
        raise refusal(TypeError, "x must hold real numbers", "Give its real part.", given)
    geometry = Geometry((image.shape[0], image.shape[1]), kernel_size)
    given = {"x.shape": image.shape, "kernel_size": kernel_size}
    scene = UpdatesScene(image, geometry) if len(image) <= MOST_ROWS else None
    if scene is None or not scene.legible:
        change = f"Use at most {MOST_ROWS} rows, fewer columns, or shorter numbers."
        raise refusal(ValueError, "the image is too large to be drawn", change, given)
    if not 0 <= whole("write", write, 0, {"write": write}) <= scene.writes:
        change = f"Use 0 to {scene.writes}."
        raise refusal(IndexError, "there are not so many writes", change, {"write": write})

    def draw(values: Values) -> Drawing:
        return scene.picture(values["write"]), scene.source(values["write"])

    (h, w), (kh, kw) = geometry.input_size, geometry.kernel_size
    about = f"input {h}×{w}, windows {kh}×{kw}, {scene.writes} writes"
    controls = {"write": slider("write", 0, scene.writes, write)}
    return Explorer("updates", controls, draw, about=about, caption=CAPTION, play=("write",))
