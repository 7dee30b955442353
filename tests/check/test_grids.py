"""The checks of offsets, of the index grid, and of how often each pixel is seen."""

import numpy as np
import pytest

from convlens import check
from convlens.check.mistakes.grids import grids
from convlens.check.mistakes.looks import looks
from convlens.check.mistakes.offsets import offsets
from convlib import Geometry, index_grid
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_named,
    assert_nothing_written,
    assert_right,
    each,
)

CHECKS = {
    check.offsets: offsets,
    check.index_grid: grids,
    check.times_seen: looks,
}
PAIRS = [pytest.param(c, *p.values, id=p.id) for c, found in CHECKS.items() for p in each(found)]


@pytest.mark.parametrize(("judge", "m"), PAIRS)
def test_a_mistake_is_named(judge, m):
    assert_named(judge, m)


@pytest.mark.parametrize("judge", CHECKS)
def test_mistakes_are_worded_and_differ(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def test_right_offsets_are_right():
    def summed(shape, kernel_size, dilation=(1, 1)):
        (C, H, W), (KH, KW) = shape, kernel_size
        c, u, v = np.ogrid[:C, :KH, :KW]
        return (c * H * W + u * dilation[0] * W + v * dilation[1]).ravel()

    def unravelled(shape, kernel_size):
        c, u, v = np.indices((shape[0], *kernel_size)).reshape(3, -1)
        return list(np.ravel_multi_index((c, u, v), shape))

    assert_right(check.offsets, summed, unravelled)
    assert check.offsets(unravelled).untried == ("dilation",)


def test_right_grids_are_right():
    def summed(size, kernel_size, stride=(1, 1), dilation=(1, 1)):
        (H, W), (KH, KW) = size, kernel_size
        OH = (H - (KH - 1) * dilation[0] - 1) // stride[0] + 1
        OW = (W - (KW - 1) * dilation[1] - 1) // stride[1] + 1
        i, j = np.ogrid[:OH, :OW]
        u, v = np.ogrid[:KH, :KW]
        starts = (i * stride[0] * W + j * stride[1]).ravel()
        offsets = (u * dilation[0] * W + v * dilation[1]).ravel()
        return starts[:, None] + offsets[None, :]

    def library(size, kernel_size, *, dilation):
        return index_grid.grid(Geometry(size, kernel_size, dilation=dilation))

    def slid(size, kernel_size):
        image = np.arange(size[0] * size[1], dtype=np.int16).reshape(size)
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel_size)
        return windows.reshape(-1, kernel_size[0] * kernel_size[1])

    assert_right(check.index_grid, summed, library, slid)
    assert check.index_grid(library).untried == ("stride",)


def test_right_counts_are_right():
    def counted(grid, size):
        return np.bincount(grid.ravel(), minlength=size[0] * size[1]).reshape(size)

    def added(grid, size):
        seen = np.zeros(size)
        np.add.at(seen.ravel(), grid, 1)
        return seen

    assert_right(check.times_seen, counted, added)


def test_an_error_that_a_mistake_raises_names_it():
    def one_to_one(size, kernel_size):
        g = Geometry(size, kernel_size)
        return np.add(index_grid.starts(g), index_grid.offsets(g))

    report = check.index_grid(one_to_one)
    assert report.wrong.startswith("it raised ValueError: operands could not be broadcast")
    assert report.diagnosis.startswith("starts and offsets are added one to one")


def test_an_error_that_is_the_same_once_names_nothing():
    report = check.index_grid(lambda size, kernel: np.arange(12) + np.arange(6))
    assert report.wrong.startswith("it raised ValueError: operands could not be broadcast")
    assert "starts and offsets" not in report.diagnosis


def test_errors_of_other_kinds_name_nothing():
    def divided(grid, size):
        return grid // 0 if grid.ndim == 3 else grid.reshape(7, 11, 13)

    assert check.times_seen(divided).diagnosis == "the new shape holds another number of elements"
