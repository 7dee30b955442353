"""Fast methods, one short file each, and the rule that chooses between them.

Each removes one cost of the plain ones: the hidden copy (taps, banded), the order of the copy and
its size (im2col), the multiplications themselves (winograd, fft), the calls (matrix).
"""

from convlib.fast import gradients
from convlib.fast.choose import METHODS, choose, correlate, keep_shortcut
from convlib.fast.explained import Explanation, explain
from convlib.fast.prepared import Kernel, prepare

__all__ = [
    "METHODS",
    "Explanation",
    "Kernel",
    "choose",
    "correlate",
    "explain",
    "gradients",
    "keep_shortcut",
    "prepare",
]
