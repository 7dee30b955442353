"""What goes wrong when the bytes that an array can touch are worked out."""

from __future__ import annotations

from math import prod

from convlens.check.task import mistake
from convlib.strided import byte_span

Ints = tuple[int, ...]


def _reach(shape: Ints, strides: Ints, less: int = 1) -> list[int]:
    return [(n - less) * jump for n, jump in zip(shape, strides, strict=True)]


@mistake(
    "the bytes of the last number itself are missing",
    "The jumps lead to where the last number begins: add its itemsize bytes to the high end.",
)
def last_number_left_out(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return low, high - itemsize


@mistake(
    "every axis reaches one jump too far",
    "From the first to the last of n elements there are n - 1 jumps.",
)
def one_jump_too_many(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    reach = _reach(shape, strides, 0)
    return sum(min(r, 0) for r in reach), sum(max(r, 0) for r in reach) + itemsize


@mistake(
    "every axis reaches one jump too far, in place of the bytes of the last number",
    "From the first to the last of n elements there are n - 1 jumps; add itemsize at the end.",
)
def one_jump_for_the_last_number(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    reach = _reach(shape, strides, 0)
    return sum(min(r, 0) for r in reach), sum(max(r, 0) for r in reach)


@mistake(
    "the numbers are counted, and the byte strides are not used",
    "A view can skip bytes or show them twice: add up (n - 1) * byte stride over the axes.",
)
def numbers_counted(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    return 0, prod(shape) * itemsize


@mistake(
    "only the highest byte is looked for: the lowest is taken to be 0",
    "Negative byte strides lead backward from the first element: add those up for the low end.",
)
def low_always_zero(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    return 0, sum(_reach(shape, strides)) + itemsize


@mistake(
    "negative byte strides are left out: the lowest byte is taken to be 0",
    "Negative byte strides lead backward from the first element: add those up for the low end.",
)
def negative_left_out(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    return 0, byte_span(shape, strides, itemsize)[1]


@mistake(
    "negative byte strides are taken for positive ones",
    "Keep the sign: forward and backward jumps lead to different ends.",
)
def sign_dropped(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    return 0, sum(map(abs, _reach(shape, strides))) + itemsize


@mistake(
    "forward and backward jumps are added up together, so that they cancel",
    "Add up the negative reaches for the low end and the positive ones for the high end.",
)
def ends_cancel(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    total = sum(_reach(shape, strides))
    return min(total, 0), max(total, 0) + itemsize


@mistake(
    "only the axis that reaches farthest is counted",
    "The last element lies at the end of all axes at once: add their reaches up.",
)
def farthest_axis_only(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    reach = _reach(shape, strides)
    return min(0, *reach), max(0, *reach) + itemsize


@mistake(
    "high is the last byte itself, not one past it",
    "Give one past the highest byte, as a slice does: the array has high - low bytes.",
)
def last_byte_itself(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return low, high - 1


@mistake("low and high have changed places", "Return (low, high), the lowest byte first.")
def ends_swapped(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return high, low


@mistake(
    "the jumps are added up and no more: low is 0, and the last number's bytes are left out",
    "Add itemsize to the high end, and add up the negative reaches apart for the low end.",
)
def one_sum_alone(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    return 0, sum(_reach(shape, strides))


@mistake(
    "n jumps are counted for n elements, and the lowest byte is taken to be 0",
    "There are n - 1 jumps; add itemsize at the end, and add up negative reaches for the low end.",
)
def one_jump_too_many_from_zero(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    return 0, sum(_reach(shape, strides, 0))


@mistake(
    "the smallest and the largest reach of a single axis are taken",
    "The last element lies at the end of all axes at once: add up the negative reaches, and the "
    "positive ones.",
)
def extremes_of_the_axes(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    reach = _reach(shape, strides)
    return min(reach), max(reach) + itemsize


@mistake(
    "the byte strides are multiplied with the size of a number once more",
    "The byte strides are in bytes already: itemsize comes in only once, for the last number.",
)
def multiplied_by_itemsize(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return low * itemsize, (high - itemsize) * itemsize + itemsize


@mistake(
    "the bytes of the last number are added once for every axis",
    "Add itemsize once, after the sum.",
)
def itemsize_for_each_axis(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return low, high + (len(shape) - 1) * itemsize


@mistake(
    "low is given without its sign",
    "It lies before the first element: it is negative, or 0.",
)
def low_without_sign(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return -low, high


@mistake(
    "high is the number of bytes from the lowest to the highest",
    "Count both ends from the first element.",
)
def length_for_high(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    low, high = byte_span(shape, strides, itemsize)
    return low, high - low


@mistake(
    "each axis overwrites the reach of the one before",
    "Add to low and high (+=) where you set them (=).",
)
def reach_overwritten(shape: Ints, strides: Ints, itemsize: int) -> tuple[int, int]:
    reach = _reach(shape, strides)
    low, high = ([0, *(r for r in reach if (r < 0) == down)][-1] for down in (True, False))
    return low, high + itemsize
