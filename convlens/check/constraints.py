"""What a check may ask beside right numbers: no loop, no copy, one line, so many calls."""

from __future__ import annotations

import ast
import time
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from convlens.check.held import held
from convlens.check.sources import Source, sources
from convlib.arguments import refusal

if TYPE_CHECKING:
    from convlens.check.run import Run

__all__ = ["Asked", "refused", "unknown"]

LARGE = 1 << 16  # bytes of an array beside which overheads are small


class Asked(TypedDict, total=False):
    """What a check may ask for beside right numbers.

    Attributes
    ----------
    no_loop : bool
        No `for`, `while` or comprehension, nothing that loops in Python under another name (map,
        np.vectorize), and no function that calls itself. Functions of the reader's own that it
        calls are read as well.
    no_copy : bool
        Beside its answer it holds fewer bytes than a copy of its largest array would take.
    one_line : bool
        One statement, which may be broken inside parentheses.
    calls : int
        At most so many calls are written in it.
    seconds : float
        Time limit of one call, 5 by default; all calls together may take twice as long.
    """

    no_loop: bool
    no_copy: bool
    one_line: bool
    calls: int
    seconds: float


LOOPS = (ast.For, ast.AsyncFor, ast.While)
LISTS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
IN_DISGUISE = {"map", "filter", "vectorize", "frompyfunc", "apply_along_axis", "fromiter"}
IN_DISGUISE |= {"fromfunction", "apply_over_axes", "piecewise"}

REMEDIES = {
    "no_loop": "Let whole arrays meet instead: broadcasting, a view of all windows, tensordot.",
    "no_copy": "Work on views, and add each product to the answer at once.",
    "one_line": "Put it into one expression.",
    "calls": "Look for one call that does the work of several.",
}


def unknown(asked: Asked) -> None:
    """Refuse what a check cannot ask for, by its name or by its value."""
    for name, value in asked.items():
        if name not in Asked.__annotations__:
            change = f"Choose among {', '.join(Asked.__annotations__)}."
            raise refusal(TypeError, f"a check cannot ask for {name!r}", change, {name: value})
        if name == "seconds" and not _is_time(value):
            raise refusal(ValueError, "seconds is no time", "Give seconds above 0.", {name: value})
        if name == "calls" and not (value is None or (type(value) is int and value >= 0)):
            raise refusal(TypeError, "calls is no number", "Give a whole number.", {name: value})
        if name in ("no_loop", "no_copy", "one_line") and not isinstance(value, bool):
            raise refusal(TypeError, f"{name} is yes or no", "Give True or False.", {name: value})


def _is_time(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < 1e6


def refused(run: Run, asked: Asked) -> tuple[str, str] | None:
    """Say which constraint a right function breaks, and what to change; None if it keeps all."""
    for name, remedy in REMEDIES.items():
        wanted = asked.get(name)
        if wanted is None or wanted is False:
            continue
        why = _copied(run) if name == "no_copy" else _in_source(run.function, name, wanted)
        if why:
            said = f"{name}={wanted}" if name == "calls" else name
            return f"you asked for {said}, but {why}", remedy
    return None


def _in_source(function: Any, name: str, wanted: Any) -> str | None:
    """Say what in the source of a function is not as it is wanted."""
    found = sources(function)
    if not found:
        return "its source cannot be read: write it with def, in a cell"
    if name == "no_loop":
        return _recursion(found) or next(filter(None, map(_loop, found)), None)
    if name == "one_line":
        return _lines(found[0])
    count = sum(isinstance(node, ast.Call) for source in found for node in source.walk())
    return f"{count} calls are written in it and its helpers" if count > wanted else None


def _recursion(found: Sequence[Source]) -> str | None:
    """Find functions that call each other in a circle, or one that calls itself."""
    try:
        TopologicalSorter({source.code: source.calls for source in found}).prepare()
    except CycleError as error:
        names = " and ".join(sorted({code.co_name for code in error.args[1]}))
        return f"there is a loop in it without the word: {names} calls itself"
    return None


def _loop(source: Source) -> str | None:
    """Find a loop, by whatever name."""
    for node in source.walk():
        if isinstance(node, (*LOOPS, *LISTS)):
            kind = "comprehension" if isinstance(node, LISTS) else f"{type(node).__name__} loop"
            return f"there is a {kind.lower()}: `{_first_line(node)}`"
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            # np.add.reduce, which a ufunc has for itself, is none.
            written = ast.unparse(node.func)
            reduced = written in ("reduce", "functools.reduce")
            if called in IN_DISGUISE or reduced:
                return f"{called} is a loop in Python too: `{_first_line(node)}`"
    return None


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


def _lines(source: Source) -> str | None:
    """Count statements, without a docstring."""
    first = source.body[0]
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    count = sum(isinstance(n, ast.stmt) for b in source.body[said:] for n in ast.walk(b))
    return None if count < 2 else f"it has {count} statements"


def _copied(run: Run) -> str | None:
    """Measure one call on an example large enough for a copy to stand out."""
    for number in range(0, 64, 2):
        arguments = run.task.cases[0].make(number)
        arrays = [v for v in arguments.values() if isinstance(v, np.ndarray)]
        if not arrays:
            return "there is no array to copy"
        most = max(a.nbytes for a in arrays)
        if most >= LARGE:
            break
    left = min(run.seconds, run.end - time.perf_counter())
    answer, bytes_held = held(run.function, *run.passed(arguments), left, run.out)
    if not answer.returned:
        came = "took too long" if answer.late else f"raised {answer.raised}"
        return f"its memory could not be measured: on a larger example it {came}"
    own = 0 if _is_view(answer.value, answer.arguments) else getattr(answer.value, "nbytes", 0)
    besides = bytes_held - own
    if besides < most:
        return None
    return f"beside its answer it holds {besides:,} bytes, and a copy would be {most:,}"


def _is_view(value: Any, arguments: Any) -> bool:
    arrays = [v for v in arguments.values() if isinstance(v, np.ndarray)]
    return isinstance(value, np.ndarray) and any(np.may_share_memory(value, a) for a in arrays)
