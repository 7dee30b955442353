"""What goes wrong with numbers and with the memory in which a layer's image lies.

A convolution with the kernel turned round has these mistakes as well: see `turned`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.mistakes.axes import only
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

numbers = Slips(Layer.of, Layer.answer)


def _lost(a: Layer) -> Any:
    """What the sums lack when each product is made in small integers."""
    small = np.result_type(a.x, a.w)
    if small.kind not in "iu" or small.itemsize > 1:
        return 0
    alone = a.but(bias=None)
    taps = (np.s_[:, *tap] for tap in np.ndindex(a.filters.shape[1:]))
    each = [alone.weighing(partial(only, at=tap)).answer() for tap in taps]
    return sum(products - products.astype(small) for products in each)


numbers(
    "the sum overflows: it is kept in the small integers of the image",
    "uint8 ends at 255 and starts again at 0: convert to a wider dtype before you multiply.",
    shape=lambda y, a: y.astype(a.x.dtype) if a.w.dtype.kind in "iu" else y,
)
numbers(
    "each product overflows: it is made in the small integers of the image and the kernel",
    "uint8 ends at 255 and starts again at 0: convert to a wider dtype before you multiply.",
    shape=lambda y, a: y - _lost(a),
)
numbers(
    "fractions are cut off: the output is kept in integers",
    "np.zeros(..., dtype=int) holds no fractions, nor does np.zeros_like of an image of integers: "
    "make the output of floats, or of np.result_type(x, w).",
    shape=lambda y, a: y.astype(a.x.dtype) if a.w.dtype.kind == "f" else y,
)
numbers(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from x.strides: a transposed, sliced or reversed array has others.",
    lambda a: a.but(x=as_strided(a.x, a.x.shape, np.empty(a.x.shape, a.x.dtype).strides)),
)
numbers(
    "the weights are made integers, which cuts off their fractions",
    "Widen without a loss: to float, or to np.result_type(x, w, np.int64).",
    lambda a: a.but(w=a.w.astype(np.int64)),
)
