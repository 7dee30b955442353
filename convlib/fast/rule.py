"""The rule behind ``method="auto"``: count the work of every method, estimate, take the least.

An estimate is a sum of five products: a method's counts (`convlib.fast.cost.Cost`) with what each
counted thing takes, in `NANOSECONDS`. Those were fitted to 1,000 convolutions, each measured with
all methods, on one machine: only their ratios matter. `explain` prints counts and estimates.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.exact import biggest, largest_sum
from convlib.fast import banded, fft, im2col, matrix, taps, winograd
from convlib.fast.cost import direct, turned_bytes

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    from convlib.fast.cost import Cost
    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry


__all__ = [
    "METHODS",
    "NANOSECONDS",
    "choose",
    "count",
    "estimate",
    "estimate_strided",
    "exact_as_float64",
    "tensordot_workspace",
]

#: Every fast method: a module with `refuses`, `cost` and `correlate`.
METHODS: dict[str, ModuleType] = {
    "taps": taps,
    "banded": banded,
    "im2col": im2col,
    "winograd": winograd,
    "fft": fft,
    "matrix": matrix,
}

#: What a multiplication, a byte moved, a run, a block and a call take.
NANOSECONDS: dict[str, tuple[float, float, float, float, float]] = {
    "taps": (0.11, 0.05, 16, 15_000, 18_000),
    "banded": (0.0099, 0.071, 11, 6_600, 29_000),
    "im2col": (0.0102, 0.05, 0.5, 8_000, 6_500),
    "winograd": (0.0108, 0.045, 200, 1_000, 20_000),
    "fft": (0.08, 0.185, 40, 45_000, 60_000),
    "matrix": (0.0132, 0.009, 0, 0, 700),
}

COPYING = 0.5  # nanoseconds, for tensordot to copy a byte, in short runs
MAKING = 0.4  # nanoseconds, to make a byte of what a prepared kernel keeps
READING = 7_000  # nanoseconds, that a kernel which keeps something saves with each call
EXACT = 2**53  # up to which a float64 holds every integer
FREE = 4_000_000  # bytes of workspace that are never too much
ROUNDING = ("winograd", "fft")  # they transform: an integer would come back as a fraction


@functools.lru_cache(maxsize=4096)
def count(name: str, g: Geometry, itemsize: int) -> Cost:
    """Count the work of a method, once for each geometry."""
    cost: Cost = METHODS[name].cost(g, itemsize)
    return cost


def estimate(name: str, g: Geometry, itemsize: int, prepared: bool = True) -> float:
    """Estimate the nanoseconds of a method: its counts, each times what it takes."""
    counts = count(name, g, itemsize)
    m, moved, runs, blocks, start = NANOSECONDS[name]
    wider = 2 if name == "fft" else itemsize / 4  # twice as wide: half as many in a register
    work = counts.multiplications * m * wider + counts.moved * moved
    made = 0 if prepared or not counts.kept else counts.kept * MAKING + READING
    return work + counts.runs * runs + counts.blocks * blocks + start + made


@functools.lru_cache(maxsize=1024)
def choose(g: Geometry, dtype: np.dtype[Any], prepared: bool = True, directly: bool = False) -> str:
    """Choose the method with the least estimate, of those that can and whose workspace is allowed.

    Allowed is what tensordot takes on the strided view, or 4 MB where that is less; if the kernel
    is not prepared, what would be kept with it is counted as well. Integers are multiplied as
    float64, by a method that sums `directly`, as others are where that is asked for. Complex and
    extended numbers, and empty batches, are left to "strided".

    >>> from convlib.geometry import Geometry
    >>> choose(Geometry((512, 512), (31, 31)), np.dtype(np.float32))
    'fft'
    """
    if dtype.kind not in "fi" or dtype.itemsize > 8 or g.batch == 0:
        return "strided"
    works = np.dtype(np.float64) if dtype.kind == "i" else dtype
    allowed = max(tensordot_workspace(g, works.itemsize), FREE)
    estimates = {}
    for name, method in METHODS.items():
        if method.refuses(g, works) or (name in ROUNDING and (directly or dtype.kind == "i")):
            continue
        counts = count(name, g, works.itemsize)
        if counts.workspace + (0 if prepared else counts.kept) <= allowed:
            estimates[name] = estimate(name, g, works.itemsize, prepared)
    estimates["strided"] = estimate_strided(g, works.itemsize)
    return min(estimates, key=estimates.__getitem__)


def estimate_strided(g: Geometry, itemsize: int) -> float:
    """Estimate the nanoseconds of tensordot: it multiplies as "im2col" does, once it has copied.

    It copies the windows, the filters at every call, and the output where channels come first.
    """
    products = direct(g) * NANOSECONDS["im2col"][0] * itemsize / 4
    filters = g.filters * (g.channels // g.groups) * math.prod(g.kernel_size)
    copied = (g.batch * g.counts.windows + filters) * itemsize + turned_bytes(g, itemsize, "NHWC")
    return products + copied * COPYING + 30_000 + 9_000 * g.groups


def tensordot_workspace(g: Geometry, itemsize: int) -> int:
    """Bytes of the padded image, and of what tensordot copies of the windows, a group at a time.

    Its result comes channels last, and is no output yet where that is channels first.
    """
    padded = g.counts.padded if g.pads else 0
    parts = g.counts.output if g.groups > 1 else 0  # of the groups, before they are put together
    numbers = g.batch * (padded + g.counts.windows // g.groups + parts)
    return numbers * itemsize + turned_bytes(g, itemsize, "NHWC")


def exact_as_float64(x: NDArray[Any], kernel: Kernel) -> bool:
    """Whether no sum of products of these integers can leave what float64 holds exactly."""
    weights: int = kernel.kept("largest sum", lambda: largest_sum(kernel.filters))
    return biggest(x) * weights < EXACT
