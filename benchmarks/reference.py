"""The right answers, a tap at a time in float64: against these every contestant is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from benchmarks.work import Operands

__all__ = ["WrongAnswer", "check", "expected"]

NEAR = 1e-4  # of the largest number: more than float32 loses, less than any mistake makes


class WrongAnswer(AssertionError):
    """A contestant computes something else: its time means nothing."""


def expected(operands: Operands) -> NDArray[Any]:
    """Compute y, dx or dw, whichever the work asks for."""
    s, exact = operands.work, np.int64 if operands.work.dtype in ("int64", "uint8") else np.float64
    x = operands.x.astype(exact)
    x = np.pad(x, ((0, 0), (0, 0), (s.padding, s.padding), (s.padding, s.padding)))
    x = x.reshape(s.batch, s.groups, -1, *x.shape[2:])
    w = operands.w.astype(exact).reshape(s.groups, s.filters // s.groups, -1, s.kernel, s.kernel)
    if operands.kind == "forward":
        return _forward(operands, x, w)
    grad = operands.grad.astype(exact).reshape(s.batch, s.groups, s.filters // s.groups, -1)
    return (_dx if operands.kind == "dx" else _dw)(operands, x, w, grad)


def _forward(operands: Operands, x: NDArray[Any], w: NDArray[Any]) -> NDArray[Any]:
    s = operands.work
    y = np.zeros((s.batch, s.groups, s.filters // s.groups, s.output**2), dtype=x.dtype)
    for u, v, at in _taps(operands):
        y += w[..., u, v] @ x[..., *at].reshape(*x.shape[:3], -1)
    return y.reshape(s.batch, s.filters, s.output, s.output)


def _dx(operands: Operands, x: NDArray[Any], w: NDArray[Any], grad: NDArray[Any]) -> NDArray[Any]:
    s, dx = operands.work, np.zeros_like(x)
    for u, v, at in _taps(operands):
        back = w[..., u, v].swapaxes(-1, -2) @ grad
        dx[..., *at] += back.reshape(*back.shape[:-1], s.output, s.output)
    inside = slice(s.padding, s.padding + s.size)
    return dx.reshape(s.batch, s.channels, *x.shape[3:])[..., inside, inside]


def _dw(operands: Operands, x: NDArray[Any], w: NDArray[Any], grad: NDArray[Any]) -> NDArray[Any]:
    dw = np.zeros_like(w)
    for u, v, at in _taps(operands):
        pixels = x[..., *at].reshape(*x.shape[:3], -1)
        dw[..., u, v] = (grad @ pixels.swapaxes(-1, -2)).sum(axis=0)
    return dw.reshape(operands.w.shape)


def _taps(operands: Operands) -> Iterator[tuple[int, int, tuple[slice, slice]]]:
    """Yield row and column of each tap, and the pixels that it meets."""
    s = operands.work
    reach = (s.output - 1) * s.stride + 1
    for u in range(s.kernel):
        for v in range(s.kernel):
            yield u, v, (slice(u, u + reach, s.stride), slice(v, v + reach, s.stride))


def check(name: str, got: NDArray[Any], wanted: NDArray[Any]) -> None:
    """Refuse an answer that is not the right one."""
    if got.size != wanted.size:
        raise WrongAnswer(f"{name}: shape {got.shape}, not {wanted.shape}")
    got = got.reshape(wanted.shape)
    if wanted.dtype.kind == "i":
        if not np.array_equal(got, wanted):
            raise WrongAnswer(f"{name}: other integers than the definition's")
        return
    largest = float(np.abs(wanted).max()) or 1.0
    error = float(np.abs(got - wanted).max()) / largest
    if not error < NEAR:
        raise WrongAnswer(f"{name}: differs by {error:.2g} of the largest number")
