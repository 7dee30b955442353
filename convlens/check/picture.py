"""The failing example as a picture: what is expected, what came, and where they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.answers import array_of, differs, first_difference, within_reach
from convlens.check.source import line
from convlens.picture import marks
from convlens.picture.grid import Grid, axis, painter, tiles
from convlens.picture.shapes import Picture

if TYPE_CHECKING:
    from convlens.check.example import Example

__all__ = ["draw"]

MOST = 8  # rows and columns of a panel
PANEL, TOP = 290.0, 74.0
PITCH = 34.0
WORDS = 42  # characters of a subtitle

Index = tuple[int, ...]


def draw(example: Example) -> Picture | None:
    """Draw expected, got and difference side by side; None where an array is not expected."""
    name, wanted, answer = example.pair()
    expected = array_of(wanted)
    got = array_of(answer) if within_reach(answer) else None
    if expected is None or expected.size == 0:
        return None
    if expected.dtype.kind == "b" and not expected.ndim:
        return None  # True and False are words
    comparable = got is not None and got.shape == expected.shape
    different = differs(got, expected) if got is not None and comparable else None
    at = None if got is None else first_difference(got, expected)
    panels = [_Panel(f"{name} expected" if name else "Expected", expected, at)]
    panels.append(_yours(f"{name} yours" if name else "Yours", got, answer, at, different))
    panels.append(_difference(expected, got, different, at))
    p = Picture(900, max(panel.height for panel in panels), _spoken(panels))
    both = [expected] if got is None else [expected, got]
    paint = painter(np.concatenate([a.ravel() for a in both]), diverging=True)
    for k, panel in enumerate(panels):
        panel.draw(p, marks.LEFT + k * PANEL, paint)
    return p


def _yours(title: str, got: Any, answer: Any, at: Index | None, different: Any) -> _Panel:
    """Draw the reader's answer, or say what it is if it is nothing to draw."""
    if got is not None and got.size:
        return _Panel(title, got, at, bold=different)
    said = "no answer" if answer is None else line(answer)
    return _Panel(title, subtitle=said if len(said) <= WORDS else f"{said[: WORDS - 3]}...")


def _difference(expected: Any, got: Any, different: Any, at: Index | None) -> _Panel:
    """Draw the reader's answer less the right one, or say why that cannot be drawn."""
    if different is None:
        why = "nothing to compare" if got is None else "none can be drawn: the shapes differ"
        return _Panel("Difference", subtitle=why)
    count = np.count_nonzero(different)
    if not count:
        return _Panel("Difference", subtitle="none: the numbers are right")
    with np.errstate(all="ignore"):
        less = np.subtract(got, expected, dtype=np.result_type(got, expected, float))
    some = "empty where both are equal" if count < different.size else "no two are equal"
    masked = np.ma.masked_array(less, ~different)
    words = some if different.size > 1 else ""
    return _Panel("Yours − expected", masked, at, subtitle=words)


def _spoken(panels: list[_Panel]) -> str:
    """Say what the picture shows to a reader who cannot see it."""
    return " ".join(f"{p.title}: {p.subtitle or 'a number'}." for p in panels)


class _Panel:
    """One plane of an array, cut to what can be read, under its title; or the title alone."""

    def __init__(
        self,
        title: str,
        values: Any = None,
        at: Index | None = None,
        *,
        bold: Any = None,
        subtitle: str | None = None,
    ) -> None:
        self.title, self.plane, self.bold = title, None, None
        if values is None:
            self.subtitle, self.height = subtitle or "", TOP
            return
        self.dimensions = values.ndim
        self.index = self._index(values, at)
        self.subtitle = self._shape(values) if subtitle is None else subtitle
        place = at[-2:] if at is not None and len(at) > 1 else (0, *(at or (0,)))[-2:]
        plane = np.ma.atleast_2d(values[self.index])
        self.first = tuple(
            max(0, min(p - MOST // 2, n - MOST)) for p, n in zip(place, plane.shape, strict=True)
        )
        window = tuple(slice(f, f + MOST) for f in self.first)
        self.plane = plane[window]
        if bold is not None:
            self.bold = np.atleast_2d(bold[self.index])[window]
        self.height = TOP + self.plane.shape[0] * PITCH + 8

    def _index(self, values: Any, at: Index | None) -> Index:
        """Choose the plane with the first number that differs, or the last of all."""
        lead = max(values.ndim - 2, 0)
        return at[:lead] if at is not None else tuple(n - 1 for n in values.shape[:lead])

    def _shape(self, values: Any) -> str:
        """Name what is seen: all of an array, or which part of it."""
        shape = f"shape {values.shape}" if values.ndim else "a number"
        if values.ndim > 2:
            return f"plane {list(self.index)} of {shape}"
        return f"a part of {shape}" if max(values.shape, default=0) > MOST else shape

    def draw(self, p: Picture, x: float, paint: Any) -> None:
        """Draw the panel with its left edge at `x`."""
        marks.heading(p, x, self.title, self.subtitle)
        if self.plane is None:
            return
        rows, columns = self.plane.shape
        pitch = min((PANEL - 40) / columns, 52.0)
        grid = Grid(x + 22, TOP, rows, columns, (pitch, PITCH), 4)
        if self.dimensions:
            numbered = grid if self.dimensions > 1 else replace(grid, rows=0)
            axis(p, numbered, first=(self.first[0], self.first[1]))
        tiles(p, grid, self.plane, paint, size=13, bold=self.bold)
