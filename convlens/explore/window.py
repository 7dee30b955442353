"""The window explorer: the kernel moves over the image, and the output fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import positions
from convlens.explore.explorer import Explorer
from convlens.explore.given import over_frames, walk_through
from convlens.scenes.window import WindowScene

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["window"]


def window(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int] = (0, 0),
    **arguments: Any,
) -> Explorer:
    """Move the window by sliders: its values, the products, their sum and the output so far.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `convlib.conv2d`: your own arrays, from 1x1 to a photograph.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With sliders for row and column, and for image, filter and channel where there are several.

    Examples
    --------
    >>> explorer = window([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    >>> explorer.controls["row"].value = 1
    >>> "y[1, 0] is −1" in explorer.picture.label
    True
    """
    walk = walk_through(x, w, bias, **arguments)
    return over_frames(WindowScene(walk), positions(walk, at), "window")
