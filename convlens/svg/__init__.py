"""Pictures of Frames as SVG, and the same shapes as PNG: what the explorers show."""

from convlens.svg.byte_strides import ByteStridesScene
from convlens.svg.index_grid import IndexGridScene
from convlens.svg.layouts import LayoutsScene
from convlens.svg.memory_orders import MemoryOrdersScene
from convlens.svg.output_size import OutputSizeScene
from convlens.svg.picture import Picture
from convlens.svg.receptive import ReceptiveFieldScene
from convlens.svg.transposed import TransposedScene
from convlens.svg.way_back import WayBackScene
from convlens.svg.window import WindowScene

__all__ = [
    "ByteStridesScene",
    "IndexGridScene",
    "LayoutsScene",
    "MemoryOrdersScene",
    "OutputSizeScene",
    "Picture",
    "ReceptiveFieldScene",
    "TransposedScene",
    "WayBackScene",
    "WindowScene",
]
