"""Explain an exception: the reader's own line, the shapes in it, and the likely reason."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from typing import Any

from convlens.check.frames import frame_of, shapes_in, slices_in

__all__ = ["explained", "where"]

#: Patterns of messages, with the likely reason and the remedy.
REASONS: tuple[tuple[str, str, str], ...] = (
    (
        r"broadcast|must be aligned|shapes? mismatch|not aligned|core dimension|shape-mismatch",
        "two arrays on this line do not fit together: their axes are compared from the last, and "
        "must be equal or 1",
        "Print both shapes just before this line; with padding, slice the padded array.",
    ),
    (
        "index .* is out of bounds|index out of range|too many indices",
        "an index passes the end of its axis: it counts from 0, and ends at the length less 1",
        "Check where the loop ends, that rows are measured with H and columns with W, and where "
        "the stride multiplies or divides.",
    ),
    (
        "cannot be interpreted as an integer|indices must be integers|arrays used as indices must",
        "a float stands where a whole number is needed: `/` makes one even of 4 / 2",
        "Divide with // where places or sizes are counted.",
    ),
    (
        "Cannot cast ufunc|same_kind",
        "fractions are added into an array of integers, which cannot hold them",
        "Make the array of floats: np.zeros_like(x) takes the type of x.",
    ),
    (
        "setting an array element with a sequence|only length-1 arrays|only 0-dimensional",
        "several numbers are put where one is wanted",
        "Sum up the products of the window before you store them.",
    ),
    (
        "cannot reshape",
        "the new shape holds another number of elements",
        "Multiply out both shapes, and cut off first what is left over.",
    ),
    (
        "cannot convert float (infinity|NaN)",
        "an array of integers cannot hold infinity",
        "Make it of floats first, or take the least integer: np.iinfo(x.dtype).min.",
    ),
    ("read-only", "it writes into an array that is read-only", "Write into a copy or a new array."),
    ("is not defined", "a name is used that was never set", "Pass it in, or set it first."),
    (
        "referenced before assignment|not associated with a value",
        "a variable is used before it is set",
        "Set it before the loop.",
    ),
    (
        "object is not subscriptable|non-iterable int|'int' object is not iterable",
        "one number is read as a pair",
        "Make a pair of it first: (stride, stride).",
    ),
    ("NoneType", "None is used as a value", "Look for a missing `return`, or a default of None."),
    ("out of range for|axis .* is out of bounds", "the array has fewer axes", "Print its shape."),
    ("maximum recursion", "the function calls itself without end", "Give it a case that returns."),
    ("has no attribute", "this kind of object has no such attribute", "Check its type first."),
    ("No module named", "a module is not installed here", "NumPy has what is needed."),
    ("division by zero", "it divides by zero", "Look at where the divisor comes from."),
    (
        "truth value of an array",
        "an array is asked whether it is true",
        "Compare with .any() or .all(), or work on one number.",
    ),
    ("Unable to allocate|MemoryError", "it asks for more memory than there is", "Check the shape."),
    (
        "missing .* argument|unexpected keyword|takes .* positional",
        "a call has other arguments than the function",
        "Compare the call with the definition.",
    ),
)


BIAS = (
    "the bias is laid along the wrong axis: it has a number for each filter, and broadcasting "
    "matches axes from the last",
    "Give it an axis for the rows and one for the columns: bias[:, None, None].",
)


def where(error: BaseException, function: Callable[..., Any] | None) -> str:
    """Quote the reader's line that led to an exception, where it is known, and its shapes."""
    found = frame_of(error, function)
    if found is None:
        return ""
    frame, number = found
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    if not line:
        return ""
    shapes = ", ".join(f"`{name}` has {shape}" for name, shape in shapes_in(line, frame))
    return f", at the line `{line}`" + (f", where {shapes}" if shapes else "")


def explained(error: BaseException, function: Callable[..., Any]) -> tuple[str, str] | None:
    """Give the likely reason of an exception, and what to change."""
    said = f"{type(error).__name__}: {_message(error)}"
    found = frame_of(error, function)
    if found is not None and re.search(REASONS[0][0], said):
        line = linecache.getline(found[0].f_code.co_filename, found[1]).strip()
        if re.search(r"\bbias\b", line):
            return BIAS
        special = next(slices_in(line, found[0]), None)
        if special is not None:
            return special
    return next(((why, cure) for p, why, cure in REASONS if re.search(p, said)), None)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception may fail to describe itself
        return ""
