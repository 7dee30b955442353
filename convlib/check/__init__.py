"""Check a function of your own: what is wrong with it, and what probably went wrong.

Each check runs a function on examples of growing difficulty, passes only those keyword arguments
that it has, stops at the first example that fails, and compares the wrong answer with those of
known mistakes. It returns a `Report` and never raises for what the function does.
"""

from convlib.check.backward import (
    conv2d_backward,
    input_gradient,
    kernel_gradient,
    weight_gradient,
)
from convlib.check.costs import layer_cost, multiplications, patch_and_grid_bytes
from convlib.check.fields import receptive_field
from convlib.check.filters import to_channels_last
from convlib.check.folds import fold
from convlib.check.grids import index_grid, offsets, times_seen
from convlib.check.kernels import convolve2d, find_kernel, rises
from convlib.check.layers import conv2d
from convlib.check.matrices import convolution_matrix
from convlib.check.memory import byte_offset, byte_span, is_safe
from convlib.check.pools import max_pool2d, max_pool2d_backward
from convlib.check.report import Report
from convlib.check.sizes import output_size, same_padding
from convlib.check.starts import list_starts, unseen_rows
from convlib.check.sums import add_up
from convlib.check.transposed import conv_transpose2d
from convlib.check.transposed_sizes import transposed_size
from convlib.check.views import block_means, windows

__all__ = [
    "Report",
    "add_up",
    "block_means",
    "byte_offset",
    "byte_span",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "convolution_matrix",
    "convolve2d",
    "find_kernel",
    "fold",
    "index_grid",
    "input_gradient",
    "is_safe",
    "kernel_gradient",
    "layer_cost",
    "list_starts",
    "max_pool2d",
    "max_pool2d_backward",
    "multiplications",
    "offsets",
    "output_size",
    "patch_and_grid_bytes",
    "receptive_field",
    "rises",
    "same_padding",
    "times_seen",
    "to_channels_last",
    "transposed_size",
    "unseen_rows",
    "weight_gradient",
    "windows",
]
