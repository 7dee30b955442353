"""Pictures for notebooks, PDF and print: pure functions on a matplotlib Axes, in one palette.

`figure` makes the axes, the others draw on them. Nothing is saved and no setting is changed; end a
notebook cell with the figure to show it.
"""

from convlens.needs import need

need("matplotlib", "To draw")  # first: the imports below would only say that it is missing

from convlens.draw.cells import cells
from convlens.draw.chart import chart
from convlens.draw.figure import figure
from convlens.draw.frame import frame
from convlens.draw.grid import index_grid
from convlens.draw.heat import heatmap, photo, windows_on_image
from convlens.draw.line import line
from convlens.draw.matrix import matrix
from convlens.draw.memory import memory
from convlens.draw.overlays import kernel, ring, window
from convlens.draw.padding import outside, padded
from convlens.draw.panel import alt
from convlens.draw.pooling import pooled
from convlens.draw.race import bars, series
from convlens.draw.receptive import receptive_field
from convlens.draw.tiles import tiles
from convlens.draw.way_back import input_gradient, kernel_gradient

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
