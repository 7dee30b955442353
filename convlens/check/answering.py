"""Take what a function gives, an answer or an exception, while its time still runs.

An exception is an object of the reader's too: asked for its message it may loop, or exit.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from convlens.check.limit import TimeLimit
from convlens.check.settle import settled
from convlens.check.words import READ, named, type_name

__all__ = ["answered", "said_by"]

#: Value, exception, and how that is named.
Answer = tuple[Any, BaseException | None, str | None]

_true_traceback = BaseException.__dict__["__traceback__"].__get__


def answered(work: Callable[[], Any]) -> Answer:
    """Do the work, and make what comes of it safe to look at."""
    try:
        return settled(work()), None, None
    except BaseException as error:
        if is_limit(error):
            raise
        return None, *_plain(error)


def is_limit(error: BaseException) -> bool:
    """Whether an exception is the checker's own."""
    return issubclass(type(error), TimeLimit)


def _plain(error: BaseException) -> tuple[BaseException, str]:
    """Name an exception, and put one in its place that answers as it should if it does not."""
    said = said_by(error)
    short = said is not None and len(said) <= READ
    if said is not None and short and type(error).__str__ in KNOWN and _has_its_traceback(error):
        return error, named(error, said)
    head = str.__getitem__(said or "", slice(READ))
    return _in_place_of(error, head), named(error, head)


#: What says the message of an exception that Python or NumPy brings.
KNOWN: set[Any] = {
    kind.__str__
    for kind in (BaseException, KeyError, OSError, ImportError, SyntaxError, BaseExceptionGroup)
} | {kind.__str__ for kind in (UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError)}


def said_by(error: BaseException) -> str | None:
    """Ask an exception for its message, once; None where it has none to give."""
    try:
        return str(error)
    except BaseException as other:
        if is_limit(other):
            raise
        return None


def _has_its_traceback(error: BaseException) -> bool:
    """Whether it gives the traceback that it has."""
    try:
        return error.__traceback__ is _true_traceback(error)
    except BaseException as other:
        if is_limit(other):
            raise
        return False


def _in_place_of(error: BaseException, said: str) -> BaseException:
    """Make an exception of the same name, kind, message and place."""
    found = (k for k in type.mro(type(error)) if k.__module__ == "builtins")
    base = next((k for k in found if k.__str__ in KNOWN), Exception)
    if base in GROUPED:
        base = Exception
    kind: Any = type(type_name(error), (base,), {"__str__": lambda _: said})
    made: BaseException = kind.__new__(kind)
    trace: TracebackType | None = _true_traceback(error)
    return made.with_traceback(trace)


GROUPED = (BaseExceptionGroup, ExceptionGroup)  # which are made of others
