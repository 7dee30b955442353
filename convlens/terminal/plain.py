"""Frames as lines of plain text in any file: no escape codes, nothing to leave behind."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from convlens.terminal.page import text
from convlens.terminal.stage import asleep

if TYPE_CHECKING:
    from convlib.frames import Frame

__all__ = ["print_frames", "screen_size", "shows_signs"]

#: For an output that can show ASCII only; one character for one, so that columns stay.
SIGNS = "−×·…⋮║Σ∞→←"
ASCII = str.maketrans(SIGNS, "-x.~:|SI><")


def shows_signs(file: TextIO) -> bool:
    """Tell whether the file's encoding has the signs that the pages use."""
    return _written(SIGNS, file) == SIGNS


def print_frames(frames: Iterable[Frame], family: str, speed: float, file: TextIO) -> None:
    """Print frames one under the other, so many a second; at infinite speed without waiting."""
    width, height = _size(file)
    for number, frame in enumerate(frames):
        if number:
            asleep(1 / speed)
            print(file=file)
        print(_written(text(frame, family, width, height), file), file=file)
        # In a notebook each flush would make an output of its own.
        if speed < math.inf:
            file.flush()


def _size(file: TextIO) -> tuple[int, int]:
    """Columns and lines for text: a terminal's own, otherwise the same everywhere."""
    # A notebook's output has a file number too: that of the terminal where Jupyter was started.
    if not file.isatty():
        return 100, 40
    columns, lines = screen_size(file)
    return columns - 1, lines - 1


def screen_size(file: TextIO) -> tuple[int, int]:
    """Columns and lines of the terminal as it is now, whatever COLUMNS and LINES once were."""
    try:
        columns, lines = os.get_terminal_size(file.fileno())
    except (OSError, ValueError):
        columns, lines = 0, 0
    return columns or 80, lines or 24  # a terminal may not know, and then says 0


def _written(page: str, file: TextIO) -> str:
    """Keep to ASCII where the file's encoding has no signs for the rest."""
    try:
        page.encode(file.encoding or "utf-8")
    except UnicodeEncodeError:
        return page.translate(ASCII)
    return page
