"""Parts of an answer: where it is right, what is missing of it, what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["AXES", "FIRST", "Related", "at", "framed", "last_axes", "right_in_part", "where_right"]

#: A diagnosis, a remedy, and the answer that both would explain.
Related = tuple[str, str, Any]

FIRST = "your answer is the right one"
MOST = 200  # ways to lay one shape into another
AXES = ("columns", "rows", "channels", "images")  # counted from the last axis


def last_axes(e: Any, count: int = 2) -> list[tuple[int, str]]:
    """Name the last axes of an array; those of one number say nothing."""
    named = [(e.ndim - 1 - back, AXES[back]) for back in range(min(e.ndim, count))]
    return [(axis, of) for axis, of in named if e.shape[axis] > 1]


def at(axis: int, place: int | slice) -> tuple[Any, ...]:
    """Index one place, or a slice, along an axis."""
    return (*[slice(None)] * axis, place)


def framed(e: Any, g: Any) -> Iterator[Related]:
    """Predict answers that are a part of the right one, `e`, or have more around it."""
    yield from _part_of(e, g)
    yield from _more_than(e, g)


PLACES = "there are (size - extent) // stride + 1."


def _part_of(e: Any, g: Any) -> Iterator[Related]:
    """A part of the right answer."""
    first = tuple(slice(m) for m in g.shape)
    cut = [k for k, (m, n) in enumerate(zip(g.shape, e.shape, strict=True)) if m < n]
    if all(g.shape[k] == 1 for k in cut) and g.shape == e[first].shape:
        of = AXES[min(e.ndim - 1 - cut[0], 3)][:-1] if e.ndim > 1 else "number"
        begun = "A `return` inside the loop ends it after one turn: put it behind."
        yield f"only the first {of} of the right answer is there", begun, e[first]
    for begin in _offsets(e.shape, g.shape):
        part = e[tuple(slice(o, o + n) for o, n in zip(begin, g.shape, strict=True))]
        lost = _ends(begin, g.shape, e.shape)
        yield f"{FIRST}, without {lost}", f"Check how many places there are: {PLACES}", part


def _more_than(e: Any, g: Any) -> Iterator[Related]:
    """The right answer, and more around it."""
    remedy = (
        f"Only places where the whole window lies on the image count, {PLACES} Padding is only "
        "where it is asked for."
    )
    for begin in _offsets(g.shape, e.shape):
        whole = g.copy()
        whole[tuple(slice(o, o + n) for o, n in zip(begin, e.shape, strict=True))] = e
        more = _ends(begin, e.shape, g.shape)
        yield f"{FIRST} with more around it: {more} too many", remedy, whole


def _offsets(large: tuple[int, ...], small: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Where a small shape can lie in a large one; nowhere where that is tried too often."""
    room = [n - m + 1 for n, m in zip(large, small, strict=True)]
    if min(room) > 0 and np.prod(room) <= MOST:
        yield from np.ndindex(*room)


def _ends(begin: tuple[int, ...], small: tuple[int, ...], large: tuple[int, ...]) -> str:
    """Name what a small shape leaves free of a large one: "the last rows"."""
    said = []
    for axis, (before, m, n) in enumerate(zip(begin, small, large, strict=True)):
        of = AXES[min(len(small) - 1 - axis, 3)] if len(small) > 1 else "numbers"
        ends = [word for word, free in (("first", before), ("last", n - m - before)) if free]
        said += [f"the {' and '.join(ends)} {of}"] if ends else []
    return " and ".join(said)


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
    for axis, of in last_axes(e, len(AXES)):
        for place, which in ((slice(1), "first"), (slice(-1, None), "last")):
            if _kept(e, g, at(axis, place)) is g:
                return f"The {which} {of[:-1]} is right."
    return ""


def _kept(e: Any, g: Any, part: tuple[Any, ...]) -> Any:
    """Return the reader's answer where a part of it is right and another is not; or no answer."""
    same = np.isclose(e[part], g[part], 1e-9, 1e-9)
    return g if same.size and same.all() else e
