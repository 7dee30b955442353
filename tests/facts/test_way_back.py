"""Every product on its way back: all of them together are the gradients, some of them a part."""

import numpy as np
import pytest

from convlens.facts.way_back import WayBack
from convlib import conv2d, conv2d_backward
from convlib.adjoint.scatter import unpad

STEPS = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2)}
CASES = {
    "plain": ((1, 1, 4, 5), (1, 1, 2, 3), {}),
    "all": ((2, 4, 3, 4), (4, 2, 2, 2), {"groups": 2, **STEPS}),
    "reflected": ((2, 2, 3, 4), (2, 2, 2, 3), {"padding": (1, 2), "padding_mode": "reflect"}),
    "channels last": ((2, 3, 4, 2), (2, 3, 2, 3), {"layout": "NHWC", "padding": 1}),
    "strides beyond the window": ((1, 1, 7, 8), (1, 1, 2, 1), {"stride": 3}),
}


@pytest.fixture(params=CASES)
def case(request):
    """A way back of complex whole numbers, and the gradients that conv2d_backward makes."""
    x_shape, w_shape, arguments = CASES[request.param]
    rng = np.random.default_rng(0)
    x, w = (rng.integers(-9, 10, (2, *shape)) for shape in (x_shape, w_shape))
    x, w = x[0] + 1j * x[1], w[0] + 1j * w[1]
    grad = rng.integers(-9, 10, conv2d(x, w, **arguments).shape) * (2 - 1j)
    dx, dw, _ = conv2d_backward(grad, x, w, method="loops", **arguments)
    if arguments.get("layout") == "NHWC":
        dw = dw.transpose(3, 2, 0, 1)
    return WayBack(grad, x, w, **arguments), dx, dw


def products(back):
    """Every product, in the order in which the outputs come."""
    for f in back.walk:
        for channel, *tap in np.ndindex(f.kernel.shape):
            yield back.at(
                f.row, f.column, tap=tuple(tap), image=f.image, filter=f.filter, channel=channel
            )


def test_all_products_together_are_the_gradients(case):
    back, dx, dw = case
    to_x, to_w = np.zeros(back.walk.padded.shape, complex), np.zeros(dw.shape, complex)
    for r in products(back):
        to_x[r.frame.image, r.frame.channels[r.channel], r.row, r.column] += r.to_pixel
        to_w[r.frame.filter, r.channel, r.u, r.v] += r.to_weight
    g = back.walk.geometry
    padded = to_x if g.layout == "NCHW" else to_x.transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(unpad(padded, g), dx)
    np.testing.assert_array_equal(to_w, dw)
    for r in list(products(back))[::11]:
        whole = to_x[r.frame.image, r.frame.channels[r.channel]]
        np.testing.assert_array_equal(back.input_gradient(r), whole)
        np.testing.assert_array_equal(back.kernel_gradient(r), to_w[r.frame.filter, r.channel])


def test_what_was_sent_so_far_ends_with_the_product_s_own_cell(case):
    back, *_ = case
    every = list(products(back))
    for r in every[:: len(every) // 12]:
        dx = np.zeros(back.walk.padded.shape[2:], complex)
        dw = np.zeros(r.frame.kernel.shape[1:], complex)
        for p in every:
            before = (p.frame.image, p.frame.number) <= (r.frame.image, r.frame.number)
            if before and (p.frame.filter, p.channel) == (r.frame.filter, r.channel):
                dw[p.u, p.v] += p.to_weight
                if p.frame.image == r.frame.image:
                    dx[p.row, p.column] += p.to_pixel
        np.testing.assert_array_equal(back.input_gradient(r, so_far=True), dx)
        np.testing.assert_array_equal(back.kernel_gradient(r, so_far=True), dw)


def test_a_block_is_a_part_of_the_whole(case):
    back, *_ = case
    for r in list(products(back))[::29]:
        for rows in (slice(0, 2), slice(1, 2), slice(-2, None)):
            for columns in (slice(1, None), slice(0, 1)):
                for of in (back.input_gradient, back.kernel_gradient):
                    for so_far in (False, True):
                        part = of(r, so_far=so_far, block=(rows, columns))
                        whole = of(r, so_far=so_far)[rows, columns]
                        np.testing.assert_array_equal(part, whole)


def test_the_three_numbers_are_those_of_one_cell_one_tap_and_one_pixel(case):
    back, *_ = case
    for r in products(back):
        f = r.frame
        assert back.plane(r)[f.row, f.column] == r.grad
        assert back.sent(r)[r.u, r.v] == r.to_pixel
        assert back.met(r)[f.row, f.column] == r.pixel
        rows, columns = back.touched(r)
        assert (rows[f.row], columns[f.column]) == (r.row, r.column)


@pytest.mark.parametrize("place", [{"tap": (2, 0)}, {"tap": (0, -1)}, {"channel": 1}])
def test_there_is_no_weight_outside_the_kernel(place):
    back = WayBack(np.ones((2, 2)), np.ones((3, 4)), np.ones((2, 3)))
    with pytest.raises(IndexError, match="there is no weight at this place") as caught:
        back.at(0, 0, **place)
    assert "Stay inside the kernel, (1, 2, 3) as (C, KH, KW)." in str(caught.value)
