"""From times to verdicts: what is stored, and what the tables and the plot are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.rows import ROWS, Goal, Row
from benchmarks.stats import best, exponent, geometric_mean, quartiles, ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AUTO", "judge", "merge", "row_of", "verdict"]

AUTO_TARGET, AUTO_MOONSHOT = Goal(least=0.75), Goal(least=0.9)
AUTO = "auto"  # the key of the row that the wide grid makes


def merge(one: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Put the races of two processes together; machine, growth and grid are those of the first."""
    return {**one, "races": {**one["races"], **other["races"]}}


def judge(measured: Mapping[str, Any], quick: bool) -> dict[str, Any]:
    """Work out everything that is stored: rows, races, growth, grid and the machine."""
    races = measured["races"]
    rows = [row_of(row, races) for row in ROWS]
    if measured["wide"]:
        rows.append(_auto(measured["wide"]))
    return {
        "quick": quick,
        "machine": measured["machine"],
        "missing": measured["missing"],
        "rows": [row for row in rows if row["shapes"] or not quick],
        "races": {key: _summary(race) for key, race in races.items()},
        "growth": {
            name: _growth({int(at): races[key] for at, key in several.items()})
            for name, several in measured["growth"].items()
            if len(several) > 1
        },
        "threads": [_on_two(r) for key, r in races.items() if key.endswith("on two")],
        "wide": measured["wide"],
    }


def row_of(row: Row, races: Mapping[str, Any]) -> dict[str, Any]:
    """Work out a row; without shapes where its peer or its races are missing."""
    shapes = [_shape(row, races[key]) for key in row.races if key in races]
    shapes = [shape for shape in shapes if shape]
    head = {"key": row.key, "work": row.work, "against": row.against}
    return {**head, **verdict([s["ratio"] for s in shapes], row.target, row.moonshot),
            "whole": len(shapes) == len(row.races), "shapes": shapes}  # fmt: skip


def verdict(ratios: list[Any], target: Goal, moonshot: Goal) -> dict[str, Any]:
    """Hold the ratios of the shapes against the goals."""
    aim = target.mean or target.least  # as a number, for the plot
    judged: dict[str, Any] = {"target": target.words, "moonshot": moonshot.words, "aim": aim}
    if not ratios:
        return {**judged, "met": None, "shot": None}
    means = [geometric_mean([r[quartile] for r in ratios]) for quartile in range(3)]
    least = min(r[1] for r in ratios)
    asked = target != Goal()
    judged |= {"mean": means[1], "spread": [means[0], means[2]], "least": least}
    judged["met"] = target.met(means[1], least) if asked else None
    judged["shot"] = moonshot.met(means[1], least) if asked else None
    return judged


def _shape(row: Row, race: Mapping[str, Any]) -> dict[str, Any]:
    """The ratio of one shape: the best of each side, within each round."""
    seconds = race["seconds"]
    ours, theirs = best(seconds, row.ours), best(seconds, row.peers)
    if ours is None or theirs is None:
        return {}
    return {
        "label": race["label"],
        "ours": ours,
        "peer": theirs,
        "ratio": ratio(seconds[ours], seconds[theirs]),
        "sides": {n: quartiles(seconds[n])[1] for n in (*row.ours, *row.peers) if n in seconds},
    }


def _auto(wide: list[Any]) -> dict[str, Any]:
    """The row of the wide grid; its shapes stand in a table of their own."""
    judged = verdict([shape["ratio"] for shape in wide], AUTO_TARGET, AUTO_MOONSHOT)
    worst = sorted(wide, key=lambda shape: shape["ratio"][1])[:5]
    shapes = [
        {
            "label": shape["label"],
            "ours": f"auto ({shape['auto']})",
            "peer": shape["best"],
            "ratio": shape["ratio"],
            "sides": {n: shape["medians"][n] for n in ("auto", shape["best"])},
        }
        for shape in worst
    ]
    work = f"auto, {len(wide)} shapes, prepared"
    head = {"key": AUTO, "work": work, "against": "the best method for each"}
    return {**head, **judged, "whole": True, "shapes": shapes}


def _summary(race: Mapping[str, Any]) -> dict[str, Any]:
    """Quartiles, page faults and peak bytes of every contestant."""
    names = race["seconds"]
    contestants = {
        name: {
            "quartiles": quartiles(names[name]),
            "faults": race["faults"][name],
            "peak": race["peak"].get(name),
        }
        for name in names
    }
    rounds = len(next(iter(names.values()), []))
    auto = race.get("auto", {})
    return {"label": race["label"], "rounds": rounds, "auto": auto, "contestants": contestants}


def _growth(races: Mapping[int, Any]) -> dict[str, Any]:
    """Medians over sizes, and the exponent that fits them."""
    sizes = sorted(races)
    names = races[sizes[0]]["seconds"]
    medians = {n: [quartiles(races[s]["seconds"][n])[1] for s in sizes] for n in names}
    fitted = {name: exponent(sizes, times) for name, times in medians.items()}
    return {"sizes": sizes, "medians": medians, "exponents": fitted}


def _on_two(race: Mapping[str, Any]) -> dict[str, Any]:
    """How many times faster convlib is with two threads than with one, by layout."""
    seconds, gains = race["seconds"], {}
    for name in ("convlib NCHW", "convlib NHWC"):
        if name in seconds:
            gains[name] = ratio(seconds[name], seconds[f"{name}, one thread"])
    return {"label": race["label"], "gains": gains}
