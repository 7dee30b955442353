"""Check gradients: of one weight, of the input, of the kernel, and the whole way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.layers import NEUTRAL, ROWS
from convlens.check.mistakes.gradients import gradients
from convlens.check.mistakes.input_gradients import input_gradients
from convlens.check.mistakes.kernel_gradients import kernel_gradients
from convlens.check.mistakes.weights import weights
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.adjoint.backward import conv2d_backward as right
from convlib.convolution import conv2d

__all__ = ["conv2d_backward", "input_gradient", "kernel_gradient", "weight_gradient"]


def input_gradient(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that sends a gradient back to the pixels of a plane.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and a kernel (KH, KW); of stride, padding,
        dilation and padding_mode those that its signature has. Returns dx, (H, W).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def last_window_wins(grad, x, w):
    ...     dx = np.zeros(x.shape)
    ...     for i, j in np.ndindex(grad.shape):
    ...         dx[i : i + w.shape[0], j : j + w.shape[1]] = grad[i, j] * w
    ...     return dx
    >>> input_gradient(last_window_wins).diagnosis
    'each window overwrites what the windows before it had sent'
    """
    task = Task(
        _dx,
        _cases("HW", "HW"),
        input_gradients,
        NEUTRAL,
        fit=_fit,
        then="give it padding, and look where the gradient of the padding goes.",
    )
    return examine(task, function, **asked)


def kernel_gradient(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that sums up the gradient of every weight of a plane's kernel.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and a kernel (KH, KW), of which it needs
        the shape; of stride, padding, dilation and padding_mode those that its signature has.
        Returns dw, (KH, KW).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def averaged(grad, x, w):
    ...     windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    ...     return np.tensordot(grad, windows, 2) / grad.size
    >>> kernel_gradient(averaged).diagnosis
    'dw is averaged over the places of the window'
    """
    task = Task(
        _dw,
        _cases("HW", "HW"),
        kernel_gradients,
        NEUTRAL,
        fit=_fit,
        then="hold one number against (loss(w + h) - loss(w - h)) / (2*h).",
    )
    return examine(task, function, **asked)


def conv2d_backward(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that does what `convlib.conv2d_backward` does, or a part of it.

    Parameters
    ----------
    function : callable
        Takes an output gradient (N, O, OH, OW), a batch (N, C, H, W) and filters (O, C/groups, KH,
        KW). Of stride, padding, dilation, groups, padding_mode and layout it gets those that its
        signature has, by name. Returns (dx, dw, db).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> import convlib
    >>> def averaged(grad, x, w):
    ...     dx, dw, db = convlib.conv2d_backward(grad, x, w)
    ...     return dx, dw / len(x), db
    >>> conv2d_backward(averaged).diagnosis
    'dw is averaged over the batch'
    """
    parts = ("dx", "dw", "db")
    task = Task(
        right,
        _cases("NCHW", "OCHW"),
        gradients,
        NEUTRAL,
        parts=parts,
        fit=_fit,
        then="hold one number of each against (loss(w + h) - loss(w - h)) / (2*h).",
    )
    return examine(task, function, **asked)


def weight_gradient(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that returns the gradient of one weight of a plane's kernel.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and a tap (u, v); stride 1. Returns a
        number.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> weight_gradient(lambda grad, x, tap: grad.sum() * x[tap]).diagnosis
    'only one pixel is used: the one at the tap of the first window'
    """
    task = Task(
        _weight,
        WEIGHTS,
        weights,
        steps=frozenset(),
        then="call it for every tap: the numbers are a correlation of x with grad.",
    )
    return examine(task, function, **asked)


def _gradient(part: int) -> Callable[..., Any]:
    """Make the function that gives one of (dx, dw) of a plane."""

    def gradient(
        grad: Any,
        x: Any,
        w: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        padding_mode: str = "zeros",
    ) -> Any:
        steps = {"stride": stride, "padding": padding, "dilation": dilation}
        return right(grad, x, w, padding_mode=padding_mode, **steps)[part]

    return gradient


_dx, _dw = _gradient(0), _gradient(1)


def _weight(grad: Any, x: Any, tap: Any) -> Any:
    kernel = np.zeros([n - m + 1 for n, m in zip(x.shape, grad.shape, strict=True)], x.dtype)
    return right(grad, x, kernel)[1][tap]


def _cases(x: str, w: str) -> list[Case]:
    """Take the cases of a layer, without those of a bias, and give each an output gradient."""
    rows = (row for row in ROWS if "bias" not in row.given)
    cases = [case for row in rows for case in row.on(x, w)]
    return [Case(case.what, partial(_with_grad, case.make), case.on) for case in cases]


def _with_grad(make: Callable[[int], Arguments], number: int) -> Arguments:
    arguments = make(number)
    shape = conv2d(**arguments).shape
    rng = np.random.default_rng([number, *shape])
    grad = rng.integers(1, 5, shape) * rng.choice([-1, 1], shape)
    return {"grad": grad, **arguments}


def _fit(arguments: Arguments) -> Arguments:
    """Cut the image, or the output gradient, to what goes with the rest."""
    grad, layer = arguments["grad"], {k: v for k, v in arguments.items() if k != "grad"}
    for axis, at in ((-2, np.s_[..., :-1, :]), (-1, np.s_[..., :-1])):
        while conv2d(**layer).shape[axis] > grad.shape[axis]:
            layer["x"] = layer["x"][at]
    return {"grad": grad[tuple(map(slice, conv2d(**layer).shape))], **layer}


def _draw(size: tuple[int, int], kernel: tuple[int, int], number: int) -> Arguments:
    """Draw a plane, an output gradient, and a tap of the kernel that lies between them."""
    rng = np.random.default_rng([number, *size, *kernel])
    (height, width), (kh, kw) = size, kernel
    tap = (int(rng.integers(kh)), int(rng.integers(kw))) if number else (kh - 2, kw - 1)
    x = rng.integers(1, 10, (height + number, width + 2 * number))
    shape = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    grad = rng.integers(1, 5, shape) * rng.choice([-1, 1], shape)
    return {"grad": grad, "x": x, "tap": tap}


WEIGHTS = (
    Case("a wide kernel", partial(_draw, (4, 6), (2, 3))),
    Case("a tall kernel", partial(_draw, (7, 5), (3, 2))),
    Case("a square kernel", partial(_draw, (5, 6), (3, 3))),
)
