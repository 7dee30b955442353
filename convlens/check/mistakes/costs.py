"""What goes wrong when the cost of a layer is counted, in weights and multiplications."""

from __future__ import annotations

from math import prod

from convlens.check.task import mistake

Pair = tuple[int, int]


@mistake(
    "the weights of one filter are counted, not those of all",
    "Every filter has weights of its own: multiply by the number of filters.",
)
def one_filter_only(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = channels // groups * prod(kernel_size)
    return weights, weights * prod(output_size)


@mistake(
    "the channels are forgotten: a filter is counted as a single plane",
    "A filter has KH*KW weights for every channel that it reads.",
)
def channels_forgotten(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * prod(kernel_size)
    return weights, weights * prod(output_size)


@mistake(
    "the groups are ignored",
    "With groups a filter reads channels // groups channels, and has weights only for those.",
)
def groups_ignored(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * channels * prod(kernel_size)
    return weights, weights * prod(output_size)


@mistake(
    "groups divides the filters too: only those of one group are counted",
    "Fewer channels for each filter, but all filters stay: divide by groups once.",
)
def one_group_only(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = (filters // groups) * (channels // groups) * prod(kernel_size)
    return weights, weights * prod(output_size)


@mistake(
    "groups divides the weights, but not the multiplications",
    "Each weight is used once at each place: fewer weights are fewer multiplications.",
)
def groups_in_the_weights_only(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights, filters * channels * prod(kernel_size) * prod(output_size)


@mistake(
    "a bias is counted with the weights",
    "Leave the bias out: it is added, and multiplies nothing.",
)
def bias_counted(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights + filters, weights * prod(output_size)


@mistake(
    "the multiplications at one place of the window are counted, not those at all places",
    "There are OH*OW places, and each weight is used once at each.",
)
def one_place_only(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights, weights


@mistake(
    "the additions are counted with the multiplications",
    "Asked are the multiplications alone: one for each weight at each place.",
)
def additions_counted(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights, 2 * weights * prod(output_size)


@mistake(
    "the two counts have changed places",
    "Return the weights first, then the multiplications.",
)
def counts_swapped(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights * prod(output_size), weights


@mistake(
    "the groups multiply the cost",
    "With groups a filter reads fewer channels, channels // groups: divide.",
)
def times_groups(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * channels * groups * prod(kernel_size)
    return weights, weights * prod(output_size)


@mistake(
    "groups divides the multiplications, but not the weights",
    "A filter has weights only for the channels // groups channels that it reads.",
)
def groups_in_the_multiplications_only(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights * groups, weights * prod(output_size)


@mistake(
    "the multiplications of one filter are counted, not those of all",
    "Every weight of every filter is used once at each place: multiply all weights by OH*OW.",
)
def multiplications_of_one_filter(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    one = channels // groups * prod(kernel_size)
    return filters * one, one * prod(output_size)


@mistake(
    "the channels are missing in the multiplications",
    "Every weight of every channel is used once at each place: multiply all weights by OH*OW.",
)
def multiplications_of_one_channel(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights, filters * prod(kernel_size) * prod(output_size)


@mistake(
    "the numbers of the output are counted, not the multiplications",
    "Each number of the output is a sum of C*KH*KW products, or fewer with groups.",
)
def outputs_counted(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * prod(kernel_size)
    return weights, filters * prod(output_size)


@mistake(
    "the kernel is taken to be square: its number of rows is used for the columns too",
    "kernel_size is (KH, KW): multiply by both.",
)
def square_kernel(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * kernel_size[0] ** 2
    return weights, weights * prod(output_size)


@mistake(
    "a bias is counted with the weights, and is multiplied too",
    "Leave the bias out of both: it is added, and multiplies nothing.",
)
def bias_in_both(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups * prod(kernel_size) + 1)
    return weights, weights * prod(output_size)
