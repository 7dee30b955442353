"""What goes wrong when the multiplications of a layer with a stride and groups are counted."""

from __future__ import annotations

from math import prod

from convlens.check.task import mistake
from convlib.geometry import Geometry

Pair = tuple[int, int]
Shape = tuple[int, int, int]


def _places(shape: Shape, kernel_size: Pair, stride: Pair) -> int:
    return prod(Geometry(shape[1:], kernel_size, stride=stride).output_size)


@mistake(
    "only one filter is counted",
    "Every filter is multiplied with every window: multiply by the number of filters.",
)
def one_filter_only(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return _places(shape, kernel_size, stride) * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "the channels are left out",
    "A filter has KH*KW weights for every channel that it reads, C // groups of them.",
)
def channels_left_out(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return filters * _places(shape, kernel_size, stride) * prod(kernel_size)


@mistake(
    "the taps are left out: a window is counted as one multiplication for each channel",
    "A window has KH*KW taps in every channel, and each is multiplied with its weight.",
)
def taps_left_out(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return filters * _places(shape, kernel_size, stride) * (shape[0] // groups)


@mistake(
    "every pixel is counted as a place of the window",
    "Only windows that fit count: OH*OW places, not H*W.",
)
def pixels_for_places(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return filters * prod(shape) // groups * prod(kernel_size)


@mistake(
    "the first place of each axis is not counted: one too few",
    "There are (H - KH) // stride + 1 places along the rows; check the + 1.",
)
def one_place_too_few(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    oh, ow = Geometry(shape[1:], kernel_size, stride=stride).output_size
    return filters * (oh - 1) * (ow - 1) * (shape[0] // groups) * prod(kernel_size)


@mistake("the stride is ignored", "With a stride there are fewer places: divide, and round down.")
def stride_ignored(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return filters * _places(shape, kernel_size, (1, 1)) * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first belongs to H and KH, the second to W and KW.",
)
def stride_swapped(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    places = _places(shape, kernel_size, stride[::-1])
    return filters * places * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "the groups are ignored",
    "With groups a filter reads only C // groups channels.",
)
def groups_ignored(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return filters * _places(shape, kernel_size, stride) * shape[0] * prod(kernel_size)


@mistake(
    "groups divides the filters too: only those of one group are counted",
    "Fewer channels for each filter, but all filters stay: divide by groups once.",
)
def one_group_only(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    places = _places(shape, kernel_size, stride)
    return filters // groups * places * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "the additions are counted with the multiplications",
    "Asked are the multiplications alone: one for each weight at each place.",
)
def additions_counted(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    places = _places(shape, kernel_size, stride)
    return 2 * filters * places * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "1 is added before the division by the stride",
    "The last places come from (H - KH) // stride; add 1, the first place, behind the division.",
)
def one_added_too_early(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    each = zip(shape[1:], kernel_size, stride, strict=True)
    places = prod((size - k + 1) // step for size, k, step in each)
    return filters * places * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "the places are not rounded down",
    "A window that does not fit as a whole has no place: divide with //.",
)
def not_rounded(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> float:
    each = zip(shape[1:], kernel_size, stride, strict=True)
    places = prod((size - k) / step + 1 for size, k, step in each)
    return filters * places * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "only one place of the window is counted",
    "Every filter is multiplied with every window: multiply by OH*OW.",
)
def one_place_only(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    return filters * (shape[0] // groups) * prod(kernel_size)


@mistake(
    "the groups multiply the cost",
    "With groups a filter reads fewer channels, C // groups: divide.",
)
def times_groups(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    places = _places(shape, kernel_size, stride)
    return filters * places * shape[0] * groups * prod(kernel_size)
