"""The failing example as a picture: what went in, what is expected, what came, the difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.answers import array_of, differs, first_difference, within_reach
from convlens.check.source import line
from convlens.palette import label
from convlens.picture.grid import painter
from convlens.picture.panel import Panel
from convlens.picture.row import row
from convlens.picture.shapes import Picture

if TYPE_CHECKING:
    from convlens.check.example import Example

__all__ = ["draw"]

SMALLEST = 16  # numbers of an input that is shown
MOST = 8  # rows and columns of a panel
WORDS = 42  # characters of a subtitle

Index = tuple[int, ...]


def draw(example: Example) -> Picture | None:
    """Draw inputs, expected, got and difference in a row; None where an array is not expected."""
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
    panels = [_panel(f"{name} expected" if name else "Expected", expected, at)]
    panels.append(_yours(f"{name} yours" if name else "Yours", got, answer, at, different))
    panels.append(_difference(expected, got, different, at))
    both = [expected] if got is None else [expected, got]
    paint = painter(np.concatenate([a.ravel() for a in both]), "signed")  # one scale for all
    answers = [replace(panel, paint=paint) for panel in panels]
    inputs, spoken = _inputs(example), _spoken(panels)
    if len(inputs) < 3:
        return row(*inputs, *answers, label=spoken)
    above, below = row(*inputs), row(*answers)
    whole = Picture(max(above.width, below.width), above.height + below.height, spoken)
    whole.add(above, 0, 0)
    whole.add(below, 0, above.height)
    return whole


def _inputs(example: Example) -> list[Panel]:
    """Show the arrays that went in, where they are small."""
    arrays = {n: v for n, v in example.arguments.items() if array_of(v) is not None}
    small = {n: np.asarray(v) for n, v in arrays.items() if np.size(v) <= SMALLEST and np.ndim(v)}
    paints = {n: painter(v.ravel(), "signed") for n, v in small.items()}
    return [replace(_panel(n, v, None), paint=paints[n]) for n, v in small.items() if v.size][:3]


def _yours(title: str, got: Any, answer: Any, at: Index | None, different: Any) -> Panel:
    """Show the reader's answer, wrong numbers boxed; or say what it is if it is no array."""
    if got is not None and got.size:
        alike = None if different is None or got.ndim < 3 else "at the same place"
        return _panel(title, got, at, wrong=different, subtitle=alike)
    said = "no answer" if answer is None else line(answer)
    return _words(title, said if len(said) <= WORDS else f"{said[: WORDS - 3]}...")


def _difference(expected: Any, got: Any, different: Any, at: Index | None) -> Panel:
    """Show the reader's answer less the right one, or say why that cannot be drawn."""
    if different is None:
        why = "nothing to compare" if got is None else "none can be drawn: the shapes differ"
        return _words("Difference", why)
    count = np.count_nonzero(different)
    if not count:
        return _words("Difference", "none: the numbers are right")
    with np.errstate(all="ignore"):
        less = np.subtract(got, expected, dtype=np.result_type(got, expected, float))
    some = "empty where both are equal" if count < different.size else "no two are equal"
    masked = np.ma.masked_array(less, ~different)
    return _panel("Yours − expected", masked, at, subtitle=some if different.size > 1 else "")


def _spoken(panels: list[Panel]) -> str:
    """Say what the picture shows, and read both answers, to a reader who cannot see it."""
    *answers, difference = panels
    said = [f"{p.title}: {_read(p)}." for p in answers]
    return " ".join([*said, f"{difference.title}: {difference.subtitle or 'a number'}."])


def _read(panel: Panel) -> str:
    """Read a panel below its title: the shape of its array, then the numbers row by row."""
    rows = "; ".join(" ".join(map(label, row)) for row in panel.values)
    return f"{panel.subtitle}, {rows}" if rows else panel.subtitle


def _words(title: str, said: str) -> Panel:
    """A title with nothing to draw below it."""
    return Panel(values=np.empty((0, 0)), title=title, subtitle=said, index=(False, False))


def _panel(
    title: str, values: Any, at: Index | None, *, wrong: Any = None, subtitle: str | None = None
) -> Panel:
    """One plane of an array, cut to what can be read around the first number that differs."""
    lead = max(values.ndim - 2, 0)
    index = at[:lead] if at is not None else tuple(n - 1 for n in values.shape[:lead])
    place = at[-2:] if at is not None and len(at) > 1 else (0, *(at or (0,)))[-2:]
    plane = np.ma.atleast_2d(values[index])
    row, column = (
        max(0, min(p - MOST // 2, n - MOST)) for p, n in zip(place, plane.shape, strict=True)
    )
    shown = Panel(
        values=plane,
        title=title,
        subtitle=_shape(values, index) if subtitle is None else subtitle,
        wrong=None if wrong is None else np.atleast_2d(wrong[index]),
        index=(values.ndim > 1, values.ndim > 0),
    )
    return shown.part((row, column), (min(MOST, plane.shape[0]), min(MOST, plane.shape[1])))


def _shape(values: Any, index: Index) -> str:
    """Name what is seen: all of an array, or which part of it."""
    if values.ndim > 2:
        return f"{list(index)} of {values.shape}"
    shape = f"shape {values.shape}" if values.ndim else "a number"
    return f"a part of {shape}" if max(values.shape, default=0) > MOST else shape
