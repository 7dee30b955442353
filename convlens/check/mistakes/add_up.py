"""What goes wrong when windows are added up to an image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import pair
from convlens.check.task import mistake

Slices = tuple[slice, slice]


def _taps(windows: Any, stride: Any) -> Iterator[tuple[Slices, Any]]:
    """For each tap, the pixels that it falls on and its numbers in all windows."""
    (oh, ow, kh, kw), (down, right) = windows.shape, pair(stride)
    for u, v in np.ndindex(kh, kw):
        rows = slice(u, u + (oh - 1) * down + 1, down)
        columns = slice(v, v + (ow - 1) * right + 1, right)
        yield (rows, columns), windows[:, :, u, v]


def _added(windows: Any, image_shape: Any, stride: Any) -> Any:
    """Add all taps; what falls outside of the image is dropped."""
    (oh, ow, kh, kw), (down, right) = windows.shape, pair(stride)
    sizes = (oh - 1) * down + kh, (ow - 1) * right + kw
    total = np.zeros(np.maximum(image_shape, sizes))
    for pixels, numbers in _taps(windows, stride):
        total[pixels] += numbers
    return total[: image_shape[0], : image_shape[1]]


@mistake(
    "each tap overwrites what stood there: where windows overlap, only the last tap is kept",
    "Add to the pixels (+=) where you set them (=).",
)
def last_tap_kept(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    total = np.zeros(image_shape, windows.dtype)
    for pixels, numbers in _taps(windows, stride):
        total[pixels] = numbers
    return total


@mistake(
    "where windows overlap, only the last number is kept",
    "Where a pixel comes twice, `=` sets it anew, and so does += on total[grid] or on a window "
    "view: use np.add.at, or += in a loop.",
)
def last_window_kept(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    (oh, ow, kh, kw), (down, right) = windows.shape, pair(stride)
    total = np.zeros(image_shape, windows.dtype)
    for i, j in np.ndindex(oh, ow):
        total[i * down : i * down + kh, j * right : j * right + kw] = windows[i, j]
    return total


@mistake(
    "the stride is ignored: the windows move by one",
    "Window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
def stride_ignored(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows, image_shape, 1)


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first moves rows, the second columns.",
)
def stride_swapped(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows, image_shape, pair(stride)[::-1])


@mistake(
    "the numbers of a pixel are averaged",
    "Sum them; nothing is divided by the number of windows.",
)
def averaged(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    seen = _added(np.ones_like(windows), image_shape, stride)
    return _added(windows, image_shape, stride) / np.maximum(seen, 1)


@mistake(
    "a whole window is added to the pixel at which it begins",
    "Tap (u, v) belongs u rows down and v columns to the right of the window's beginning.",
)
def all_at_the_start(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows.sum(axis=(2, 3))[:, :, None, None], image_shape, stride)


@mistake(
    "the taps of each window are laid down in the reverse order",
    "Tap (u, v) belongs to row i*stride[0] + u and column j*stride[1] + v.",
)
def taps_reversed(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows[:, :, ::-1, ::-1], image_shape, stride)


@mistake(
    "how often each pixel is seen is counted, and the numbers are not used",
    "Add the numbers of the windows, not ones.",
)
def windows_counted(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(np.ones_like(windows), image_shape, stride)


@mistake(
    "the sum overflows: it is kept in the small integers of the windows",
    "uint8 ends at 255 and starts again at 0: make the sums of a wider dtype.",
)
def sum_overflows(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    total = _added(windows, image_shape, stride)
    small = windows.dtype.kind in "iu"
    return total.astype(np.int64).astype(windows.dtype) if small else total


def _looped(windows: Any, image_shape: Any, pixel: Any) -> Any:
    """Add number by number to the pixel that (i, j, u, v) is said to belong to."""
    total = np.zeros(image_shape)
    for at in np.ndindex(windows.shape):
        total[pixel(*at)] += windows[at]
    return total


@mistake(
    "the two strides have changed places, so that some taps fall outside of the image",
    "stride is (down, right): the first moves rows, the second columns.",
)
def stride_swapped_in_a_loop(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    down, right = pair(stride)
    pixel = lambda i, j, u, v: (i * right + u, j * down + v)  # noqa: E731
    return _looped(windows, image_shape, pixel)


@mistake(
    "the stride moves the taps, not the windows",
    "Window (i, j) begins at row i*stride[0], and within it the taps lie side by side.",
)
def stride_on_the_taps(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    down, right = pair(stride)
    pixel = lambda i, j, u, v: (i + u * down, j + v * right)  # noqa: E731
    return _looped(windows, image_shape, pixel)


@mistake(
    "the stride moves windows and taps",
    "Window (i, j) begins at row i*stride[0], and within it the taps lie side by side.",
)
def stride_on_windows_and_taps(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    down, right = pair(stride)
    pixel = lambda i, j, u, v: ((i + u) * down, (j + v) * right)  # noqa: E731
    return _looped(windows, image_shape, pixel)


@mistake(
    "the stride skips windows: only every so many is added",
    "All windows are added; window (i, j) begins at row i*stride[0] and column j*stride[1].",
)
def windows_skipped(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    down, right = pair(stride)
    kept = np.zeros_like(windows)
    kept[::down, ::right] = windows[::down, ::right]
    return _added(kept, image_shape, 1)


@mistake(
    "only the first row of windows is added",
    "A `return` inside the loop over rows ends it after one: put it behind the loops.",
)
def first_row_of_windows_only(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows[:1], image_shape, stride)


@mistake(
    "rows and columns where no window falls are missing",
    "Make the sums of shape image_shape: beyond the last window there are zeros.",
)
def as_large_as_the_windows_reach(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    (oh, ow, kh, kw), (down, right) = windows.shape, pair(stride)
    return _added(windows, ((oh - 1) * down + kh, (ow - 1) * right + kw), stride)


@mistake(
    "the sums are in one line",
    "Give them the shape of the image at the end.",
)
def sums_in_one_line(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows, image_shape, stride).ravel()


@mistake(
    "the sums end at the last pixel that a window falls on, so they do not fill the image",
    "np.bincount stops at the largest index; its argument minlength asks for all pixels.",
)
def no_minlength(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    total = _added(windows, image_shape, stride).ravel()
    seen = _added(np.ones(windows.shape), image_shape, stride).ravel()
    return total[: np.flatnonzero(seen)[-1] + 1].reshape(image_shape)


@mistake(
    "fractions are cut off: the numbers are made integers",
    "The numbers may be fractions: keep the sums in floats.",
)
def fractions_cut_off(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    return _added(windows.astype(np.int64), image_shape, stride)


@mistake(
    "the sums are kept in integers, which hold no fractions",
    "The numbers may be fractions: make the sums of floats.",
)
def sums_of_integers(windows: Any, image_shape: Any, stride: Any = 1) -> Any:
    total = np.zeros(image_shape, dtype=int)
    for pixels, numbers in _taps(windows, stride):
        total[pixels] += numbers
    return total
