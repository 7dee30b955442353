"""Methods as dots: one measure against another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike, NDArray

from convlens.draw.axes import Picture, drawing
from convlens.draw.charts import FAR, chart, measured, quartiles
from convlens.methods import method
from convlens.palette import quantity
from convlib.arguments import refusal

__all__ = ["scatter"]


def scatter(
    across: Mapping[str, ArrayLike],
    up: Mapping[str, ArrayLike],
    units: tuple[str, str] = ("B", "s"),
    *,
    title: str | None = None,
    subtitle: str | None = None,
    labels: tuple[str, str] = ("bytes", "seconds"),
    ax: Axes | None = None,
) -> Picture | None:
    """Draw a dot for each method, one measure against another, its name beside it.

    An axis begins at zero, unless its largest value is more than 50 times its smallest: then it is
    logarithmic.

    Parameters
    ----------
    across, up : mapping of str to number or array_like
        The same methods in both; of several numbers the median, with a line from the first to the
        third quartile.
    units : (str, str)
        "B" or "s", of each axis.
    title, subtitle : str, optional
    labels : (str, str)
        What is measured along each axis.
    ax : Axes, optional
        Where to draw; by default in a figure of its own, which is returned.
    """
    if list(across) != list(up):
        change = "Give both measures of each method, in the same order."
        given = {"across": list(across), "up": list(up)}
        raise refusal(ValueError, "the two do not have the same methods", change, given)
    rows = quartiles(across), quartiles(up)
    with drawing(ax) as (fig, ax):
        _scales(ax, rows)
        for k, name in enumerate(across):
            (x, y), (colour, marker) = (row[k, 1] for row in rows), method(name)
            ax.plot(rows[0][k, ::2], [y, y], color=colour)
            ax.plot([x, x], rows[1][k, ::2], color=colour)
            ax.plot(x, y, marker=marker, color=colour, markersize=10, linestyle="", zorder=5)
        _names(ax, list(across), np.stack([row[:, 1] for row in rows], axis=1))
        chart(ax, title=title, subtitle=subtitle, x_label=labels[0], y_label=labels[1], ratio=0.6)
        for axis, unit in zip((ax.xaxis, ax.yaxis), units, strict=True):
            measured(axis, unit)
    pairs = zip(across, *(row[:, 1] for row in rows), strict=True)
    said = (f"{name} {quantity(x, units[0])} and {quantity(y, units[1])}" for name, x, y in pairs)
    ax.set_label(f"{title or f'{labels[1]} against {labels[0]}'}: {', '.join(said)}.")
    return fig


def _scales(ax: Axes, rows: tuple[NDArray[np.float64], NDArray[np.float64]]) -> None:
    """Scale both axes, with room around the outermost dots."""
    for row, axis, place in zip(rows, (ax.xaxis, ax.yaxis), ("x", "y"), strict=True):
        low, high = row.min(), row.max() or 1.0
        if low <= 0 or high <= FAR * low:
            ax.set(**{f"{place}lim": (0, 1.1 * high)})
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        else:
            ax.set(**{f"{place}scale": "log", f"{place}lim": (low / 1.6, high * 1.6)})
            axis.set_major_locator(LogLocator(numticks=5))


def _names(ax: Axes, names: list[str], dots: NDArray[np.float64]) -> None:
    """Write each name beside its dot, where there is room: right, left, or below."""
    shares = ax.transAxes.inverted().transform(ax.transData.transform(dots))
    for name, dot, share in zip(names, dots, shares, strict=True):
        right, up = (shares - share).T
        near = (right > 0) & (right < 0.22) & (abs(up) < 0.08)
        where = (10.0, 0.0), "left"
        if near.any():
            where = (0.0, -15.0 if up[near].min() >= 0 else 15.0), "center"
        elif share[0] > 0.65:
            where = (-10.0, 0.0), "right"
        at: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 10}
        ax.annotate(name, dot, where[0], ha=where[1], **at)
