"""What goes wrong with channels, bias and number types of a transposed convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.transposed import reached
from convlens.check.task import mistake
from convlib.adjoint.transpose import conv_transpose2d


@mistake(
    "the weights are read as (O, C, KH, KW)",
    "They are those of the convolution that is transposed: (C, O, KH, KW), the axis of x first.",
)
def channels_swapped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w.swapaxes(0, 1) if w.ndim == 4 else w, bias, **given)


@mistake(
    "only the last channel of x is used",
    "Every channel of x is spread, with weights of its own, and all are added: (+=).",
)
def last_channel_kept(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if w.ndim == 2:
        return conv_transpose2d(x, w, bias, **given)
    last = x * 0
    last[..., -1, :, :] = x[..., -1, :, :]
    return conv_transpose2d(last, w, bias, **given)


@mistake("the bias is missing", "Add the bias of each channel of the output, once.")
def bias_missing(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv_transpose2d(x, w, **given)


@mistake(
    "the bias is added with every number that falls on a cell",
    "Add it once for each cell, after all has been spread.",
)
def bias_for_every_number(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv_transpose2d(x, w, **given)
    each = conv_transpose2d(x * 0, w, bias, **given)
    return y + each * reached(x, w, **given)


@mistake(
    "sums pass the largest number of the input's type and wrap around",
    "Products and sums of uint8 stay uint8: make x a wider type first.",
)
def wrapped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv_transpose2d(x, w, bias, **given)
    return y.astype(np.uint8) if x.dtype == np.uint8 else y


@mistake(
    "products of uint8 pass 255 and wrap around before they are added",
    "Make x (or w) a wider type before you multiply, int64 or float.",
)
def products_wrapped(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    y = conv_transpose2d(x * 0, w, bias, **given)
    for place in np.ndindex(*x.shape[-2:]):
        alone = np.zeros_like(x)
        alone[..., place[0], place[1]] = x[..., place[0], place[1]]
        added = conv_transpose2d(alone, w, **given)
        y = y + (added.astype(np.uint8) if x.dtype == np.uint8 else added)
    return y
