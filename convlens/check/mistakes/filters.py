"""What goes wrong when the axes of filters are put into another order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.calling import Outcome
from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Filters(Made):
    """Filters, and which of their axes goes to each place."""

    w: Any
    axes: tuple[int, ...] = (2, 3, 1, 0)

    def answer(self) -> Any:
        """Move the numbers in memory."""
        return np.ascontiguousarray(self.w.transpose(self.axes))


def _not_moved(outcome: Outcome) -> bool:
    """Whether the axes are right and the numbers do not lie in their order."""
    value, right = outcome.value, outcome.arguments["w"].transpose(2, 3, 1, 0)
    if not isinstance(value, np.ndarray) or not np.array_equal(value, right):
        return False
    return not value.flags.c_contiguous


filters = Slips(Filters, Filters.answer)

filters(
    "in memory the numbers lie as before",
    "transpose changes the byte strides and moves no number, and np.copy keeps the order that it "
    "finds: ask for a contiguous array.",
    answer=lambda a: a.w.transpose(a.axes),
    shows=_not_moved,
)
filters(
    "the axes are put in order by reshape, which scatters the numbers",
    "reshape keeps the numbers in their line and cuts it elsewhere; use transpose to move an axis.",
    answer=lambda a: a.w.reshape([a.w.shape[axis] for axis in a.axes]),
)
filters(
    "the last two axes have changed places: (KH, KW, O, C)",
    "The axis that comes out stands last: channels C before filters O.",
    lambda a: a.but(axes=(2, 3, 0, 1)),
)
filters(
    "rows and columns of the kernel have changed places: (KW, KH, C, O)",
    "w.T turns all axes round; rows stay before columns.",
    lambda a: a.but(axes=(3, 2, 1, 0)),
)
filters(
    "the filters still come first: (O, KH, KW, C)",
    "Move two axes: the channels behind the columns, and the filters behind the channels.",
    lambda a: a.but(axes=(0, 2, 3, 1)),
)
filters(
    "the channels still come before the rows: (C, KH, KW, O)",
    "Move two axes: the channels behind the columns, and the filters behind the channels.",
    lambda a: a.but(axes=(1, 2, 3, 0)),
)
filters(
    "the order is read the wrong way round: transpose(3, 2, 0, 1)",
    "transpose lists, for each new axis, the old one that goes there; yours leads from channels "
    "last to channels first.",
    lambda a: a.but(axes=(3, 2, 0, 1)),
)
