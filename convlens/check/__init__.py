"""Check a function of your own: what is wrong with it, and what probably went wrong.

Each check runs a function on examples of growing difficulty, passes only those keyword arguments
that it has, and stops at the first example that fails. It holds the wrong answer against those of
known mistakes, then against the right one (rounded? reversed? one channel only?), then against two
mistakes at once, and shows the smallest example that goes wrong in the same way. It returns a
`Report`, never raises for what the function does, and leaves the process as it was; what it cannot
stop is one long call into C, which is told when it ends, and `os._exit`.
"""

from convlens.check.backward import (
    conv2d_backward,
    input_gradient,
    kernel_gradient,
    weight_gradient,
)
from convlens.check.constraints import Asked
from convlens.check.costs import layer_cost, multiplications, patch_and_grid_bytes
from convlens.check.fields import receptive_field
from convlens.check.filters import to_channels_last
from convlens.check.folds import fold
from convlens.check.grids import index_grid, offsets, times_seen
from convlens.check.kernels import convolve2d, find_kernel, rises
from convlens.check.layers import conv2d
from convlens.check.matrices import convolution_matrix
from convlens.check.memory import byte_offset, byte_span, is_safe
from convlens.check.pools import max_pool2d, max_pool2d_backward
from convlens.check.report import Report
from convlens.check.sizes import output_size, same_padding
from convlens.check.starts import list_starts, unseen_rows
from convlens.check.sums import add_up
from convlens.check.transposed import conv_transpose2d
from convlens.check.transposed_sizes import transposed_size
from convlens.check.views import block_means, windows

__all__ = [
    "Asked",
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
