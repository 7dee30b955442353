"""Reading arguments: arrays, pairs, choices; and the wording of every error.

Nothing is rounded, wrapped or guessed: what does not fit is refused, in one form of words.
"""

from __future__ import annotations

import operator
import os
import reprlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "MOST_BYTES", "Pair", "Sides", "as_array", "as_pair", "as_sides", "choice", "enough_memory",
    "refusal", "reserve", "whole"
]  # fmt: skip

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]

LARGEST = 2**31 - 1  # of a stride, padding or dilation: their products still fit 64 bits
MOST_BYTES = int(np.iinfo(np.intp).max)  # what NumPy can address
NEVER_TOO_MUCH = 1_000_000  # bytes for which it is not worth asking how much memory there is


def refusal(kind: type[Exception], wrong: str, change: str, given: Mapping[str, Any]) -> Exception:
    """Word an error: what is wrong, what was given, what to change.

    Every error of the package is worded here, so that all of them read alike.

    >>> print(refusal(ValueError, "stride must be positive", "Use 1 or more.", {"stride": 0}))
    stride must be positive. Given: stride=0. Use 1 or more.
    """
    listed = ", ".join(f"{name}={reprlib.repr(value)}" for name, value in given.items())
    return kind(f"{wrong}. Given: {listed}. {change}")


def reserve(nbytes: int) -> None:
    """Raise a MemoryError, worded by `enough_memory`, for more than half of the machine's memory.

    Ask before allocating: many systems grant any amount, and end the process that uses it.
    """
    if nbytes < NEVER_TOO_MUCH:
        return
    try:
        most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):  # a system that does not say, such as Windows
        most = MOST_BYTES
    if nbytes > most:
        raise MemoryError(f"{nbytes / 1e9:.3g} GB asked for, of at most {most / 1e9:.3g} GB")


class enough_memory:
    """Turn a MemoryError raised inside a `with` into a refusal that names the sizes.

    A class, since a generator would take as long as a tiny convolution.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def __enter__(self) -> None:
        """Nothing is asked for yet."""

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        """Word the error, if it is one of memory."""
        if isinstance(error, MemoryError):
            change = "Use a smaller image, batch or padding, or a larger stride."
            raise refusal(ValueError, f"not enough memory ({error})", change, self.given) from error


def as_array(name: str, value: Any, *, numeric: bool = True) -> NDArray[Any]:
    """Read an array-like without losing anything in silence.

    Parameters
    ----------
    name : str
        What the caller calls it, for the message.
    value : array_like
        An ndarray is returned as it is (no copy), in whatever memory order.
    numeric : bool
        Whether to refuse what cannot be multiplied and summed.

    Raises
    ------
    TypeError
        Objects, strings and dates (where `numeric`), and masked arrays, whose mask would be lost.
    ValueError
        Nested sequences of unequal lengths.
    """
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return value
    if isinstance(value, np.ma.MaskedArray):
        change = f"Choose a value for the masked cells first: {name}.filled(0)."
        wrong = f"{name} is a masked array and its mask would be lost"
        raise refusal(TypeError, wrong, change, {f"{name}.shape": value.shape})
    if str(getattr(value, "mode", "")) in ("P", "PA"):
        wrong, change = f"the numbers of {name} name colours", f"Use {name}.convert('RGB')."
        raise refusal(TypeError, wrong, change, {f"{name}.mode": value.mode})
    if getattr(value, "chunks", None):  # dask and zarr: all of it would be read here
        with enough_memory({f"{name}.shape": value.shape}):
            reserve(value.nbytes)
    try:
        array = np.asarray(value)
    except ValueError as error:
        wrong, change = f"{name} is not a rectangular array", "Give every row the same length."
        raise refusal(ValueError, wrong, change, {name: value}) from error
    if numeric and array.dtype.kind not in "biufc":
        change = f"Convert it first, for example with np.asarray({name}, dtype=float)."
        given = {f"{name}.dtype": str(array.dtype), f"{name}.shape": array.shape}
        raise refusal(TypeError, f"{name} must hold numbers", change, given)
    return array


def whole(name: str, value: Any, least: int, given: Mapping[str, Any]) -> int:
    """`value` as an int, or a refusal: no rounding, no True, no None."""
    try:
        number = None if isinstance(value, bool | np.bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        change = f"Use a whole number, {least} or more."
        raise refusal(TypeError, f"{name} must be made of integers", change, given)
    if not least <= number <= LARGEST:
        change = f"Use {least} or more." if number < least else f"Use at most {LARGEST}."
        raise refusal(ValueError, f"{name} is out of range ({number})", change, given)
    return number


def as_pair(name: str, value: Any, least: int, given: Mapping[str, Any]) -> Pair:
    """Read an int or (row, column) as (row, column)."""
    if isinstance(value, str | bytes | Mapping | set):
        change = "Use an int or a (row, column) pair."
        raise refusal(TypeError, f"{name} must be an int or a pair of ints", change, given)
    try:
        values = tuple(value)
    except TypeError:
        values = (value, value)
    if len(values) != 2:
        change = "Use an int for both, or exactly two: (row, column)."
        raise refusal(ValueError, f"{name} has {len(values)} entries, not 2", change, given)
    return whole(name, values[0], least, given), whole(name, values[1], least, given)


def choice(name: str, value: Any, choices: Any, given: Mapping[str, Any]) -> str:
    """`value` if it is one of the names in `choices`."""
    string = isinstance(value, str)
    if string and value in choices:
        return str(value)
    wrong = f"{name} is not known" if string else f"{name} must be a string"
    change = f"Use one of {', '.join(map(repr, choices))}."
    raise refusal(ValueError if string else TypeError, wrong, change, given)


def as_sides(padding: Any, same: Pair, given: Mapping[str, Any]) -> Sides:
    """Read any spelling of `padding` as ((top, bottom), (left, right)); SAME adds `same` in all."""
    if isinstance(padding, str):
        if choice("padding", padding, ("valid", "same", "same_lower"), given) == "valid":
            return (0, 0), (0, 0)
        less, more = zip(*[(t // 2, t - t // 2) for t in same], strict=True)
        before, after = (less, more) if padding == "same" else (more, less)
        return (before[0], after[0]), (before[1], after[1])
    nested = [np.iterable(side) for side in padding] if np.iterable(padding) else []
    if any(nested) and not (all(nested) and len(nested) == 2):
        change = "Use an int, (row, column) or ((top, bottom), (left, right))."
        raise refusal(ValueError, "padding has the wrong form", change, given)
    pair = padding if any(nested) else [(n, n) for n in as_pair("padding", padding, 0, given)]
    return as_pair("padding", pair[0], 0, given), as_pair("padding", pair[1], 0, given)
