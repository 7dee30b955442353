"""Arrays as panels that show themselves: cells with their numbers, and what is said about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.draw.rows import row
from convlens.draw.said import read_roles
from convlens.facts.cell import times_seen
from convlens.picture.grid import need, painter
from convlens.picture.panel import MOST_NUMBERED, Panel
from convlens.picture.photo import Photo, plane_pixels
from convlens.picture.row import row as side_by_side
from convlens.picture.say import describe
from convlens.picture.shapes import Picture
from convlib.arguments import choice, refusal
from convlib.frames import Frame, Walk
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Cells", "cells", "filled", "kernel", "padded", "read_grid", "row", "windows_on_image"]

KINDS = ("values", "signed", "counts", "plain")
BOX = 430.0  # of what is drawn as pixels
ROOM = 850.0  # width of a picture without its margins
LEAST = 6.6  # width of a digit of the smallest size


class Cells(Panel):
    """A panel that shows itself as the last line of a cell."""

    def picture(self) -> Picture:
        """Draw it alone."""
        return side_by_side(self)

    def __repr__(self) -> str:
        return describe(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.picture()._repr_mimebundle_()


def cells(
    a: ArrayLike,
    *,
    kind: str = "values",
    limits: tuple[float, float] | None = None,
    numbers: bool | None = None,
    title: str = "",
    subtitle: str = "",
    index: bool = True,
    **said: Any,
) -> Cells:
    """Draw a 2-D array as cells with their numbers in them, or a 1-D array as one row.

    Parameters
    ----------
    a : array_like, (rows, columns) or (columns,)
        Masked cells stay empty.
    kind : {"values", "signed", "counts", "plain"}
        Gray, larger is lighter, or purple and green if something is negative; purple and green
        around 0, for what comes out of a kernel; blue to yellow; or no colour, for indices and
        addresses, which are no values.
    limits : (float, float), optional
        Values at the ends of the colours, so that several arrays can share them.
    numbers : bool, optional
        By default shown up to 20 cells a side, where they fit; more cells are drawn as pixels.
        True asks for them; an array with too many is then refused.
    title, subtitle : str
    index : bool
        Whether to number the rows and columns.
    **said
        What is said about cells, each with its own mark. ``window=(rows, columns)`` lays the
        window's plate behind them and ``field`` outlines them; ``ring``, ``reading`` mark one
        (row, column), ``starts`` and ``taps`` several; ``padding``, ``thrown`` (computed in vain),
        ``outside`` (never read), ``wrong`` and ``inserted`` are masks or lists of (row, column);
        ``corners`` are small numbers, such as flat indices; ``kernel=True`` lays all of it on the
        kernel's plate.

    Returns
    -------
    Cells
        Shows itself as the last line of a cell; `row` sets several side by side.

    Raises
    ------
    ValueError, TypeError
        For anything but a row or a grid of numbers, for places that it has not, and where the
        numbers asked for could not be read.

    Examples
    --------
    >>> cells([[1, 2, 3], [4, 5, 6]], title="Input x", window=([0, 1], [1, 2]))
    Input x, 2 by 3: 1 2 3; 4 5 6. Window: rows 0 to 1, columns 1 to 2.
    """
    grid = read_grid("a", a)
    choice("kind", kind, KINDS, {"kind": kind})
    shown = Cells(
        values=grid,
        title=title,
        subtitle=subtitle,
        kind=kind,
        paint=painter(np.ma.compressed(grid), kind, limits),
        index=(index and grid.shape[0] > 1, index),
        **read_roles(said, grid.shape),
    )
    small = max(grid.shape) <= MOST_NUMBERED
    if numbers and not small:
        _refuse_illegible(grid)
    if small or numbers:
        return replace(shown, numbers=numbers is not False)
    pixels = plane_pixels(filled(grid), kind, limits)
    return replace(shown, photo=Photo(pixels, (BOX, BOX)), index=(False, False))


def read_grid(name: str, a: ArrayLike) -> np.ma.MaskedArray[Any, Any]:
    """Read what is to be drawn: rows and columns of numbers, some of them perhaps masked."""
    try:
        array = a if isinstance(a, np.ma.MaskedArray) else np.ma.array(np.asarray(a))
    except ValueError:
        change = "Give every row the same length."
        raise refusal(ValueError, f"{name} is not rectangular", change, {name: a}) from None
    given = {f"{name}.shape": array.shape, f"{name}.dtype": str(array.dtype)}
    if array.dtype.kind not in "biufc":
        raise refusal(TypeError, f"{name} must hold numbers", "Convert it first.", given)
    if array.ndim not in (1, 2) or array.size == 0:
        change = "Choose one image and one channel of it, for example x[0, 0]."
        raise refusal(ValueError, f"{name} is not a row or a grid of cells", change, given)
    return array.reshape(1, -1) if array.ndim == 1 else array


def filled(grid: np.ma.MaskedArray[Any, Any]) -> Any:
    """Numbers for pixels, NaN where nothing is computed yet."""
    if not np.ma.getmaskarray(grid).any():
        return grid.data
    return np.ma.filled(grid.astype(np.result_type(grid, np.float32)), np.nan)


def _refuse_illegible(grid: np.ma.MaskedArray[Any, Any]) -> None:
    """Refuse to number more cells than a page can hold."""
    most = int(ROOM / (need(grid, 11, 1) + 11))
    if grid.shape[1] > most or grid.shape[0] > 60:
        change = f"Draw a part, such as a[:60, :{most}], or leave `numbers` out."
        given = {"a.shape": grid.shape, "numbers": True}
        raise refusal(ValueError, "so many numbers cannot be read", change, given)


def kernel(w: ArrayLike, **look: Any) -> Cells:
    """Draw a kernel as cells on its orange plate with the double outline.

    Parameters
    ----------
    w : array_like, (KH, KW) or (KW,)
    **look
        As for `cells`; rows and columns are not numbered unless ``index=True``.
    """
    return cells(w, **{"index": False, "kind": "signed", "kernel": True, **look})


def padded(drawn: Frame | Walk, *, image: int = 0, channel: int = 0, **look: Any) -> Cells:
    """Draw a padded image, its padding dashed; for a `Frame` with the window where it stands.

    Padding keeps its numbers, zeros too, since the window multiplies them like any others.

    Parameters
    ----------
    drawn : Frame or Walk
        A Frame brings its own image.
    image, channel : int
        Which one of the padded batch.
    **look
        As for `cells`.
    """
    frame = drawn if isinstance(drawn, Frame) else None
    walk = drawn if isinstance(drawn, Walk) else drawn.walk
    g = walk.geometry
    plane = walk.padded[frame.image if frame else image, channel]
    padding = g.is_padding()
    inner = plane[~padding]  # the colours are those of the image, whatever surrounds it
    if frame is not None:
        look = {"window": (frame.rows, frame.columns), **look}
    limits = None if np.iscomplexobj(inner) else (inner.min(), inner.max())
    return cells(plane, **{"padding": padding, "limits": limits, **look})


def windows_on_image(drawn: Walk | Geometry, *, title: str = "Seen by how many windows") -> Cells:
    """Draw how many windows see each cell of the padded image.

    Parameters
    ----------
    drawn : Walk or Geometry
    title : str
    """
    g = drawn.geometry if isinstance(drawn, Walk) else drawn
    if not isinstance(g, Geometry):
        raise refusal(TypeError, "not a Walk or a Geometry", "Use one.", {"drawn": drawn})
    counts = times_seen(g)
    return cells(
        counts, kind="counts", limits=(0, counts.max()), title=title, padding=g.is_padding()
    )
