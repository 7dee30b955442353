"""The windows of a convolution, reduced without a kernel, and the way back."""

from convlib.pooling.backward import avg_pool2d_backward, max_pool2d_backward
from convlib.pooling.forward import avg_pool2d, max_pool2d, pool2d

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "pool2d",
]
