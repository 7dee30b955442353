"""Random stacks of layers, on images of any kind, cut in any way."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from convlib import avg_pool2d, conv2d, max_pool2d, pool2d, prepare

SINGLE = (np.abs, np.square, np.conjugate, np.isfinite)  # functions of single numbers
DTYPES = ("uint8", "bool", "int64", "float32", ">f4", "float16", "complex64", "float64", ">i2")
NAMED = ("strided", "taps", "banded", "im2col", "matrix", "fft")


class Case(NamedTuple):
    """A stack on an image, the result of the whole, and how the image is cut."""

    x: Any
    layers: list[Any]
    whole: Any
    chunks: tuple[tuple[int, ...], ...]
    tile: Any
    rounding: float  # relative, to the largest number

    def __repr__(self) -> str:
        layers = "\n  ".join(map(repr, self.layers))
        sizes = f"{self.x.shape} {self.x.dtype}, chunks={self.chunks}, tile={self.tile}"
        return f"x {sizes}\n  {layers}"


def random_case(seed: int) -> Case:
    """Draw a case: the same one for the same seed."""
    rng = np.random.default_rng(seed)
    while True:
        layout, ndim = _one(rng, ["NCHW", "NHWC"]), _one(rng, [2, 3, 4, 4])
        x = y = _image(rng, ndim, layout)
        layers: list[Any] = []
        rounding = 0.0
        for _ in range(rng.integers(1, 5)):
            try:
                layer = _layer(rng, y, layout)
                after = np.asarray(layer(y))
            except (ValueError, TypeError):  # such a window does not fit: another one may
                continue
            if layout == "NHWC" and y.ndim == 4 and after.ndim == 3:
                continue  # (N, H, W) would be read as (H, W, C) by what follows
            if after.dtype.kind in "iu" and after.size and np.abs(after.astype(float)).max() > 1e15:
                continue
            layers, y = [*layers, layer], after
            if after.dtype.kind in "fc" and after.size:
                rounding = max(rounding, 100 * float(np.finfo(after.dtype).eps))
        if layers:
            tile = None if rng.random() < 0.5 else _pair(rng, 1, 9)
            return Case(x, layers, y, tuple(_cuts(rng, n) for n in x.shape), tile, rounding)


def _one(rng, choices):
    return choices[rng.integers(len(choices))]


def _pair(rng, low, high):
    """One number for both, or a (row, column) pair."""
    pair = tuple(int(n) for n in rng.integers(low, high + 1, 2))
    return pair if rng.random() < 0.6 else pair[0]


def _image(rng, ndim, layout):
    batch = int(_one(rng, [0, 1, 2, 3])) if rng.random() < 0.3 else 2
    rows, columns = (int(n) for n in rng.integers(1, 24, 2))
    channels = int(_one(rng, [1, 2, 3, 4]))
    last = (rows, columns, channels) if layout == "NHWC" else (channels, rows, columns)
    shape = {2: (rows, columns), 3: last, 4: (batch, *last)}[ndim]
    dtype = np.dtype(_one(rng, DTYPES))
    low = 0 if dtype.kind in "ub" else -4
    return rng.integers(low, 2 if dtype.kind == "b" else 5, shape).astype(dtype)


def _cuts(rng, size):
    """Cut an axis: not at all, into equal chunks, into ragged ones, some of them empty."""
    kind = rng.integers(4)
    if size == 0 or kind == 0:
        return (size,)
    if kind == 1:
        every = int(rng.integers(1, size + 1))
        return (every,) * (size // every) + ((size % every,) if size % every else ())
    cells = np.arange(size + 1) if kind == 2 else np.arange(1, size)
    ends = np.sort(rng.choice(cells, min(rng.integers(0, size + 1), len(cells)), replace=kind == 2))
    sizes = np.diff([0, *ends, size])
    return tuple(int(n) for n in sizes)


def _layer(rng, x, layout):
    kind = rng.random()
    if kind < 0.55:
        return _convolution(rng, x, layout)
    if kind < 0.85:
        return _pooling(rng, layout)
    return _one(rng, SINGLE)


def _convolution(rng, x, layout):
    channels = 1 if x.ndim == 2 else x.shape[-1 if layout == "NHWC" else -3]
    size = tuple(int(n) for n in rng.integers(1, 5, 2))
    arguments: dict[str, Any] = {"layout": layout}
    w_dtype = "int64" if x.dtype.kind in "biu" and rng.random() < 0.7 else x.dtype
    if np.dtype(w_dtype).kind == "b":
        w_dtype = "int8"
    if x.ndim == 2:
        w = rng.integers(-3, 4, size)
        filters = None
    elif rng.random() < 0.25:
        w, filters = rng.integers(-3, 4, (channels, *size)), None
        w = np.moveaxis(w, 0, -1) if layout == "NHWC" else w
    else:
        groups = _one(rng, [g for g in (1, 1, 2, 3, 4) if channels % g == 0])
        filters = int(groups * rng.integers(1, 3))
        w = rng.integers(-3, 4, (filters, channels // groups, *size))
        w = w.transpose(2, 3, 1, 0) if layout == "NHWC" else w
        arguments["groups"] = groups
    w = w.astype(w_dtype) if np.dtype(w_dtype).kind != "u" else abs(w).astype(w_dtype)
    if rng.random() < 0.3:
        values = rng.integers(-3, 4, filters or 1)
        arguments["bias"] = _one(rng, [3, -2]) if filters is None else values
        if filters is None and rng.random() < 0.5:
            arguments["bias"] = values.tolist()
    if rng.random() < 0.7:
        sides = tuple((int(a), int(b)) for a, b in rng.integers(0, 6, (2, 2)))
        arguments["padding"] = _one(rng, ["same", "same_lower", "valid", _pair(rng, 0, 4), sides])
    arguments["padding_mode"] = _one(rng, ["zeros", "reflect", "replicate", "circular"])
    if rng.random() < 0.4:
        arguments["stride"] = _pair(rng, 1, 4)
    if rng.random() < 0.4:
        arguments["dilation"] = _pair(rng, 1, 3)
    if rng.random() < 0.2:
        arguments["method"] = _one(rng, NAMED)
    if rng.random() < 0.2:
        w = prepare(w, layout=layout)
    return partial(conv2d, w=w, **arguments)


def _pooling(rng, layout):
    function = _one(rng, [max_pool2d, avg_pool2d, pool2d])
    kernel = _pair(rng, 1, 4)
    arguments: dict[str, Any] = {"kernel_size": kernel, "layout": layout}
    if rng.random() < 0.6:
        arguments["stride"] = _pair(rng, 1, 4)
    arguments["ceil_mode"] = bool(rng.random() < 0.4)
    if rng.random() < 0.6:
        most = [k // 2 for k in np.broadcast_to(kernel, 2)]
        arguments["padding"] = tuple(int(rng.integers(m + 1)) for m in most)
    if function is avg_pool2d:
        arguments["count_include_pad"] = bool(rng.random() < 0.5)
    elif rng.random() < 0.4:
        arguments["dilation"] = _pair(rng, 1, 3)
    if function is pool2d:
        arguments["reduce"] = _one(rng, [np.min, np.sum])
    return partial(function, **arguments)
