"""Leave the process as it was, whatever a reader's function does to it.

Two things cannot be undone: a long call into C, which ends when it ends, and `os._exit`.
"""

from __future__ import annotations

import contextlib
import os
import pdb
import random
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any, TextIO

import numpy as np

from convlens.check.limit import WORKER, stop_stray

__all__ = ["Few", "guarded"]

LINES = 20  # that a function may print in one check
MEMORY = 2 << 30  # bytes that it may take besides


class Few:
    """A stream that passes the first lines on and counts the others."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.lines = stream, 0

    def write(self, text: str) -> int:
        """Pass the text on while there are few lines."""
        if self.lines < LINES:
            self.stream.write(text)
        self.lines += text.count("\n")
        return len(text)

    def close(self) -> None:
        """Say how many lines were left out."""
        if self.lines > LINES:
            self.stream.write(f"... and {self.lines - LINES:,} lines more\n")
            self.lines = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextlib.contextmanager
def guarded(out: Few) -> Iterator[None]:
    """Put back what a call may change: seeds, streams, limits, hooks, filters, folders, threads."""
    seeds, numpy_seeds = random.getstate(), np.random.get_state()  # noqa: NPY002
    environment, folder, recursion = dict(os.environ), os.getcwd(), sys.getrecursionlimit()
    streams, hook, tracer = (sys.stdout, sys.stderr), sys.breakpointhook, pdb.set_trace
    start, begun = threading.Thread.start, list[threading.Thread]()

    def starting(thread: threading.Thread) -> None:
        if threading.current_thread().name == WORKER:  # and none that the kernel starts meanwhile
            begun.append(thread)
        start(thread)

    threading.Thread.start = starting  # type: ignore[assignment, method-assign]
    sys.stdout = out
    sys.breakpointhook = pdb.set_trace = lambda *_, **__: None
    try:
        with warnings.catch_warnings(), np.errstate(), little_memory():
            warnings.simplefilter("ignore")  # the same one for each example
            yield
    finally:
        sys.stdout, sys.stderr = streams
        sys.breakpointhook, pdb.set_trace = hook, tracer
        random.setstate(seeds)
        np.random.set_state(numpy_seeds)  # noqa: NPY002
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        os.chdir(folder)
        sys.setrecursionlimit(recursion)
        threading.Thread.start = start  # type: ignore[method-assign]
        stop_stray(begun)


@contextlib.contextmanager
def little_memory() -> Iterator[None]:
    """Refuse huge arrays, with a MemoryError, where the system can be asked to (Linux)."""
    try:
        import resource

        with open("/proc/self/statm") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        before = resource.getrlimit(resource.RLIMIT_AS)
        most = taken + MEMORY
        if before[0] == resource.RLIM_INFINITY or before[0] > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
