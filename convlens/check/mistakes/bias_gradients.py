"""What goes wrong when a bias sums up: slips of db."""

from __future__ import annotations

import numpy as np

from convlens.check.mistakes.sent import Back
from convlens.check.slips import Slips

bias_gradients = Slips(Back.of, Back.db)

bias_gradients(
    "db is averaged over the batch",
    "Sum over the images: a loss that is a mean has brought its 1/N with grad.",
    shape=lambda db, a: db / a.images,
)
bias_gradients(
    "db is an average over images and places",
    "A bias was added at every place of every image: sum, do not divide.",
    shape=lambda db, a: db * len(a.filters) / a.grad.size,
)
bias_gradients(
    "db is summed over the wrong axes: over the filters, with the columns left",
    "One bias belongs to each filter: sum over all axes but that of the filters.",
    shape=lambda db, a: a.over("NOH"),
)
bias_gradients(
    "db is summed over the wrong axes: over the filters, with the rows left",
    "One bias belongs to each filter: sum over all axes but that of the filters.",
    shape=lambda db, a: a.over("NOW"),
)
bias_gradients(
    "db is not summed over the images",
    "The bias is the same for all images of the batch: sum over them too.",
    shape=lambda db, a: a.over("HW"),
)
bias_gradients(
    "db is not summed over the places",
    "The bias is the same at all places: sum over rows and columns too.",
    shape=lambda db, a: a.over("N"),
)
bias_gradients(
    "db is one number for all filters",
    "One bias belongs to each filter: keep the axis of the filters.",
    shape=lambda db, a: a.over("NOHW"),
)
bias_gradients(
    "db holds the last image alone",
    "Each image adds to the bias: sum over the batch.",
    lambda a: a.image(np.s_[-1:]),
)
