"""What a transposed convolution is made of.

Arrays are (H, W), (C, H, W) or (N, C, H, W); kernels (KH, KW) or (C, O/groups, KH, KW).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO, Pair, Stepped, only, pair
from convlib.adjoint.transpose import conv_transpose2d

__all__ = ["Spread", "lost", "overwritten"]


@dataclass(frozen=True)
class Spread(Stepped):
    """What `conv_transpose2d` is given, with all steps as pairs."""

    x: Any
    w: Any
    bias: Any = None
    stride: Pair = ONE
    padding: Pair = ZERO
    output_padding: Pair = ZERO
    dilation: Pair = ONE
    groups: int = 1
    cut: Callable[[Any, Spread], Any] | None = None  # from the output with its padding

    @classmethod
    def of(cls, x: Any, w: Any, bias: Any = None, *, groups: int = 1, **steps: Any) -> Self:
        """Read the arguments of `conv_transpose2d`."""
        pairs: dict[str, Any] = {name: pair(value) for name, value in steps.items()}
        return cls(x, w, bias, groups=groups, **pairs)

    def answer(self) -> Any:
        """Spread, then cut the padding off."""
        if self.cut is not None:
            return self.cut(self.but(padding=ZERO, cut=None).answer(), self)
        names = ("stride", "padding", "output_padding", "dilation", "groups")
        steps = {name: getattr(self, name) for name in names}
        return conv_transpose2d(self.x, self.w, self.bias, **steps)

    @property
    def added(self) -> Any:
        """The bias as it is added to the output."""
        return 0 if self.bias is None else self.bias.reshape((-1, 1, 1) if self.w.ndim == 4 else ())

    @property
    def places(self) -> list[Spread]:
        """Each place of x by itself, without the bias."""
        places = np.ndindex(*self.x.shape[-2:])
        return [self.but(x=only(self.x, np.s_[..., *place]), bias=None) for place in places]

    @property
    def marked(self) -> Spread:
        """A plane of ones, and a kernel of ones."""
        plane, kernel = (np.ones(array.shape[-2:], int) for array in (self.x, self.w))
        return self.but(x=plane, w=kernel, bias=None, groups=1)

    @property
    def more(self) -> Any:
        """How many numbers fall on each cell of the output plane besides the first."""
        return np.maximum(self.marked.answer(), 1) - 1


def overwritten(a: Spread) -> Any:
    """Let each number set the cells that it falls on."""
    y = a.but(x=a.x * 0, bias=None).answer()
    for one, mark in zip(a.places, a.marked.places, strict=True):
        here = mark.answer() > 0
        y[..., here] = one.answer()[..., here]
    return y + a.added


def lost(one: Spread) -> Any:
    """What the products of one place lack when they are made in uint8."""
    products = one.answer()
    return products - products.astype(np.uint8)
