"""The way back: what `conv2d` and `unfold` do to an image, applied as a transpose.

`scatter` gives windows and padding back, `gradients` works out dx and dw by each method, and on
them stand `backward`, `transpose` and `folding`, one function or two in each.
"""

from convlib.adjoint.backward import conv2d_backward
from convlib.adjoint.folding import fold, unfold
from convlib.adjoint.transpose import conv_transpose2d

__all__ = ["conv2d_backward", "conv_transpose2d", "fold", "unfold"]
