"""Pictures that stand still of what the explorers move: a matrix, a receptive field, gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.draw.panels import Cells, cells
from convlens.facts.traces import Stack
from convlens.facts.way_back import Return, WayBack
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.photo import Photo, plane_pixels
from convlens.picture.shapes import Picture
from convlens.scenes.receptive import ReceptiveFieldScene
from convlens.scenes.way_back import WayBackScene
from convlens.scenes.weights import weights
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convlib.arguments import Pair

__all__ = ["input_gradient", "kernel_gradient", "matrix", "receptive_field"]

MOST_NUMBERED, MOST = 48, 4096  # cells a side: with their numbers; as pixels


def matrix(
    a: ArrayLike,
    *,
    blocks: tuple[int, int] | None = None,
    row: int | None = None,
    column: int | None = None,
    title: str = "",
    subtitle: str = "",
) -> Cells:
    """Draw a sparse matrix: numbers where it is not zero, and one row or column picked out.

    Parameters
    ----------
    a : array_like, (rows, columns)
        Zeros are left empty. Beyond 48 rows or columns it is drawn as pixels; 4096 a side at most.
    blocks : (int, int), optional
        Rows and columns of a block; thin lines part the blocks. For the matrix of a convolution
        (OW, W): a block is what one row of the image adds to one row of the output.
    row, column : int, optional
        The row or the column of one output position: it is ringed, its weights are orange.
    title, subtitle : str

    Raises
    ------
    ValueError, TypeError
        For anything but a grid of numbers, or one too large; a row, a column or blocks that it has
        not.

    Examples
    --------
    >>> matrix([[1, 2, 0], [0, 1, 2]], row=1, title="A")
    A, 2 by 3, 4 numbers not zero. Row 1 is ringed: 1 at 1, 2 at 2.
    """
    given = {"a.shape": np.shape(a), "blocks": blocks, "row": row, "column": column}
    if max(np.shape(a), default=0) > MOST:
        change = f"Draw a part, such as a[:{MOST_NUMBERED}, :{MOST_NUMBERED}]."
        raise refusal(ValueError, f"more than {MOST} cells a side cannot be seen", change, given)
    shown = cells(a, kind="signed", title=title, subtitle=subtitle)
    sparse = np.ma.masked_equal(shown.values, 0)
    _check(shown.shape, blocks, (row, column), given)
    panel = weights(sparse, blocks=blocks, row=row, column=column)
    photo = None
    if max(shown.shape) > MOST_NUMBERED:
        pixels = plane_pixels(np.ma.filled(shown.values, 0), "signed")
        photo = Photo(pixels, (RIGHT - LEFT - 6, 620), exact=True)
    said = {name: getattr(panel, name) for name in ("values", "blocks", "sparse", "taps", "around")}
    look: dict[str, Any] = {"title": title, "subtitle": subtitle, "paint": shown.paint}
    return Cells(**said, **look, photo=photo)


def _check(
    shape: Pair, blocks: Pair | None, picked: tuple[int | None, int | None], given: dict[str, Any]
) -> None:
    """Refuse places that the matrix does not have."""
    if None not in picked:
        raise refusal(ValueError, "a row and a column", "Pick out one of them.", given)
    for size, block in zip(shape, blocks or (1, 1), strict=True):
        if block < 1 or size % block:
            change = "Use sizes that divide those of the matrix, (OW, W) for a convolution."
            raise refusal(ValueError, "the blocks do not fill the matrix", change, given)
    for name, size, k in zip(("row", "column"), shape, picked, strict=True):
        if k is not None and not 0 <= k < size:
            raise refusal(ValueError, f"no such {name}", f"Use 0 to {size - 1}.", given)


def receptive_field(layers: Sequence[Any], input_size: int | Pair, cell: Pair) -> Picture:
    """Draw what a cell on top of a stack of layers sees of each layer, down to the input.

    Parameters
    ----------
    layers : sequence of tuples (kernel_size, stride, padding, dilation)
        As in `convlib.receptive_field`.
    input_size : int or (row, column)
    cell : (int, int)
        Row and column of the deep cell: it has the ring. What it sees is outlined, and each cell
        says in how many ways it is reached; padding is dashed.

    Examples
    --------
    >>> picture = receptive_field([(3, 1, 1), (2, 2)], (6, 8), (1, 2))
    >>> "It sees of layer 1, 6 by 8: rows 2 to 3; columns 4 to 5." in picture.label
    True
    """
    stack = Stack(layers, input_size)
    stack.trace(cell)  # refuses a cell that does not exist
    picture = ReceptiveFieldScene(stack).picture(cell, len(stack.layers))
    return replace(picture, label=picture.label.removeprefix("Receptive-field explorer. "))


def input_gradient(back: WayBack, product: Return, *, so_far: bool = False) -> Picture:
    """Draw what one output cell sends back: output gradient, kernel, products, dx.

    Parameters
    ----------
    back : WayBack
    product : Return
        From ``back.at(row, column, tap=(u, v))``.
    so_far : bool
        Show dx as the cells up to this one have made it, rather than all of it.

    Examples
    --------
    >>> back = WayBack([[1, 2, 4]], [[1, 10, 100, 1000]], [[10, 1]])
    >>> "Input gradient dx, 4 in a row: 10 21 42 4." in input_gradient(back, back.at(0, 1)).label
    True
    """
    return WayBackScene(back, ("x",)).picture(product, so_far=so_far)


def kernel_gradient(back: WayBack, product: Return) -> Picture:
    """Draw all that one weight met: the pixels, the output gradient, their products, dw.

    Parameters
    ----------
    back : WayBack
    product : Return
        From ``back.at(row, column, tap=(u, v))``: a ring shows this cell's part of the sum.
    """
    return WayBackScene(back, ("w",)).picture(product, so_far=False)
