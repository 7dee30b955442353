"""The definition of a convolution layer, in seven loops: slow, plain, the judge of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.geometry import LAYOUTS, Geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["correlate"]


def correlate(x: NDArray[Any], w: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Cross-correlate a padded batch with every filter, one multiplication at a time.

    Parameters
    ----------
    x : ndarray, (N, C, PH, PW) or (N, PH, PW, C)
        Padded already, in the layout of `g`.
    w : ndarray, (O, C/groups, KH, KW)
    g : Geometry

    Returns
    -------
    ndarray, (N, OH, OW, O)

    Examples
    --------
    >>> g = Geometry((1, 4), (1, 2))
    >>> x, w = np.array([[[[1, 2, 4, 8]]]]), np.array([[[[10, 1]]]])
    >>> correlate(x, w, g).ravel()
    array([12, 24, 48])
    """
    x = x.transpose(0, *LAYOUTS[g.layout])  # a view: the loops below speak of channel, row, column
    (oh, ow), (kh, kw) = g.output_size, g.kernel_size
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    channels = g.channels // g.groups
    y = np.zeros((g.batch, oh, ow, g.filters), dtype=x.dtype)
    for n in range(g.batch):
        for o in range(g.filters):
            first = o // (g.filters // g.groups) * channels  # where the filter's group begins
            for i in range(oh):
                for j in range(ow):
                    for c in range(channels):
                        for u in range(kh):
                            for v in range(kw):
                                row, column = i * down + u * tap_down, j * right + v * tap_right
                                y[n, i, j, o] += x[n, first + c, row, column] * w[o, c, u, v]
    return y
