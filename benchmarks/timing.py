"""Race contestants in turns: in each round every one of them runs once."""

from __future__ import annotations

import gc
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

try:
    import resource
except ModuleNotFoundError:  # Windows
    resource = None

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["Contestant", "Samples", "faults_so_far", "order", "race"]

TURN = 1e-3  # seconds that a turn takes at least: shorter ones repeat the call
FEWEST, MOST = 7, 101  # rounds


@dataclass(frozen=True)
class Contestant:
    """Somebody who does the work.

    Attributes
    ----------
    name : str
    call : callable
        Does the work once, and allocates its output.
    result : callable
        Brings what `call` returned into the common form: channels first, a NumPy array.
    ours : bool
        Whether it is convlib: the peak of its memory is then measured too.
    """

    name: str
    call: Callable[[], Any]
    result: Callable[[Any], NDArray[Any]] = np.asarray
    ours: bool = False


@dataclass
class Samples:
    """What was measured: for each contestant, a number a round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)  # of one call
    faults: dict[str, list[float]] = field(default_factory=dict)  # minor page faults of one call


def faults_so_far() -> int:
    """Count the minor page faults of this process: memory that the system had to hand out."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt if resource else 0


def order(count: int, turn: int) -> list[int]:
    """Say who runs when: every second round runs backward, then the next one begins.

    So nobody always follows the same neighbour, whose data would be left in the cache.

    >>> [order(3, turn) for turn in range(4)]
    [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]
    """
    turned = [(turn // 2 + i) % count for i in range(count)]
    return turned[::-1] if turn % 2 else turned


def race(
    contestants: Sequence[Contestant],
    seconds: float,
    clock: Callable[[], float] = time.perf_counter,
) -> Samples:
    """Race for about so many seconds, at least `FEWEST` and at most `MOST` rounds.

    A turn begins with a call that is not timed, so that nobody pays for what the one before has
    driven out of the caches. (On two threads, OpenMP's go on looking for work for a while, on the
    core that the next one needs.)
    """
    repeats = {}
    for one in contestants:
        one.call()  # warm
        repeats[one.name] = max(math.ceil(TURN / max(_turn(one, 1, clock), 1e-9)), 1)
    start = clock()
    samples = Samples({c.name: [] for c in contestants}, {c.name: [] for c in contestants})
    collecting = gc.isenabled()
    gc.disable()  # a collection would be charged to whoever happens to run
    try:
        for turn in range(MOST):
            for index in order(len(contestants), turn):
                one = contestants[index]
                one.call()  # not timed
                before = faults_so_far()
                samples.seconds[one.name].append(_turn(one, repeats[one.name], clock))
                faults = (faults_so_far() - before) / repeats[one.name]
                samples.faults[one.name].append(faults)
            if turn + 1 >= FEWEST and clock() - start > seconds:
                break
    finally:
        if collecting:
            gc.enable()
    return samples


def _turn(one: Contestant, repeats: int, clock: Callable[[], float]) -> float:
    """Time so many calls; return the seconds of one."""
    call, start = one.call, clock()
    for _ in range(repeats):
        call()
    return (clock() - start) / repeats
