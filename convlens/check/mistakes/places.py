"""What goes wrong with the places of a layer's windows: size, stride and dilation."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, steps
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

places = Slips(Layer.of, Layer.answer)


def _rounded_up(a: Layer) -> Layer:
    """Add rows and columns of zeros until the last window fits."""
    if a.padding_mode != "zeros":
        return a
    g = a.geometry
    axes = zip(g.extent, g.padded_size, g.stride, strict=True)
    more = [(extent - size) % step for extent, size, step in axes]
    return a.sided(lambda p: tuple((p[k][0], p[k][1] + more[k]) for k in (0, 1)))


def _with_gaps(w: Any, dilation: Any) -> Any:
    """Put as many cells after each tap, the last one too, as the dilation says."""
    large = np.zeros((*w.shape[:2], *np.multiply(w.shape[2:], dilation)), w.dtype)
    large[..., :: dilation[0], :: dilation[1]] = w
    return large


places(
    "the size is rounded up: the last window hangs over the edge",
    "A window counts only where all of it fits: round (size - extent) / stride down.",
    _rounded_up,
)
places(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda a: a.but(stride=ONE),
)
places(
    "the stride makes the output smaller, but the windows still stand side by side",
    "Multiply the place by the stride: window (i, j) begins at row i*stride[0].",
    lambda a: a.but(stride=ONE, most=a.geometry.output_size),
)
places(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
    lambda a: a.but(dilation=ONE),
)
places(
    "the dilated kernel is too long: zeros follow its last tap",
    "K taps have K - 1 gaps: the window spans (K - 1)*dilation + 1, not K*dilation.",
    lambda a: a.weighing(lambda w: _with_gaps(w, a.dilation)).but(dilation=ONE),
)
places(
    "the dilation is one too large: it is taken for the number of cells left out",
    "dilation=1 leaves no gap, dilation=2 leaves one cell between two taps.",
    lambda a: a.but(dilation=(a.dilation[0] + 1, a.dilation[1] + 1)),
)
places(
    "the image is taken to be square: its number of rows is used for the columns too",
    "Read both sizes: H, W = x.shape[-2:].",
    lambda a: a.but(x=a.x[a.pixels(slice(None), slice(a.geometry.input_size[0]))]),
)
places(
    "the image is taken to be square: its number of columns is used for the rows too",
    "Read both sizes: H, W = x.shape[-2:].",
    lambda a: a.but(x=a.x[a.pixels(slice(a.geometry.input_size[1]), slice(None))]),
)
places(
    "the output is taken to be square: its number of rows is used for the columns too",
    "Count both: H - KH + 1 rows, and W - KW + 1 columns.",
    lambda a: a.but(most=(a.geometry.output_size[0],) * 2),
)
places(
    "the output is taken to be square: its number of columns is used for the rows too",
    "Count both: H - KH + 1 rows, and W - KW + 1 columns.",
    lambda a: a.but(most=(a.geometry.output_size[1],) * 2),
)
steps(places)
