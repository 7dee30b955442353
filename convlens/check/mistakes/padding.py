"""What goes wrong around the image."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import places, resided
from convlens.check.task import mistake
from convlib.convolution import conv2d


@mistake("the padding is ignored", "Surround the image with padding before the windows move.")
def padding_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "padding": 0})


@mistake(
    "the padding is added on top and on the left only",
    "A padding of 1 adds a row above and one below, a column on the left and one on the right.",
)
def padding_before_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **resided(given, lambda p: ((p[0][0], 0), (p[1][0], 0))))


@mistake(
    "the padding is added at the bottom and on the right only",
    "A padding of 1 adds a row above and one below, a column on the left and one on the right.",
)
def padding_after_only(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **resided(given, lambda p: ((0, p[0][1]), (0, p[1][1]))))


@mistake(
    "the padding is added twice",
    "Pad once: look for a second place where the size or the image grows.",
)
def padding_twice(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **resided(given, lambda p: [(2 * a, 2 * b) for a, b in p]))


@mistake(
    "the padding of the rows is given to the columns, and the other way round",
    "padding is (rows, columns): the first number goes above and below.",
)
def padding_on_the_wrong_axis(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **resided(given, lambda p: p[::-1]))


@mistake(
    "the padding repeats the edge of the image",
    "Pad with zeros: np.pad(..., mode='constant').",
)
def padding_not_zero(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if given.get("padding_mode", "zeros") == "zeros":
        given = {**given, "padding_mode": "replicate"}
    return conv2d(x, w, bias, **given)


@mistake(
    "the padding is zeros, whatever padding_mode says",
    'Fill it from the image: "reflect" without repeating the edge, "replicate" with the edge, '
    '"circular" from the other side.',
)
def padding_mode_ignored(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    return conv2d(x, w, bias, **{**given, "padding_mode": "zeros"})


@mistake(
    "the reflection repeats the edge",
    "In a reflection the edge stands once: np.pad calls that 'reflect', not 'symmetric'.",
)
def reflection_with_the_edge(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    if given.get("padding_mode") != "reflect":
        return conv2d(x, w, bias, **given)
    widths = [(0, 0)] * x.ndim
    rows, columns = places(x, given.get("layout", "NCHW"))
    widths[rows], widths[columns] = resided(given, lambda p: p)["padding"]
    around = np.pad(x, widths, mode="symmetric")
    return conv2d(around, w, bias, **{**given, "padding": 0, "padding_mode": "zeros"})


@mistake(
    "the odd cell of the padding is on the other side",
    'With "same" the odd cell goes to the bottom and the right, with "same_lower" to the top '
    "and the left.",
)
def odd_cell_on_the_other_side(x: Any, w: Any, bias: Any = None, **given: Any) -> Any:
    other = {"same": "same_lower", "same_lower": "same"}
    padding = given.get("padding", 0)
    return conv2d(x, w, bias, **{**given, "padding": other.get(str(padding), padding)})
