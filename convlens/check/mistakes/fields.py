"""What goes wrong when the size of a receptive field is worked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from math import prod

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.shared import EXTENT, GAPS
from convlens.check.slips import Slips

Layers = list[tuple[int, int, int]]


def _jump(below: Layers) -> int:
    """Multiply the strides of the layers below."""
    return prod(stride for _, stride, _ in below)


@dataclass(frozen=True)
class Stack(Made):
    """Layers of (kernel, stride, dilation): each adds (kernel - less)*dilation jumps to `begin`."""

    layers: Layers
    begin: int = 1
    less: int = 1
    own: int = 0  # 1 where a layer's own stride is in its jump
    jump: Callable[[Layers], int] = _jump

    @property
    def size(self) -> int:
        """The rows from the first that is seen to the last."""
        return self.begin + sum(
            (kernel - self.less) * dilation * self.jump(self.layers[: number + self.own])
            for number, (kernel, _, dilation) in enumerate(self.layers)
        )


def _seen(s: Stack) -> set[int]:
    """List the rows that are read, from the top down."""
    seen = {0}
    for kernel, stride, dilation in s.layers[::-1]:
        seen = {row * stride + u * dilation for row in seen for u in range(kernel)}
    return seen


fields = Slips(Stack, lambda s: s.size)
fields(
    "the jump is forgotten: the strides of the layers below are not used",
    "A step on this layer is a jump of several rows of the image: multiply by the strides below.",
    lambda s: s.but(jump=lambda below: 1),
)
fields(
    "a layer's own stride is applied before its windows are counted",
    "A layer's stride matters to the layers above it: change the jump after the size.",
    lambda s: s.but(own=1),
)
fields(
    "the strides are added up",
    "Each stride multiplies the jump: two layers of stride 3 jump 9 rows.",
    lambda s: s.but(jump=lambda below: 1 + sum(stride - 1 for _, stride, _ in below)),
)
fields(
    "the strides are added to the jump, which begins at 1",
    "Each stride multiplies the jump, *= in place of +=: two layers of stride 3 jump 9 rows.",
    lambda s: s.but(jump=lambda below: 1 + sum(stride for _, stride, _ in below)),
)
fields(
    "the jump is multiplied with the dilations too",
    "A dilation spreads the taps of its own layer; only strides move the windows above it.",
    lambda s: s.but(jump=lambda below: prod(stride * dilation for _, stride, dilation in below)),
)
fields(
    "the jump is the stride of the last layer alone",
    "The jump collects the strides of all layers below: multiply them.",
    lambda s: s.but(jump=lambda below: _jump(below[-1:])),
)
fields(
    "the dilation is forgotten",
    EXTENT,
    lambda s: s.but(layers=[(kernel, stride, 1) for kernel, stride, _ in s.layers]),
)
fields(
    "the dilated window is too long: K*dilation",
    GAPS,
    lambda s: s.but(layers=[(k * dilation, stride, 1) for k, stride, dilation in s.layers]),
)
fields(
    "every layer adds K cells, but one of them was seen already",
    "A layer widens the field by K - 1 cells of the layer below.",
    lambda s: s.but(less=s.less - 1),
)
fields(
    "one row is missing: the count begins at 0",
    "A pixel sees itself: begin with size 1.",
    lambda s: s.but(begin=s.begin - 1),
)
fields(
    "the layers are taken from the top down",
    "The list begins at the image: the strides below a layer are those before it.",
    lambda s: s.but(layers=s.layers[::-1]),
)
fields(
    "the kernel sizes are multiplied",
    "Windows of windows overlap: each layer adds (K - 1)*dilation*jump rows.",
    answer=lambda s: prod(kernel for kernel, _, _ in s.layers),
)
fields(
    "the kernel sizes are added up",
    "The first cell of each window was counted before: a layer adds (K - 1)*dilation*jump rows.",
    answer=lambda s: sum(kernel for kernel, _, _ in s.layers),
)
fields(
    "only those rows are counted that are read, and the holes between them are left out",
    "The size goes from the first row to the last, holes and all.",
    answer=lambda s: len(_seen(s)),
)
fields(
    "the first kernel is counted twice: the size begins at it, and then all layers are added",
    "Begin with size 1: a pixel sees itself. Or begin with the first kernel and add the others.",
    lambda s: s.but(begin=s.layers[0][0]),
)
fields(
    "half of the kernel, rounded down, is counted to each side",
    "An even kernel has no middle: it adds K - 1 cells, not 2*(K // 2).",
    lambda s: s.but(layers=[(2 * (k // 2) + 1, stride, d) for k, stride, d in s.layers]),
)
fields(
    "the jump of a layer is its own stride",
    "A layer's stride matters to the layers above it: multiply the strides of those below.",
    lambda s: s.but(own=1, jump=lambda below: below[-1][1]),
)
fields(
    "the size so far is multiplied by each stride, from the image up",
    "A stride moves the layers above it: keep the jump apart, and add (K - 1)*dilation*jump.",
    answer=lambda s: reduce(lambda size, one: size * one[1] + (one[0] - 1) * one[2], s.layers, 1),
)
