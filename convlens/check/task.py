"""What there is to check: cases of growing difficulty, the right answer, and known mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from convlens.check.case import Arguments, Case
from convlens.check.kinds import of_other_numbers
from convlens.check.slips import Mistake

__all__ = ["Task"]


@dataclass(frozen=True)
class Task:
    """Something to write, and all that is needed to judge an attempt at it.

    Attributes
    ----------
    right : callable
        The function that is right. Its parameters without a default are passed by position, in its
        order; the others by name, and only to a function that has them.
    cases : sequence of Case
        In growing difficulty.
    mistakes : sequence of Mistake
    neutral : mapping of str to callable
        For a parameter that the reader's function demands and a case does not speak of: from the
        arguments to a value that changes nothing. Otherwise it is the default of `right`.
    steps : frozenset of str
        Parameters that take an int or a pair. A reader's function need take only one of the two,
        which its default tells; with the other it may raise.
    parts : tuple of str
        Names of the values returned, where they are several arrays.
    draws : int
        For so many examples of the case that failed, a mistake has to give the very answer of the
        reader. Few are enough where answers are arrays; single numbers agree by chance.
    needs : tuple of str
        Optional parameters that the reader's function must have.
    exact : tuple of str
        Arrays that hold indices; in the others the plainest case is tried with other numbers too.
    then : str
        What to try next, where all is right.
    fit : callable, optional
        From arguments some of which were made smaller to such as fit together again.
    """

    right: Callable[..., Any]
    cases: Sequence[Case]
    mistakes: Sequence[Mistake] = ()
    neutral: Mapping[str, Callable[[Arguments], Any]] = field(default_factory=dict)
    steps: frozenset[str] = frozenset({"stride", "padding", "dilation"})
    parts: tuple[str, ...] = ()
    draws: int = 3
    needs: tuple[str, ...] = ()
    exact: tuple[str, ...] = ("grid", "array")
    then: str = ""
    fit: Callable[[Arguments], Arguments] | None = None

    def __post_init__(self) -> None:
        small = any("uint8" in case.what or case.what == "bytes" for case in self.cases)
        others = (
            other
            for other in of_other_numbers(self.cases[0], self.exact)
            if not (small and "uint8" in other.what)
        )
        object.__setattr__(self, "cases", (*self.cases, *others))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Names of what is passed by position."""
        return tuple(n for n, p in self._parameters.items() if p.default is p.empty)

    @cached_property
    def optional(self) -> dict[str, Any]:
        """Names and defaults of what is passed by name."""
        return {n: p.default for n, p in self._parameters.items() if p.default is not p.empty}

    @property
    def known(self) -> list[str]:
        """All that a function may take."""
        return [n for n in self._parameters if n != "method"]

    @property
    def _parameters(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.right).parameters
