"""What goes wrong with the memory that a convolution holds while it runs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlens.check.mistakes.axes import pair
from convlens.check.task import observed
from convlib.convolution import conv2d


@observed(
    "as much is held as all patches take: they are copied, or the products of all taps are kept",
    "Work on slices of the image that are as large as the output, one for each tap, and add each "
    "product to the output at once.",
    lambda outcome: False,  # seen in the bytes that the call holds, not in what comes of it
)
def patches_copied(x: Any, w: Any, stride: Any = (1, 1)) -> Any:
    windows = sliding_window_view(x, w.shape)[0]
    down, right = pair(stride)
    wide = np.result_type(x, w, np.float32)
    return np.tensordot(windows[::down, ::right].astype(wide), w, axes=3)


@observed(
    "beside the image stands an array with as many channels: a copy, or products of all at once",
    "Take one channel and one tap at a time; a weight made a float widens the product by itself.",
    lambda outcome: False,
)
def all_channels_held(x: Any, w: Any, stride: Any = (1, 1)) -> Any:
    return conv2d(x.astype(float), w, stride=stride, method="loops")
