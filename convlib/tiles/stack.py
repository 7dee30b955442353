"""A stack of layers, read: what each makes of shapes and dtypes, and of one part of the image.

A layer is what can be called with an array: ``partial(conv2d, w=w, padding="same")``, likewise
`max_pool2d`, `avg_pool2d` and `pool2d`; or any function of single numbers, such as `np.abs`. So
the same list works on an array in memory: ``for layer in layers: x = layer(x)``.
"""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import Pair, as_array, choice, refusal
from convlib.convolution import conv2d
from convlib.fast.prepared import Kernel, as_kernel
from convlib.geometry import LAYOUTS
from convlib.operands import known_geometry as of_conv2d
from convlib.pooling import avg_pool2d, max_pool2d, pool2d
from convlib.pooling.windows import known_geometry as of_pooling
from convlib.tiles.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convlib.tiles.stage import Layer

__all__ = ["read_stack"]

CONVOLUTION: Any = conv2d
POOLINGS: tuple[Any, ...] = (max_pool2d, avg_pool2d, pool2d)


def read_stack(shape: tuple[int, ...], dtype: Any, layers: Sequence[Layer]) -> list[Stage]:
    """Read every layer, on the shape and dtype of what the one before it makes.

    >>> layers = [partial(conv2d, w=np.ones((3, 3), np.int8), padding="same"), np.sqrt]
    >>> [(stage.shape, str(stage.dtype)) for stage in read_stack((70, 90), np.uint8, layers)]
    [((70, 90), 'int64'), ((70, 90), 'float64')]
    """
    if callable(layers) or not layers or not all(map(callable, layers)):
        wrong, change = "layers is no list of layers", "Use one or more, such as [np.abs]."
        raise refusal(TypeError, wrong, change, {"layers": layers})
    as_array("x", np.broadcast_to(np.zeros((), dtype), shape))  # numbers, or a refusal
    steps = [getattr(layer, "keywords", {}) for layer in layers if _kind(layer)]
    axes = _axes(len(shape), steps[0].get("layout", "NCHW") if steps else "NCHW")
    stages: list[Stage] = []
    for number, layer in enumerate(layers):
        given = {"layer": number, "of": layer, "x.shape": shape, "x.dtype": str(dtype)}
        make = _elementwise if _kind(layer) is None else _windowed
        stage = make(layer, shape, np.dtype(dtype), axes, given)
        stages.append(stage)
        shape, dtype, axes = stage.shape, stage.dtype, stage.axes[1]
    return stages


def _kind(layer: Layer) -> Any:
    """Which function of this package a layer calls; None for a function of single numbers."""
    called = layer.func if isinstance(layer, partial) else layer
    return called if called in (CONVOLUTION, *POOLINGS) else None


def _axes(ndim: int, layout: str) -> Pair:
    """Which axes hold rows and columns."""
    choice("layout", layout, LAYOUTS, {"layout": layout})
    return (ndim - 3, ndim - 2) if layout == "NHWC" and ndim > 2 else (ndim - 2, ndim - 1)


def _windowed(
    layer: Layer, shape: tuple[int, ...], dtype: np.dtype[Any], axes: Pair, given: dict[str, Any]
) -> Stage:
    """Read a convolution or a pooling, and try it on an image as large as one window."""
    function = _kind(layer)
    name, needed = function.__name__, "w" if function is CONVOLUTION else "kernel_size"
    if not isinstance(layer, partial) or layer.args or needed not in layer.keywords:
        change = f"Name its arguments: partial({name}, {needed}=...)."
        raise refusal(TypeError, f"{name} lacks what it is to work with", change, given)
    if unknown := layer.keywords.keys() - inspect.signature(function).parameters:
        change = f"Look at help({name})."
        raise refusal(TypeError, f"{name} takes no argument {min(unknown)!r}", change, given)
    steps = _defaults(function) | layer.keywords
    if _axes(len(shape), steps["layout"]) != axes:
        wrong = f"rows and columns are axes {axes} before this layer, and others in its layout"
        raise refusal(ValueError, wrong, "Give all layers one layout.", given)
    if function is CONVOLUTION:
        w = as_kernel(steps["w"], steps["layout"]).w
        bias = None if steps["bias"] is None else as_array("bias", steps["bias"])
        known = {k: v for k, v in steps.items() if k not in ("w", "bias")}
        g = of_conv2d(shape, w, bias, **known)
        piece: Layer = partial(layer, padding=0)
    else:
        known = {k: v for k, v in steps.items() if k not in ("kernel_size", "reduce")}
        g, _ = of_pooling(shape, steps["kernel_size"], **known)
        piece = layer
    with np.errstate(all="ignore"):  # of a sample, nobody needs to hear
        y = partial(layer, padding=0)(_sample(shape, dtype, axes, g.extent, 1))
    rows = _axes(y.ndim, steps["layout"]) if y.ndim == len(shape) else (y.ndim - 2, y.ndim - 1)
    sizes = list(y.shape)
    sizes[rows[0]], sizes[rows[1]] = g.output_size
    if len(shape) == 4:
        sizes[0] = shape[0]
    pools, prepared = function is not CONVOLUTION, isinstance(steps.get("w"), Kernel)
    return Stage(piece, g, pools, prepared, tuple(sizes), y.dtype, (axes, rows))


def _defaults(function: Layer) -> dict[str, Any]:
    """The arguments of a function that have a default, each with it."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def _elementwise(
    layer: Layer, shape: tuple[int, ...], dtype: np.dtype[Any], axes: Pair, given: dict[str, Any]
) -> Stage:
    """Read a function of single numbers, and see that it is one."""
    x, error = _sample(shape, dtype, axes, (3, 4), 2), None
    x.flags.writeable = False  # as is a chunk, which other tiles read too
    alike, y = False, x
    try:
        y = np.asarray(layer(x))
        alike = y.ndim == x.ndim and _by_pixels(layer, x, y, axes)
    except (TypeError, ValueError) as raised:
        error = raised
    if not alike:
        wrong = "this layer is no function of single numbers: near a seam it would see a part"
        change = (
            "Give a convolution or pooling as partial(conv2d, w=...), partial(max_pool2d, ...)."
        )
        if "read-only" in str(error):
            wrong, change = "this layer writes into its argument", "Let it return a new array."
        raise refusal(ValueError, wrong, change, given) from error
    sizes = [
        n if n != of_x else whole for n, of_x, whole in zip(y.shape, x.shape, shape, strict=True)
    ]
    return Stage(layer, None, False, False, tuple(sizes), y.dtype, (axes, axes))


def _by_pixels(layer: Layer, x: NDArray[Any], y: NDArray[Any], axes: Pair) -> bool:
    """Whether a layer makes of every pixel alone what it makes of it among others."""
    apart = (*axes, 0) if x.ndim == 4 else axes
    if any(y.shape[a] != x.shape[a] for a in apart):
        return False
    for place in np.ndindex(*(x.shape[a] for a in apart)):
        pixel = [slice(None)] * x.ndim
        for axis, at in zip(apart, place, strict=True):
            pixel[axis] = slice(at, at + 1)
        among, alone = y[tuple(pixel)], np.asarray(layer(x[tuple(pixel)]))
        if alone.shape != among.shape or not np.allclose(alone, among, equal_nan=True):
            return False
    return True


def _sample(
    shape: tuple[int, ...], dtype: np.dtype[Any], axes: Pair, size: Pair, batch: int
) -> NDArray[Any]:
    """Make a small image like the large one, of small numbers without an order."""
    sizes = list(shape)
    sizes[axes[0]], sizes[axes[1]] = size
    if len(shape) == 4:
        sizes[0] = batch
    squares = np.arange(np.prod(sizes)) ** 2 % 7
    return (squares + (dtype.kind != "b")).reshape(sizes).astype(dtype)
