"""The groups explorer: channels and filters wired to each other, in one group or in many."""

from __future__ import annotations

from typing import Any

from convlens.explore.controls import sizes, slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.space import Values
from convlens.scenes.wiring import WiringScene
from convlib.arguments import Pair, as_pair, refusal, whole

__all__ = ["groups"]

MOST = 16  # boxes in a list
CAPTION = "The same with convlib, for arrays of these shapes"


def groups(
    channels: int,
    filters: int,
    kernel_size: int | Pair = 3,
    *,
    output_size: int | Pair = 1,
    groups: int = 1,
    filter: int = 0,
    channel: int = 0,
) -> Explorer:
    """Cut a layer into groups: which filter reads which channel, and what that costs.

    Parameters
    ----------
    channels, filters : int
        At most 16 of each.
    kernel_size : int or (row, column)
    output_size : int or (row, column)
        At how many places each weight is used.
    groups : int
        What to begin with; it divides both `channels` and `filters`.
    filter, channel : int
        What is picked out to begin with.

    Returns
    -------
    Explorer
        With sliders for the number of groups (every number that divides both), the filter and the
        channel.

    Raises
    ------
    ValueError, TypeError
        For more channels or filters than can be drawn, and for groups that do not divide them.
    IndexError
        Where there is no filter `filter`, or no channel `channel`.

    See Also
    --------
    window : the same filters, number by number.

    Examples
    --------
    >>> explorer = groups(4, 8, (2, 3), groups=2)
    >>> "Filter 0 reads channels 0 to 1; " in explorer.picture.label
    True
    """
    given: dict[str, Any] = {"channels": channels, "filters": filters, "groups": groups}
    _check(given, filter, channel)
    pairs = {"kernel_size": kernel_size, "output_size": output_size}
    kernel, output = (as_pair(name, value, 1, pairs) for name, value in pairs.items())
    scene = WiringScene(channels, filters, kernel, output)

    def draw(values: Values) -> Drawing:
        g, o, c = values["groups"], values["filter"], values["channel"]
        return scene.picture(g, o, c), scene.source(g, o)

    controls = {
        "groups": sizes("groups", _divisors(channels, filters), groups),
        "filter": slider("filter", 0, filters - 1, filter),
        "channel": slider("channel", 0, channels - 1, channel),
    }
    about = f"{channels} channels, {filters} filters, kernel {kernel[0]}×{kernel[1]}"
    kept: dict[str, Any] = {"about": about, "caption": CAPTION, "play": ("groups", "filter")}
    return Explorer("groups", controls, draw, **kept)


def _divisors(channels: int, filters: int) -> list[int]:
    """Every number of groups into which both can be cut."""
    return [n for n in range(1, channels + 1) if channels % n == 0 and filters % n == 0]


def _check(given: dict[str, Any], filter: Any, channel: Any) -> None:
    """Refuse what cannot be drawn, groups that leave a remainder, and what there is not."""
    channels, filters, groups = (whole(name, given[name], 1, given) for name in given)
    if max(channels, filters) > MOST:
        change = f"Use at most {MOST} of each."
        raise refusal(ValueError, "too many channels or filters to be drawn", change, given)
    if groups not in _divisors(channels, filters):
        change = f"Choose among {', '.join(map(str, _divisors(channels, filters)))}."
        raise refusal(ValueError, "groups must divide channels and filters", change, given)
    for name, k, count in (("filter", filter, filters), ("channel", channel, channels)):
        if not 0 <= whole(name, k, 0, {name: k}) < count:
            change = f"Use 0 to {count - 1}."
            raise refusal(IndexError, f"there is no such {name}", change, {name: k, **given})
