"""Pictures of Frames as SVG, and the same shapes as PNG: what the explorers show."""

from convlib.svg.byte_strides import ByteStridesScene
from convlib.svg.index_grid import IndexGridScene
from convlib.svg.layouts import LayoutsScene
from convlib.svg.memory_orders import MemoryOrdersScene
from convlib.svg.output_size import OutputSizeScene
from convlib.svg.picture import Picture
from convlib.svg.receptive import ReceptiveFieldScene
from convlib.svg.transposed import TransposedScene
from convlib.svg.way_back import WayBackScene
from convlib.svg.window import WindowScene

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
