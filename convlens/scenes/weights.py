"""The matrix of a convolution as a panel: a row for each window, a column for each pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture.panel import Panel

if TYPE_CHECKING:
    from convlens.picture.panel import Cell, Places

__all__ = ["weights"]


def weights(
    a: Any, *, blocks: Cell | None = None, row: int | None = None, column: int | None = None
) -> Panel:
    """Show a sparse matrix, its zeros masked, with one row or one column ringed.

    The weights of that row or column lie on plates of the kernel.

    >>> a = np.ma.masked_equal([[1, 2, 0], [0, 1, 2]], 0)
    >>> weights(a, row=1).taps, weights(a, column=1).around
    ([(1, 1), (1, 2)], (range(0, 2), [1]))
    """
    filled, (rows, columns) = ~np.ma.getmaskarray(a), map(range, a.shape)
    picked: Places | None = None
    if row is not None:
        picked = [row], columns
    elif column is not None:
        picked = rows, [column]
    taps = []
    if picked is not None:
        taps = [(r, c) for r in picked[0] for c in picked[1] if filled[r, c]]
    return Panel(values=a, kind="signed", blocks=blocks, sparse=True, taps=taps, around=picked)
