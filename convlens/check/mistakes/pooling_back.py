"""What goes wrong when the gradient of a maximum goes back: each returns dx of a plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from convlens.check.task import mistake
from convlib.pooling.backward import max_pool2d_backward as right


@mistake(
    "every cell of a window gets its gradient",
    "Only the largest number of the window gets it; the others did not change the output.",
)
def to_all(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, grad.dtype)
    for at, place in _windows(grad, kernel_size, stride):
        dx[place] += grad[at]
    return dx


@mistake(
    "the gradient is shared out to all cells of the window: that is the way back of a mean",
    "The whole of it goes to the largest number, undivided.",
)
def divided(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    return to_all.wrong(grad, x, kernel_size, stride) / (kernel_size[0] * kernel_size[1])


@mistake(
    "of equal numbers each gets the whole gradient: it is counted twice",
    "One cell of each window wins: take the first, as argmax does, instead of all that are equal.",
)
def counted_twice(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, grad.dtype)
    for at, place in _windows(grad, kernel_size, stride):
        dx[place] += (x[place] == x[place].max()) * grad[at]
    return dx


@mistake(
    "equal numbers share the gradient between them",
    "Here the first of them, row by row, gets all of it.",
)
def ties_shared(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape)
    for at, place in _windows(grad, kernel_size, stride):
        equal = x[place] == x[place].max()
        dx[place] += equal * grad[at] / equal.sum()
    return dx


@mistake(
    "of equal numbers the last wins",
    "The first wins, row by row: replace the winner only by a number that is larger.",
)
def last_wins(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, grad.dtype)
    for at, place in _windows(grad, kernel_size, stride):
        flat = x[place].ravel()
        u, v = divmod(flat.size - 1 - int(flat[::-1].argmax()), kernel_size[1])
        dx[place][u, v] += grad[at]
    return dx


@mistake(
    "of equal numbers the first column by column wins",
    "Read a window row by row: the columns are the inner loop.",
)
def columns_first(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    return right(grad.T, x.T, kernel_size[::-1], stride=stride and stride[::-1]).T


@mistake(
    "the search for the largest begins at 0, and no negative number is larger",
    "Begin with the first number of the window.",
)
def begun_at_zero(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    return right(grad, np.maximum(x, 0), kernel_size, stride=stride)


@mistake(
    "a window overwrites what the windows before it had sent to the same cell",
    "A cell may win several windows: add with +=.",
)
def overwritten(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, grad.dtype)
    for at, place in _windows(grad, kernel_size, stride):
        u, v = divmod(int(x[place].argmax()), kernel_size[1])
        dx[place][u, v] = grad[at]
    return dx


@mistake(
    "the number of the winning tap is divided by the height of the window",
    "argmax counts row by row: divmod by KW, the width, gives row and column.",
)
def split_by_height(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, grad.dtype)
    for at, (rows, columns) in _windows(grad, kernel_size, stride):
        u, v = divmod(x[rows, columns].argmax(), kernel_size[0])
        dx[rows.start + u, columns.start + v] += grad[at]
    return dx


@mistake(
    "grad is not used: every winner gets 1",
    "Add grad[i, j] to the cell that won window (i, j).",
)
def grad_unused(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    return right(np.ones_like(grad), x, kernel_size, stride=stride)


@mistake(
    "it sends the largest numbers themselves, not the gradient",
    "The cell that won window (i, j) gets grad[i, j].",
)
def numbers_sent(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, x.dtype)
    for _, place in _windows(grad, kernel_size, stride):
        u, v = divmod(int(x[place].argmax()), kernel_size[1])
        dx[place][u, v] += x[place].max()
    return dx


@mistake(
    "the stride that is given is ignored: the windows lie side by side",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
def stride_ignored(grad: Any, x: Any, kernel_size: Any, stride: Any = None) -> Any:
    dx = np.zeros(x.shape, grad.dtype)
    for at, (rows, columns) in _windows(grad, kernel_size, None):
        if x[rows, columns].size:
            window = x[rows, columns]
            u, v = divmod(int(window.argmax()), window.shape[1])
            dx[rows.start + u, columns.start + v] += grad[at]
    return dx


def _windows(
    grad: Any, kernel_size: Any, stride: Any
) -> Iterator[tuple[tuple[int, ...], tuple[slice, slice]]]:
    """Visit the windows in order: the output cell, and the slices of its window."""
    (kh, kw), (down, right_) = kernel_size, stride or kernel_size
    for i, j in np.ndindex(grad.shape):
        r, c = i * down, j * right_
        yield (i, j), (slice(r, r + kh), slice(c, c + kw))
