"""What goes wrong with the memory that a convolution holds while it runs."""

from __future__ import annotations

from convlens.check.calling import Outcome
from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips
from convlib.convolution import conv2d


def _never(outcome: Outcome) -> bool:
    """It is seen in the bytes that the call holds, not in what comes of it."""
    return False


waste = Slips(Layer.of, Layer.answer)
waste(
    "as much is held as all patches take: they are copied, or the products of all taps are kept",
    "Work on slices of the image that are as large as the output, one for each tap, and add each "
    "product to the output at once.",
    answer=lambda a: conv2d(a.x, a.w, a.bias, **a.steps, method="strided"),
    shows=_never,
)
waste(
    "beside the image stands an array with as many channels: a copy, or products of all at once",
    "Take one channel and one tap at a time; a weight made a float widens the product by itself.",
    answer=lambda a: conv2d(a.x.astype(float), a.w, a.bias, **a.steps, method="loops"),
    shows=_never,
)
patches_copied, all_channels_held = waste
