"""Windows laid out like the output: those of a view around the current one, or of a whole stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convlens.facts.cell import Cell, Memory
from convlens.palette import digits
from convlens.picture import marks
from convlens.picture.grid import Grid
from convlens.picture.panel import Panel
from convlens.picture.roles import linked
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.scenes.enlarged import TITLE, TOP
from convlens.scenes.fits import near

__all__ = ["BETWEEN", "ViewPanel", "Windows"]

BETWEEN = 14.0  # two windows
HEAD = 8.0  # room for the names of columns, below the heading
MOST_TAPS = 4
MEANING = ", number = byte offset"
JUDGED = ", byte offset; right one below"


@dataclass(frozen=True)
class Windows:
    """Where windows stand as small panels: the first one's corner, cells of each, their pitch."""

    x: float
    y: float
    taps: tuple[int, int]
    pitch: tuple[float, float]  # right, down
    gutter: float

    @property
    def step(self) -> tuple[float, float]:
        """From window to window, right and down."""
        return self.taps[1] * self.pitch[0] + BETWEEN, self.taps[0] * self.pitch[1] + BETWEEN

    def draw(
        self,
        p: Picture,
        places: tuple[range, range],
        here: tuple[int, int] | None,
        panel: Callable[[int, int], Panel],
        size: float = 11,
    ) -> None:
        """Draw the window of each output position (i, j) of these rows and columns, one ringed."""
        for r, i in enumerate(places[0]):
            for s, j in enumerate(places[1]):
                x, y = self.x + s * self.step[0], self.y + r * self.step[1]
                grid = panel(i, j).draw(p, Grid(x, y, *self.taps, self.pitch, self.gutter), size)
                if here == (i, j):
                    marks.ring(p, *grid.span(0, 0, *self.taps), margin=8)
                if s == 0:
                    at = x - 11.5, y + grid.height / 2 + 4
                    _name(p, at, f"i={i}" if r == 0 else str(i), here and here[0] == i, "end")
                if r == 0:
                    at = x + grid.width / 2, y - 14
                    _name(p, at, f"j={j}" if s == 0 else str(j), here and here[1] == j, "middle")


def _name(p: Picture, at: tuple[float, float], name: str, marked: bool | None, anchor: str) -> None:
    bold = bool(marked)
    p.text(*at, name, 11, mono=True, anchor=anchor, bold=bold, opacity=1.0 if bold else 0.62)


class ViewPanel:
    """Draws windows of a view; what is outside the memory is hatched and has no number.

    Parameters
    ----------
    memory : Memory
    sides : (float, float)
        Where its room begins and ends.
    tall : float
        Height of its room.
    judged : bool
        Whether to leave room for the byte offsets that are wanted below those that are wrong.
    """

    def __init__(
        self, memory: Memory, sides: tuple[float, float], tall: float, judged: bool = False
    ) -> None:
        self.memory, self.tall = memory, tall
        self.left, self.right = sides
        (kh, kw), oh = memory.walk.geometry.kernel_size, memory.walk.geometry.output_size[0]
        down, gutter = (30.0, 4.0) if judged else (22.0, 2.0)
        wide = max(26.0, memory.letters * MONO_ADVANCE * 11 + 2.5 + gutter)
        lead = (2 + len(str(oh))) * MONO_ADVANCE * 11 + 12  # room for the names of the rows
        room = self.right - self.left - lead
        taps = min(kh, MOST_TAPS), max(1, min(kw, int((room + 2) // wide)))
        pitch = min(wide, (room + 2) / taps[1])
        self.windows = Windows(self.left + lead, TOP + HEAD, taps, (pitch, down), gutter)
        across, down = self.windows.step
        self.most = max(1, int((tall - HEAD + BETWEEN) // down)), max(1, int((room + 16) // across))
        self.room = self.right - self.left
        meaning = JUDGED if judged else MEANING
        said = _shape(memory, memory.walk.geometry.window_shape) + meaning + " "
        self.meaning = meaning if marks.title_width("", said) <= self.room else ""

    def draw(self, p: Picture, cell: Cell) -> None:
        """Draw the windows around the cell's."""
        said = _shape(self.memory, cell.shape) + self.meaning
        marks.heading(p, self.left, "View", said, TITLE, self.room)
        _, i, j, _, u, v = cell.index
        _, oh, ow, _, kh, kw = cell.shape
        (row, column), (down, right) = near((i, j), (oh, ow), self.most)
        places = range(row, row + down), range(column, column + right)
        tap, size = near((u, v), (kh, kw), self.windows.taps)
        taps = range(tap[0], tap[0] + size[0]), range(tap[1], tap[1] + size[1])
        self.windows.draw(p, places, (i, j), lambda i, j: self._window(cell, i, j, taps))

    def _window(self, cell: Cell, i: int, j: int, taps: tuple[range, range]) -> Panel:
        """One window: byte offsets, those outside the memory hatched, wrong ones in a box."""
        at = cell.index[0], i, j, cell.index[3]
        cells = *at, np.array(taps[0])[:, None], np.array(taps[1])
        reached, wanted = cell.at(*cells), cell.wanted(*cells)
        inside = self.memory.inside(reached)
        current = at == cell.index[:4]
        return Panel(
            values=reached,
            kind="plain",
            first=(taps[0].start, taps[1].start),
            index=(False, False),
            window=taps if current else None,
            reading=(cell.index[4], cell.index[5]) if current else None,
            outside=~inside,
            wrong=inside & (reached != wanted),
            right=np.reshape([digits(a) for a in wanted.flat], reached.shape),
            links=linked("x", reached),
            go=(("u", 0, 1), ("v", 0, 1), ("row", i, 1), ("column", j, 1)),
        )


def _shape(memory: Memory, shape: tuple[int, ...]) -> str:
    """Write the shape of a view with the axes that the reader's array has."""
    return f"shape {tuple(shape[k] for k in memory.axes)}"
