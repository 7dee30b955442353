"""Print how well the checks name mistakes: `python tools/checker_rates.py [--show KIND] [CHECK]`.

Over the functions of tests/check/learners: how many wrong ones are named, shown without a name,
named falsely, or taken for right, and how many right ones are rejected.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from convlens import check
from convlens.check import Report
from tests.check import learners
from tests.check.learners import Attempt

KINDS = ("named", "unnamed", "false", "passed", "accepted", "rejected")


def attempts() -> list[tuple[Attempt, bool]]:
    """Collect the functions of all files, each with whether it is right."""
    for module in pkgutil.iter_modules(learners.__path__, f"{learners.__name__}."):
        importlib.import_module(module.name)
    return [*((a, False) for a in learners.WRONG), *((a, True) for a in learners.RIGHT)]


def kind(attempt: Attempt, right: bool, report: Report) -> str:
    """Judge whether what a report says is true."""
    if right:
        return "accepted" if report.ok else "rejected"
    if report.ok:
        return "passed"
    if report.diagnosis is None:
        return "unnamed"
    said = f"{report.diagnosis} {report.remedy}"
    return "named" if re.search(attempt.says, said, re.IGNORECASE) else "false"


def judged(only: str | None) -> Iterator[tuple[Attempt, Report, str, float]]:
    """Check every function, or those of one check."""
    for attempt, right in attempts():
        if only in (None, attempt.check):
            start = time.perf_counter()
            report = getattr(check, attempt.check)(attempt.function, **attempt.asked)
            yield attempt, report, kind(attempt, right, report), time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("check", nargs="?", help="the functions of one check only")
    parser.add_argument("--show", choices=KINDS, action="append", default=[], help="list them")
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    longest = 0.0, ""
    for attempt, report, came, seconds in judged(given.check):
        counts[attempt.check][came] += 1
        name = getattr(attempt.function, "__name__", type(attempt.function).__name__)
        longest = max(longest, (seconds, name))
        if came in given.show:
            print(f"{came}: {attempt.check}: {name}: {report.verdict}\n    {report.wrong}")
            print(f"    {report.diagnosis} -- {report.remedy}  [{attempt.says}]")
    total = sum(counts.values(), Counter[str]())
    print(f"{'':22}" + "".join(f"{k:>10}" for k in KINDS))
    for name, found in [*sorted(counts.items()), ("all", total)]:
        print(f"{name:22}" + "".join(f"{found[k]:10}" for k in KINDS))
    wrong = sum(total[k] for k in KINDS[:4])
    print(f"{wrong} wrong, {total['named'] / max(wrong, 1):.1%} named; ", end="")
    print(f"the longest check took {longest[0]:.1f} s ({longest[1]})")


if __name__ == "__main__":
    main()
