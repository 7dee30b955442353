"""Look into the line that raised: its arrays, their shapes, and the slices it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

import numpy as np

from convlens.check.calling import code_of

__all__ = ["frame_of", "shapes_in", "slices_in"]

#: Of each axis where a slice of it begins and ends.
Asked = dict[int, tuple[int, int]]


def frame_of(error: BaseException, function: Any) -> tuple[FrameType, int] | None:
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


def _plain(node: ast.AST) -> bool:
    """Whether a part of a line can be worked out again: names, arithmetic, .shape and len()."""
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "ndim", "size")
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1
    return isinstance(node, (*SIMPLE, *SIMPLER))


def _value(node: ast.AST, frame: FrameType) -> Any:
    """Work out an index or a part of an array."""
    if not all(map(_plain, ast.walk(node))):
        return None
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - {"len"}
    known = {n: frame.f_locals.get(n, frame.f_globals.get(n)) for n in names}
    kinds = (int, np.ndarray, tuple, list)
    if not all(type(v) in kinds or isinstance(v, np.integer) for v in known.values()):
        return None
    try:
        return eval(compile(ast.Expression(node), "", "eval"), {}, known)  # type: ignore[arg-type]
    except Exception:
        return None


def shapes_in(line: str, frame: FrameType) -> Iterator[tuple[str, str]]:
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


def slices_in(line: str, frame: FrameType) -> Iterator[tuple[str, str]]:
    """Recognise a slice that is cut short by the edge, and two that are equally long."""
    for node in _parsed(line):
        if not isinstance(node, ast.Subscript):
            continue
        part = ast.parse(ast.unparse(node), mode="eval").body
        value, whole = _value(part, frame), _value(part.value, frame)  # type: ignore[attr-defined]
        if isinstance(value, np.ndarray) and isinstance(whole, np.ndarray):
            asked = _asked(part.slice, whole.ndim, frame)  # type: ignore[attr-defined]
            yield from _hanging(ast.unparse(part), whole.shape, asked)
            yield from _alike(ast.unparse(part), asked, frame)


def _hanging(text: str, shape: Sequence[int], asked: Asked) -> Iterator[tuple[str, str]]:
    for axis, (_, end) in asked.items():
        if end > shape[axis]:
            yield (
                f"the window hangs over the edge: `{text}` asks axis {axis} for places up to "
                f"{end - 1}, but it ends at {shape[axis] - 1}, and a slice is then cut short "
                "without a word",
                "Let the loop end at the last place where the whole window fits; with padding, "
                "slice the padded array; with a stride, check that each axis has its own.",
            )


def _alike(text: str, asked: Asked, frame: FrameType) -> Iterator[tuple[str, str]]:
    lengths = {end - begin for begin, end in asked.values()}
    arrays = [v for v in frame.f_locals.values() if type(v) is np.ndarray and v.ndim > 1]
    kernels = [v for v in arrays if v.shape[-1] != v.shape[-2] and lengths & {*v.shape[-2:]}]
    if len(asked) == 2 and len(lengths) == 1 and kernels:
        yield (
            f"in `{text}` the second slice is as long as the first, {lengths.pop()}",
            "Rows span KH and columns KW: use both sizes of the kernel.",
        )


def _asked(index: ast.AST, ndim: int, frame: FrameType) -> Asked:
    """Say of each axis that is sliced where its slice begins and ends."""
    each = index.elts if isinstance(index, ast.Tuple) else [index]
    dots = [k for k, e in enumerate(each) if isinstance(e, ast.Constant) and e.value is ...]
    asked = {}
    for k, e in enumerate(each):
        axis = ndim - len(each) + k if dots and k > dots[0] else k
        if isinstance(e, ast.Slice) and e.lower is not None and e.upper is not None:
            both = _value(e.lower, frame), _value(e.upper, frame)
            if all(isinstance(b, int | np.integer) for b in both) and 0 <= axis < ndim:
                asked[axis] = (int(both[0]), int(both[1]))
    return asked
