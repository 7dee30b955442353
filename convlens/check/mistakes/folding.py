"""What goes wrong when columns are added to an image: slips of `fold`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO, Pair, Stepped, only, pair, steps
from convlens.check.slips import Slips
from convlib.adjoint.folding import fold, unfold
from convlib.geometry import Geometry


@dataclass(frozen=True)
class Fold(Stepped):
    """What `fold` is given, the columns as windows (C, KH, KW, OH, OW)."""

    windows: Any
    size: Pair  # of the image
    stride: Pair
    padding: Pair
    dilation: Pair

    @classmethod
    def of(
        cls,
        cols: Any,
        output_size: Any,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
    ) -> Fold:
        """Read the arguments of `fold`."""
        steps = {"stride": stride, "padding": padding, "dilation": dilation}
        g = Geometry(output_size, kernel_size, **steps)
        windows = cols.reshape(-1, *g.kernel_size, *g.output_size)
        return cls(windows, g.input_size, g.stride, pair(padding), g.dilation)

    @property
    def cols(self) -> Any:
        """The columns again."""
        c, kh, kw, oh, ow = self.windows.shape
        return self.windows.reshape(c * kh * kw, oh * ow)

    def answer(self) -> Any:
        """Add everything to a padded image, dropping what falls outside, and cut it."""
        taps, places = self.windows.shape[1:3], self.windows.shape[3:]
        axes = zip(taps, self.dilation, places, self.stride, strict=True)
        rows, columns = ((k - 1) * d + (n - 1) * s + 1 for k, d, n, s in axes)
        added = fold(self.cols, (rows, columns), taps, stride=self.stride, dilation=self.dilation)
        (top, left), (height, width) = self.padding, self.size
        room = np.zeros((len(added), max(rows, height + 2 * top), max(columns, width + 2 * left)))
        room[:, :rows, :columns] = added
        return room[:, top : top + height, left : left + width].astype(added.dtype)

    def reread(self, order: str) -> Fold:
        """Read the columns as if the axes "cuvij" of the windows lay in another order."""
        size = dict(zip("cuvij", self.windows.shape, strict=True))
        taken = self.cols.reshape([size[axis] for axis in order])
        return self.but(windows=taken.transpose([order.index(axis) for axis in "cuvij"]))


def _last(a: Fold, axes: tuple[int, int]) -> Any:
    """Let the parts along two axes of the windows set the pixels that they fall on, in turn."""
    image = a.answer() * 0
    for place in np.ndindex(*(a.windows.shape[axis] for axis in axes)):
        at = (slice(None), *place) if axes == (1, 2) else (..., *place)
        here = a.but(windows=only(np.ones_like(a.windows), at)).answer() > 0
        image[here] = a.but(windows=only(a.windows, at)).answer()[here]
    return image


folding = Slips(Fold.of, Fold.answer)

folding(
    "where windows overlap, the mean is taken",
    "fold adds; it does not divide by the counts, and so it does not undo unfold.",
    shape=lambda y, a: y / np.maximum(a.but(windows=np.ones_like(a.windows)).answer(), 1),
)
folding(
    "where windows overlap, only the last number is kept",
    "Add to the pixels (+=) where you set them (=).",
    answer=lambda a: _last(a, (3, 4)),
)
folding(
    "where windows overlap, only the last tap is kept",
    "Add to the pixels (+=) where you set them (=).",
    answer=lambda a: _last(a, (1, 2)),
)
folding(
    "the columns are read as rows: their axes are taken for (OH, OW, C, KH, KW)",
    "A row of cols is a tap and a column is a window: reshape to (C, KH, KW, OH, OW).",
    lambda a: a.reread("ijcuv"),
)
folding(
    "the channels are taken for the last axis of the taps",
    "The rows of cols go channel by channel, within it row by row: (C, KH, KW).",
    lambda a: a.reread("uvcij"),
)
folding(
    "the taps go down the columns of the kernel first",
    "Tap follows tap along a row of the kernel: (C, KH, KW).",
    lambda a: a.reread("cvuij"),
)
folding(
    "the windows go down the columns of the image first",
    "Window follows window along a row of the image: (OH, OW).",
    lambda a: a.reread("cuvji"),
)
folding(
    "the taps of each window are reversed",
    "Nothing is flipped: tap (u, v) lies u rows down and v columns right of the window's start.",
    lambda a: a.but(windows=a.windows[:, ::-1, ::-1]),
)
folding(
    "the channels are added together",
    "Each channel is an image of its own: return (C, H, W).",
    shape=lambda y, a: y.sum(axis=0) if len(y) > 1 else y,
)
folding(
    "the stride is ignored: the windows are set one cell apart",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda a: a.but(stride=ONE),
)
folding(
    "the padding is left on: the image comes back with its padding around it",
    "Add everything to the padded image, then cut padding[0] rows and padding[1] columns off.",
    lambda a: a.but(
        size=(a.size[0] + 2 * a.padding[0], a.size[1] + 2 * a.padding[1]), padding=ZERO
    ),
)
folding(
    "this is unfold: it takes windows from an image",
    "fold goes the other way: it adds the columns to an image.",
    answer=lambda a: unfold(
        a.cols[None],
        a.windows.shape[1:3],
        stride=a.stride,
        padding=a.padding,
        dilation=a.dilation,
    ),
)
folding(
    "only the last column is added: it overwrites the others",
    "Every column is a window: add each to the pixels that it came from, with +=.",
    lambda a: a.but(windows=only(a.windows, np.s_[..., -1, -1])),
)
folding(
    "the image is all zero: the columns have been added to a copy of it",
    "flatten() copies, and so does an index list: give np.add.at a view, image.reshape(-1).",
    shape=lambda y, a: y * 0,
)
folding(
    "the padding is cut off at the top and the left only",
    "It lies on both sides: keep H rows from row padding[0] on, and W columns from padding[1] on.",
    lambda a: a.but(size=(a.size[0] + a.padding[0], a.size[1] + a.padding[1])),
)
folding(
    "the channels stand between the rows and the columns of the taps",
    "The rows of cols go channel by channel, within it row by row: (C, KH, KW).",
    lambda a: a.reread("ucvij"),
)
folding(
    "the dilation moves the windows, too",
    "A dilation spreads the taps of a window; the stride alone moves the windows.",
    lambda a: a.but(stride=(a.stride[0] * a.dilation[0], a.stride[1] * a.dilation[1])),
)
steps(folding)
