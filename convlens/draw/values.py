"""Arrays as they are shown: read, coloured and written out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens import palette
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["PLAIN", "as_floats", "faces", "grid_of", "is_signed", "labels", "reals", "span"]

PLAIN = "#ededed"  # behind numbers that are indices or addresses, not values
EMPTY = "#ffffff"


def grid_of(name: str, a: ArrayLike) -> np.ma.MaskedArray[Any, Any]:
    """Read what is to be drawn: rows and columns of numbers, some of them perhaps masked."""
    try:
        array = a if isinstance(a, np.ma.MaskedArray) else np.ma.array(np.asarray(a))
    except ValueError:
        change = "Give every row the same length."
        raise refusal(ValueError, f"{name} is not rectangular", change, {name: a}) from None
    given = {f"{name}.shape": array.shape, f"{name}.dtype": str(array.dtype)}
    if array.dtype.kind not in "biufc":
        raise refusal(TypeError, f"{name} must hold numbers", "Convert it first.", given)
    if array.ndim not in (1, 2) or array.size == 0:
        change = "Choose one image and one channel of it, for example x[0, 0]."
        raise refusal(ValueError, f"{name} is not a row or a grid of cells", change, given)
    return array.reshape(1, -1) if array.ndim == 1 else array


def reals(grid: np.ma.MaskedArray[Any, Any]) -> NDArray[Any]:
    """Real numbers to colour by, NaN where masked; single precision stays what it is."""
    data = np.abs(grid.data) if grid.dtype.kind == "c" else grid.data
    return np.where(np.ma.getmaskarray(grid), np.nan, data)


def as_floats(grid: np.ma.MaskedArray[Any, Any]) -> NDArray[np.float64]:
    """The same, wide enough for any arithmetic."""
    return reals(grid).astype(np.float64)


def is_signed(values: NDArray[np.float64], signed: bool | None) -> bool:
    """Whether numbers are coloured by sign: as asked, or if there is something below zero."""
    return bool(np.any(values < 0)) if signed is None else signed


def span(
    values: NDArray[np.float64], limits: tuple[float, float] | None, step: float = 0.0
) -> tuple[float, float]:
    """Lowest and highest finite value, unless told: then they are rounded as the values are."""
    if limits is not None:
        low, high = palette.steady(limits, step).tolist()
        return low, high
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def faces(
    a: ArrayLike, signed: bool | None = None, limits: tuple[float, float] | None = None
) -> list[str]:
    """Colour every cell of an array, row by row; masked cells are left white."""
    grid = grid_of("a", a)
    step = palette.grain(reals(grid), limits)
    values, masked = palette.steady(reals(grid), step), np.ma.getmaskarray(grid).ravel()
    low, high = span(values, limits, step)
    most = max(abs(low), abs(high))
    by_sign = is_signed(values, signed)
    return [
        EMPTY if hidden else palette.signed(v, most) if by_sign else palette.gray(v, low, high)
        for v, hidden in zip(values.ravel().tolist(), masked, strict=True)
    ]


def labels(grid: np.ma.MaskedArray[Any, Any]) -> dict[tuple[int, ...], str]:
    """Write the numbers of an array; where they get long, to a hundredth of the largest."""
    words = {at: palette.label(v) for at, v in np.ndenumerate(grid.data)}
    if grid.dtype.kind != "f" or max(map(len, words.values())) <= 6:
        return words
    _, most = span(np.abs(as_floats(grid)), None)
    digits = 2 - math.floor(math.log10(most)) if most > 0 else 0
    return {at: palette.label(round(float(v), digits)) for at, v in np.ndenumerate(grid.data)}
