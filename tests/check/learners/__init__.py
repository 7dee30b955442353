"""Functions as learners write them: wrong ones, and right ones written in unusual ways.

A file holds functions of one subject, each decorated with the check that it is given to::

    @wrong("output_size", says="first (place|position)|one too few")
    def no_first_place(size, kernel):
        return size - kernel

    @right("conv2d", x="HW", w="HW")
    def by_lists(x, w): ...
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Function = Callable[..., Any]
Keep = Callable[[Function], Function]

RIGHT: list["Attempt"] = []
WRONG: list["Attempt"] = []


@dataclass(frozen=True)
class Attempt:
    """A function, the check that it is given to, and what a true diagnosis of it says.

    Attributes
    ----------
    check : str
    function : callable
    asked : dict
        Keyword arguments of the check.
    says : str
        A regular expression that is found in every true diagnosis of a wrong function, and in no
        misleading one. It speaks of the thing ("stride", "row|height"), not of our wording.
    """

    check: str
    function: Callable[..., Any]
    asked: dict[str, Any] = field(default_factory=dict)
    says: str = ""


def wrong(check: str, says: str, **asked: Any) -> Keep:
    """Keep a function that is wrong."""

    def keep(function: Function) -> Function:
        WRONG.append(Attempt(check, function, asked, says))
        return function

    return keep


def right(check: str, **asked: Any) -> Keep:
    """Keep a function that is right."""

    def keep(function: Function) -> Function:
        RIGHT.append(Attempt(check, function, asked))
        return function

    return keep
