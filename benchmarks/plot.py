"""The picture: how time grows, and the ratio of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.methods import method
from convlens.palette import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["plot"]


def plot(results: Mapping[str, Any], path: Path) -> bool:
    """Draw the results into a PNG; return False where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return False
    grown, rows = results["growth"], [row for row in results["rows"] if row["shapes"]]
    figure = Figure(figsize=(13, 4.5 + 0.32 * len(rows)), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[4.2, 0.3 + 0.32 * len(rows)])
    for axes, (name, one) in zip(above.subplots(1, max(len(grown), 1), squeeze=False)[0],
                                 grown.items(), strict=False):  # fmt: skip
        _growth(axes, name, one)
    _ratios(below.subplots(), rows)
    figure.savefig(path, dpi=110)
    return True


def _growth(axes: Any, name: str, one: Mapping[str, Any]) -> None:
    """Medians over a size, both in logarithms: a power is a straight line."""
    for who, times in one["medians"].items():
        colour, marker = method(who)
        label = f"{who}, p = {one['exponents'][who]:.1f}"
        axes.loglog(one["sizes"], times, marker=marker, color=colour, label=label)
    axes.set_xticks(one["sizes"], [str(size) for size in one["sizes"]])
    axes.minorticks_off()
    axes.set(xlabel=name, ylabel="seconds", title=f"time over {name}")
    axes.grid(color=NEUTRAL, alpha=0.3)
    axes.legend(fontsize=8, frameon=False)


def _ratios(axes: Any, rows: list[Any]) -> None:
    """A bar for each row, to the right where convlib is faster; a mark for the target."""
    places = range(len(rows))
    means = [row["mean"] for row in rows]
    colours = [method("convlib")[0] if mean >= 1 else NEUTRAL for mean in means]
    axes.barh(places, [mean - 1 for mean in means], left=1, color=colours)
    for place, row in zip(places, rows, strict=True):
        axes.plot(row["spread"], [place, place], color="black", linewidth=1)
        if row["aim"]:
            axes.plot(row["aim"], place, marker="|", markersize=15, color="red", mew=2)
        axes.annotate(
            f" {row['mean']:.2f}", (max(row["spread"][1], row["aim"] or 1, 1), place), va="center"
        )
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    ticks = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    ends = [*means, *(row["aim"] for row in rows if row["aim"])]
    axes.set_xlim(min(0.2, *ends) * 0.9, max(2, *ends) * 1.8)
    axes.set_yticks(places, [f"{row['work']} / {row['against']}" for row in rows], fontsize=8)
    axes.invert_yaxis()
    said = "geometric mean of a row's shapes; black: quartiles, red: target"
    axes.set_title(f"times faster than the other ({said})")
