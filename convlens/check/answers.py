"""Hold what a function returned against what it should have returned."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.explain import where
from convlens.check.strange import Strange, article

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.check.calling import Outcome

__all__ = [
    "array_of",
    "complaint",
    "differs",
    "first_difference",
    "kind",
    "read_parts",
    "same",
    "within_reach",
]

#: Of the largest number expected: more than any order of summation costs in float32.
TOLERANCE = 1e-5


def array_of(value: Any) -> NDArray[Any] | None:
    """Read an answer as an array of numbers; None for anything else.

    >>> array_of([1, 2]), array_of("text"), array_of([[1], [2, 3]])
    (array([1, 2]), None, None)
    """
    if isinstance(value, np.ma.MaskedArray):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # ragged lists, and objects whose own conversion fails
        return None
    return array if array.dtype.kind in "biufc" else None


def same(one: Any, other: Any, parts: tuple[str, ...] = ()) -> bool:
    """Whether two answers agree: in shape, and in numbers but for rounding.

    >>> same([1, 2], np.array([1.0, 2.0])), same([1, 2], [[1, 2]]), same([256], [0])
    (True, False, False)
    """
    if parts:
        both = read_parts(one, parts), read_parts(other, parts)
        return None not in both and all(map(same, *both))  # type: ignore[arg-type]
    if not (within_reach(one) and within_reach(other)):
        return False
    a, b = array_of(one), array_of(other)
    if a is None or b is None or a.shape != b.shape:
        return False
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        return bool(np.array_equal(a, b))
    if a.dtype.kind == "c" != b.dtype.kind:
        return False
    return not differs(a, b).any()


def within_reach(value: Any, depth: int = 8) -> bool:
    """Whether a view stays inside the block that its numbers come from; if not, do not read it."""
    if isinstance(value, tuple | list):
        return depth == 0 or all(within_reach(v, depth - 1) for v in value)
    if not isinstance(value, np.ndarray) or value.size == 0:
        return True
    root: Any = value
    while getattr(root, "base", None) is not None:
        root = root.base
    if not isinstance(root, np.ndarray):
        return True
    low, high = np.lib.array_utils.byte_bounds(value)
    first, last = np.lib.array_utils.byte_bounds(root)
    return bool(first <= low and high <= last)


def read_parts(value: Any, parts: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Read an answer of several arrays, or of several numbers, which may come as one array."""
    several = isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim)
    return tuple(value) if several and len(value) == len(parts) else None


def complaint(
    outcome: Outcome,
    expected: Any,
    parts: tuple[str, ...],
    seconds: float,
    function: Callable[..., Any] | None = None,
) -> str | None:
    """Say plainly in what an outcome is not the right one; None where it is."""
    if outcome.late:
        return f"it was stopped after {seconds:g} s: does it loop for ever, or wait?"
    if outcome.error is not None:
        return f"it raised {outcome.raised}{where(outcome.error, function)}"
    if not parts:
        wrong, outside = _difference(outcome.value, expected), _outside(outcome)
        return f"{wrong}; {outside}" if wrong and outside else wrong
    got = read_parts(outcome.value, parts)
    if got is None:
        wanted = f"a tuple of {len(parts)}: {', '.join(parts)}"
        value = outcome.value
        had = f"{kind(value)} of {len(value)}" if isinstance(value, tuple | list) else kind(value)
        return f"it returned {had}; wanted is {wanted}"
    for name, one, right in zip(parts, got, expected, strict=True):
        if wrong := _difference(one, right):
            return f"for {name}, {wrong}"
    return None


def kind(value: Any) -> str:
    """Name the kind of a value with its article."""
    if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
        return f"an array of dtype {value.dtype}"
    if isinstance(value, Strange):
        return value.kind
    return "nothing (None)" if value is None else article(value)


def _outside(outcome: Outcome) -> str | None:
    """Say which bytes a returned view shows that are not those of the array it looks at."""
    view = outcome.value
    if not isinstance(view, np.ndarray) or not within_reach(view):
        return None
    low, high = np.lib.array_utils.byte_bounds(view)
    for name, array in outcome.arguments.items():
        if isinstance(array, np.ndarray) and view.size and np.may_share_memory(view, array):
            first, last = np.lib.array_utils.byte_bounds(array)
            if low < first or high > last:
                shown = f"your view touches the bytes {low - first} to {high - first - 1}"
                return f"{shown}, and {name} has only 0 to {last - first - 1}"
    return None


def _difference(got: Any, expected: Any) -> str | None:
    """Word the difference of one answer: its type, its shape, its numbers."""
    right = np.asarray(expected)
    number = "True or False" if right.dtype.kind == "b" else "a number"
    listed = isinstance(expected, list | tuple) and right.ndim == 1
    wanted = _shaped(expected, right, listed) if right.ndim else number
    if not within_reach(got):
        return "it returned a view that reaches far outside the array's memory"
    array = array_of(got)
    if array is None:
        end = "; is a `return` missing?" if got is None else ""
        cure = f". {got.cure[:-1]}" if isinstance(got, Strange) and got.cure else ""
        return f"it returned {kind(got)}; wanted is {wanted}{end}{cure}"
    if array.shape != right.shape:
        had = _shaped(got, array, listed) if array.ndim else "a number"
        return f"it returned {had}; wanted is {wanted}"
    if same(got, expected):
        return None
    if array.dtype.kind == "c" != right.dtype.kind:
        return "it returned complex numbers; wanted are real ones. Take the real part: y.real"
    differing = np.count_nonzero(differs(array, right))
    if right.dtype.kind == "b" and not right.ndim:
        return f"it returned {got} where {bool(right)} is right"
    many = f"{differing} of {right.size} numbers differ"
    return many if right.size > 1 else "the number differs"


def _shaped(value: Any, array: NDArray[Any], listed: bool) -> str:
    """Name an array by its shape; where a list is wanted, a list or a tuple by its length."""
    if not listed or array.ndim > 1 or not isinstance(value, list | tuple):
        return f"an array of shape {array.shape}"
    kind = type(value).__name__
    if array.size == 0:
        return f"an empty {kind}"
    return f"a {kind} of {array.size} number{'s' * (array.size > 1)}"


def first_difference(got: NDArray[Any], expected: NDArray[Any]) -> tuple[int, ...] | None:
    """Index of the first number that differs, in what both have where the shapes differ.

    >>> first_difference(np.array([[1, 2, 0]]), np.array([[1, 3], [4, 5]]))
    (0, 1)
    """
    if got.ndim != expected.ndim:
        return None
    common = tuple(slice(min(n, m)) for n, m in zip(got.shape, expected.shape, strict=True))
    found = np.argwhere(differs(got[common], expected[common]))
    return tuple(int(i) for i in found[0]) if len(found) else None


def differs(got: NDArray[Any], expected: NDArray[Any]) -> NDArray[np.bool]:
    """Mark the numbers that differ by more than rounding."""
    finite = np.abs(expected[np.isfinite(expected)], dtype=float)
    near = TOLERANCE * float(np.max(finite, initial=0.0))
    close: NDArray[np.bool] = np.isclose(got, expected, 0, near, equal_nan=True)
    return ~close
