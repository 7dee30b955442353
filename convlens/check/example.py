"""The call that failed: its arguments, the right answer and the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convlens.check.answers import array_of, same, within_reach
from convlens.check.source import written_call

__all__ = ["Example"]


@dataclass(frozen=True)
class Example:
    """The call that failed.

    Attributes
    ----------
    arguments : dict
        What was passed, by name.
    expected, got : object
        The right answer and the reader's.
    parts : tuple of str
        Names of the answers, where they are several.
    positional : tuple of str
        The arguments that were passed without their names.
    """

    arguments: Mapping[str, Any]
    expected: Any
    got: Any
    parts: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()

    def pair(self) -> tuple[str, Any, Any]:
        """Name the first part that differs, with the right answer and the reader's."""
        if not self.parts or not isinstance(self.got, tuple | list):
            return "", self.expected, self.got
        every = list(zip(self.parts, self.expected, self.got, strict=False))
        wrong = (part for part in every if not same(part[2], part[1]))
        return next(wrong, every[0]) if every else ("", self.expected, self.got)

    def arrays(self) -> tuple[Any, Any] | None:
        """Return both answers as arrays, where both are safe to read as such."""
        _, expected, got = self.pair()
        if not within_reach(got):
            return None
        both = array_of(expected), array_of(got)
        return None if both[0] is None or both[1] is None else both

    def call(self, name: str) -> str:
        """Write the call as Python that can be pasted below the function."""
        return written_call(name, self.arguments, self.positional)
