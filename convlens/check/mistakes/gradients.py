"""What goes wrong with all gradients of a layer: slips of dx, of dw and of db, or of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convlens.check.mistakes import bias_gradients, input_gradients, kernel_gradients
from convlens.check.mistakes.axes import Pair, steps
from convlens.check.mistakes.made import Made
from convlens.check.mistakes.sent import Back, undilated, unstrided
from convlens.check.slips import Mistake, Slips

PARTS = ("dx", "dw", "db")


@dataclass(frozen=True)
class Gradients(Made):
    """What each of (dx, dw, db) is made of."""

    dx: Back
    dw: Back
    db: Back

    @classmethod
    def of(cls, grad: Any, x: Any, w: Any, **given: Any) -> Gradients:
        """Make all of the same."""
        return cls(*[Back.of(grad, x, w, **given)] * 3)

    def answer(self) -> Any:
        """Return (dx, dw, db)."""
        return self.dx.dx(), self.dw.dw(), self.db.db()

    def two(self, change: Callable[[Back], Back]) -> Gradients:
        """Change dx and dw alike: one loop fills both."""
        return self.but(dx=change(self.dx), dw=change(self.dw))

    def stepped(self, name: str, take: Callable[[Pair], Pair]) -> Gradients:
        """Change a stride or a dilation in both."""
        return self.two(lambda part: part.stepped(name, take))


def _of(part: str, m: Mistake) -> Mistake:
    """Make a mistake in one of the gradients, and leave the others right."""

    def shape(y: Any, a: Gradients) -> Any:
        every = dict(zip(PARTS, y, strict=True))
        change = m.shape or (lambda one, made: one)
        return tuple({**every, part: change(every[part], getattr(a, part))}.values())

    slipped = lambda a: a.but(**{part: m.slip(getattr(a, part))})  # noqa: E731
    return replace(m, rule=gradients, slip=slipped, shape=shape)


gradients = Slips(Gradients.of, Gradients.answer)
gradients.extend(_of("dx", m) for m in input_gradients.input_gradients)
gradients.extend(_of("dw", m) for m in kernel_gradients.kernel_gradients)
gradients.extend(_of("db", m) for m in bias_gradients.bias_gradients)

gradients(
    "dw and db are averaged over the batch",
    "Sum over the images: a loss that is a mean has brought its 1/N with grad.",
    shape=lambda y, a: (y[0], y[1] / a.dw.images, y[2] / a.db.images),
)
gradients(
    "dx, dw and db are all divided by the number of images",
    "Sum and do not divide: a loss that is a mean has brought its 1/N with grad.",
    shape=lambda y, a: tuple(part / a.dx.images for part in y),
)
gradients(
    "dx and dw have changed places",
    "Return (dx, dw, db), in this order.",
    shape=lambda y, a: (y[1], y[0], y[2]),
)
gradients(
    "the stride is forgotten, in dx and in dw: the windows stand side by side",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1], on the way back too.",
    lambda a: a.two(unstrided),
)
gradients(
    "the dilation is forgotten, in dx and in dw: the taps stand side by side",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the window's start.",
    lambda a: a.two(undilated),
)
gradients(
    "the groups are ignored, in dx and in dw",
    "Group k of the filters has read the channels k*C/groups to (k + 1)*C/groups.",
    lambda a: a.but(
        dx=a.dx.weighing(lambda w: np.tile(w, (1, a.dx.groups, 1, 1))).but(groups=1),
        dw=a.dw.dealt(np.arange(a.dw.channels // a.dw.groups)).but(groups=1),
    ),
)
steps(gradients, ", in dx and in dw")
