"""The pictures of gradients on their way back."""

import numpy as np
import pytest

from convlens import draw
from convlens.palette import label
from convlib import WayBack, conv2d, conv2d_backward
from tests.draw.looking import assert_legible, patches, texts

rng = np.random.default_rng(0)
CASES = {
    "plain": ((4, 6), (2, 3), {}),
    "strided": ((6, 7), (3, 2), {"stride": (2, 1)}),
    "dilated": ((6, 7), (2, 2), {"dilation": (3, 2)}),
    "padded": ((4, 5), (2, 3), {"padding": (1, 2)}),
    "reflected": ((4, 5), (2, 3), {"padding": 1, "padding_mode": "reflect"}),
    "channels": ((2, 4, 5), (3, 2, 2, 3), {}),
    "1x1": ((1, 1), (1, 1), {}),
}


def made(name):
    x_shape, w_shape, arguments = CASES[name]
    x, w = rng.integers(1, 10, x_shape), rng.integers(-3, 4, w_shape)
    grad = rng.integers(-3, 4, conv2d(x, w, **arguments).shape)
    return WayBack(grad, x, w, **arguments), conv2d_backward(grad, x, w, **arguments)


def numbers(ax):
    """The numbers in the cells of an axes."""
    return {t.get_text() for t in texts(ax)}


@pytest.mark.parametrize("so_far", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_input_gradient_shows_what_the_cell_sends(name, so_far):
    back, _ = made(name)
    i, j = (n - 1 for n in back.grad.shape[2:])
    product = back.at(i, j)
    fig, axes = draw.figure(width=14, columns=4)
    draw.input_gradient(axes, back, product, so_far=so_far)
    assert len(patches(axes[0], "ring")) == 1
    assert len(patches(axes[1], "kernel")) == 2
    assert len(patches(axes[2], "window")) == 1
    assert {label(v) for v in back.sent(product).flat} <= numbers(axes[2])
    assert {label(v) for v in back.input_gradient(product, so_far=so_far).flat} <= numbers(axes[3])
    padding = np.prod(back.walk.geometry.padded_size) - np.prod(back.walk.geometry.input_size)
    assert len(patches(axes[3], "outside")) == padding
    assert f"at ({i}, {j}), {label(product.grad)}, times the kernel" in draw.alt(fig)
    assert_legible(fig)


@pytest.mark.parametrize("name", CASES)
def test_kernel_gradient_shows_all_that_the_weight_met(name):
    back, (_, dw, _) = made(name)
    u, v = (n - 1 for n in back.walk.geometry.kernel_size)
    product = back.at(0, 0, tap=(u, v))
    fig, axes = draw.figure(width=14, columns=4)
    draw.kernel_gradient(axes, back, product)
    rows, columns = back.touched(product)
    runs = [1 + np.count_nonzero(np.diff(places) > 1) for places in (rows, columns)]
    assert len(patches(axes[0], "window")) == runs[0] * runs[1]
    assert {label(n) for n in (back.met(product) * back.plane(product)).flat} <= numbers(axes[2])
    first = dw.reshape(back.walk.filters.shape)[0, 0]
    assert {label(n) for n in first.flat} <= numbers(axes[3])
    assert len(patches(axes[3], "kernel")) == 2
    assert draw.alt(fig).endswith(f"; at ({u}, {v}) it is {label(first[u, v])}.")
    assert_legible(fig)


def test_large_arrays_are_drawn_and_described_in_short():
    x, w = rng.integers(0, 9, (40, 50)), np.ones((3, 3), int)
    back = WayBack(rng.integers(-3, 4, (38, 48)), x, w)
    fig, axes = draw.figure(width=14, columns=4)
    draw.input_gradient(axes, back, back.at(20, 20))
    assert len(draw.alt(fig)) < 600
    fig, axes = draw.figure(width=14, columns=4)
    draw.kernel_gradient(axes, back, back.at(20, 20, tap=(1, 2)))
    assert len(draw.alt(fig)) < 1000


def test_wrong_axes_are_refused():
    back, _ = made("plain")
    _, axes = draw.figure(columns=3)
    with pytest.raises(ValueError, match="this takes 4 axes"):
        draw.input_gradient(axes, back, back.at(0, 0))
    with pytest.raises(ValueError, match="this takes 4 axes"):
        draw.kernel_gradient(axes, back, back.at(0, 0))
