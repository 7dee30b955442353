"""convlib as contestants."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

import convlib
from benchmarks.timing import Contestant
from convlib.adjoint import backward
from convlib.geometry import pad
from convlib.operands import read

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.work import Operands

__all__ = ["chosen", "contestant"]


def contestant(
    name: str, operands: Operands, layout: str, method: str = "auto", threads: int | None = None
) -> Contestant:
    """Let convlib do the work, in this layout and by this method."""
    threads = operands.threads if threads is None else threads
    if operands.kind == "forward":
        call = _forward(operands, layout, method, threads)
        turned = layout == "NHWC" and not operands.work.grey
        return Contestant(name, call, _channels_first if turned else np.asarray, ours=True)
    if operands.kind == "dx":
        return Contestant(name, _dx(operands, layout), _channels_first_of(layout), ours=True)
    back = _filters_first if layout == "NHWC" else np.asarray
    return Contestant(name, _dw(operands, layout), back, ours=True)


def chosen(operands: Operands, layout: str = "NCHW") -> str:
    """Name the method that auto chooses."""
    x, w, arguments = _arguments(operands, layout)
    return str(convlib.explain(x, w, **arguments).method)


def _arguments(operands: Operands, layout: str) -> tuple[NDArray[Any], Any, dict[str, Any]]:
    """Lay out x and w, prepare w where that is asked for, and name the rest."""
    x, w, steps = operands.x, operands.w, {**operands.work.steps, "layout": layout}
    if operands.work.grey:
        x, w = x[0, 0], w[0, 0]
    elif layout == "NHWC":
        x, w = x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0)
    x, w = np.array(x, order="C"), np.array(w, order="C")
    return x, convlib.prepare(w, layout=layout) if operands.prepared else w, steps


def _forward(operands: Operands, layout: str, method: str, threads: int) -> partial[NDArray[Any]]:
    x, w, arguments = _arguments(operands, layout)
    shared = {"threads": threads} if threads > 1 else {}
    return partial(convlib.conv2d, x, w, method=method, **arguments, **shared)


def _dx(operands: Operands, layout: str) -> Any:
    """The gradient by x alone, arranged as `conv2d_backward` arranges it; w is prepared."""
    x, w, arguments = _arguments(operands, layout)
    filters = convlib.prepare(operands.w.copy())
    g = read(x, np.asarray(w), **arguments).geometry
    grad = _as_layout(operands.grad, layout)

    def call() -> NDArray[Any]:
        flow = backward.as_grad(grad, 4, 4, layout).astype(grad.dtype, order="C", copy=False)
        return np.ascontiguousarray(backward.input_gradient(flow, filters, g))

    return call


def _dw(operands: Operands, layout: str) -> Any:
    """The gradient by w alone, from a batch that is not yet padded."""
    x, w, arguments = _arguments(operands, layout)
    g = read(x, np.asarray(w), **arguments).geometry
    grad = _as_layout(operands.grad, layout)

    def call() -> NDArray[Any]:
        flow = backward.as_grad(grad, 4, 4, layout).astype(grad.dtype, order="C", copy=False)
        dw = backward.kernel_gradient(flow, pad(x, g), g)
        return np.ascontiguousarray(dw.transpose(2, 3, 1, 0) if layout == "NHWC" else dw)

    return call


def _as_layout(array: NDArray[Any], layout: str) -> NDArray[Any]:
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)) if layout == "NHWC" else array


def _channels_first(y: NDArray[Any]) -> NDArray[Any]:
    return y.transpose(0, 3, 1, 2)


def _filters_first(dw: NDArray[Any]) -> NDArray[Any]:
    return dw.transpose(3, 2, 0, 1)


def _channels_first_of(layout: str) -> Any:
    return _channels_first if layout == "NHWC" else np.asarray
