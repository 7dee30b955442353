import numpy as np
import pytest

from convlib import conv2d, prepare
from convlib.fast import Kernel, banded, fft, im2col, matrix, winograd
from tests.fast.agree import NAMES, allowed, held, in_layout, normal, off

every = pytest.mark.parametrize("method", [*NAMES, "auto", "loops", "index_grid", "strided"])
layouts = pytest.mark.parametrize("layout", ["NCHW", "NHWC"])


@every
@layouts
def test_prepared_filters_stand_in_for_the_filters(method, layout):
    x, w = in_layout(normal((2, 3, 8, 9)), normal((4, 3, 3, 3), seed=1), layout)
    kernel = prepare(w, layout=layout)
    arguments = {"layout": layout, "padding": 1, "method": method}
    wanted = conv2d(x, w, **arguments)
    # auto may choose another method where the filters need not be made ready first
    rounding = {"rtol": 1e-4, "atol": 1e-5} if method == "auto" else {"rtol": 0, "atol": 0}
    for _ in range(3):
        np.testing.assert_allclose(conv2d(x, kernel, **arguments), wanted, **rounding)
    biased = conv2d(x, kernel, normal((4,), seed=2), **arguments)
    np.testing.assert_allclose(biased, conv2d(x, w, normal((4,), seed=2), **arguments), **rounding)


@every
@layouts
@pytest.mark.parametrize("axes", [2, 3])
def test_one_prepared_kernel(method, layout, axes):
    x, w = normal((3, 8, 9), "float64"), normal((3, 3, 3), "float64", 1)
    if layout == "NHWC":
        x, w = x.transpose(1, 2, 0), w.transpose(1, 2, 0)
    if axes == 2:
        x, w = normal((8, 9), "float64"), normal((3, 3), "float64", 1)
    y = conv2d(x, prepare(w, layout=layout), layout=layout, method=method)
    assert y.shape == (6, 7)
    assert off(y, x, w, layout=layout) <= 5e-14


@pytest.mark.parametrize(
    ("method", "module", "maker", "channels"),
    [
        ("banded", banded, "bands", 3),
        ("im2col", im2col, "_as_rows", 3),
        ("im2col", im2col, "_as_columns", 20),
        ("winograd", winograd, "transform", 3),
        ("fft", fft, "spectra", 3),
        ("matrix", matrix, "as_matrix", 3),
    ],
)
def test_what_is_kept_is_made_once_for_each_dtype(monkeypatch, method, module, maker, channels):
    made = held(monkeypatch, module, maker)
    kernel = prepare(normal((4, channels, 3, 3)))
    x = normal((2, channels, 8, 9), seed=1)
    for _ in range(3):
        conv2d(x, kernel, method=method)
    assert len(made) == 1
    for _ in range(3):
        conv2d(x.astype(np.float64), kernel, method=method)
    assert len(made) == 2
    conv2d(x, kernel.w, method=method)  # not prepared: made again
    assert len(made) == 3


@pytest.mark.parametrize("method", NAMES)
@layouts
def test_different_images_with_one_kernel(method, layout):
    kernels = {}
    groups = 1 if method in ("winograd", "matrix") else 2
    for size in [(8, 9), (5, 30), (31, 4), (8, 9), (40, 41)]:
        for padding, batch, dtype in [(0, 1, "float32"), (1, 3, "float64"), (2, 2, "float32")]:
            if method == "matrix" and size == (40, 41):
                continue
            x = normal((batch, 4, *size), dtype)
            x, w = in_layout(x, normal((6, 4 // groups, 3, 3), seed=1), layout)
            kernel = kernels.setdefault("one", prepare(w, layout=layout))
            arguments = {"padding": padding, "layout": layout, "groups": groups}
            y = conv2d(x, kernel, method=method, **arguments)
            assert y.dtype == x.dtype
            assert off(y, x, w, **arguments) <= allowed(method, dtype)


@pytest.mark.parametrize("method", [*NAMES, "auto"])
def test_different_steps_with_one_kernel(method):
    x, w = normal((2, 6, 9, 10), "float64"), normal((6, 3, 3, 3), "float64", 1)
    kernel = prepare(w)
    arguments = [
        {"stride": stride, "dilation": dilation, "groups": groups}
        for stride in [(1, 1), (2, 1), (1, 2)]
        for dilation in [(1, 1), (2, 1), (1, 2)]
        for groups in (1, 2)
    ]
    for each in (*arguments, *arguments[::-1]):
        images = x[:, :3] if each["groups"] == 1 else x
        try:
            y = conv2d(images, kernel, method=method, **each)
        except ValueError as error:
            assert method in ("winograd", "matrix"), error  # noqa: PT017
            continue
        assert off(y, images, w, **each) <= allowed(method, "float64")


def test_bytes_are_those_of_the_filters_and_of_what_is_kept():
    w = normal((4, 3, 3, 3))
    kernel = prepare(w)
    assert kernel.nbytes == w.nbytes
    conv2d(normal((3, 8, 9)), kernel, method="winograd")
    assert kernel.nbytes == w.nbytes + 36 * 3 * 4 * 4
    assert f"{kernel.nbytes} bytes" in repr(kernel)


def test_a_type_that_the_filters_have_is_not_kept_again():
    w = normal((4, 3, 3, 3))
    kernel = prepare(w)
    conv2d(normal((3, 8, 9)), kernel, method="taps")
    assert kernel.nbytes == w.nbytes
    conv2d(normal((3, 8, 9), "float64"), kernel, method="taps")
    assert kernel.nbytes == w.nbytes * 3


def test_the_weights_are_read_only_from_then_on():
    whole = normal((8, 3, 3, 3))
    view = whole[::2].transpose(0, 1, 3, 2)
    kernel = prepare(view)
    for array in (whole, view, kernel.w, kernel.filters):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        whole += 1


def test_the_kernel_has_a_copy_that_a_writeable_view_does_not_change():
    w = normal((4, 3, 3, 3))
    before = w[...]
    kernel, copy = prepare(w), w.copy()
    before[...] = 0
    np.testing.assert_array_equal(kernel.w, copy)


def test_read_only_weights_and_lists_are_taken():
    w = normal((3, 3), "float64")
    w.flags.writeable = False
    x = normal((8, 9), "float64", 1)
    np.testing.assert_array_equal(conv2d(x, prepare(w)), conv2d(x, w))
    np.testing.assert_array_equal(conv2d(x, prepare(w.tolist())), conv2d(x, w))
    whole = [[1, 2], [3, 4]]
    y = conv2d([[1, 0, 0], [0, 0, 1]], prepare(whole))
    assert (y.dtype, y.tolist()) == (np.int64, [[1, 4]])


@pytest.mark.parametrize("order", ["F", "reversed", "swapped", "broadcast"])
def test_weights_in_any_memory_order(order):
    w = normal((4, 2, 3, 3), "float64")
    given = {
        "F": np.asfortranarray(w),
        "reversed": w[::-1, :, ::-1],
        "swapped": w.astype(">f8"),
        "broadcast": np.broadcast_to(w[:1], (4, 2, 3, 3)),
    }[order]
    right = np.array(given, dtype="float64")
    x = normal((2, 8, 9), "float64", 1)
    for method in NAMES:
        assert off(conv2d(x, prepare(given), method=method), x, right) <= 5e-14


def test_a_kernel_reads_as_an_array():
    w = normal((4, 3, 3, 3))
    kernel = prepare(w)
    np.testing.assert_array_equal(np.asarray(kernel), w)
    assert np.asarray(kernel, dtype=np.float64).dtype == np.float64
    changed = np.array(kernel)
    changed += 1
    np.testing.assert_array_equal(kernel.w, w)
    assert isinstance(kernel, Kernel)


@every
def test_the_other_layout_is_refused(method):
    square = normal((3, 3, 3, 3))
    with pytest.raises(ValueError, match=r"another layout.*prepare\(w, layout='NHWC'\)"):
        conv2d(normal((3, 8, 8)), prepare(square), layout="NHWC", method=method)
    with pytest.raises(ValueError, match=r"another layout.*prepare\(w, layout='NCHW'\)"):
        conv2d(normal((3, 8, 8)), prepare(square, layout="NHWC"), method=method)


@pytest.mark.parametrize(
    ("w", "layout", "kind", "words"),
    [
        (np.ones(3), "NCHW", ValueError, "2, 3 or 4 axes"),
        (np.ones((1, 1, 1, 1, 1)), "NCHW", ValueError, "2, 3 or 4 axes"),
        (np.ones((0, 3, 3)), "NCHW", ValueError, "length 0"),
        (np.ones((3, 3)), "NWHC", ValueError, "layout is not known"),
        (np.ones((3, 3)), None, TypeError, "layout must be a string"),
        ([["a"]], "NCHW", TypeError, "must hold numbers"),
        ([[1, 2], [3]], "NCHW", ValueError, "rectangular"),
        (np.ma.ones((3, 3)), "NCHW", TypeError, "mask would be lost"),
    ],
)
def test_what_are_no_weights_is_refused(w, layout, kind, words):
    with pytest.raises(kind, match=words) as caught:
        prepare(w, layout=layout)
    assert "Given: " in str(caught.value)


def test_arrays_with_a_layout_of_their_own_are_not_taken_for_prepared():
    class Tensor:
        layout = "strided"

        def __array__(self, dtype=None, copy=None):
            return np.ones((2, 2))

    np.testing.assert_array_equal(conv2d(np.ones((3, 3)), Tensor()), np.full((2, 2), 4))


def test_integers_of_a_prepared_kernel_are_exact():
    x, w = np.full((1, 2, 9, 9), 2**40 + 1), np.full((3, 2, 3, 3), 2**18 + 1)
    kernel = prepare(w)
    for _ in range(2):
        np.testing.assert_array_equal(conv2d(x, kernel), conv2d(x, w, method="strided"))
    np.testing.assert_array_equal(conv2d(x // 2**40, kernel), conv2d(x // 2**40, w))
