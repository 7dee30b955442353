"""Name what a function returned that is no array of numbers, and the call that makes it one."""

from __future__ import annotations

from dataclasses import dataclass
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    MethodWrapperType,
)
from typing import Any

from convlens.check.words import LONGEST, one_line, type_name

__all__ = ["Strange", "article", "described", "of_kind"]


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


ITERATORS = (GeneratorType, map, zip, filter)
ASYNCHRONOUS = {CoroutineType: "a coroutine", AsyncGeneratorType: "an async generator"}
METHODS = (MethodType, BuiltinFunctionType, MethodWrapperType)


def of_kind(value: Any) -> Strange | None:
    """Recognise what is returned by a slip that has one cure."""
    kind = type(value)
    text = f"<{type_name(value)}>"
    if kind in ASYNCHRONOUS:
        if kind is CoroutineType:
            value.close()  # or Python says later that it was never awaited
        cure = "It is an async function: write def, without async."
        return Strange(ASYNCHRONOUS[kind], text, cure)
    if kind in METHODS or kind is FunctionType:
        what = "method" if kind in METHODS else "function"
        return Strange(f"a {what} that was not called", text, "Add the parentheses: ().")
    if kind in ITERATORS:
        return Strange(article(value), text, "Collect what it yields: list(...).")
    if getattr(value, "requires_grad", False) is True:
        return Strange("a tensor that requires grad", text, "Give its numbers: y.detach().")
    return None


def article(value: Any) -> str:
    """Name the type of an object with its article.

    >>> article({}), article(type("Odd", (), {})())
    ('a dict', 'an Odd')
    """
    name = type_name(value)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def described(value: Any, longest: int = LONGEST) -> str:
    """Ask an object to describe itself, in one line."""
    try:
        return one_line(repr(value), longest - 3)
    except Exception:  # it may fail to
        return f"<{type_name(value)}>"
