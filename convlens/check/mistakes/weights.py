"""What goes wrong with the gradient of one weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ZERO, Pair, only
from convlens.check.mistakes.made import Made
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Weight(Made):
    """An output gradient, the plane, and the place of the weight."""

    grad: Any
    x: Any
    tap: Pair

    @property
    def products(self) -> Any:
        """Multiply each gradient with the pixel that the weight met there."""
        met = self.pixels
        return met * self.grad[: met.shape[0], : met.shape[1]]

    @property
    def pixels(self) -> Any:
        """Cut out what the weight met, place by place."""
        (u, v), (rows, columns) = self.tap, self.grad.shape
        return self.x[u : u + rows, v : v + columns]


weights = Slips(Weight, lambda a: a.products.sum())

weights(
    "the output gradient is not used: the pixels are summed as they are",
    "Multiply each pixel with the gradient of the output that it went to.",
    lambda a: a.but(grad=np.ones_like(a.grad)),
)
weights(
    "the pixels are not used: the output gradient is summed as it is",
    "Multiply each gradient with the pixel that the weight met there.",
    lambda a: a.but(x=np.ones_like(a.x)),
)
weights(
    "only one pixel is used: the one at the tap of the first window",
    "The weight met another pixel in every window: x[i + u, j + v] for all i and j.",
    lambda a: a.but(x=np.full_like(a.x, a.x[a.tap])),
)
weights(
    "the tap is not used: the pixels are those of the first weight",
    "The weight at (u, v) met the pixels from row u and column v on.",
    lambda a: a.but(tap=ZERO),
)
weights(
    "row and column of the tap have changed places",
    "tap is (u, v): u moves down the rows, v along the columns.",
    lambda a: a.but(tap=a.tap[::-1]),
)
weights(
    "the taps are counted from the other end, as in a turned kernel",
    "The weight at (u, v) met x[i + u, j + v]: no half turn.",
    lambda a: a.but(tap=tuple(np.subtract(a.x.shape, a.grad.shape) - a.tap)),
)
weights(
    "the products are averaged",
    "Sum the products; nothing is divided by their number.",
    shape=lambda y, a: y / a.grad.size,
)
weights(
    "only one product is kept, that of the last window",
    "Add to the sum (+=) where you set it (=).",
    lambda a: a.but(grad=only(a.grad, (-1, -1))),
)
weights(
    "the products are not summed",
    "Sum them to one number: the loss feels the weight at all places together.",
    answer=lambda a: a.products,
)
weights(
    "gradient and pixels meet in a matrix product: rows with rows, grad @ part.T",
    "Multiply cell by cell, grad * part, and sum that; @ and np.dot pair every row with every row.",
    answer=lambda a: (a.grad @ a.pixels.T).sum(),
)
weights(
    "gradient and pixels meet in a matrix product: columns with columns, grad.T @ part",
    "Multiply cell by cell, grad * part, and sum that; @ and np.dot pair all columns.",
    answer=lambda a: (a.grad.T @ a.pixels).sum(),
)
weights(
    "gradient and pixels are summed before they are multiplied",
    "Each gradient belongs to its own pixel: multiply first, then sum.",
    answer=lambda a: a.grad.sum() * a.pixels.sum(),
)
weights(
    "all pixels of the image are summed, and multiplied with the sum of the gradient",
    "The weight met one pixel in each window, x[i + u, j + v]: multiply that with grad[i, j].",
    answer=lambda a: a.grad.sum() * a.x.sum(),
)
