"""What goes wrong with the gradient of one weight: each returns a number."""

from __future__ import annotations

from typing import Any

from convlens.check.task import mistake


def _met(grad: Any, x: Any, tap: Any) -> Any:
    """The pixels that the weight met."""
    return x[tap[0] : tap[0] + grad.shape[0], tap[1] : tap[1] + grad.shape[1]]


@mistake(
    "the output gradient is not used: the pixels are summed as they are",
    "Multiply each pixel with the gradient of the output that it went to.",
)
def grad_unused(grad: Any, x: Any, tap: Any) -> Any:
    return _met(grad, x, tap).sum()


@mistake(
    "the pixels are not used: the output gradient is summed as it is",
    "Multiply each gradient with the pixel that the weight met there.",
)
def pixels_unused(grad: Any, x: Any, tap: Any) -> Any:
    return grad.sum()


@mistake(
    "only one pixel is used: the one at the tap of the first window",
    "The weight met another pixel in every window: x[i + u, j + v] for all i and j.",
)
def one_pixel(grad: Any, x: Any, tap: Any) -> Any:
    return grad.sum() * x[tap]


@mistake(
    "the tap is not used: the pixels are those of the first weight",
    "The weight at (u, v) met the pixels from row u and column v on.",
)
def tap_unused(grad: Any, x: Any, tap: Any) -> Any:
    return (_met(grad, x, (0, 0)) * grad).sum()


@mistake(
    "row and column of the tap have changed places",
    "tap is (u, v): u moves down the rows, v along the columns.",
)
def tap_swapped(grad: Any, x: Any, tap: Any) -> Any:
    padded = _met(grad, x, tap[::-1])
    return (padded * grad[: padded.shape[0], : padded.shape[1]]).sum()


@mistake(
    "the taps are counted from the other end, as in a turned kernel",
    "The weight at (u, v) met x[i + u, j + v]: no half turn.",
)
def tap_turned(grad: Any, x: Any, tap: Any) -> Any:
    last = [n - m for n, m in zip(x.shape, grad.shape, strict=True)]
    return (_met(grad, x, (last[0] - tap[0], last[1] - tap[1])) * grad).sum()


@mistake(
    "the products are averaged",
    "Sum the products; nothing is divided by their number.",
)
def averaged(grad: Any, x: Any, tap: Any) -> Any:
    return (_met(grad, x, tap) * grad).mean()


@mistake(
    "only one product is kept, that of the last window",
    "Add to the sum (+=) where you set it (=).",
)
def last_kept(grad: Any, x: Any, tap: Any) -> Any:
    return _met(grad, x, tap)[-1, -1] * grad[-1, -1]


@mistake(
    "the products are not summed",
    "Sum them to one number: the loss feels the weight at all places together.",
)
def not_summed(grad: Any, x: Any, tap: Any) -> Any:
    return _met(grad, x, tap) * grad
