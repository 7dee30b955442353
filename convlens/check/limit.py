"""Let a function run for so long and no longer, whatever it catches.

A thread can be told to stop on every system, a signal only on some. How it is told is in `stop`.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

from convlens.check.stop import TimeLimit, Work

__all__ = ["TimeLimit", "inside", "mark", "stop_stray", "within"]

WORKER = "convlens.check"  # name of the thread that runs a reader's function
TIMES = 5  # that a reader may interrupt what has to be done


def within(seconds: float, work: Callable[[], Any]) -> tuple[Any, BaseException | None, bool]:
    """Let `work` run for so long; return its value, its error, and whether it was too late."""
    # The context carries np.errstate, and in Jupyter the cell that printed lines belong to.
    job = Work(work)
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(job.run,), name=WORKER, daemon=True)
    mark(thread)
    late, most = True, min(max(0.0, seconds), threading.TIMEOUT_MAX)
    try:  # from here on no function by its name alone: the work may give `max` another meaning
        thread.start()
        late = not job.wait(most)
    finally:  # also where the reader interrupts the cell
        if not job.over:
            in_spite_of_interrupts(job.stop)
        if job.over:  # what is left of the thread takes no time
            thread.join()
    return (None, None, True) if late or job.end is None else (*job.end, False)


def in_spite_of_interrupts(act: Callable[[], Any]) -> None:
    """Do what has to be done once more where ^C comes in between, and tell of that afterwards."""
    interrupt = None
    for _ in range(TIMES):
        try:
            act()
            break
        except KeyboardInterrupt as again:
            interrupt = again
    if interrupt is not None:
        raise interrupt


def mark(thread: threading.Thread) -> None:
    """Remember that a thread runs what a reader wrote."""
    setattr(thread, WORKER, True)


def inside() -> bool:
    """Whether this is called by a reader's function: a check inside a check."""
    return getattr(threading.current_thread(), WORKER, False)


def watch(thread: threading.Thread) -> Work:
    """Make a thread that a function is about to begin one that can be stopped."""
    job = Work(thread.run)
    mark(thread)

    def run() -> None:
        job.run()
        error = job.end[1] if job.end else None
        if error is not None and not issubclass(type(error), TimeLimit):
            raise error

    thread.run = run  # type: ignore[method-assign]
    return job


def stop_stray(jobs: list[Work]) -> None:
    """Stop the threads that a function began and left behind."""
    for job in jobs:
        if not job.over:
            job.stop()
