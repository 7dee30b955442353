"""Call a reader's function so that nothing it does can harm: not an error, a loop, or a write.

Its arrays are copies that lie in the middle of a larger block of known numbers. A view that reaches
too far reads those and not the memory of others, and a write anywhere in the block is noticed.
"""

from __future__ import annotations

import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.limit import within
from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Outcome", "call", "code_of", "place"]

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
    error : str or None
        The exception that left the function, with the line where it was raised.
    late : bool
        Whether the time limit ended it.
    changed : tuple of str
        Names of the arrays that are not as they were before.
    raised : str or None
        The exception alone, which two functions with the same mistake have in common.
    """

    value: Any = None
    arguments: Mapping[str, Any] = None  # type: ignore[assignment]
    error: str | None = None
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
) -> Outcome:
    """Call `function` on copies of the arguments and say what became of it; never raises."""
    passed, blocks = {}, {}
    for name, value in {**positional, **keywords}.items():
        passed[name] = list(value) if isinstance(value, list) else value
        if isinstance(value, np.ndarray):
            passed[name], blocks[name] = place(value)
    before = {name: block.tobytes() for name, block in blocks.items()}
    first = [passed[name] for name in positional]
    named = {name: passed[name] for name in keywords}
    value, error, late = within(seconds, lambda: function(*first, **named))
    changed = tuple(name for name, block in blocks.items() if block.tobytes() != before[name])
    raised = None if error is None else _named(error)
    told = None if error is None or raised is None else raised + _where(error, function)
    return Outcome(value, passed, told, late, changed, raised)


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


def _where(error: BaseException, function: Callable[..., Any]) -> str:
    """Quote the reader's line that led to an exception, where it is known."""
    file = getattr(code_of(function), "co_filename", None)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == file and frame.lineno:
            line = linecache.getline(frame.filename, frame.lineno).strip()
            return f", at the line `{line}`" if line else ""
    return ""


def code_of(function: Any) -> Any:
    """Find the code of a function inside a partial, a decorator, or an object with a call."""
    try:
        while isinstance(function, partial):
            function = function.func
        function = inspect.unwrap(function)
        return getattr(function, "__code__", None) or function.__call__.__code__
    except Exception:  # written in C, or an object that answers as it likes
        return None
