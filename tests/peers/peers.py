"""The same convolution by other hands. Each takes a case and returns (N, O, OH, OW)."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convlib import conv2d
from tests.peers.cases import MODES, PADDINGS, TAGS


@dataclass(frozen=True)
class Peer:
    """A peer, and what it can be asked."""

    name: str
    module: str
    convolve: Any
    spellings: tuple[str, ...] = PADDINGS
    modes: tuple[str, ...] = MODES
    strategy: dict[str, Any] = field(default_factory=dict)

    def expresses(self, tag):
        """Whether cases with this tag can be compared with this peer."""
        kind, _, value = tag.partition(", ")
        known = {"padding": self.spellings, "padding_mode": self.modes}.get(kind)
        return known is None or value in known

    @property
    def tags(self):
        return [tag for tag in TAGS if self.expresses(tag)]


def by_loops(case):
    return case.canonical(conv2d(case.x, case.w, case.bias, method="loops", **case.arguments))


def each_plane(case, correlate_plane):
    """Sum `correlate_plane(plane, kernel)` over the channels of each filter's group."""
    channels = case.filters.shape[1]
    per_group = len(case.filters) // case.groups
    outputs = []
    for image in case.images:
        for number, kernels in enumerate(case.filters):
            first = number // per_group * channels
            planes = image[first : first + channels]
            y = sum(correlate_plane(p, k) for p, k in zip(planes, kernels, strict=True))
            outputs.append(y if case.biases is None else y + case.biases[number])
    return np.stack(outputs).reshape(len(case.images), len(case.filters), *outputs[0].shape)


def spread(case, kernel):
    """Set the taps of a kernel apart: zeros in between do what dilation does."""
    out = np.zeros(case.extent, kernel.dtype)
    out[:: case.dilation[0], :: case.dilation[1]] = kernel
    return out


def by_signal(case):
    """scipy.signal.correlate2d: every place on a canvas of zeros; the strides keep some."""
    from scipy.signal import correlate2d

    (top, bottom), (left, right) = case.sides
    (h, w), (down, across) = case.images.shape[2:], case.stride

    def plane(image, kernel):
        canvas = np.zeros((top + h + bottom, left + w + right), image.dtype)
        canvas[top : top + h, left : left + w] = image
        return correlate2d(canvas, spread(case, kernel), mode="valid")[::down, ::across]

    return each_plane(case, plane)


def by_ndimage(case):
    """scipy.ndimage.correlate: a window centred on every cell, four rules for the outside."""
    from scipy.ndimage import correlate

    names = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest"}
    mode, (down, across) = {**names, "circular": "grid-wrap"}[case.mode], case.stride
    return each_plane(case, lambda p, k: correlate(p, spread(case, k), mode=mode)[::down, ::across])


def by_torch(case):
    """torch.nn.functional.conv2d and Conv2d; F.pad for the sides that these cannot express."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)  # on arrays this small, threads only wait for each other
    x, w = torch.from_numpy(case.images.copy()), torch.from_numpy(case.filters.copy())
    bias = None if case.biases is None else torch.from_numpy(case.biases)
    steps = {"stride": case.stride, "dilation": case.dilation, "groups": case.groups}
    (top, bottom), (left, right) = case.sides
    if case.mode == "zeros" and case.spelling in ("none", "int", "pair"):
        return functional.conv2d(x, w, bias, padding=(top, left), **steps).numpy()
    if case.mode == "zeros" and case.spelling == "valid":
        return functional.conv2d(x, w, bias, padding="valid", **steps).numpy()
    if case.spelling == "same" and case.stride == (1, 1):
        # The layer itself: it has a rule of its own for an odd cell.
        layer = torch.nn.Conv2d(
            x.shape[1], len(w), tuple(w.shape[2:]), padding="same", padding_mode=case.mode,
            bias=bias is not None, dtype=x.dtype, **steps,
        )  # fmt: skip
        with torch.no_grad():
            layer.weight.copy_(w)
            if bias is not None:
                layer.bias.copy_(bias)
            return layer(x).numpy()
    mode = "constant" if case.mode == "zeros" else case.mode
    x = functional.pad(x, (left, right, top, bottom), mode=mode)
    return functional.conv2d(x, w, bias, **steps).numpy()


PEERS = (
    Peer(
        "loops", "convlib", by_loops,
        strategy={"dtypes": ("float64", "float32", "complex128", "int64", "uint8", "bool")},
    ),
    Peer("scipy.signal", "scipy.signal", by_signal, modes=("zeros",)),
    Peer(
        "scipy.ndimage", "scipy.ndimage", by_ndimage, strategy={"odd": True},
        spellings=("pair", "four sides", "same", "same_lower"),
    ),
    Peer("torch", "torch", by_torch),
)  # fmt: skip
