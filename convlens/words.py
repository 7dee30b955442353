"""Sizes and counts in words, the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["by", "counted", "listed", "times"]


def times(size: tuple[int, ...]) -> str:
    """Write a size for the eye.

    >>> times((4, 5))
    '4 × 5'
    """
    return " × ".join(map(str, size))


def by(size: tuple[int, ...]) -> str:
    """Write a size for the ear.

    >>> by((4, 5))
    '4 by 5'
    """
    return " by ".join(map(str, size))


def counted(count: int, thing: str) -> str:
    """Name a number of things.

    >>> counted(1, "tap"), counted(6, "tap")
    ('1 tap', '6 taps')
    """
    return f"{count} {thing}" + ("" if count == 1 else "s")


def listed(places: Sequence[Any]) -> str:
    """Write places, neighbours as a range.

    >>> listed([2, 3, 4]), listed([1, 3]), listed([5]), listed([])
    ('2 to 4', '1, 3', '5', 'none')
    """
    if len(places) == 0:
        return "none"
    first, last = int(places[0]), int(places[-1])
    if len(places) > 1 and last - first + 1 == len(places):
        return f"{first} to {last}"
    return ", ".join(str(int(k)) for k in places)
