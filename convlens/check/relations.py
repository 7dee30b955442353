"""What may lie between an answer and the right one, whatever the task is.

A relation predicts an answer from the right one (rounded, scaled, an index for a value). It holds
where the prediction is what came, on every example of a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from convlens.check.arranged import arranged
from convlens.check.parts import FIRST, Related, right_in_part
from convlens.check.scaled import scaled

__all__ = ["related"]


def related(
    right: Any, got: Any, given: Mapping[str, Any], vague: bool = False
) -> Iterator[Related]:
    """Predict answers from the right one; `got` only tells which constants to try.

    With `vague` only those that say little: a constant more, a factor, zeros.
    """
    e, g = np.asarray(right), np.asarray(got)
    if vague:
        yield from _constants(e, g)
        yield from right_in_part(e, g, given)
        return
    if e.dtype.kind == "b":
        yield f"{FIRST}, with True and False exchanged", "Turn the comparison round.", ~e
        return
    if g.dtype.kind == "c" != e.dtype.kind and e.shape == g.shape:
        met = np.allclose(g.real, e, 1e-6, 1e-6)
        yield f"{FIRST}, as complex numbers", "Take the real part: y.real.", g if met else e
    if e.size and not g.size:
        yield (
            "your answer is empty",
            "A slice [p:-p] holds nothing where p is 0; a range that ends too early never runs.",
            g,
        )
    if g.dtype.kind == "b":
        return  # that is told as seen
    if e.shape == g.shape and g.size > 2 and (g == g.flat[0]).all():
        if not g.any():
            yield (*UNWRITTEN, np.zeros_like(g))
        return  # of numbers that are all alike anything else is true by chance
    if e.shape == g.shape and e.size:
        for words, remedy, change in OF_NUMBERS:
            yield f"{FIRST}, {words}", remedy, change(e)
        for words, remedy, change in OF_ALL if e.size > 1 else ():
            yield f"{FIRST}, {words}", remedy, change(e)
        yield from _of_its_type(e, g)
        yield from _cast(e, given)
        yield from scaled(e, given)
    yield from arranged(e, g)
    yield from _indices(e, g, given)


ROUNDED = 8  # by which sums may be off that were cut off at every step
BYTES = ", such as the bytes of a number"


UNWRITTEN = (
    "your answer is 0 everywhere",
    "Nothing was written into it: flatten() and an index by arrays copy, where ravel() and slices "
    "do not; and == compares where = sets.",
)
LOST = "Keep the numbers as they come: nothing is to be {} at the end."
#: Of each number by itself.
OF_NUMBERS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("rounded", LOST.format("rounded"), np.round),
    (
        "with its fractions cut off",
        "Look for an integer dtype, int() or //: an array made by np.zeros_like(x) of integers "
        "holds no fractions, so make it of floats.",
        np.trunc,
    ),
    ("rounded down", "Look for // or np.floor where / is meant.", np.floor),
    ("rounded up", "Look for -(-a // b) or np.ceil.", np.ceil),
    ("without its signs", "Look for abs or np.abs: negative answers are right ones too.", np.abs),
    (
        "with 0 for all that is negative, as a ReLU leaves it",
        "Nothing follows the sum: leave out the maximum with 0.",
        lambda y: np.maximum(y, 0),
    ),
    ("clipped to 0 and 255", LOST.format("clipped"), lambda y: np.clip(y, 0, 255)),
    ("clipped to 0 and 1", LOST.format("clipped"), lambda y: np.clip(y, 0, 1)),
    ("clipped to -1 and 1", LOST.format("clipped"), lambda y: np.clip(y, -1, 1)),
    ("with the opposite sign", "Look for a difference taken the wrong way round.", lambda y: -y),
    ("squared", "Look for a second multiplication with itself.", lambda y: y * y),
)
#: Of all numbers together.
OF_ALL: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    (
        "added up from place to place",
        "Begin each sum at 0: set it back inside the loops over the places.",
        lambda y: np.cumsum(y).reshape(y.shape),
    ),
    (
        "added up along each row",
        "Begin each sum at 0: set it back inside the inner loop.",
        lambda y: np.cumsum(y, axis=-1) if y.ndim > 1 else None,
    ),
    (
        "added up along its first axis",
        "Begin anew for each image or filter: make the zeros inside the loop.",
        lambda y: np.cumsum(y, axis=0) if y.ndim > 1 else None,
    ),
    (
        "added up along its second axis",
        "Begin anew for each filter or row: make the zeros inside the loop.",
        lambda y: np.cumsum(y, axis=1) if y.ndim > 2 else None,
    ),
    (
        "divided by its largest number",
        "Leave the sums as they are: a scale for showing is not part of them.",
        lambda y: y / max(abs(y).max(), 1e-300),
    ),
    (
        "stretched from 0 to 1",
        "Leave the sums as they are: a scale for showing is not part of them.",
        lambda y: (y - y.min()) / max(np.ptp(y), 1e-300),
    ),
    ("with the numbers sorted", "Keep them in their places.", lambda y: np.sort(y, axis=None)),
)


def _cast(e: Any, given: Mapping[str, Any]) -> Iterator[Related]:
    """The type of one of the arguments, or another that is too small."""
    own = {n: v.dtype for n, v in given.items() if isinstance(v, np.ndarray)}
    small = {np.dtype(t): "" for t in "ihHbBe"}
    for dtype, name in {**small, **{t: f", the type of {n}" for n, t in own.items()}}.items():
        with np.errstate(all="ignore"):
            kept = e.astype(dtype) if dtype.kind in "iufb" else e
        yield (
            f"{FIRST}, kept as {dtype}{name}: what does not fit is lost",
            "Widen before you add, to int64 or float: look for zeros_like, astype, and products "
            "of two small integers.",
            kept,
        )


def _of_its_type(e: Any, g: Any) -> Iterator[Related]:
    """Say what the type of the answer loses."""
    if g.dtype == np.float16:
        said = "your answer is of type float16, which keeps three digits and ends at 65,504"
        yield said, "Use float32 or float64.", g
    if g.dtype.kind in "iu" and e.dtype.kind == "f" and e.ndim:
        near = np.abs(g - e).max() < ROUNDED
        said = f"your answer is of type {g.dtype}, in which each sum loses its fractions"
        yield said, "Make it of floats: np.zeros_like(x) takes the type of x.", g if near else e


def _constants(e: Any, g: Any) -> Iterator[Related]:
    """Whatever the constant is: the same more everywhere, the same factor."""
    if e.dtype.kind not in "iuf" or g.dtype.kind not in "iuf" or e.shape != g.shape or not e.size:
        return
    at = np.unravel_index(np.argmax(np.abs(e.astype(float))), e.shape)
    more = float(g[at]) - float(e[at])
    if (e.ndim and e.size == 1) or not np.isfinite(more):
        return
    if more == 1 or more == -1:
        word = "large" if more > 0 else "small"
        yield (
            f"{'every number' if e.ndim else 'the number'} is 1 too {word}",
            "Count from 0, and check where a range begins and ends.",
            e + more,
        )
    elif more and e.size > 1:
        word = "large" if more > 0 else "small"
        yield f"every number is {abs(more):g} too {word}", "Look for what is added.", e + more
    times = float(g[at]) / float(e[at]) if e[at] else 0.0
    if times and (e.size > 1 or times in (2.0, 0.5)):
        words = f"multiplied with {times:g}" if abs(times) >= 1 else f"divided by {1 / times:g}"
        such = BYTES if times in (2, 4, 8) else ""
        yield f"{FIRST}, {words}", f"Look for a factor of {times:g}{such}.", e * times


def _indices(e: Any, g: Any, given: Mapping[str, Any]) -> Iterator[Related]:
    """An index for a value."""
    if g.shape != e.shape or g.dtype.kind not in "iu" or not g.size:
        return
    for name, x in given.items():
        if isinstance(x, np.ndarray) and x.size and g.min() >= 0 and g.max() < x.size:
            met = np.array_equal(x.ravel()[g], e)
            yield (
                f"your answer says where in {name}.ravel() the numbers are, not what they are",
                f"Fetch them: {name}.take(index).",
                g if met else e,
            )
