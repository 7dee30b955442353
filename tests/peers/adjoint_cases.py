"""Random arguments of conv_transpose2d, unfold and fold, as a reader may spell them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.peers.cases import as_pair, pairs

DTYPES = ("float64", "float32", "complex128")


@dataclass(frozen=True)
class Call:
    """The arguments as typed, those of other than the default value, and all of them as pairs.

    `canonical` holds the same arrays with the axes that PyTorch has.
    """

    arrays: tuple[Any, ...]
    arguments: dict[str, Any]
    canonical: tuple[Any, ...]
    steps: dict[str, Any]
    batched: bool

    @property
    def layout(self):
        return self.arguments.get("layout", "NCHW")

    def tags(self):
        """Which arguments have another value than the default."""
        yield "every case"
        typed = {name: value for name, value in self.steps.items() if name in self.arguments}
        for name, value in typed.items():
            if value == {"stride": (1, 1), "dilation": (1, 1)}.get(name, (0, 0)):
                continue
            spelling = "pair" if isinstance(self.arguments[name], tuple) else "int"
            yield f"padding, {spelling}" if name == "padding" else name
        if self.arguments.get("groups", 1) > 1:
            yield "groups"
        if self.layout == "NHWC":
            yield "layout, NHWC"
        if len(self.arrays) > 2 and self.arrays[2] is not None:
            yield "bias"
        if not self.batched:
            yield "one image"


STEP_TAGS = ("stride", "padding, int", "padding, pair", "dilation", "one image")


def whole(draw, shape, dtype):
    """Small whole numbers: every sum of products is exact, so == is the comparison."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    numbers = rng.integers(-9, 10, shape).astype(dtype)
    if np.dtype(dtype).kind == "c":
        numbers = numbers + 1j * rng.integers(-9, 10, shape)
    return numbers


def steps_of(draw):
    """Draw stride, dilation and padding as a reader may type them, some not at all."""
    typed = {"stride": draw(pairs(1, 3)), "dilation": draw(pairs(1, 3))}
    side = st.integers(0, 2)
    different = st.tuples(side, side).filter(lambda pair: pair[0] != pair[1])
    typed["padding"] = draw(st.one_of(st.just(0), st.integers(1, 2), different))
    return typed


def without_defaults(typed):
    """What has its default value is not spoken of at all."""
    defaults = {"stride": 1, "dilation": 1, "padding": 0, "output_padding": 0, "groups": 1}
    return {n: v for n, v in typed.items() if v != {**defaults, "layout": "NCHW"}[n]}


@st.composite
def transposed_calls(draw):
    """Draw the arguments of conv_transpose2d, for an output of one row and column at least."""
    typed = steps_of(draw)
    steps = {name: as_pair(value) for name, value in typed.items()}
    room = [max(s, d) - 1 for s, d in zip(steps["stride"], steps["dilation"], strict=True)]
    more = draw(st.tuples(st.integers(0, room[0]), st.integers(0, room[1])))
    typed["output_padding"] = more[0] if more[0] == more[1] and draw(st.booleans()) else more
    steps["output_padding"] = more
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    size = []
    for axis in range(2):
        step, padding = steps["stride"][axis], steps["padding"][axis]
        fixed = (kernel[axis] - 1) * steps["dilation"][axis] + more[axis] + 1 - 2 * padding
        least = 1 + max(0, -((fixed - 1) // step))  # the first n with (n - 1) * step + fixed >= 1
        size.append(least + draw(st.integers(0, 4)))
    typed["groups"] = groups = draw(st.integers(1, 3))
    per_group, channels = draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    batched, dtype = draw(st.booleans()), draw(st.sampled_from(DTYPES))
    x = whole(draw, (*([draw(st.integers(1, 2))] if batched else []), channels, *size), dtype)
    w = whole(draw, (channels, per_group, *kernel), dtype)
    bias = whole(draw, groups * per_group, dtype) if draw(st.booleans()) else None
    typed["layout"] = draw(st.sampled_from(["NCHW", "NHWC"]))
    arrays = x, w, bias
    if typed["layout"] == "NHWC":
        arrays = np.moveaxis(x, -3, -1), w.transpose(2, 3, 1, 0), bias
    return Call(arrays, without_defaults(typed), (x, w, bias), steps, batched)


@st.composite
def unfold_calls(draw):
    """Draw an image, the size of a kernel that fits, and steps."""
    typed = steps_of(draw)
    steps = {name: as_pair(value) for name, value in typed.items()}
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    axes = zip(kernel, steps["dilation"], steps["padding"], strict=True)
    least = [max((k - 1) * d + 1 - 2 * p, 1) for k, d, p in axes]
    size = [n + draw(st.integers(0, 4)) for n in least]
    batched, dtype = draw(st.booleans()), draw(st.sampled_from(DTYPES))
    batch = [draw(st.integers(1, 2))] if batched else []
    x = whole(draw, (*batch, draw(st.integers(1, 3)), *size), dtype)
    typed_kernel = kernel[0] if kernel[0] == kernel[1] and draw(st.booleans()) else kernel
    return Call((x, typed_kernel), without_defaults(typed), (x, kernel), steps, batched)


@st.composite
def fold_calls(draw):
    """Draw columns for an image of some size, a kernel that fits, and steps."""
    call = draw(unfold_calls())
    (x, kernel), steps, size = call.canonical, call.steps, call.canonical[0].shape[-2:]
    windows = 1
    for axis in range(2):
        extent = (kernel[axis] - 1) * steps["dilation"][axis] + 1
        padded = size[axis] + 2 * steps["padding"][axis]
        windows *= (padded - extent) // steps["stride"][axis] + 1
    rows = x.shape[-3] * kernel[0] * kernel[1]
    cols = whole(draw, (*x.shape[:-3], rows, windows), x.dtype)
    arrays = cols, size, call.arrays[1]
    return Call(arrays, call.arguments, (cols, size, kernel), steps, call.batched)
