"""How often a diagnosis is false: `python -m tests.check.rate [COUNT]`.

Random wrong functions are given to `check.conv2d`. A diagnosis is true if the mistake that it names
gives the very answers of the function on examples that the check never drew, first of the case that
failed, then of every case that the function takes.
"""

import argparse
import time
from collections import Counter
from itertools import product
from multiprocessing import Pool

import numpy as np

import convlib
from convlens import check
from convlens.check.layers import SHAPES
from tests.check import judge
from tests.check.wrongness import FAMILIES, spoilt

KEYWORDS = ["bias", "stride", "padding", "dilation", "groups", "padding_mode", "layout"]
PLACES = [dict(zip("xw", shape, strict=True)) for shape in SHAPES]
OUTCOMES = ("true", "true there", "false", "not named", "not noticed", "harmless")


def functions(count, first=0):
    """Yield wrong functions, each with the axes that it is checked on: a third of them go wrong
    only where they are given some keyword."""
    kinds = list(product(FAMILIES, PLACES))
    for seed in range(first, first + count):
        family, axes = kinds[seed % len(kinds)]
        rng = np.random.default_rng(seed)
        when = rng.choice(KEYWORDS) if rng.random() < 1 / 3 else None
        yield family, spoilt(convlib.conv2d, family, seed, when), axes


def outcome(function, axes):
    """Check one function; name what came of it, and the report."""
    report = check.conv2d(function, **axes)
    if report.ok:
        task = judge.task_of(check.conv2d, **axes)
        return "harmless" if judge.right_everywhere(task, function) else "not noticed", report
    if not report.causes:
        return "not named", report
    task = judge.task_of(check.conv2d, **axes)
    if not judge.truth(task, function, report):
        return "false", report
    return "true" if judge.truth(task, function, report, everywhere=True) else "true there", report


def measure(job):
    """Count what came of some functions, by family; collect the false diagnoses."""
    counts, false = Counter(), []
    for family, function, axes in functions(*job):
        came, report = outcome(function, axes)
        counts[family, came] += 1
        if came in ("false", "not noticed"):
            false.append(f"{function.__name__} {axes}: {came}: {report.diagnosis}")
    return counts, false


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=21_000)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    start, step = time.perf_counter(), 250
    jobs = [(min(step, given.count - k), k) for k in range(0, given.count, step)]
    counts, false = Counter(), []
    with Pool(given.processes) as pool:
        for more, found in pool.imap_unordered(measure, jobs):
            counts += more
            false += found
    print(f"{'family':18}" + "".join(f"{name:>13}" for name in OUTCOMES))
    for family in FAMILIES:
        print(f"{family:18}" + "".join(f"{counts[family, name]:13}" for name in OUTCOMES))
    total = {name: sum(counts[family, name] for family in FAMILIES) for name in OUTCOMES}
    print(f"{'all':18}" + "".join(f"{total[name]:13}" for name in OUTCOMES))
    print(*false, sep="\n")
    named = total["true"] + total["true there"] + total["false"]
    wrong = given.count - total["harmless"]
    print(
        f"{given.count} functions, {wrong} wrong, {named} named, {total['false']} of them falsely"
    )
    print(f"false of all wrong: {total['false'] / wrong:.4%}; {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
