"""What goes wrong when the gradient of a maximum goes back: each gives dx of a plane."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.rule import Pair
from convlens.check.mistakes.shared import STRIDE
from convlens.check.slips import Slips
from convlib.pooling.forward import max_pool2d

BEGINS = "Window (i, j) begins at row i*stride[0] and column j*stride[1]."
COUNTED = "argmax counts row by row: divmod by KW, the width, gives row and column."

#: What each cell of a window gets of its gradient, by its row and column in the window.
Shares = Mapping[Pair, float]


def _winner(window: Any) -> Shares:
    """Give all of it to the first of the largest numbers."""
    return {_split(int(window.argmax()), window.shape[1]): 1}


def _split(tap: int, width: int) -> Pair:
    return divmod(tap, width)


def _all(window: Any) -> Shares:
    return dict.fromkeys(np.ndindex(window.shape), 1)


def _equals(window: Any) -> Shares:
    return {at: 1 for at in np.ndindex(window.shape) if window[at] == window.max()}


def _divided(shares: Callable[[Any], Shares]) -> Callable[[Any], Shares]:
    """Divide the gradient by the number of cells that get some."""
    return lambda window: {at: 1 / len(shares(window)) for at in shares(window)}


@dataclass(frozen=True)
class Way(Made):
    """The gradient and where it goes: `shares` tells it of each window."""

    grad: Any
    x: Any
    kernel_size: Pair
    stride: Pair
    shares: Callable[[Any], Shares] = _winner
    adds: bool = True

    @property
    def windows(self) -> Iterator[tuple[Pair, Pair, Any]]:
        """Each place of the window, where it begins, and its numbers."""
        (kh, kw), (down, right) = self.kernel_size, self.stride
        for i, j in np.ndindex(self.grad.shape):
            r, c = i * down, j * right
            yield (i, j), (r, c), self.x[r : r + kh, c : c + kw]

    @property
    def dx(self) -> Any:
        """The gradient of the plane."""
        dx = np.zeros(self.x.shape)
        for at, (r, c), window in self.windows:
            for (u, v), share in self.shares(window).items() if window.size else ():
                dx[r + u, c + v] = self.grad[at] * share + self.adds * dx[r + u, c + v]
        return dx


def _made(grad: Any, x: Any, kernel_size: Pair, stride: Pair | None = None) -> Way:
    return Way(grad, x, kernel_size, stride or kernel_size)


pooling_back = Slips(_made, lambda w: w.dx)
pooling_back(
    "every cell of a window gets its gradient",
    "Only the largest number of the window gets it; the others did not change the output.",
    lambda w: w.but(shares=_all),
)
pooling_back(
    "the gradient is shared out to all cells of the window: that is the way back of a mean",
    "The whole of it goes to the largest number, undivided.",
    lambda w: w.but(shares=_divided(_all)),
)
pooling_back(
    "of equal numbers each gets the whole gradient: it is counted twice",
    "One cell of each window wins: take the first, as argmax does, instead of all that are equal.",
    lambda w: w.but(shares=_equals),
)
pooling_back(
    "equal numbers share the gradient between them",
    "Here the first of them, row by row, gets all of it.",
    lambda w: w.but(shares=_divided(_equals)),
)
pooling_back(
    "of equal numbers the last wins",
    "The first wins, row by row: replace the winner only by a number that is larger.",
    lambda w: w.but(shares=lambda window: {max(_equals(window)): 1}),
)
pooling_back(
    "of equal numbers the first column by column wins",
    "Read a window row by row: the columns are the inner loop.",
    lambda w: w.but(shares=lambda window: {min(_equals(window), key=lambda at: at[::-1]): 1}),
)
pooling_back(
    "the search for the largest begins at 0, and no negative number is larger",
    "Begin with the first number of the window.",
    lambda w: w.but(x=np.maximum(w.x, 0)),
)
pooling_back(
    "a window overwrites what the windows before it had sent to the same cell",
    "A cell may win several windows: add with +=.",
    lambda w: w.but(adds=False),
)
pooling_back(
    "the number of the winning tap is divided by the height of the window",
    COUNTED,
    lambda w: w.but(shares=lambda window: {_split(int(window.argmax()), window.shape[0]): 1}),
)
pooling_back(
    "the number of the winning tap is taken for its column in the window",
    COUNTED,
    lambda w: w.but(shares=lambda window: {(0, int(window.argmax())): 1}),
)
pooling_back(
    "grad is not used: every winner gets 1",
    "Add grad[i, j] to the cell that won window (i, j).",
    lambda w: w.but(grad=np.ones_like(w.grad)),
)
pooling_back(
    "it sends the largest numbers themselves, not the gradient",
    "The cell that won window (i, j) gets grad[i, j].",
    lambda w: w.but(grad=max_pool2d(w.x, w.kernel_size, stride=w.stride)),
)
pooling_back(
    "the stride that is given is ignored: the windows lie side by side",
    BEGINS,
    lambda w: w.but(stride=w.kernel_size),
)
pooling_back("the windows move by one", BEGINS, lambda w: w.but(stride=(1, 1)))
pooling_back("the two strides have changed places", STRIDE, lambda w: w.but(stride=w.stride[::-1]))
pooling_back(
    "the first stride is used for rows and columns",
    STRIDE,
    lambda w: w.but(stride=w.stride[:1] * 2),
)
