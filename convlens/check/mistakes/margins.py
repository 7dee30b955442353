"""What goes wrong with a padding that is asked for: where it is put, and what it holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO
from convlens.check.mistakes.layer import NONE, Layer, Sides
from convlens.check.slips import Slips

margins = Slips(Layer.of, Layer.answer)


def _around_the_result(a: Layer) -> Any:
    """Pad the sums, not the image."""
    y = a.but(padding=NONE).answer()
    widths = [ZERO] * y.ndim
    for axis, sides in zip(a.places, a.geometry.padding, strict=True):
        widths[axis] = sides
    return np.pad(y, widths)


def _moved_inside(a: Layer, *, both: bool) -> Any:
    """Move what begins before the image to its edge, and what ends behind it if `both`."""
    g = a.geometry
    after = NONE if both else tuple((0, after) for _, after in g.padding)
    y = a.but(stride=ONE, padding=after).answer()
    for k, axis in enumerate(a.places):
        begin = np.arange(g.output_size[k]) * g.stride[k] - g.padding[k][0]
        y = y.take(begin.clip(0, y.shape[axis] - 1), axis)
    return y


def _before_and_after(sides: Sides) -> Sides:
    """Read a pair, rows and columns, as before and after; four sides stay."""
    (top, bottom), (left, right) = sides
    return ((top, left),) * 2 if (top, left) == (bottom, right) else sides


def _all_round(a: Layer) -> int:
    """By how much all four sides are padded; 0 where they differ."""
    widths = {n for sides in a.geometry.padding for n in sides}
    return widths.pop() if len(widths) == 1 and a.layout == "NCHW" else 0


def _channels_too(a: Layer) -> Layer:
    """Put channels of zeros before and after those of the image, and read the first."""
    wide = _all_round(a)
    if not wide or a.x.ndim == 2:
        return a
    x = np.zeros_like(a.x)
    x[..., wide:, :, :] = a.x[..., :-wide, :, :]
    return a.but(x=x)


def _images_too(a: Layer) -> Layer:
    """Put images of zeros before and after those of the batch."""
    wide = (_all_round(a),) * 2 if a.x.ndim == 4 else ZERO
    return a.but(x=np.pad(a.x, [wide, *[ZERO] * (a.x.ndim - 1)]))


def _halves(a: Layer, less: int) -> Layer:
    """Pad both sides alike where the output should be as large as the image."""
    if not isinstance(a.padding, str) or a.padding == "valid":
        return a
    return a.but(padding=tuple(((n - less) // 2,) * 2 for n in a.geometry.extent))


def _of_ones(a: Layer) -> Layer:
    """Pad with ones: with zeros what is one less, and add the one again."""
    if a.padding_mode != "zeros" or not a.geometry.pads:
        return a
    padded = a.but(x=a.x.astype(np.result_type(a.x, np.int64)) - 1).around("constant")
    return padded.but(x=padded.x + 1)


def _filled(a: Layer, mode: str) -> Layer:
    """Fill a padding of zeros in another way."""
    return a.but(padding_mode=mode) if a.padding_mode == "zeros" else a


margins(
    "the zeros are put around the result, not around the image",
    "Pad the image first, then let the windows move over the padded image.",
    answer=_around_the_result,
)
margins(
    "the pair `padding` is read as (before, after), for rows and columns alike",
    "padding is (rows, columns): np.pad wants ((p, p), (q, q)) for that.",
    lambda a: a.sided(_before_and_after),
)
margins(
    "windows that begin in the padding are moved to the edge of the image, max(i - p, 0)",
    "Pad the image, and let window (i, j) begin at row i*stride of the padded one.",
    answer=lambda a: _moved_inside(a, both=False),
)
margins(
    "windows that begin in the padding, or end in it, are moved inside the image",
    "Pad the image, and let window (i, j) begin at row i*stride of the padded one.",
    answer=lambda a: _moved_inside(a, both=True),
)
margins(
    "the padding surrounds the channels as well, so that each meets the weights of another",
    "np.pad(x, p) pads every axis: name them, ((0, 0), (p, p), (p, p)) for (C, H, W).",
    _channels_too,
)
margins(
    "the padding surrounds the batch as well: there are images of zeros before and after it",
    "np.pad(x, p) pads every axis: name them, ((0, 0), (0, 0), (p, p), (p, p)) for a batch.",
    _images_too,
)
margins(
    'with "same" both sides are padded by K//2, which is one too many for an even kernel',
    "A kernel of K cells needs K - 1 cells in all: (K - 1)//2 on one side, K//2 on the other.",
    lambda a: _halves(a, 0),
)
margins(
    'with "same" both sides are padded by (K - 1)//2, which is one too few for an even kernel',
    "A kernel of K cells needs K - 1 cells in all: (K - 1)//2 on one side, K//2 on the other.",
    lambda a: _halves(a, 1),
)
margins(
    "the padding is ones, not zeros",
    "Pad with zeros: np.pad(..., mode='constant'), or np.zeros for the larger image.",
    _of_ones,
)
margins(
    "the padding is filled by reflection",
    "Pad with zeros: np.pad(..., mode='constant').",
    lambda a: _filled(a, "reflect"),
)
margins(
    "the padding is filled from the other side of the image, as np.roll and negative indices do",
    "Pad with zeros: np.pad(..., mode='constant').",
    lambda a: _filled(a, "circular"),
)
margins(
    "only the rows are padded: nothing is added on the left and on the right",
    "padding is (rows, columns): pad both axes, ((p, p), (q, q)).",
    lambda a: a.sided(lambda p: (p[0], ZERO)),
)
margins(
    "only the columns are padded: nothing is added above and below",
    "padding is (rows, columns): pad both axes, ((p, p), (q, q)).",
    lambda a: a.sided(lambda p: (ZERO, p[1])),
)
