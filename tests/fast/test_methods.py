"""What holds for every fast method, whatever it does inside."""

import importlib
import inspect
from pkgutil import iter_modules

import numpy as np
import pytest

import convlib
from convlib import conv2d, fast, operands
from convlib.fast import im2col
from convlib.fast.cost import Cost
from tests.core.arrays import absurd_where_single, memory_orders
from tests.fast.agree import CHOOSING, METHODS, NAMES, agrees, allowed, in_layout, normal, off

every = pytest.mark.parametrize("method", [*NAMES, "auto"])
named = pytest.mark.parametrize("method", NAMES)
layouts = pytest.mark.parametrize("layout", ["NCHW", "NHWC"])


@pytest.fixture(autouse=True)
def in_blocks(request, monkeypatch):
    """im2col in blocks: images this small would have all their windows copied at once."""
    if "method" in request.fixturenames and request.getfixturevalue("method") == "im2col":
        monkeypatch.setattr(im2col, "AT_ONCE", 0)


def groups_of(method):
    return 1 if method in ("winograd", "matrix") else 2


def test_the_front_door_knows_every_fast_method():
    assert tuple(METHODS) == operands.FAST
    assert not set(operands.FAST) & set(operands.METHODS)
    assert set(CHOOSING.NANOSECONDS) == set(METHODS)


@named
def test_a_method_has_three_functions_and_says_what_it_costs_in_its_docstring(method):
    module = METHODS[method]
    assert {"refuses", "cost", "correlate"} <= set(module.__all__)
    documented = module.correlate.__doc__
    assert "Error:" in documented
    assert "Memory:" in documented


@every
@layouts
@pytest.mark.parametrize("order", memory_orders(np.zeros((2, 2, 2, 2))))
def test_every_memory_order_gives_the_same_result(method, layout, order):
    groups = groups_of(method)
    x, w = normal((2, 4, 7, 9)), normal((6, 4 // groups, 3, 3), seed=1)
    x, w = in_layout(x, w, layout)
    arguments = {"groups": groups, "padding": ((1, 0), (2, 1)), "layout": layout}
    for a, b in [(memory_orders(x)[order], w), (x, memory_orders(w)[order])]:
        # Not to the bit: BLAS may add up the same numbers in another order.
        y = conv2d(a, b, method=method, **arguments)
        assert off(y, x, w, **arguments) <= allowed(method, "float32")


@every
@layouts
def test_a_picture_repeated_by_a_stride_of_zero(method, layout):
    image = normal((9, 8), "float64")
    shape = (2, 3, 9, 8) if layout == "NCHW" else (2, 9, 8, 3)
    picture = image if layout == "NCHW" else image[..., None]
    x = np.broadcast_to(picture, shape)
    _, w = in_layout(np.zeros((1, 1, 1, 1)), normal((2, 3, 3, 3), "float64", 1), layout)
    y = conv2d(x, w, layout=layout, method=method)
    assert off(y, x, w, layout=layout) <= allowed(method, "float64")


@every
@layouts
@pytest.mark.parametrize(
    ("x_shape", "kernel"), [((1, 1, 7, 9), (3, 3)), ((1, 1, 7, 3), (3, 3)), ((1, 1, 3, 9), (3, 3))]
)
def test_strides_of_axes_of_length_one_do_no_harm(method, layout, x_shape, kernel):
    x, w = in_layout(normal(x_shape, "float64"), normal((1, 1, *kernel), "float64", 1), layout)
    y = conv2d(absurd_where_single(x), absurd_where_single(w), layout=layout, method=method)
    assert off(y, x, w, layout=layout) <= allowed(method, "float64")


@pytest.mark.parametrize("method", [name for name in (*NAMES, "auto") if name != "winograd"])
@pytest.mark.parametrize("axes", [(4, 4), (3, 4), (4, 3), (3, 3), (2, 2)])
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (4, 5)])
@layouts
def test_axes_of_length_one_and_axes_left_out(method, axes, size, layout):
    for kernel in [(1, 1), (min(size[0], 2), 1), (1, min(size[1], 3))]:
        x, w = in_layout(
            normal((1, 1, *size), "float64"), normal((1, 1, *kernel), "float64", 1), layout
        )
        if axes == (2, 2):
            x, w = x.reshape(size), w.reshape(kernel)
        else:
            x = x[0] if axes[0] == 3 else x
            w = (w[0] if layout == "NCHW" else w[..., 0]) if axes[1] == 3 else w
        y = conv2d(x, w, layout=layout, method=method)
        assert off(y, x, w, layout=layout) <= 4e-15


@every
@layouts
@pytest.mark.parametrize(
    ("x", "w"), [("float16", "float16"), ("uint8", "float32"), ("float32", "float64"),
                 ("float64", "float32"), (">f4", "<f4"), ("float32", "int64"), ("bool", "float32")]
)  # fmt: skip
def test_dtypes_are_those_of_numpy(method, layout, x, w):
    rng = np.random.default_rng(0)
    images, filters = rng.integers(0, 2, (2, 2, 7, 8)), rng.integers(-1, 2, (3, 2, 3, 3))
    images, filters = in_layout(images.astype(x), filters.astype(w), layout)
    y = conv2d(images, filters, layout=layout, method=method)
    right = conv2d(images, filters, layout=layout, method="strided")
    assert y.dtype == right.dtype
    most = 1e-3 if y.dtype == np.float16 else allowed(method, y.dtype)
    assert abs(y.astype(float) - right).max() <= most * max(abs(right).max(), 4)


@named
@pytest.mark.parametrize("dtype", ["complex64", "complex128", "longdouble", "int64"])
def test_other_numbers_are_either_right_or_refused(method, dtype):
    x = np.random.default_rng(0).integers(-9, 9, (2, 2, 7, 8)).astype(dtype)
    w = np.random.default_rng(1).integers(-9, 9, (3, 2, 3, 3)).astype(dtype)
    if np.dtype(dtype).kind == "c":
        x, w = x * (1 + 2j), w * (3 - 1j)
    if METHODS[method].refuses(convlib.Geometry((7, 8), (3, 3)), x.dtype):
        with pytest.raises(ValueError, match=f"'{method}' cannot do {x.dtype}"):
            conv2d(x, w, method=method)
    else:
        y = conv2d(x, w, method=method)
        np.testing.assert_allclose(y, conv2d(x, w, method="strided"), atol=1e-9)


@every
@pytest.mark.parametrize("seed", range(8))
def test_two_threads_give_what_one_gives(method, seed):
    how = {"kernel": (3, 3), "plain": True}
    for threads in (1, 2, 5):  # smaller blocks are other products, which BLAS may round otherwise
        agrees(method, seed, threads=threads, **how)


@pytest.mark.parametrize("method", [name for name in NAMES if name != "matrix"])
@layouts
def test_two_threads_give_what_one_gives_where_there_is_work_for_them(method, layout):
    x, w = in_layout(normal((4, 16, 70, 90)), normal((16, 16, 3, 3), seed=1), layout)
    arguments = {"padding": 1, "layout": layout}
    for threads in (1, 2):
        y = conv2d(x, w, threads=threads, method=method, **arguments)
        assert off(y, x, w, **arguments) <= allowed(method, "float32")


@every
@layouts
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("writeable", [True, False])
def test_the_arguments_are_never_changed_and_may_be_read_only(method, layout, padding, writeable):
    groups = groups_of(method)
    x, w = in_layout(normal((2, 4, 7, 8)), normal((6, 4 // groups, 3, 3), seed=1), layout)
    arrays = [x, w, normal((6,), seed=2)]
    copies = [a.copy() for a in arrays]
    for a in arrays:
        a.flags.writeable = writeable
    conv2d(*arrays, groups=groups, padding=padding, layout=layout, method=method)
    for a, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(a, copy)
        assert a.flags.writeable is writeable


@every
@layouts
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3)])
@pytest.mark.parametrize(("channels", "filters", "groups"), [(1, 1, 1), (3, 6, 1), (4, 4, 4)])
def test_the_result_is_a_new_contiguous_array(method, layout, kernel, channels, filters, groups):
    x, w = normal((2, channels, 6, 7)), normal((filters, channels // groups, *kernel), seed=1)
    x, w = in_layout(x, w, layout)
    if method in NAMES and METHODS[method].refuses(
        convlib.Geometry((6, 7), kernel, channels=channels, filters=filters, groups=groups), x.dtype
    ):
        return
    for size in ((6, 7), (6, 6), (5, 7)):
        rows, columns = size
        part = x[:, :, :rows, :columns] if layout == "NCHW" else x[:, :rows, :columns]
        y = conv2d(part, w, groups=groups, layout=layout, method=method)
        assert y.flags.c_contiguous
        assert y.flags.writeable
        assert not np.shares_memory(y, x)
        assert not np.shares_memory(y, w)
        again = conv2d(part, w, groups=groups, layout=layout, method=method)
        assert not np.shares_memory(y, again)


@every
def test_an_empty_batch_gives_an_empty_batch(method):
    y = conv2d(np.ones((0, 2, 7, 8)), np.ones((4, 2, 3, 3)), np.ones(4), method=method)
    assert (y.shape, y.dtype) == ((0, 4, 5, 6), np.float64)


REFUSED = {
    "a 5x5 kernel": ((2, 2, 30, 40), (4, 2, 5, 5), {}, "float32"),
    "a large image": ((1, 1, 300, 300), (1, 1, 3, 3), {}, "float32"),
    "groups": ((1, 4, 9, 9), (4, 2, 3, 3), {"groups": 2}, "float32"),
    "a stride": ((1, 2, 9, 9), (4, 2, 3, 3), {"stride": 2}, "float64"),
    "integers": ((1, 16, 40, 40), (16, 16, 3, 3), {}, "int64"),
    "integers of one channel": ((1, 1, 300, 300), (1, 1, 3, 3), {}, "int64"),
    "few integers": ((1, 1, 5, 5), (1, 1, 2, 2), {}, "uint8"),
    "integers in groups": ((1, 4, 9, 9), (4, 1, 3, 3), {"groups": 4}, "int64"),
    "complex numbers": ((1, 2, 9, 9), (4, 2, 3, 3), {}, "complex64"),
    "long numbers": ((1, 2, 9, 9), (4, 2, 3, 2), {}, "longdouble"),
    "an empty batch": ((0, 2, 9, 9), (4, 2, 3, 2), {}, "complex64"),
}


@named
@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_names_a_method_that_can(method, what):
    x_shape, w_shape, arguments, dtype = REFUSED[what]
    rng = np.random.default_rng(0)
    x = rng.integers(0, 9, x_shape).astype(dtype)
    w = rng.integers(0, 9, w_shape).astype(dtype)
    try:
        conv2d(x, w, method=method, **arguments)
    except ValueError as error:
        message = str(error)
        assert message.startswith(f"{method!r} cannot do ")
        assert "Given: " in message
        assert f"x.shape={x_shape}" in message
        other = message.split('Use method="')[1].split('"')[0]
        assert other != method
        y = conv2d(x, w, method=other, **arguments)
        np.testing.assert_allclose(y, conv2d(x, w, **arguments), atol=1e-2)


def test_something_is_refused():
    # Otherwise the test above would hold of nothing.
    refusing = {
        name
        for name, module in METHODS.items()
        for kind in ("int64", "complex64")
        if module.refuses(convlib.Geometry((300, 300), (5, 5)), np.dtype(kind))
    }
    assert refusing == {"banded", "im2col", "winograd", "fft", "matrix"}


@pytest.mark.parametrize("method", [name for name in NAMES if name != "taps"])
def test_a_method_asks_for_its_memory_first(monkeypatch, method):
    # Image and output take less than what is never too much, what is made of the filters more.
    x, w = normal((1, 100, 8, 8)), normal((300, 100, 3, 3), seed=1)
    if method == "matrix":
        x, w = normal((3, 20, 20)), normal((4, 3, 3, 3), seed=1)
    pages = {"SC_PHYS_PAGES": 2**8, "SC_PAGE_SIZE": 2**12}  # a machine of one megabyte
    monkeypatch.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)
    with pytest.raises(ValueError, match=r"not enough memory.*Given: x\.shape"):
        conv2d(x, w, method=method)


def test_what_is_worked_out_once_for_a_geometry_is_not_kept_for_ever():
    modules = [
        importlib.import_module(f"convlib.fast.{m.name}") for m in iter_modules(fast.__path__)
    ]
    caches = {
        cache
        for module in modules
        for cache in vars(module).values()
        if hasattr(cache, "cache_info") and "g" in inspect.signature(cache).parameters
    }
    assert len(caches) >= 4
    assert all(cache.cache_info().maxsize for cache in caches)


@named
def test_counts_are_whole_numbers_and_none_is_negative(method):
    seen = 0
    for size in [(3, 3), (40, 51), (900, 1200)]:
        for kernel in [(1, 1), (3, 3), (2, 3)]:
            for channels, filters, groups in [(1, 1, 1), (6, 12, 1), (6, 12, 3), (8, 8, 8)]:
                for stride, dilation, padding, layout in [
                    (1, 1, 0, "NCHW"),
                    (1, 1, 1, "NHWC"),
                    ((2, 3), 1, ((1, 0), (3, 1)), "NCHW"),
                    (1, (2, 1), 2, "NHWC"),
                ]:
                    for batch in (1, 7):
                        g = convlib.Geometry(
                            size, kernel, stride=stride, dilation=dilation, padding=padding,
                            layout=layout, batch=batch, channels=channels, filters=filters,
                            groups=groups,
                        )  # fmt: skip
                        if METHODS[method].refuses(g, np.dtype("float32")):
                            continue
                        cost = METHODS[method].cost(g, 4)
                        assert isinstance(cost, Cost)
                        assert all(type(count) is int and count >= 0 for count in cost), cost
                        assert cost.multiplications > 0
                        seen += 1
    assert seen > 5
