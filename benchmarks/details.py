"""The longer tables, each a piece of Markdown."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from convlens.palette import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["auto", "contestants", "growth", "shapes", "table", "threads"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a table as lines of Markdown.

    >>> table(("a", "b"), [("1", "2")])
    ['| a | b |', '| --- | --- |', '| 1 | 2 |']
    """
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def shapes(rows: Iterable[Mapping[str, Any]]) -> str:
    """Every shape of every row, with the time of each layout."""
    head = (
        "row",
        "shape",
        "times faster",
        "quartiles",
        "best of ours",
        "best of theirs",
        "medians",
    )
    cells = [
        (
            row["key"],
            shape["label"],
            f"{shape['ratio'][1]:.2f}",
            f"{shape['ratio'][0]:.2f} to {shape['ratio'][2]:.2f}",
            shape["ours"],
            shape["peer"],
            "; ".join(f"{name} {quantity(s, 's')}" for name, s in shape["sides"].items()),
        )
        for row in rows
        for shape in row["shapes"]
    ]
    return "\n".join(["## Every shape", "", *table(head, cells)])


def auto(wide: Sequence[Mapping[str, Any]]) -> str:
    """Where each method is best, and how near auto comes to it."""
    won: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for shape in wide:
        won[shape["best"]].append(shape)
    in_order = sorted(won.items(), key=lambda item: -len(item[1]))
    cells = [
        (method, str(len(several)), "; ".join(shape["label"] for shape in several[:2]))
        for method, several in in_order
    ]
    right = sum(shape["auto"] == shape["best"] for shape in wide)
    said = (
        f"Of {len(wide)} shapes drawn at random (always the same), auto chose the best for {right}."
    )
    head = ("method", "best for so many", "such as")
    return "\n".join(["## Where each method is best", "", said, "", *table(head, cells)])


def threads(races: Iterable[Mapping[str, Any]]) -> str:
    """One thread against two, convlib alone."""
    cells = [
        (race["label"], name, f"{gain[1]:.2f}", f"{gain[0]:.2f} to {gain[2]:.2f}")
        for race in races
        for name, gain in race["gains"].items()
    ]
    head = ("shape", "layout", "times faster", "quartiles")
    return "\n".join(["## Two threads beside one", "", *table(head, cells)])


def growth(grown: Mapping[str, Mapping[str, Any]]) -> str:
    """How time grows with one size: seconds = a * size**p."""
    names = list(dict.fromkeys(n for one in grown.values() for n in one["exponents"]))
    cells = [
        (name, *(_exponent(one["exponents"].get(name)) for one in grown.values())) for name in names
    ]
    heads = [f"{name}, {one['sizes'][0]} to {one['sizes'][-1]}" for name, one in grown.items()]
    said = "The exponent p of seconds = a * size**p that fits the medians."
    lines = table(("contestant", *heads), cells)
    return "\n".join(["## How time grows", "", said, "", *lines])


def _exponent(fitted: float | None) -> str:
    return "-" if fitted is None else f"{fitted:.2f}"


def contestants(races: Mapping[str, Mapping[str, Any]]) -> str:
    """Every contestant of every race: time, page faults, and for convlib the peak of its memory."""
    cells = []
    for key, race in races.items():
        chosen = "; ".join(f"{layout} {method}" for layout, method in race["auto"].items())
        for name, one in race["contestants"].items():
            low, middle, high = (quantity(s, "s") for s in one["quartiles"])
            peak = "" if one["peak"] is None else quantity(one["peak"], "B")
            faults = f"{one['faults']:.3g}"
            cells.append((key, name, middle, f"{low} to {high}", faults, peak, chosen))
    head = ("race", "contestant", "time", "quartiles", "page faults", "peak memory", "auto chose")
    said = (
        "Minor page faults of a call: pages that the system had to hand out. "
        "Peak memory: the most that a call holds at once, its output not counted."
    )
    return "\n".join(["## Every contestant", "", said, "", *table(head, cells)])
