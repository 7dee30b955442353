"""What an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

__all__ = ["Made"]


@dataclass(frozen=True)
class Made:
    """What an answer is made of, in parts that a slip can change."""

    def but(self, **changed: Any) -> Self:
        """Change some of it."""
        return replace(self, **changed)
