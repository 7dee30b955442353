"""Methods over sizes: a line each, named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import Affine2D, Transform
from numpy.typing import ArrayLike, NDArray

from convlens.draw.axes import Picture, drawing
from convlens.draw.charts import chart, measured, quartiles
from convlens.methods import method
from convlens.palette import quantity
from convlens.picture.shapes import LINE
from convlib.arguments import refusal

__all__ = ["series"]

SAME = 0.04  # lines that differ nowhere by more are one line to the eye
APART = 13.0  # points between names
TINY = np.finfo(np.float64).tiny


def series(
    places: Sequence[float],
    values: Mapping[str, Sequence[ArrayLike]],
    unit: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    x_label: str = "size",
    ax: Axes | None = None,
) -> Picture | None:
    """Draw a line for each method over sizes, both axes logarithmic, its name at its end.

    Lines that lie on each other share one name, such as "tensordot = matmul".

    Parameters
    ----------
    places : sequence of numbers
        The sizes, above zero.
    values : mapping of str to sequence
        For each size a number, or several: then the median with a bar from the first to the third
        quartile.
    unit : str
        "B" or "s".
    title, subtitle, x_label : str, optional
    ax : Axes, optional
        Where to draw; by default in a figure of its own, which is returned.
    """
    if not values or not len(places) or any(len(line) != len(places) for line in values.values()):
        given = {"places": len(places), "values": {k: len(v) for k, v in values.items()}}
        wrong = "no line, or one of another length than the sizes"
        raise refusal(ValueError, wrong, "Give each method a value for each size.", given)
    quartiles({"places": places}, TINY)
    lines = {name: quartiles(dict(enumerate(v)), TINY) for name, v in values.items()}
    groups = _together(lines)
    ends = {" = ".join(group): float(lines[group[0]][-1, 1]) for group in groups}
    with drawing(ax) as (fig, ax):
        for group in groups:
            _curves(ax, places, {name: lines[name] for name in group})
        _axes(ax, places, unit)
        ratio = max(0.85, 0.12 * len(groups))  # room for the names
        chart(ax, title=title, subtitle=subtitle, x_label=x_label, ratio=ratio)
        _name_ends(ax, places[-1], ends, [method(group[0])[0] for group in groups])
    said = ", ".join(f"{name} {quantity(end, unit)}" for name, end in ends.items())
    ax.set_label(f"{title or f'Lines over {x_label}'}; at {places[-1]:g}: {said}.")
    return fig


def _together(lines: Mapping[str, NDArray[np.float64]]) -> list[list[str]]:
    """Put names whose lines lie on each other into one list."""
    groups: dict[str, list[str]] = {}
    for name, rows in lines.items():
        same = (k for k in groups if (abs(rows[:, 1] / lines[k][:, 1] - 1) <= SAME).all())
        groups.setdefault(next(same, name), []).append(name)
    return list(groups.values())


def _curves(ax: Axes, places: Sequence[float], group: Mapping[str, NDArray[np.float64]]) -> None:
    """Draw lines that lie on each other: those on top are dashed, so that all colours are seen."""
    for k, (name, rows) in enumerate(group.items()):
        (low, middle, high), (colour, marker) = rows.T, method(name)
        error = (middle - low, high - middle) if (high > low).any() else None
        style: dict[str, Any] = {"color": colour, "marker": marker, "linewidth": 1.7}
        style["linestyle"] = (0, (3 / k, 4)) if k else "-"
        ax.errorbar(places, middle, error, capsize=2.5, **style)


def _axes(ax: Axes, places: Sequence[float], unit: str) -> None:
    """Logarithms on both; below the sizes, without those whose numbers would touch."""
    ax.set(xscale="log", yscale="log")
    kept: list[float] = []
    for place in sorted(places, reverse=True):
        if not kept or np.log(kept[-1] / place) >= 0.1 * np.log(max(places) / min(places)):
            kept.append(place)
    ax.xaxis.set_major_locator(FixedLocator(kept))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    low, high = ax.get_ylim()
    between = (1.0, 2.0, 5.0) if high < 100 * low else (1.0,)
    ax.yaxis.set_major_locator(LogLocator(subs=between, numticks=7))
    measured(ax.yaxis, unit)
    ax.grid(axis="y", color=LINE, linewidth=0.6, linestyle=(0, (1, 3)))


def _name_ends(ax: Axes, last: float, ends: Mapping[str, float], colours: Sequence[str]) -> None:
    """Write each name right of its line's end, moved up or down where two would collide."""

    def place(k: int, renderer: Any) -> Transform:
        """Find where the k-th name belongs on axes as high as they are now."""
        (low, high), apart = np.log(ax.get_ylim()), APART / 72 * renderer.dpi / ax.bbox.height
        wanted = (np.log(list(ends.values())) - low) / (high - low)
        return Affine2D().translate(0, _spread(wanted, apart)[k]) + ax.transAxes

    look: dict[str, Any] = {"va": "center", "annotation_clip": False}
    for k, ((name, end), colour) in enumerate(zip(ends.items(), colours, strict=True)):
        line = {"arrowstyle": "-", "shrinkB": 5, "relpos": (0, 0.5), "color": colour}
        look |= {"textcoords": partial(place, k), "arrowprops": line}
        ax.annotate(name, (last, end), (1.06, 0), **look)


def _spread(wanted: NDArray[np.float64], apart: float) -> NDArray[np.float64]:
    """Move heights as little as needed until neighbours are `apart`, none above the axes."""
    order, steps = np.argsort(wanted, kind="stable"), apart * np.arange(len(wanted))
    heights = wanted[order] - steps  # which must not fall, for neighbours to be apart
    raised = np.maximum.accumulate(heights)
    lowered = np.minimum.accumulate(heights[::-1])[::-1]
    placed: NDArray[np.float64] = np.minimum((raised + lowered) / 2, 1 - steps[-1]) + steps
    return placed[np.argsort(order)]
