"""One kind of example of a task, of which any number can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Arguments", "Case"]

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
