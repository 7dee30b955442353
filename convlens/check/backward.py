"""Check gradients: of one weight, of the input, of the kernel, and the whole way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from convlens.check.examine import examine
from convlens.check.layers import NEUTRAL, ROWS
from convlens.check.mistakes import (
    bias_gradients,
    input_gradients,
    kernel_gradients,
    known,
    weights,
)
from convlens.check.report import Report
from convlens.check.task import Arguments, Case, Mistake, Task
from convlib.adjoint.backward import conv2d_backward as right
from convlib.convolution import conv2d

__all__ = ["conv2d_backward", "input_gradient", "kernel_gradient", "weight_gradient"]


def input_gradient(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that sends a gradient back to the pixels of a plane.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and a kernel (KH, KW); of stride, padding,
        dilation and padding_mode those that its signature has. Returns dx, (H, W).
    seconds : float
        Time limit of one call.

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
    mistakes = known(input_gradients)
    task = Task(_dx, _cases("HW", "HW"), mistakes, NEUTRAL)
    return examine(task, function, seconds)


def kernel_gradient(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that sums up the gradient of every weight of a plane's kernel.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and a kernel (KH, KW), of which it needs
        the shape; of stride, padding, dilation and padding_mode those that its signature has.
        Returns dw, (KH, KW).
    seconds : float
        Time limit of one call.

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
    mistakes = known(kernel_gradients)
    task = Task(_dw, _cases("HW", "HW"), mistakes, NEUTRAL)
    return examine(task, function, seconds)


def conv2d_backward(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that does what `convlib.conv2d_backward` does, or a part of it.

    Parameters
    ----------
    function : callable
        Takes an output gradient (N, O, OH, OW), a batch (N, C, H, W) and filters (O, C/groups, KH,
        KW). Of stride, padding, dilation, groups, padding_mode and layout it gets those that its
        signature has, by name. Returns (dx, dw, db).
    seconds : float
        Time limit of one call.

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
    parts = (input_gradients, kernel_gradients, bias_gradients)
    mistakes = [_whole(m, k) for k, module in enumerate(parts) for m in known(module)]
    every = (*mistakes, *TOGETHER)
    task = Task(right, _cases("NCHW", "OCHW"), every, NEUTRAL, parts=("dx", "dw", "db"))
    return examine(task, function, seconds)


def weight_gradient(function: Any, *, seconds: float = 5.0) -> Report:
    """Check a function that returns the gradient of one weight of a plane's kernel.

    Parameters
    ----------
    function : callable
        Takes an output gradient (OH, OW), a plane (H, W) and a tap (u, v); stride 1. Returns a
        number.
    seconds : float
        Time limit of one call.

    Returns
    -------
    Report

    Examples
    --------
    >>> weight_gradient(lambda grad, x, tap: grad.sum() * x[tap]).diagnosis
    'only one pixel is used: the one at the tap of the first window'
    """
    task = Task(_weight, WEIGHTS, known(weights), steps=frozenset())
    return examine(task, function, seconds)


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


def _whole(mistake: Mistake, part: int) -> Mistake:
    """Make a mistake in one of the gradients a mistake of all three."""

    def wrong(grad: Any, x: Any, w: Any, **given: Any) -> Any:
        every = list(right(grad, x, w, **given))
        every[part] = mistake.wrong(grad, x, w, **given)
        return tuple(every)

    return replace(mistake, wrong=wrong)


def _together(diagnosis: str, remedy: str, *each: Mistake | None) -> Mistake:
    """Make one mistake of those in dx, dw and db that go wrong together."""

    def wrong(grad: Any, x: Any, w: Any, **given: Any) -> Any:
        every = right(grad, x, w, **given)
        pairs = zip(every, each, strict=True)
        return tuple(a if m is None else m.wrong(grad, x, w, **given) for a, m in pairs)

    name = "_and_".join(m.name for m in each if m is not None)
    return Mistake(name, diagnosis, remedy, wrong)


def _dw_before_dx(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    dx, dw, db = right(grad, x, w, **given)
    return dw, dx, db


#: What usually goes wrong in two gradients at once, since one loop fills both.
TOGETHER = (
    _together(
        "dw and db are averaged over the batch",
        "Sum over the images: a loss that is a mean has brought its 1/N with grad.",
        None,
        kernel_gradients.batch_averaged,
        bias_gradients.batch_averaged,
    ),
    _together(
        "dx, dw and db are all divided by the number of images",
        "Sum and do not divide: a loss that is a mean has brought its 1/N with grad.",
        input_gradients.batch_averaged,
        kernel_gradients.batch_averaged,
        bias_gradients.batch_averaged,
    ),
    Mistake(
        "dw_before_dx",
        "dx and dw have changed places",
        "Return (dx, dw, db), in this order.",
        _dw_before_dx,
    ),
    _together(
        "the stride is forgotten, in dx and in dw: the windows stand side by side",
        "Window (i, j) begins at row i*stride[0] and column j*stride[1], on the way back too.",
        input_gradients.stride_forgotten,
        kernel_gradients.stride_forgotten,
        None,
    ),
    _together(
        "the two strides have changed places, in dx and in dw",
        "stride is (down, right): the first moves rows, the second columns.",
        input_gradients.strides_swapped,
        kernel_gradients.strides_swapped,
        None,
    ),
    _together(
        "the dilation is forgotten, in dx and in dw: the taps stand side by side",
        "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
        input_gradients.dilation_forgotten,
        kernel_gradients.dilation_forgotten,
        None,
    ),
)
