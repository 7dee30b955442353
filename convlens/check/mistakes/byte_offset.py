"""What goes wrong when an element is found by byte strides."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.check.task import mistake
from convlib.strided import byte_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

Index = tuple[int, ...]


def _jumped(index: Index, strides: tuple[int, ...]) -> int:
    return sum(k * jump for k, jump in zip(index, strides, strict=True))


@mistake(
    "elements are counted, not bytes",
    "Multiply with the byte strides, array.strides; they hold the size of a number already.",
)
def elements_counted(array: Array, index: Index) -> int:
    return _jumped(index, np.empty(array.shape, np.int8).strides)


@mistake(
    "the byte strides are divided by the size of a number: elements are counted, not bytes",
    "Leave array.itemsize out: the byte strides are the jumps in bytes.",
)
def divided_by_itemsize(array: Array, index: Index) -> int:
    return _jumped(index, array.strides) // array.itemsize


@mistake(
    "the byte strides are multiplied with the size of a number once more",
    "Leave array.itemsize out: the byte strides are in bytes already.",
)
def multiplied_by_itemsize(array: Array, index: Index) -> int:
    return _jumped(index, array.strides) * array.itemsize


@mistake(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from array.strides: a transposed, sliced or reversed array has others.",
)
def strides_from_the_shape(array: Array, index: Index) -> int:
    return _jumped(index, np.empty(array.shape, array.dtype).strides)


@mistake(
    "the axes are taken in the reverse order: the last index meets the first byte stride",
    "The first number of the index belongs to the first byte stride.",
)
def axes_reversed(array: Array, index: Index) -> int:
    return _jumped(index[::-1], array.strides)


@mistake(
    "only the first axis is counted",
    "Add up index times byte stride over all axes; look whether return stands inside the loop.",
)
def first_axis_only(array: Array, index: Index) -> int:
    return index[0] * array.strides[0]


@mistake(
    "only the last axis is counted",
    "Add to the sum (+=) where you set it (=).",
)
def last_axis_only(array: Array, index: Index) -> int:
    return index[-1] * array.strides[-1]


@mistake(
    "only two axes are counted, rows and columns",
    "An array may have any number of axes: go through all of array.strides.",
)
def two_axes_only(array: Array, index: Index) -> int:
    return sum(k * jump for k, jump in zip(index[:2], array.strides[:2], strict=True))


@mistake(
    "the answer is where the element ends",
    "Asked is the byte at which it begins: leave its own bytes out.",
)
def end_of_the_element(array: Array, index: Index) -> int:
    return _jumped(index, array.strides) + array.itemsize


@mistake(
    "negative byte strides are taken for positive ones",
    "In a reversed array the next element lies before: keep the sign of the byte stride.",
)
def sign_dropped(array: Array, index: Index) -> int:
    return _jumped(index, tuple(map(abs, array.strides)))


@mistake(
    "bytes are counted from the lowest byte in memory, not from the first element",
    "A reversed array begins at its far end: from there the other elements lie backward.",
)
def from_the_lowest_byte(array: Array, index: Index) -> int:
    return _jumped(index, array.strides) - byte_span(array.shape, array.strides, array.itemsize)[0]


@mistake(
    "a negative answer is made positive",
    "Keep the sign of the sum: an element that lies before the first one has a negative offset.",
)
def answer_made_positive(array: Array, index: Index) -> int:
    return abs(_jumped(index, array.strides))


@mistake(
    "the element itself is returned, not where it lies",
    "Asked is a number of bytes: add up index times byte stride over the axes.",
)
def element_itself(array: Array, index: Index) -> Any:
    return array[index]


@mistake(
    "the jumps of the axes are given one by one, not added up",
    "Return one int, their sum.",
)
def jumps_not_added_up(array: Array, index: Index) -> Any:
    return [k * jump for k, jump in zip(index, array.strides, strict=True)]


@mistake(
    "the jumps of the axes are multiplied with each other",
    "Add them up: first so many bytes along one axis, then so many along the next.",
)
def jumps_multiplied(array: Array, index: Index) -> Any:
    return prod(k * jump for k, jump in zip(index, array.strides, strict=True))


@mistake(
    "the indices are counted from 1: every axis goes one jump too few",
    "Indices begin at 0: an index of 1 is one jump.",
)
def counted_from_one(array: Array, index: Index) -> int:
    return _jumped(tuple(k - 1 for k in index), array.strides)
