"""The call that failed: its arguments, the right answer and the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from convlens.check.answers import array_of, first_difference, same, within_reach
from convlens.check.source import SMALL, line, written_call

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

    def side_by_side(self) -> list[str]:
        """Set the right answer and the reader's next to each other."""
        name, expected, got = self.pair()
        both = self.arrays()
        head = [f"{name} expected".strip(), f"{name} yours".strip()]
        if both is not None and max(a.size for a in both) > SMALL and min(a.size for a in both):
            head, both = _one_plane(head, both)
        if both is None or max(a.size for a in both) > SMALL:
            answers = [expected] if got is None else [expected, got]
            return [f"{h}: {line(a)}" for h, a in zip(head, answers, strict=False)]
        left, right = ([h, *str(a).splitlines()] for h, a in zip(head, both, strict=True))
        width = max(map(len, left)) + 4
        return [f"{a:{width}}{b}".rstrip() for a, b in zip_longest(left, right, fillvalue="")]


def _one_plane(head: list[str], both: tuple[Any, Any]) -> tuple[list[str], tuple[Any, Any]]:
    """Choose the plane with the first number that differs of arrays with more axes."""
    expected, got = both
    if expected.ndim != got.ndim or expected.ndim < 3:
        return head, both
    at = first_difference(got, expected)
    plane = (-1,) * (expected.ndim - 2) if at is None else at[:-2]
    where = "the last plane" if at is None else f"plane {list(plane)}"
    named = [f"{h}, {where} of shape {a.shape}" for h, a in zip(head, both, strict=True)]
    return named, (expected[plane], got[plane])
