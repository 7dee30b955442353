"""What goes wrong when windows are added up to an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, Pair, Stepped, only, pair, steps
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Sum(Stepped):
    """The windows, and how far it is from one to the next, and from tap to tap."""

    windows: Any
    size: Pair  # of the image
    stride: Pair = ONE
    tap: Pair = ONE

    @property
    def pixels(self) -> tuple[Any, Any]:
        """Row and column where each number belongs."""
        i, j, u, v = np.indices(self.windows.shape)
        return i * self.stride[0] + u * self.tap[0], j * self.stride[1] + v * self.tap[1]

    @property
    def reach(self) -> Pair:
        """Rows and columns up to the last number."""
        rows, columns = self.pixels
        return rows.max() + 1, columns.max() + 1

    def answer(self) -> Any:
        """Add everything; what falls outside of the image is dropped."""
        total = np.zeros(np.maximum(self.size, self.reach))
        np.add.at(total, self.pixels, self.windows)
        return total[: self.size[0], : self.size[1]]

    def looped(self) -> Any:
        """Add number by number, which fails where one falls outside."""
        total = np.zeros(self.size)
        rows, columns = self.pixels
        for at in np.ndindex(self.windows.shape):
            total[rows[at], columns[at]] += self.windows[at]
        return total

    def set(self, *order: int) -> Any:
        """Set the pixels, axis by axis in this order: the last number stays."""
        total = np.zeros(self.size, self.windows.dtype)
        rows, columns, numbers = (
            array.transpose(order).ravel() for array in (*self.pixels, self.windows)
        )
        total[rows, columns] = numbers
        return total


def _added_to_integers(y: Any, a: Sum) -> Any:
    """Add to an array of integers, which refuses fractions."""
    total = np.zeros(y.shape, dtype=int)
    total += y.astype(np.result_type(a.windows, np.int64))
    return total


add_up = Slips(
    lambda windows, image_shape, stride=1: Sum(windows, image_shape, pair(stride)), Sum.answer
)

add_up(
    "each tap overwrites what stood there: where windows overlap, only the last tap is kept",
    "Add to the pixels (+=) where you set them (=).",
    answer=lambda a: a.set(2, 3, 0, 1),
)
add_up(
    "where windows overlap, only the last number is kept",
    "Where a pixel comes twice, `=` sets it anew, and so does += on total[grid] or on a window "
    "view: use np.add.at, or += in a loop.",
    answer=lambda a: a.set(0, 1, 2, 3),
)
add_up(
    "the stride is ignored: the windows move by one",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda a: a.but(stride=ONE),
)
add_up(
    "the numbers of a pixel are averaged",
    "Sum them; nothing is divided by the number of windows.",
    shape=lambda y, a: y / np.maximum(a.but(windows=np.ones_like(a.windows)).answer(), 1),
)
add_up(
    "a whole window is added to the pixel at which it begins",
    "Tap (u, v) belongs u rows down and v columns to the right of the window's beginning.",
    lambda a: a.but(windows=a.windows.sum(axis=(2, 3), keepdims=True)),
)
add_up(
    "the taps of each window are laid down in the reverse order",
    "Tap (u, v) belongs to row i*stride[0] + u and column j*stride[1] + v.",
    lambda a: a.but(windows=a.windows[:, :, ::-1, ::-1]),
)
add_up(
    "how often each pixel is seen is counted, and the numbers are not used",
    "Add the numbers of the windows, not ones.",
    lambda a: a.but(windows=np.ones_like(a.windows)),
)
add_up(
    "the sum overflows: it is kept in the small integers of the windows",
    "uint8 ends at 255 and starts again at 0: make the sums of a wider dtype.",
    shape=lambda y, a: (
        y.astype(np.int64).astype(a.windows.dtype) if a.windows.dtype.kind in "iu" else y
    ),
)
add_up(
    "the two strides have changed places, so that some taps fall outside of the image",
    "stride is (down, right): the first moves rows, the second columns.",
    lambda a: a.but(stride=a.stride[::-1]),
    answer=Sum.looped,
)
add_up(
    "the stride moves the taps, not the windows",
    "Window (i, j) begins at row i*stride[0], and within it the taps lie side by side.",
    lambda a: a.but(stride=ONE, tap=a.stride),
    answer=Sum.looped,
)
add_up(
    "the stride moves windows and taps",
    "Window (i, j) begins at row i*stride[0], and within it the taps lie side by side.",
    lambda a: a.but(tap=a.stride),
    answer=Sum.looped,
)
add_up(
    "the stride skips windows: only every so many is added",
    "All windows are added; window (i, j) begins at row i*stride[0] and column j*stride[1].",
    lambda a: a.but(
        windows=only(a.windows, np.s_[:: a.stride[0], :: a.stride[1]]),
        stride=ONE,
    ),
)
add_up(
    "only the first row of windows is added",
    "A `return` inside the loop over rows ends it after one: put it behind the loops.",
    lambda a: a.but(windows=a.windows[:1]),
)
add_up(
    "rows and columns where no window falls are missing",
    "Make the sums of shape image_shape: beyond the last window there are zeros.",
    lambda a: a.but(size=a.reach),
)
add_up(
    "the sums are in one line",
    "Give them the shape of the image at the end.",
    shape=lambda y, a: y.ravel(),
)
add_up(
    "the sums end at the last pixel that a window falls on, so they do not fill the image",
    "np.bincount stops at the largest index; its argument minlength asks for all pixels.",
    shape=lambda y, a: y.ravel()[: (a.reach[0] - 1) * a.size[1] + a.reach[1]].reshape(a.size),
)
add_up(
    "fractions are cut off: the numbers are made integers",
    "The numbers may be fractions: keep the sums in floats.",
    lambda a: a.but(windows=a.windows.astype(np.int64)),
)
add_up(
    "the sums are kept in integers, which hold no fractions",
    "The numbers may be fractions: make the sums of floats.",
    shape=_added_to_integers,
)
add_up(
    "the sums are all zero: the numbers have been added to a copy of them",
    "flatten() copies, and so does an index list: give np.add.at a view, total.reshape(-1).",
    shape=lambda y, a: y * 0,
)
add_up(
    "the stride lies between the taps, and what falls outside of the image is dropped",
    "Window (i, j) begins at row i*stride[0], and within it the taps lie side by side.",
    lambda a: a.but(stride=ONE, tap=a.stride),
)
add_up(
    "the windows are laid side by side, as if none overlapped",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1], and windows may overlap.",
    lambda a: a.but(stride=a.windows.shape[2:]),
)
steps(add_up, names=["stride"])
