"""The controls over a picture, all made in one place: sliders, choices of words, a player."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

if TYPE_CHECKING:
    from convlib.arguments import Pair
    from convlib.frames import Walk

__all__ = ["bound", "choice", "player", "positions", "sizes", "slider", "taps"]

MOST_PLAYED = 400  # positions: a longer walk is played in larger steps


def slider(name: str, low: int, high: int, value: int) -> Any:
    """Make a slider from `low` to `high`; where there is nothing to drag, the value itself."""
    if high <= low:
        return value
    return ipywidgets.IntSlider(value=value, min=low, max=high, description=name, **_look())


def sizes(name: str, values: list[int], value: int) -> Any:
    """Make a slider over some values and no others."""
    if len(values) < 2:
        return value
    return ipywidgets.SelectionSlider(options=values, value=value, description=name, **_look())


def choice(name: str, options: Sequence[str], value: str | None = None) -> ipywidgets.Dropdown:
    """Make a choice of words, as wide as the longest of them; by default the first."""
    look = _look(max(286, 124 + 8 * max(map(len, options))))
    value = options[0] if value is None else value
    return ipywidgets.Dropdown(options=list(options), value=value, description=name, **look)


def player(count: int, value: int) -> Any:
    """Make a player over so many positions."""
    if count < 2:
        return value
    step = -(-count // MOST_PLAYED)
    return ipywidgets.Play(value=value, max=count - 1, step=step, interval=400, show_repeat=False)


def bound(control: ipywidgets.IntSlider, low: int, high: int, value: int) -> None:
    """Set bounds and value in an order in which none is ever outside; hide what cannot move."""
    control.min, control.max = min(low, control.min), max(high, control.max)
    control.value = value
    control.min, control.max = low, high
    control.layout.visibility = "visible" if high > low else "hidden"


def positions(walk: Walk, at: Pair = (0, 0), *, filters: bool = True) -> dict[str, Any]:
    """Sliders for the output position, those that have somewhere to go.

    Without `filters`, a slider for the group in place of the filter: all filters of one group
    read the same windows.
    """
    walk.frame(*at)  # refuses a place where there is no window
    n, o, oh, ow = walk.output.shape
    counts = {"row": oh, "column": ow, "image": n}
    counts |= {"filter": o} if filters else {"group": walk.geometry.groups}
    counts["channel"] = walk.filters.shape[1]
    begin = {"row": at[0], "column": at[1]}
    return {key: slider(key, 0, count - 1, begin.get(key, 0)) for key, count in counts.items()}


def taps(walk: Walk, at: Pair = (0, 0)) -> dict[str, Any]:
    """Sliders for one tap of the kernel."""
    names = ("u", "tap row u"), ("v", "tap col. v")
    places = zip(names, walk.geometry.kernel_size, at, strict=True)
    return {key: slider(name, 0, count - 1, k) for (key, name), count, k in places}


def _look(width: int = 286) -> dict[str, Any]:
    """Size and style of a control, its own: that of one is hidden without the others'."""
    return {"layout": {"width": f"{width}px"}, "style": {"description_width": "100px"}}
