"""What goes wrong when a bias sums up: each returns db, with one mistake."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.task import mistake


@mistake(
    "db is averaged over the batch",
    "Sum over the images: a loss that is a mean has brought its 1/N with grad.",
)
def batch_averaged(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _sum(grad, given) / len(grad)


@mistake(
    "db is an average over images and places",
    "A bias was added at every place of every image: sum, do not divide.",
)
def all_averaged(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return np.moveaxis(grad, _filters(given), 0).reshape(grad.shape[_filters(given)], -1).mean(1)


@mistake(
    "db is summed over the wrong axes: over the filters, with the columns left",
    "One bias belongs to each filter: sum over all axes but that of the filters.",
)
def columns_left(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return grad.sum(axis=(0, 1, 2) if _filters(given) == 1 else (0, 1, 3))


@mistake(
    "db is summed over the wrong axes: over the filters, with the rows left",
    "One bias belongs to each filter: sum over all axes but that of the filters.",
)
def rows_left(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return grad.sum(axis=(0, 1, 3) if _filters(given) == 1 else (0, 2, 3))


@mistake(
    "db is not summed over the images",
    "The bias is the same for all images of the batch: sum over them too.",
)
def images_left(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return grad.sum(axis=(2, 3) if _filters(given) == 1 else (1, 2))


@mistake(
    "db is not summed over the places",
    "The bias is the same at all places: sum over rows and columns too.",
)
def places_left(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return grad.sum(axis=0)


@mistake(
    "db is one number for all filters",
    "One bias belongs to each filter: keep the axis of the filters.",
)
def one_number(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return grad.sum()


@mistake("db holds the last image alone", "Each image adds to the bias: sum over the batch.")
def last_image_kept(grad: Any, x: Any, w: Any, **given: Any) -> Any:
    return _sum(grad[-1:], given)


def _filters(given: dict[str, Any]) -> int:
    """Axis of the filters in a batch of outputs."""
    return 3 if given.get("layout", "NCHW") == "NHWC" else 1


def _sum(grad: Any, given: dict[str, Any]) -> Any:
    return grad.sum(axis=(0, 1, 2) if _filters(given) == 3 else (0, 2, 3))
