"""The one-dimensional opener: numbers in a row, and taps under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import kernel, ring, window
from convlens.draw.panel import SANS, SOFT, panel, write
from convlib.arguments import as_array, refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["line"]


def line(
    ax: Axes,
    x: ArrayLike,
    w: ArrayLike,
    position: int,
    *,
    flip: bool = False,
    title: str | None = None,
) -> None:
    """Draw one stop of a one-dimensional correlation: numbers, taps under them, products, sum.

    Parameters
    ----------
    ax : Axes
    x, w : array_like, (W,) and (KW,)
    position : int
        Where the first tap stands, 0 to W - KW.
    flip : bool
        Turn the taps round first: convolution (``np.convolve``) in place of cross-correlation
        (``np.correlate``), which is what the layers of networks compute.
    title : str, optional

    Examples
    --------
    >>> from convlens.draw import figure
    >>> fig, ax = figure()
    >>> line(ax, [3, 1, 4, 1, 5, 9, 2], [1, 0, -2], 2)
    """
    x, w = _row("x", x), _row("w", w)
    if not 0 <= position <= len(x) - len(w):
        given = {"position": position, "x.shape": x.shape, "w.shape": w.shape}
        raise refusal(ValueError, "the taps do not fit there", "Use 0 to len(x) - len(w).", given)
    taps = w[::-1] if flip else w
    y = np.correlate(x, np.conj(taps), "valid")
    seen = np.ma.array(y, mask=np.arange(len(y)) > position)
    places = range(position, position + len(w))
    cells(ax, x, title=title or ("Convolution" if flip else "Cross-correlation"))
    window(ax, [0], places)
    kernel(ax, taps, origin=(position, 1.45))
    cells(
        ax, x[position : position + len(w)] * taps, origin=(position, 2.9), index=False, signed=True
    )
    most = float(np.abs(y).max())
    cells(ax, seen, origin=(0, 4.35), index=False, signed=True, limits=(-most, most))
    ring(ax, 0, position)
    names = ["x", "× w reversed" if flip else "× w", "= products", "sum: y"]
    for k, name in enumerate(names):
        style = {"ha": "right", "family": SANS, "fontsize": 11, "color": SOFT}
        write(ax, -0.5, 1.45 * k, name, offset=(-10, 0), va="center_baseline", **style)
    panel(ax).left = 88 if flip else 72
    products = (x[position : position + len(w)] * taps).tolist()
    panel(ax).says = [
        f"{'Convolution' if flip else 'Cross-correlation'} of {x.tolist()} with taps "
        f"{w.tolist()}{', reversed' if flip else ''}: at position {position} the products are "
        f"{products}, their sum {palette.label(y[position])}."
    ]
    arrange(ax)


def _row(name: str, value: ArrayLike) -> NDArray[Any]:
    array = as_array(name, value)
    if array.ndim != 1 or array.size == 0:
        change = "Use a flat sequence of numbers."
        raise refusal(ValueError, f"{name} is not one row", change, {f"{name}.shape": array.shape})
    return array.astype(np.result_type(array, np.int64)) if array.dtype.kind in "biu" else array
