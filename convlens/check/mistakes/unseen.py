"""What goes wrong when the rows are listed that no window touches."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from convlens.check.mistakes.rule import Axis, axis
from convlens.check.mistakes.shared import undilated, unstrided
from convlens.check.slips import Slips


def _rest(a: Axis, rows: Iterable[int]) -> list[int]:
    """List the rows under no tap; those of the image begin after the padding."""
    seen = np.add.outer(a.starts, a.offsets) - a.padding
    return sorted(set(rows) - set(seen.ravel().tolist()))


def _over(a: Axis) -> int:
    """Find the first row after all windows."""
    return int(a.starts[-1]) + a.extent - a.padding


unseen = Slips(axis, lambda a: _rest(a, range(a.size)))
unseen(
    "the rows that are seen are listed",
    "Take these away from all rows: set(range(size)) - seen.",
    shape=lambda y, a: sorted(set(range(a.size)) - set(y)),
)
unseen(
    "only the rows left over at the end are listed",
    "A stride longer than the window, or a dilation, leaves rows out before the end too.",
    shape=lambda y, a: [r for r in y if r >= _over(a)],
)
unseen(
    "the rows left over at the end are missing",
    "Go through all rows of the image, to the last: the division may leave a remainder.",
    shape=lambda y, a: [r for r in y if r < _over(a)],
)
unseen(
    "the gaps between the taps of a dilated window are taken for seen",
    "Only taps see: they lie at start + u*dilation, and nothing between them does.",
    lambda a: a.but(taps=a.extent, spread=1),
)
unseen("the dilation is ignored", "Tap u lies at start + u*dilation.", undilated)
unseen(
    "the stride is ignored",
    "The windows start at 0, stride, 2*stride and so on: let range take such steps.",
    unstrided,
)
unseen(
    "the padding is ignored",
    "The first window starts in the padding, above row 0 of the image.",
    lambda a: a.but(padding=0),
)
unseen(
    "the rows are counted from the first cell of the padding",
    "Row 0 of the image comes after the padding: subtract the padding from where a tap lies.",
    lambda a: a.but(begin=a.begin + a.padding),
)
unseen(
    "the padding is listed too",
    "Only rows of the image count: 0 to size - 1, after the padding is subtracted.",
    lambda a: a.but(size=a.size + 2 * a.padding, padding=0),
)
unseen(
    "the last window is missing",
    "Where range ends: the last start is the padded size minus the extent, and belongs to it.",
    lambda a: a.but(one=a.one + 1),
)
unseen(
    "windows that hang over the end are counted",
    "Such a window is never made: a start counts only where the last tap has a cell too.",
    lambda a: a.but(gaps=0),
)
unseen(
    "the padding is added to the rows, not subtracted",
    "Row 0 of the image comes after the padding: subtract the padding from where a tap lies.",
    lambda a: a.but(begin=a.begin + 2 * a.padding),
)
unseen(
    "only the first tap of each window is taken to see",
    "Every tap sees a row: those at start + u*dilation for all u below K.",
    lambda a: a.but(taps=1),
)
unseen(
    "the rows of the padding are listed too, with numbers below 0 or beyond the image",
    "Only rows of the image count: 0 to size - 1.",
    answer=lambda a: _rest(a, range(-a.padding, a.size + a.padding)),
)
unseen(
    "the taps of a dilated window are taken to stand side by side",
    "Tap u lies at start + u*dilation, not at start + u.",
    lambda a: a.but(spread=1),
)
