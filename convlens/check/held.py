"""Measure the bytes that a function holds while it runs."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import update_wrapper
from typing import Any

from convlens.check.calling import Outcome, call
from convlens.check.printed import Few

__all__ = ["held"]


def held(
    function: Callable[..., Any],
    positional: Mapping[str, Any],
    keywords: Mapping[str, Any],
    seconds: float,
    out: Few | None = None,
) -> tuple[Outcome, int]:
    """Call a function once, and count the bytes that it holds at its worst moment."""
    counted = [0]

    def metered(*given: Any, **named: Any) -> Any:
        begun = not tracemalloc.is_tracing()
        if begun:
            tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        try:
            return function(*given, **named)
        finally:
            counted.append(tracemalloc.get_traced_memory()[1] - before)
            if begun:
                tracemalloc.stop()

    with suppress(BaseException):  # an object may not say its name
        update_wrapper(metered, function)
    return call(metered, positional, keywords, seconds, out), counted[-1]
