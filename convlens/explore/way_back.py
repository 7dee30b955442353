"""The backward explorer: one product of the way there, and what of it goes back to x and to w."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import choice, place, positions, taps
from convlens.explore.explorer import Drawing, Explorer
from convlens.facts.way_back import WayBack
from convlens.scenes.way_back import WayBackScene
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["way_back"]

#: Whether the gradients hold what has come back up to the chosen cell, or all of it.
SUMS = {"up to this cell": True, "of all cells": False}


def way_back(
    grad: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    at: tuple[int, int] = (0, 0),
    tap: tuple[int, int] = (0, 0),
    **arguments: Any,
) -> Explorer:
    """Choose an output cell and a tap: where the cell's gradient goes, and what the weight met.

    Parameters
    ----------
    grad, x, w, **arguments
        As for `convlib.conv2d_backward`.
    at : (int, int)
        The output row and column to begin with: the cell that sends its gradient back.
    tap : (int, int)
        Row and column of the weight to begin with.

    Returns
    -------
    Explorer
        With sliders for the output cell and the tap, for image, filter and channel where there are
        several, and a choice between the sums so far and in full.

    Examples
    --------
    >>> explorer = way_back([[1, 2, 4]], [[1, 10, 100, 1000]], [[10, 1]], at=(0, 1))
    >>> explorer.controls["v"].value = 1
    >>> "The weight's gradient receives 200 and is so far 210." in explorer.picture.label
    True
    """
    with np.errstate(all="ignore"):  # infinities are drawn, not warned of
        back = WayBack(grad, x, w, **arguments)
    if back.grad.shape[0] == 0:
        change = "Give at least one image."
        given = {"x.shape": tuple(back.walk.padded.shape)}
        raise refusal(ValueError, "an empty batch has nothing to send back", change, given)
    back.at(*place(at), tap=place(tap, "tap"))  # refuses a cell or a tap that does not exist
    scene = WayBackScene(back)

    def draw(values: dict[str, Any]) -> Drawing:
        where = {name: values.get(name, 0) for name in ("image", "filter", "channel")}
        product = back.at(values["row"], values["column"], tap=(values["u"], values["v"]), **where)
        so_far = SUMS[values["sum"]]
        return scene.picture(product, so_far=so_far), scene.source(product, so_far=so_far)

    controls = positions(back.walk, at) | taps(back.walk, tap) | {"sum": choice("sum", list(SUMS))}
    caption = "The same in NumPy; grad, x and w are the arrays given to this explorer"
    return Explorer("way_back", controls, draw, walk=back.walk, caption=caption)
