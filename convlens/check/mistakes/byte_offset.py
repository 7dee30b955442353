"""What goes wrong when an element is found by byte strides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import numpy as np

from convlens.check.calling import Outcome
from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips
from convlib.strided import byte_span

BYTES = "Multiply with the byte strides, array.strides; they hold the size of a number already."


@dataclass(frozen=True)
class Element(Made):
    """An element of an array, and the jumps that lead to it."""

    array: Any
    index: tuple[int, ...]
    strides: tuple[int, ...]
    total: Callable[[list[int]], Any] = sum

    def axes(self, some: slice) -> Element:
        """Keep some axes only."""
        return self.but(index=self.index[some], strides=self.strides[some])

    def laid_out(self, dtype: Any) -> Element:
        """Take the byte strides that the shape suggests, for numbers of a type."""
        return self.but(strides=np.empty(self.array.shape, dtype).strides)

    @property
    def jumps(self) -> list[int]:
        """How far to go along each axis."""
        return [k * jump for k, jump in zip(self.index, self.strides, strict=True)]


def _an_address(outcome: Outcome) -> bool:
    """Whether the answer counts from where memory begins."""
    array, index = outcome.arguments["array"], outcome.arguments["index"]
    away = sum(k * jump for k, jump in zip(index, array.strides, strict=True))
    return isinstance(outcome.value, int) and outcome.value == array.ctypes.data + away


byte_offset = Slips(
    lambda array, index: Element(array, index, array.strides), lambda a: a.total(a.jumps)
)
byte_offset("elements are counted, not bytes", BYTES, lambda a: a.laid_out(np.int8))
byte_offset(
    "the byte strides are divided by the size of a number: elements are counted, not bytes",
    "Leave array.itemsize out: the byte strides are the jumps in bytes.",
    shape=lambda y, a: y // a.array.itemsize,
)
byte_offset(
    "the byte strides are multiplied with the size of a number once more",
    "Leave array.itemsize out: the byte strides are in bytes already.",
    shape=lambda y, a: y * a.array.itemsize,
)
byte_offset(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from array.strides: a transposed, sliced or reversed array has others.",
    lambda a: a.laid_out(a.array.dtype),
)
byte_offset(
    "the axes are taken in the reverse order: the last index meets the first byte stride",
    "The first number of the index belongs to the first byte stride.",
    lambda a: a.but(index=a.index[::-1]),
)
byte_offset(
    "only the first axis is counted",
    "Add up index times byte stride over all axes; look whether return stands inside the loop.",
    lambda a: a.axes(slice(1)),
)
byte_offset(
    "only the last axis is counted",
    "Add to the sum (+=) where you set it (=).",
    lambda a: a.axes(slice(-1, None)),
)
byte_offset(
    "only two axes are counted, rows and columns",
    "An array may have any number of axes: go through all of array.strides.",
    lambda a: a.axes(slice(2)),
)
byte_offset(
    "the answer is where the element ends",
    "Asked is the byte at which it begins: leave its own bytes out.",
    shape=lambda y, a: y + a.array.itemsize,
)
byte_offset(
    "negative byte strides are taken for positive ones",
    "In a reversed array the next element lies before: keep the sign of the byte stride.",
    lambda a: a.but(strides=tuple(map(abs, a.strides))),
)
byte_offset(
    "bytes are counted from the lowest byte in memory, not from the first element",
    "A reversed array begins at its far end: from there the other elements lie backward.",
    shape=lambda y, a: y - byte_span(a.array.shape, a.array.strides, a.array.itemsize)[0],
)
byte_offset(
    "a negative answer is made positive",
    "Keep the sign of the sum: an element that lies before the first one has a negative offset.",
    shape=lambda y, a: abs(y),
)
byte_offset(
    "the element itself is returned, not where it lies",
    "Asked is a number of bytes: add up index times byte stride over the axes.",
    answer=lambda a: a.array[a.index],
)
byte_offset(
    "the jumps of the axes are given one by one, not added up",
    "Return one int, their sum.",
    lambda a: a.but(total=np.array),
)
byte_offset(
    "the jumps of the axes are multiplied with each other",
    "Add them up: first so many bytes along one axis, then so many along the next.",
    lambda a: a.but(total=prod),
)
byte_offset(
    "the indices are counted from 1: every axis goes one jump too few",
    "Indices begin at 0: an index of 1 is one jump.",
    lambda a: a.but(index=tuple(k - 1 for k in a.index)),
)
byte_offset(
    "the answer is an address in memory, not a distance from the first element",
    "Leave array.ctypes.data out: count from the first element.",
    answer=lambda a: a.array.ctypes.data + a.total(a.jumps),
    shows=_an_address,
)
for size in (8, 4):
    byte_offset(
        f"a number is taken to have {size} bytes, whatever its type",
        BYTES,
        partial(Element.laid_out, dtype=f"i{size}"),
    )
