"""Errors that know the usual slips: every call that they show is run, and gives what was meant."""

import inspect
import pickle
import subprocess
import sys
import typing

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, signal

from convlib import conv2d, prepare, tiles
from tests.needs import need_module

RANDOM = np.random.default_rng(0)


def integers(*shape):
    """Random integers of either sign: sums are exact, so equal means equal."""
    return RANDOM.integers(-9, 9, shape)


def last(array):
    """Put the channels last, where they stand before rows and columns."""
    return np.moveaxis(array, -3, -1)


chw, nchw, grays, gray = (
    integers(3, 9, 11),
    integers(2, 3, 9, 11),
    integers(5, 9, 11),
    integers(9, 11),
)
oihw, oblong, one, kernel = (
    integers(5, 3, 2, 2),
    integers(4, 3, 2, 5),
    integers(6, 1, 3, 2),
    integers(2, 3),
)
colour, odd, each = integers(3, 4, 4), integers(3, 5), integers(3, 1, 3, 2)
square, bias, one3 = integers(6, 1, 2, 2), integers(5), integers(5, 3, 3, 4)
STEPS = {"stride": (2, 1), "padding": ((1, 0), (2, 3)), "dilation": (1, 2)}
HAVE = {
    "np": np, "conv2d": conv2d, "tiles": tiles, "integers": integers,
    "chw": chw, "photo": last(chw), "nchw": nchw, "photos": last(nchw), "grays": grays, "gray": gray,
    "oihw": oihw, "hwio": oihw.transpose(2, 3, 1, 0), "one": one, "kernel": kernel, "odd": odd,
    "oblong": oblong, "hwio_oblong": oblong.transpose(2, 3, 1, 0), "each": each,
    "colour": colour, "colour_last": last(colour), "bias": bias, "square": square,
    "STEPS": STEPS, "rows": last(chw).tolist(), "narrow": colour[:, :, :2], "single": one[2],
    "one3": one3, "one_last": one.transpose(2, 3, 1, 0),
}  # fmt: skip
PER_CHANNEL = np.array([conv2d(channel, kernel) for channel in chw])


def shown(source, have=HAVE):
    """Run a call that fails: its error, and what the calls give that it shows, shaped as they say."""
    with pytest.raises((TypeError, ValueError, RuntimeError)) as caught:
        eval(source, dict(have))
    assert caught.value.__context__ is caught.value.__cause__  # no noise of looking for a slip
    _, *calls = str(caught.value).split("\n    ")
    results = [eval(call, dict(have)) for call in calls]
    for call, result in zip(calls, results, strict=True):
        assert "  # " not in call or call.endswith(f": {result.shape}")
    return str(caught.value), results


#: A call that fails, what its error says, and what the calls give that it shows.
AXES = [
    ("conv2d(photo, hwio)", "x has its channels last", [last(conv2d(chw, oihw))]),
    (
        "conv2d(photo, oihw, bias, **STEPS)",
        "x has its channels last",
        [last(conv2d(chw, oihw, bias, **STEPS)), conv2d(chw, oihw, bias, **STEPS)],
    ),
    ("conv2d(photos, hwio)", "x has its channels last", [last(conv2d(nchw, oihw))]),
    (
        "conv2d(photos, oihw)",
        "if w is (O, C, KH, KW): (2, 8, 10, 5)",
        [last(conv2d(nchw, oihw)), conv2d(nchw, oihw)],
    ),
    ("conv2d(photo, hwio_oblong)", "channels last", [last(conv2d(chw, oblong))]),
    (
        "conv2d(photo, oblong)",
        "channels last",
        [last(conv2d(chw, oblong)), conv2d(chw, oblong)],
    ),
    ("conv2d(photo, colour)", "channels last", [conv2d(chw, colour)]),
    ("conv2d(photo, colour_last)", "channels last", [conv2d(chw, colour)]),
    (
        "conv2d(photos, oihw, layout='NHWC')",
        "goes with w (KH, KW, C, O)",
        [last(conv2d(nchw, oihw))],
    ),
    (
        "conv2d(rows, narrow, padding=2)",
        "channels last",
        [conv2d(chw, colour[:, :, :2], padding=2)],
    ),
    (
        "conv2d(photo, kernel)",
        "x has 3 channels",
        [last(PER_CHANNEL), PER_CHANNEL.sum(0), conv2d(chw.mean(0), kernel)],
    ),
    (
        "conv2d(chw, kernel)",
        "made gray first: (8, 9)",
        [PER_CHANNEL, PER_CHANNEL.sum(0), conv2d(chw.mean(0), kernel)],
    ),
    (
        "conv2d(photos, kernel)",
        "each channel by itself: (2, 8, 9, 3)",
        [
            np.array([[conv2d(c, kernel) for c in image] for image in nchw]).transpose(0, 2, 3, 1),
            np.array([sum(conv2d(c, kernel) for c in image) for image in nchw]),
            np.array([conv2d(image.mean(0), kernel) for image in nchw]),
        ],
    ),
    ("conv2d(grays, kernel)", "one channel", [np.array([conv2d(x, kernel) for x in grays])]),
    ("conv2d(grays, one)", "one channel", [np.array([conv2d(x[None], one) for x in grays])]),
    ("conv2d(grays, single)", "one channel", [np.array([conv2d(x, one[2, 0]) for x in grays])]),
    (
        "conv2d(grays, one_last, layout='NHWC')",
        "one channel",
        [np.array([last(conv2d(x[None], one)) for x in grays])],
    ),
    ("conv2d(gray, one)", "one channel", [conv2d(gray[None], one)]),
    ("conv2d(nchw, each)", "filters of its own", [conv2d(nchw, each, groups=3)]),
    (
        "conv2d(chw, each)",
        "if x is a batch of gray images",
        [np.array([conv2d(x[None], each) for x in chw]), conv2d(chw, each, groups=3)],
    ),
    (
        "conv2d(photo, square)",
        "made gray first",
        [conv2d(chw.mean(0)[None], square), np.array([conv2d(x[None], square) for x in chw])],
    ),
]


def scipy(mode, w=kernel, **boundary):
    return signal.correlate2d(gray, w, mode, **boundary)


def pads(sides, **steps):
    return conv2d(chw, oihw, padding=sides, **steps)


STRIDED = conv2d(chw, oihw, stride=(2, 3))
SAME = conv2d(chw, oihw, padding="same")
NAMES = [
    ("conv2d(chw, oihw, padding='SAME')", "'SAME' is 'same' here", [SAME]),
    ("conv2d(chw, oihw, padding='VALID')", "'VALID' is 'valid' here", [conv2d(chw, oihw)]),
    ("conv2d(chw, oihw, auto_pad='SAME_UPPER')", "auto_pad is padding here", [SAME]),
    (
        "conv2d(photo, hwio, data_format='channels_last')",
        "data_format is layout",
        [last(conv2d(chw, oihw))],
    ),
    ("conv2d(input=chw, weight=oihw)", "weight is w here", [conv2d(chw, oihw)]),
    (
        "conv2d(gray, kernel, mode='same')",
        "as signal.correlate2d",
        [scipy("same"), signal.correlate(gray, kernel, "same")],
    ),
    ("conv2d(gray, odd, mode='same')", "mode is padding", [scipy("same", odd)]),
    ("conv2d(gray, odd, 'same')", "third argument is bias", [scipy("same", odd)]),
    ("conv2d(gray, odd, mode='VALID')", "mode is padding", [scipy("valid", odd)]),
    ("conv2d(gray, odd, mode='full')", "kernel is not flipped", [scipy("full", odd)]),
    ("conv2d(gray, odd, padding='full')", "KH - 1 rows", [scipy("full", odd)]),
    (
        "conv2d(gray, kernel, padding='full', dilation=(3, 2))",
        "'full' has all windows",
        [scipy("full", np.kron(kernel, [[1, 0], [0, 0], [0, 0]])[:4, :5])],
    ),
    (
        "conv2d(gray, odd, mode='same', boundary='symm')",
        "'symmetric' repeats the cells of the edge, 'reflect' does not",
        [scipy("same", odd, boundary="symm")],
    ),
    ("conv2d(gray, odd, boundary='wrap')", "'full' has", [scipy("full", odd, boundary="wrap")]),
    ("conv2d(gray, odd, mode='same', fillvalue=0)", "mode is padding", [scipy("same", odd)]),
    (
        "conv2d(photo, hwio, padding=1, padding_mode='symmetric', layout='NHWC')",
        "pad with NumPy",
        [last(conv2d(np.pad(chw, ((0, 0), (1, 1), (1, 1)), "symmetric"), oihw))],
    ),
    ("conv2d(chw, oihw, padding_mode='symmetric')", "pad with NumPy", [conv2d(chw, oihw)]),
    ("conv2d(chw, oihw, 2)", "third argument is bias", [conv2d(chw, oihw, stride=2)]),
    ("conv2d(nchw, one3, (2, 3))", "third argument is bias", [conv2d(nchw, one3, stride=(2, 3))]),
    ("conv2d(chw, oihw, 2, 1)", "goes by name", [conv2d(chw, oihw, stride=2, padding=1)]),
    (
        "conv2d(chw, oihw, bias, (2, 3), 1)",
        "What follows bias goes by name",
        [conv2d(chw, oihw, bias, stride=(2, 3), padding=1)],
    ),
    ("conv2d(chw, oihw, strides=(1, 2, 3, 1))", "stride is for (row, column)", [STRIDED]),
    ("conv2d(chw, oihw, stride=[1, 1, 2, 3])", "stride is for (row, column)", [STRIDED]),
    (
        "conv2d(chw, oihw, dilations=(1, 1, 1, 1))",
        "dilations is dilation here",
        [conv2d(chw, oihw)],
    ),
    (
        "conv2d(chw, oihw, padding=[[0, 0], [1, 2], [3, 0], [0, 0]])",
        "padding is for (row, column)",
        [pads(((1, 2), (3, 0)))],
    ),
    ("conv2d(chw, oihw, padding=(1, 1, 1, 1))", "(left, right)) here", [pads(1)]),
    (
        "conv2d(chw, oihw, pads=[1, 2, 3, 4])",
        "if it was (top, left, bottom, right): (5, 12, 16)",
        [pads(((1, 3), (2, 4))), pads(((3, 4), (1, 2)))],
    ),
    (
        "conv2d(grays, kernel, strides=2, padding='SAME')",
        "strides is stride here. 'SAME' is 'same' here. Gray images",
        [np.array([conv2d(x, kernel, stride=2, padding="same") for x in grays])],
    ),
]
EDGES = {
    "nearest": "'replicate'",
    "mirror": "'reflect'",
    "wrap": "'circular'",
    "constant": "'zeros'",
}


@pytest.mark.parametrize(
    ("source", "says", "right"), AXES + NAMES, ids=[row[0] for row in AXES + NAMES]
)
def test_the_calls_that_an_error_shows_give_what_was_meant(source, says, right):
    said, results = shown(source)
    assert says in said
    assert len(results) == len(right)
    for result, meant in zip(results, right, strict=True):
        assert np.array_equal(result, meant)
        assert result.shape == meant.shape
