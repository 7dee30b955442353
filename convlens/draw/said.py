"""What a reader says about cells: places and masks, read and refused where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from convlib.arguments import refusal

__all__ = ["read_roles"]

MASKS = ("padding", "thrown", "outside", "wrong", "inserted")
PLACES = ("ring", "reading", "starts", "taps")

Shape = tuple[int, ...]


def read_roles(said: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Read the roles of cells, as `Panel` takes them, from what is said of an array's cells."""
    found = {name: value for name, value in said.items() if value is not None}
    if np.shape(found.get("corners", np.empty(shape))) != shape:
        given = {"corners.shape": np.shape(found["corners"]), "a.shape": shape}
        raise refusal(ValueError, "corners do not match the cells", "Use the same shape.", given)
    for name, value in found.items():
        if name in MASKS:
            found[name] = _mask(name, value, shape)
        elif name in ("window", "field"):
            rows, columns = ([int(k) for k in places] for places in value)
            _check(name, (rows, columns), shape)
            found[name] = rows, columns
        elif name in PLACES:
            one = name in ("ring", "reading")
            some = [(int(r), int(c)) for r, c in ([value] if one else value)]
            _check(name, list(zip(*some, strict=True)), shape)
            found[name] = some[0] if one else some
    return found


def _mask(name: str, given: Any, shape: Shape) -> Any:
    """Read a mask of the cells' shape, or a list of (row, column)."""
    mask = np.asarray(given)
    if mask.dtype == bool and mask.shape == shape:
        return mask
    places = tuple(mask.reshape(-1, 2).T.astype(int))
    _check(name, [axis.tolist() for axis in places], shape)
    found = np.zeros(shape, bool)
    found[places] = True
    return found


def _check(name: str, places: Sequence[Sequence[int]], shape: Shape) -> None:
    """Refuse rows and columns that there are not."""
    for along, size in zip(places, shape, strict=False):
        if any(not 0 <= k < size for k in along):
            change = f"Use numbers from 0 to {size - 1}."
            raise refusal(ValueError, f"{name} outside the cells", change, {name: list(along)})
