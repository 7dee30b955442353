"""A reader's function, ready to be called as a task calls it, for so long and no longer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from convlens.check.answers import complaint, same
from convlens.check.calling import Outcome, call, quietly
from convlens.check.case import Arguments, Case
from convlens.check.guard import Few, alone
from convlens.check.signature import Signature
from convlens.check.slips import Mistake
from convlens.check.task import Task

__all__ = ["Run", "shared"]

CHECK = 2  # a whole check may take so many times as long as one call


def shared(seconds: float) -> tuple[Few, float]:
    """Give what several runs of one check share, in the order in which `Run` takes it."""
    return Few(sys.stdout), time.perf_counter() + CHECK * seconds


class Run:
    """A reader's function and the task that it is held against.

    Attributes
    ----------
    seconds : float
        Time limit of one call.
    out : Few
        Where the function prints to; several runs of one check share it.
    end : float
        Time at which the check is over; several runs of one check share it.
    """

    def __init__(
        self,
        task: Task,
        function: Callable[..., Any],
        seconds: float,
        out: Few | None = None,
        end: float | None = None,
    ) -> None:
        self.task, self.function, self.seconds = task, function, seconds
        self.signature = Signature(function, task)
        self.out = Few(sys.stdout) if out is None else out
        self.short = False  # whether the last call had less time than a call has
        self.end = time.perf_counter() + CHECK * seconds if end is None else end

    def __call__(self, arguments: Arguments) -> Outcome:
        """Call the function with those arguments that it takes, in the time that is left."""
        asked = time.perf_counter()
        with alone():
            begun = time.perf_counter()
            self.end += begun - asked  # to wait for the check of another thread costs no time
            left = min(self.seconds, self.end - begun)
            self.short = left < self.seconds
            if left <= 0:
                return Outcome(late=True)
            outcome = call(self.function, *self.passed(arguments), left, self.out)
        self.signature.learn(outcome.raised)
        self._forget_what_is_ignored(arguments, outcome)
        return outcome

    def _forget_what_is_ignored(self, arguments: Arguments, outcome: Outcome) -> None:
        """Take a keyword that goes into **anything, and changes nothing, for one it has not."""
        ignored = self.signature.swallowed(arguments)
        left = {n: v for n, v in arguments.items() if n not in ignored}
        if ignored and outcome.returned:
            bare = quietly(self.task.right, *self.passed(left))
            if bare.returned and same(outcome.value, bare.value, self.task.parts):
                full = quietly(self.task.right, *self.passed(arguments))
                if not same(full.value, bare.value, self.task.parts):
                    self.signature.accepted -= set(ignored)

    def example(self, case: Case, draw: int) -> Arguments | None:
        """Draw an example that the function takes; None where that leaves nothing of the case.

        Of several steps together it is given those that it has, if they are two or more.
        """
        arguments = case.make(draw)
        missing = self.signature.missing(arguments)
        if not missing:
            return arguments
        left = {n: v for n, v in arguments.items() if n not in missing}
        if sum(n in self.task.optional for n in left) < 2:
            return None
        try:
            left = self.task.fit(left) if self.task.fit else left
            self.task.right(**left)
        except Exception:  # what is left does not fit together
            return None
        return left

    def passed(self, arguments: Arguments) -> tuple[Arguments, Arguments]:
        """Split arguments into those by position and those by name."""
        positional = {name: arguments[name] for name in self.task.required}
        return positional, self.signature.keywords(arguments)

    def shown(self, arguments: Arguments) -> Arguments:
        """List the arguments of the call, in order."""
        positional, keywords = self.passed(arguments)
        return {**positional, **keywords}

    def wrong(self, outcome: Outcome, arguments: Arguments) -> str | None:
        """Say in what an outcome is not the right one; None where it is."""
        if outcome.late and self.short:
            return (
                f"all calls together took more than {CHECK * self.seconds:g} s: the examples are "
                "small, so look for work that is done over and over"
            )
        expected = self.task.right(**arguments)
        return complaint(outcome, expected, self.task.parts, self.seconds, self.function)

    def watched(self, outcome: Outcome, right: bool) -> list[Mistake]:
        """Find the mistakes that are seen in how the function behaved, whatever it returned."""
        if not outcome.returned:
            return []
        asked = [m for m in self.task.mistakes if right or m.explains]
        return [m for m in asked if m.shows is not None and m.shows(outcome)]
