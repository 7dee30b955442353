"""Ordinary plots, and one case measured for several methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from convlens.draw.axes import Picture, drawing, entitle
from convlens.methods import method
from convlens.palette import quantity
from convlens.picture.shapes import LINE, PRINT_INK
from convlib.arguments import refusal

__all__ = ["FAR", "bars", "chart", "measured", "quartiles"]

FAR = 50.0  # largest over smallest: beyond it a bar from zero shows only the largest


def chart(
    ax: Axes,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    x_label: str | None = None,
    y_label: str | None = None,
    ratio: float = 0.65,
) -> None:
    """Dress an ordinary plot like the others, after plotting: titles, labels, quiet axes.

    Parameters
    ----------
    ax : Axes
    title, subtitle, x_label, y_label : str, optional
    ratio : float
        Height of the axes over their width.
    """
    with drawing(ax):
        ax.set_axis_on()
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set(color=LINE, linewidth=0.8)
        font: dict[str, Any] = {"labelsize": 9.5, "labelfontfamily": "DejaVu Sans"}
        ax.tick_params(color=LINE, labelcolor=PRINT_INK, width=0.8, **font)
        for write, words in ((ax.set_xlabel, x_label), (ax.set_ylabel, y_label)):
            write(words or "", fontsize=10, color=PRINT_INK, family="DejaVu Sans")
        entitle(ax, title, subtitle, ratio)
    over = f" over {x_label}" if x_label else ""
    ax.set_label(f"{f'Chart {title}' if title else 'Chart'}: {y_label or 'values'}{over}.")


def bars(
    values: Mapping[str, ArrayLike],
    unit: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    names: bool = True,
    ax: Axes | None = None,
) -> Picture | None:
    """Draw a bar for each method from zero, its value written at its end.

    Where the largest is more than 50 times the smallest, bars would show nothing but the largest:
    then each method is a dot on a logarithmic axis, with its marker.

    Parameters
    ----------
    values : mapping of str to number or array_like
        Several numbers (rounds of a measurement) give a bar to their median, and a line from the
        first to the third quartile.
    unit : str
        "B" or "s".
    title, subtitle : str, optional
    names : bool
        Whether to write the methods' names at the left; not where a neighbour says them already.
    ax : Axes, optional
        Where to draw; by default in a figure of its own, which is returned.
    """
    rows = quartiles(values)
    said = [quantity(value, unit) for value in rows[:, 1]]
    with drawing(ax) as (fig, ax):
        _lengths(ax, list(values), rows)
        at: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 10}
        for place, text in enumerate(said):
            ax.annotate(text, (rows[place, 2], place), (8, 0), annotation_clip=False, **at)
        ax.set_yticks(range(len(rows)), values if names else [""] * len(rows))
        ax.set_ylim(len(rows) - 0.4, -0.6)
        chart(ax, title=title, subtitle=subtitle, ratio=0.1 * len(rows))
        ax.tick_params(axis="y", length=0)
        measured(ax.xaxis, unit)
    pairs = ", ".join(map(" ".join, zip(values, said, strict=True)))
    ax.set_label(f"{title or 'Bars'}: {pairs}.")
    return fig


def _lengths(ax: Axes, names: list[str], rows: NDArray[np.float64]) -> None:
    """Bars on a linear axis, or dots on a logarithmic one; across their ends the quartiles."""
    (low, middle, high), places = rows.T, np.arange(len(rows))
    styles = [method(name) for name in names]
    if middle.min() <= 0 or middle.max() <= FAR * middle.min():
        ax.barh(places, middle, height=0.62, color=[colour for colour, _ in styles])
        ax.set_xlim(0, rows.max() or 1.0)
        ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    else:
        ax.set(xscale="log", xlim=(rows[rows > 0].min() / 1.6, rows.max() * 1.3))
        ax.xaxis.set_major_locator(LogLocator(numticks=5))
        dots: Any = (0, (1, 2))
        ax.hlines(places, ax.get_xlim()[0], middle, LINE, dots, linewidth=0.8)
        for place, value, (colour, marker) in zip(places, middle, styles, strict=True):
            ax.plot(value, place, marker=marker, color=colour, markersize=9, zorder=5)
    halo = [withStroke(linewidth=4, foreground="white")]
    ax.hlines(places, low, high, PRINT_INK, linewidth=2, zorder=3, path_effects=halo)


def measured(axis: Axis, unit: str) -> None:
    """Write the numbers of an axis as quantities, and none between them."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: quantity(value, unit)))
    axis.set_minor_locator(NullLocator())


def quartiles(values: Mapping[Any, ArrayLike], least: float = 0.0) -> NDArray[np.float64]:
    """First quartile, median and third quartile of each; refuse what is no measure."""
    lists = [np.asarray(v, np.float64) for v in values.values()]
    fit = all(v.size and np.isfinite(v).all() and (v >= least).all() for v in lists)
    if not lists or not fit:
        change = "Give numbers above zero, one method or more."
        raise refusal(ValueError, "no axis for these", change, {"values": values})
    return np.array([np.percentile(v, (25, 50, 75)) for v in lists])
