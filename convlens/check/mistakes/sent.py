"""What the gradients of a layer are made of: those of other arguments, or of other places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np

from convlens.check.mistakes.axes import ONE, Pair, only
from convlens.check.mistakes.layer import Layer
from convlib.adjoint.backward import conv2d_backward

__all__ = ["Back", "undilated", "unstrided"]

#: How NumPy calls the modes of padding.
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@dataclass(frozen=True)
class Back(Layer):
    """The arguments of a layer, and the gradient of its output."""

    grad: Any = None
    kept: str = ""  # whose number stays in dx, where it is not the sum: the last window, or tap
    cut: Callable[[Any, Back], Any] | None = None  # from dx of the padded image to what is returned

    @classmethod
    def of(cls, grad: Any, x: Any, w: Any, **given: Any) -> Self:  # type: ignore[override]
        """Read the arguments of `conv2d_backward`."""
        return super().of(x, w, grad=grad, **given)

    def dx(self) -> Any:
        """Send back to the pixels."""
        layer = self if self.cut is None else self.around("constant")
        dx = (
            layer._last()
            if self.kept
            else conv2d_backward(self.grad, layer.x, self.w, **layer.steps)[0]
        )
        return dx if self.cut is None else self.cut(dx, self)

    def dw(self) -> Any:
        """Sum up for each weight."""
        return conv2d_backward(self.grad, self.x, self.w, **self.steps)[1]

    def db(self) -> Any:
        """Sum up for each filter."""
        return self.over("NHW")

    def over(self, axes: str) -> Any:
        """Sum the output gradient of a batch over some axes, named as in "NOHW"."""
        order = "NOHW" if self.layout == "NCHW" else "NHWO"
        return self.grad.sum(axis=tuple(map(order.index, axes)))

    @property
    def images(self) -> int:
        """How many images there are."""
        return len(self.x) if self.x.ndim == 4 else 1

    def image(self, number: slice) -> Self:
        """Keep some images of the batch."""
        return self if self.x.ndim < 4 else self.but(x=self.x[number], grad=self.grad[number])

    def sent(self, change: Callable[[Any], Any]) -> Self:
        """Change the output gradient."""
        return self.but(grad=change(self.grad))

    def pretending(self, **other: Any) -> Self:
        """Let the layer have had other settings: the cells of its output stand elsewhere."""
        there = self.but(**other)
        placed = np.zeros(there.answer().shape, self.grad.dtype)
        common = tuple(map(slice, np.minimum(placed.shape, self.grad.shape)))
        placed[common] = self.grad[common]
        return there.but(grad=placed)

    def stepped(self, name: str, take: Callable[[Pair], Pair]) -> Self:
        """Let the layer have had another stride or dilation."""
        return self.pretending(**{name: take(getattr(self, name))})

    def tap_by_tap(self, name: str, take: Callable[[Pair], Pair]) -> Any:
        """Return dw with another stride, of slices that begin at each tap and end where x does."""
        layer = self.around(MODES[self.padding_mode])
        rows, columns = map(range, self.geometry.kernel_size)
        lines = [[layer._tap(u, v).stepped(name, take).dw() for v in columns] for u in rows]
        down, right = self.taps
        return np.concatenate([np.concatenate(line, right) for line in lines], down)

    def _tap(self, u: int, v: int) -> Self:
        """Keep one tap, and of x what lies from it on."""
        (down, right), at = self.dilation, np.s_[..., u : u + 1, v : v + 1]
        x = self.x[self.pixels(slice(u * down, None), slice(v * right, None))]
        return self.but(x=x).weighing(lambda w: w[at])

    def _last(self) -> Any:
        """Return dx where the last of those who send to a pixel wins; the filters are summed."""
        g = self.geometry
        i, j, u, v = np.indices((*g.output_size, *g.kernel_size))
        rows, columns = i * g.stride[0] + u * g.dilation[0], j * g.stride[1] + v * g.dilation[1]
        keys = (i, j, u, v) if self.kept == "window" else (u, v, i, j)
        ranks = np.lexsort([key.ravel() for key in keys[::-1]])
        last = np.full(g.padded_size, -1)
        last[rows.ravel()[ranks], columns.ravel()[ranks]] = ranks
        wins = np.isin(np.arange(i.size), last).reshape(i.shape)
        total: Any = 0
        for tap in np.ndindex(*g.kernel_size):  # one at a time, with the cells that win through it
            alone = self.weighing(partial(only, at=np.s_[..., *tap]))
            grad = only(self.grad, self.cells(*np.nonzero(wins[:, :, *tap])))
            total = total + alone.but(grad=grad, kept="", cut=None).dx()
        return total


def unstrided(a: Back) -> Back:
    """Forget the stride."""
    return a.pretending(stride=ONE)


def undilated(a: Back) -> Back:
    """Forget the dilation."""
    return a.pretending(dilation=ONE)
