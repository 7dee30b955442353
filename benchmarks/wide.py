"""Is auto right? Over a wide grid of shapes it runs against every method by name."""

from __future__ import annotations

import math
import random
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import ours
from benchmarks.reference import WrongAnswer
from benchmarks.stats import best, ratio
from benchmarks.timing import Contestant, race
from benchmarks.work import Operands, Work
from convlib.operands import FAST, METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TOO_LARGE", "measure", "methods", "sample"]

SEED = 2024
KERNELS = (1, 2, 3, 3, 3, 4, 5, 5, 7, 9, 11, 15, 21, 31)  # 3 and 5 are what is mostly used
CHANNELS = (1, 1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512)
BATCHES = (1, 1, 1, 2, 4, 8, 16, 32)
TOO_LARGE = 2e8  # multiplications: no call of a method that can win takes much above 50 ms
TOO_LARGE_DEPTHWISE = 4e7  # BLAS cannot help there
TOO_MANY = 4e6  # numbers in the input, and in the output
COPIED = 1e7  # numbers in all windows, above which nobody would copy them all
HOPELESS = 4  # times slower than the fastest: not timed any further


def sample(count: int) -> list[Work]:
    """Draw so many shapes, always the same."""
    drawn, found = random.Random(SEED), []
    while len(found) < count:
        work = _draw(drawn)
        if work is not None and work not in found:
            found.append(work)
    return found


def _draw(drawn: random.Random) -> Work | None:
    """Draw a shape; None where it is impossible or too large."""
    depthwise = drawn.random() < 0.2
    channels, kernel = drawn.choice(CHANNELS), drawn.choice(KERNELS)
    filters = channels if depthwise else drawn.choice(CHANNELS)
    size = round(math.exp(drawn.uniform(math.log(5), math.log(1024))))
    steps = {"batch": drawn.choice(BATCHES), "stride": drawn.choice((1, 1, 2))}
    steps |= {"padding": drawn.choice((0, kernel // 2)), "groups": channels if depthwise else 1}
    work = Work(channels, size, filters, kernel, **steps)
    if work.size + 2 * work.padding < kernel:
        return None
    numbers = work.batch * max(channels * size**2, filters * work.output**2)
    most = TOO_LARGE_DEPTHWISE if depthwise else TOO_LARGE
    return None if numbers > TOO_MANY or work.multiplications > most else work


def methods(work: Work) -> Iterator[str]:
    """Name the methods that are worth a trial on this work."""
    for method in dict.fromkeys((*METHODS, *FAST)):
        copies = method in ("strided", "index_grid")
        if method == "loops" or (copies and work.taps > COPIED):
            continue
        pairs = work.filters * work.channels // work.groups
        if method == "fft" and pairs * work.size**2 > COPIED:  # spectra of hundreds of megabytes
            continue
        yield method


def measure(work: Work, seconds: float) -> dict[str, Any]:
    """Race auto against the methods, prepared; the layout alternates with the shape."""
    operands = Operands(work, prepared=True)
    layout = "NHWC" if (work.size + work.filters) % 2 else "NCHW"
    auto = ours.contestant("auto", operands, layout)
    rivals = _rivals(operands, layout, np.asarray(auto.call()))
    samples = race([auto, *rivals], seconds).seconds
    result = _result(samples)
    if result["ratio"][1] < 0.95:  # so near to a miss, it gets four times as many rounds
        first = result["best"]
        again = [auto, *(one for one in rivals if one.name == first)]
        result = _result(race(again, 4 * seconds).seconds) | {"medians": result["medians"]}
    return {
        "label": f"{work.label}, {layout}",
        "auto": ours.chosen(operands, layout),
        **result,
    }


def _result(samples: dict[str, list[float]]) -> dict[str, Any]:
    """Hold auto against the best method; the medians of all of them beside it."""
    named = [name for name in samples if name != "auto"]
    winner = best(samples, named)
    assert winner is not None
    medians = {name: float(np.median(times)) for name, times in samples.items()}
    return {
        "best": winner,
        "ratio": ratio(samples["auto"], samples[winner]),
        "medians": medians,
    }


def _rivals(operands: Operands, layout: str, wanted: Any) -> list[Contestant]:
    """Make the methods that accept the work and are not hopeless; all must agree."""
    first: dict[str, tuple[float, Contestant]] = {}
    for method in methods(operands.work):
        one = ours.contestant(method, operands, layout, method)
        try:
            got = one.call()  # works out what it keeps
        except ValueError:  # says that it cannot do this
            continue
        limit = 1e-4 * float(np.abs(wanted).max())
        if not np.abs(got - wanted).max() <= limit:
            raise WrongAnswer(f"{method} and auto differ: {operands.work.label}, {layout}")
        start = time.perf_counter()
        one.call()
        first[method] = time.perf_counter() - start, one
    fastest = min(seconds for seconds, _ in first.values())
    return [one for seconds, one in first.values() if seconds <= HOPELESS * fastest]
