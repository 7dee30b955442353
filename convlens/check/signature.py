"""What a reader's function takes, held against what a task can pass."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from convlens.check.case import Arguments
from convlens.check.task import Task

__all__ = ["Signature"]


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
        except BaseException:  # some functions written in C do not say, and an object may refuse
            parameters = [inspect.Parameter("several", inspect.Parameter.VAR_POSITIONAL)]
        kinds = {p.kind for p in parameters}
        count = len(task.required)
        free = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        rest = [*free[count:], *(p for p in parameters if p.kind is p.KEYWORD_ONLY)]
        named = [p for p in rest if p.kind is not p.POSITIONAL_ONLY]
        self.demanded = [p.name for p in rest if p.default is p.empty]
        self.defaults = {p.name: p.default for p in named if p.default is not p.empty}
        self.takes_any = inspect.Parameter.VAR_KEYWORD in kinds
        self.named = {p.name for p in named}
        self.accepted = {n for n in task.optional if self.takes_any or n in self.named}
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

    def swallowed(self, arguments: Arguments) -> list[str]:
        """Name what only **anything takes of a case."""
        return [n for n in arguments if n in self.accepted - self.named]

    def learn(self, raised: str | None) -> None:
        """Believe a function that takes **anything, and then refuses some of it by name."""
        refused = re.search(r"^TypeError.*unexpected keyword argument '(\w+)'", raised or "")
        if self.takes_any and refused:
            self.accepted.discard(refused.group(1))

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
