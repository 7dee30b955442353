"""What places are made of: the equation of windows, an axis at a time.

    place[i, j, u, v] = (i*stride[0] + u*dilation[0])*row + (j*stride[1] + v*dilation[1])*column

Sizes, starts, offsets, grids and views are all parts of it. Each term stands here once where places
are counted and once where they are gone to, for a mistake may be in one of the two alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import floordiv
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.mistakes.made import Made

__all__ = ["Axis", "Pair", "Rule", "axis", "rule"]

Pair = tuple[int, int]


@dataclass(frozen=True)
class Axis(Made):
    """One axis: window i begins at cell begin + i*move, and tap u of it lies u*spread further.

    Attributes
    ----------
    size, taps, stride, padding, dilation : int
        As they are given; `stride` and `dilation` serve to count the places.
    move, spread : int
        The same two where places are gone to.
    gaps, one : int
        A window spans gaps*dilation + one cells.
    step, tap_step : int
        How far it is to the next cell, in elements or bytes, for windows and for taps.
    ends, more : int
        How often the padding counts, and what is added after the division.
    """

    size: int
    taps: int
    stride: int
    padding: int
    dilation: int
    move: int
    spread: int
    gaps: int
    step: int = 1
    tap_step: int = 1
    begin: int = 0
    one: int = 1
    ends: int = 2
    more: int = 1
    divide: Callable[[int, int], Any] = floordiv

    @property
    def extent(self) -> int:
        """How many cells a window spans."""
        return self.gaps * self.dilation + self.one

    @property
    def room(self) -> int:
        """How far a window can move."""
        return self.size + self.ends * self.padding - self.extent

    @property
    def places(self) -> Any:
        """How many windows fit."""
        return self.divide(self.room, self.stride) + self.more

    @property
    def starts(self) -> Any:
        """Where the windows begin."""
        return (self.begin + np.arange(self.places) * self.move) * self.step

    @property
    def offsets(self) -> Any:
        """How far the taps lie from there."""
        return np.arange(self.taps) * self.spread * self.tap_step


def axis(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1, step: int = 1
) -> Axis:
    """Make the right axis."""
    given = size, kernel, stride, padding, dilation
    return Axis(*given, stride, dilation, kernel - 1, step, step)


@dataclass(frozen=True)
class Rule(Made):
    """Several axes, and the array that they lead through, if there is one."""

    axes: tuple[Axis, ...]
    x: Any = None

    def each(self, change: Callable[[Axis], Axis]) -> Self:
        """Change every axis."""
        return self.but(axes=tuple(map(change, self.axes)))

    def at(self, number: int, **changed: Any) -> Self:
        """Change one axis."""
        axes = list(self.axes)
        axes[number] = axes[number].but(**changed)
        return self.but(axes=tuple(axes))

    def stepped(self, *steps: int) -> Self:
        """Take other steps from cell to cell, for windows and taps."""
        both = zip(self.axes, steps, strict=True)
        return self.but(axes=tuple(a.but(step=s, tap_step=s) for a, s in both))

    def swap(self, *names: str) -> Self:
        """Exchange something between the last two axes, rows and columns."""
        *others, row, column = self.axes
        first, second = ({n: getattr(a, n) for n in names} for a in (row, column))
        return self.but(axes=(*others, row.but(**second), column.but(**first)))

    def first(self, *names: str) -> Self:
        """Use something of the rows for the columns too."""
        row = self.axes[-2]
        return self.at(-1, **{n: getattr(row, n) for n in names})

    def all(self, name: str) -> tuple[Any, ...]:
        """Something of every axis."""
        return tuple(getattr(a, name) for a in self.axes)

    @property
    def starts(self) -> Any:
        """Where every window begins, in the shape of the places."""
        return reduce(np.add.outer, self.all("starts"))

    @property
    def offsets(self) -> Any:
        """How far every tap lies from there, in the shape of the kernel."""
        return reduce(np.add.outer, self.all("offsets"))

    @property
    def view(self) -> Any:
        """Show the windows of the array."""
        shape = *self.all("places"), *self.all("taps")
        jumps = *(a.move * a.step for a in self.axes), *(a.spread * a.tap_step for a in self.axes)
        return as_strided(self.x, shape, jumps, writeable=False)


def rule(
    size: Sequence[int],
    kernel: Sequence[int],
    stride: int | Sequence[int] = 1,
    dilation: int | Sequence[int] = 1,
    *,
    step: Sequence[int] | None = None,
    x: Any = None,
) -> Rule:
    """Make the right rule; without `step` that of an array in C order, in elements."""
    step = step or np.empty(size, np.int8).strides
    strides, dilations = (np.broadcast_to(s, len(size)).tolist() for s in (stride, dilation))
    given = zip(size, kernel, strides, dilations, step, strict=True)
    return Rule(tuple(axis(n, k, s, 0, d, jump) for n, k, s, d, jump in given), x)
