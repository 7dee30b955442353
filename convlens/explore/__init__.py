"""Explorers: sliders that move a window over the reader's own arrays, and a picture that follows.

Each takes the arguments of `convlib.conv2d` and is shown by being a cell's last expression. Where
widgets cannot live (GitHub, nbconvert, print) a PNG of the first state stands in its place.
"""

from convlens.needs import need

need("anywidget", "To put sliders on a picture")  # first, as in `convlens.draw`
need("matplotlib", "To paint a picture")

from convlens.explore.byte_strides import byte_strides
from convlens.explore.explorer import Explorer
from convlens.explore.filter import filter
from convlens.explore.groups import groups
from convlens.explore.index_grid import index_grid
from convlens.explore.layouts import layouts
from convlens.explore.memory_orders import memory_orders
from convlens.explore.output_size import output_size
from convlens.explore.patches import patches
from convlens.explore.pool import pool
from convlens.explore.readings import readings
from convlens.explore.receptive_field import receptive_field
from convlens.explore.results import results
from convlens.explore.stops import stops
from convlens.explore.tiles import tiles
from convlens.explore.transposed import transposed
from convlens.explore.updates import updates
from convlens.explore.way_back import way_back
from convlens.explore.window import window

__all__ = [
    "Explorer",
    "byte_strides",
    "filter",
    "groups",
    "index_grid",
    "layouts",
    "memory_orders",
    "output_size",
    "patches",
    "pool",
    "readings",
    "receptive_field",
    "results",
    "stops",
    "tiles",
    "transposed",
    "updates",
    "way_back",
    "window",
]
