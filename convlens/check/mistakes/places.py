"""What goes wrong with the places of the windows: size, stride and dilation."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import cut, pair, places, resided, taps
from convlens.check.task import mistake
from convlib.convolution import conv2d


@mistake(
    "the last row and the last column are missing: one window too few",
    "A window fits at H - KH + 1 places down, in general at (size - extent) // stride + 1: check "
    "the + 1, and where range ends.",
)
def one_window_too_few(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return cut(y, slice(-1), slice(-1), given.get("layout", "NCHW"))


@mistake(
    "the last row and the last column were never written: the loop ends one window early",
    "A window fits at H - KH + 1 places down, in general at (size - extent) // stride + 1: check "
    "where range ends.",
)
def last_window_unwritten(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y, layout = conv2d(x, w, bias, **given), given.get("layout", "NCHW")
    cut(y, slice(-1, None), slice(None), layout)[...] = 0
    cut(y, slice(None), slice(-1, None), layout)[...] = 0
    return y


@mistake(
    "the output is as large as the image, and what no window reaches is left at zero",
    "Without padding the output has H - KH + 1 rows and W - KW + 1 columns.",
)
def output_as_large_as_the_image(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y, layout = conv2d(x, w, bias, **given), given.get("layout", "NCHW")
    rows, columns = (x.shape[axis] for axis in places(x, layout))
    size = list(y.shape)
    size[places(y, layout)[0]], size[places(y, layout)[1]] = rows, columns
    large = np.zeros(size, y.dtype)
    large[tuple(map(slice, y.shape))] = y
    return large


@mistake(
    "the size is rounded up: the last window hangs over the edge",
    "A window counts only where all of it fits: round (size - extent) / stride down.",
)
def size_rounded_up(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    layout = given.get("layout", "NCHW")
    stride, spread = pair(given.get("stride", 1)), pair(given.get("dilation", 1))
    sizes = [x.shape[axis] for axis in places(x, layout)]
    extents = [(w.shape[a] - 1) * d + 1 for a, d in zip(taps(w, layout), spread, strict=True)]

    def hang_over(p: Any) -> Any:
        for k in range(2):
            before, after = p[k]
            yield before, after + (extents[k] - sizes[k] - before - after) % stride[k]

    if given.get("padding_mode", "zeros") == "zeros":
        given = resided(given, lambda p: tuple(hang_over(p)))
    return conv2d(x, w, bias, **given)


@mistake(
    "rows and columns of the output have changed places",
    "Index the output as y[i, j], i down and j right, in the shape (OH, OW).",
)
def output_transposed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return np.swapaxes(y, *places(y, given.get("layout", "NCHW")))


@mistake(
    "each window begins one row and one column too late",
    "The first window begins at row 0 and column 0; count from 0, not from 1.",
)
def window_starts_late(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return cut(y, slice(1, None), slice(1, None), given.get("layout", "NCHW"))


@mistake(
    "the stride is ignored",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
def stride_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "stride": 1})


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first moves rows, the second columns.",
)
def stride_swapped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "stride": pair(given.get("stride", 1))[::-1]})


@mistake(
    "the stride makes the output smaller, but the windows still stand side by side",
    "Multiply the place by the stride: window (i, j) begins at row i*stride[0].",
)
def stride_in_the_size_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    layout = given.get("layout", "NCHW")
    y = conv2d(x, w, bias, **given)
    near = conv2d(x, w, bias, **{**given, "stride": 1})
    rows, columns = (slice(y.shape[axis]) for axis in places(y, layout))
    return cut(near, rows, columns, layout)


@mistake(
    "the stride of the rows is used for the columns too",
    "stride is (down, right): the second number moves columns.",
)
def stride_of_rows_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "stride": pair(given.get("stride", 1))[0]})


@mistake(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
)
def dilation_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "dilation": 1})


@mistake(
    "the two dilations have changed places",
    "dilation is (down, right): the first spreads rows, the second columns.",
)
def dilation_swapped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "dilation": pair(given.get("dilation", 1))[::-1]})


@mistake(
    "the dilated kernel is too long: zeros follow its last tap",
    "K taps have K - 1 gaps: the window spans (K - 1)*dilation + 1, not K*dilation.",
)
def zeros_after_the_last_tap(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    layout = given.get("layout", "NCHW")
    spread = pair(given.get("dilation", 1))
    steps, size = [slice(None)] * w.ndim, list(w.shape)
    for axis, d in zip(taps(w, layout), spread, strict=True):
        size[axis], steps[axis] = w.shape[axis] * d, slice(None, None, d)
    large = np.zeros(size, w.dtype)
    large[tuple(steps)] = w
    return conv2d(x, large, bias, **{**given, "dilation": 1})


@mistake(
    "the dilation is one too large: it is taken for the number of cells left out",
    "dilation=1 leaves no gap, dilation=2 leaves one cell between two taps.",
)
def dilation_as_gaps(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    spread = tuple(d + 1 for d in pair(given.get("dilation", 1)))
    return conv2d(x, w, bias, **{**given, "dilation": spread})


@mistake(
    "only the first sum is worked out, and the others are left at zero",
    "A `return` inside the loops ends them after one window: put it behind them.",
)
def first_window_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    first = np.zeros_like(y)
    first.flat[0] = y.flat[0]
    return first


@mistake(
    "only the first row of sums is worked out, and the others are left at zero",
    "A `return` inside the loop over rows ends it after one: put it behind the loops.",
)
def first_row_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y, layout = conv2d(x, w, bias, **given), given.get("layout", "NCHW")
    cut(y, slice(1, None), slice(None), layout)[...] = 0
    return y


@mistake(
    "each sum goes on from the one before: it is not set back to zero",
    "Begin a new sum at every place of the window: set it to 0 inside the loops over places.",
)
def sum_carried_on(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, **given)
    carried = np.cumsum(y.ravel()).reshape(y.shape)
    return carried if bias is None else carried + conv2d(x, w * 0, bias, **given)


@mistake(
    "the sums are in one line, not in rows and columns",
    "Give them the shape of the output, (OH, OW), at the end.",
)
def places_in_one_line(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    rows, columns = places(y, given.get("layout", "NCHW"))
    return y.reshape(*y.shape[:rows], -1, *y.shape[columns + 1 :])


@mistake(
    "windows that hang over the edges are counted, down to a single tap",
    'Keep to the places where the whole kernel lies on the image: "valid" in SciPy\'s words.',
)
def hanging_over_the_edges(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if "padding" in given:
        return conv2d(x, w, bias, **given)
    layout = given.get("layout", "NCHW")
    rows, columns = (w.shape[axis] - 1 for axis in taps(w, layout))
    return conv2d(x, w, bias, **given, padding=(rows, columns))


@mistake(
    "the output is as large as the image: windows that hang over the edges are counted",
    'Keep to the places where the whole kernel lies on the image: "valid" in SciPy\'s words.',
)
def centred_on_every_pixel(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if "padding" in given:
        return conv2d(x, w, bias, **given)
    return conv2d(x, w, bias, **given, padding="same")
