"""The byte-stride explorer: a view's shape and strides, cell by cell, in the bytes they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import choice, place, positions, taps
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import frame_at, walk_through
from convlens.explore.space import Ends, Values
from convlens.scenes.byte_strides import ByteStridesScene
from convlib.arguments import refusal

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
    tap: tuple[int, int] = (0, 0),
    **arguments: Any,
) -> Explorer:
    """Pick a cell of the window view: index times byte stride, axis by axis, is its address.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `convlib.conv2d`: your own arrays, of any memory order and dtype.
    at : (int, int)
        The output row and column to begin with.
    tap : (int, int)
        The tap's row u and column v to begin with.

    Returns
    -------
    Explorer
        With sliders for the window (row, column) and the tap (u, v), for image, group and channel
        where there are several, and a choice of views that ask for more windows than fit. Cells
        outside the memory are drawn, never read.

    Raises
    ------
    IndexError
        Where there is no window `at`, or no tap `tap` in it.

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

    tap = place(tap, "tap")
    if any(not 0 <= k < n for k, n in zip(tap, walk.geometry.kernel_size, strict=True)):
        given = {"tap": tap, "kernel_size": walk.geometry.kernel_size}
        raise refusal(IndexError, "there is no such tap", "Count u and v from 0.", given)

    def draw(values: Values) -> Drawing:
        row, column = values["row"], values["column"]
        beyond = (max(row - rows + 1, 0), max(column - columns + 1, 0))
        inside = {**values, "row": row - beyond[0], "column": column - beyond[1]}
        frame, here = frame_at(walk, inside), (values["u"], values["v"])
        asked: dict[str, Any] = {"more": REQUESTS[values["view"]], "beyond": beyond}
        cell = scene.cell(frame, values.get("channel", 0), here, **asked)
        return scene.picture(frame, cell), scene.source(frame, cell)

    def bounds(values: Values) -> Ends:
        """The sliders reach the windows that the chosen view asks for, and no further."""
        more = REQUESTS[values["view"]]
        return {"row": (0, rows - 1 + more[0]), "column": (0, columns - 1 + more[1])}

    def settle(moved: str, wanted: Values, before: Values) -> Values:
        """Show at once what was asked for."""
        ends, beyond = bounds(wanted), REQUESTS[wanted["view"]]
        for key, more in zip(("row", "column"), beyond, strict=True):
            last = ends[key][1]
            asked = more and moved == "view"
            wanted = {**wanted, key: last if asked else min(wanted[key], last)}
        return wanted

    controls = {"view": choice("view", list(REQUESTS))}
    controls |= positions(walk, at, filters=False) | taps(walk, tap)
    return Explorer("byte_strides", controls, draw, settle=settle, bounds=bounds, walk=walk)
