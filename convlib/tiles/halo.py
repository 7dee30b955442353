"""Which rows below a range of rows reads: one axis at a time, in integers alone.

Rows i of a layer read rows i*stride - padding + tap*dilation of the layer below. Some of these lie
outside of it, where the padding mode says which row stands there instead, if any. So what a tile
needs is found from its rows downward, layer by layer, and never has to be guessed or trimmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlib.geometry import Geometry

__all__ = ["Reads", "behind", "by_pooling", "by_window"]


class Reads(NamedTuple):
    """What a range of rows (or columns) reads of the layer below.

    Attributes
    ----------
    runs : tuple of range
        The rows below that are needed, sorted; more than one run only around a circle.
    places : ndarray of intp or None
        For every row of the padded input, its place among those of `runs`, or -1 for zeros.
        None where they are taken as they are.
    first : int
        Rows that come out before the ones asked for, and are left away.
    """

    runs: tuple[range, ...]
    places: NDArray[np.intp] | None = None
    first: int = 0


def by_window(g: Geometry, axis: int, cells: range) -> Reads:
    """Say what a convolution reads for these of its rows (axis 0) or columns (1).

    >>> from convlib.geometry import Geometry
    >>> by_window(Geometry((10, 10), 3, padding=1), 0, range(4, 6)).runs
    (range(3, 7),)
    >>> by_window(Geometry((10, 10), 3, padding=1, padding_mode="circular"), 0, range(0, 2))
    Reads(runs=(range(0, 3), range(9, 10)), places=array([3, 0, 1, 2]), first=0)
    """
    start = cells[0] * g.stride[axis] - g.padding[axis][0]
    stop = cells[-1] * g.stride[axis] - g.padding[axis][0] + g.extent[axis]
    size = g.input_size[axis]
    if start >= 0 and stop <= size:
        return Reads((range(start, stop),))
    rows = behind(np.arange(start, stop), size, g.padding_mode)
    needed = np.unique(rows[rows >= 0])
    if not needed.size:  # nothing but zeros; a row gives them their type
        return Reads((range(1),), rows)
    ends = np.flatnonzero(np.diff(needed) > 1) + 1
    runs = tuple(range(int(r[0]), int(r[-1]) + 1) for r in np.split(needed, ends))
    return Reads(runs, np.where(rows < 0, -1, np.searchsorted(needed, rows)))


def behind(rows: NDArray[np.intp], size: int, mode: str) -> NDArray[np.intp]:
    """Tell which row of an image of `size` rows stands for each row of the padded one.

    >>> rows = np.arange(-2, 6)
    >>> for mode in "zeros", "reflect", "replicate", "circular":
    ...     print(behind(rows, 4, mode))
    [-1 -1  0  1  2  3 -1 -1]
    [2 1 0 1 2 3 2 1]
    [0 0 0 1 2 3 3 3]
    [2 3 0 1 2 3 0 1]
    """
    if mode == "zeros":
        return np.where((rows < 0) | (rows >= size), -1, rows)
    if mode == "reflect":
        return (size - 1) - abs((size - 1) - abs(rows))
    return rows % size if mode == "circular" else rows.clip(0, size - 1)


def by_pooling(g: Geometry, axis: int, cells: range) -> Reads:
    """Say what a pooling reads for these of its rows (axis 0) or columns (1).

    Its padding holds nothing, and only the pooling itself can add that. So the rows begin where a
    window without padding would, and early enough that the padding is met by none that count.

    >>> from convlib.geometry import Geometry
    >>> by_pooling(Geometry((10, 10), 3, stride=2, padding=1), 0, range(2, 4))
    Reads(runs=(range(2, 8),), places=None, first=1)
    """
    stride, before = g.stride[axis], g.padding[axis][0]
    first = min(cells[0], -(-before // stride))
    stop = cells[-1] * stride - before + g.extent[axis]
    return Reads((range((cells[0] - first) * stride, min(stop, g.input_size[axis])),), None, first)
