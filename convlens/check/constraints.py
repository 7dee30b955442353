"""What a check may ask beside right numbers: no loop, no copy, one line, so many calls."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from convlens.check.calling import code_of
from convlens.check.held import held
from convlib.arguments import refusal

if TYPE_CHECKING:
    from convlens.check.run import Run

__all__ = ["Asked", "refused", "unknown"]


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


LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
IN_DISGUISE = {"map", "filter", "reduce", "vectorize", "frompyfunc", "apply_along_axis", "fromiter"}
IN_DISGUISE |= {"fromfunction", "apply_over_axes", "piecewise"}


def unknown(asked: Asked) -> None:
    """Refuse constraints that there are not."""
    for name in asked:
        if name not in Asked.__annotations__:
            known = ", ".join(Asked.__annotations__)
            change = f"Choose among {known}."
            raise refusal(TypeError, f"a check cannot ask for {name!r}", change, {})


REMEDIES = {
    "no_loop": "Let whole arrays meet instead: broadcasting, a view of all windows, tensordot.",
    "no_copy": "Work on views, and add each product to the answer at once.",
    "one_line": "Put it into one expression.",
    "calls": "Look for one call that does the work of several.",
}


def refused(run: Run, asked: Asked) -> tuple[str, str] | None:
    """Say which constraint a right function breaks, and what to change; None if it keeps all."""
    for name, remedy in REMEDIES.items():
        wanted = asked.get(name)
        if wanted is None or wanted is False:
            continue
        why = _copied(run) if name == "no_copy" else _in_source(run.function, name, wanted)
        if why:
            said = f"{name}={wanted}" if name == "calls" else name
            return f"asked for is {said}, but {why}", remedy
    return None


def _in_source(function: Any, name: str, wanted: Any) -> str | None:
    """Say what in the source of a function is not as it is wanted."""
    trees = list(_sources(function))
    if not trees:
        return "its source cannot be read: write it with def, in a cell"
    if name == "calls":
        count = sum(isinstance(node, ast.Call) for tree in trees for node in ast.walk(tree))
        return f"it has {count} calls" if count > wanted else None
    look = _loop if name == "no_loop" else _lines
    return next(filter(None, map(look, trees)), None)


def _sources(function: Any) -> Iterator[ast.AST]:
    """Parse a function, and those of the reader's own that it calls."""
    todo, seen = [function], set()
    while todo:
        one = todo.pop()
        code = code_of(one)
        if code is None or code in seen:
            continue
        seen.add(code)
        try:
            tree = _parsed(code)
        except (OSError, TypeError, SyntaxError, IndexError):
            continue
        yield tree
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        known = getattr(inspect.unwrap(one), "__globals__", {})
        found = (known.get(n) for n in sorted(names))
        todo += [f for f in found if getattr(code_of(f), "co_filename", "") == code.co_filename]


def _parsed(code: Any) -> ast.AST:
    """Read the source of a function; of a lambda the expression that stands in its line."""
    text = textwrap.dedent(inspect.getsource(code))
    try:
        tree = ast.parse(text)
    except SyntaxError:  # a lambda in the middle of a call
        tree = ast.parse(text[text.index("lambda") :].rstrip().rstrip("),"))
    kinds = (ast.FunctionDef, ast.Lambda)
    return next(n for n in ast.walk(tree) if isinstance(n, kinds))


def _loop(tree: ast.AST) -> str | None:
    """Find a loop, by whatever name."""
    own = getattr(tree, "name", None)
    for node in ast.walk(tree):
        if isinstance(node, LOOPS):
            kind = "comprehension" if isinstance(node, LOOPS[2:]) else type(node).__name__.lower()
            return f"there is a loop in it, a {kind}: `{_first_line(node)}`"
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in IN_DISGUISE:
                return f"{called} is a loop in Python too: `{_first_line(node)}`"
            if called == own and isinstance(node.func, ast.Name):
                return f"it calls itself, which is a loop too: `{_first_line(node)}`"
    return None


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


def _lines(tree: ast.AST) -> str | None:
    """Count statements, without a docstring."""
    body = getattr(tree, "body", None)
    if not isinstance(body, list):
        return None  # a lambda is one expression
    said = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    count = sum(isinstance(n, ast.stmt) for b in body[said:] for n in ast.walk(b))
    return None if count == 1 else f"it has {count} statements"


def _copied(run: Run) -> str | None:
    """Measure one call on an example large enough for a copy to stand out."""
    for number in range(0, 64, 2):
        arguments = run.task.cases[0].make(number)
        arrays = [v for v in arguments.values() if isinstance(v, np.ndarray)]
        if not arrays:
            return "there is no array to copy"
        most = max(a.nbytes for a in arrays)
        if most >= 1 << 16:
            break
    answer, bytes_held = held(run.function, *run.passed(arguments), run.seconds)
    arrays = [*arrays, *answer.arguments.values()]
    own = 0 if _is_view(answer.value, answer.arguments) else getattr(answer.value, "nbytes", 0)
    besides = bytes_held - own
    if besides < most:
        return None
    return f"beside its answer it holds {besides:,} bytes, and a copy would be {most:,}"


def _is_view(value: Any, arguments: Any) -> bool:
    arrays = [v for v in arguments.values() if isinstance(v, np.ndarray)]
    return isinstance(value, np.ndarray) and any(np.may_share_memory(value, a) for a in arrays)
