"""The panels of the pictures as text: those of one frame, as far as there is room for them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convlens.picture.text import Block, columns_of, few, write
from convlens.scenes.input import Inputs
from convlens.scenes.panels import Panels

if TYPE_CHECKING:
    from convlens.picture.panel import Cell, Panel, Places
    from convlib.frames import Frame, Walk

__all__ = ["Writer"]

CUT = re.compile(r"[^\s[<·║]+…")


class Writer:
    """Writes the panels of any frame of a walk; what all frames share is found once."""

    def __init__(self, walk: Walk) -> None:
        self.geometry = walk.geometry
        self._inputs, self._panels = Inputs(walk), Panels(walk)
        self._widths: dict[str, int] = {}  # the same in all frames, so that nothing jumps
        with np.errstate(all="ignore"):  # infinities are written, not warned of
            self._products = np.multiply.outer(few(walk.padded, 64), few(walk.filters, 64))

    def input(self, f: Frame, channel: int, room: Cell) -> Block:
        """Write one channel of the padded input around the window."""
        name, size = self._name(f, channel), self.geometry.padded_size
        block = _around(size, (f.rows.tolist(), f.columns.tolist()), room)
        title = f"Input x, {name}" if name else "Input x"
        return self._write(self._inputs.panel(f, channel, *block, title=title), size)

    def kernel(self, f: Frame, channel: int, room: Cell) -> Block:
        """Write the weights of one channel."""
        return self._beginning(self._panels.kernel(f, channel), f, channel, room)

    def products(self, f: Frame, channel: int, room: Cell) -> Block:
        """Write what the window and the kernel multiply to in one channel."""
        panel = self._panels.products(f, channel, spelled=False, widest=self._products)
        return self._beginning(panel, f, channel, room)

    def output(self, f: Frame, room: Cell) -> Block:
        """Write the output around its position, as far as it is filled in."""
        block = _around(self.geometry.output_size, ([f.row], [f.column]), room)
        title = "Output y" + _named(", filter", f.filter, self.geometry.filters)
        return self._write(self._panels.output(f, *block, title=title), self.geometry.output_size)

    def _name(self, f: Frame, channel: int) -> str:
        return _named("channel", f.channels[channel], self.geometry.channels)

    def _beginning(self, panel: Panel, f: Frame, channel: int, room: Cell) -> Block:
        """Write the first rows and columns; the operator stands before the first channel only."""
        rows, columns = map(min, panel.shape, room)
        part, before = panel.part((0, 0), (rows, columns)), "" if channel else panel.before
        part = replace(part, subtitle=self._name(f, channel), before=before)
        return self._write(part, panel.shape)

    def _write(self, panel: Panel, size: Cell) -> Block:
        kind = panel.title.partition(",")[0]
        if kind not in self._widths:
            # A column's number has one blank more for itself than the numbers below it.
            heading = len(str(size[1] - 1)) - 1 if any(panel.index) else 1
            self._widths[kind] = max(columns_of(panel), heading)
        zeros = self.geometry.padding_mode == "zeros"
        return _whole(write(panel, self._widths[kind], size=size, zeros=zeros))


def _whole(block: Block) -> Block:
    """Put … for a number that there was no room for: a part of one would be another number."""

    def left_out(part: re.Match[str]) -> str:
        return f"{'…':>{len(part[0])}}"

    lines = [[(CUT.sub(left_out, text), role) for text, role in line] for line in block.lines]
    return block._replace(lines=lines)


def _around(size: Cell, places: Places, room: Cell) -> tuple[Cell, Cell]:
    """Choose the block to show: where it begins, and its shape.

    The places lie in its middle; where there is no room for all, they are shown from the first on.

    >>> _around((100, 5), ([40, 42], [1, 2]), (7, 7)), _around((9, 9), ([0], [4, 8]), (3, 3))
    (((38, 0), (7, 5)), ((0, 4), (3, 3)))
    """
    begin = []
    for n, most, ks in zip(size, room, places, strict=True):
        first = ks[0] if ks[-1] - ks[0] >= most else (ks[0] + ks[-1] + 1 - most) // 2
        begin.append(max(min(first, n - most), 0))
    return (begin[0], begin[1]), (min(size[0], room[0]), min(size[1], room[1]))


def _named(thing: str, number: int, count: int) -> str:
    """Say which one it is where there are several, as long for each of them."""
    return f"{thing} {number:<{len(str(count - 1))}}" if count > 1 else ""
