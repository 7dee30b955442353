"""Where it began: the two ways of the notebooks, for one grey image and one kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["by_index_grid", "by_tensordot"]


def by_index_grid(x: NDArray[Any], w: NDArray[Any]) -> NDArray[Any]:
    """Fetch all windows with one `take`: the index grid as notebook 03 first derives it.

    >>> by_index_grid(np.arange(12).reshape(3, 4), np.array([[0, 1], [-1, 0]]))
    array([[-3, -3, -3],
           [-3, -3, -3]])
    """
    (height, width), (kh, kw) = x.shape, w.shape
    oh, ow = height - kh + 1, width - kw + 1
    starts = [i * width + j for i in range(oh) for j in range(ow)]
    offsets = [u * width + v for u in range(kh) for v in range(kw)]
    grid = np.array(starts)[:, None] + np.array(offsets)[None, :]
    return x.take(grid).dot(w.ravel()).reshape(oh, ow)


def by_tensordot(x: NDArray[Any], w: NDArray[Any]) -> NDArray[Any]:
    """View all windows by byte strides and contract them; `tensordot` copies them all.

    >>> by_tensordot(np.arange(12).reshape(3, 4), np.array([[0, 1], [-1, 0]]))
    array([[-3, -3, -3],
           [-3, -3, -3]])
    """
    return np.tensordot(sliding_window_view(x, w.shape), w)
