"""What a max pooling is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.rule import Pair
from convlib.pooling.forward import pool2d

__all__ = ["Pool", "along", "in_pieces", "kept", "tap"]


@dataclass(frozen=True)
class Pool(Made):
    """The arguments of a pooling, and what becomes of each window."""

    x: Any
    kernel_size: Pair
    stride: Pair | None = None
    padding: Pair = (0, 0)
    reduce: Callable[..., Any] = np.max
    ceil_mode: bool = False

    def padded(self, fill: Any, ends: int = 2) -> Pool:
        """Fill the padding with a number, at both ends or the first alone."""
        sides = [(p, p * (ends - 1)) for p in (0, *self.padding)]
        x = np.pad(self.x, sides, constant_values=fill)
        return self.but(x=x, padding=(0, 0))

    def surrounded(self, mode: Any) -> Pool:
        """Fill the padding as `np.pad` does by a mode."""
        x = np.pad(self.x, [(p, p) for p in (0, *self.padding)], mode=mode)
        return self.but(x=x, padding=(0, 0))

    @property
    def blocks(self) -> bool:
        """Whether the windows lie side by side, in an image without padding."""
        return self.stride in (None, self.kernel_size) and self.padding == (0, 0)

    @property
    def y(self) -> Any:
        """What the pooling gives."""
        given = {name: getattr(self, name) for name in ("stride", "padding", "ceil_mode")}
        return pool2d(self.x, self.kernel_size, self.reduce, **given)


def tap(values: Any, axis: Any) -> Any:
    """Number the largest in its window."""
    return values.reshape(*values.shape[:-2], -1).argmax(axis=-1)


def in_pieces(p: Pool) -> Any:
    """Cut the memory into pieces as large as the windows."""
    if not p.blocks:
        return p.y
    (c, h, w), (kh, kw) = p.x.shape, p.kernel_size
    cut = np.ascontiguousarray(p.x[:, : h // kh * kh, : w // kw * kw])
    return p.reduce(cut.reshape(c, h // kh, w // kw, kh, kw), axis=(3, 4))


def kept(y: Any, p: Pool, count: int) -> Any:
    """Keep the largest from window to window, anew for each index of the first axes."""
    rows = y.reshape(*y.shape[:count], -1)
    return np.maximum.accumulate(rows, axis=-1).reshape(y.shape)


def along(p: Pool, axis: int) -> Any:
    """Take the largest along one axis of each window, the other is left."""
    (down, right), filled = p.stride or p.kernel_size, p.padded(p.x.min()).x
    view = np.lib.stride_tricks.sliding_window_view(filled, p.kernel_size, axis=(-2, -1))
    return view[..., ::down, ::right, :, :].max(axis=axis)
