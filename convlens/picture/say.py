"""Panels in words, for readers who do not see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convlens.palette import label
from convlens.picture.scale import finite_range
from convlens.words import by, listed

if TYPE_CHECKING:
    from convlens.picture.panel import Panel

__all__ = ["describe"]

MOST_READ = 100  # numbers that can be listened to; of more, the range


def describe(panel: Panel) -> str:
    """Name an array, read its numbers, and say what is marked.

    >>> from convlens.picture.panel import Panel
    >>> describe(Panel(values=np.array([[1, 2], [3, 4]]), title="Input x", ring=(0, 1)))
    'Input x, 2 by 2: 1 2; 3 4. Ringed: (0, 1).'
    """
    name, (rows, columns) = panel.title.rstrip(".") or "An array", panel.shape
    size = f"{name}, {by(panel.shape)}" if rows > 1 else f"{name}, {columns} in a row"
    if panel.sparse:
        filled = np.ma.count(panel.values)
        return " ".join([f"{size}, {filled} numbers not zero.", *_marks(panel)])
    if rows * columns > MOST_READ:
        low, high = finite_range(panel.values)
        return " ".join([f"{size}, from {label(low)} to {label(high)}.", *_marks(panel)])
    hidden = np.ma.getmaskarray(panel.values)
    if panel.outside is not None:
        hidden = hidden | panel.outside
    lines = [
        " ".join("empty" if h else label(v) for v, h in zip(line, hide, strict=True))
        for line, hide in zip(np.ma.getdata(panel.values), hidden, strict=True)
    ]
    return " ".join([f"{size}: {'; '.join(lines)}.", *_marks(panel)])


def _marks(panel: Panel) -> list[str]:
    """Say which cells are in the window and which is ringed."""
    said = []
    for name, places in (("Window", panel.window), ("Field", panel.field)):
        if places and all(len(k) for k in places):
            rows, columns = map(listed, places)
            said.append(f"{name}: rows {rows}, columns {columns}.")
    if panel.ring:
        said.append(f"Ringed: {panel.ring}.")
    if panel.around:
        said.append(_line(panel))
    return said


def _line(panel: Panel) -> str:
    """Name a ringed row or column, and read its weights."""
    rows, columns = panel.around or ((), ())
    name = f"Row {rows[0]}" if len(rows) == 1 else f"Column {columns[0]}"
    numbers = [
        f"{label(panel.values[r, c])} at {c if len(rows) == 1 else r}" for r, c in panel.taps[:12]
    ]
    return f"{name} is ringed: {', '.join(numbers) or 'all zeros'}."
