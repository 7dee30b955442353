"""What goes wrong with numbers and with memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.task import mistake, observed
from convlib.convolution import conv2d
from convlib.operands import as_filters


@mistake(
    "the sum overflows: it is kept in the small integers of the image",
    "uint8 ends at 255 and starts again at 0: convert to a wider dtype before you multiply.",
)
def sum_overflows(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return y.astype(x.dtype) if w.dtype.kind in "iu" else y


@mistake(
    "each product overflows: it is made in the small integers of the image and the kernel",
    "uint8 ends at 255 and starts again at 0: convert to a wider dtype before you multiply.",
)
def products_overflow(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y, small = conv2d(x, w, bias, **given), np.result_type(x, w)
    if small.kind not in "iu" or small.itemsize > 1:
        return y
    layout, lost = given.get("layout", "NCHW"), np.zeros_like(y)
    for tap in np.ndindex(as_filters(w, layout).shape[1:]):
        alone = np.zeros_like(w)
        as_filters(alone, layout)[:, *tap] = as_filters(w, layout)[:, *tap]
        products = conv2d(x, alone, **given)
        lost += products - products.astype(small)
    return y - lost


@mistake(
    "fractions are cut off: the output is kept in integers",
    "np.zeros(..., dtype=int) holds no fractions, nor does np.zeros_like of an image of integers: "
    "make the output of floats, or of np.result_type(x, w).",
)
def fractions_cut_off(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    return y.astype(x.dtype) if w.dtype.kind == "f" else y


@mistake(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from x.strides: a transposed, sliced or reversed array has others.",
)
def strides_from_the_shape(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    assumed = np.empty(x.shape, x.dtype).strides
    return conv2d(as_strided(x, x.shape, assumed), w, bias, **given)


@observed(
    "your function changes an array that it was given",
    "Work on a copy, or make a new array: the caller still needs the old one.",
    lambda outcome: bool(outcome.changed),
)
def argument_changed(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv2d(x, w, bias, **given)
    x *= 0
    return y


@mistake(
    "the weights are made integers, which cuts off their fractions",
    "Widen without a loss: to float, or to np.result_type(x, w, np.int64).",
)
def weights_cut_off(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w.astype(np.int64), bias, **given)
