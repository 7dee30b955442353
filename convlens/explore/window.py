"""The window explorer: the kernel moves over the image, and the output fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import player, positions
from convlens.explore.explorer import Explorer, over_frames, walk_through
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
        With sliders for row and column, for image, filter and channel where there are several,
        and a Play button that walks over all positions.

    Examples
    --------
    >>> explorer = window([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    >>> explorer.controls["row"].value = 1
    >>> "y[1, 0] is −1" in explorer.picture.label
    True
    """
    walk = walk_through(x, w, bias, **arguments)
    rows, width = walk.geometry.output_size
    play = player(rows * width, at[0] * width + at[1])
    controls = {"play": play, **positions(walk, at)}

    def follow(moved: str) -> None:
        """Let the player move the sliders, and the sliders tell the player where it stands."""
        values = explorer.values()
        if moved == "play":
            for key, place in zip(("row", "column"), divmod(play.value, width), strict=True):
                if key in values:
                    controls[key].value = place
        elif moved in ("row", "column"):
            play.value = values.get("row", 0) * width + values.get("column", 0)

    explorer = over_frames(WindowScene(walk), controls, "window", follow)
    return explorer
