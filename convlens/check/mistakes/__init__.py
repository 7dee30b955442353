"""Known mistakes, each a slip: a change of what an answer is made of, or of the answer.

A mistake that does not touch a case leaves its answer right.
"""

from convlens.check.mistakes import (
    centred,
    channels,
    groups,
    kernel,
    margins,
    numbers,
    padding,
    places,
    products,
    sums,
)
from convlens.check.mistakes.axes import under
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

__all__ = ["LAYER"]

#: Those of a convolution layer.
LAYER = under(
    Slips(Layer.of, Layer.answer),
    kernel.kernel,
    sums.sums,
    products.products,
    places.places,
    padding.padding,
    centred.centred,
    margins.margins,
    channels.channels,
    groups.groups,
    numbers.numbers,
)
