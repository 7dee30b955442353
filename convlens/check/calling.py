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
from types import CodeType
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.answering import Answer, answered
from convlens.check.guard import Few, guarded
from convlens.check.limit import inside, within
from convlens.check.words import named, type_name
from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Outcome", "call", "code_of", "place", "quietly"]

NESTED = 100  # partials in one another that are looked into


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
    first, named_ones = _apart(passed, positional)
    work = partial(answered, lambda: function(*first, **named_ones))
    value, error, raised, late = _in_time(work, seconds, out or Few(sys.stdout))
    changed = tuple(n for n in passed if _frozen(passed[n], blocks.get(n)) != before[n])
    return Outcome(value, passed, error, late, changed, raised)


def _in_time(
    work: Callable[[], Answer], seconds: float, out: Few
) -> tuple[Any, BaseException | None, str | None, bool]:
    """Do the work in its time, with everything put back; and say whether it came too late."""
    if inside():  # a check inside a check: the time of the outer one runs, and its guard stands
        return *work(), False
    with guarded(out):
        answer, error, late = within(seconds, work)
    if answer is not None:
        return *answer, late
    return None, error, None if error is None else type_name(error), late


def quietly(
    function: Callable[..., Any], positional: Mapping[str, Any], keywords: Mapping[str, Any]
) -> Outcome:
    """Call a function of our own, which ends by itself and warns of nothing."""
    passed, _ = _copies({**positional, **keywords})
    first, named_ones = _apart(passed, positional)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return Outcome(function(*first, **named_ones), passed)
    except Exception as error:
        return Outcome(None, passed, error, raised=named(error, str(error)))


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
    # Where a byte is taken for a number of 8, a view reaches eight times as far.
    margin = 64 * array.itemsize + 8 * (high - low)
    numbers = np.arange((2 * margin + high - low) // array.itemsize) * 37 % 28 + 99
    block = numbers.astype(array.dtype)
    placed = np.ndarray(array.shape, array.dtype, block, margin - low, array.strides)
    placed[...] = array
    return placed, block


def code_of(function: Any) -> CodeType | None:
    """Find the code of a function inside a partial, a decorator, or an object with a call."""
    try:
        for _ in range(NESTED):
            if not issubclass(type(function), partial):
                break
            function = function.func
        function = inspect.unwrap(function)
        found = (getattr(function, "__code__", None), getattr(function.__call__, "__code__", None))
        return next((code for code in found if type(code) is CodeType), None)
    except BaseException:  # written in C, or an object that answers as it likes
        return None
