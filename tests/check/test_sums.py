"""The check of the way back from windows to image."""

import numpy as np
import pytest

from convlens import check
from convlens.check.mistakes.add_up import add_up
from convlib import Geometry, index_grid
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_nothing_written,
    assert_right,
)


def solution(windows, image_shape, stride):
    """The solution of notebook 07."""
    grid = index_grid.grid(Geometry(image_shape, windows.shape[2:], stride=stride))
    total = np.zeros(image_shape)
    np.add.at(total.ravel(), grid.ravel(), windows.ravel())
    return total


def by_loop(windows, image_shape, stride):
    total = np.zeros(image_shape, dtype=int if windows.dtype.kind in "iu" else float)
    (OH, OW, KH, KW), (down, right) = windows.shape, stride
    for i, j in np.ndindex(OH, OW):
        total[i * down : i * down + KH, j * right : j * right + KW] += windows[i, j]
    return total


def test_each_mistake_is_named():
    assert_each_mistake_is_named(check.add_up, add_up)


def test_nothing_is_written_yet():
    assert_nothing_written(check.add_up)


def test_right_sums_are_right():
    def by_count(windows, image_shape, stride=(1, 1)):
        grid = index_grid.grid(Geometry(image_shape, windows.shape[2:], stride=stride))
        sums = np.bincount(grid.ravel(), windows.ravel(), minlength=np.prod(image_shape))
        return sums.reshape(image_shape)

    assert_right(check.add_up, solution, by_loop, by_count)


@pytest.mark.parametrize(
    ("line", "diagnosis"),
    [
        ("total.ravel()[grid] += windows.reshape(grid.shape)", "where windows overlap, only"),
        ("total.ravel()[grid] = windows.reshape(grid.shape)", "where windows overlap, only"),
        ("total = total.astype(windows.dtype); np.add.at(total.ravel(), grid.ravel(), "
         "windows.ravel())", "the sum overflows"),
    ],
)  # fmt: skip
def test_lines_that_learners_write(line, diagnosis):
    source = f"""
def added(windows, image_shape, stride):
    grid = index_grid.grid(Geometry(image_shape, windows.shape[2:], stride=stride))
    total = np.zeros(image_shape)
    {line}
    return total
"""
    names = {"np": np, "index_grid": index_grid, "Geometry": Geometry}
    exec(source, names)
    assert check.add_up(names["added"]).diagnosis.startswith(diagnosis)
