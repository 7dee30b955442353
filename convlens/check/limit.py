"""Let a function run for so long and no longer, whatever it catches.

A thread can be told to stop on every system, a signal only on some. One long call into C is told at
its end. In `while True: try: ... except: pass` one exception changes nothing, nor do a hundred that
come while the same call is under way; it takes one that comes outside the `try`.
"""

from __future__ import annotations

import contextvars
import ctypes
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

__all__ = ["WORKER", "stop_stray", "within"]

WORKER = "convlens.check"  # name of the thread that runs a reader's function

PATIENCE, TRIES = 1.0, 20  # seconds that a function may take to come to its end


class TimeLimit(BaseException):
    """Raised inside a function that takes too long; no `except Exception` catches it."""


def within(seconds: float, work: Callable[[], Any]) -> tuple[Any, BaseException | None, bool]:
    """Let `work` run for so long; return its value, its error, and whether it was too late."""
    ended: list[tuple[Any, BaseException | None]] = []
    limit = Limit()

    def run() -> None:
        limit.thread.value = threading.get_ident()
        end: tuple[Any, BaseException | None]
        try:
            end = work(), None
        except BaseException as error:  # SystemExit too: a checker does not end with its subject
            end = None, error
        limit.over = True
        limit.thread.value = 0
        try:
            ended.append(end)
            for _ in range(3):
                pass  # an exception that is still under way comes at the end of a turn
        except TimeLimit:
            pass

    # The context carries np.errstate, and in Jupyter the cell that printed lines belong to.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), name=WORKER, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:  # also where the reader interrupts the cell
        late = thread.is_alive()
        if late:
            limit.stop(thread)
    return (None, None, True) if late or not ended else (*ended[0], False)


def stop_stray(threads: Iterable[threading.Thread]) -> None:
    """Stop the threads that a function began and left behind."""
    for thread in threads:
        for _ in range(TRIES):
            if not thread.is_alive():
                break
            _raise_in(ctypes.c_ulong(thread.ident or 0), SystemExit)  # which no thread prints
            thread.join(PATIENCE / TRIES)


class Again:
    """Raises TimeLimit in a thread, and wherever that is caught, at once again.

    An exception that is raised from outside becomes an instance where it is caught. Its `__init__`
    raises the next, which comes one step later: outside the `try`. That is written in C, for a line
    of Python could itself be interrupted.

    Attributes
    ----------
    over : bool
        Set by the thread at its end: from then on nothing is raised.
    thread : c_ulong
        Number of the thread; with 0 the exception is not raised again.
    """

    def __init__(self) -> None:
        self.over = False
        self.thread = ctypes.c_ulong(0)
        self.kind = type("TimeLimit", (TimeLimit,), {})
        again = staticmethod(partial(_raise_in, self.thread, self.kind))
        setattr(self.kind, "__init__", again)  # noqa: B010

    def stop(self, thread: threading.Thread) -> None:
        """Raise the exception in a thread that still runs."""
        for _ in range(TRIES):
            if not self.over:
                _raise_in(self.thread, self.kind)
            thread.join(PATIENCE / TRIES)
            if not thread.is_alive():
                return


#: PyThreadState_SetAsyncExc(thread, exception), without its result. Never call it without an
#: exception: Python 3.11 then goes on looking for one, and under a tracer for ever.
_raise_in = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.py_object)(
    ("PyThreadState_SetAsyncExc", ctypes.pythonapi)
)


class AtEveryLine:
    """Raises TimeLimit at every line and every jump of a thread, so that no loop can catch it.

    From Python 3.12 on, where a program can watch the lines of any thread.
    """

    def __init__(self) -> None:
        self.over = False
        self.thread = ctypes.c_ulong(0)

    def stop(self, thread: threading.Thread) -> None:
        """Raise the exception in a thread that still runs."""
        watch = sys.monitoring  # type: ignore[attr-defined]
        tool = next(t for t in range(5, -1, -1) if watch.get_tool(t) is None)
        watch.use_tool_id(tool, "convlens.check")
        events = watch.events.LINE, watch.events.JUMP
        for event in events:
            watch.register_callback(tool, event, self.reached)
        watch.set_events(tool, sum(events))
        thread.join(PATIENCE)
        watch.set_events(tool, 0)
        watch.free_tool_id(tool)

    def reached(self, code: Any, *_: Any) -> None:
        """Raise, but not in the lines that write the end down."""
        mine = threading.get_ident() == self.thread.value
        if mine and code.co_filename not in (__file__, threading.__file__):
            raise TimeLimit


Limit = AtEveryLine if sys.version_info >= (3, 12) else Again
