import numpy as np
import pytest

from convlib import Geometry, conv2d_backward, conv_transpose2d, prepare
from convlib.fast import gradients, prepared
from convlib.fast.trust import Look
from tests.fast.agree import in_layout, normal

LAYERS = [
    ((2, 24, 13, 10), (20, 24, 3, 3), {"padding": 1}),
    ((3, 16, 9, 14), (32, 16, 3, 3), {"padding": ((2, 0), (1, 2))}),
    ((1, 32, 12, 12), (16, 32, 3, 3), {}),
    ((2, 6, 11, 9), (4, 3, 2, 3), {"groups": 2, "dilation": (2, 1), "padding": (1, 2)}),
    ((2, 5, 9, 9), (5, 1, 3, 3), {"groups": 5, "padding": "same"}),
    ((1, 1, 30, 31), (1, 1, 15, 13), {"padding": 7}),
    ((2, 3, 5, 5), (1, 3, 3, 3), {}),
    ((2, 16, 12, 11), (16, 16, 3, 3), {"stride": 2, "padding": 1}),
    ((2, 16, 12, 11), (16, 16, 3, 3), {"padding": 1, "padding_mode": "reflect"}),
    ((1, 3, 6, 7), (2, 3, 2, 2), {"padding": 3}),
]
TOLERANCE = {"float32": 2e-5, "float64": 5e-14}

layers = pytest.mark.parametrize(("x_shape", "w_shape", "steps"), LAYERS)
layouts = pytest.mark.parametrize("layout", ["NCHW", "NHWC"])


def operands(x_shape, w_shape, steps, layout, dtype):
    x, w = in_layout(normal(x_shape, dtype), normal(w_shape, dtype, seed=1), layout)
    arguments = {**steps, "layout": layout}
    sizes = {"batch": x_shape[0], "channels": x_shape[1], "filters": w_shape[0]}
    g = Geometry(x_shape[2:], w_shape[2:], **sizes, **arguments)
    shape = (*g.output_size, g.filters) if layout == "NHWC" else (g.filters, *g.output_size)
    return normal((g.batch, *shape), dtype, seed=2), x, w, arguments


def off(one, other):
    return abs(one - other).max() / abs(other).max()


@layers
@layouts
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gradients_agree_with_the_plain_ones(x_shape, w_shape, steps, layout, dtype):
    grad, x, w, arguments = operands(x_shape, w_shape, steps, layout, dtype)
    wide = (a.astype("float64") for a in (grad, x, w))
    wanted = conv2d_backward(*wide, method="strided", **arguments)
    for weights in (w, prepare(w.copy(), layout=layout)):
        found = conv2d_backward(grad, x, weights, **arguments)
        for one, other in zip(found, wanted, strict=True):
            assert one.dtype == dtype
            assert one.flags.c_contiguous
            assert off(one, other) < TOLERANCE[dtype]


@layouts
def test_prepared_filters_go_every_way(layout):
    # A small layer: the loops go too.
    grad, x, w, arguments = operands(*LAYERS[6], layout, "float64")
    kernel = prepare(w, layout=layout)
    for method in ("loops", "index_grid", "strided"):
        found = conv2d_backward(grad, x, kernel, method=method, **arguments)
        wanted = conv2d_backward(grad, x, w, method=method, **arguments)
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(one, other)


def test_prepared_filters_of_the_other_layout_are_refused():
    grad, x, w, arguments = operands(*LAYERS[0], "NHWC", "float32")
    with pytest.raises(ValueError, match="another layout"):
        conv2d_backward(grad, x, prepare(w), **arguments)


@layouts
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_where_the_plain_way_has_it(layout, value):
    for spoiled in range(3):
        given = list(operands(*LAYERS[0], layout, "float32"))
        given[spoiled][0, 0, 0, 0] = value
        with np.errstate(invalid="ignore"):
            found = conv2d_backward(*given[:3], **given[3])
            wanted = conv2d_backward(*given[:3], method="strided", **given[3])
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(np.isfinite(one), np.isfinite(other))


@layouts
def test_an_infinite_weight_reaches_no_pixel_that_no_window_of_its_covers(layout):
    w = np.array([[1, np.inf]])
    assert conv_transpose2d([[1.0, 2.0]], w, layout=layout).tolist() == [[1, np.inf, np.inf]]
    dx, *_ = conv2d_backward(
        [[1.0, 2.0]], np.ones((1, 3)), prepare(w, layout=layout), layout=layout
    )
    assert dx.tolist() == [[1, np.inf, np.inf]]


def test_what_is_made_of_the_filters_is_kept():
    grad, x, w, arguments = operands(*LAYERS[0], "NHWC", "float32")
    kernel = prepare(w, layout="NHWC")
    conv2d_backward(grad, x, kernel, **arguments)
    before = kernel.nbytes
    assert before > w.nbytes
    conv2d_backward(grad, x, kernel, **arguments)
    assert kernel.nbytes == before


def test_one_kernel_goes_back_with_different_groups():
    w = normal((4, 2, 3, 3), "float64")
    kernel, grad = prepare(w), normal((1, 4, 5, 6), "float64", 1)
    for groups in (1, 2, 1):
        x = normal((1, 2 * groups, 7, 8), "float64", 2)
        dx, *_ = conv2d_backward(grad, x, kernel, groups=groups)
        assert off(dx, conv2d_backward(grad, x, w, groups=groups, method="strided")[0]) < 5e-14


def test_prepared_complex_filters_are_conjugated():
    w = normal((2, 1, 2, 3)) * (1 + 2j)
    grad, x = normal((1, 2, 3, 4), seed=1) * 1j, normal((1, 1, 4, 6), seed=2)
    dx, *_ = conv2d_backward(grad, x, prepare(w))
    np.testing.assert_allclose(dx, conv2d_backward(grad, x, w)[0], atol=1e-6)


def test_what_is_kept_for_the_way_back_has_a_limit(monkeypatch):
    monkeypatch.setattr(prepared, "KEPT_BYTES", 50_000)
    monkeypatch.setattr("convlib.fast.run.decide", lambda *_: ("fft", Look()))
    kernel = prepare(normal((2, 1, 3, 3)))
    for size in range(20, 70, 5):  # a spectrum for each
        x, grad = np.ones((1, size, size), np.float32), np.ones((2, size - 2, size - 2), np.float32)
        conv2d_backward(grad, x, kernel)
        assert kernel.nbytes - kernel.w.nbytes <= 2 * 50_000


@pytest.mark.parametrize(
    ("steps", "dtype"),
    [({"stride": 2}, "float32"), ({"padding_mode": "reflect", "padding": 1}, "float32"),
     ({"padding": 3}, "float32"), ({}, "int64"), ({}, "complex64")],
)  # fmt: skip
def test_what_is_not_for_the_fast_way_is_left_to_the_plain_one(steps, dtype):
    g = Geometry((9, 9), 3, batch=1, channels=16, filters=16, **steps)
    grad = np.ones((1, *g.output_size, 16), dtype)
    assert gradients.input_gradient(grad, prepare(np.ones((16, 16, 3, 3), dtype)), g) is None


def test_few_tiles_do_not_pay_for_the_sums_of_many_channels():
    g = Geometry((6, 6), 3, batch=1, channels=64, filters=64)
    grad, x = np.ones((1, 4, 4, 64), "float32"), np.ones((1, 64, 6, 6), "float32")
    assert gradients.kernel_gradient(grad, x, g) is None
