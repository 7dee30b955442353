"""The tiles explorer's picture: what one tile of the output reads, and which chunks hold it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture import marks
from convlens.picture.elements import Spot
from convlens.picture.grid import Grid, axis
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.shapes import INK, Picture
from convlens.scenes.story import arithmetic
from convlens.words import by, counted, listed, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlens.scenes.tiled import Tiled

__all__ = ["TilesScene"]

TOP, TALL = 66.0, 306.0  # of the frame of padding, and the room for it
APART = 44.0  # between the panels, row numbers included
GRAPH = 76.0  # from the line of chunks to the line of tiles
WORDS = 380.0  # room for the words over the input
BOX = 15.0  # the largest chunk or tile of the graph


class TilesScene:
    """Draws any tile of an image, for any size of the tiles and of the kernel.

    Parameters
    ----------
    x : ndarray, (H, W)
    outputs : mapping of int to ndarray
        By the size of the kernel, the whole output.
    """

    def __init__(self, x: NDArray[Any], outputs: Mapping[int, NDArray[Any]]) -> None:
        self.x, self.outputs = x, outputs
        (rows, columns), most = x.shape, max(outputs) // 2
        room = (RIGHT - LEFT - APART - 22) / (2 * columns + 2 * most)
        step = min(room, TALL / (rows + 2 * most), 26.0)
        gutter = 3.0
        left, top = LEFT + 22 + most * step, TOP + most * step
        self._in = Grid(left, top, rows, columns, (step, step), gutter)
        right = max(self._in.right + most * step + APART, LEFT + WORDS)
        self._out = replace(self._in, x=right)
        self._border = most * step
        self.bottom = self._in.bottom + self._border

    def picture(self, t: Tiled) -> Picture:
        """Draw one tile."""
        p = Picture(900, self.bottom + 52 + GRAPH + BOX + 4, self._label(t))
        self._input(p, t)
        self._output(p, t)
        self._count(p, t, self.bottom + 24)
        self._graph(p, t, self.bottom + 54)
        return p

    def source(self, t: Tiled) -> list[Line]:
        """Write the lines that read the part, pad it at the edges, and make the tile."""
        read, made = _slices(t.runs), _slices(t.cells)
        w = f"np.ones({t.g.kernel_size}, int)"
        sides = tuple(
            (run[0] - wide[0], wide[-1] - run[-1])
            for run, wide in zip(t.runs, t.padded, strict=True)
        )
        return [
            [("part = ", ""), (f"x[{read}]", "window"), (f"   # {_size(t.runs)} cells", "comment")],
            [(f"part = np.pad(part, {sides})", ""), ("   # beyond the image: zeros", "comment")],
            [(f"y[{made}]", "output"), (" = conv2d(part, ", ""), (w, "kernel"), (")", "")],
        ]

    # -- panels ----------------------------------------------------------------------------------

    def _input(self, p: Picture, t: Tiled) -> None:
        """The image, what is read on its plate, zeros beyond it, the tile's own cells framed."""
        g, b, title = self._in, self._border, "Input x"
        said = f"{times(self.x.shape)}; framed: the tile; blue: what it reads, {_size(t.runs)}"
        marks.heading(p, g.x - b, title, said, 22)
        frame = g.x - b - 3, g.y - b - 3, g.width + 2 * b + 6, g.height + 2 * b + 6
        p.note("panel", *frame, title=title)
        rows, columns = t.padded
        (r, down), (c, right) = ((run[0], len(run)) for run in t.runs)
        marks.window_plate(p, *g.span(r, c, down, right, margin=2.5))
        for r in rows:
            for c in columns:
                if r not in t.runs[0] or c not in t.runs[1]:
                    marks.padding(p, *g.span(r, c))
        axis(p, replace(g, x=g.x - b, columns=0), rows=t.runs[0])
        axis(p, replace(g, y=g.y - b + 6, rows=0), columns=t.runs[1])
        look: dict[str, Any] = {"blocks": (t.tile, t.tile), "index": (False, False)}
        Panel(values=self.x, numbers=False, go=_go(t), **look).draw(p, g)
        _close(p, t, g)
        self._edges(p, t)
        own = t.cells[0][0], t.cells[1][0], len(t.cells[0]), len(t.cells[1])
        p.rect(*g.span(*own, margin=1.5), fill="none", stroke=INK, stroke_width=2)

    def _edges(self, p: Picture, t: Tiled) -> None:
        """Rule the cuts once more where they cross the plate: the seams that the halo is for."""
        g, (rows, columns) = self._in, t.runs
        steps: list[tuple[Any, ...]] = []
        x, y, width, height = g.span(rows[0], columns[0], len(rows), len(columns), margin=1.5)
        for cut in t.cuts[0]:
            if cut[0] in rows[1:]:
                at = g.corner(cut[0], 0)[1] - g.gutter / 2
                steps += [("M", x, at), ("L", x + width, at)]
        for cut in t.cuts[1]:
            if cut[0] in columns[1:]:
                at = g.corner(0, cut[0])[0] - g.gutter / 2
                steps += [("M", at, y), ("L", at, y + height)]
        if steps:
            p.path(steps, stroke=INK, stroke_width=1.4)

    def _output(self, p: Picture, t: Tiled) -> None:
        """The cells of the chosen tile, ringed; the other tiles are empty."""
        y, (rows, columns) = self.outputs[t.g.kernel_size[0]], t.cells
        later = np.ones(y.shape, bool)
        later[rows.start : rows.stop, columns.start : columns.stop] = False
        g = self._out
        said = f"{times(y.shape)}; tile {t.at} is ringed"
        marks.heading(p, g.x, "Output y", said, 22)
        Panel(
            values=np.ma.array(y, mask=later),
            kind="signed",
            blocks=(t.tile, t.tile),
            around=(rows, columns),
            index=(False, False),
            numbers=False,
            sparse=True,
            go=_go(t),
        ).draw(p, g)
        _close(p, t, g)
        rows_of, columns_of = y.shape
        p.note("panel", *g.span(0, 0, rows_of, columns_of, margin=4), title="Output y")
        axis(p, replace(g, x=g.x - 3, columns=0), rows=rows)
        axis(p, replace(g, y=g.y - 2, rows=0), columns=columns)

    # -- the count and the graph -----------------------------------------------------------------

    def _count(self, p: Picture, t: Tiled, y: float) -> None:
        """Say how many cells are read for those that are made."""
        read, made = t.counts
        pieces = [("reads ", ""), (str(read), "window"), (" cells to make ", "")]
        pieces += [
            (str(made), "output"),
            (f": × {read / made:.2f}; the halo has {read - made}", ""),
        ]
        arithmetic(p, LEFT, y, pieces, 13)

    def _graph(self, p: Picture, t: Tiled, y: float) -> None:
        """All chunks in a line, all tiles in one below; arrows to the chosen tile."""
        down, right = map(len, t.cuts)
        left, wide = LEFT + 62, RIGHT - LEFT - 62
        step = min(wide / (down * right), BOX + 9)
        side, low = min(BOX, step - 1.5), y + GRAPH - 20
        read, chosen = t.chunks, t.at[0] * right + t.at[1]
        for name, at in (("Chunks", y), ("Tiles", low)):
            p.text(LEFT, at + side / 2 + 4.5, name, 13, bold=True)
            p.note("panel", left - 3, at - 3, step * down * right, side + 6, title=name)
        tip = left + chosen * step + side / 2, low - 5
        for r, c in read:
            start = left + (r * right + c) * step + side / 2, y + side + 3
            p.line(start, tip, stroke_width=1.4, stroke_opacity=0.8)
        head = [("M", tip[0] - 4, tip[1] - 5), ("L", *tip), ("L", tip[0] + 4, tip[1] - 5), ("Z",)]
        p.path(head, fill=INK)
        faint: dict[str, Any] = {"fill": "none", "stroke": INK, "stroke_opacity": 0.35}
        for k in range(down * right):
            at = left + k * step
            if divmod(k, right) in read:
                marks.window_plate(p, at, y, side, side)
            else:
                p.rect(at, y, side, side, **faint, rx=3)
            p.rect(at, low, side, side, **faint, rx=3)
        for r in range(down):
            line = left + r * right * step, low - 2, right * step, side + 4
            p.spots.append(Spot(*line, (1, right), (), (None, ("column", 0, 1), ("row", r, 1))))
        marks.ring(p, left + chosen * step, low, side, side, margin=0)
        said = f"{counted(len(read), 'chunk')} → 1 tile"
        total = down * right
        said += f"; {counted(total, 'tile')}: {total + 1} tasks, a tile each, and one for the layer"
        p.text(LEFT, low + side + 20, said, 13, opacity=0.85)

    def _label(self, t: Tiled) -> str:
        """The text alternative."""
        (read, made), total = t.counts, len(t.cuts[0]) * len(t.cuts[1])
        chunks = [listed(sorted({chunk[axis] for chunk in t.chunks})) for axis in (0, 1)]
        return (
            f"Tiles explorer. Input x, {by(self.x.shape)}, kernel {by(t.g.kernel_size)}, tiles of "
            f"{t.tile}. Tile {t.at} is rows {listed(t.cells[0])}, columns {listed(t.cells[1])} of "
            f"the output. It reads rows {listed(t.runs[0])}, columns {listed(t.runs[1])} of the "
            f"input: {read} cells to make {made}, × {read / made:.2f}. They lie in "
            f"{counted(len(t.chunks), 'chunk')}: rows {chunks[0]}, columns {chunks[1]}. "
            f"{counted(total, 'tile')}: {total + 1} tasks."
        )


def _go(t: Tiled) -> tuple[tuple[str, int, int], ...]:
    """A click on a cell chooses the tile that it is in."""
    return ("row", 0, t.tile), ("column", 0, t.tile)


def _close(p: Picture, t: Tiled, g: Grid) -> None:
    """Rule the far edges where the last tiles are smaller: a panel rules whole blocks only."""
    x, y, width, height = g.span(0, 0, g.rows, g.columns, margin=g.gutter / 2)
    if g.columns % t.tile:
        p.line((x + width, y), (x + width, y + height), stroke_opacity=0.4)
    if g.rows % t.tile:
        p.line((x, y + height), (x + width, y + height), stroke_opacity=0.4)


def _slices(cells: tuple[range, range]) -> str:
    """Write both ranges as slices."""
    return ", ".join(f"{k.start}:{k.stop}" for k in cells)


def _size(cells: tuple[range, range]) -> str:
    """Write how many rows and columns there are."""
    return times((len(cells[0]), len(cells[1])))
