"""What a reader's function prints: the first lines of it, and how many were left out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["Few"]

LINES = 20  # that a function may print in one check
LETTERS = 2000  # of all its lines together


class Few:
    """Counts what is printed to both streams in one check, and passes the first of it on."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.counting = False
        self._begin()

    def _begin(self) -> None:
        self.lines = self.letters = 0  # that were printed
        self.shown = self.passed = 0  # those of them that were passed on
        self.ended = True  # whether the last one that was passed on ends its line

    @contextlib.contextmanager
    def limited(self) -> Iterator[None]:
        """Count; what is written through a face at another time goes through."""
        self.counting = True
        try:
            yield
        finally:
            self.counting = False

    def of(self, text: str) -> str:
        """Choose what is passed on of a text."""
        self.lines += text.count("\n")
        self.letters += len(text)
        chosen = text[: max(0, LETTERS - self.passed)]
        chosen = _lines(chosen, LINES - self.shown)
        self.shown += chosen.count("\n")
        self.passed += len(chosen)
        self.ended = chosen.endswith("\n") if chosen else self.ended
        return chosen

    def close(self) -> None:
        """Say how much was left out."""
        lines, letters = self.lines - self.shown, self.letters - self.passed
        if letters:
            left = f"{lines:,} lines more" if lines else f"{letters:,} characters more"
            with contextlib.suppress(Exception):  # the stream may be closed by now, or be none
                self.stream.write(f"{'' if self.ended else chr(10)}... and {left}\n")
        self._begin()


def _lines(text: str, most: int) -> str:
    """Take so many lines, and not what follows the last of them."""
    if most <= 0:
        return ""
    parts = text.split("\n", most)
    return text if len(parts) <= most else "".join(f"{p}\n" for p in parts[:most])


class Face:
    """The stream that a function sees: it cannot be closed, and there is always one."""

    def __init__(self, few: Few, stream: Any) -> None:
        self.few, self.stream = few, stream

    def write(self, text: str) -> int:
        """Pass on what is chosen."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        chosen = self.few.of(text) if self.few.counting else text
        if chosen and self.stream is not None:
            self.stream.write(chosen)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write them one by one."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on what waits, where there is a stream."""
        if self.stream is not None:
            self.stream.flush()

    def close(self) -> None:
        """Stay open."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
