"""The index-grid explorer: image, grid row and flat memory light up together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import positions
from convlens.explore.explorer import Explorer
from convlens.explore.given import over_frames, walk_through
from convlens.scenes.index_grid import IndexGridScene

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["index_grid"]


def index_grid(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int] = (0, 0),
    formulas: bool = True,
    **arguments: Any,
) -> Explorer:
    """Move the output position: starts + offsets = grid, and what `take` fetches with that row.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `convlib.conv2d`: your own arrays, from 1x1 to a photograph.
    at : (int, int)
        The output row and column to begin with.
    formulas : bool
        Whether to say how start and offset come about, and to write the NumPy lines.

    Returns
    -------
    Explorer
        With sliders for row and column, and for image, group and channel where there are several.

    Examples
    --------
    >>> explorer = index_grid([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    >>> explorer.controls["row"].value = 1
    >>> "start 3 plus the offsets gives [3 4]" in explorer.picture.label
    True
    """
    walk = walk_through(x, w, bias, **arguments)
    scene = IndexGridScene(walk, formulas=formulas)
    return over_frames(scene, positions(walk, at, filters=False), "index_grid")
