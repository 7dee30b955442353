"""The explorer of measured results: choose the sizes, see bytes and time of every method."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from convlens.explore.controls import sizes
from convlens.explore.explorer import Drawing, Explorer
from convlens.scenes.results import Case, ResultsScene, Table
from convlib.arguments import refusal

__all__ = ["results"]

SIZES = ("kernel size", "channels", "image size")


def results(
    table: Table,
    *,
    at: Case | None = None,
) -> Explorer:
    """Choose kernel size, channels and image size of results that you have measured.

    Parameters
    ----------
    table : mapping of (kernel size, channels, image size) to mapping of str to (bytes, seconds)
        For each case, by method, the bytes at its peak and the seconds of each round. Every
        combination of the sizes, every method in each.
    at : (int, int, int), optional
        The case to begin with; by default the largest.

    Returns
    -------
    Explorer
        With a slider for each size that has several values. The axes are logarithmic and the same
        for all cases.

    Raises
    ------
    ValueError, TypeError
        For a table with holes, without a logarithm, or without the case `at`; for no table.

    Examples
    --------
    >>> explorer = results({(3, 1, k): {"take": (k * 100, [k * 1e-6])} for k in (8, 16)})
    >>> explorer.controls["image size"].value = 8
    >>> "take 800 B and 8 µs" in explorer.picture.label
    True
    """
    change = "Measure every combination of the sizes, and begin at one of them."
    cases = list(table) if isinstance(table, Mapping) else []
    if not cases or not all(isinstance(case, tuple) and len(case) == 3 for case in cases):
        wrong = "the table has no cases (kernel size, channels, image size)"
        kind = ValueError if isinstance(table, Mapping) else TypeError
        raise refusal(kind, wrong, change, {"table": table})
    axes = [sorted({case[k] for case in cases}) for k in range(3)]
    begin = max(cases) if at is None else at
    missing = set(product(*axes)) - set(cases)
    if missing or begin not in cases:
        given = {"at": begin, "missing": sorted(missing)}
        raise refusal(ValueError, "the table has no such case", change, given)
    scene = ResultsScene(table)

    def draw(values: dict[str, Any]) -> Drawing:
        kernel, channels, image = (values[name] for name in SIZES)
        return scene.picture((kernel, channels, image)), scene.source((kernel, channels, image))

    controls = {
        name: sizes(name, axis, first) for name, axis, first in zip(SIZES, axes, begin, strict=True)
    }
    about = f"{len(table)} cases, methods {', '.join(scene.names)}"
    caption = "The bytes of the two large arrays, counted in Python"
    return Explorer("results", controls, draw, about=about, caption=caption, play=())
