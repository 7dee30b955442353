"""The patches explorer: the same windows written out in two orders, number by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import one_plane
from convlens.explore.space import Values
from convlens.scenes.patches import LEAST, MOST, PatchesScene
from convlib.arguments import Pair, refusal, whole
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["patches"]

CAPTION = "Both orders in NumPy; windows = sliding_window_view(x, {})"


def patches(x: ArrayLike, kernel_size: int | Pair, *, copied: int = 0) -> Explorer:
    """Write all windows into a matrix, position by position and tap by tap, and count the runs.

    A run is what NumPy's innermost loop copies before it has to be set up again.

    Parameters
    ----------
    x : array_like, (H, W)
        Copied row by row. Small: at most 120 numbers are written, into cells of one size.
    kernel_size : int or (row, column)
        Of the window, which moves by one cell.
    copied : int
        How many numbers are written to begin with.

    Returns
    -------
    Explorer
        With a slider for how many numbers both copies hold.

    Raises
    ------
    ValueError, TypeError
        Unless `x` is one plane, the window fits into it and all of it can be drawn; for `copied`
        out of range.

    See Also
    --------
    index_grid : the same matrix, fetched by `take`.

    Examples
    --------
    >>> explorer = patches([[1, 2, 3], [4, 5, 6]], (1, 2))
    >>> explorer.controls["copied"].value = 3
    >>> "Position by position: runs 2" in explorer.picture.label
    True
    """
    plane = np.ascontiguousarray(one_plane("x", x))
    sizes = Geometry((plane.shape[0], plane.shape[1]), kernel_size)
    positions, taps = (int(np.prod(n)) for n in (sizes.output_size, sizes.kernel_size))
    given: dict[str, Any] = {"x.shape": plane.shape, "kernel_size": kernel_size, "copied": copied}
    scene = PatchesScene(plane, sizes.kernel_size) if positions * taps <= MOST else None
    if scene is None or scene.pitch < LEAST:
        change = "Use a smaller image, or a smaller kernel."
        raise refusal(ValueError, "too many numbers are copied to be drawn", change, given)
    if whole("copied", copied, 0, given) > positions * taps:
        change = f"Use 0 to {positions * taps}."
        raise refusal(ValueError, "copied is out of range", change, given)

    def draw(values: Values) -> Drawing:
        return scene.picture(values["copied"]), scene.source()

    h, w, (kh, kw) = *plane.shape, sizes.kernel_size
    about = f"input {h}×{w}, windows {kh}×{kw}, {positions * taps} numbers copied in two orders"
    controls = {"copied": slider("numbers copied", 0, positions * taps, copied)}
    return Explorer(
        "patches", controls, draw, about=about, caption=CAPTION.format((kh, kw)), play=("copied",)
    )
