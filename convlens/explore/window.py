"""The window explorer: the kernel moves over the image, and the output fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from convlens.explore.explorer import Drawing, Explorer, frame_at, position_controls, walk_through
from convlens.scenes import WindowScene

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convlib.frames import Walk

__all__ = ["window"]

MOST_PLAYED = 400  # positions: a longer walk is played in larger steps


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
    scene = WindowScene(walk)

    def draw(values: dict[str, Any]) -> Drawing:
        frame = frame_at(walk, values)
        return scene.picture(frame, values.get("channel", 0)), scene.source(frame)

    first = at[0] * walk.geometry.output_size[1] + at[1]
    controls = {"play": _play(walk, first), **position_controls(walk, at)}
    return Explorer(walk, controls, draw, "window", _follow)


def _play(walk: Walk, first: int) -> ipywidgets.Play | None:
    """A player over the positions of one output image; None where there is only one."""
    positions = walk.geometry.output_size[0] * walk.geometry.output_size[1]
    if positions < 2:
        return None
    step = -(-positions // MOST_PLAYED)
    return ipywidgets.Play(
        value=first, max=positions - 1, step=step, interval=400, show_repeat=False
    )


def _follow(explorer: Explorer, moved: str) -> None:
    """Let the player move the sliders, and the sliders tell the player where it stands."""
    width = explorer.walk.geometry.output_size[1]
    if moved == "play":
        places = divmod(explorer.controls["play"].value, width)
        for key, value in zip(("row", "column"), places, strict=True):
            if key in explorer.controls:
                explorer.controls[key].value = value
    elif moved in ("row", "column"):
        values = explorer.values()
        explorer.controls["play"].value = values.get("row", 0) * width + values.get("column", 0)
