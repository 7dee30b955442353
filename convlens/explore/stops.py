"""The stops explorer: one row of cells, one number of the size formula that changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.space import Ends, Values
from convlens.facts.setting import Axis
from convlens.scenes.one_line import MOST, OneLineScene, most_cells
from convlib.arguments import as_array, choice, refusal, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["stops"]

VARIED = ("stride", "padding", "dilation")
NUMBERED = "The same in NumPy; x is (np.arange({}) * 7 + 3) % 10"
GIVEN = "The same in NumPy; x is the array given to this explorer"


def stops(
    size: int | ArrayLike,
    kernel_size: int,
    *,
    vary: str = "stride",
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    at: int = 0,
) -> Explorer:
    """Change the stride, the padding or the dilation: where a window stops along one row.

    Parameters
    ----------
    size : int or array_like, (W,)
        How many cells; or their numbers. At most 36 with the
        padding, fewer where the numbers are long.
    kernel_size : int
        Taps of the window.
    vary : {"stride", "padding", "dilation"}
        Which of them has a slider. The others stay what they are.
    stride, padding, dilation : int
        As for `convlib.Geometry`: what to begin with.
    at : int
        The stop to begin with.

    Returns
    -------
    Explorer
        With a slider for what varies and one for the stop. The window stays about where it was
        when the other slider moves. The stride goes up to where there is one stop, the padding to
        where a window would see nothing else, the dilation to where the window still fits.

    Raises
    ------
    ValueError, TypeError
        Unless the window fits; for cells that are no row, or too many; for a number out of range.
    IndexError
        Where there is no stop `at`.

    See Also
    --------
    output_size : all of it at once, in two dimensions.

    Examples
    --------
    >>> explorer = stops(7, 3, vary="stride")
    >>> explorer.controls["stride"].value = 2
    >>> "(7 + 0 + 0 − 3) // 2 + 1 = 3 stops" in explorer.picture.label
    True
    """
    given: dict[str, Any] = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
    given |= {"dilation": dilation, "at": at, "vary": vary}
    choice("vary", vary, VARIED, given)
    x, before = _row(size), whole("padding", padding, 0, given)
    taps, step, apart = (
        whole(k, given[k], 1, given) for k in ("kernel_size", "stride", "dilation")
    )
    axis, most = Axis(len(x), taps, step, apart, before, before), most_cells(x)
    _check(axis, most, at, {"size": len(x), **given})
    low, high = _ends(axis, vary, most)
    axes = {value: _with(axis, vary, value) for value in range(low, high + 1)}
    scene = OneLineScene(x, list(axes.values()), vary)

    def draw(values: Values) -> Drawing:
        chosen = axes[values[vary]], values["stop"]
        return scene.picture(*chosen), scene.source(*chosen)

    def settle(moved: str, wanted: Values, before: Values) -> Values:
        """Keep the window where it was on the input, as nearly as the new stops allow."""
        if moved == vary:
            old, new = axes[before[vary]], axes[wanted[vary]]
            start = old.starts[wanted["stop"]] - old.before + new.before
            stop = (2 * start + new.stride) // (2 * new.stride)
            wanted = {**wanted, "stop": min(max(stop, 0), len(new.starts) - 1)}
        return wanted

    def bounds(values: Values) -> Ends:
        """There are as many stops as the formula says."""
        return {"stop": (0, len(axes[values[vary]].starts) - 1)}

    controls = {vary: slider(vary, low, high, given[vary])}
    controls["stop"] = slider("stop", 0, at, at)
    about = f"{len(x)} cells, kernel {taps}, {vary} from {low} to {high}"
    caption = GIVEN if np.ndim(size) else NUMBERED.format(len(x))
    kept: dict[str, Any] = {"about": about, "caption": caption, "play": ("stop",)}
    return Explorer("stops", controls, draw, settle=settle, bounds=bounds, **kept)


def _row(size: int | ArrayLike) -> NDArray[Any]:
    """Read the cells, as a copy, or number them."""
    if np.ndim(size) == 0 and not isinstance(size, str):
        count = whole("size", size, 1, {"size": size})
        cells = np.arange(min(count, MOST + 1))  # one more than can be shown is refused as well
        return (cells * 7 + 3) % 10  # numbers that are not taken for positions
    x = as_array("size", size)
    if x.ndim != 1 or x.size == 0:
        change = "Give a flat sequence of numbers, or how many cells there are."
        raise refusal(ValueError, "the cells are not one row", change, {"size.shape": x.shape})
    return x.astype(np.uint8 if x.dtype == bool else x.dtype)


def _with(axis: Axis, name: str, value: int) -> Axis:
    """The same with another stride, padding or dilation."""
    changed = {"before": value, "after": value} if name == "padding" else {name: value}
    return replace(axis, **changed)


def _ends(axis: Axis, name: str, most: int) -> tuple[int, int]:
    """From where to where a number can go, the others left as they are."""
    if name == "stride":  # beyond, there is one stop, however long it is
        return 1, max(axis.spare + 1, axis.stride)
    if name == "dilation":
        gaps = axis.kernel - 1
        return 1, (axis.padded - 1) // gaps if gaps else axis.dilation
    fitting = min(max(axis.extent - 1, 1), (most - axis.size) // 2)
    return max(-(-(axis.extent - axis.size) // 2), 0), max(fitting, axis.before)


def _check(axis: Axis, most: int, at: Any, given: dict[str, Any]) -> None:
    """Refuse what no slider could be set to."""
    if axis.padded > most:
        change = f"Use at most {most} cells, padding included, or shorter numbers."
        raise refusal(ValueError, "too many cells to be drawn with their numbers", change, given)
    if axis.spare < 0:
        wrong = f"the window spans {axis.extent} of {axis.padded} cells"
        change = "Use a smaller kernel or dilation, or more padding."
        raise refusal(ValueError, wrong, change, given)
    last = len(axis.starts) - 1
    if not 0 <= whole("at", at, 0, given) <= last:
        raise refusal(IndexError, "there is no such stop", f"Use 0 to {last}.", given)
