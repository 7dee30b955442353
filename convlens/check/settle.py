"""Make what a function returned safe to look at, while its time still runs.

An object may answer as it likes when it is asked for its numbers or for its text: it may loop, or
exit, or claim to be larger than any memory. So it is asked here, inside the time limit, once; and
what it is is read from its type, for its `__class__` may lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number
from typing import Any

import numpy as np
import numpy.ma

from convlens.check.strange import Strange, article, described, of_kind

__all__ = ["Strange", "settled"]

MOST = 10**7  # numbers of an array that are read
LISTED = 10**5  # numbers of lists that are read
LETTERS = 10**4  # of a text; and bits of a whole number, which Python does not write out any more
DEEP = 8  # lists inside lists
ITSELF: tuple[type, ...] = (bool, type(None))
#: What a subclass of a plain type is brought down to, without asking it.
PLAIN: dict[type, Any] = {int: int.__int__, float: float.__float__, complex: complex.__complex__}
TEXTS: tuple[type, ...] = (str, bytes)


class TooMany(Exception):
    """More numbers than are read."""


def settled(value: Any) -> Any:
    """Return an array, a number, a text, a list or tuple of such, or what stands for the rest."""
    try:
        return _Reader().read(value, DEEP)
    except TooMany:
        kind = "list" if issubclass(type(value), list) else "tuple"
        count = f"{len(value):,}" if len(value) > LISTED else f"more than {LISTED:,}"
        said = f"a {kind} of {count} numbers"
        return Strange(said, said, "Give an array, or fewer.")


class _Reader:
    """Reads one answer, and counts what it has read."""

    def __init__(self) -> None:
        self.left = LISTED

    def read(self, value: Any, depth: int) -> Any:
        """Read one value by its type."""
        kind = type(value)
        if kind in ITSELF:
            return value
        if issubclass(kind, np.ma.MaskedArray):
            return Strange("a masked array", described(value), "Give plain numbers: y.filled(0).")
        if issubclass(kind, TEXTS):
            return _written(value)
        if issubclass(kind, np.ndarray | np.generic):
            return _array(value)
        if issubclass(kind, list | tuple) and depth:
            return self.listed(value, depth)
        for plain, brought_down in PLAIN.items():
            if issubclass(kind, plain):
                return _number(brought_down(value))
        return _other(value)

    def listed(self, value: Any, depth: int) -> Any:
        """Read a list or a tuple, up to a number of numbers."""
        plain = list if issubclass(type(value), list) else tuple
        self.left -= plain.__len__(value)
        if self.left < 0:
            raise TooMany
        return plain(self.read(v, depth - 1) for v in plain.__iter__(value))


def _number(value: Any) -> Any:
    """Leave out whole numbers that have too many digits to be written."""
    if type(value) is int and value.bit_length() > LETTERS:
        said = f"a whole number of {value.bit_length():,} bits"
        return Strange(said, said)
    return value


def _written(value: Any) -> Any:
    """Read a text, without what a subclass makes of it."""
    plain = str if issubclass(type(value), str) else bytes
    if plain.__len__(value) <= LETTERS:
        return plain.__getitem__(value, slice(None))
    return Strange(f"a {plain.__name__}", described(plain.__getitem__(value, slice(LETTERS))))


def _array(value: Any) -> Any:
    """Read an array of a subclass, or of objects that are numbers, as a plain one."""
    array = value if type(value) is np.ndarray else np.asarray(value)
    if array.size > MOST:
        said = f"an array of shape {array.shape}"
        return Strange(said, said)
    if array.dtype == object:
        return _numbers(array)
    if array.dtype.hasobject or array.dtype.kind == "T":
        return Strange(f"an array of dtype {array.dtype}"[:LETTERS], described(array))
    # Of more digits than the right answer has; half as many are told as they are.
    wide = {"f": np.dtype(np.float64), "c": np.dtype(np.complex128)}.get(array.dtype.kind)
    if wide is not None and array.dtype.itemsize > wide.itemsize:
        with np.errstate(all="ignore"):
            array = array.astype(wide)
    return array[()] if issubclass(type(value), np.generic) else array


def _numbers(value: Any) -> Any:
    """Read objects as numbers, as exactly as they allow: int, Fraction, Decimal, float."""
    others = [v for v in value.flat if not issubclass(type(v), Number)]
    for dtype in () if others else (np.int64, float, complex):
        with np.errstate(all="ignore"):
            try:
                read = value.astype(dtype)
            except (TypeError, ValueError, OverflowError):
                continue
        if dtype is complex or bool(np.all(read == value)) or dtype is float:
            return read
    cure = "Give numbers: y.astype(float)."
    if others:
        first = described(others[0], 40)
        cure = f"Some of them are no numbers (the first: {first}): look where they come from."
    return Strange("an array of objects", described(value), cure)


def _other(value: Any) -> Any:
    """Ask for numbers what is no array; name the call where it refuses."""
    known = of_kind(value)
    if known is not None:
        return known
    cure = ""
    if _has_numbers(value):
        try:
            return _array(np.asarray(value))
        except Exception:  # it refuses
            cure = "Give its numbers as a NumPy array."
    elif hasattr(value, "__iter__"):
        cure = "Give an array, or a list of numbers."
    return Strange(article(value), described(value), cure)


def _has_numbers(value: Any) -> bool:
    """Whether an object looks as if it could be read as an array."""
    listed = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    mapping = issubclass(type(value), Mapping)
    return (listed and not mapping) or hasattr(value, "__array__") or hasattr(value, "__float__")
