"""What there is to check: cases of growing difficulty, the right answer, and known mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from convlens.check.calling import Outcome

__all__ = ["Case", "Mistake", "Signature", "Task", "mistake", "observed"]

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One kind of example, of which any number can be drawn.

    Attributes
    ----------
    what : str
        What is tried here, as the reader is told: "stride=(2, 3)", "an image in Fortran order".
    make : callable
        From 0, 1, 2, ... to the arguments, by the names of the task's own function. 0 is the
        example that is shown, the smallest; the others are larger and hold other numbers.
    on : str
        Shapes of the arguments, where a function may take several.
    """

    what: str
    make: Callable[[int], Arguments]
    on: str = ""

    @property
    def title(self) -> str:
        """What is tried, and on what."""
        return f"{self.what}, with {self.on}" if self.on else self.what


@dataclass(frozen=True)
class Mistake:
    """A mistake that is known by its effect.

    Attributes
    ----------
    name : str
    diagnosis : str
        What is probably wrong, as a sentence.
    remedy : str
        What to change.
    wrong : callable
        The right function with this mistake in it.
    shows : callable, optional
        Recognises the mistake by watching a call, for those that can be seen beside a right answer
        (an array changed, a copy for a view). By default the answer has to be that of `wrong`.
    explains : bool
        Whether what is watched can be why numbers are wrong; if not, it is told of right ones only.
    """

    name: str
    diagnosis: str
    remedy: str
    wrong: Callable[..., Any]
    shows: Callable[[Outcome], bool] | None = None
    explains: bool = True


def mistake(diagnosis: str, remedy: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Make a Mistake of a function that gives the wrong answer on purpose."""

    def made(wrong: Callable[..., Any]) -> Mistake:
        return Mistake(wrong.__name__, diagnosis, remedy, wrong)

    return made


def observed(
    diagnosis: str, remedy: str, shows: Callable[[Outcome], bool], *, explains: bool = True
) -> Callable[[Callable[..., Any]], Mistake]:
    """Make a Mistake that is recognised by watching the call."""

    def made(wrong: Callable[..., Any]) -> Mistake:
        return Mistake(wrong.__name__, diagnosis, remedy, wrong, shows, explains)

    return made


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
    """

    right: Callable[..., Any]
    cases: Sequence[Case]
    mistakes: Sequence[Mistake] = ()
    neutral: Mapping[str, Callable[[Arguments], Any]] = field(default_factory=dict)
    steps: frozenset[str] = frozenset({"stride", "padding", "dilation"})
    parts: tuple[str, ...] = ()
    draws: int = 3
    needs: tuple[str, ...] = ()

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


class Signature:
    """What a reader's function takes, held against what a task can pass.

    Attributes
    ----------
    problem : str or None
        Why the function cannot be called at all.
    """

    def __init__(self, function: Callable[..., Any], task: Task) -> None:
        self.task = task
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except Exception:  # some functions written in C do not say, and an object may refuse
            parameters = [inspect.Parameter("several", inspect.Parameter.VAR_POSITIONAL)]
        kinds = {p.kind for p in parameters}
        count = len(task.required)
        free = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        rest = [*free[count:], *(p for p in parameters if p.kind is p.KEYWORD_ONLY)]
        named = [p for p in rest if p.kind is not p.POSITIONAL_ONLY]
        self.demanded = [p.name for p in rest if p.default is p.empty]
        self.defaults = {p.name: p.default for p in named if p.default is not p.empty}
        takes_any = inspect.Parameter.VAR_KEYWORD in kinds
        self.accepted = {n for n in task.optional if takes_any or n in {p.name for p in named}}
        several = inspect.Parameter.VAR_POSITIONAL in kinds
        self.problem = self._problem(count if several else len(free))

    def _problem(self, count: int) -> str | None:
        """Say why the function cannot be called, or not with all that it must have."""
        task = self.task
        if count < len(task.required):
            wanted = ", ".join(task.required)
            return f"it takes {count} of the {len(task.required)} arguments {wanted}"
        for name in self.demanded:
            if name not in task.optional:
                return f"its argument {name!r} is not among {', '.join(task.known)}"
            if name not in self.accepted:
                return f"its argument {name!r} cannot be passed by name"
        for name in task.needs:
            if name not in self.accepted:
                return f"it has no argument {name!r}"
        return None

    @property
    def lacking(self) -> tuple[str, ...]:
        """Arguments that some case has and the function has not."""
        asked = {name for case in self.task.cases for name in case.make(0)}
        return tuple(n for n in self.task.optional if n in asked - self.accepted)

    def missing(self, arguments: Arguments) -> list[str]:
        """Name the arguments of a case that the function does not take."""
        return [n for n in arguments if n in self.task.optional and n not in self.accepted]

    def keywords(self, arguments: Arguments) -> Arguments:
        """Choose what is passed by name: what the case says, and what the function demands."""
        filled = {n: self._neutral(n, arguments) for n in self.demanded if n not in arguments}
        return {n: v for n, v in arguments.items() if n in self.task.optional} | filled

    def may_refuse(self, arguments: Arguments) -> bool:
        """Whether the case gives a step in a form that the function need not take."""
        steps = self.task.steps & set(arguments) & self.accepted
        return any(_form(arguments[n]) != self._form_of_default(n) for n in steps)

    def _neutral(self, name: str, arguments: Arguments) -> Any:
        neutral = self.task.neutral.get(name)
        return self.task.optional[name] if neutral is None else neutral(arguments)

    def _form_of_default(self, name: str) -> str:
        """What the default looks like; a step without a default is taken for a pair."""
        return _form(self.defaults[name]) if name in self.defaults else "pair"


def _form(value: Any) -> str:
    """Tell a number from a pair, and both from richer things."""
    if isinstance(value, str):
        return "word"
    if not isinstance(value, tuple | list):
        return "number"
    return "sides" if any(isinstance(v, tuple | list) for v in value) else "pair"
