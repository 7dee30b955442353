"""Check the way back from windows to image: each number is added where it belongs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.add_up import add_up as mistakes
from convlens.check.mistakes.axes import pair
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.adjoint.scatter import by_taps
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["add_up"]

Pair = tuple[int, int]


def add_up(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that adds all windows up to an image: each tap to the pixel it belongs to.

    Parameters
    ----------
    function : callable
        Takes the windows (OH, OW, KH, KW) and the shape (H, W) of the image; and the stride (down,
        right), if its signature has it. Returns the sums, an array (H, W).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> from convlib import index_grid
    >>> def added(windows, image_shape):
    ...     grid = index_grid.grid(Geometry(image_shape, windows.shape[2:]))
    ...     total = np.zeros(image_shape)
    ...     total.ravel()[grid.ravel()] += windows.ravel()
    ...     return total
    >>> add_up(added).diagnosis
    'where windows overlap, only the last number is kept'
    """
    cases = [Case(what, partial(_draw_windows, how)) for what, how in SUMS.items()]
    return examine(
        Task(_add_up, cases, mistakes, then="add up windows of ones: what do the sums count?"),
        function,
        **asked,
    )


def _add_up(windows: NDArray[Any], image_shape: Pair, stride: int | Pair = (1, 1)) -> NDArray[Any]:
    g = Geometry(image_shape, windows.shape[2:], stride=stride)
    wide = windows.astype(np.result_type(windows, np.int64))
    total: NDArray[Any] = by_taps(wide[None, :, :, None], g)[0, 0]
    return total


#: Places, kernel, stride (None where it is not passed), rows and columns left over, type.
How = tuple[Pair, Pair, int | Pair | None, Pair, str]
SUMS: dict[str, How] = {
    "a single window": ((1, 1), (2, 3), None, (0, 0), "int64"),
    "windows that overlap": ((3, 2), (2, 4), None, (0, 0), "int64"),
    "tall windows": ((2, 4), (3, 2), None, (0, 0), "int64"),
    "fractions": ((3, 2), (2, 4), None, (0, 0), "float64"),
    "stride=2": ((2, 3), (3, 3), 2, (1, 0), "int64"),
    "stride=(2, 1)": ((2, 5), (2, 3), (2, 1), (1, 0), "int64"),
    "stride=(2, 3)": ((2, 2), (3, 4), (2, 3), (1, 2), "int64"),
    "a stride that leaves gaps": ((3, 2), (2, 2), (1, 3), (0, 2), "int64"),
    "uint8, whose sums pass 255": ((3, 2), (2, 4), None, (0, 0), "uint8"),
}


def _draw_windows(how: How, number: int) -> Arguments:
    """Draw windows: wider outputs and taller kernels each time."""
    places, kernel, stride, left, dtype = how
    rng = np.random.default_rng([number, *places, *kernel])
    (oh, ow), (kh, kw) = (places[0], places[1] + number), (kernel[0] + number, kernel[1])
    down, right = pair(stride or 1)
    numbers = rng.integers(1, 10, (oh, ow, kh, kw)) + 90 * (dtype == "uint8")
    values = numbers / 8 if dtype == "float64" else numbers.astype(dtype)
    size = (oh - 1) * down + kh + left[0], (ow - 1) * right + kw + left[1]
    given = {} if stride is None else {"stride": stride}
    return {"windows": values, "image_shape": size, **given}
