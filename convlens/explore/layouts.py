"""The layout explorer: many channels, many filters, groups, and both memory orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import positions
from convlens.explore.explorer import Explorer
from convlens.explore.given import over_frames, walk_through
from convlens.scenes.layouts import LayoutsScene

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["layouts"]


def layouts(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int] = (0, 0),
    **arguments: Any,
) -> Explorer:
    """Choose a filter and an output: which channels are read, and where in NCHW and NHWC they lie.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `convlib.conv2d`: one image or a batch, one filter or many, `groups` and `layout`.
        Whichever layout `x` has, its numbers are shown in both memory orders.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With sliders for row and column, and for image, filter and channel where there are several.

    Examples
    --------
    >>> explorer = layouts([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[1, -1]], [[2, 0]]])
    >>> explorer.controls["row"].value = 1
    >>> "The window is 2 runs of 2 elements in NCHW and 1 run of 4" in explorer.picture.label
    True
    """
    walk = walk_through(x, w, bias, **arguments)
    return over_frames(LayoutsScene(walk), positions(walk, at), "layouts")
