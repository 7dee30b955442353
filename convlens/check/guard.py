"""Leave the process as it was, whatever a reader's function does to it.

Two things cannot be undone: a long call into C, which ends when it ends, and `os._exit`.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import io
import os
import pdb
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from convlens.check.limit import in_spite_of_interrupts, inside, stop_stray, watch
from convlens.check.printed import Face, Few
from convlens.check.stop import Work

__all__ = ["Few", "alone", "guarded"]

MEMORY = 2 << 30  # bytes that a function may take
TURN = 1e-3  # seconds that a thread may keep the others waiting: one that a function began may loop

_ONE = threading.RLock()  # what is patched belongs to the process: one call at a time

#: Modules whose names are put back: the streams and hooks of `sys`, `pdb.set_trace`, `np.sum`.
MODULES = (sys, threading, os, time, random, warnings, pdb, np, np.random)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let other threads wait that check something too, but not a check inside a check."""
    if inside():
        yield
        return
    with _ONE:
        yield


@contextlib.contextmanager
def guarded(out: Few) -> Iterator[None]:
    """Put back what a call may change: seeds, streams, limits, hooks, filters, folders, threads."""
    with alone(), contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(np.errstate())
        stack.enter_context(little_memory())
        stack.enter_context(out.limited())
        for back in (*_folder(), *_contents(), *_seeds()):
            stack.callback(_safely, back)
        for module in MODULES:
            stack.callback(vars(module).update, dict(vars(module)))
        begun = list[Work]()
        stack.callback(_safely, partial(stop_stray, begun))
        # What all the others need comes first.
        stack.callback(vars(builtins).update, dict(vars(builtins)))
        stack.callback(setattr, threading.Thread, "start", threading.Thread.start)
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(TURN)
        _patch(out, begun)
        yield


def _safely(back: Callable[[], Any]) -> None:
    """Put one thing back; where that fails, the others still are."""
    with contextlib.suppress(Exception):
        in_spite_of_interrupts(back)


def _patch(out: Few, begun: list[Work]) -> None:
    """Put in the way what a call may do no harm with."""
    start, lowest, limit = threading.Thread.start, sys.getrecursionlimit(), sys.setrecursionlimit

    def starting(thread: threading.Thread) -> None:
        if inside():  # and none that the kernel starts meanwhile
            begun.append(watch(thread))
        start(thread)

    def asking(prompt: object = "", /) -> str:
        raise EOFError("EOF when reading a line")

    threading.Thread.start = starting  # type: ignore[assignment, method-assign]
    # A limit below where the checker itself stands would end the checker.
    sys.setrecursionlimit = lambda most: limit(max(most, lowest))
    sys.stdout = Face(out, out.stream)
    sys.stderr = Face(out, sys.stderr)
    sys.stdin = io.StringIO()
    builtins.input = asking
    sys.breakpointhook = pdb.set_trace = lambda *_, **__: None
    warnings.simplefilter("ignore")  # the same one for each example


def _folder() -> Iterator[Callable[[], Any]]:
    """The folder, if there still is one."""
    with contextlib.suppress(OSError):
        yield partial(os.chdir, os.getcwd())


def _contents() -> Iterator[Callable[[], Any]]:
    """What is changed in place: the environment, the folders of modules, the garbage collector."""
    environ, before = os.environ, dict(os.environ)
    path, folders = sys.path, list(sys.path)

    def back() -> None:
        if dict(environ) != before:
            environ.clear()
            environ.update(before)

    yield back
    yield partial(path.__setitem__, slice(None), folders)
    yield gc.enable if gc.isenabled() else gc.disable


def _seeds() -> Iterator[Callable[[], Any]]:
    """Both generators of random numbers, and what NumPy's is made of."""
    yield partial(random.setstate, random.getstate())
    numpy: Any = np.random  # two of these functions have no types
    bits, state = numpy.get_bit_generator(), numpy.get_state(legacy=False)

    def back() -> None:
        numpy.set_bit_generator(bits)
        numpy.set_state(state)

    yield back


@contextlib.contextmanager
def little_memory() -> Iterator[None]:
    """Refuse huge arrays, with a MemoryError, where the system can be asked to (Linux)."""
    try:
        import resource

        with open("/proc/self/statm") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        before = resource.getrlimit(resource.RLIMIT_AS)
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        most = taken + MEMORY
        if before[0] == resource.RLIM_INFINITY or before[0] > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
        yield
    finally:
        _safely(partial(_raise_limit, resource, before))


def _raise_limit(limits: Any, before: tuple[int, int]) -> None:
    """Set the limit of memory as it was, or as high as it may be set now."""
    try:
        limits.setrlimit(limits.RLIMIT_AS, before)
    except ValueError:  # the function has lowered what only the system's owner may raise
        hard = limits.getrlimit(limits.RLIMIT_AS)[1]
        limits.setrlimit(limits.RLIMIT_AS, (hard, hard))
