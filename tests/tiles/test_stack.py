"""What is refused as a layer, with what was given; and what passes for a function of numbers."""

import re
from functools import partial

import dask.array as da
import numpy as np
import pytest

from convlib import avg_pool2d, conv2d, max_pool2d, pool2d
from convlib.tiles import apply
from convlib.tiles import conv2d as tiled

W = np.ones((3, 3))
X = da.zeros((12, 10), chunks=4)
BATCH = da.zeros((5, 2, 12, 10), chunks=(1, 2, 4, 4))


@pytest.mark.parametrize("dtype", ["f4", "u1", "i8", "c8", "?"])
@pytest.mark.parametrize(
    "layer",
    [
        np.cumsum,
        partial(np.cumsum, axis=-1),
        partial(np.sort, axis=-1),
        partial(np.sort, axis=-2),
        partial(np.flip, axis=-1),
        partial(np.roll, shift=1, axis=-2),
        partial(np.mean, axis=-1, keepdims=True),
        np.sum,
        np.transpose,
        np.gradient,
        lambda x: x - x.mean(),
        lambda x: x * np.arange(10),
        lambda x: conv2d(x, W, padding="same"),
        lambda x: conv2d(x, W[:1]),
        lambda x: x[..., ::2, :],
        lambda x: np.concatenate([x, x], -1),
        lambda x: 1,
        lambda x: None,
        lambda x: x.astype(str),
        lambda x: [[1], [2, 3]],
    ],
)
def test_a_layer_that_looks_beyond_single_numbers_is_refused(layer, dtype):
    with pytest.raises(ValueError, match="no function of single numbers") as raised:
        apply(X.astype(dtype), [layer])
    assert "layer=0" in str(raised.value)
    assert "x.shape=(12, 10)" in str(raised.value)
    assert np.dtype(dtype).name in str(raised.value)


@pytest.mark.parametrize(
    "layer", [lambda x: x / x.max(), lambda x: x - x.min(), lambda x: x / np.abs(x).sum()]
)
@pytest.mark.parametrize("x", [X, BATCH], ids=["2-D", "4-D"])
def test_scaling_by_the_whole_is_refused(layer, x):
    with pytest.raises(ValueError, match="no function of single numbers"):
        apply(x, [layer])


@pytest.mark.parametrize(
    "layer",
    [
        lambda x: x - x.mean(0, keepdims=True),
        lambda x: x[::-1],
        lambda x: x[:1],
        lambda x: np.tile(x, (2, 1, 1, 1)),
        lambda x: np.cumsum(x, 0),
        lambda x: x.mean(1),
    ],
)
def test_images_of_a_batch_are_kept_apart(layer):
    with pytest.raises(ValueError, match="no function of single numbers"):
        apply(BATCH, [layer])


@pytest.mark.parametrize(
    "layer",
    [
        np.sqrt,
        np.isnan,
        lambda x: x > 2,
        partial(np.multiply, 2),
        partial(np.clip, a_min=0, a_max=2),
        lambda x: x.mean(1, keepdims=True),  # over channels, which are together
        lambda x: x[:, ::-1],
        lambda x: np.repeat(x, 3, 1),
        lambda x: np.exp(x) / np.exp(x).sum(1, keepdims=True),
        lambda x: np.cumsum(x, 1),
    ],
)
def test_functions_of_a_pixel_and_its_channels_are_taken(layer):
    x = np.arange(5 * 2 * 12 * 10.0).reshape(BATCH.shape) % 7
    y = apply(da.from_array(x, chunks=(2, 1, 5, 3)), [layer])
    expected = layer(x)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(y.compute(), expected)


def test_a_layer_that_writes_into_its_argument_is_told():
    with pytest.raises(ValueError, match=r"writes into its argument.*Let it return a new array"):
        apply(X, [lambda x: np.abs(x, out=x)])


@pytest.mark.parametrize("layers", [[], None, np.abs, [3], [np.abs, "abs"]])
def test_no_list_of_layers(layers):
    with pytest.raises(TypeError, match=r"layers is no list of layers.*such as \[np.abs\]"):
        apply(X, layers)


@pytest.mark.parametrize(
    ("layer", "change"),
    [
        (conv2d, "partial(conv2d, w=...)"),
        (partial(conv2d, W), "partial(conv2d, w=...)"),
        (partial(conv2d, padding="same"), "partial(conv2d, w=...)"),
        (max_pool2d, "partial(max_pool2d, kernel_size=...)"),
        (partial(max_pool2d, 2), "partial(max_pool2d, kernel_size=...)"),
        (avg_pool2d, "partial(avg_pool2d, kernel_size=...)"),
        (partial(pool2d, reduce=np.max), "partial(pool2d, kernel_size=...)"),
    ],
)
def test_arguments_are_named(layer, change):
    with pytest.raises(TypeError, match="lacks what it is to work with") as raised:
        apply(X, [np.abs, layer])
    assert change in str(raised.value)
    assert "layer=1" in str(raised.value)


def test_layouts_are_not_mixed():
    last = partial(max_pool2d, kernel_size=2, layout="NHWC")
    with pytest.raises(ValueError, match=re.escape("axes (2, 3)") + ".*layer=1.*one layout"):
        apply(BATCH, [partial(conv2d, w=np.ones((2, 2, 3, 3))), last])
    with pytest.raises(ValueError, match=re.escape("axes (1, 2)") + ".*layer=1.*one layout"):
        apply(BATCH, [last, partial(conv2d, w=np.ones((2, 2, 3, 3)))])


@pytest.mark.parametrize(
    ("x", "kind", "wrong"),
    [
        (X[X[:, 0] > -1], ValueError, "x does not know its size.*nan.*compute_chunk_sizes"),
        (da.from_array(np.array([["a"]])), TypeError, "x must hold numbers.*<U1.*(1, 1)"),
        (np.array([["a"]]), TypeError, "x must hold numbers.*<U1"),
        (np.array([[None]]), TypeError, "x must hold numbers.*object"),
        (np.array([["2020-01-01"]], "M8[D]"), TypeError, "x must hold numbers.*datetime64"),
        ([[1, 2], [3]], ValueError, "x is not a rectangular array"),
        (np.ma.masked_all((4, 5)), TypeError, "mask would be lost.*(4, 5)"),
        (da.ma.masked_equal(X, 0), TypeError, "mask of x would be lost.*(12, 10)"),
        (da.zeros(5), ValueError, "x with 1 axes"),
        (da.zeros((1, 1, 1, 5, 5)), ValueError, "x with 5 axes"),
        (da.zeros((0, 5)), ValueError, "an axis has length 0"),
        (da.zeros((2, 5)), ValueError, "the kernel spans"),
    ],
)
def test_what_is_no_image(x, kind, wrong):
    with pytest.raises(kind, match=wrong.replace("(", r"\(").replace(")", r"\)")):
        tiled(x, W)


@pytest.mark.parametrize(
    ("arguments", "kind", "wrong"),
    [
        ({"padding": "full"}, ValueError, "padding is not known.*'full'"),
        ({"padding_mode": "circular", "padding": 13}, ValueError, "circular padding of 13"),
        ({"padding_mode": "reflect", "padding": 12}, ValueError, "reflect padding of 12"),
        ({"method": "magic"}, ValueError, "method is not known"),
        ({"strides": 2}, TypeError, "conv2d takes no argument 'strides'"),
        ({"bias": [1, 2]}, ValueError, "bias has shape"),
        ({"groups": 2}, ValueError, "groups=2"),
        ({"stride": 0}, ValueError, "stride is out of range"),
        ({"tile": 0}, ValueError, "tile is out of range.*tile=0"),
        ({"tile": 2.5}, TypeError, "tile must be made of integers.*tile=2.5"),
        ({"tile": "4"}, TypeError, "tile must be an int or a pair.*tile='4'"),
        ({"tile": (1, 2, 3)}, ValueError, "tile has 3 entries"),
    ],
)
def test_bad_arguments_are_refused_at_once(arguments, kind, wrong):
    with pytest.raises(kind, match=wrong):
        tiled(X, W, **arguments)


@pytest.mark.parametrize("layout", [np.array([1, 2]), None, "NHCW"])
def test_what_is_no_layout_is_refused(layout):
    with pytest.raises((TypeError, ValueError), match=re.escape("Use one of 'NCHW', 'NHWC'.")):
        apply(np.ones((4, 5)), [partial(conv2d, w=np.ones((2, 2)), layout=layout)])


def test_what_is_tried_out_beforehand_warns_of_nothing():
    w = np.full((3, 3), 60000, np.float16)  # whose sum is infinite, as nothing in the image is
    y = tiled(np.zeros((5, 6), np.float16), w)
    assert not y.compute().any()
