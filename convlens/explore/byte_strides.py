"""The byte-stride explorer: a view's shape and strides, cell by cell, in the bytes they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import choice, positions, taps
from convlens.explore.explorer import Drawing, Explorer, frame_at, walk_through
from convlens.scenes.byte_strides import ByteStridesScene

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
    rows, columns = walk.geometry.output_size

    def draw(values: dict[str, Any]) -> Drawing:
        more = REQUESTS[values["view"]]
        # where there is one row of windows, there is no slider to go to the one too many
        row = values["row"] if rows > 1 else more[0]
        column = values["column"] if columns > 1 else more[1]
        beyond = (max(row - rows + 1, 0), max(column - columns + 1, 0))
        inside = {**values, "row": row - beyond[0], "column": column - beyond[1]}
        frame, tap = frame_at(walk, inside), (values["u"], values["v"])
        cell = scene.cell(frame, values["channel"], tap, more=more, beyond=beyond)
        return scene.picture(frame, cell), scene.source(frame, cell)

    def bound(moved: str) -> None:
        """Let the sliders reach the windows that the chosen view asks for, and no further."""
        if moved != "view":
            return
        more = REQUESTS[controls["view"].value]
        for key, count, beyond in zip(("row", "column"), (rows, columns), more, strict=True):
            if count > 1:
                controls[key].max = count - 1 + beyond
                if beyond:
                    controls[key].value = controls[key].max  # show at once what was asked for

    controls = {"view": choice("view", list(REQUESTS))}
    controls |= positions(walk, at, filters=False) | taps(walk)
    return Explorer(walk, controls, draw, "byte_strides", bound)
