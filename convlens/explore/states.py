"""Pictures for the page, many at once: each piece of them is sent once, however often it occurs."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from convlens.picture.marks import LEFT, misfit
from convlens.picture.shapes import Picture

__all__ = ["Table", "failed"]

LETTERS = 110  # of an error's message, in a line


class Table:
    """A list of pieces of SVG and of code, and for each setting which of them follow one another.

    >>> table = Table()
    >>> table.add({"svg": "<g><text>1</text></g>", "code": ""})
    >>> table.add({"svg": "<g><text>2</text></g>", "code": ""})
    >>> sent = table.sent()
    >>> sent["parts"], [state["svg"] for state in sent["states"]]
    (['<g>', '<text>1', '</text>', '</g>', '<text>2'], [[0, 1, 2, 3], [0, 4, 2, 3]])
    """

    def __init__(self) -> None:
        self._parts: dict[str, int] = {}
        self._states: list[dict[str, Any]] = []

    def add(self, state: dict[str, Any]) -> None:
        """Take in what the page is told of one setting."""
        pieces = {key: self._cut(state[key]) for key in ("svg", "code")}
        self._states.append({**state, **pieces})

    def sent(self, **more: Any) -> dict[str, Any]:
        """All of it, for the page."""
        return {"parts": list(self._parts), "states": self._states, **more}

    def _cut(self, text: str) -> list[int]:
        pieces = re.findall("<[^<]*", text)
        return [self._parts.setdefault(piece, len(self._parts)) for piece in pieces]


def failed(error: Exception, height: float) -> Picture:
    """Draw an error in place of a picture, as high as that."""
    said = f"{type(error).__name__}: {error}"
    lines = textwrap.wrap(said, LETTERS) or [said]
    p = Picture(900, max(height, 60.0 + 22 * len(lines)), said)
    p.text(LEFT, 36, "This setting cannot be drawn", 15, bold=True)
    for k, line in enumerate(lines):
        p.text(LEFT, 62 + 22 * k, line, 13)
    misfit(p, LEFT - 14, 10, 870, 40 + 22 * len(lines))
    return p
