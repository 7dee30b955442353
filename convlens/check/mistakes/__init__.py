"""Known mistakes, each a small function that is right but for that mistake.

All in this folder take what `conv2d` takes; most are `conv2d` on arguments that were spoilt first.
A mistake that does not touch a case leaves its answer right.
"""

from types import ModuleType

from convlens.check.mistakes import channels, kernel, numbers, padding, places
from convlens.check.task import Mistake

__all__ = ["LAYER", "known"]


def known(*modules: ModuleType) -> tuple[Mistake, ...]:
    """Collect the mistakes of some modules, in the order in which they are written."""
    return tuple(v for m in modules for v in vars(m).values() if isinstance(v, Mistake))


#: Those of a convolution layer.
LAYER = known(kernel, places, padding, channels, numbers)
