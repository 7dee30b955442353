"""Run a fast method: the one that is named, or the one that `choose` names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import strided
from convlib.arguments import refusal, reserve
from convlib.fast import matrix
from convlib.fast.prepared import Shortcut
from convlib.fast.rule import METHODS, ROUNDING, choose, count, estimate, exact_as_float64
from convlib.fast.trust import decide, mend
from convlib.geometry import pad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from convlib.fast.prepared import Kernel
    from convlib.geometry import Geometry
    from convlib.operands import Operands

__all__ = ["automatic", "correlate", "finite", "remember"]

SPREADING = (*ROUNDING, "banded", "matrix")  # they multiply also zeros, and 0 * inf is no zero
DIRECT = "im2col"  # what repeats a call whose result is not finite
WORTH_A_THREAD = 300_000  # nanoseconds of work


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


def automatic(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> NDArray[Any]:
    """Run what `decide` names; directly instead, where the result is not finite."""
    name, seen = decide(x, kernel, g, threads)
    works = x if seen.works is None else x.astype(seen.works)
    if name == "strided":
        y = strided.correlate(pad(works, g), kernel.typed(works.dtype), g)
        return y.astype(x.dtype, copy=False)
    if x.dtype.kind == "i":
        return _integers(name, x, kernel, g, threads)
    if threads > 1 and estimate(name, g, works.itemsize) < WORTH_A_THREAD:
        threads = 1
    made = seen.made
    y = _run(name, works, kernel, g, threads, quietly=True) if made is None else made
    # One NaN would be in every output of its tile or band, and finite numbers may have overflown.
    if name in SPREADING and not finite(y):
        y = _run(DIRECT, works, kernel, g, threads)
    elif name in ROUNDING:
        mend(y, x, kernel, g, seen)
    if works is not x:
        with np.errstate(over="ignore"):
            y = y.astype(x.dtype)
    return y


def _integers(
    name: str, x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int
) -> NDArray[Any]:
    """Multiply integers as float64 where every sum is provably exact, otherwise as they are."""
    if not exact_as_float64(x, kernel):
        return _run("taps", x, kernel, g, threads)
    return _run(name, x.astype(np.float64), kernel, g, threads).astype(np.int64)


def _run(
    name: str,
    x: NDArray[Any],
    kernel: Kernel,
    g: Geometry,
    threads: int,
    *,
    quietly: bool = False,
) -> NDArray[Any]:
    """Ask for the memory, then let the method work."""
    counts = count(name, g, x.itemsize)
    reserve(counts.workspace + counts.kept)
    y: NDArray[Any]
    if quietly and counts.blocks:  # without blocks it is one dot of the windows: it may warn
        with np.errstate(over="ignore", invalid="ignore"):
            y = METHODS[name].correlate(x, kernel, g, threads)
    else:
        y = METHODS[name].correlate(x, kernel, g, threads)
    return y


def finite(y: NDArray[Any]) -> bool:
    """Whether no number is infinite or NaN, at the price of one product of `y` with itself.

    Numbers so large that their squares overflow pass for infinite: they only cost a second try.
    """
    flat = y if y.flags.c_contiguous else y.ravel(order="K")
    return math.isfinite(np.vdot(flat, flat))


def remember(
    kernel: Kernel, x: NDArray[Any], steps: tuple[Any, ...], o: Operands, shape: tuple[int, ...]
) -> None:
    """Let the next call like this one be one product at once, if this one was a matrix product.

    To read and check the arguments of a tiny convolution takes several times as long as to do it.
    """
    g, method = o.geometry, o.given["method"]
    ran = choose(g, o.dtype) if method == "auto" else method
    one_product = ran == "matrix" and g.batch and g.padding_mode == "zeros"
    if one_product and o.dtype.kind == "f" and x.dtype == o.x.dtype == o.dtype:
        by = matrix.kept(kernel, g, o.dtype)
        kernel.remember(x, steps, Shortcut(by, g.batch, shape, checked=method == "auto"))
