"""Trust: where a transform is as good as a sum of products, which only the numbers can tell.

A sum of products is off by a share of its own terms. A transform spreads what it rounds: next to a
pixel of 1e12, a dark window is off by a share of 1e12. So the spectra are those of doubles, and
what is left of the error is held against what the window with the least in it sums up::

    error of any output  <=  SHARE * (sum of |w||x| over the window)

Both sides are bounded first (`convlib.fast.bounds`), for a fifth of what the spectra take. Only
where that is not enough are the sums computed, by spectra as well. Few windows that hold too little
are summed one by one; if there are many, another method is taken.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib import strided
from convlib.fast import fft
from convlib.fast.bounds import blocks_of, error_and_sums, least, weights
from convlib.fast.buffers import laid_out
from convlib.fast.prepared import Kernel
from convlib.fast.rule import choose, estimate
from convlib.geometry import pad
from convlib.strided import safe_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlib.fast.bounds import Blocks
    from convlib.geometry import Geometry

__all__ = ["SHARE", "Look", "decide", "empty", "look", "mend", "whole"]

SHARE = {4: 1e-5, 8: 1e-13}  # of the sum of |w||x|, by which a number of so many bytes may be off
FAR_APART = "numbers so far apart that its rounding would show"
MANY = 512  # products whose sum, one after another in single precision, may lose too much
FEW = 1 / 64  # of the outputs, that are worth to be summed one by one
DEAR = 3  # times as long as spectra once takes to have them of |x| and |w| as well
AT_ONCE = 64 * 1024  # numbers of windows that are summed one by one


class Look(NamedTuple):
    """What was seen of an image and a kernel."""

    refused: str = ""  # why a transform will not do
    works: np.dtype[Any] | None = None  # the type to sum in instead, if not their own
    error: float = 0.0  # the largest that they can make
    empty: NDArray[np.bool] | None = None  # outputs (N, OH, OW, O or 1) of nothing but zeros
    doubtful: NDArray[np.bool] | None = None  # outputs (N, OH, OW, O) to be summed one by one
    made: NDArray[Any] | None = None  # what was looked for, where the look came upon it


NOTHING = Look()


def whole(x: NDArray[Any], kernel: Kernel) -> bool:
    """Whether floating-point numbers are integers, all of them, and not all weights zeros."""
    weights_are = every("whole", _are_whole, kernel) and kernel.filters.any()
    return bool(weights_are and _are_whole(x).all())


def every(what: str, holds: Callable[[NDArray[Any]], NDArray[np.bool]], kernel: Kernel) -> bool:
    """Whether it holds of all weights, asked once for a kernel; a few may tell that it does not."""
    w = kernel.filters
    return kernel.kept(  # type: ignore[no-any-return]
        what, lambda: bool(holds(w[:1]).all() and holds(w).all())
    )


def _are_whole(a: NDArray[Any]) -> NDArray[np.bool]:
    return np.rint(a) == a  # type: ignore[no-any-return]


def _are_positive(a: NDArray[Any]) -> NDArray[np.bool]:
    return a >= 0


def decide(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> tuple[str, Look]:
    """Choose a method by the counts, and another where the numbers are against it."""
    name, seen = choose(g, x.dtype, kernel.prepared), NOTHING
    if name == "winograd" and whole(x, kernel):
        seen = Look("integers, which its fractions would round")
    elif name == "winograd":
        seen = Look(empty=empty(x, g))
    elif name == "fft":
        seen = look(x, kernel, g, threads)
    if not seen.refused:
        return name, seen
    if name == "fft" and kernel.filters[0].size > MANY:
        seen = seen._replace(works=np.dtype(np.float64))
    return choose(g, seen.works or x.dtype, kernel.prepared, True), seen


def look(x: NDArray[Any], kernel: Kernel, g: Geometry, threads: int = 1) -> Look:
    """Find out whether spectra are good enough for these numbers, and where they are not.

    >>> from convlib.geometry import Geometry
    >>> x, w = np.ones((1, 1, 60, 60)), Kernel(np.ones((15, 15)))
    >>> g = Geometry((60, 60), (15, 15))
    >>> look(x, w, g).refused
    ''
    >>> x[0, 0, 0, 0] = 1e20
    >>> look(x, w, g).refused
    'numbers so far apart that its rounding would show'
    """
    seen, share = weights(kernel, g.groups), SHARE[x.dtype.itemsize]
    error, sums = error_and_sums(x, kernel, g)
    most = float(error.max())
    if not math.isfinite(most):
        return Look("numbers that are not finite, or hardly")
    if (share * least(sums, kernel, g, x.itemsize) > error).all():
        return Look(error=most)
    size = np.abs(x)
    product = seen.least * float(size.min(where=size > 0, initial=np.inf))  # the least there is
    one_is_enough = share * product >= most
    if one_is_enough and not seen.gaps:
        return Look(error=most, empty=empty(x, g))
    positive = every("positive", _are_positive, kernel)
    made_so = positive and bool(x.min() >= 0)  # the sums of magnitudes are the convolution
    if not (made_so or _worth_it(x, kernel, g)):
        return Look(FAR_APART)
    if not (one_is_enough or _likely(share * seen.first, sums, error, blocks_of(g, x.itemsize))):
        return Look(FAR_APART)
    magnitudes = kernel if positive else Kernel(np.abs(kernel.filters))
    with np.errstate(over="ignore", invalid="ignore"):
        held = fft.correlate(x if made_so else size, magnitudes, g, threads)
    made = held if made_so else None
    if one_is_enough:
        return Look(error=most, empty=held < product / 2, made=made)
    # As share * (held - error) <= error, without an array of differences.
    doubtful, nothing = held <= error + error / share, empty(x, g)
    if nothing is not None:
        doubtful &= ~nothing
    some = np.count_nonzero(doubtful)
    if some > FEW * doubtful.size:
        return Look(FAR_APART)
    return Look("", None, most, nothing, doubtful if some else None, made)


def _likely(first: NDArray[Any], sums: NDArray[Any], error: NDArray[Any], blocks: Blocks) -> bool:
    """Whether the usual window holds enough, so that it is worth to look at every one."""
    usual = np.median(sums[sums > 0]) / math.prod(blocks.size)
    return bool(first.sum(axis=2).max() * usual > error.min())


def _worth_it(x: NDArray[Any], kernel: Kernel, g: Geometry) -> bool:
    """Whether spectra twice are faster than sums, and there is room for those of |w|."""
    if choose(g, x.dtype, False) != "fft":
        return False
    other = choose(g, x.dtype, kernel.prepared, True)
    of_spectra = DEAR * estimate("fft", g, x.itemsize, False)
    return other == "strided" or of_spectra < estimate(other, g, x.itemsize)


def empty(x: NDArray[Any], g: Geometry) -> NDArray[np.bool] | None:
    """Find the windows that hold nothing but zeros, (N, OH, OW, O or 1), if there are any."""
    planes = laid_out(x != 0, g, "NCHW")
    held: Any = planes.reshape(g.batch, g.groups, -1, *g.padded_size).any(axis=2)
    if held.all():
        return None
    held = held.transpose(2, 3, 0, 1)
    for taps, apart, step in zip(g.kernel_size, g.dilation, g.stride, strict=True):
        seen = 1
        while seen < taps:  # each has seen so many: together with another, twice as many
            more = min(seen, taps - seen)
            held = held[: len(held) - more * apart] | held[more * apart :]
            seen += more
        held = held[::step].swapaxes(0, 1)
    nothing: NDArray[np.bool] = ~held.transpose(2, 0, 1, 3)
    if not nothing.any():
        return None
    return nothing if g.groups == 1 else nothing.repeat(g.filters // g.groups, axis=3)


def mend(y: NDArray[Any], x: NDArray[Any], kernel: Kernel, g: Geometry, seen: Look) -> None:
    """Give `y`, made by a transform, what sums of products have: zeros, signs and integers."""
    if seen.empty is not None:
        np.copyto(y, 0, where=seen.empty)
    if seen.doubtful is not None:
        _sum_some(y, x, kernel, g, seen.doubtful)
    if every("positive", _are_positive, kernel) and x.min() >= 0:
        np.maximum(y, 0, out=y)
    if 0 < seen.error < 0.25 and whole(x, kernel):
        np.rint(y, out=y)


def _sum_some(
    y: NDArray[Any], x: NDArray[Any], kernel: Kernel, g: Geometry, where: NDArray[np.bool]
) -> None:
    """Sum these outputs (N, OH, OW, O) one by one, in doubles."""
    padded, w = pad(x, g), kernel.typed(np.float64)
    windows = safe_view(padded, g.window_shape, strided.byte_strides(padded, g))
    c, each = g.channels // g.groups, g.filters // g.groups
    at_once = max(AT_ONCE // w[0].size, 1)
    for o in range(g.filters):
        channels = slice(o // each * c, (o // each + 1) * c)
        places = np.argwhere(where[..., o])
        for k in range(0, len(places), at_once):
            n, i, j = places[k : k + at_once].T
            y[n, i, j, o] = np.einsum("mcuv,cuv->m", windows[n, i, j, channels], w[o])
