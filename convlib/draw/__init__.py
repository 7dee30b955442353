"""Pictures for notebooks, PDF and print: pure functions on a matplotlib Axes, in one palette.

`figure` makes the axes, the others draw on them. Nothing is saved and no setting is changed; end a
notebook cell with the figure to show it.
"""

from convlib.draw.cells import cells
from convlib.draw.chart import chart
from convlib.draw.figure import figure
from convlib.draw.frame import frame
from convlib.draw.grid import index_grid
from convlib.draw.heat import heatmap, photo, windows_on_image
from convlib.draw.line import line
from convlib.draw.matrix import matrix
from convlib.draw.memory import memory
from convlib.draw.overlays import kernel, ring, window
from convlib.draw.padding import outside, padded
from convlib.draw.panel import alt
from convlib.draw.pooling import pooled
from convlib.draw.race import bars, series
from convlib.draw.receptive import receptive_field
from convlib.draw.tiles import tiles
from convlib.draw.way_back import input_gradient, kernel_gradient

__all__ = [
    "alt",
    "bars",
    "cells",
    "chart",
    "figure",
    "frame",
    "heatmap",
    "index_grid",
    "input_gradient",
    "kernel",
    "kernel_gradient",
    "line",
    "matrix",
    "memory",
    "outside",
    "padded",
    "photo",
    "pooled",
    "receptive_field",
    "ring",
    "series",
    "tiles",
    "window",
    "windows_on_image",
]
