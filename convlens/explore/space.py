"""All the settings of an explorer: how far each control goes, and where a move leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from convlens.explore.controls import Control, is_whole
from convlib.arguments import refusal

__all__ = ["Ends", "Jump", "Kept", "Settle", "Space", "Values"]

Values = dict[str, Any]
#: Takes the control that moved, what is wanted and what was; returns what follows from it.
Settle = Callable[[str, Values, Values], Values]
Ends = dict[str, tuple[Any, Any]]
#: Some of the values of some controls.
Kept = Mapping[str, Sequence[Any]]
#: From one setting, a control moved to a value: the setting that this leads to.
Jump = tuple[int, str, Any, int]


class Space:
    """What the controls can be set to. Nothing is drawn here.

    Parameters
    ----------
    controls : mapping of str to Control
        In reading order.
    settle : callable, optional
        Moves other controls with one.
    bounds : callable, optional
        Takes all values; returns least and greatest value of the sliders whose bounds follow from
        other controls.
    """

    def __init__(
        self,
        controls: Mapping[str, Control],
        settle: Settle | None = None,
        bounds: Callable[[Values], Ends] | None = None,
    ) -> None:
        self.controls = dict(controls)
        self._settle, self._bounds = settle, bounds
        self.first: Values = {key: control.value for key, control in controls.items()}

    def ends(self, values: Values) -> Ends:
        """Least and greatest value of each slider at this setting, first and last of a choice."""
        found: Ends = {
            key: (c.options[0], c.options[-1]) if c.options else (c.low, c.high)
            for key, c in self.controls.items()
            if c.form != "weights"
        }
        return found | (self._bounds(values) if self._bounds else {})

    def places(self, values: Values, key: str) -> Sequence[Any]:
        """Every value that a control can be set to at this setting."""
        control = self.controls[key]
        if control.form == "weights":
            return [values[key]]
        low, high = self.ends(values)[key]
        return control.options or range(low, high + 1)

    def few(self, values: Values, key: str, kept: Kept | None) -> Sequence[Any]:
        """Those of `places` that are kept; all of them where `kept` is None."""
        if kept is None:
            return self.places(values, key)
        return [v for v in self.places(values, key) if v in kept.get(key, ())]

    def moved(self, values: Values, key: str, value: Any) -> Values:
        """Move one control; return the setting that follows, the rest of it settled."""
        wanted = {**values, key: value}
        return self._settle(key, wanted, values) if self._settle else wanted

    def check(self, values: Values, key: str, value: Any) -> Any:
        """Refuse what a control cannot be set to."""
        if key not in self.controls:
            change = f"This explorer has {', '.join(self.controls)}."
            raise refusal(ValueError, "there is no such control", change, {"control": key})
        if self.controls[key].form == "weights":
            return _rows(key, value)
        (low, high), options = self.ends(values)[key], self.controls[key].options
        wrong, given = "a control cannot be set to this", {key: value}
        if options:
            if value not in options:
                raise refusal(ValueError, wrong, f"Choose one of {options}.", given)
            return value
        if not is_whole(value):
            raise refusal(TypeError, wrong, "Give a whole number.", given)
        if not low <= value <= high:
            raise refusal(ValueError, wrong, f"Stay from {low} to {high}.", given)
        return int(value)

    def nearest(self, wanted: Values, within: Values) -> Values:
        """What a page asks for, kept to the bounds of a setting: it may have drawn older ones."""
        ends, found = self.ends(within), {}
        for key, control in self.controls.items():
            value = wanted[key]
            if control.form == "weights":
                value = tuple(map(tuple, value))
            elif control.options:
                value = value if value in control.options else control.value
            else:
                value = max(ends[key][0], min(ends[key][1], int(value)))
            found[key] = value
        return found

    def around(self, values: Values, moved: str = "") -> Iterator[Values]:
        """The settings one step away: those of the control that moved last come first."""
        keys = sorted(self.controls, key=lambda key: key != moved)
        for key in keys:
            places = self.places(values, key)
            at = places.index(values[key])
            for step in (at + 1, at - 1):
                if 0 <= step < len(places):
                    yield self.moved(values, key, places[step])

    def reachable(
        self, most: int, start: Values | None = None, kept: Kept | None = None
    ) -> tuple[list[Values], list[Jump]] | None:
        """Every setting, from the first one on; None if there are more than `most`.

        With them those moves that do not lead where they seem to, as others moved along. With
        `kept`, only these controls are moved, and only to these values.
        """
        if any(control.form == "weights" for control in self.controls.values()):
            return None
        first = self.first if start is None else start
        found, jumps = [first], []
        numbers = {_name(first): 0}
        for number, values in enumerate(found):  # grows while it is read
            for key in self.controls:
                for value in self.few(values, key, kept):
                    there = self.moved(values, key, value)
                    at = numbers.setdefault(_name(there), len(found))
                    if at == len(found):
                        found.append(there)
                    if there != {**values, key: value}:
                        jumps.append((number, key, value, at))
                    if len(found) > most:
                        return None
        return found, jumps


def _name(values: Values) -> tuple[Any, ...]:
    return tuple(values.values())


def _rows(key: str, value: Any) -> tuple[tuple[Any, ...], ...]:
    try:
        return tuple(map(tuple, value))
    except TypeError:
        change = "Give rows of numbers."
        raise refusal(TypeError, "this is no table of numbers", change, {key: value}) from None
