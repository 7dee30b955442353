"""Plain loops in Python, compiled by numba: what one writes who does not know a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["correlate"]


def correlate(
    x: NDArray[Any], w: NDArray[Any], stride: int, padding: int, groups: int
) -> NDArray[Any]:
    """Cross-correlate (N, C, H, W) with (O, C/groups, KH, KW)."""
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh, ow = ((n - k) // stride + 1 for n, k in zip(x.shape[2:], w.shape[2:], strict=True))
    y = np.zeros((len(x), len(w), oh, ow), dtype=x.dtype)
    _loops(x, w, y, stride, len(w) // groups)
    return y


@njit(fastmath=True)
def _loops(x: Any, w: Any, y: Any, stride: int, filters: int) -> None:
    """Add up the products; the innermost loop runs along a row, so that it can be vectorised."""
    channels, kh, kw = w.shape[1:]
    for n in range(y.shape[0]):
        for o in range(y.shape[1]):
            first = o // filters * channels
            for i in range(y.shape[2]):
                row = y[n, o, i]
                for c in range(channels):
                    for u in range(kh):
                        pixels = x[n, first + c, i * stride + u]
                        for v in range(kw):
                            weight = w[o, c, u, v]
                            for j in range(row.size):
                                row[j] += weight * pixels[j * stride + v]
