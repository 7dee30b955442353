"""Fast methods, one short file each, and the rule that chooses between them.

Each removes one cost of the plain ones: the hidden copy (taps, banded), the order of the copy and
its size (im2col), the multiplications themselves (winograd, fft), the calls (matrix).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlib.fast.prepared import Kernel, prepare
from convlib.later import later

if TYPE_CHECKING:
    from convlib.fast import gradients
    from convlib.fast.explained import Explanation, explain
    from convlib.fast.rule import METHODS, choose
    from convlib.fast.run import correlate, remember

__all__ = [
    "METHODS",
    "Explanation",
    "Kernel",
    "choose",
    "correlate",
    "explain",
    "gradients",
    "prepare",
    "remember",
]

# The methods are loaded by the first convolution that may need one.
__getattr__, __dir__ = later(
    "convlib.fast",
    {
        "explained": "Explanation explain",
        "gradients": "",
        "rule": "METHODS choose",
        "run": "correlate remember",
    },
)
