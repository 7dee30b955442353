"""Make what a function returned safe to look at, while its time still runs.

An object may answer as it likes when it is asked for its numbers or for its text: it may loop, or
exit, or claim to be larger than any memory. So it is asked here, inside the time limit, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np

__all__ = ["Strange", "settled"]

MOST = 10**7  # numbers that are read
LONGEST = 200  # characters of a text
PLAIN = (bool, int, float, complex, str, bytes, type(None), np.generic)


@dataclass(frozen=True)
class Strange:
    """Stands for an answer that is not read as numbers.

    Attributes
    ----------
    kind : str
        What it is, with its article: "a generator".
    text : str
        What it says of itself.
    cure : str
        The call that makes it right, as a sentence, where there is one.
    """

    kind: str
    text: str
    cure: str = ""

    def __repr__(self) -> str:
        return self.text


def settled(value: Any, depth: int = 8) -> Any:
    """Return an array, a number, a text, a list or tuple of such, or what stands for the rest."""
    if isinstance(value, np.ma.MaskedArray):
        return Strange("a masked array", _text(value), "Give plain numbers: y.filled(0).")
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, list | tuple) and depth and len(value) <= MOST:
        inner = [settled(v, depth - 1) for v in value]
        return inner if isinstance(value, list) else tuple(inner)
    return _other(value)


def _array(value: Any) -> Any:
    """Read an array of a subclass, or of objects that are numbers, as a plain one."""
    if value.size > MOST:
        said = f"an array of shape {value.shape}"
        return Strange(said, said)
    if value.dtype == object:
        return _numbers(value)
    return value if type(value) is np.ndarray else np.asarray(value)


def _numbers(value: Any) -> Any:
    """Read objects as numbers, as exactly as they allow: int, Fraction, Decimal, float."""
    known = all(isinstance(v, Number) for v in value.flat)
    for dtype in (np.int64, float, complex) if known else ():
        with np.errstate(all="ignore"):
            try:
                read = value.astype(dtype)
            except (TypeError, ValueError, OverflowError):
                continue
        if dtype is complex or bool(np.all(read == value)) or dtype is float:
            return read
    return Strange("an array of objects", _text(value), "Give numbers: y.astype(float).")


def _other(value: Any) -> Any:
    """Ask for numbers what is no array; name the call where it refuses."""
    kind = type(value).__name__
    if hasattr(value, "__next__"):
        return Strange(f"a {kind}", f"<{kind}>", "Collect what it yields: list(...).")
    if getattr(value, "requires_grad", False) is True:
        return Strange("a tensor that requires grad", f"<{kind}>", "Give its numbers: y.detach().")
    listed = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    mapping = isinstance(value, Mapping)
    if (listed and not mapping) or hasattr(value, "__array__") or hasattr(value, "__float__"):
        try:
            read = np.asarray(value)
            return _numbers(read) if read.dtype == object else _array(read)
        except Exception:  # it refuses
            return Strange(_kind(kind), _text(value), "Give its numbers as a NumPy array.")
    if hasattr(value, "__iter__"):
        return Strange(_kind(kind), _text(value), "Give an array, or a list of numbers.")
    return Strange(_kind(kind), _text(value))


def _kind(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _text(value: Any) -> str:
    """Ask an object to describe itself."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # it may fail to
        return f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
