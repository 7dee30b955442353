"""What may have happened to the arguments, whatever the task is: with which the answer is right.

As if the stride were 1, as if a kernel were reversed, as if only one channel were there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

import numpy as np

__all__ = ["as_if"]

#: A diagnosis, a remedy, and the argument, or all of them, that would explain an answer.
Related = tuple[str, str, Any]


def as_if(given: Mapping[str, Any], optional: Mapping[str, Any]) -> Iterator[Related]:
    """Predict arguments: those with which the right function would answer as the reader's does."""
    for name, value in given.items():
        if isinstance(value, np.ndarray):
            changes = _of_array(name, value)
        elif isinstance(value, tuple) and value and all(type(v) is int for v in value):
            changes = _of_pair(name, value) if len(value) == 2 else _of_shape(name, value)
        elif isinstance(value, int) and not isinstance(value, bool):
            changes = _of_number(name, value)
        else:
            changes = iter(())
        if name in optional and value is not None:
            words = f"{name} is not used: the answer is that without it"
            yield (
                words,
                f"Find its place: what does {name} change?",
                {**given, name: optional[name]},
            )
        for words, remedy, changed in changes:
            yield words, remedy, {**given, name: changed}
    yield from _exchanged(given, optional)
    size = given.get("kernel_size", np.shape(given.get("w", 0))[-2:])
    if "stride" in optional and "stride" not in given and np.size(size) == 2:
        apart = "Without a stride the next window begins one place further."
        yield "the windows stand side by side and do not overlap", apart, {**given, "stride": size}


def _exchanged(given: Mapping[str, Any], optional: Mapping[str, Any]) -> Iterator[Related]:
    """One argument in the place of another of its kind; what is not given has its default."""
    every = {**{n: v for n, v in optional.items() if type(v) is int}, **given}
    steps = {n: v for n, v in every.items() if isinstance(v, int | tuple)}
    for one, other in permutations(steps, 2):
        a, b = _alike(steps[one], steps[other])
        if a == b or type(a) is not type(b) or not {one, other} & set(given):
            continue
        look = f"Look where {one} stands and {other} should, or the reverse."
        if one < other:
            yield f"{one} and {other} have changed places", look, {**given, one: b, other: a}
        yield f"{one} is used for {other}, too", look, {**given, other: a}


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Make pairs of both where one is a pair."""
    if isinstance(a, tuple) == isinstance(b, tuple):
        return a, b
    return (a, (b, b)) if isinstance(a, tuple) else ((a, a), b)


def _of_shape(name: str, value: tuple[int, ...]) -> Iterator[Related]:
    if len(value) == 3:
        for order in list(permutations(range(3)))[1:]:
            axes = ", ".join("CHW"[k] for k in order)
            yield (
                f"{name} is read as ({axes})",
                f"{name} is (C, H, W).",
                tuple(value[k] for k in order),
            )


def _of_pair(name: str, value: tuple[int, int]) -> Iterator[Related]:
    a, b = value
    least = 0 if "padding" in name else 1
    pair = f"{name} is (down, right): the first number is for rows, the second for columns."
    yield f"the two numbers of {name} have changed places", pair, (b, a)
    yield f"the first number of {name} is used for both axes", pair, (a, a)
    yield f"the second number of {name} is used for both axes", pair, (b, b)
    yield f"only the first number of {name} is used", pair, (a, least)
    yield f"only the second number of {name} is used", pair, (least, b)
    for more, words in ((1, "large"), (-1, "small")):
        yield f"{name} is taken one too {words}", "Check what is counted.", (a + more, b + more)
    yield f"{name} is counted twice", "Use it once.", (2 * a, 2 * b)


def _of_number(name: str, value: int) -> Iterator[Related]:
    for more, words in ((1, "large"), (-1, "small")):
        yield f"{name} is taken one too {words}", "Check what is counted.", value + more
    yield f"{name} is counted twice", "Use it once.", 2 * value
    yield f"{name} is halved", "Use all of it.", value // 2
    yield f"{name} has the opposite sign", "Add where you take away, or the reverse.", -value


def _of_array(name: str, v: Any) -> Iterator[Related]:
    """The array with other numbers, its axes turned, or only a part of it."""
    if v.dtype.kind in "iuf" and v.size:
        yield from _of_numbers(name, v)
    look = f"Look at each index of {name}: which way does it run, and what does it meet?"
    for axis in range(v.ndim):
        yield (
            f"the {_axis(name, v, axis)}s of {name} are read in the reverse order",
            look,
            np.flip(v, axis),
        )
    if v.ndim > 1:
        swapped = np.swapaxes(v, -1, -2)
        yield f"{name} is turned by half a turn", look, np.flip(v, (-2, -1))
        for k, way in ((1, "left"), (-1, "right")):
            quarter = np.rot90(v, k, (-2, -1))
            yield f"{name} is turned by a quarter, to the {way}; half a turn is two", look, quarter
        yield f"rows and columns of {name} have changed places", look, swapped
        scattered = "reshape keeps the order in memory: to move an axis, use transpose."
        yield (
            f"{name} is reshaped where it should be transposed",
            scattered,
            swapped.reshape(v.shape),
        )
    if v.ndim > 2:
        first = f"{_axis(name, v, 0)}s and {_axis(name, v, 1)}s"
        yield f"{first} of {name} have changed places", look, np.swapaxes(v, 0, 1)
    if v.dtype.kind in "iuf":
        yield from _of_parts(name, v)


def _of_numbers(name: str, v: Any) -> Iterator[Related]:
    """The array with each number changed by itself."""
    use = f"Work {name} into it, number by number."
    yield f"the values of {name} are not used, as if all were 1", use, np.ones_like(v)
    yield f"{name} is not used, as if all were 0", use, np.zeros_like(v)
    opposite = -v.astype(np.result_type(v, np.int8))
    yield f"{name} counts with the opposite sign: it is subtracted", f"Add {name}.", opposite
    yield f"the signs of {name} are lost", "Look for abs: negative numbers count.", np.abs(v)
    yield f"what is negative in {name} counts as 0", "Look for a maximum.", np.maximum(v, 0)
    yield f"{name} counts twice", "Add it once.", v * 2
    for k, word in ((0, "first"), (-1, "last")):
        alone = np.zeros_like(v)
        alone.flat[k] = v.flat[k]
        yield f"of {name} only the {word} number counts", "Sum over all of it.", alone
    if v.dtype.kind == "f":
        yield f"the fractions of {name} are cut off", "Look for an integer dtype.", np.trunc(v)
        yield f"{name} is rounded", "Look for an integer dtype, or round.", np.round(v)


def _of_parts(name: str, v: Any) -> Iterator[Related]:
    """Only the first or last of an axis, all but that, or that for all of them."""
    alone = "Use all of it: add with +=, and put `return` behind the loops."
    for axis in range(v.ndim):
        for k, word in ((0, "first"), (-1, "last")):
            if v.shape[axis] < 2:
                continue
            at = (*[slice(None)] * axis, k)
            of = f"the {word} {_axis(name, v, axis)} of {name}, {name}[{':, ' * axis}{k}],"
            only, without = np.zeros_like(v), v.copy()
            only[at], without[at] = v[at], 0
            yield f"only {of} counts", alone, only
            yield f"{of} does not count", "Check where the range begins and ends.", without
            alike = np.broadcast_to(v.take([k], axis), v.shape)
            yield f"{of} stands for all others", "Use the index of the loop.", alike
        for count in (2, 3):
            if v.shape[axis] > count:
                some = v.copy()
                some[(*[slice(None)] * axis, slice(count, None))] = 0
                of = f"{_axis(name, v, axis)}s of {name}"
                yield (
                    f"only the first {count} {of} count",
                    f"Read their number off {name}.shape.",
                    some,
                )


def _axis(name: str, v: Any, axis: int) -> str:
    """Name what stands along an axis, channels first."""
    if v.ndim == 1:
        return "number"
    lead = "filter" if name == "w" else "image"
    return (lead, "channel", "row", "column")[axis - v.ndim]
