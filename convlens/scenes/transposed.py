"""The transposed-convolution explorer's picture: a number, where it is spread, what overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, axis, painter
from convlens.picture.image import by, cells, times
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import Picture
from convlens.scenes import weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlens.facts.spread import Spread
    from convlens.picture.code import Line

__all__ = ["TransposedScene"]

TOP, HEAD = 76.0, 54.0  # of the first tiles; from a panel's title to its tiles
INPUT, OUTPUT = 32.0, 28.0  # pitches
MOST_INPUT, MOST_OUTPUT = (6, 7), (10, 14)  # cells shown at once
KERNEL_ROOM, PRODUCT_ROOM = 200.0, 240.0
MOST_NUMBERS = 30  # of x: beyond, its matrix is not drawn


class TransposedScene:
    """Draws any setting of a transposed convolution of one plane.

    Parameters
    ----------
    x : ndarray, (H, W)
        Of a large one the part around the number is shown.
    w : ndarray, (KH, KW)
        The largest kernel.
    most : (int, int)
        The largest strides: the room for the largest output is kept, so that nothing jumps.
    """

    def __init__(self, x: NDArray[Any], w: NDArray[Any], most: tuple[int, int]) -> None:
        self.x, self.w = x, w
        self._largest = w.shape
        tall, wide = ((n - 1) * s + k for n, s, k in zip(x.shape, most, w.shape, strict=True))
        self._shown = tuple(max(m, k + 4) for m, k in zip(MOST_OUTPUT, w.shape, strict=True))
        self._pitch = min(OUTPUT, 0.5 * (RIGHT - LEFT - 60) / min(self._shown[1], wide))
        self._kernel_pitch = min(40.0, KERNEL_ROOM / max(w.shape))
        self._product_pitch = min(54.0, PRODUCT_ROOM / w.shape[1])
        high = max(min(x.shape[0], MOST_INPUT[0]) * INPUT, w.shape[0] * self._kernel_pitch)
        self._second = TOP + high + 42
        self._third = self._second + HEAD + min(tall, self._shown[0]) * self._pitch + 38
        self._matrix = x.size <= MOST_NUMBERS and tall * wide <= weights.MOST_COLUMNS
        self._height = self._third - 22
        if self._matrix:
            self._height += weights.room(x.size) + 52
        self._of_x, self._of_w = painter(x, diverging=False), painter(w, diverging=True)

    def picture(self, s: Spread) -> Picture:
        """Draw one setting."""
        first, shape = self._viewport(s)
        block = s.part(first, shape)
        corner = block[s.start[0] - first[0], s.start[1] - first[1]]
        p = Picture(900, self._height, self._label(s, corner))
        paint = painter(np.concatenate([block.ravel(), s.products.ravel()]), diverging=True)
        self._above(p, s, paint)
        left, middle = LEFT, (LEFT + RIGHT) / 2 + 16
        axes = zip(s.x.shape, s.stride, s.w.shape, strict=True)
        rows, columns = (f"({n} − 1)·{step} + {k}" for n, step, k in axes)
        marks.heading(
            p, left, "Output y", f"{times(s.size)}: rows {rows}, columns {columns}", self._second
        )
        self._block(p, left, s, first, block, paint)
        counts = s.counts[0][:, None] * s.counts[1]
        seen = counts[tuple(slice(f, f + n) for f, n in zip(first, shape, strict=True))]
        title = "How many numbers fall on each cell"
        marks.heading(p, middle, title, _evenness(s), self._second)
        limits = [0, int(s.counts[0].max() * s.counts[1].max())]
        self._block(p, middle, s, first, seen, painter(limits, diverging=False))
        if self._matrix:
            self._strip(p, s)
        return p

    def source(self, s: Spread) -> list[Line]:
        """Write the loop that spreads every number, and the window of this one."""
        (kh, kw), (down, right), (oh, ow) = s.w.shape, s.stride, s.size
        kind = s.products.dtype.name
        rows, columns = (
            f"{step}*{k} : {step}*{k}+{n}" for step, k, n in ((down, "i", kh), (right, "j", kw))
        )
        (top, left), (i, j) = s.start, s.at
        window = f"y[{top}:{top + kh}, {left}:{left + kw}]"
        return [
            [("part", "kernel"), (f' = w[:{kh}, :{kw}].astype("{kind}")', "")],
            [(f'y = np.zeros(({oh}, {ow}), dtype="{kind}")', "")],
            [
                ("for i, j in np.ndindex(x.shape): ", ""),
                (f"y[{rows}, {columns}]", "window"),
                (" += ", ""),
                ("x[i, j]", "output"),
                (" * ", ""),
                ("part", "kernel"),
            ],
            [(window, "window"), (f"   # where x[{i}, {j}] was spread", "comment")],
        ]

    # -- the first row: x, the kernel, their product ---------------------------------------------

    def _above(self, p: Picture, s: Spread, paint: Callable[[Any], str]) -> None:
        """The number that is spread, the kernel, and what the one adds by the other."""
        i, j = s.at
        shown = tuple(min(n, m) for n, m in zip(s.x.shape, MOST_INPUT, strict=True))
        first = tuple(
            int(np.clip(k - m // 2, 0, n - m))
            for k, n, m in zip(s.at, s.x.shape, shown, strict=True)
        )
        grid = Grid(LEFT, TOP, shown[0], shown[1], (INPUT, INPUT))
        block = s.x[first[0] : first[0] + shown[0], first[1] : first[1] + shown[1]]
        marks.heading(p, LEFT, "Input x", times(s.x.shape))
        axis(p, grid, rows=[i], columns=[j], first=(first[0], first[1]))
        bold = np.zeros(shown, bool)
        bold[i - first[0], j - first[1]] = True
        cells(p, grid, block, self._of_x, 14, bold)
        marks.ring(p, *grid.span(i - first[0], j - first[1]))

        left = LEFT + max(grid.width, 90) + 62
        kh, kw = s.w.shape
        plate = Grid(left, TOP, kh, kw, (self._kernel_pitch, self._kernel_pitch), 4)
        used = "" if s.w.shape == self._largest else f" of {times(self._largest)}"
        marks.heading(p, left, "Kernel w", f"{times(s.w.shape)}{used}")
        p.text(left - 32, TOP + 20, "×", 20, anchor="middle", opacity=0.72)
        marks.kernel_plate(p, *plate.span(0, 0, kh, kw, margin=5))
        cells(p, plate, s.w, self._of_w, 15, np.ones(s.w.shape, bool))

        left += max(self._largest[1] * self._kernel_pitch, 90) + 56
        added = Grid(left, TOP, kh, kw, (self._product_pitch, self._kernel_pitch), 4)
        marks.heading(p, left, f"x[{i}, {j}] · w", "added to the blue window of y")
        p.text(left - 30, TOP + 20, "=", 20, anchor="middle", opacity=0.72)
        cells(p, added, s.products, paint, 14, np.ones(s.w.shape, bool))

    # -- the second: the output, and how often it is reached -------------------------------------

    def _viewport(self, s: Spread) -> tuple[tuple[int, int], tuple[int, int]]:
        """The block of the output that is shown: all of it, or what is around the window."""
        first, shape = [], []
        for size, most, k, start in zip(s.size, self._shown, s.w.shape, s.start, strict=True):
            shape.append(min(size, most))
            first.append(int(np.clip(start - (most - k) // 2, 0, size - shape[-1])))
        return (first[0], first[1]), (shape[0], shape[1])

    def _block(
        self,
        p: Picture,
        x: float,
        s: Spread,
        first: tuple[int, int],
        values: NDArray[Any],
        paint: Callable[[Any], str],
    ) -> None:
        """Draw a block of the output's cells, the window on its plate."""
        gutter = 4.0 if self._pitch > 18 else 0.0
        pitch = self._pitch, self._pitch
        rows, columns = values.shape
        grid = Grid(x, self._second + HEAD, rows, columns, pitch, gutter)
        (top, left), (kh, kw) = s.start, s.w.shape
        axis(p, grid, rows=range(top, top + kh), columns=range(left, left + kw), first=first)
        row, column = top - first[0], left - first[1]
        bold = np.zeros(values.shape, bool)
        bold[row : row + kh, column : column + kw] = True
        marks.window_plate(p, *grid.span(row, column, kh, kw, margin=4))
        cells(p, grid, values, paint, 13, bold)

    # -- the third: the matrix -------------------------------------------------------------------

    def _strip(self, p: Picture, s: Spread) -> None:
        """The matrix of the convolution from y to x, whose transpose this is."""
        count, size = s.x.size, s.size[0] * s.size[1]
        title = f"Matrix A of the convolution, {count} × {size}: y.ravel() = A.T @ x.ravel()"
        i, j = s.at
        subtitle = (
            f"row {i}·{s.x.shape[1]} + {j} = {s.number} is where x[{i}, {j}] is spread; "
            "colours as in w; thin lines: a new row of x (across), a new row of y (down)"
        )
        marks.heading(p, LEFT, title, subtitle, self._third)
        weights.weights(p, self._third + 34, s, self._of_w)

    def _label(self, s: Spread, corner: Any) -> str:
        """The text alternative; `corner` is the first number in the window of the output."""
        (i, j), (top, left), (kh, kw) = s.at, s.start, s.w.shape
        count = int(s.counts[0][top] * s.counts[1][left])
        return (
            f"Transposed-convolution explorer. Input x, {by(s.x.shape)}; kernel {by(s.w.shape)}, "
            f"stride {s.stride}: output y, {by(s.size)}. x[{i}, {j}] is {label(s.x[i, j])}, spread "
            f"over rows {top} to {top + kh - 1} and columns {left} to {left + kw - 1}. "
            f"{_evenness(s).capitalize()}. "
            f"y[{top}, {left}] is made of {marks.counted(count, 'number')}: {label(corner)}."
        )


def _evenness(s: Spread) -> str:
    """Say whether all cells away from the edges are reached equally often."""
    inner = s.inner_counts
    if inner is None:
        return "no cell is as far from the edges as the kernel reaches"
    low, high = inner
    return (
        f"away from the edges: {low} everywhere"
        if low == high
        else (f"away from the edges: from {low} to {high}, uneven")
    )
