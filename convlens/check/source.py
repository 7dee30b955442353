"""Write a call as Python that can be pasted, memory order and all."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
from textwrap import fill, indent
from typing import Any

import numpy as np

from convlens.check.answers import within_reach

__all__ = ["SMALL", "line", "written_array", "written_call"]

SMALL = 60  # numbers that are written out as rows and columns; more are written as a list
WIDTH = 88


def written_call(name: str, arguments: Mapping[str, Any], positional: Collection[str]) -> str:
    """Write a call: first the arrays, one after the other, then the call itself.

    >>> print(written_call("f", {"x": np.array([1, 2]), "stride": 2}, ["x"]))
    x = np.array([1, 2])
    f(x, stride=2)
    """
    arrays = [n for n, v in arguments.items() if isinstance(v, np.ndarray)]
    lines = [f"{n} = {written_array(arguments[n])}" for n in arrays]
    passed = {n: n if n in arrays else repr(v) for n, v in arguments.items()}
    named = [v if n in positional else f"{n}={v}" for n, v in passed.items()]
    called = name if name.isidentifier() else "your_function"
    return "\n".join([*lines, f"{called}({', '.join(named)})"])


def written_array(array: Any) -> str:
    """Write an array as Python that makes an equal one, in the same order of memory.

    >>> print(written_array(np.array([[3, 2, 1], [6, 5, 4]])[:, ::-1]))
    np.flip(np.array([
        [3, 2, 1],
        [6, 5, 4],
    ]), axis=(1,))
    >>> written_array(np.array([1, 2], dtype=np.uint8))
    'np.array([1, 2], dtype=np.uint8)'
    """
    if array.flags.c_contiguous:
        return _numbers(array)
    backward = tuple(a for a in range(array.ndim) if array.strides[a] < 0)
    if backward:
        return f"np.flip({written_array(np.flip(array, backward))}, axis={backward})"
    order = np.argsort([-s for s in array.strides], kind="stable").tolist()
    if order != sorted(order):
        back = ", ".join(map(str, np.argsort(order)))
        return f"{written_array(array.transpose(order))}.transpose({back})"
    step = array.strides[-1] // array.itemsize
    if step > 1:
        return f"np.repeat({_numbers(array)}, {step}, axis=-1)[..., ::{step}]"
    return f"{_numbers(array)}  # here with byte strides {array.strides}"


def _numbers(array: Any) -> str:
    """Write the numbers: in rows as they are read, or many of them as a list with its shape."""
    dtype = "" if array.dtype in (np.int64, np.float64) else f", dtype=np.{array.dtype}"
    if not array.size:
        return f"np.zeros({array.shape}, dtype=np.{array.dtype})"
    large = array.size > SMALL
    rows = array.ravel() if large else array
    text = np.array2string(rows, WIDTH, separator=", ", threshold=sys.maxsize, floatmode="unique")
    text = re.sub(r"\b(nan|inf)\b", r"np.\1", text)
    if large:
        listed = fill(" ".join(text.strip("[]").split()), WIDTH - 4)
        return f"np.array([\n{indent(listed, '    ')}\n]{dtype}).reshape{array.shape}"
    if array.ndim < 2:
        return f"np.array({' '.join(text.split())}{dtype})"
    inner = [f"   {row}" for row in text[1:-1].splitlines() if row.strip()]
    inner[0] = f"    {inner[0].strip()}"
    return "\n".join(["np.array([", *inner, f"]{dtype})"]).replace("]\n]", "],\n]")


def line(value: Any) -> str:
    """Write an answer on one line, whatever it is."""
    if not within_reach(value):
        return "a view that cannot be read"
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an object may fail to describe itself
        return f"<{type(value).__name__}>"
    return text if len(text) <= 90 else f"{text[:87]}..."
