"""What goes wrong when a view is proved to be safe."""

from __future__ import annotations

from math import prod
from typing import Any

from convlens.check.task import mistake
from convlib.strided import byte_span

Ints = tuple[int, ...]


def _spans(array: Any, shape: Ints, strides: Ints) -> tuple[int, int, int, int]:
    """Both ends of the view, then those of the array."""
    own = byte_span(array.shape, array.strides, array.itemsize)
    return *byte_span(shape, strides, array.itemsize), *own


@mistake("every view is called safe", "Compare both ends of the view with those of the array.")
def always_safe(array: Any, shape: Ints, strides: Ints) -> bool:
    return True


@mistake(
    "the answers True and False have changed places",
    "Return True where the view stays inside.",
)
def answers_exchanged(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, first, last = _spans(array, shape, strides)
    return not (first <= low and high <= last)


@mistake(
    "numbers are counted: a view may show more of them than exist, and lie inside",
    "Count bytes: the lowest and the highest that the view touches.",
)
def numbers_counted(array: Any, shape: Ints, strides: Ints) -> bool:
    return bool(prod(shape) <= array.size)


@mistake(
    "the array is taken to span the bytes from 0 to nbytes",
    "A reversed, sliced or broadcast array spans others: work its span out from its own strides.",
)
def array_taken_for_c_order(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, *_ = _spans(array, shape, strides)
    return bool(low >= 0 and high <= array.nbytes)


@mistake(
    "only the high end is compared",
    "A view can leave the memory backward too: compare the low ends as well.",
)
def high_end_only(array: Any, shape: Ints, strides: Ints) -> bool:
    _, high, _, last = _spans(array, shape, strides)
    return high <= last


@mistake(
    "only the low end is compared",
    "A view can leave the memory forward too: compare the high ends as well.",
)
def low_end_only(array: Any, shape: Ints, strides: Ints) -> bool:
    low, _, first, _ = _spans(array, shape, strides)
    return first <= low


@mistake(
    "a view that ends exactly where the array ends is refused",
    "high is one past the last byte: the two may be equal, <= and not <.",
)
def touching_refused(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, first, last = _spans(array, shape, strides)
    return first <= low and high < last


@mistake(
    "the bytes of the view's last number are left out",
    "The last number must lie inside with all its bytes: add itemsize to the high end.",
)
def last_number_left_out(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, first, last = _spans(array, shape, strides)
    return bool(first <= low and high - array.itemsize < last)


@mistake(
    "forward and backward jumps are added up together, so that they cancel",
    "Add up the negative reaches for the low end and the positive ones for the high end.",
)
def ends_cancel(array: Any, shape: Ints, strides: Ints) -> bool:
    view, own = (
        sum((n - 1) * jump for n, jump in zip(lengths, jumps, strict=True))
        for lengths, jumps in ((shape, strides), (array.shape, array.strides))
    )
    return bool(min(own, 0) <= min(view, 0) and max(view, 0) <= max(own, 0))


@mistake(
    "the sum of all jumps is compared with nbytes: the low end is not looked at",
    "Add up backward and forward jumps apart, and compare both ends with those of the array.",
)
def one_sum_for_both_ends(array: Any, shape: Ints, strides: Ints) -> bool:
    total = sum((n - 1) * jump for n, jump in zip(shape, strides, strict=True))
    return bool(total + array.itemsize <= array.nbytes)


@mistake("every view is called unsafe", "A view that shows the whole array is safe, too.")
def never_safe(array: Any, shape: Ints, strides: Ints) -> bool:
    return False


@mistake(
    "a view is refused that begins or ends exactly where the array does",
    "Both ends may be equal: compare with <= and not with <.",
)
def touching_refused_at_both_ends(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, first, last = _spans(array, shape, strides)
    return first < low and high < last


@mistake(
    "one end inside is taken to be enough",
    "Both ends have to lie inside: join the comparisons by and, not by or.",
)
def either_end(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, first, last = _spans(array, shape, strides)
    return first <= low or high <= last


@mistake(
    "the bytes that both span are counted and compared, but not where they lie",
    "A short view can lie outside: compare the low ends, and the high ends.",
)
def lengths_compared(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, first, last = _spans(array, shape, strides)
    return high - low <= last - first


@mistake(
    "the bytes that the view spans are compared with nbytes, but not where they lie",
    "A short view can lie outside: compare the low end and the high end with those of the array.",
)
def length_compared_with_nbytes(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, *_ = _spans(array, shape, strides)
    return bool(high - low <= array.nbytes)


@mistake(
    "the high end is compared with nbytes, and the low end is not looked at",
    "A view can leave the memory backward too: work out both ends of the array, and compare both.",
)
def high_end_with_nbytes(array: Any, shape: Ints, strides: Ints) -> bool:
    return bool(_spans(array, shape, strides)[1] <= array.nbytes)


@mistake(
    "every view that reaches backward is refused",
    "In a reversed array the first element is not the lowest: compare with the array's low end.",
)
def backward_refused(array: Any, shape: Ints, strides: Ints) -> bool:
    low, high, _, last = _spans(array, shape, strides)
    return low >= 0 and high <= last


@mistake(
    "every axis of the view reaches one jump too far",
    "From the first to the last of n elements there are n - 1 jumps; add itemsize at the end.",
)
def one_jump_too_many(array: Any, shape: Ints, strides: Ints) -> bool:
    total = sum(n * jump for n, jump in zip(shape, strides, strict=True))
    return bool(total <= array.nbytes)


@mistake(
    "only the axis of the view that reaches farthest is counted",
    "The last element lies at the end of all axes at once: add their reaches up.",
)
def farthest_axis_only(array: Any, shape: Ints, strides: Ints) -> bool:
    reach = [(n - 1) * jump for n, jump in zip(shape, strides, strict=True)]
    return bool(max(reach) + array.itemsize <= array.nbytes)
