"""Stop the work of a thread: first as an exception would, and then whatever it catches.

Most functions end with the first exception, and what they hold (a lock, a file) is let go on the
way out. In `while True: try: ... except: pass` one exception changes nothing, nor do a hundred that
come while the same call is under way; it takes one that comes outside the `try`. One long call into
C is told at its end.
"""

from __future__ import annotations

import ctypes
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

__all__ = ["PATIENCE", "TimeLimit", "Work"]

HOLD = 1.0  # seconds in which an import, or what takes a lock, may come to its end
GRACE = 0.2  # seconds in which a function that was told to stop may do so by itself
PATIENCE, TRIES = 1.0, 20  # seconds that it may take after that, and how often it is told
MOMENT = 0.005  # seconds from one look to the next

#: Files whose functions hold locks that others wait for.
HOLDING = {threading.__file__, queue.__file__, logging.__file__}


class TimeLimit(BaseException):
    """Raised inside a function that takes too long; no `except Exception` catches it."""


#: PyThreadState_SetAsyncExc(thread, exception), without its result. Never call it without an
#: exception: Python 3.11 then goes on looking for one, and under a tracer for ever.
_raise_in = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.py_object)(
    ("PyThreadState_SetAsyncExc", ctypes.pythonapi)
)


class Work:
    """Work that a thread does, and that another thread can stop.

    Attributes
    ----------
    end : tuple or None
        Its value and its error.
    over : bool
        Set by the thread at its end: from then on nothing is raised.
    thread : c_ulong
        Number of the thread; with 0 nothing is raised.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.end: tuple[Any, BaseException | None] | None = None
        self.over = False
        self.thread = ctypes.c_ulong(0)
        # Neither Thread.join, which takes a thread for ended when it is interrupted, nor an Event,
        # whose own lines can be interrupted: a lock is let go by one call into C.
        self.done = threading.Lock()
        self.done.acquire()

    def run(self) -> None:
        """Do the work. An exception from outside comes at a call or at the end of a turn."""
        self.thread.value = threading.get_ident()
        end: tuple[Any, BaseException | None]
        try:
            end = self.work(), None
        except BaseException as error:  # SystemExit too: a checker does not end with its subject
            end = None, error
        self.end = end
        self.over = True
        self.thread.value = 0
        try:
            for _ in range(3):
                pass  # one that is still under way comes here
        except TimeLimit:
            pass
        self.done.release()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, and say whether it came."""
        if self.done.acquire(timeout=seconds):
            self.done.release()
        return self.over

    def stop(self) -> None:
        """Raise TimeLimit in the thread: once, and then again and again."""
        until = time.perf_counter() + HOLD
        while self.holds() and time.perf_counter() < until:
            if self.wait(MOMENT):
                return
        _raise_in(self.thread, TimeLimit)
        if not self.wait(GRACE):
            insist(self)

    def holds(self) -> bool:
        """Whether the thread is in the midst of an import, or of what takes a lock."""
        frame = sys._current_frames().get(self.thread.value)
        while frame is not None and frame.f_code is not Work.run.__code__:
            below = frame.f_back
            first = below is not None and below.f_code is Work.run.__code__  # it may be Thread.run
            if holding(frame) and not first:
                return True
            frame = below
        return False


def holding(frame: FrameType) -> bool:
    """Whether a frame is one of a module that holds locks."""
    file = frame.f_code.co_filename
    return file in HOLDING or file.startswith("<frozen importlib")


def again(work: Work) -> None:
    """Raise an exception that is raised again wherever it is caught.

    An exception that is raised from outside becomes an instance where it is caught. Its `__init__`
    raises the next, which comes one step later: outside the `try`. That is written in C, for a line
    of Python could itself be interrupted.
    """
    kind = type("TimeLimit", (TimeLimit,), {})
    setattr(kind, "__init__", staticmethod(partial(_raise_in, work.thread, kind)))  # noqa: B010
    for turn in range(TRIES):
        # Better where it holds nothing; but it may do so all the time.
        if not work.over and (turn > TRIES // 2 or not work.holds()):
            _raise_in(work.thread, kind)
        if work.wait(PATIENCE / TRIES):
            return


def at_every_line(work: Work) -> None:
    """Raise TimeLimit at every line and every jump of the thread, so that no loop can catch it.

    From Python 3.12 on, where a program can watch the lines of any thread.
    """
    monitoring = sys.monitoring  # type: ignore[attr-defined]
    tool = next((t for t in range(5, -1, -1) if monitoring.get_tool(t) is None), None)
    if tool is None:
        return again(work)
    monitoring.use_tool_id(tool, "convlens.check")
    events = monitoring.events.LINE, monitoring.events.JUMP
    try:
        for event in events:
            monitoring.register_callback(tool, event, partial(_reached, work))
        monitoring.set_events(tool, sum(events))
        work.wait(PATIENCE)
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)
    return None


def _reached(work: Work, code: Any, *_: Any) -> None:
    """Raise, but not in the lines that write the end down, nor in those that let a lock go."""
    file = code.co_filename
    held = file in HOLDING or file.startswith("<frozen importlib")
    if threading.get_ident() == work.thread.value and file != __file__ and not held:
        raise TimeLimit


insist = at_every_line if sys.version_info >= (3, 12) else again
