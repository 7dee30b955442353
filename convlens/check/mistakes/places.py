"""What goes wrong with the places of a layer's windows: size, stride and dilation."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, blank, only, steps
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


def _kept_last(a: Layer) -> Any:
    """Keep the last of as many places as the stride says, not the first."""
    kept = (slice(step - 1, None, step) for step in a.stride)
    return a.but(stride=ONE).answer()[a.cells(*kept)]


def _with_places_between(y: Any, a: Layer) -> Any:
    """Leave the places between those of the windows at zero."""
    size = list(y.shape)
    for axis, n in zip(a.places, a.but(stride=ONE).geometry.output_size, strict=True):
        size[axis] = n
    large = np.zeros(size, y.dtype)
    large[_apart(a)] = y
    return large


def _apart(a: Layer) -> Any:
    """Index places as far apart as the stride says."""
    return a.cells(*(slice(None, None, step) for step in a.stride))


def _stepped_again(y: Any, a: Layer) -> Any:
    """Fill the output up to where loops of its size end that step by the stride."""
    whole, ends = (
        slice(None),
        [slice(-(-y.shape[k] // s), None) for k, s in zip(a.places, a.stride, strict=True)],
    )
    return blank(y, a.cells(ends[0], whole), a.cells(whole, ends[1]))


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
places(
    "of the places that the stride steps over the last is kept, not the first",
    "The first window begins at row 0 and column 0: keep [::s], not [s - 1::s].",
    answer=_kept_last,
)
places(
    "the stride is applied twice: windows are left out, and of what is left windows again",
    "Step once: either the window moves by the stride, or the sums are thinned out by [::s].",
    lambda a: a.stepped("stride", lambda s: (s[0] ** 2, s[1] ** 2)),
)
places(
    "the places between two windows stay in the output, at zero",
    "Count the windows, not the pixels: y[i // stride, j // stride], in the size "
    "(H - KH) // stride + 1.",
    shape=_with_places_between,
)
places(
    "the loops over the output step by the stride, though its size is divided by it already: the "
    "last places are left at zero",
    "Let i and j count windows, one by one, and begin window (i, j) at x[i*stride, j*stride].",
    shape=_stepped_again,
)
places(
    "the loops over the output step by the stride, and y[i, j] has the window at x[i, j]: what "
    "lies between is left at zero",
    "Let i and j count windows, one by one, and begin window (i, j) at x[i*stride, j*stride].",
    answer=lambda a: only(a.but(stride=ONE, most=a.geometry.output_size).answer(), _apart(a)),
)
places(
    "the dilation makes the output smaller, but the taps still lie side by side",
    "Multiply the tap by the dilation: tap (u, v) meets x[i + u*dilation[0], j + v*dilation[1]].",
    lambda a: a.but(dilation=ONE, most=a.geometry.output_size),
)
places(
    "the taps are repeated, where the dilation puts gaps between them",
    "Between two taps are zeros: spread = np.zeros(...), then spread[::d, ::d] = w.",
    lambda a: a.weighing(lambda w: w.repeat(a.dilation[0], -2).repeat(a.dilation[1], -1)).but(
        dilation=ONE
    ),
)
places(
    "the stride moves the window down only: to the right it takes single steps",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda a: a.stepped("stride", lambda s: (s[0], 1)),
)
places(
    "the stride moves the window to the right only: down it takes single steps",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda a: a.stepped("stride", lambda s: (1, s[1])),
)
places(
    "the dilation spreads the rows only: the columns lie side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
    lambda a: a.stepped("dilation", lambda s: (s[0], 1)),
)
places(
    "the dilation spreads the columns only: the rows lie side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
    lambda a: a.stepped("dilation", lambda s: (1, s[1])),
)
