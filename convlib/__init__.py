"""See convolution, in NumPy: the same windows by loops, by index grid and by byte strides.

`conv2d` is the front door. `convlib.index_grid` and `convlib.strided` are the two families behind
it, `Geometry` works out every size, and `Frame` and `Walk` hold what pictures are drawn from.
`draw`, `explore` and `terminal` are loaded when first named, since they need matplotlib, ipywidgets
and rich; this module itself needs NumPy alone.
"""

import importlib
from typing import Any

from convlib import index_grid, loops, strided
from convlib.adjoint import conv2d_backward, conv_transpose2d, fold, unfold
from convlib.convolution import METHODS, conv2d
from convlib.frames import Frame, Walk
from convlib.geometry import Geometry
from convlib.pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    pool2d,
)
from convlib.receptive import Field, cells_seen, receptive_field
from convlib.way_back import WayBack

__all__ = [
    "METHODS",
    "Field",
    "Frame",
    "Geometry",
    "Walk",
    "WayBack",
    "avg_pool2d",
    "avg_pool2d_backward",
    "cells_seen",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "explain",
    "fold",
    "index_grid",
    "loops",
    "max_pool2d",
    "max_pool2d_backward",
    "pool2d",
    "prepare",
    "receptive_field",
    "strided",
    "unfold",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the fast methods, and the modules that show pictures, only when they are asked for."""
    if name in ("explain", "prepare"):
        return getattr(importlib.import_module("convlib.fast"), name)
    if name in ("check", "draw", "explore", "fast", "terminal"):
        return importlib.import_module(f"convlib.{name}")
    raise AttributeError(f"module 'convlib' has no attribute {name!r}")
