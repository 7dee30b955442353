"""The updates explorer's picture: one added through overlapping windows, in NumPy's two ways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlens.palette import label
from convlens.picture.grid import painter
from convlens.picture.marks import LEFT
from convlens.picture.panel import HEAD, Panel
from convlens.picture.roles import linked
from convlens.picture.row import place, signs
from convlens.picture.shapes import Picture
from convlens.scenes.story import arithmetic
from convlens.words import by
from convlib import index_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line
    from convlib.geometry import Geometry

__all__ = ["MOST_ROWS", "UpdatesScene"]

MOST_ROWS = 4  # of the image
APART, ROOM = 44.0, 247.0  # from an image to what it has grown by; for an addition
NAMES = "view += 1", "np.add.at"


class UpdatesScene:
    """Draws the image after any number of writes; both ways are gone once, write by write.

    Parameters
    ----------
    x : ndarray, (H, W)
    g : Geometry
        Of one plane, with stride 1.
    """

    def __init__(self, x: NDArray[Any], g: Geometry) -> None:
        self.x, self.g = x, g
        self.grid = index_grid.grid(g)
        self.hidden, written = _by_view(x, g)
        self.after = written, _one_by_one(x, self.grid)
        self._most = int(np.bincount(self.grid.ravel()).max())
        self._paint = painter(np.stack([x, self.after[1][-1]]))
        self._grids, self._size, self.legible = place(self._panels(0))

    @property
    def writes(self) -> int:
        """How many numbers all windows show together."""
        return self.grid.size

    def place(self, write: int) -> tuple[int, ...]:
        """Window row and column, tap row and column of a write, counted from 1."""
        return tuple(int(k) for k in np.unravel_index(max(write - 1, 0), self.hidden.shape))

    def cell(self, write: int) -> tuple[int, int]:
        """The pixel of a write."""
        i, j, u, v = self.place(write)
        return i + u, j + v

    def picture(self, write: int) -> Picture:
        """Draw both images after so many writes."""
        panels = self._panels(write)
        low = self._grids[1].bottom + APART
        line = low + self._grids[1].height + 34
        p = Picture(900, line + 38, self._label(write))
        for panel, grid in zip(panels, self._grids, strict=True):
            panel.draw(p, grid, self._size, HEAD)
        signs(p, panels, self._grids)
        for k, grid in enumerate(self._grids[1:]):
            self._grown(k, write).draw(p, replace(grid, y=low), self._size, 16)
            left = min(grid.x, self._grids[2].x - ROOM) if k == 0 else grid.x
            self._told(p, k, write, max(left, LEFT), line)
        return p

    def source(self, write: int) -> list[Line]:
        """Write the lines that make this write; those before it have been made."""
        read = f"   # reads all {self.writes} numbers of the view, writes none"
        lines: list[Line] = [[("hidden = view + 1", ""), (read, "comment")]]
        if write:
            at, flat = list(self.place(write)), int(self.grid.ravel()[write - 1])
            view, add = (f"   # {' + 1 = '.join(pair)}" for pair in self._sums(write))
            lines.append([(f"view{at}", "window"), (f" = hidden{at}", ""), (view, "comment")])
            lines.append([(f"np.add.at(total.reshape(-1), {flat}, 1)", ""), (add, "comment")])
        return lines

    # -- panels ----------------------------------------------------------------------------------

    def _panels(self, write: int) -> list[Panel]:
        """What is written for one window, and both images."""
        i, j, u, v = self.place(write)
        taps = self.grid[i * self.hidden.shape[1] + j].reshape(self.g.kernel_size)
        copy = Panel(
            title="To be written",
            subtitle=f"view + 1, window ({i}, {j})",
            longest=f"view + 1, window {self.hidden.shape[:2]}",
            values=self.hidden[i, j],
            paint=self._paint,
            reading=(u, v) if write else None,
            index=(False, False),
            widest=self.after[1][-1],
            links=linked("x", taps),
        )
        return [copy, self._image(0, write, "write"), self._image(1, write, "")]

    def _image(self, k: int, write: int, before: str) -> Panel:
        """An image so far, the window of the present write on it."""
        i, j, *_ = self.place(write)
        kh, kw = self.g.kernel_size
        thing = ("write", "addition")[k]
        return Panel(
            title=NAMES[k],
            subtitle=f"{thing} {write} of {self.writes}",
            longest=f"{thing} {self.writes} of {self.writes}",
            values=self.after[k][write],
            paint=self._paint,
            window=(range(i, i + kh), range(j, j + kw)) if write else None,
            before=before,
            **self._kept(write),
        )

    def _grown(self, k: int, write: int) -> Panel:
        """What each pixel has got so far."""
        return Panel(
            title=("Grown by", "Grown by ")[k],  # panels are told apart by their titles
            values=self.after[k][write] - self.x,
            paint=painter([0, self._most], "counts"),
            index=(True, False),
            **self._kept(write),
        )

    def _kept(self, write: int) -> dict[str, Any]:
        """What all panels of the image have in common."""
        links = linked("x", np.arange(self.x.size).reshape(self.x.shape))
        reading = self.cell(write) if write else None
        return {"reading": reading, "widest": self.after[1][-1], "links": links}

    # -- words -----------------------------------------------------------------------------------

    def _sums(self, write: int) -> list[tuple[str, str]]:
        """For both ways, the number that was read and the number that was written."""
        cell, (view, add) = self.cell(write), self.after
        pairs = (self.x, view[write]), (add[write - 1], add[write])
        return [(label(read[cell]), label(written[cell])) for read, written in pairs]

    def _told(self, p: Picture, k: int, write: int, x: float, y: float) -> None:
        """Write the addition out, and when its number was read."""
        if not write:
            said = ("all read, none written", "nothing read yet")[k]
            p.text(x, y + 5, said, 13, opacity=0.72)
            return
        row, column = self.cell(write)
        read, result = self._sums(write)[k]
        cell = f"{('x', 'total')[k]}[{row}, {column}] = "
        pieces = [(cell, ""), (read, "window"), (f" + 1 = {result}", "")]
        arithmetic(p, x, y, pieces, 14)
        when = ("before the first write", "just now")[k]
        p.text(x, y + 26, f"{read} was read {when}", 12, opacity=0.72)

    def _label(self, write: int) -> str:
        """The text alternative."""
        said = f"Updates explorer. Image {by(self.x.shape)}, windows {by(self.g.kernel_size)}. "
        said += f"Write {write} of {self.writes}"
        if write:
            (i, j, u, v), (row, column) = self.place(write), self.cell(write)
            view, add = map(" + 1 = ".join, self._sums(write))
            said += f": window ({i}, {j}), tap ({u}, {v}), pixel [{row}, {column}]. By the view "
            said += f"{view}, by np.add.at {add}"
        for name, after in zip(("the view", "np.add.at"), self.after, strict=True):
            grown = "; ".join(" ".join(map(label, line)) for line in after[write] - self.x)
            said += f". Grown by, {name}: {grown}"
        return said + "."


def _by_view(x: NDArray[Any], g: Geometry) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """Do what NumPy does for `view += 1`: add into a copy, then write that back in order."""
    image = x.copy()
    view = sliding_window_view(image, g.kernel_size, writeable=True)
    hidden, found = view + 1, [x]
    for index in np.ndindex(view.shape):
        view[index] = hidden[index]
        found.append(image.copy())
    return hidden, found


def _one_by_one(x: NDArray[Any], grid: NDArray[np.intp]) -> list[NDArray[Any]]:
    """Add at one flat index after the other, in the order of the same writes."""
    image, found = np.array(x, order="C"), [x]
    one = x.dtype.type(1)  # with a plain 1, NumPy would add to uint64 by way of doubles
    for flat in grid.flat:
        np.add.at(image.reshape(-1), flat, one)
        found.append(image.copy())
    return found
