"""Explain an exception: the reader's own line, the shapes in it, and the likely reason."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np

from convlens.check.calling import code_of

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
    found = _frame(error, function)
    if found is None:
        return ""
    frame, number = found
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    if not line:
        return ""
    shapes = ", ".join(f"`{name}` has {shape}" for name, shape in _shapes(line, frame))
    return f", at the line `{line}`" + (f", where {shapes}" if shapes else "")


def explained(error: BaseException, function: Callable[..., Any]) -> tuple[str, str] | None:
    """Give the likely reason of an exception, and what to change."""
    said = f"{type(error).__name__}: {_message(error)}"
    found = _frame(error, function)
    if found is not None and re.search(REASONS[0][0], said):
        line = linecache.getline(found[0].f_code.co_filename, found[1]).strip()
        if re.search(r"\bbias\b", line):
            return BIAS
        special = next(_of_slices(line, found[0]), None)
        if special is not None:
            return special
    return next(((why, cure) for p, why, cure in REASONS if re.search(p, said)), None)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception may fail to describe itself
        return ""


def _frame(error: BaseException, function: Any) -> tuple[FrameType, int] | None:
    """Find the last frame that runs code of the reader's file."""
    file = getattr(code_of(function), "co_filename", None)
    found, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            found = step.tb_frame, step.tb_lineno
        step = step.tb_next
    return found


def _parsed(line: str) -> Iterator[ast.AST]:
    """Read a line, or the head of a block, as Python; nothing where it is only a part of one."""
    for text in (line, f"{line} pass", line.removeprefix("return ")):
        try:
            yield from ast.walk(ast.parse(text))
        except SyntaxError:
            continue
        return


SIMPLE = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Slice, ast.Tuple, ast.Subscript)
SIMPLER = (ast.Load, ast.operator, ast.unaryop)


def _value(node: ast.AST, frame: FrameType) -> Any:
    """Work out an index or a part of an array, of nothing but names and arithmetic."""
    if not all(isinstance(n, (*SIMPLE, *SIMPLER)) for n in ast.walk(node)):
        return None
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    known = {n: frame.f_locals.get(n, frame.f_globals.get(n)) for n in names}
    if not all(
        type(v) in (int, np.ndarray, tuple) or isinstance(v, np.integer) for v in known.values()
    ):
        return None
    try:
        return eval(compile(ast.Expression(node), "", "eval"), {}, known)  # type: ignore[arg-type]
    except Exception:
        return None


def _shapes(line: str, frame: FrameType) -> Iterator[tuple[str, str]]:
    """Name each array of a line, and each part of one, with its shape."""
    seen: set[str] = set()
    for node in _parsed(line):
        if isinstance(node, ast.Name | ast.Subscript) and isinstance(
            node.ctx, ast.Load | ast.Store
        ):
            text = ast.unparse(node)
            copied = ast.parse(text, mode="eval").body
            value = _value(copied, frame)
            if isinstance(value, np.ndarray) and value.ndim and text not in seen and len(seen) < 4:
                seen.add(text)
                yield text, f"shape {value.shape}"


def _of_slices(line: str, frame: FrameType) -> Iterator[tuple[str, str]]:
    """Recognise a slice that is cut short by the edge, and two that are equally long."""
    for node in _parsed(line):
        if not isinstance(node, ast.Subscript):
            continue
        part = ast.parse(ast.unparse(node), mode="eval").body
        value, whole = _value(part, frame), _value(part.value, frame)  # type: ignore[attr-defined]
        if not isinstance(value, np.ndarray) or not isinstance(whole, np.ndarray):
            continue
        index = part.slice  # type: ignore[attr-defined]
        each = index.elts if isinstance(index, ast.Tuple) else [index]
        text, asked = ast.unparse(part), [_asked(e, frame) for e in each]
        for axis, (wanted, n) in enumerate(zip(asked, whole.shape, strict=False)):
            if wanted is not None and wanted[1] > n and len(asked) == len(each) == whole.ndim:
                yield (
                    f"the window hangs over the edge: `{text}` asks axis {axis} for places up to "
                    f"{wanted[1] - 1}, but it ends at {n - 1}, and a slice is then cut short "
                    "without a word",
                    "Let the loop end at the last place where the whole window fits; with padding, "
                    "slice the padded array; with a stride, check that each axis has its own.",
                )
        lengths = [w[1] - w[0] for w in asked if w is not None]
        if len(lengths) == 2 and lengths[0] == lengths[1]:
            yield (
                f"in `{text}` the second slice is as long as the first, {lengths[0]}",
                "Rows span KH and columns KW: use both sizes of the kernel.",
            )


def _asked(node: ast.AST, frame: FrameType) -> tuple[int, int] | None:
    """Where a slice begins and ends."""
    if not isinstance(node, ast.Slice) or node.lower is None or node.upper is None:
        return None
    both = _value(node.lower, frame), _value(node.upper, frame)
    return both if all(isinstance(b, int | np.integer) for b in both) else None
