"""Where the axes stand, for mistakes in any layout."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from convlib.convolution import conv2d

__all__ = [
    "channel_axes",
    "cut",
    "first_with_filters",
    "pair",
    "places",
    "resided",
    "taps",
    "with_channels",
]

Sides = tuple[tuple[int, int], tuple[int, int]]


def taps(w: Any, layout: str = "NCHW") -> tuple[int, int]:
    """Axes of the kernel's rows and columns."""
    return (w.ndim - 2, w.ndim - 1) if layout == "NCHW" or w.ndim == 2 else (0, 1)


def channel_axes(x: Any, w: Any, layout: str) -> tuple[int, int]:
    """Axes of the channels in x and w."""
    return (x.ndim - 3, w.ndim - 3) if layout == "NCHW" else (x.ndim - 1, 2)


def with_channels(wrong: Callable[..., Any]) -> Callable[..., Any]:
    """Let a mistake with channels leave planes alone: they have none."""

    @wraps(wrong)
    def right_on_planes(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
        return (wrong if w.ndim > 2 else conv2d)(x, w, bias, **given)

    return right_on_planes


def pair(value: Any) -> tuple[int, int]:
    """Read an int or a pair."""
    return (value, value) if isinstance(value, int) else tuple(value)


def resided(given: dict[str, Any], change: Callable[[Sides], Any]) -> dict[str, Any]:
    """Change the padding among `given`, read as four sides; a word such as "same" stays."""
    padding = given.get("padding", 0)
    if isinstance(padding, str):
        return given
    if not (isinstance(padding, tuple) and isinstance(padding[0], tuple)):
        rows, columns = pair(padding)
        padding = (rows, rows), (columns, columns)
    return {**given, "padding": change(padding)}


def places(y: Any, layout: str) -> tuple[int, int]:
    """Axes of the output's rows and columns."""
    return (y.ndim - 2, y.ndim - 1) if layout == "NCHW" or y.ndim == 2 else (y.ndim - 3, y.ndim - 2)


def cut(y: Any, rows: slice, columns: slice, layout: str) -> Any:
    """Cut an output's rows and columns."""
    at: list[Any] = [slice(None)] * y.ndim
    at[places(y, layout)[0]], at[places(y, layout)[1]] = rows, columns
    return y[tuple(at)]


def first_with_filters(w: Any, given: dict[str, Any]) -> bool:
    """Whether the output has the axis of the filters before the rows."""
    return bool(w.ndim == 4 and given.get("layout", "NCHW") == "NCHW")
