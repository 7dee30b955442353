"""What the explorers and the still pictures show: one scene a file, drawn from facts."""

from convlens.picture.shapes import Picture
from convlens.scenes.byte_strides import ByteStridesScene
from convlens.scenes.index_grid import IndexGridScene
from convlens.scenes.layouts import LayoutsScene
from convlens.scenes.memory_orders import MemoryOrdersScene
from convlens.scenes.output_size import OutputSizeScene
from convlens.scenes.receptive import ReceptiveFieldScene
from convlens.scenes.transposed import TransposedScene
from convlens.scenes.way_back import WayBackScene
from convlens.scenes.window import WindowScene

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
