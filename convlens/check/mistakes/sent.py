"""How mistakes of gradients are made: the right gradient of arguments that were spoilt first."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import places
from convlib.adjoint.backward import conv2d_backward
from convlib.convolution import conv2d
from convlib.geometry import Geometry
from convlib.operands import read

__all__ = ["geometry", "last_cell", "on_padded", "pretending"]


def geometry(x: Any, w: Any, given: dict[str, Any]) -> Geometry:
    """Work out the sizes of the layer."""
    return read(np.asarray(x), np.asarray(w), **given).geometry


def pretending(grad: Any, x: Any, w: Any, given: dict[str, Any], **other: Any) -> Any:
    """Return all gradients as if the layer had had other settings: its cells stand elsewhere."""
    given = {**given, **other}
    placed = np.zeros(conv2d(x, w, **given).shape, grad.dtype)
    common = tuple(slice(min(n, m)) for n, m in zip(grad.shape, placed.shape, strict=True))
    placed[common] = grad[common]
    return conv2d_backward(placed, x, w, **given)


def on_padded(grad: Any, x: Any, w: Any, given: dict[str, Any]) -> tuple[Any, Any]:
    """Return dx of the padded image, and where the image itself lies in it."""
    g, layout = geometry(x, w, given), given.get("layout", "NCHW")
    widths = [(0, 0)] * x.ndim
    inside: list[Any] = [slice(None)] * x.ndim
    for axis, sides, size in zip(places(x, layout), g.padding, g.input_size, strict=True):
        widths[axis], inside[axis] = sides, slice(sides[0], sides[0] + size)
    bare = {**given, "padding": 0, "padding_mode": "zeros"}
    return conv2d_backward(grad, np.pad(x, widths), w, **bare)[0], tuple(inside)


def last_cell(grad: Any, layout: str) -> Any:
    """Keep the gradient of the last place of each output."""
    kept = np.zeros_like(grad)
    at: list[Any] = [slice(None)] * grad.ndim
    for axis in places(grad, layout):
        at[axis] = -1
    kept[tuple(at)] = grad[tuple(at)]
    return kept
