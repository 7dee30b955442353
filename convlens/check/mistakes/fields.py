"""What goes wrong when the size of a receptive field is worked out."""

from __future__ import annotations

import math

from convlens.check.task import mistake

__all__ = ["size"]

Layers = list[tuple[int, int, int]]


def size(layers: Layers) -> int:
    """Work out the size of the field: the right answer."""
    found, jump = 1, 1
    for kernel, stride, dilation in layers:
        found += (kernel - 1) * dilation * jump
        jump *= stride
    return found


@mistake(
    "the jump is forgotten: the strides of the layers below are not used",
    "A step on this layer is a jump of several rows of the image: multiply by the strides below.",
)
def jump_forgotten(layers: Layers) -> int:
    return 1 + sum((kernel - 1) * dilation for kernel, _, dilation in layers)


@mistake(
    "a layer's own stride is applied before its windows are counted",
    "A layer's stride matters to the layers above it: change the jump after the size.",
)
def own_stride_first(layers: Layers) -> int:
    found, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        found += (kernel - 1) * dilation * jump
    return found


@mistake(
    "the strides are added up",
    "Each stride multiplies the jump: two layers of stride 3 jump 9 rows.",
)
def jump_added(layers: Layers) -> int:
    found, jump = 1, 1
    for kernel, stride, dilation in layers:
        found += (kernel - 1) * dilation * jump
        jump += stride - 1
    return found


@mistake(
    "the jump is the stride of the last layer alone",
    "The jump collects the strides of all layers below: multiply them.",
)
def last_stride_only(layers: Layers) -> int:
    found, jump = 1, 1
    for kernel, stride, dilation in layers:
        found += (kernel - 1) * dilation * jump
        jump = stride
    return found


@mistake("the dilation is forgotten", "K taps with K - 1 gaps span (K - 1)*dilation + 1.")
def dilation_forgotten(layers: Layers) -> int:
    return size([(kernel, stride, 1) for kernel, stride, _ in layers])


@mistake(
    "the dilated window is too long: K*dilation",
    "K taps have only K - 1 gaps between them: (K - 1)*dilation + 1.",
)
def window_too_long(layers: Layers) -> int:
    return size([(kernel * dilation, stride, 1) for kernel, stride, dilation in layers])


@mistake(
    "every layer adds K cells, but one of them was seen already",
    "A layer widens the field by K - 1 cells of the layer below.",
)
def one_too_many_each(layers: Layers) -> int:
    found, jump = 1, 1
    for kernel, stride, dilation in layers:
        found += kernel * dilation * jump
        jump *= stride
    return found


@mistake("one row is missing: the count begins at 0", "A pixel sees itself: begin with size 1.")
def from_zero(layers: Layers) -> int:
    return size(layers) - 1


@mistake(
    "the layers are taken from the top down",
    "The list begins at the image: the strides below a layer are those before it.",
)
def upside_down(layers: Layers) -> int:
    return size(layers[::-1])


@mistake(
    "the kernel sizes are multiplied",
    "Windows of windows overlap: each layer adds (K - 1)*dilation*jump rows.",
)
def multiplied(layers: Layers) -> int:
    return math.prod(kernel for kernel, _, _ in layers)


@mistake(
    "the kernel sizes are added up",
    "The first cell of each window was counted before: a layer adds (K - 1)*dilation*jump rows.",
)
def added(layers: Layers) -> int:
    return sum(kernel for kernel, _, _ in layers)


@mistake(
    "only those rows are counted that are read, and the holes between them are left out",
    "The size goes from the first row to the last, holes and all.",
)
def holes_left_out(layers: Layers) -> int:
    seen = {0}
    for kernel, stride, dilation in layers[::-1]:
        seen = {row * stride + u * dilation for row in seen for u in range(kernel)}
    return len(seen)
