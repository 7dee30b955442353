import itertools

import numpy as np
import pytest

from convlib import Geometry, index_grid
from tests.core.arrays import counting, memory_orders, windows_by_definition

STEPS = [
    {"stride": (1, 1), "dilation": (1, 1)},
    {"stride": (2, 3), "dilation": (1, 1)},
    {"stride": (1, 2), "dilation": (2, 1)},
    {"stride": (3, 1), "dilation": (2, 3)},
]


def geometries():
    sizes = {"batch": 2, "channels": 3}
    for steps, layout in itertools.product(STEPS, ("NCHW", "NHWC")):
        yield Geometry((8, 11), (3, 2), layout=layout, **sizes, **steps)
        yield Geometry((8, 11), (1, 4), padding=((1, 0), (0, 2)), layout=layout, **sizes, **steps)
        yield Geometry((8, 11), (8, 1), stride=steps["stride"], layout=layout, **sizes)


GEOMETRIES = list(geometries())


@pytest.mark.parametrize("g", GEOMETRIES, ids=str)
def test_offsets_are_the_flat_indices_of_the_first_window(g):
    (kh, kw), (down, right), (ph, pw) = g.kernel_size, g.dilation, g.padded_size
    c, u, v = np.indices((g.channels, kh, kw)).reshape(3, -1)
    if g.layout == "NCHW":
        wanted = np.ravel_multi_index((c, u * down, v * right), (g.channels, ph, pw))
    else:
        wanted = np.ravel_multi_index((u * down, v * right, c), (ph, pw, g.channels))
    np.testing.assert_array_equal(index_grid.offsets(g), wanted)


@pytest.mark.parametrize("g", GEOMETRIES, ids=str)
def test_starts_are_the_flat_indices_of_the_first_tap_of_each_window(g):
    (oh, ow), (down, right), (ph, pw) = g.output_size, g.stride, g.padded_size
    i, j = np.indices((oh, ow)).reshape(2, -1)
    zero = np.zeros_like(i)
    if g.layout == "NCHW":
        wanted = np.ravel_multi_index((zero, i * down, j * right), (g.channels, ph, pw))
    else:
        wanted = np.ravel_multi_index((i * down, j * right, zero), (ph, pw, g.channels))
    np.testing.assert_array_equal(index_grid.starts(g), wanted)


@pytest.mark.parametrize("g", GEOMETRIES, ids=str)
def test_the_grid_is_starts_plus_offsets_and_stays_inside_the_image(g):
    grid = index_grid.grid(g)
    (oh, ow), (kh, kw), (ph, pw) = g.output_size, g.kernel_size, g.padded_size
    assert grid.shape == (oh * ow, g.channels * kh * kw)
    assert grid.dtype == np.intp
    wanted = [[s + o for o in index_grid.offsets(g)] for s in index_grid.starts(g)]
    np.testing.assert_array_equal(grid, wanted)
    assert grid.min() == 0
    assert grid.max() < g.channels * ph * pw


@pytest.mark.parametrize("g", GEOMETRIES, ids=str)
def test_the_grid_of_a_batch_adds_whole_images(g):
    image = g.channels * g.padded_size[0] * g.padded_size[1]
    batch = index_grid.batch_grid(g)
    np.testing.assert_array_equal(batch[0], index_grid.grid(g))
    np.testing.assert_array_equal(batch[1], index_grid.grid(g) + image)


@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_windows_are_those_of_the_definition(steps):
    x = counting((2, 3, 7, 9))
    wanted = windows_by_definition(x, (3, 2), **steps)
    np.testing.assert_array_equal(index_grid.windows(x, (3, 2), **steps), wanted)
    last = index_grid.windows(x.transpose(0, 2, 3, 1), (3, 2), layout="NHWC", **steps)
    np.testing.assert_array_equal(last, wanted)


@pytest.mark.parametrize("order", memory_orders(counting((2, 3, 4, 5))))
def test_windows_are_right_in_every_memory_order(order):
    x = counting((2, 3, 4, 5))
    wanted = windows_by_definition(x, (2, 3), (2, 1))
    got = index_grid.windows(memory_orders(x)[order], (2, 3), stride=(2, 1))
    np.testing.assert_array_equal(got, wanted)


def test_windows_are_a_copy_of_the_reader_s_own():
    x = counting((3, 4))
    copy = index_grid.windows(x, 2)
    assert not np.shares_memory(copy, x)
    copy[...] = 0  # writable
    assert x.min() == 1


@pytest.mark.parametrize(
    ("shape", "layout", "wanted"),
    [
        ((2, 3, 5, 6), "NCHW", (2, 4, 4, 3, 2, 3)),
        ((3, 5, 6), "NCHW", (4, 4, 3, 2, 3)),
        ((5, 6), "NCHW", (4, 4, 2, 3)),
        ((2, 5, 6, 3), "NHWC", (2, 4, 4, 3, 2, 3)),
        ((5, 6, 3), "NHWC", (4, 4, 3, 2, 3)),
        ((5, 6), "NHWC", (4, 4, 2, 3)),
        ((0, 3, 5, 6), "NCHW", (0, 4, 4, 3, 2, 3)),
    ],
)
def test_windows_keep_the_axes_that_the_input_had(shape, layout, wanted):
    assert index_grid.windows(np.zeros(shape), (2, 3), layout=layout).shape == wanted
