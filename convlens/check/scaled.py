"""Right numbers, scaled or moved by a number that the task knows: the sum of a kernel, a size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from convlens.check.parts import FIRST, Related

__all__ = ["scaled"]


def _quantities(given: Mapping[str, Any]) -> dict[str, float]:
    """Name the numbers that an answer may have been multiplied with, or be off by."""
    found: dict[str, float] = {}
    for name, value in given.items():
        if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "iuf":
            taps = "*".join(f"{name}.shape[{k}]" for k in range(-2, 0)) if value.ndim > 1 else ""
            found[f"{name}.sum()"] = float(value.sum())
            found[f"np.abs({name}).sum()"] = float(np.abs(value.astype(float)).sum())
            if taps:
                found[taps] = float(np.prod(value.shape[-2:]))
            found[f"{name}.size"] = value.size
            found.update({f"{name}.shape[{k}]": float(n) for k, n in enumerate(value.shape)})
            found[f"{name}.itemsize"] = value.itemsize
        elif isinstance(value, int) and not isinstance(value, bool):
            found[name] = value
            found[f"{name}//2"] = value // 2
            found[f"({name}-1)//2"] = (value - 1) // 2
        elif isinstance(value, tuple) and value and all(type(v) is int for v in value):
            found["*".join(f"{name}[{k}]" for k in range(len(value)))] = float(np.prod(value))
            found.update({f"{name}[{k}]": float(v) for k, v in enumerate(value)})
    return found


def scaled(e: Any, given: Mapping[str, Any]) -> Iterator[Related]:
    """Predict answers multiplied with what the task names, divided by it, added to it."""
    yield from _with_arrays(e, given)
    named = _quantities(given)
    for name, value in named.items():
        if value not in (0, 1):
            scale = f"Nothing is to be multiplied or divided by {name} here."
            yield f"{FIRST}, divided by {name}", scale, e / value
            yield f"{FIRST}, multiplied with {name}", scale, e * value
            if e.ndim < 2:
                off = f"Look where {name} is added or taken away once too often."
                yield f"{FIRST} with {name} added", off, e + value
                yield f"{FIRST} with {name} taken away", off, e - value


def _with_arrays(e: Any, given: Mapping[str, Any]) -> Iterator[Related]:
    """Multiplied with an array that has its shape, or added to it."""
    for name, v in given.items():
        if isinstance(v, np.ndarray) and v.shape == e.shape and v.dtype.kind in "iuf":
            remedy = f"{name} is not part of the last step: leave it out."
            yield f"{FIRST}, multiplied with {name}", remedy, e * v
            yield f"{FIRST}, added to {name}", remedy, e + v
            yield f"{FIRST}, taken away from {name}", remedy, v - e
