"""Pictures of Frames as SVG, and the same shapes as PNG: what the explorers show."""

from convlib.svg.byte_strides import ByteStridesScene
from convlib.svg.index_grid import IndexGridScene
from convlib.svg.picture import Picture
from convlib.svg.window import WindowScene

__all__ = ["ByteStridesScene", "IndexGridScene", "Picture", "WindowScene"]
