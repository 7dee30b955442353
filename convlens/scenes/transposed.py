"""The transposed-convolution explorer's picture: a number, where it is spread, what overlaps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.facts.spread import Spread
from convlens.palette import label
from convlens.picture import marks
from convlens.picture.grid import Grid, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import HEAD, Cell, Panel
from convlens.picture.row import place, signs
from convlens.picture.shapes import Picture
from convlens.scenes.fits import crop, longest, near, products
from convlens.scenes.weights import weights
from convlens.words import by, counted, times

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlens.picture.code import Line

__all__ = ["TransposedScene"]

MOST_INPUT, MOST_OUTPUT = (6, 7), (10, 14)  # cells shown at once
MOST_NUMBERS = 30  # of x: beyond, its matrix is not drawn
NUMBERS, TALL, WIDEST = 22.0, 14.0, 14.0  # of the matrix: room for row numbers; its cells
MOST_COLUMNS = 344  # narrower ones could not be seen


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
        self._of_x, self._of_w = painter(x, kind="values"), painter(w, kind="signed")
        self._widest = {"x": longest(x), "w": longest(w), "x × w": products(x, w)}
        self._widest["y"] = products(x, w, min(w.size, 4))
        full = Spread(x, w, most, (x.shape[0] - 1, x.shape[1] - 1))
        self._upper = place(self._above(full, self._of_w))
        second = max(grid.bottom for grid in self._upper[0]) + 42 + HEAD
        rows, columns = (max(m, k + 4) for m, k in zip(MOST_OUTPUT, w.shape, strict=True))
        fitting = crop({"y": columns}, lambda most: [self._below(full, (rows, most["y"]))])
        self._shown = rows, max(fitting["y"], w.shape[1])
        self._lower = place(self._below(full, self._shown), top=second)
        self._bottom = self._lower[0][0].bottom
        self._matrix = x.size <= MOST_NUMBERS and np.prod(full.size) <= MOST_COLUMNS
        self._height = self._bottom + 36
        if self._matrix:
            self._height += 66 + x.size * TALL

    def picture(self, s: Spread) -> Picture:
        """Draw one setting."""
        below = self._below(s, self._shown)
        first, block = below[0].first, below[0].values
        corner = block[s.start[0] - first[0], s.start[1] - first[1]]
        p = Picture(900, self._height, self._label(s, corner))
        paint = painter(np.concatenate([block.ravel(), s.products.ravel()]), kind="signed")
        above, below[0] = self._above(s, paint), replace(below[0], paint=paint)
        signs(p, above, self._upper[0])
        for panels, (grids, size, _) in ((above, self._upper), (below, self._lower)):
            for panel, grid in zip(panels, grids, strict=True):
                rows, columns = panel.shape
                panel.draw(p, replace(grid, rows=rows, columns=columns), size)
        if s.ends[0] < s.ends[1]:
            counts = painter(s.ends, "counts")
            lowest = self._lower[0][1].corner(below[1].shape[0], 0)
            marks.scale(p, lowest[0], lowest[1] + 14, counts, s.ends, "time")
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

    def _above(self, s: Spread, paint: Callable[[Any], str]) -> list[Panel]:
        """The number that is spread, the kernel, and what the one adds by the other."""
        (i, j), size, whole = s.at, times(s.w.shape), times(self.w.shape)
        size += "" if size == whole else f" of {whole}"
        look: dict[str, Any] = {"paint": self._of_x, "widest": self._widest["x"], "ring": s.at}
        x = Panel(values=s.x, title="Input x", subtitle=times(s.x.shape), **look)
        look = {"paint": self._of_w, "widest": self._widest["w"], "longest": f"{whole} of {whole}"}
        look |= {"kernel": True, "before": "×", "index": (False, False)}
        w = Panel(values=s.w, title="Kernel w", subtitle=size, **look)
        look = {"paint": paint, "widest": self._widest["x × w"], "index": (False, False)}
        look |= {"subtitle": "added to the blue window of y", "before": "="}
        added = Panel(values=s.products, title=f"x[{i}, {j}] × w", **look)
        return [x.part(*near(s.at, s.x.shape, MOST_INPUT)), w, added]

    # -- the second: the output, and how often it is reached -------------------------------------

    def _below(self, s: Spread, most: Cell) -> list[Panel]:
        """The output, or its part around the window; and how many numbers fall on each cell."""
        middle = s.start[0] + s.w.shape[0] // 2, s.start[1] + s.w.shape[1] // 2
        first, shape = near(middle, s.size, most)
        seen = s.times(first, shape)
        rows, columns = (range(a, a + n) for a, n in zip(s.start, s.w.shape, strict=True))
        axes = zip(s.x.shape, s.stride, s.w.shape, strict=True)
        told = [f"({n} − 1)·{step} + {k}" for n, step, k in axes]
        look: dict[str, Any] = {"first": first, "window": (rows, columns)}
        y = Panel(
            values=s.part(first, shape),
            title="Output y",
            subtitle=f"{times(s.size)}: rows {told[0]}, columns {told[1]}",
            inserted=seen == 0,
            widest=self._widest["y"],
            **look,
        )
        counts = Panel(
            values=seen,
            title="How many numbers fall on each cell",
            subtitle=_evenness(s),
            longest="away from the edges: from 12 to 144, uneven",
            paint=painter(s.ends, "counts"),
            widest=s.ends,
            **look,
        )
        return [y, counts]

    # -- the third: the matrix -------------------------------------------------------------------

    def _strip(self, p: Picture, s: Spread) -> None:
        """The matrix of the convolution from y to x, whose transpose this is."""
        (i, j), (rows, columns) = s.at, s.matrix.shape
        title = f"Matrix A of the convolution, {rows} × {columns}: y.ravel() = A.T @ x.ravel()"
        subtitle = (
            f"row {i}·{s.x.shape[1]} + {j} = {s.number} is where x[{i}, {j}] is spread; "
            "colours as in w; thin lines: a new row of x (across), a new row of y (down)"
        )
        y = self._bottom + 58
        marks.heading(p, LEFT, title, subtitle, y)
        wide = min(WIDEST, (RIGHT - LEFT - NUMBERS) / columns)
        apart = 3.0 if wide >= 9 else 2.0 if wide >= 6 else 0.0
        grid = Grid(LEFT + NUMBERS, y + 34, rows, columns, (wide, TALL), apart)
        panel = weights(s.matrix, blocks=(s.x.shape[1], s.size[1]), row=s.number)
        look: dict[str, Any] = {"numbers": False, "index": (True, False)}
        replace(panel, paint=self._of_w, **look).draw(p, grid)

    def _label(self, s: Spread, corner: Any) -> str:
        """The text alternative; `corner` is the first number in the window of the output."""
        (i, j), (top, left), (kh, kw) = s.at, s.start, s.w.shape
        return (
            f"Transposed-convolution explorer. Input x, {by(s.x.shape)}; kernel {by(s.w.shape)}, "
            f"stride {s.stride}: output y, {by(s.size)}. x[{i}, {j}] is {label(s.x[i, j])}, spread "
            f"over rows {top} to {top + kh - 1} and columns {left} to {left + kw - 1}. "
            f"{_evenness(s).capitalize()}. y[{top}, {left}] is made of "
            f"{counted(int(s.times(s.start, (1, 1))[0, 0]), 'number')}: {label(corner)}."
        )


def _evenness(s: Spread) -> str:
    """Say whether all cells away from the edges are reached equally often."""
    inner = s.inner_counts
    if inner is None:
        return "no cell is as far from the edges as the kernel reaches"
    low, high = inner
    how = f"{low} everywhere" if low == high else f"from {low} to {high}, uneven"
    return f"away from the edges: {how}"
