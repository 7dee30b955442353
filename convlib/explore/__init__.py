"""Explorers: sliders that move a window over the reader's own arrays, and a picture that follows.

Each takes the arguments of `convlib.conv2d` and is shown by being a cell's last expression. Where
widgets cannot live (GitHub, nbconvert, print) a PNG of the first state stands in its place.
"""

from convlib.explore.byte_strides import byte_strides
from convlib.explore.explorer import Explorer
from convlib.explore.index_grid import index_grid
from convlib.explore.layouts import layouts
from convlib.explore.memory_orders import memory_orders
from convlib.explore.output_size import output_size
from convlib.explore.receptive_field import receptive_field
from convlib.explore.results import results
from convlib.explore.transposed import transposed
from convlib.explore.way_back import way_back
from convlib.explore.window import window

__all__ = [
    "Explorer",
    "byte_strides",
    "index_grid",
    "layouts",
    "memory_orders",
    "output_size",
    "receptive_field",
    "results",
    "transposed",
    "way_back",
    "window",
]
