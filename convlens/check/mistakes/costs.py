"""What goes wrong when the cost of a layer is counted, in weights and multiplications."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from convlens.check.mistakes.made import Made
from convlens.check.mistakes.rule import Pair
from convlens.check.mistakes.shared import SQUARE
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Layer(Made):
    """The factors of a cost; `reads` is how many channels a filter reads."""

    channels: int
    filters: int
    kernel: Pair
    output: Pair
    groups: int
    reads: int
    bias: int = 0  # 1 where it is counted among the weights of a filter

    @property
    def cost(self) -> Pair:
        """The weights and the multiplications."""
        weights = self.filters * (self.reads * prod(self.kernel) + self.bias)
        return weights, weights * prod(self.output)


def _made(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Layer:
    return Layer(channels, filters, kernel_size, output_size, groups, channels // groups)


costs = Slips(_made, lambda c: c.cost)
costs(
    "the weights of one filter are counted, not those of all",
    "Every filter has weights of its own: multiply by the number of filters.",
    lambda c: c.but(filters=1),
)
costs(
    "the channels are forgotten: a filter is counted as a single plane",
    "A filter has KH*KW weights for every channel that it reads.",
    lambda c: c.but(reads=1),
)
costs(
    "the groups are ignored",
    "With groups a filter reads channels // groups channels, and has weights only for those.",
    lambda c: c.but(reads=c.channels),
)
costs(
    "groups divides the filters too: only those of one group are counted",
    "Fewer channels for each filter, but all filters stay: divide by groups once.",
    lambda c: c.but(filters=c.filters // c.groups),
)
costs(
    "groups divides the weights, but not the multiplications",
    "Each weight is used once at each place: fewer weights are fewer multiplications.",
    shape=lambda y, c: (y[0], y[1] * c.groups),
)
costs(
    "a bias is counted with the weights",
    "Leave the bias out: it is added, and multiplies nothing.",
    shape=lambda y, c: (y[0] + c.filters, y[1]),
)
costs(
    "the multiplications at one place of the window are counted, not those at all places",
    "There are OH*OW places, and each weight is used once at each.",
    lambda c: c.but(output=(1, 1)),
)
costs(
    "the additions are counted with the multiplications",
    "Asked are the multiplications alone: one for each weight at each place.",
    shape=lambda y, c: (y[0], 2 * y[1]),
)
costs(
    "the two counts have changed places",
    "Return the weights first, then the multiplications.",
    shape=lambda y, c: y[::-1],
)
costs(
    "the groups multiply the cost",
    "With groups a filter reads fewer channels, channels // groups: divide.",
    lambda c: c.but(reads=c.channels * c.groups),
)
costs(
    "groups divides the multiplications, but not the weights",
    "A filter has weights only for the channels // groups channels that it reads.",
    shape=lambda y, c: (y[0] * c.groups, y[1]),
)
costs(
    "the multiplications of one filter are counted, not those of all",
    "Every weight of every filter is used once at each place: multiply all weights by OH*OW.",
    shape=lambda y, c: (y[0], y[1] // c.filters),
)
costs(
    "the channels are missing in the multiplications",
    "Every weight of every channel is used once at each place: multiply all weights by OH*OW.",
    shape=lambda y, c: (y[0], y[1] // c.reads),
)
costs(
    "the numbers of the output are counted, not the multiplications",
    "Each number of the output is a sum of C*KH*KW products, or fewer with groups.",
    shape=lambda y, c: (y[0], c.filters * prod(c.output)),
)
costs(
    SQUARE,
    "kernel_size is (KH, KW): multiply by both.",
    lambda c: c.but(kernel=(c.kernel[0], c.kernel[0])),
)
costs(
    "a bias is counted with the weights, and is multiplied too",
    "Leave the bias out of both: it is added, and multiplies nothing.",
    lambda c: c.but(bias=1),
)
costs(
    "the output is taken to be square: its number of rows is used for the columns too",
    "output_size is (OH, OW): multiply by both.",
    lambda c: c.but(output=(c.output[0], c.output[0])),
)
costs(
    "the additions are counted as well: 2n - 1 steps for a sum of n products",
    "Asked are the multiplications alone: one for each weight at each place.",
    shape=lambda y, c: (y[0], 2 * y[1] - c.filters * prod(c.output)),
)
