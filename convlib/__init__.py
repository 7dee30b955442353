"""Convolution in NumPy: the same windows by loops, by index grid and by byte strides.

`conv2d` is the front door. `convlib.index_grid` and `convlib.strided` are the two families behind
it, `Geometry` works out every size, and `Frame` and `Walk` hold what is true while the window
stands at one position. The rest is loaded when it is first named. Nothing here shows anything:
pictures, sliders and checks are in the package `convlens`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlib import index_grid, loops, strided
from convlib.convolution import METHODS, conv2d
from convlib.geometry import Geometry
from convlib.later import later

if TYPE_CHECKING:
    from convlib import fast, tiles
    from convlib.adjoint import conv2d_backward, conv_transpose2d, fold, unfold
    from convlib.fast import explain, prepare
    from convlib.frames import Frame, Walk
    from convlib.pooling import (
        avg_pool2d,
        avg_pool2d_backward,
        max_pool2d,
        max_pool2d_backward,
        pool2d,
    )
    from convlib.receptive import Field, cells_seen, receptive_field

__all__ = [
    "METHODS",
    "Field",
    "Frame",
    "Geometry",
    "Walk",
    "avg_pool2d",
    "avg_pool2d_backward",
    "cells_seen",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "explain",
    "fast",
    "fold",
    "index_grid",
    "loops",
    "max_pool2d",
    "max_pool2d_backward",
    "pool2d",
    "prepare",
    "receptive_field",
    "strided",
    "tiles",
    "unfold",
]

__version__ = "1.0.0"

# Half of the time that it took to import all of it.
__getattr__, __dir__ = later(
    "convlib",
    {
        "adjoint": "conv2d_backward conv_transpose2d fold unfold",
        "fast": "explain prepare",
        "frames": "Frame Walk",
        "pooling": "avg_pool2d avg_pool2d_backward max_pool2d max_pool2d_backward pool2d",
        "receptive": "Field cells_seen receptive_field",
        "tiles": "",
    },
)
