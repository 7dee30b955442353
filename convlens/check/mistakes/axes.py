"""What slips are made with: steps that are pairs, and arrays with some numbers at zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from operator import methodcaller
from typing import Any, Self

import numpy as np

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.shared import DILATION, STRIDE
from convlens.check.slips import Mistake, Slips

__all__ = ["ONE", "ZERO", "Pair", "Stepped", "around", "blank", "only", "pair", "steps", "under"]

Pair = tuple[int, int]

ONE, ZERO = (1, 1), (0, 0)


@dataclass(frozen=True)
class Stepped(Made):
    """What an answer is made of, steps down and to the right among it."""

    def stepped(self, name: str, take: Callable[[Pair], Pair]) -> Self:
        """Change a stride or a dilation."""
        return self.but(**{name: take(getattr(self, name))})


def steps(slips: Slips, where: str = "", names: Iterable[str] = ("stride", "dilation")) -> None:
    """Add what goes wrong with the two numbers of a stride and of a dilation."""
    for name, remedy in (("stride", STRIDE), ("dilation", DILATION)):
        if name in names:
            swapped = methodcaller("stepped", name, lambda both: both[::-1])
            slips(f"the two {name}s have changed places{where}", remedy, swapped)
            first = methodcaller("stepped", name, lambda both: (both[0], both[0]))
            slips(f"the first {name} is used for rows and columns{where}", remedy, first)


def under(rule: Slips, *parts: list[Mistake]) -> Slips:
    """Let mistakes be made under another rule too, that of a task whose answers are made alike."""
    rule.extend(replace(m, rule=rule) for part in parts for m in part)
    return rule


def pair(value: Any) -> Pair:
    """Read an int or a pair."""
    return (value, value) if isinstance(value, int) else tuple(value)


def only(array: Any, at: Any) -> Any:
    """Keep the numbers at an index, and set the others to zero."""
    kept = np.zeros_like(array)
    kept[at] = array[at]
    return kept


def blank(array: Any, *each: Any) -> Any:
    """Set the numbers at some indices to zero."""
    kept = np.array(array)
    for at in each:
        kept[at] = 0
    return kept


def around(y: Any, rows: Pair, columns: Pair) -> Any:
    """Add zeros before and after the rows and columns, which are the last axes."""
    return np.pad(y, [*[ZERO] * (y.ndim - 2), rows, columns])
