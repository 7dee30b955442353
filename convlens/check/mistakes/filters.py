"""What goes wrong when the axes of filters are put into another order."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.calling import Outcome
from convlens.check.task import mistake, observed


def _not_moved(outcome: Outcome) -> bool:
    """Whether the axes are right and the numbers do not lie in their order."""
    value, right = outcome.value, outcome.arguments["w"].transpose(2, 3, 1, 0)
    if not isinstance(value, np.ndarray) or not np.array_equal(value, right):
        return False
    return not value.flags.c_contiguous


@observed(
    "in memory the numbers lie as before",
    "transpose changes the byte strides and moves no number, and np.copy keeps the order that it "
    "finds: ask for a contiguous array.",
    _not_moved,
)
def not_contiguous(w: Any) -> Any:
    return w.transpose(2, 3, 1, 0)


@mistake(
    "the axes are put in order by reshape, which scatters the numbers",
    "reshape keeps the numbers in their line and cuts it elsewhere; use transpose to move an axis.",
)
def reshaped(w: Any) -> Any:
    filters, channels, rows, columns = w.shape
    return w.reshape(rows, columns, channels, filters)


@mistake(
    "the last two axes have changed places: (KH, KW, O, C)",
    "The axis that comes out stands last: channels C before filters O.",
)
def filters_before_channels(w: Any) -> Any:
    return np.ascontiguousarray(w.transpose(2, 3, 0, 1))


@mistake(
    "rows and columns of the kernel have changed places: (KW, KH, C, O)",
    "w.T turns all axes round; rows stay before columns.",
)
def all_axes_turned(w: Any) -> Any:
    return np.ascontiguousarray(w.T)


@mistake(
    "the filters still come first: (O, KH, KW, C)",
    "Move two axes: the channels behind the columns, and the filters behind the channels.",
)
def filters_left_first(w: Any) -> Any:
    return np.ascontiguousarray(w.transpose(0, 2, 3, 1))


@mistake(
    "the channels still come before the rows: (C, KH, KW, O)",
    "Move two axes: the channels behind the columns, and the filters behind the channels.",
)
def channels_left_first(w: Any) -> Any:
    return np.ascontiguousarray(w.transpose(1, 2, 3, 0))


@mistake(
    "the order is read the wrong way round: transpose(3, 2, 0, 1)",
    "transpose lists, for each new axis, the old one that goes there; yours leads from channels "
    "last to channels first.",
)
def read_the_wrong_way_round(w: Any) -> Any:
    return np.ascontiguousarray(w.transpose(3, 2, 0, 1))
