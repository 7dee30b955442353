"""The terminal itself: keys without Enter, a screen of our own, and everything put back after."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["keyboard", "orderly", "own_screen"]

#: Signals to stop that this system has.
STOPS = [getattr(signal, k) for k in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, k)]
ONE_KEY = re.compile(r"\x1b\[[0-9;]*[A-Za-z~]|\x1bO.|.", re.DOTALL)


@contextmanager
def orderly() -> Iterator[None]:
    """Turn the first signal to stop into an exception; no second one disturbs the leaving."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told of signals
        return

    def leave(number: int, _: FrameType | None) -> NoReturn:
        for stop in STOPS:
            signal.signal(stop, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)  # what a shell reports for a program that a signal ended

    before = {stop: signal.getsignal(stop) for stop in STOPS}
    try:
        for stop in STOPS:
            # One that was ignored, as nohup does, or set by other than Python, stays so.
            if before[stop] not in (signal.SIG_IGN, None):
                signal.signal(stop, leave)
        yield
    finally:
        for stop, handler in before.items():
            if handler is not None:
                signal.signal(stop, handler)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals to stop wait until the terminal has been put back."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def keyboard() -> Iterator[Callable[[float], str] | None]:
    """Give keys one by one, without echo; None where standard input is not a terminal.

    Yields
    ------
    callable or None
        Waits some seconds at most, and returns the key pressed, or "" for none.
    """
    try:
        import termios
        import tty

        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
    # No such module, no such file, a file that is closed, or no terminal.
    except (ImportError, OSError, ValueError, AttributeError, termios.error):
        yield None
        return
    typed: list[str] = []

    def key(seconds: float) -> str:
        if not typed and select.select([number], [], [], seconds)[0]:
            read = os.read(number, 1024)
            # Nothing to read although there should be: the terminal was closed.
            typed.extend(ONE_KEY.findall(read.decode(errors="replace")) if read else "q")
        return typed.pop(0) if typed else ""

    try:
        tty.setcbreak(number, termios.TCSADRAIN)
        # Ctrl-Z does nothing: stopped there, the program would leave its screen behind.
        attributes = termios.tcgetattr(number)
        attributes[6][termios.VSUSP] = bytes([os.fpathconf(number, "PC_VDISABLE") & 0xFF])
        termios.tcsetattr(number, termios.TCSADRAIN, attributes)
        yield key
    finally:
        with _undisturbed(), suppress(termios.error):  # the terminal itself may be gone
            termios.tcsetattr(number, termios.TCSADRAIN, before)


def asleep(seconds: float) -> str:
    """Wait as a keyboard does on which nobody types."""
    time.sleep(seconds)
    return ""


@contextmanager
def own_screen(console: Console) -> Iterator[None]:
    """Draw on the alternate screen without a cursor, and give the old screen back."""
    try:
        console.set_alt_screen(True)
        console.show_cursor(False)
        yield
    finally:
        with _undisturbed(), suppress(OSError):  # the terminal itself may be gone
            # Cleared, because tmux would keep a part of it if its size changed meanwhile.
            console.clear()
            console.show_cursor(True)
            console.set_alt_screen(False)
