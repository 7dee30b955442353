"""Walks of many kinds, all small enough to be drawn whole."""

import numpy as np

from convlib import Walk


def numbers(shape, seed=0, low=-9):
    return np.random.default_rng(seed).integers(low, 10, shape)


def floats(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


#: Name: arguments of conv2d.
ARGUMENTS = {
    "2d": ((numbers((5, 7)), numbers((2, 3), 1)), {"stride": (1, 2)}),
    "padding": ((numbers((4, 5)), numbers((3, 2), 1)), {"padding": ((1, 0), (2, 1))}),
    "reflect": ((numbers((4, 5)), numbers((3, 2), 1)), {"padding": 1, "padding_mode": "reflect"}),
    "dilation": ((numbers((6, 8)), numbers((2, 3), 1)), {"dilation": (3, 2), "stride": (2, 1)}),
    "channels": ((numbers((2, 4, 5)), numbers((3, 2, 2, 3), 1), numbers(3, 2)), {"padding": 1}),
    "groups": ((numbers((4, 4, 5)), numbers((2, 2, 2, 3), 1)), {"groups": 2}),
    "batch": ((numbers((2, 1, 4, 5)), numbers((2, 1, 2, 3), 1)), {"stride": (2, 1)}),
    "nhwc": ((numbers((2, 4, 5, 2)), numbers((2, 3, 2, 2), 1)), {"layout": "NHWC"}),
    "float": ((floats((4, 5)), floats((2, 3), 1), 0.5), {}),
    "float16": ((floats((4, 5)).astype(np.float16), floats((2, 3), 1).astype(np.float16)), {}),
    "complex": ((floats((3, 4)) + 1j * floats((3, 4), 1), floats((1, 2), 2)), {}),
    "bool": ((numbers((3, 4)) > 0, numbers((2, 2)) > 0), {}),
    "reversed": ((numbers((5, 7))[::-1, ::2], numbers((2, 3), 1)), {}),
    "one cell": (([[2]], [[3]]), {}),
}


def walk(name):
    positional, named = ARGUMENTS[name]
    return Walk(*positional, **named)
