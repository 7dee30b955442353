"""Read the source of a function, and of those of the reader's own that it calls."""

from __future__ import annotations

import ast
import inspect
import linecache
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

import convlib
from convlens.check.calling import code_of

__all__ = ["Source", "sources"]

#: Where others' functions lie: the standard library, what is installed, and this project.
OTHERS = (
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    str(Path(convlib.__file__).parent),
    str(Path(__file__).parents[1]),
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Source:
    """The body of one function, without its defaults and decorators, which run only once.

    Attributes
    ----------
    code : CodeType
    body : list of ast.AST
        Statements; of a lambda its expression.
    calls : frozenset of CodeType
        The reader's own functions that it names.
    """

    code: CodeType
    body: list[ast.AST]
    calls: frozenset[CodeType]

    def walk(self) -> Iterator[ast.AST]:
        """Go through all that stands in the body."""
        for part in self.body:
            yield from ast.walk(part)


def sources(function: Any) -> list[Source]:
    """Parse a function and its helpers, each once; without those that cannot be read."""
    todo, found = [function], dict[CodeType, Source | None]()
    while todo:
        one = todo.pop()
        code = code_of(one)
        if code is None or code in found:
            continue
        node = _node(code)
        found[code] = None
        if node is not None:
            body = node.body if isinstance(node.body, list) else [node.body]
            helpers = [h for h in _named(one, body) if _own(h)]
            todo += helpers
            found[code] = Source(code, [*body], frozenset(c for h in helpers if (c := code_of(h))))
    return [source for source in found.values() if source is not None]


def _node(code: CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    """Find the function in its file, or its cell; of several in one line the one with its code."""
    lines = linecache.getlines(code.co_filename)
    plain = [f"{line[: -len(line.lstrip())]}pass\n" if _magic(line) else line for line in lines]
    try:
        tree = ast.parse("".join(plain))
    except (SyntaxError, ValueError):
        return None
    nodes = [n for n in ast.walk(tree) if isinstance(n, FUNCTIONS)]
    here = [n for n in nodes if code.co_firstlineno in (n.lineno, _first_line(n))]
    named = [n for n in here if getattr(n, "name", "<lambda>") == code.co_name]
    return next((n for n in named if len(named) == 1 or _compiled(n) == code.co_code), None)


def _magic(line: str) -> bool:
    """Whether a line is for IPython."""
    return line.lstrip().startswith(("%", "!"))


def _first_line(node: Any) -> int:
    lines = [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]
    return int(min(lines))


def _compiled(node: Any) -> bytes | None:
    """Compile a lambda by itself, to tell it from others beside it."""
    if not isinstance(node, ast.Lambda):
        return None
    whole = compile(ast.Expression(node), "", "eval")
    return next(c.co_code for c in whole.co_consts if isinstance(c, CodeType))


def _named(function: Any, body: list[Any]) -> list[Any]:
    """Look up what a body names: globals, what a closure holds, methods of its own object."""
    owner = getattr(function, "__self__", None)
    while isinstance(function, partial):
        function = function.func
    if not inspect.isroutine(function):
        owner, function = function, type(function).__call__
    function = inspect.unwrap(getattr(function, "__func__", function))
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    known = {**function.__globals__, **{name: _held(cell) for name, cell in cells}}
    nodes = [node for part in body for node in ast.walk(part)]
    names = {n.id for n in nodes if isinstance(n, ast.Name)}
    methods = {n.attr for n in nodes if isinstance(n, ast.Attribute)} if owner is not None else ()
    found = [known.get(name) for name in sorted(names)]
    return [*found, *(getattr(type(owner), name, None) for name in sorted(methods))]


def _held(cell: Any) -> Any:
    """Read what a closure holds, if it holds something yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _own(value: Any) -> bool:
    """Whether something is a function that the reader has written."""
    code = code_of(value) if callable(value) and not isinstance(value, type) else None
    return code is not None and not code.co_filename.startswith((*OTHERS, "<frozen"))
