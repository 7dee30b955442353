"""Known mistakes, each a slip: a change of what an answer is made of, or of the answer.

A mistake that does not touch a case leaves its answer right.
"""

from convlens.check.mistakes import channels, kernel, numbers, padding, places, sums
from convlens.check.mistakes.axes import under
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

__all__ = ["LAYER"]

#: Those of a convolution layer.
LAYER = under(
    Slips(Layer.of, Layer.answer),
    kernel.kernel,
    sums.sums,
    places.places,
    padding.padding,
    channels.channels,
    numbers.numbers,
)
