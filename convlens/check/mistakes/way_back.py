"""What the gradient of a maximum is made of: where each window sends its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.rule import Pair

__all__ = ["Shares", "Way", "divided", "equals", "every", "split"]

#: What each cell of a window gets of its gradient, by its row and column in the window.
Shares = Mapping[Pair, float]


def winner(window: Any) -> Shares:
    """Give all of it to the first of the largest numbers."""
    return {split(int(window.argmax()), window.shape[1]): 1}


def split(tap: int, width: int) -> Pair:
    """Find row and column of a tap that is numbered row by row."""
    return divmod(tap, width)


def every(window: Any) -> Shares:
    """Give all of it to each cell."""
    return dict.fromkeys(np.ndindex(window.shape), 1)


def equals(window: Any) -> Shares:
    """Give all of it to each of the largest numbers."""
    return {at: 1 for at in np.ndindex(window.shape) if window[at] == window.max()}


def divided(shares: Callable[[Any], Shares]) -> Callable[[Any], Shares]:
    """Divide the gradient by the number of cells that get some."""
    return lambda window: {at: 1 / len(shares(window)) for at in shares(window)}


@dataclass(frozen=True)
class Way(Made):
    """The gradient and where it goes: `shares` tells it of each window."""

    grad: Any
    x: Any
    kernel_size: Pair
    stride: Pair
    shares: Callable[[Any], Shares] = winner
    adds: bool = True
    wipes: bool = False  # whether each window sets what it does not send to back to 0
    begins: int = 1  # 0 where the window is taken to begin in the first corner
    flat: bool = False  # whether what leaves the plane at the right comes in a row further down
    wraps: bool = False  # whether what leaves the plane at the right comes in at the left

    @classmethod
    def of(cls, grad: Any, x: Any, kernel_size: Pair, stride: Pair | None = None) -> Way:
        """Read the arguments of `max_pool2d_backward` for a plane."""
        return cls(grad, x, kernel_size, stride or kernel_size)

    @property
    def windows(self) -> Iterator[tuple[Pair, Pair, Any]]:
        """Each place of the window, where it begins, and its numbers."""
        (kh, kw), (down, right) = self.kernel_size, self.stride
        for i, j in np.ndindex(self.grad.shape):
            r, c = i * down, j * right
            yield (i, j), (r, c), self.x[r : r + kh, c : c + kw]

    @property
    def reach(self) -> Pair:
        """Rows and columns up to the end of the last window."""
        each = zip(self.grad.shape, self.stride, self.kernel_size, strict=True)
        rows, columns = ((n - 1) * step + k for n, step, k in each)
        return rows, columns

    @property
    def dx(self) -> Any:
        """The gradient of the plane."""
        dx = np.zeros(self.x.shape)
        for at, (r, c), window in self.windows:
            if self.wipes:
                dx[r : r + window.shape[0], c : c + window.shape[1]] = 0
            for (u, v), share in self.shares(window).items() if window.size else ():
                row, column = r * self.begins + u, c * self.begins + v
                if self.flat or self.wraps:
                    row += self.flat * (column // dx.shape[1])
                    column %= dx.shape[1]
                dx[row, column] = self.grad[at] * share + self.adds * dx[row, column]
        return dx
