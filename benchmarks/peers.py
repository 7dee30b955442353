"""The others as contestants: PyTorch, OpenCV, SciPy, numba, and NumPy on ready operands.

Each function is given the operands and returns a contestant, or None where it cannot do the work.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.timing import Contestant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.work import Operands

__all__ = ["MODULES", "compiled", "matmul", "missing", "opencv", "scipy", "torch"]

#: Whose contestants need which module.
MODULES = {"PyTorch": "torch", "OpenCV": "cv2", "SciPy": "scipy", "numba": "numba"}


def missing() -> list[str]:
    """Name the peers that are not installed; without them the benchmark runs all the same."""
    return [name for name, module in MODULES.items() if find_spec(module) is None]


def torch(name: str, operands: Operands, *, channels_last: bool) -> Contestant:
    """PyTorch on the CPU; channels_last is its name for x and w in the order NHWC."""
    import torch

    torch.set_num_threads(operands.threads)
    torch.set_grad_enabled(False)  # once for all: a context around each call would cost it time
    form = torch.channels_last if channels_last else torch.contiguous_format
    given = (operands.x, operands.w, operands.grad)
    x, w, grad = (torch.from_numpy(a.copy()).contiguous(memory_format=form) for a in given)
    s = operands.work
    if operands.kind == "forward":
        call = partial(torch.nn.functional.conv2d, x, w, **s.steps)
        return Contestant(name, call, lambda y: y.numpy())
    which = 0 if operands.kind == "dx" else 1
    steps = [s.stride] * 2, [s.padding] * 2, [1, 1], False, [0, 0], s.groups
    mask = [which == 0, which == 1, False]
    backward = torch.ops.aten.convolution_backward
    call = partial(backward, grad, x, w, None, *steps, mask)
    return Contestant(name, call, lambda all_of_it: all_of_it[which].numpy())


def opencv(name: str, operands: Operands) -> Contestant | None:
    """OpenCV's filter2D. It always gives an output of the image's size; the border is cut off."""
    import cv2

    s = operands.work
    if not s.grey or s.stride > 1:
        return None
    cv2.setNumThreads(operands.threads)
    x, w = operands.x[0, 0].copy(), operands.w[0, 0].copy()
    cut = s.kernel // 2 - s.padding
    inside = slice(cut, s.size - cut)
    call = partial(cv2.filter2D, x, -1, w, borderType=cv2.BORDER_CONSTANT)
    return Contestant(name, call, lambda y: y[inside, inside])


def scipy(name: str, operands: Operands) -> Contestant | None:
    """SciPy's correlation of two images, by whichever of its two methods it chooses."""
    from scipy import signal

    s = operands.work
    if not s.grey or s.stride > 1 or s.padding not in (0, s.kernel // 2):
        return None
    mode = "same" if s.padding else "valid"
    x, w = operands.x[0, 0].copy(), operands.w[0, 0].copy()
    return Contestant(name, partial(signal.correlate, x, w, mode=mode))


def compiled(name: str, operands: Operands) -> Contestant:
    """Plain loops, compiled by numba."""
    from benchmarks.compiled import correlate

    s = operands.work
    x, w = operands.x.copy(), operands.w.copy()
    return Contestant(name, partial(correlate, x, w, s.stride, s.padding, s.groups))


def matmul(name: str, operands: Operands, *, rows: bool) -> Contestant:
    """One matrix product of what im2col would have to make first, written where it is wanted.

    With `rows`, a window is a row and a filter a column; otherwise the other way round.
    """
    s = operands.work
    margins = ((0, 0), (0, 0), (s.padding, s.padding), (s.padding, s.padding))
    view = sliding_window_view(np.pad(operands.x, margins), (s.kernel, s.kernel), axis=(2, 3))
    windows = view[:, :, :: s.stride, :: s.stride].transpose(0, 2, 3, 1, 4, 5)
    flat = np.ascontiguousarray(windows).reshape(s.batch * s.output**2, -1)
    filters = np.ascontiguousarray(operands.w.reshape(s.filters, -1))
    a, b = (flat, filters.T) if rows else (filters, flat.T)
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    out = np.empty((a.shape[0], b.shape[1]), dtype=a.dtype)

    def result(y: NDArray[Any]) -> NDArray[Any]:
        y = y if rows else y.T
        return y.reshape(s.batch, s.output, s.output, -1).transpose(0, 3, 1, 2)

    return Contestant(name, partial(np.matmul, a, b, out=out), result)
