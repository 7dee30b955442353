"""Methods compared: bars for one case, lines over many, one colour and marker a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from convlens.draw.chart import chart
from convlens.draw.layout import arrange
from convlens.draw.panel import INK, SANS, panel
from convlens.palette import SERIES, quantity
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["bars", "series"]

MARKERS = "os^DvXP"
LINES = ("-", "--", ":", "-.", (0, (5, 1)), "-", (0, (3, 1, 1, 1, 1, 1)))
QUARTILES = (25, 50, 75)
APART = 0.085  # of the axes' height: names at the ends of lines


def bars(
    ax: Axes,
    values: Mapping[str, ArrayLike],
    unit: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    names: bool = True,
) -> None:
    """Draw a bar for each method, on a logarithmic axis, its value written at its end.

    Parameters
    ----------
    ax : Axes
    values : mapping of str to number or array_like
        Several numbers (rounds of a measurement) give a bar to their median, and a line from the
        first to the third quartile.
    unit : str
        "B" or "s".
    title, subtitle : str, optional
    names : bool
        Whether to write the methods' names at the left; not where a neighbour says them already.
    """
    rows = _quartiles(values)
    low, middle, high = rows.T
    places = np.arange(len(rows))
    colours = _cycle(SERIES, len(rows))
    floor = 10 ** np.floor(np.log10(low.min()) - 0.3)
    ax.barh(places, middle - floor, left=floor, height=0.62, color=colours, zorder=2)
    ax.set(xscale="log", xlim=(floor, high.max() ** 1.0 * (high.max() / floor) ** 0.3))
    if (high > low).any():
        ax.hlines(places, low, high, color=INK, linewidth=4.5, zorder=3)
        ax.hlines(places, low, high, color="white", linewidth=2.0, zorder=4)
    for place, value, end in zip(places, middle, high, strict=True):
        style: dict[str, Any] = {"family": SANS, "fontsize": 10, "color": INK, "va": "center"}
        at: dict[str, Any] = {"xytext": (6, 0), "textcoords": "offset points"}
        ax.annotate(quantity(value, unit), (end, place), **at, **style)
    ax.set_yticks(places, values if names else [""] * len(rows))
    ax.invert_yaxis()
    ax.xaxis.set_major_locator(LogLocator(numticks=6))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: quantity(v, unit)))
    chart(ax, title=title, subtitle=subtitle, size=(3.3, 0.34 * len(rows)))
    ax.tick_params(axis="y", length=0)
    record = panel(ax)
    record.left = 6.4 * max(map(len, values)) + 8 if names else 6.0
    record.right = 20.0
    said = [f"{name} {quantity(v, unit)}" for name, v in zip(values, middle, strict=True)]
    record.says = [f"{title or 'Bars'}: {', '.join(said)}."]
    arrange(ax)


def series(
    ax: Axes,
    places: Sequence[float],
    values: Mapping[str, Sequence[ArrayLike]],
    unit: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    x_label: str | None = None,
) -> None:
    """Draw a line for each method over sizes, both axes logarithmic, its name at its end.

    Parameters
    ----------
    ax : Axes
    places : sequence of numbers
        The sizes.
    values : mapping of str to sequence
        For each size a number, or several: then the median with a bar from the first to the third
        quartile.
    unit : str
        "B" or "s".
    title, subtitle, x_label : str, optional
    """
    if any(len(line) != len(places) for line in values.values()):
        given = {"places": len(places), "values": {k: len(v) for k, v in values.items()}}
        wrong, change = "a line has another length than the sizes", "Give a value for each size."
        raise refusal(ValueError, wrong, change, given)
    if len(values) > len(SERIES):
        given = {"methods": len(values)}
        change = f"Draw at most {len(SERIES)} of them."
        raise refusal(ValueError, "there is no colour left for so many methods", change, given)
    styles = zip(SERIES, MARKERS, LINES, strict=True)
    ends = {}
    for (name, line), (colour, marker, dashes) in zip(values.items(), styles, strict=False):
        low, middle, high = _quartiles(dict(enumerate(line))).T
        error = (middle - low, high - middle)
        style: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": dashes}
        ax.errorbar(places, middle, error, capsize=2.5, markersize=5, linewidth=1.6, **style)
        ends[name] = float(middle[-1]), colour
    ax.set(xscale="log", yscale="log")
    ax.xaxis.set_major_locator(FixedLocator(list(places)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.yaxis.set_major_locator(LogLocator(numticks=7))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: quantity(v, unit)))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    chart(ax, title=title, subtitle=subtitle, x_label=x_label, size=(2.6, 2.3))
    ax.grid(axis="y", color="#dddddd", linewidth=0.7)
    _name_ends(ax, places[-1], ends)
    record = panel(ax)
    record.left, record.right = 52.0, 6.2 * max(map(len, values)) + 20
    said = [f"{name} {quantity(end, unit)}" for name, (end, _) in ends.items()]
    size = x_label or "size"
    record.says = [f"{title or f'Lines over {size}'}; at {places[-1]:g}: {', '.join(said)}."]
    arrange(ax)


def _name_ends(ax: Axes, last: float, ends: Mapping[str, tuple[float, str]]) -> None:
    """Write each name right of its line's end, moved up or down where two would collide."""
    low, high = np.log(ax.get_ylim())
    wanted = {name: (np.log(end) - low) / (high - low) for name, (end, _) in ends.items()}
    heights = _spread(list(wanted.values()))
    for (name, (end, colour)), height in zip(ends.items(), heights, strict=True):
        ax.annotate(
            name,
            (last, end),
            xytext=(1.07, height),
            textcoords="axes fraction",
            annotation_clip=False,
            family=SANS,
            fontsize=9.5,
            color=INK,
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 1.0,
                "shrinkB": 4,
                "relpos": (0.0, 0.5),
            },
        )


def _spread(wanted: Sequence[float]) -> NDArray[np.float64]:
    """Move heights as little as needed for `APART` between neighbours, in their order."""
    order = np.argsort(wanted, kind="stable")
    heights = np.asarray(wanted, dtype=np.float64)[order]
    for _ in range(200):  # neighbours push each other apart until none is too near
        short = APART - np.diff(heights)
        if not (short > 1e-6).any():
            break
        push = np.maximum(short, 0) / 2
        heights[:-1] -= push
        heights[1:] += push
        heights += max(-heights[0], 0) - max(heights[-1] - 1, 0)  # beside the axes
    placed = np.empty_like(heights)
    placed[order] = heights
    return placed


def _quartiles(values: Mapping[Any, ArrayLike]) -> NDArray[np.float64]:
    """First quartile, median and third quartile of each; refuse what has no logarithm."""
    lists = [np.asarray(v, np.float64) for v in values.values()]
    fit = all(v.size and np.isfinite(v).all() and (v > 0).all() for v in lists)
    if not lists or not fit:
        change = "Give positive numbers, one method or more."
        raise refusal(ValueError, "no logarithmic axis for these", change, {"values": values})
    return np.array([np.percentile(v, QUARTILES) for v in lists])


def _cycle(colours: Sequence[str], count: int) -> list[str]:
    return [colours[k % len(colours)] for k in range(count)]
