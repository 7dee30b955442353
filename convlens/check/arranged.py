"""Right numbers in the wrong places: moved, reversed, cut, framed, put into another shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

import numpy as np

__all__ = ["FIRST", "Related", "arranged", "right_in_part", "where_right"]

#: A diagnosis, a remedy, and the answer that both would explain.
Related = tuple[str, str, Any]

FIRST = "your answer is the right one"
MOST = 200  # ways to lay one shape into another
AXES = ("columns", "rows", "channels", "images")  # counted from the last axis


def arranged(e: Any, g: Any) -> Iterator[Related]:
    """Predict answers that hold the numbers of the right one, `e`, in the shape of `g`."""
    if e.shape == g.shape and e.size:
        yield from _moved(e)
        yield from _partly(e, g)
    yield from _turned(e, g)
    if e.ndim == g.ndim and e.ndim and e.shape != g.shape and e.size and g.size:
        yield from _part_of(e, g)
        yield from _more_than(e, g)
    yield from _reduced(e)
    yield from _not_reduced(e, g)


def _moved(e: Any) -> Iterator[Related]:
    """One place further, or the same rows over and over."""
    begin = "Check where the first window begins: at 0, not at 1 or -1."
    anew = (
        "Make a new one each time: [[0] * n] * m holds one list m times, and a loop must use its "
        "index."
    )
    for axis, of in _last_axes(e, len(AXES)):
        for by, way, edge in ((1, "later", 0), (-1, "earlier", -1)):
            moved = np.roll(e, by, axis)
            yield f"{FIRST}, its {of} moved one place {way}, round the end", begin, moved
            moved = moved.copy()
            moved[_at(axis, edge)] = 0
            yield f"{FIRST}, its {of} moved one place {way}", begin, moved
        for k, which in ((0, "first"), (-1, "last")):
            same = np.broadcast_to(e.take([k], axis), e.shape)
            yield f"all {of} are the {which} of the right answer", anew, same


def _last_axes(e: Any, count: int = 2) -> list[tuple[int, str]]:
    """Name the last axes of an array; those of one number say nothing."""
    named = [(e.ndim - 1 - back, AXES[back]) for back in range(min(e.ndim, count))]
    return [(axis, of) for axis, of in named if e.shape[axis] > 1]


def _at(axis: int, place: int | slice) -> tuple[Any, ...]:
    return (*[slice(None)] * axis, place)


def _partly(e: Any, g: Any) -> Iterator[Related]:
    """Right in one corner, with one number elsewhere."""
    remedy = "Check where the loops begin and end, and that no `return` stands inside them."
    axes = _last_axes(e)
    for chosen in ([a] for a in axes) if len(axes) < 2 else ([axes[0]], [axes[1]], axes):
        for count, number in ((1, ""), (2, "two ")):
            for which in ("last", "first"):
                kept = np.ones(e.shape, bool)
                for axis, _ in chosen:
                    count_ = slice(-count, None) if which == "last" else slice(count)
                    kept[_at(axis, count_)] = False
                rest = g[~kept]
                if kept.any() and (rest == rest[0]).all():
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


PLACES = "there are (size - extent) // stride + 1."


def _part_of(e: Any, g: Any) -> Iterator[Related]:
    """A part of the right answer."""
    first = tuple(slice(m) for m in g.shape)
    cut = [k for k, (m, n) in enumerate(zip(g.shape, e.shape, strict=True)) if m < n]
    if all(g.shape[k] == 1 for k in cut) and g.shape == e[first].shape:
        of = AXES[min(e.ndim - 1 - cut[0], 3)][:-1] if e.ndim > 1 else "number"
        begun = "A `return` inside the loop ends it after one turn: put it behind."
        yield f"only the first {of} of the right answer is there", begun, e[first]
    for at in _offsets(e.shape, g.shape):
        part = e[tuple(slice(o, o + n) for o, n in zip(at, g.shape, strict=True))]
        lost = _ends(at, g.shape, e.shape)
        yield f"{FIRST}, without {lost}", f"Check how many places there are: {PLACES}", part


def _more_than(e: Any, g: Any) -> Iterator[Related]:
    """The right answer, and more around it."""
    remedy = (
        f"Only places where the whole window lies on the image count, {PLACES} Padding is only "
        "where it is asked for."
    )
    for at in _offsets(g.shape, e.shape):
        whole = g.copy()
        whole[tuple(slice(o, o + n) for o, n in zip(at, e.shape, strict=True))] = e
        more = _ends(at, e.shape, g.shape)
        yield f"{FIRST} with more around it: {more} too many", remedy, whole


def _offsets(large: tuple[int, ...], small: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Where a small shape can lie in a large one; nowhere where that is tried too often."""
    room = [n - m + 1 for n, m in zip(large, small, strict=True)]
    if min(room) > 0 and np.prod(room) <= MOST:
        yield from np.ndindex(*room)


def _ends(at: tuple[int, ...], small: tuple[int, ...], large: tuple[int, ...]) -> str:
    """Name what a small shape leaves free of a large one: "the last rows"."""
    said = []
    for axis, (before, m, n) in enumerate(zip(at, small, large, strict=True)):
        of = AXES[min(len(small) - 1 - axis, 3)] if len(small) > 1 else "numbers"
        ends = [word for word, free in (("first", before), ("last", n - m - before)) if free]
        said += [f"the {' and '.join(ends)} {of}"] if ends else []
    return " and ".join(said)


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
        name = f"axis {axis} of the answer"
        for words, part in (
            (f"only the first along {name} is there", e.take(0, axis)),
            (f"only the last along {name} is there", e.take(-1, axis)),
            (f"{name} is summed", e.sum(axis)),
            (f"{name} is averaged", e.mean(axis)),
            (f"of {name} only the largest is there", e.max(axis)),
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


def right_in_part(e: Any, g: Any, given: Mapping[str, Any]) -> Iterator[Related]:
    """Say where an answer is right, if that is somewhere and not everywhere: where to look."""
    if e.shape != g.shape or e.ndim < 2 or not e.size:
        return
    wide = np.ravel(given.get("padding", 0))
    if wide.dtype.kind == "i" and wide.any():
        inside = tuple(slice(n, -n or None) for n in (wide[0], wide[-1]))
        yield (
            "your answer is right inside, and not along the edge, where windows touch the padding",
            "Check what the padding holds, how wide it is, and on which sides.",
            _kept(e, g, np.s_[..., *inside]),
        )
    groups = given.get("groups", 1)
    if groups > 1 and e.ndim > 2:
        yield (
            "the first group is right, the others are not",
            "Group g reads the channels from g*C/groups on, with the filters from g*O/groups on.",
            _kept(e, g, np.s_[..., : e.shape[-3] // groups, :, :]),
        )


def where_right(e: Any, g: Any) -> str:
    """Name the part of a wrong answer that is right, if there is such: a row, a column, a plane."""
    if e.shape != g.shape or e.ndim < 2 or np.array_equal(e, g):
        return ""
    for axis, of in _last_axes(e, len(AXES)):
        for place, which in ((slice(1), "first"), (slice(-1, None), "last")):
            if _kept(e, g, _at(axis, place)) is g:
                return f"The {which} {of[:-1]} is right."
    return ""


def _kept(e: Any, g: Any, part: tuple[Any, ...]) -> Any:
    """Return the reader's answer where a part of it is right and another is not; or no answer."""
    same = np.isclose(e[part], g[part], 1e-9, 1e-9)
    return g if same.size and same.all() else e
