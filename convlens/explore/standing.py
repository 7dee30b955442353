"""An explorer for a page without Python: every picture is sent, or fewer of too many."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from convlens.explore.states import Table

if TYPE_CHECKING:
    from convlens.explore.space import Jump, Kept, Space, Values

__all__ = ["standing"]

MOST = 600  # settings of one explorer


def standing(explorer: Any) -> dict[str, Any]:
    """Draw all of an Explorer that a page can show by itself, and say what it leaves out.

    >>> from convlens import explore
    >>> bundle = standing(explore.window([[1, 2, 3]], [[1, 1]]))
    >>> len(bundle["ahead"]["states"]), bundle["panel"]["note"]
    (2, '')
    """
    space, at = explorer.space, explorer.values()
    bundle = {"state": explorer.state, "still": explorer.still, "ahead": {}}
    if explorer.live is not None:
        return {**bundle, "panel": {**explorer.panel, "note": ""}, "live": explorer.live()}
    kept, (settings, jumps) = _fewer(space, at, explorer.few)
    found = Table()
    for values in settings:
        found.add(_here(explorer.told(values), space, values, kept))
    here = _here(explorer.state, space, at, kept)
    panel = _panel(explorer.panel, settings, kept)
    return {**bundle, "state": here, "panel": panel, "ahead": found.sent(whole=True, jumps=jumps)}


def _fewer(
    space: Space, at: Values, keys: tuple[str, ...]
) -> tuple[Kept | None, tuple[list[Values], list[Jump]]]:
    """All settings if they are few enough; else of some controls, and of these some values."""
    every = space.reachable(MOST, at)
    if every is not None:
        return None, every
    kept = {key: list(space.places(at, key)) for key in keys}
    while every is None:
        key = max(kept, key=lambda key: len(set(kept[key][1:-1]) - {at[key]}))
        if set(kept[key][1:-1]) - {at[key]}:
            kept[key] = _thinned(kept[key], at[key])
        else:
            kept.popitem()  # the last control stands still
        if math.prod(map(len, kept.values())) <= 2 * MOST:  # a first guess costs nothing
            every = space.reachable(MOST, at, kept)
    return kept, every


def _thinned(values: list[Any], keep: Any) -> list[Any]:
    """Leave one value out: both ends stay, and the one that is shown.

    >>> _thinned([0, 1, 2, 3, 4, 5], 1)
    [0, 1, 3, 4, 5]
    """
    gaps = [
        (b - a if isinstance(a, int) and isinstance(b, int) else 2, -abs(k - len(values) // 2), k)
        for k, (a, b) in enumerate(zip(values[:-2], values[2:], strict=True), start=1)
        if values[k] != keep
    ]
    return [v for k, v in enumerate(values) if k != min(gaps)[2]]


def _here(state: dict[str, Any], space: Space, values: Values, kept: Kept | None) -> dict[str, Any]:
    """A state as this page has it: what is clicked for controls that are left out does nothing."""
    if kept is None:
        return state

    def touched(spot: re.Match[str]) -> str:
        return (
            spot[0] if {axis.rsplit(" ", 2)[0] for axis in spot[1].split(";")} & set(kept) else ""
        )

    svg = re.sub(r' data-go="([^"]*)"(?: data-drag="")?', touched, state["svg"])
    return {**state, "svg": svg, "ends": _ends(space, values, kept)}


def _ends(space: Space, values: Values, kept: Kept) -> dict[str, Any]:
    """How far each control goes on this page."""
    ends = space.ends(values)
    for key in ends:
        few = [*space.few(values, key, kept), values[key]]
        if not space.controls[key].options:
            ends[key] = min(few), max(few)
    return ends


def _panel(panel: dict[str, Any], settings: list[Values], kept: Kept | None) -> dict[str, Any]:
    """Leave out the controls that do not move here, and say so."""
    if kept is None:
        return {**panel, "note": ""}
    controls = {key: control for key, control in panel["controls"].items() if key in kept}
    for key, control in controls.items():
        seen = {values[key] for values in settings}
        options = tuple(option for option in control["options"] if option in seen)
        controls[key] = {**control, "options": options}
    play = [key for key in panel["play"] if key in kept]
    more = len(panel["controls"]) - len(kept)
    also = f", and {more} more control{'s' * (more > 1)}" if more else ""
    note = f"This page knows {len(settings)} settings; JupyterLab has all of them{also}."
    return {**panel, "controls": controls, "play": play, "note": note}
