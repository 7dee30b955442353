"""The work of one convolution, counted: multiplications, bytes moved, bytes of workspace.

Every method counts its own (`cost` in its file). Nothing is measured here: `convlib.fast.rule`
makes an estimate of time out of the counts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from convlib.geometry import Geometry

__all__ = ["Cost", "direct", "padded_bytes", "turned_bytes"]


class Cost(NamedTuple):
    """What a method does and needs, the output not counted.

    Attributes
    ----------
    multiplications : int
        Also those of transforms, and those whose results are thrown away.
    moved : int
        Bytes written between input and output: copies, and products before they are summed; and
        the bytes of weights that are read for every block.
    workspace : int
        Bytes that are needed at the same time.
    runs : int
        Inner loops that are started: each rows of a copy, or a matrix product.
    blocks : int
        Rounds of Python, of a few NumPy calls each.
    kept : int
        Bytes that a prepared kernel keeps, so that they are made once.
    """

    multiplications: int
    moved: int
    workspace: int
    runs: int
    blocks: int
    kept: int = 0


def direct(g: Geometry) -> int:
    """Multiplications of the definition: one for each tap of each window and filter.

    >>> from convlib.geometry import Geometry
    >>> direct(Geometry((4, 5), (2, 3), channels=3))
    162
    """
    return g.batch * g.counts.output * (g.channels // g.groups) * math.prod(g.kernel_size)


def padded_bytes(g: Geometry, itemsize: int, order: str, more: tuple[int, ...] = (0, 0)) -> int:
    """Bytes of the padded copy; 0 where nothing is added and the layout is the wanted one."""
    height, width = (p + m for p, m in zip(g.padded_size, more, strict=True))
    if (height, width) == g.input_size and (order == g.layout or g.channels == 1):
        return 0
    return g.batch * g.channels * height * width * itemsize


def turned_bytes(g: Geometry, itemsize: int, order: str) -> int:
    """Bytes of an output that lies in the other layout, until it is copied at the end."""
    return 0 if order == g.layout or g.filters == 1 else g.batch * g.counts.output * itemsize
