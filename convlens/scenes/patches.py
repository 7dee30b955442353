"""The patches explorer's picture: two copies of all windows that fill up in different orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.roles import rectangles
from convlens.picture.shapes import MONO_ADVANCE, Picture
from convlens.words import by, counted, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlib.arguments import Pair

__all__ = ["LEAST", "MOST", "PatchesScene"]

MOST, LEAST = 120, 17.0  # numbers of a copy; distance of cells whose numbers can be read
TOP, HEAD = 58.0, 36.0  # of the cells; from a title's base line to them
BETWEEN = 48.0  # panels, with room for row numbers
NARROW, ASIDE = 150.0, 16.0  # the least width of a column; from an input to what is told of it
LARGEST, TALL = 27.0, 424.0  # distance of cells; room for the longer matrix
TOLD, LINE = 4, 19.0  # of the last runs, and their distance
AXES = {"Position by position": (0, 1, 2, 3), "Tap by tap": (2, 3, 0, 1)}  # of the view of windows


class Copy:
    """All windows, written into a matrix in one order.

    Parameters
    ----------
    x : ndarray, (H, W)
    kernel_size : (int, int)
    axes : tuple of int
        The order of the axes (OH, OW, KH, KW): the first two make the rows of the matrix.
    """

    def __init__(self, x: NDArray[Any], kernel_size: Pair, axes: tuple[int, ...]) -> None:
        places = np.arange(x.size).reshape(x.shape)
        order = sliding_window_view(places, kernel_size).transpose(axes)
        self.x, self.by_tap = x, axes[0] == 2
        self.visits, self.inner = order.ravel(), order.shape[2] * order.shape[3]
        self.shape = self.visits.size // self.inner, self.inner
        loops = np.nditer(
            (order, np.empty(order.shape, int)),
            ["external_loop"],
            [["readonly"], ["writeonly"]],
            order="C",
        )
        self.ends = np.cumsum([places.size for places, _ in loops])

    def matrix(self, copied: int) -> Any:
        """The matrix after so many numbers: what is not written yet is masked."""
        found = np.ma.array(np.zeros(self.shape, self.x.dtype), mask=True)
        for cell, place in enumerate(self.visits[:copied]):
            found[divmod(cell, self.inner)] = self.x.flat[place]
        return found

    def links(self, copied: int) -> NDArray[Any]:
        """Which number of the input each cell holds."""
        held = [f"x{place}" if k < copied else "" for k, place in enumerate(self.visits)]
        return np.array(held, object).reshape(self.shape)

    def runs(self, copied: int) -> list[NDArray[Any]]:
        """What has been read, cut wherever NumPy's innermost loop ends."""
        pieces = np.split(self.x.take(self.visits[:copied]), self.ends[self.ends < copied])
        return pieces if copied else []

    def last(self, copied: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Where the last run was read, and where it was written: masks of input and matrix."""
        read, written = np.zeros(self.x.size, bool), np.zeros(self.visits.size, bool)
        begun = max((end for end in self.ends.tolist() if end < copied), default=0)
        read[self.visits[begun:copied]] = written[begun:copied] = True
        return read.reshape(self.x.shape), written.reshape(self.shape)


class PatchesScene:
    """Draws the two copies after any number of numbers.

    Parameters
    ----------
    x : ndarray, (H, W)
    kernel_size : (int, int)
        At most `MOST` numbers in all windows. Where `pitch` is below `LEAST` they are too small.
    """

    def __init__(self, x: NDArray[Any], kernel_size: Pair) -> None:
        self.x, self.kernel_size = x, kernel_size
        self.copies = {name: Copy(x, kernel_size, axes) for name, axes in AXES.items()}
        self.output_size = x.shape[0] - kernel_size[0] + 1, x.shape[1] - kernel_size[1] + 1
        self._place(x.shape[0], x.shape[1], *self.copies["Position by position"].shape)

    def _place(self, h: int, w: int, positions: int, taps: int) -> None:
        """Stand each matrix beside or below its input, in cells as large as there is room for."""

        def columns(pitch: float) -> list[float]:
            told = w * pitch + ASIDE + NARROW  # the runs stand beside the second input
            return [max(n * pitch, NARROW) for n in (w, taps)] + [max(positions * pitch, told)]

        pitch = min(LARGEST, TALL / positions, (TALL - 64) / (h + taps))
        while sum(columns(pitch)) > RIGHT - LEFT - 2 * BETWEEN:
            pitch -= 0.5
        first, second, _ = columns(pitch)
        rows, far = LEFT + first + BETWEEN, LEFT + first + second + 2 * BETWEEN
        below = TOP + h * pitch + 64
        cells = (pitch, pitch), min(4.0, pitch / 6)
        self._inputs = [Grid(left, TOP, h, w, *cells) for left in (LEFT, far)]
        matrices = (rows, TOP, positions, taps), (far, below, taps, positions)
        self._matrices = [Grid(*at, *cells) for at in matrices]
        beside = far + w * pitch + ASIDE
        self._told = [(LEFT, below - 30, rows - LEFT - 8), (beside, TOP + 6, RIGHT - beside)]
        lines = below - 30 + 24 + TOLD * LINE
        self._height = max(*(grid.bottom for grid in self._matrices), lines) + 12
        self.pitch, self._size = pitch, min(14.0, max(11.0, 0.52 * pitch))

    def picture(self, copied: int) -> Picture:
        """Draw both copies after so many numbers."""
        p = Picture(900, round(self._height), self._label(copied))
        for k, (name, copy) in enumerate(self.copies.items()):
            panels = self._input(name, copy, copied), self._matrix(copy, copied)
            grids = self._inputs[k], self._matrices[k]
            for panel, grid, run in zip(panels, grids, copy.last(copied), strict=True):
                for block in rectangles(run):
                    marks.window_plate(p, *grid.span(*block, margin=min(5.0, grid.gutter + 1)))
                panel.draw(p, grid, self._size, HEAD)
            self._runs(p, copy.runs(copied), *self._told[k])
        return p

    def source(self) -> list[Line]:
        """Write the lines that make both matrices, the two in one: a page shows the last line."""
        view = f"windows = np.lib.stride_tricks.sliding_window_view(x, {self.kernel_size})"
        rows, columns = (copy.shape for copy in self.copies.values())
        by_tap = f"windows.transpose(2, 3, 0, 1).reshape{columns}"
        both = f"left, right = windows.reshape{rows}, {by_tap}"
        shape = f"   # {(*self.output_size, *self.kernel_size)}"
        return [[(view, ""), (shape, "comment")], [(both, "")]]

    def _input(self, name: str, copy: Copy, copied: int) -> Panel:
        """The image, and the cell that was read last."""
        reading = divmod(int(copy.visits[copied - 1]), self.x.shape[1]) if copied else None
        return Panel(
            values=self.x,
            title=name,
            subtitle=f"input x, {times(self.x.shape)}",
            reading=reading,
            index=(False, False),
            links=np.array([f"x{k}" for k in range(self.x.size)]).reshape(self.x.shape),
        )

    def _matrix(self, copy: Copy, copied: int) -> Panel:
        """The matrix so far, and the cell that was written last."""
        return Panel(
            values=copy.matrix(copied),
            title="A row per tap" if copy.by_tap else "A row per position",
            subtitle=f"{times(copy.shape)}, one column per {'position' if copy.by_tap else 'tap'}",
            paint=painter(self.x),
            reading=divmod(copied - 1, copy.inner) if copied else None,
            index=(False, False),
            links=copy.links(copied),
        )

    def _runs(self, p: Picture, runs: list[NDArray[Any]], x: float, y: float, room: float) -> None:
        """Count the runs, and write out the last of them."""
        p.text(x, y, "Runs so far", 15, bold=True)
        p.text(x + 110, y, str(len(runs)), 15, mono=True, bold=True)
        first = max(len(runs) - TOLD, 0)
        for k, run in enumerate(runs[first:], start=first):
            said = f"{k + 1:>2}: {' '.join(map(label, run))}"
            last = k == len(runs) - 1
            line = marks.shortened(said, 12, room, MONO_ADVANCE)
            p.text(
                x,
                y + 22 + (k - first) * LINE,
                *line,
                mono=True,
                bold=last,
                opacity=1.0 if last else 0.72,
            )

    def _label(self, copied: int) -> str:
        """The text alternative."""
        said = [
            f"Patches explorer. Input x, {by(self.x.shape)}; window {by(self.kernel_size)}. Copied "
            f"{copied} of {counted(self.copies['Tap by tap'].visits.size, 'number')}."
        ]
        for name, copy in self.copies.items():
            runs = copy.runs(copied)
            last = f", the last [{', '.join(map(label, runs[-1]))}]" if runs else ""
            said.append(f"{name}: runs {len(runs)}{last}.")
        return " ".join(said)
