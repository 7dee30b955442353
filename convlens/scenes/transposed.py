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
from convlens.picture.roles import linked
from convlens.picture.row import place
from convlens.picture.shapes import Picture
from convlens.scenes.fits import crop, longest, low, near, products
from convlens.scenes.weights import weights
from convlens.words import by, counted, times

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convlens.picture.code import Line

__all__ = ["TransposedScene"]

TOP = HEAD + 22
MOST_INPUT = (6, 7)  # cells of x shown at once
MOST_ROWS, HIGH = 28, 220.0  # of x, the kernel and their product, and their height
WIDE, BETWEEN = 270.0, 40.0  # room for these, and to what stands right of them
OUTPUT = (170.0, 318.0)  # height of y, with the matrix below it and without
MOST_NUMBERS, MOST_COLUMNS = 30, 270  # of x, of its matrix: beyond, it is not drawn
NUMBERS, TALL, MATRIX = 22.0, 10.0, 100.0  # of the matrix: room for row numbers; cells; height


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
        self._matrix = x.size <= MOST_NUMBERS and np.prod(full.size) <= MOST_COLUMNS
        self._place_left(full)
        self._place_right(full)
        matrix = 84 + min(TALL * x.size, MATRIX) if self._matrix else 36
        self._height = max(self._left[-1].bottom + 16, self._right[0].bottom + matrix)

    def _place_left(self, full: Spread) -> None:
        """Stand x, the kernel and their product one under the other."""
        rows, right = min(MOST_INPUT[0], MOST_ROWS - 2 * self.w.shape[0]), LEFT + WIDE
        most = {"x": min(MOST_INPUT[1], self.x.shape[1])}
        most = crop(most, lambda most: [[self._input(full, (rows, most["x"]))]], right=right)
        self._most = rows, most["x"]
        panels = self._above(full, self._of_w)
        tall = min(max(HIGH // sum(panel.shape[0] for panel in panels), 11.0), 20.0)
        placed = [place([panel], right=right) for panel in panels]
        self._size = max(min(tall - 3, *(size for _, size, _ in placed)), 11)
        x, *two = (grids[0] for grids, *_ in placed)
        wide, self._left = max(grid.pitch[0] for grid in two), [low(x, max(tall, 16.0))]
        for panel, grid in zip(panels[1:], two, strict=True):
            y = self._left[-1].bottom + 26 + panel.head
            self._left.append(replace(low(grid, tall), y=y, pitch=(wide, tall)))
        ends = [grid.right for grid in self._left] + [LEFT + p.title_width - 8 for p in panels]
        self._aside = round(max(ends) + BETWEEN)

    def _place_right(self, full: Spread) -> None:
        """Stand the output beside them, and how often it is reached."""
        high, room = OUTPUT[not self._matrix], {"left": self._aside, "top": TOP}
        rows = min(full.size[0], max(int(high // 17), self.w.shape[0] + 2))
        cut = crop({"y": full.size[1]}, lambda most: [self._below(full, (rows, most["y"]))], **room)
        self._shown = rows, max(cut["y"], self.w.shape[1])
        grids, self._finer, _ = place(self._below(full, self._shown), **room)
        tall = min(max(high // rows, 11.0), 22.0)
        self._right = [low(grid, tall) for grid in grids]
        self._finer = max(min(self._finer, tall - 3), 11)

    def picture(self, s: Spread) -> Picture:
        """Draw one setting."""
        below = self._below(s, self._shown)
        first, block = below[0].first, below[0].values
        corner = block[s.start[0] - first[0], s.start[1] - first[1]]
        p = Picture(900, self._height, self._label(s, corner))
        paint = painter(np.concatenate([block.ravel(), s.products.ravel()]), kind="signed")
        above, below[0] = self._above(s, paint), replace(below[0], paint=paint)
        for panel, grid in zip(above + below, self._left + self._right, strict=True):
            rows, columns = panel.shape
            size = self._size if grid.x == LEFT else self._finer
            panel.draw(p, replace(grid, rows=rows, columns=columns), size, panel.head)
            p.text(LEFT - 18, grid.y + 15, panel.before, 18, anchor="middle", opacity=0.72)
        if s.ends[0] < s.ends[1]:
            counts = painter(s.ends, "counts")
            x, y = self._right[1].corner(below[1].shape[0], 0)
            marks.scale(p, x, y + 12, counts, s.ends, "time")
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
            [(window, "window"), (f"   # where x[{i}, {j}] is added", "comment")],
        ]

    def _input(self, s: Spread, most: Cell) -> Panel:
        """The number that is spread, among its neighbours."""
        look: dict[str, Any] = {"paint": self._of_x, "widest": self._widest["x"], "ring": s.at}
        look |= {"links": _cells("x", s.x.shape), "go": (("row", 0, 1), ("column", 0, 1))}
        x = Panel(values=s.x, title="Input x", subtitle=times(s.x.shape), **look)
        return x.part(*near(s.at, s.x.shape, most))

    def _above(self, s: Spread, paint: Callable[[Any], str]) -> list[Panel]:
        """The number that is spread, the kernel, and what the one adds by the other."""
        (i, j), size, whole = s.at, times(s.w.shape), times(self.w.shape)
        size += "" if size == whole else f" of {whole}"
        look: dict[str, Any] = {"longest": f"{whole} of {whole}", "widest": self._widest["w"]}
        look |= {"paint": self._of_w, "kernel": True, "before": "×", "index": (False, False)}
        weights = {"links": _cells("w", s.w.shape)}
        w = Panel(values=s.w, title="Kernel w", subtitle=size, **look | weights)
        look = {**weights, "paint": paint, "widest": self._widest["x × w"], "index": (False, False)}
        look |= {"subtitle": "added to y’s window", "before": "="}
        added = Panel(values=s.products, title=f"x[{i}, {j}] × w", **look)
        return [self._input(s, self._most), w, added]

    def _below(self, s: Spread, most: Cell) -> list[Panel]:
        """The output, or its part around the window; and how many numbers fall on each cell."""
        middle = s.start[0] + s.w.shape[0] // 2, s.start[1] + s.w.shape[1] // 2
        first, shape = near(middle, s.size, most)
        seen = s.times(first, shape)
        rows, columns = (range(a, a + n) for a, n in zip(s.start, s.w.shape, strict=True))
        axes = zip(s.x.shape, s.stride, s.w.shape, strict=True)
        told = " × ".join(f"({n}−1)·{step}+{k}" for n, step, k in axes)
        look: dict[str, Any] = {"first": first, "window": (rows, columns)}
        down, right = (np.arange(k, k + n) for k, n in zip(first, shape, strict=True))
        look["links"] = linked("y", down[:, None] * s.size[1] + right)
        y = Panel(
            values=s.part(first, shape),
            title="Output y",
            subtitle=f"{times(s.size)} = {told}",
            inserted=seen == 0,
            widest=self._widest["y"],
            **look,
        )
        counts = Panel(
            values=seen,
            title="How often each cell is written",
            subtitle=_evenness(s),
            longest="away from edges: 12 to 144, uneven",
            paint=painter(s.ends, "counts"),
            widest=s.ends,
            **look,
        )
        return [y, counts]

    def _strip(self, p: Picture, s: Spread) -> None:
        """The matrix of the convolution from y to x, whose transpose this is."""
        (i, j), (rows, columns) = s.at, s.matrix.shape
        title = f"Matrix A of the convolution, {rows} × {columns}: y.ravel() = A.T @ x.ravel()"
        subtitle = f"row {i}·{s.x.shape[1]} + {j} = {s.number} is where x[{i}, {j}] is added; "
        subtitle += "lines part the rows of x and of y"
        y, left = self._right[0].bottom + 44, self._aside
        marks.heading(p, left, title, subtitle, y)
        pitch = min(TALL, (RIGHT - left - NUMBERS) / columns), min(TALL, MATRIX / rows)
        apart = 2.0 if min(pitch) >= 6 else 1.0 if min(pitch) > 3 else 0.0
        grid = Grid(left + NUMBERS, y + 28, rows, columns, pitch, apart)
        p.note("panel", *grid.span(0, 0, rows, columns), title="Matrix A")
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


def _cells(name: str, shape: tuple[int, ...]) -> Any:
    return linked(name, np.arange(np.prod(shape)).reshape(shape))


def _evenness(s: Spread) -> str:
    """Say whether all cells away from the edges are reached equally often."""
    inner = s.inner_counts
    if inner is None:
        return "no cell is away from edges"
    least, most = inner
    how = f"{least} everywhere" if least == most else f"{least} to {most}, uneven"
    return f"away from edges: {how}"
