"""How predictions went, in a file beside the notebooks: one line of JSON an answer.

Lines are only ever added, so that two kernels which write at the same time lose nothing. The file
may be deleted at any time.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["MEMORY", "add", "read"]

LONGEST = 10_000  # bytes of a line
MEMORY = Path(".convlens.json")  # in the folder that the notebook runs in


def add(line: dict[str, Any], path: Path = MEMORY) -> str:
    """Add one answer to the file; return what the reader is told of it."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        # one write, at the end: what another kernel writes comes before or after it. It begins a
        # line, should the last one have been cut short
        with path.open("ab", buffering=0) as file:
            file.write(("\n" + json.dumps({**line, "when": when}) + "\n").encode())
    except OSError as error:
        return f"Not remembered: {path.name} cannot be written ({error.strerror})."
    return f"Remembered in {path.resolve()}, which you may delete."


def read(path: Path = MEMORY) -> tuple[list[dict[str, Any]], str]:
    """Read all answers, and say how many lines could not be read."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return [], ""
    except OSError as error:
        return [], f"{path.name} cannot be read ({error.strerror}), so nothing is recalled."
    told, broken = [], 0
    for text in filter(bytes.strip, lines):
        line = _line(text)
        told += [line] if line else []
        broken += line is None
    where = f"of {path.resolve()}"
    return told, f"{broken} lines {where} cannot be read and are left out." if broken else ""


def _line(text: bytes) -> dict[str, Any] | None:
    """Read one line; None if it is not one of ours."""
    try:
        line: Any = json.loads(text) if len(text) < LONGEST else None
        kinds = {"question": str, "right": bool, "when": str, "because": str | None}
        good = all(isinstance(line[key], kind) for key, kind in kinds.items())
        answer, choices = line["answer"], line["choices"]
        json.dumps(line, ensure_ascii=False).encode()  # half a character cannot be shown
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    numbers = answer if isinstance(answer, list) else [answer]
    known = isinstance(answer, str) or (
        numbers and all(type(v) in (int, float) and abs(v) <= 2**53 for v in numbers)
    )
    offered = choices is None or (isinstance(choices, list) and str(answer) in choices)
    return line if good and known and offered else None
