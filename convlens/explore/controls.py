"""The controls over a picture: what each of them can be set to, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convlib.arguments import refusal

if TYPE_CHECKING:
    from convlib.arguments import Pair
    from convlib.frames import Walk

__all__ = [
    "Control",
    "choice",
    "is_whole",
    "place",
    "positions",
    "sizes",
    "slider",
    "taps",
    "weights",
]


@dataclass(frozen=True)
class Control:
    """One control, as it is described to the page.

    Attributes
    ----------
    label : str
        What stands before it, and what a screen reader says.
    form : {"range", "choice", "weights"}
        A slider, a choice of words, a small table of numbers.
    value : int, str or tuple
        What it begins with.
    low, high : int
        Bounds of a slider; they may follow from other controls.
    options : tuple, optional
        All values of a choice, or of a slider over some values and no others.
    """

    label: str
    form: str
    value: Any
    low: int = 0
    high: int = 0
    options: tuple[Any, ...] = field(default=())


def slider(label: str, low: int, high: int, value: int) -> Control:
    """Make a slider from `low` to `high`."""
    return Control(label, "range", value, low, max(low, high))


def sizes(label: str, values: Sequence[int], value: int) -> Control:
    """Make a slider over some values and no others."""
    return Control(label, "range", value, options=tuple(values))


def choice(label: str, options: Sequence[str], value: str | None = None) -> Control:
    """Make a choice of words; by default the first."""
    first = options[0] if value is None else value
    return Control(label, "choice", first, options=tuple(options))


def weights(label: str, value: Any) -> Control:
    """Make a table of numbers to edit, rows of one length."""
    return Control(label, "weights", tuple(map(tuple, value)))


def positions(walk: Walk, at: Pair = (0, 0), *, filters: bool = True) -> dict[str, Control]:
    """Sliders for the output position, and for image, filter and channel where there are several.

    Without `filters`, a slider for the group in place of the filter: all filters of one group
    read the same windows.
    """
    at = place(at)
    walk.frame(*at)  # refuses a place where there is no window
    n, o, oh, ow = walk.output.shape
    counts = {"image": n, "filter": o} if filters else {"image": n, "group": walk.geometry.groups}
    counts["channel"] = walk.filters.shape[1]
    found = {"row": slider("row", 0, oh - 1, at[0]), "column": slider("column", 0, ow - 1, at[1])}
    return found | {key: slider(key, 0, k - 1, 0) for key, k in counts.items() if k > 1}


def taps(walk: Walk, at: Pair = (0, 0)) -> dict[str, Control]:
    """Sliders for one tap of the kernel."""
    names = ("u", "tap row u"), ("v", "tap column v")
    places = zip(names, walk.geometry.kernel_size, place(at, "tap"), strict=True)
    return {key: slider(name, 0, count - 1, k) for (key, name), count, k in places}


def place(at: Any, name: str = "at") -> Pair:
    """Read a row and a column to begin with."""
    whole = isinstance(at, tuple | list) and len(at) == 2 and all(map(is_whole, at))
    if not whole:
        change = f"Give a row and a column, such as {name}=(0, 0)."
        raise refusal(TypeError, f"{name} is not a pair of whole numbers", change, {name: at})
    return int(at[0]), int(at[1])


def is_whole(value: Any) -> bool:
    """Whether a value counts something: an integer of any kind, and no bool."""
    return hasattr(value, "__index__") and not isinstance(value, bool)
