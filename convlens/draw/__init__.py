"""Pictures for notebooks, PDF and print, each of which shows itself as the last line of a cell.

`cells` and its like return a panel, `row` sets several side by side, and `frame`, `memory` and
their like return what the explorers show, standing still. Photographs and charts stand on the axes
of a matplotlib figure: one of their own, or one that `figure` or the reader has made and that they
are given as ``ax=``. The others take ``ax=`` too.
"""

from convlens.needs import need

need("matplotlib", "To draw")  # first: the imports below would only say that it is missing

from convlens.draw import memory as _memory
from convlens.draw import panels as _panels
from convlens.draw import products as _products
from convlens.draw import scenes as _scenes
from convlens.draw import stills as _stills
from convlens.draw import sums as _sums
from convlens.draw import tiles as _tiles
from convlens.draw.axes import alt, figure
from convlens.draw.charts import bars, chart
from convlens.draw.curves import series
from convlens.draw.dots import scatter
from convlens.draw.paint import on_axes
from convlens.draw.panels import row
from convlens.draw.photos import heatmap, photo

cells, kernel = on_axes(_panels.cells), on_axes(_panels.kernel)
padded, windows_on_image = on_axes(_panels.padded), on_axes(_panels.windows_on_image)
frame, line, pooled = on_axes(_stills.frame), on_axes(_stills.line), on_axes(_stills.pooled)
index_grid, memory = on_axes(_memory.index_grid), on_axes(_memory.memory)
tiles, matrix = on_axes(_tiles.tiles), on_axes(_scenes.matrix)
product, sums = on_axes(_products.product), on_axes(_sums.sums)
receptive_field = on_axes(_scenes.receptive_field)
input_gradient = on_axes(_scenes.input_gradient)
kernel_gradient = on_axes(_scenes.kernel_gradient)

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
    "padded",
    "photo",
    "pooled",
    "product",
    "receptive_field",
    "row",
    "scatter",
    "series",
    "sums",
    "tiles",
    "windows_on_image",
]
