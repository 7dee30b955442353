"""Right numbers in the wrong places: moved, reversed, cut, framed, put into another shape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np

from convlens.check.parts import AXES, FIRST, Related, at, framed, last_axes

__all__ = ["arranged"]


def arranged(e: Any, g: Any) -> Iterator[Related]:
    """Predict answers that hold the numbers of the right one, `e`, in the shape of `g`."""
    if e.shape == g.shape and e.size:
        yield from _moved(e)
        yield from _partly(e, g)
    yield from _turned(e, g)
    if e.ndim == g.ndim and e.ndim and e.shape != g.shape and e.size and g.size:
        yield from framed(e, g)
    yield from _reduced(e)
    yield from _not_reduced(e, g)


def _moved(e: Any) -> Iterator[Related]:
    """One place further, or the same rows over and over."""
    begin = "Check where the first window begins: at 0, not at 1 or -1."
    anew = (
        "Make a new one each time: [[0] * n] * m holds one list m times, and a loop must use its "
        "index."
    )
    for axis, of in last_axes(e, len(AXES)):
        for by, way, edge in ((1, "later", 0), (-1, "earlier", -1)):
            moved = np.roll(e, by, axis)
            yield f"{FIRST}, its {of} moved one place {way}, round the end", begin, moved
            moved = moved.copy()
            moved[at(axis, edge)] = 0
            yield f"{FIRST}, its {of} moved one place {way}", begin, moved
        for k, which in ((0, "first"), (-1, "last")):
            same = np.broadcast_to(e.take([k], axis), e.shape)
            yield f"all {of} are the {which} of the right answer", anew, same


def _partly(e: Any, g: Any) -> Iterator[Related]:
    """Right in one corner, with one number elsewhere."""
    remedy = "Check where the loops begin and end, and that no `return` stands inside them."
    axes = last_axes(e)
    for chosen in ([a] for a in axes) if len(axes) < 2 else ([axes[0]], [axes[1]], axes):
        for count, number in ((1, ""), (2, "two ")):
            for which in ("last", "first"):
                kept = np.ones(e.shape, bool)
                for axis, _ in chosen:
                    count_ = slice(-count, None) if which == "last" else slice(count)
                    kept[at(axis, count_)] = False
                rest = g[~kept]
                # One wrong number alone may be chance, if it is not a 0.
                several = (rest != e[~kept]).sum() > 1
                if kept.any() and (rest == rest[0]).all() and (several or not rest[0]):
                    parts = " and ".join(f"the {which} {number}{of}" for _, of in chosen)
                    said = f"{FIRST}, but {parts} stay at {rest[0]:g}"
                    yield said, remedy, np.where(kept, e, rest[0])


def _turned(e: Any, g: Any) -> Iterator[Related]:
    """Reversed, with its axes in another order, or in another shape."""
    way = "Follow one number from input to output: which index does it get?"
    if e.shape == g.shape and e.size > 1:
        for axis in range(e.ndim):
            of = AXES[min(e.ndim - 1 - axis, 3)] if e.ndim > 1 else "numbers"
            yield f"{FIRST}, its {of} in the reverse order", way, np.flip(e, axis)
    if e.shape == g.shape and e.ndim > 1:
        yield f"{FIRST}, turned by half a turn", way, np.flip(e, (-2, -1))
        yield f"{FIRST}, from the last number to the first", way, np.flip(e)
        yield (
            f"{FIRST}, filled in column by column",
            "NumPy fills row by row: look for order='F', or loops with the rows inside.",
            e.ravel().reshape(e.shape, order="F"),
        )
    if 1 < e.ndim < 5 and e.size == g.size:
        for order in list(permutations(range(e.ndim)))[1:]:
            yield from _reordered(e, g, order)
    if not e.ndim and g.size == 1 and g.ndim:
        alone = "Return it by itself: brackets, or a comma behind it, make a list or a tuple."
        said = "the number is right, but it stands in a list, a tuple or an array"
        yield said, alone, g if g.flat[0] == e else e
        return
    if e.size == g.size and e.shape != g.shape:
        yield (
            "the numbers are right and in order, but the shape is not",
            "Give them their shape by reshape, or leave out the squeeze, ravel or extra axis.",
            e.reshape(g.shape),
        )


def _reordered(e: Any, g: Any, order: tuple[int, ...]) -> Iterator[Related]:
    """The axes in another order, by transpose or by reshape."""
    turned, back = e.transpose(order), tuple(int(k) for k in np.argsort(order))
    said = "rows and columns exchanged" if e.ndim == 2 else f"its axes in the order {order}"
    yield f"{FIRST}, {said}", f"Put the axes in order: .transpose{back}.", turned
    if e.shape == g.shape:
        yield (
            f"{FIRST}, put in another order by reshape",
            "reshape keeps the order in memory, row by row; to move an axis, use transpose: here "
            f"the numbers come in the order of the axes {order}.",
            np.ascontiguousarray(turned).reshape(e.shape),
        )


def _not_reduced(e: Any, g: Any) -> Iterator[Related]:
    """Sums that are not made, or numbers that are listed instead of counted."""
    for axis in range(g.ndim) if g.dtype.kind in "iuf" else ():
        for keep in (False, True):
            if np.shape(g.sum(axis, keepdims=keep)) == e.shape and g.shape != e.shape:
                near = np.allclose(g.sum(axis, keepdims=keep), e, 1e-9, 1e-9)
                remedy = f"Sum over axis {axis} of it as well."
                yield (
                    "your answer has the right numbers before their last sum",
                    remedy,
                    g if near else e,
                )
    if e.ndim == 1 and not g.ndim:
        yield "your answer is how many there are, not which", "List them.", np.asarray(e.size)


def _reduced(e: Any) -> Iterator[Related]:
    """One of several, or their sum or mean."""
    for axis in (k for k in range(e.ndim) if e.shape[k] > 1):
        of = AXES[min(e.ndim - 1 - axis, 3)] if e.ndim > 1 else "numbers"
        name = f"axis {axis} of the answer, its {of}"
        for words, part in (
            (f"only the first along {name}, is there", e.take(0, axis)),
            (f"only the last along {name}, is there", e.take(-1, axis)),
            (f"{name}, is summed", e.sum(axis)),
            (f"{name}, is averaged", e.mean(axis)),
            (f"of {name}, only the largest is there", e.max(axis)),
        ):
            remedy, alone = (
                f"Keep {name}: each of its places has its own.",
                np.expand_dims(part, axis),
            )
            yield words, remedy, part
            yield f"{words}, with length 1", remedy, alone
            yield f"{words}, and repeated", remedy, np.broadcast_to(alone, e.shape)
    if e.ndim > 1 and e.size:
        for words, number in (("summed up", e.sum()), ("averaged", e.mean())):
            keep = "Only the products of one window belong together: name the axes, axis=(2, 3)."
            yield f"all answers are {words} to a single number", keep, number
    if e.shape == (2,):
        own = "Work out each from its own axis."
        yield "the second number is a copy of the first", own, e[[0, 0]]
        yield "the first number is a copy of the second", own, e[[1, 1]]
        yield "the two numbers have changed places", "Return them in the order asked for.", e[::-1]
