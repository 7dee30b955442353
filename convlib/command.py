"""What every ``python -m`` here has in common: an end without a traceback, wherever output goes."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["finish"]

#: What a shell reports for a program that was stopped so.
INTERRUPTED = 128 + signal.SIGINT
NOBODY_READS = 128 + 13  # SIGPIPE, which Windows does not have


def finish(main: Callable[[], int], name: str) -> int:
    """Run a command, and give its exit code once all that it printed has been written.

    A pipe that is read no further, by `head` say, ends it without a word, and so does Ctrl-C; a
    disk that is full is told in one line.

    >>> finish(lambda: 3, "three")
    3
    """
    if sys.stderr is None:  # closed by `2>&-`: what is told there goes nowhere, and nothing breaks
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    code = 0
    try:
        code = _left(main)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = NOBODY_READS
    except OSError as error:
        if not code:  # else it has been told why
            code = 1
            with suppress(OSError):  # the same disk may be full for it
                print(f"{name}: {error}", file=sys.stderr)
    _let_go()
    return code


def _left(main: Callable[[], int]) -> int:
    """Give the exit code of a command that may leave in its midst, as argparse does."""
    try:
        return main()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0


def _let_go() -> None:
    """Send what cannot be written any more nowhere: Python's own last flush would complain."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
