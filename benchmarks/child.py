"""The process that measures: its threads were pinned before it began."""

from __future__ import annotations

import argparse
import json
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import ours, wide
from benchmarks.machine import machine
from benchmarks.peers import missing
from benchmarks.races import Race, growing, line_up, races
from benchmarks.reference import check, expected
from benchmarks.stats import quartiles
from benchmarks.timing import Contestant, race

try:
    from tqdm import tqdm
except ModuleNotFoundError:  # it only shows how far the run is

    def tqdm(iterable: Any, **_: Any) -> Any:
        """Show nothing."""
        return iterable


if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["measure", "peak", "run"]

#: Seconds for a race, for a race of growth, for a shape of the wide grid; and shapes in the grid.
FULL = {"race": 1.6, "growth": 0.8, "wide": 0.7, "shapes": 150}
QUICK = {"race": 0.35, "growth": 0.15, "wide": 0.15, "shapes": 20}


def peak(one: Contestant) -> int:
    """Measure the most bytes that a call holds at once, its output not counted."""
    tracemalloc.start()
    try:
        result = one.call()
        return max(tracemalloc.get_traced_memory()[1] - result.nbytes, 0)
    finally:
        tracemalloc.stop()


def measure(one: Race, seconds: float) -> dict[str, Any]:
    """Check the answers of a race, run it, and return what was measured."""
    contestants = line_up(one)
    wanted = expected(one.operands)
    for each in contestants:
        check(f"{one.key}, {each.name}", each.result(each.call()), wanted)
    samples = race(contestants, seconds)
    measured: dict[str, Any] = {"label": one.operands.work.label, "seconds": samples.seconds}
    measured["faults"] = {name: quartiles(f)[1] for name, f in samples.faults.items()}
    measured["peak"] = {each.name: peak(each) for each in contestants if each.ours}
    if one.operands.kind == "forward":
        layouts = ("NCHW",) if one.operands.work.grey else ("NCHW", "NHWC")
        measured["auto"] = {layout: ours.chosen(one.operands, layout) for layout in layouts}
    return measured


def run(quick: bool, threads: int, only: str = "", seconds: float | None = None) -> dict[str, Any]:
    """Run every race for so many threads; `only` keeps those whose key contains it."""
    budget = QUICK if quick else FULL
    growths = growing(quick) if threads == 1 else {}
    every = [one for one in races() if one.operands.threads == threads and (one.quick or not quick)]
    todo = [(one, budget["race"]) for one in every]
    todo += [(one, budget["growth"]) for several in growths.values() for _, one in several]
    todo = [(one, time) for one, time in todo if only in one.key]
    measured = {
        one.key: measure(one, seconds or time) for one, time in _bar(todo, f"{threads} threads")
    }
    grown = {
        name: {str(at): one.key for at, one in several if one.key in measured}
        for name, several in growths.items()
    }
    works = wide.sample(int(budget["shapes"])) if threads == 1 and only in "wide" else []
    shapes = [wide.measure(work, seconds or budget["wide"]) for work in _bar(works, "wide grid")]
    described = {"machine": machine(), "missing": missing()}
    return {**described, "races": measured, "growth": grown, "wide": shapes}


def _bar(items: Sequence[Any], name: str) -> Any:
    return tqdm(items, desc=name, disable=None if items else True, leave=False)


def main() -> None:
    """Measure, and write everything to a file for the parent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float)
    given = parser.parse_args()
    measured = run(given.quick, given.threads, given.only, given.seconds)
    given.out.write_text(json.dumps(measured))


if __name__ == "__main__":
    main()
