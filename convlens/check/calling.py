"""Call a reader's function so that nothing it does can harm: not an error, a loop, or a write.

Its arrays are copies that lie in the middle of a larger block of known numbers. A view that reaches
too far reads those and not the memory of others, and a write anywhere in the block is noticed.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.guard import Few, guarded
from convlens.check.limit import within
from convlens.check.settle import settled
from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Outcome", "call", "code_of", "place", "quietly"]

LONGEST = 200  # characters of an exception's message


@dataclass(frozen=True)
class Outcome:
    """What became of one call.

    Attributes
    ----------
    value : object
        What was returned.
    arguments : dict
        The very objects that were passed, by name, for questions about shared memory.
    error : BaseException or None
        The exception that left the function.
    late : bool
        Whether the time limit ended it.
    changed : tuple of str
        Names of the arrays that are not as they were before.
    raised : str or None
        The exception alone, which two functions with the same mistake have in common.
    """

    value: Any = None
    arguments: Mapping[str, Any] = None  # type: ignore[assignment]
    error: BaseException | None = None
    late: bool = False
    changed: tuple[str, ...] = ()
    raised: str | None = None

    @property
    def returned(self) -> bool:
        """Whether the function came to an end by itself."""
        return self.error is None and not self.late


def call(
    function: Callable[..., Any],
    positional: Mapping[str, Any],
    keywords: Mapping[str, Any],
    seconds: float,
    out: Few | None = None,
) -> Outcome:
    """Call `function` on copies of the arguments and say what became of it; never raises."""
    passed, blocks = _copies({**positional, **keywords})
    before = {name: _frozen(passed[name], blocks.get(name)) for name in passed}
    first, named = _apart(passed, positional)
    with guarded(out or Few(sys.stdout)):
        value, error, late = within(seconds, lambda: settled(function(*first, **named)))
    changed = tuple(n for n in passed if _frozen(passed[n], blocks.get(n)) != before[n])
    raised = None if error is None else _named(error)
    return Outcome(value, passed, error, late, changed, raised)


def quietly(
    function: Callable[..., Any], positional: Mapping[str, Any], keywords: Mapping[str, Any]
) -> Outcome:
    """Call a function of our own, which ends by itself and warns of nothing."""
    passed, _ = _copies({**positional, **keywords})
    first, named = _apart(passed, positional)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return Outcome(function(*first, **named), passed)
    except Exception as error:
        return Outcome(None, passed, error, raised=_named(error))


def _copies(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Copy what could be changed; arrays into blocks, which are returned as well."""
    passed, blocks = {}, {}
    for name, value in values.items():
        passed[name] = list(value) if isinstance(value, list) else value
        if isinstance(value, np.ndarray):
            passed[name], blocks[name] = place(value)
    return passed, blocks


def _apart(passed: dict[str, Any], positional: Mapping[str, Any]) -> tuple[list[Any], Any]:
    return [passed[n] for n in positional], {n: v for n, v in passed.items() if n not in positional}


def _frozen(value: Any, block: NDArray[Any] | None) -> Any:
    """Keep what an argument holds, to see whether it is changed."""
    if block is not None:
        return block.tobytes()
    return tuple(value) if isinstance(value, list) else None


def place(array: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Copy `array`, memory order and all, into the middle of a block; return both."""
    low, high = byte_span(array.shape, array.strides, array.itemsize)
    margin = 64 * array.itemsize + (high - low)
    numbers = np.arange((2 * margin + high - low) // array.itemsize) * 37 % 28 + 99
    block = numbers.astype(array.dtype)
    placed = np.ndarray(array.shape, array.dtype, block, margin - low, array.strides)
    placed[...] = array
    return placed, block


def _named(error: BaseException) -> str:
    """Name an exception with the first line of its message."""
    name = type(error).__name__
    try:
        said = str(error).strip().split("\n")[0]
    except Exception:  # even that may fail
        said = ""
    said = said if len(said) <= LONGEST else f"{said[:LONGEST]}..."
    return f"{name}: {said}" if said else name


def code_of(function: Any) -> Any:
    """Find the code of a function inside a partial, a decorator, or an object with a call."""
    try:
        while isinstance(function, partial):
            function = function.func
        function = inspect.unwrap(function)
        return getattr(function, "__code__", None) or function.__call__.__code__
    except Exception:  # written in C, or an object that answers as it likes
        return None
