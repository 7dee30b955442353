"""The byte-stride explorer: a view's shape and strides, cell by cell, in the bytes they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from convlens.explore.explorer import (
    Drawing,
    Explorer,
    frame_at,
    position_controls,
    slider,
    walk_through,
)
from convlens.scenes import ByteStridesScene

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["byte_strides"]

#: Views that may be asked for: windows beyond those that fit, by row and by column.
REQUESTS = {
    "as many windows as fit": (0, 0),
    "one row of windows too many": (1, 0),
    "one column of windows too many": (0, 1),
}


def byte_strides(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int] = (0, 0),
    **arguments: Any,
) -> Explorer:
    """Pick a cell of the window view: index times byte stride, axis by axis, is its address.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `convlib.conv2d`: your own arrays, of any memory order and dtype.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With sliders for the window (row, column) and the tap (u, v), for image, group and channel
        where there are several, and a choice of views that ask for more windows than fit. Cells
        outside the memory are drawn, never read.

    Examples
    --------
    >>> explorer = byte_strides([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    >>> explorer.controls["row"].value = 1
    >>> "= 24 bytes, inside, x[1, 0] = 4" in explorer.picture.label
    True
    """
    walk = walk_through(x, w, bias, **arguments)
    scene = ByteStridesScene(walk)
    kh, kw = walk.geometry.kernel_size
    rows, columns = walk.geometry.output_size
    view = ipywidgets.Dropdown(
        options=list(REQUESTS),
        description="view",
        layout=ipywidgets.Layout(width="310px"),
        style={"description_width": "64px"},
    )

    def draw(values: dict[str, Any]) -> Drawing:
        more = REQUESTS[values["view"]]
        # where there is one row of windows, there is no slider to go to the one too many
        row, column = values.get("row", more[0]), values.get("column", more[1])
        beyond = (max(row - rows + 1, 0), max(column - columns + 1, 0))
        inside = {**values, "row": row - beyond[0], "column": column - beyond[1]}
        frame = frame_at(walk, inside)
        tap = values.get("u", 0), values.get("v", 0)
        cell = scene.cell(frame, values.get("channel", 0), tap, more=more, beyond=beyond)
        return scene.picture(frame, cell), scene.source(frame, cell)

    places = position_controls(walk, at, filters=False)
    controls = {"view": view, **places, "u": slider("tap row u", kh), "v": slider("tap col. v", kw)}
    return Explorer(walk, controls, draw, "byte_strides", _bound)


def _bound(explorer: Explorer, moved: str) -> None:
    """Let the sliders reach the windows that the chosen view asks for, and no further."""
    if moved != "view":
        return
    more = REQUESTS[explorer.controls["view"].value]
    for axis, key in enumerate(("row", "column")):
        if key in explorer.controls:
            place = explorer.controls[key]
            place.max = explorer.walk.geometry.output_size[axis] - 1 + more[axis]
            if more[axis]:
                place.value = place.max  # show at once what was asked for
