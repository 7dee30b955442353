"""What goes wrong when the entries of a grid are counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.task import mistake

Pair = tuple[int, int]


def _counts(grid: Any, size: Pair) -> Any:
    return np.bincount(grid.ravel(), minlength=size[0] * size[1])


@mistake(
    "every pixel is counted once at most",
    "seen[grid] += 1 adds 1 to an index once, however often it appears: count with np.bincount or "
    "np.add.at.",
)
def counted_once(grid: Any, size: Pair) -> Any:
    return (_counts(grid, size) > 0).astype(int).reshape(size)


@mistake(
    "the counts are still in one line",
    "Give them the shape of the image at the end.",
)
def not_reshaped(grid: Any, size: Pair) -> Any:
    return _counts(grid, size)


@mistake(
    "the counts end at the last pixel that was seen, so they do not fill the image",
    "np.bincount stops at the largest index; its argument minlength asks for all pixels.",
)
def no_minlength(grid: Any, size: Pair) -> Any:
    return np.bincount(grid.ravel()).reshape(size)


@mistake(
    "the counts end at the last pixel that was seen, and are still in one line",
    "np.bincount stops at the largest index; ask for all pixels by minlength, then reshape.",
)
def neither_filled_nor_reshaped(grid: Any, size: Pair) -> Any:
    return np.bincount(grid.ravel())


@mistake(
    "height and width have changed places: the shape is (W, H)",
    "size is (H, W): reshape to size as it is.",
)
def shape_swapped(grid: Any, size: Pair) -> Any:
    return _counts(grid, size).reshape(size[::-1])


@mistake(
    "the rows were filled with columns: the line was cut as (W, H) and transposed",
    "Flat indices run along rows: cut the line into H rows of W, and no transpose is needed.",
)
def cut_into_columns(grid: Any, size: Pair) -> Any:
    return _counts(grid, size).reshape(size[::-1]).T


@mistake(
    "the windows are counted that begin at a pixel, not those that see it",
    "Count every entry of the grid, not its first column alone.",
)
def starts_only(grid: Any, size: Pair) -> Any:
    return _counts(grid[:, 0], size).reshape(size)


@mistake(
    "the looks are divided by their number",
    "Wanted is how often each pixel is seen, as a whole number.",
)
def shares(grid: Any, size: Pair) -> Any:
    return (_counts(grid, size) / grid.size).reshape(size)


@mistake(
    "np.bincount is given the grid as a table",
    "It counts one line of numbers: flatten the grid with ravel.",
)
def not_flattened(grid: Any, size: Pair) -> Any:
    return np.bincount(grid, minlength=size[0] * size[1]).reshape(size)


@mistake(
    "only pixels that are seen are counted, so that the counts do not fill the image",
    "np.unique leaves out what does not occur: count with np.bincount and its minlength.",
)
def seen_pixels_only(grid: Any, size: Pair) -> Any:
    return np.unique(grid, return_counts=True)[1].reshape(size)
