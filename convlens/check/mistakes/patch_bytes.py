"""What goes wrong when the bytes of patches and of their index grid are counted."""

from __future__ import annotations

from math import prod

from convlens.check.task import mistake
from convlib.geometry import Geometry

Pair = tuple[int, int]
Shape = tuple[int, int, int]

INDEX = 8  # bytes of an int64


def _numbers(shape: Shape, kernel_size: Pair, stride: Pair) -> int:
    """Count the numbers of all patches."""
    places = Geometry(shape[1:], kernel_size, stride=stride).output_size
    return prod(places) * shape[0] * prod(kernel_size)


@mistake(
    "numbers are counted, not bytes",
    "A number of the image takes item bytes, and an int64 index 8.",
)
def numbers_counted(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count, count


@mistake(
    "the indices are counted as large as the numbers of the image",
    "An int64 index takes 8 bytes, whatever the image holds.",
)
def index_as_large_as_a_number(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * item, count * item


@mistake(
    "the index grid is counted for numbers of 4 bytes: as twice the patches",
    "An int64 index takes 8 bytes, whatever the image holds: count entries, then bytes.",
)
def index_twice_a_number(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * item, 2 * count * item


@mistake(
    "the channels are left out",
    "A patch holds KH*KW numbers of every channel: multiply by C.",
)
def channels_left_out(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride) // shape[0]
    return count * item, count * INDEX


@mistake(
    "the index grid is counted for one channel only",
    "The grid has an index for each number of a patch, in all channels.",
)
def grid_of_one_channel(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * item, count // shape[0] * INDEX


@mistake(
    "every pixel is counted as a place of the window",
    "Only windows that fit count: OH*OW places, not H*W.",
)
def pixels_for_places(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = prod(shape) * prod(kernel_size)
    return count * item, count * INDEX


@mistake(
    "the first place of each axis is not counted: one too few",
    "There are (H - KH) // stride + 1 places along the rows; check the + 1.",
)
def one_place_too_few(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    oh, ow = Geometry(shape[1:], kernel_size, stride=stride).output_size
    count = (oh - 1) * (ow - 1) * shape[0] * prod(kernel_size)
    return count * item, count * INDEX


@mistake("the stride is ignored", "With a stride there are fewer places: divide, and round down.")
def stride_ignored(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, (1, 1))
    return count * item, count * INDEX


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first belongs to H and KH, the second to W and KW.",
)
def stride_swapped(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride[::-1])
    return count * item, count * INDEX


@mistake(
    "the two answers have changed places",
    "Return the bytes of the patches first, then those of the index grid.",
)
def answers_swapped(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * INDEX, count * item


@mistake(
    "1 is added before the division by the stride",
    "The last places come from (H - KH) // stride; add 1, the first place, behind the division.",
)
def one_added_too_early(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    each = zip(shape[1:], kernel_size, stride, strict=True)
    places = prod((size - k + 1) // step for size, k, step in each)
    count = places * shape[0] * prod(kernel_size)
    return count * item, count * INDEX


@mistake(
    "the places are not rounded down",
    "A window that does not fit as a whole has no place: divide with //.",
)
def not_rounded(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> tuple[float, float]:
    each = zip(shape[1:], kernel_size, stride, strict=True)
    places = prod((size - k) / step + 1 for size, k, step in each)
    count = places * shape[0] * prod(kernel_size)
    return count * item, count * INDEX


@mistake(
    "the taps are left out: one number is counted for each channel of a window",
    "A patch holds KH*KW numbers of every channel.",
)
def taps_left_out(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride) // prod(kernel_size)
    return count * item, count * INDEX


@mistake(
    "the bytes of a single patch are counted",
    "There is a patch for every place of the window: multiply by OH*OW.",
)
def one_patch_only(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = shape[0] * prod(kernel_size)
    return count * item, count * INDEX


@mistake(
    "the index grid is counted with one index for each place of the window",
    "The grid has an index for each number of a patch: as many as the patches have numbers.",
)
def grid_of_places(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * item, count // shape[0] // prod(kernel_size) * INDEX


@mistake(
    "the index grid is counted with one index for each pixel of the image",
    "The grid has an index for each number of a patch, and a pixel stands in many patches.",
)
def grid_of_pixels(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    return _numbers(shape, kernel_size, stride) * item, prod(shape) * INDEX


@mistake(
    "the bytes of the patches are multiplied with those of an index",
    "An index takes 8 bytes in place of item, not times item.",
)
def item_and_index_multiplied(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * item, count * item * INDEX


@mistake(
    "the patches are counted for numbers of 4 bytes",
    "A number takes item bytes: multiply by item.",
)
def four_bytes_assumed(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * 4, count * INDEX


@mistake(
    "the patches are counted as large as the indices, 8 bytes a number",
    "The patches hold numbers of the image, of item bytes each.",
)
def patches_as_large_as_the_grid(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    count = _numbers(shape, kernel_size, stride)
    return count * INDEX, count * INDEX
