"""What goes wrong in a max pooling of an image (C, H, W)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.rule import Pair
from convlens.check.mistakes.shared import FLOORED, STRIDE
from convlens.check.slips import Slips
from convlib.pooling.forward import pool2d

LARGEST = "Take the largest number: max."
EMPTY = "There are no cells in the padding: fill it with what no number is smaller than."


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

    @property
    def y(self) -> Any:
        """What the pooling gives."""
        given = {name: getattr(self, name) for name in ("stride", "padding", "ceil_mode")}
        return pool2d(self.x, self.kernel_size, self.reduce, **given)


def _tap(values: Any, axis: Any) -> Any:
    """Number the largest in its window."""
    return values.reshape(*values.shape[:-2], -1).argmax(axis=-1)


pooling = Slips(Pool, lambda p: p.y)
pooling(
    "the stride is 1 where none is given",
    "Windows of a pooling lie side by side: without a stride it is kernel_size.",
    lambda p: p.but(stride=p.stride or (1, 1)),
)
pooling(
    "the stride that is given is ignored: the windows lie side by side",
    "kernel_size is the stride only where stride is None.",
    lambda p: p.but(stride=None),
)
pooling(
    "the two strides have changed places",
    STRIDE,
    lambda p: p.but(stride=p.stride and p.stride[::-1]),
)
pooling(
    "the first stride is used for rows and columns",
    STRIDE,
    lambda p: p.but(stride=(p.stride or p.kernel_size)[:1] * 2),
)
pooling(
    "the height and the width of the window have changed places",
    "kernel_size is (KH, KW): rows first.",
    lambda p: p.but(kernel_size=p.kernel_size[::-1]),
)
pooling(
    "the channels are reduced too",
    "Each channel keeps maxima of its own: reduce over the two axes of the window alone.",
    shape=lambda y, p: y.max(axis=0),
)
pooling(
    "the channels come last",
    "Return (C, OH, OW): move the axis of the channels to the front.",
    shape=lambda y, p: np.moveaxis(y, 0, -1),
)
pooling(
    "only the first channel is there",
    "Each channel keeps maxima of its own: return (C, OH, OW).",
    lambda p: p.but(x=p.x[:1]),
)
pooling(
    "only the first channel is there, as a plane without an axis of channels",
    "Each channel keeps maxima of its own: return (C, OH, OW).",
    shape=lambda y, p: y[0],
)
pooling(
    "it takes the smallest number of each window",
    "Take the largest: max.",
    lambda p: p.but(reduce=np.min),
)
pooling(
    "it takes the mean of each window",
    LARGEST,
    lambda p: p.but(reduce=np.sum),
    shape=lambda y, p: y / prod(p.kernel_size),
)
pooling("it sums up each window", LARGEST, lambda p: p.but(reduce=np.sum))
pooling(
    "the number of the largest in its window is given, not the largest itself",
    "argmax tells where it is; max tells what it is.",
    lambda p: p.padded(p.x.min()).but(reduce=_tap),
)
pooling(
    "one window too many: sizes are rounded up, and the last windows hang over the edge",
    FLOORED,
    lambda p: p.but(ceil_mode=True),
)
pooling(
    "the padding is ignored",
    "Add the cells of the padding before the windows are taken.",
    lambda p: p.but(padding=(0, 0)),
)
pooling(
    "the padding is zeros, and they win where all numbers are negative",
    EMPTY,
    lambda p: p.padded(0),
)
pooling(
    "the padding is -1, and wins where all numbers are smaller",
    EMPTY,
    lambda p: p.padded(-1 if p.x.dtype.kind != "u" else 0),
)
pooling(
    "the padding lies before the first row and column only",
    "padding is on both sides: as many rows below as above, as many columns right as left.",
    lambda p: p.padded(p.x.min(), ends=1),
)
pooling(
    "the search for the largest begins at 0, which wins where all numbers are negative",
    "Begin with a number of the window itself.",
    shape=lambda y, p: np.maximum(y, 0),
)
