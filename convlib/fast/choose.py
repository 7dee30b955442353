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

from convlib import strided
from convlib.exact import biggest, largest_sum
from convlib.fast import banded, fft, im2col, matrix, taps, winograd
from convlib.fast.cost import direct, turned_bytes
from convlib.geometry import pad, refusal, reserve

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from types import ModuleType

    from numpy.typing import NDArray

    from convlib.fast.cost import Cost
    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry

    Shape = tuple[int, ...]

__all__ = [
    "METHODS",
    "NANOSECONDS",
    "automatic",
    "choose",
    "correlate",
    "count",
    "estimate",
    "estimate_strided",
    "exact_as_float64",
    "finite",
    "keep_shortcut",
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
    "im2col": (0.0102, 0.05, 0.5, 8_000, 9_000),
    "winograd": (0.0108, 0.045, 200, 1_000, 20_000),
    "fft": (0.063, 0.147, 35, 38_000, 20_000),
    "matrix": (0.0132, 0.009, 0, 0, 4_300),
}

COPYING = 0.5  # nanoseconds, for tensordot to copy a byte, in short runs
MAKING = 0.4  # nanoseconds, to make a byte of what a prepared kernel keeps
EXACT = 2**53  # up to which a float64 holds every integer
FREE = 4_000_000  # bytes of workspace that are never too much
ROUNDING = ("winograd", "fft")  # they transform: an integer would come back as a fraction
SPREADING = (*ROUNDING, "banded", "matrix")  # they multiply also zeros, and 0 * inf is no zero
DIRECT = "im2col"  # what repeats a call whose result is not finite
WORTH_A_THREAD = 300_000  # nanoseconds of work


@functools.lru_cache(maxsize=4096)
def count(name: str, g: Geometry, itemsize: int) -> Cost:
    """Count the work of a method, once for each geometry."""
    cost: Cost = METHODS[name].cost(g, itemsize)
    return cost


def estimate(name: str, g: Geometry, itemsize: int, prepared: bool = True) -> float:
    """Estimate the nanoseconds of a method: its counts, each times what it takes."""
    counts = count(name, g, itemsize)
    m, moved, runs, blocks, start = NANOSECONDS[name]
    wider = itemsize / 4  # numbers twice as wide: half as many in a register
    work = counts.multiplications * m * wider + counts.moved * moved
    made = 0 if prepared else counts.kept * MAKING
    return work + counts.runs * runs + counts.blocks * blocks + start + made


@functools.lru_cache(maxsize=1024)
def choose(g: Geometry, dtype: np.dtype[Any], prepared: bool = True) -> str:
    """Choose the method with the least estimate, of those that can and whose workspace is allowed.

    Allowed is what tensordot takes on the strided view, or 4 MB where that is less; if the kernel
    is not prepared, what would be kept with it is counted as well. Integers are multiplied as
    float64, by a method that sums directly. Complex and extended numbers, and empty batches, are
    left to "strided".

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
        if method.refuses(g, works) or (dtype.kind == "i" and name in ROUNDING):
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
    copied = (g.batch * g.counts[2] + filters) * itemsize + turned_bytes(g, itemsize, "NHWC")
    return products + copied * COPYING + 30_000 + 9_000 * g.groups


def tensordot_workspace(g: Geometry, itemsize: int) -> int:
    """Bytes of the padded image, and of what tensordot copies of the windows, a group at a time.

    Its result comes channels last, and is no output yet where that is channels first.
    """
    padded = g.counts[0] if g.padding != ((0, 0), (0, 0)) else 0
    parts = g.counts[1] if g.groups > 1 else 0  # of the groups, before they are put together
    numbers = g.batch * (padded + g.counts[2] // g.groups + parts)
    return numbers * itemsize + turned_bytes(g, itemsize, "NHWC")


def correlate(
    method: str,
    x: NDArray[Any],
    kernel: Kernel,
    g: Geometry,
    threads: int,
    given: Mapping[str, Any],
) -> NDArray[Any]:
    """Run a fast method by name, or the one that `choose` names.

    Parameters
    ----------
    method : str
        A name in `METHODS`, or "auto".
    x : ndarray, (N, C, H, W) or (N, H, W, C)
        Not padded, in the layout of `g`, in the type to work in.
    given : mapping
        What the user typed, for the error message.

    Returns
    -------
    ndarray, (N, OH, OW, O)
        Perhaps a view of a larger new array.

    Raises
    ------
    ValueError
        What the named method cannot do. The message names one that can.
    """
    if method == "auto":
        return automatic(x, kernel, g, threads)
    why = METHODS[method].refuses(g, x.dtype)
    if why:
        can = choose(g, x.dtype, kernel.prepared)
        if can == "strided" or METHODS[can].refuses(g, x.dtype):
            can = "taps"
        wrong, change = f"{method!r} cannot do {why}", f'Use method="{can}", which can, or "auto".'
        raise refusal(ValueError, wrong, change, {"method": method, **given})
    if g.batch == 0:
        return np.empty((0, *g.output_size, g.filters), dtype=x.dtype)
    return _run(method, x, kernel, g, threads)


def keep_shortcut(
    key: Hashable, method: str, kernel: Kernel, g: Geometry, dtype: np.dtype[Any], shape: Shape
) -> None:
    """Let the next call with this `key` be one product at once, if this one was a matrix product.

    To read and check the arguments of a tiny convolution takes ten times as long as to do it.
    """
    ran = choose(g, dtype) if method == "auto" else method
    if ran != "matrix" or dtype.kind != "f" or g.padding_mode != "zeros" or g.batch == 0:
        return
    if isinstance(key, tuple) and all(kind in (int, str) for kind in key[-8:]):
        by, batch = matrix.kept(kernel, g, dtype), g.batch

        def shortcut(x: NDArray[Any]) -> NDArray[Any] | None:
            y = np.dot(x.reshape(batch, -1), by)  # unlike matmul, it does not warn of 0 * inf
            safe = method == "matrix" or math.isfinite(np.vdot(y, y))
            return y.reshape(shape) if safe else None

        kernel.shortcuts[key] = shortcut


def _run(name: str, x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int) -> NDArray[Any]:
    """Ask for the memory, then let the method work."""
    counts = count(name, g, x.itemsize)
    reserve(counts.workspace + counts.kept)
    y: NDArray[Any] = METHODS[name].correlate(x, kernel, g, threads)
    return y


def finite(y: NDArray[Any]) -> bool:
    """Whether no number is infinite or NaN, at the price of one product of `y` with itself.

    Numbers so large that their squares overflow pass for infinite: they only cost a second try.
    """
    flat = y.ravel(order="K")
    return math.isfinite(np.vdot(flat, flat))


def automatic(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Run what `choose` names; directly instead, where the result is not finite."""
    name = choose(g, x.dtype, kernel.prepared)
    if name == "strided":
        return strided.correlate(pad(x, g), kernel.typed(x.dtype), g)
    if x.dtype.kind == "i":
        return _integers(name, x, kernel, g, threads)
    if estimate(name, g, x.itemsize) < WORTH_A_THREAD:
        threads = 1
    with np.errstate(over="ignore", invalid="ignore"):
        y = _run(name, x, kernel, g, threads)
    # One NaN would be in every output of its tile or band, and finite numbers may have overflown.
    if name in SPREADING and not finite(y):
        y = _run(DIRECT, x, kernel, g, threads)
    return y


def _integers(
    name: str, x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int
) -> NDArray[Any]:
    """Multiply integers as float64 where every sum is provably exact, otherwise as they are."""
    if not exact_as_float64(x, kernel):
        return _run("taps", x, kernel, g, threads)
    return _run(name, x.astype(np.float64), kernel, g, threads).astype(np.int64)


def exact_as_float64(x: NDArray[Any], kernel: Kernel) -> bool:
    """Whether no sum of products of these integers can leave what float64 holds exactly."""
    weights: int = kernel.kept("largest sum", lambda: largest_sum(kernel.filters))
    return biggest(x) * weights < EXACT
