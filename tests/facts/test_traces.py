"""Tracing a cell down: against cells_seen, and against the gradient of kernels of ones."""

import numpy as np
import pytest

from convlens.facts.traces import Stack
from convlib import cells_seen, conv2d, conv2d_backward

STACKS = {
    "notebook": ([(3,), (2, 2), (3, 1, 1)], (9, 12)),
    "one": ([(1,)], (1, 1)),
    "uneven": ([((2, 3), (2, 1), ((1, 0), (0, 2)), (1, 2)), ((3, 1), (1, 2), (2, 0))], (8, 9)),
    "holes": ([(3, 1, 0, 2), (3, 1, 0, 2)], (9, 12)),
    "stride beyond the window": ([(2, 3), (1, 2)], (11, 13)),
    "much padding": ([(3, 1, 3), (2, 2, 1)], (4, 3)),
}


def gradient(layers, size, layer, cell):
    """Give one cell the gradient 1, and send it back through kernels of ones."""
    xs, read = [np.zeros(size)], Stack(layers, size).layers[:layer]
    for kernel, stride, padding, dilation in read:
        steps = {"stride": stride, "padding": padding, "dilation": dilation}
        xs.append(conv2d(xs[-1], np.ones(kernel), **steps))
    grads = [np.zeros(xs[-1].shape)]
    grads[0][cell] = 1
    for x, (kernel, stride, padding, dilation) in zip(xs[-2::-1], read[::-1], strict=True):
        steps = {"stride": stride, "padding": padding, "dilation": dilation}
        grads.insert(0, conv2d_backward(grads[0], x, np.ones(kernel), **steps)[0])
    return grads


@pytest.mark.parametrize("name", STACKS)
def test_ways_are_the_gradient_of_ones(name):
    layers, size = STACKS[name]
    stack = Stack(layers, size)
    for layer in range(1, len(layers) + 1):
        for cell in np.ndindex(stack.sizes[layer]):
            levels = stack.trace(cell, layer)
            assert [level.number for level in levels] == list(range(layer + 1))
            for level, grad in zip(levels, gradient(layers, size, layer, cell), strict=True):
                np.testing.assert_array_equal(level.ways, grad)


@pytest.mark.parametrize("name", STACKS)
def test_what_is_seen_is_what_cells_seen_lists(name):
    layers, size = STACKS[name]
    stack = Stack(layers, size)
    for cell in np.ndindex(stack.sizes[-1]):
        levels = stack.trace(cell)
        for level, expected in zip(levels, cells_seen(layers, cell, size), strict=True):
            for along in (0, 1):
                np.testing.assert_array_equal(level.seen[along], expected[along])
                inside = [k for k in level.reads[along] if 0 <= k < level.size[along]]
                assert inside == expected[along].tolist()
                before, after = level.padding[along]
                assert -before <= level.reads[along].min()
                assert level.reads[along].max() < level.size[along] + after


@pytest.mark.parametrize(
    ("layers", "size", "call", "match"),
    [
        ([], (3, 3), {"cell": (0, 0)}, "there is no layer"),
        ([(3,)], (3, 3), {"cell": (0, 1)}, "none of them at"),
        ([(3,)], (3, 3), {"cell": (0, 0), "layer": 2}, "no such layer"),
        ([(3,)], (3, 3), {"cell": (0, 0), "layer": 0}, "layer"),
        ([(4,)], (3, 3), {"cell": (0, 0)}, "kernel"),
    ],
)
def test_what_is_not_there_is_refused(layers, size, call, match):
    with pytest.raises(ValueError, match=match):
        Stack(layers, size).trace(**call)


def test_ways_are_numbers_of_one_type_where_there_is_none():
    stack = Stack([(1, 2, 0), (1, 1, ((1, 0), (1, 0)))], (3, 3))  # cell (0, 0) sees padding alone
    ways = stack.trace((0, 0))[0].ways
    assert ways.dtype == float
    assert not ways.any()
