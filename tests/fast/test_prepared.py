import copy
import os
import pickle
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from convlib import conv2d, prepare
from convlib.fast import (
    Kernel,
    banded,
    bounds,
    choose,
    fft,
    im2col,
    matrix,
    prepared,
    shifted,
    winograd,
)
from convlib.operands import read
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
        ("im2col", shifted, "as_rows", 3),
        ("im2col", im2col, "_as_columns", 20),
        ("winograd", winograd, "transform", 3),
        ("fft", fft, "spectra", 3),
        ("matrix", matrix, "as_matrix", 3),
    ],
)
def test_what_is_kept_is_made_once_for_each_dtype(monkeypatch, method, module, maker, channels):
    monkeypatch.setattr(im2col, "AT_ONCE", 0)
    made = held(monkeypatch, module, maker)
    kernel = prepare(normal((4, channels, 3, 3)))
    x = normal((2, channels, 8, 9), seed=1)
    for _ in range(3):
        conv2d(x, kernel, method=method)
    assert len(made) == 1
    for _ in range(3):
        conv2d(x.astype(np.float64), kernel, method=method)
    types = 1 if method == "fft" else 2  # all spectra are made of doubles
    assert len(made) == types
    conv2d(x, kernel.w, method=method)  # not prepared: made again
    assert len(made) == types + 1


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


@pytest.mark.parametrize("size", [(9, 10), (21, 22)])
@pytest.mark.parametrize("method", [*NAMES, "auto"])
def test_different_steps_with_one_kernel(monkeypatch, method, size):
    monkeypatch.setattr(im2col, "AT_ONCE", 0)
    x, w = normal((2, 6, *size), "float64"), normal((6, 3, 3, 3), "float64", 1)
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


@pytest.mark.parametrize("axes", [(0, 1, 2, 3), (0, 1, 3, 2)])
def test_the_kernel_has_a_read_only_copy_and_what_was_given_is_left_alone(axes):
    image = normal((8, 9, 3, 3))
    crop = image.transpose(axes)
    kernel, before = prepare(crop), crop.copy()
    for array in (kernel.w, kernel.filters):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    image += 1
    crop[...] = 0
    np.testing.assert_array_equal(kernel.w, before)


def test_read_only_weights_and_lists_are_taken():
    w = normal((3, 3), "float64")
    w.flags.writeable = False
    x = normal((8, 9), "float64", 1)
    for given in (w, w.tolist()):  # auto may take another method where nothing is to be made first
        np.testing.assert_allclose(conv2d(x, prepare(given)), conv2d(x, w), rtol=0, atol=1e-14)
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


@pytest.mark.parametrize("method", ["auto", "matrix"])
def test_integers_too_large_are_refused_the_second_time_too(method):
    kernel, x = prepare(np.full((1, 2), 2**40)), np.array([[1, 2, 3]])
    for _ in range(2):
        assert conv2d(x, kernel, method=method).tolist() == [[3 * 2**40, 5 * 2**40]]
        with pytest.raises(ValueError, match="could reach"):
            conv2d(x * 2**30, kernel, method=method)


def tiny(batch=1, size=(5, 6), channels=3):
    """Images of a few pixels, whose convolution with a prepared kernel is one product."""
    return normal((batch, channels, *size))


def shortcuts(kernel):
    return [kept for kept in kernel._kept.values() if isinstance(kept, prepared.Shortcut)]


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("method", ["auto", "matrix"])
@pytest.mark.parametrize("axes", [(4, 4), (3, 4), (4, 3), (3, 3)])
def test_a_call_that_was_one_product_is_one_product_the_next_time(
    monkeypatch, layout, method, axes
):
    x, w = in_layout(tiny(), normal((2, 3, 3, 2), seed=1), layout)
    x = x[0] if axes[0] == 3 else x
    w = (w[..., 0] if layout == "NHWC" else w[0]) if axes[1] == 3 else w
    kernel, arguments = (
        prepare(w, layout=layout),
        {"layout": layout, "method": method, "padding": 1},
    )
    wanted = conv2d(x, kernel, **arguments)
    assert len(shortcuts(kernel)) == 1
    monkeypatch.setattr("convlib.convolution.read_call", None)  # nothing is read any more
    again = conv2d(2 * x, kernel, **arguments)
    assert again.shape == wanted.shape
    np.testing.assert_array_equal(again, 2 * wanted)


def test_a_shortcut_is_taken_by_equal_calls_alone():
    x, w, bias = tiny(), normal((2, 3, 3, 3), seed=1), normal((2,), seed=2)
    kernel = prepare(w)
    conv2d(x, kernel)
    for other in (tiny(2), tiny(size=(6, 5)), x.astype(float), x.astype(">f4"), x[..., ::-1]):
        assert off(conv2d(other, kernel), other, w) <= 1e-6
    for arguments in ({"stride": 2}, {"padding": 1}, {"stride": (1, 2)}, {"stride": [1, 2]}):
        assert off(conv2d(x, kernel, **arguments), x, w, **arguments) <= 1e-6
    assert off(conv2d(x, kernel, bias), x, w, bias) <= 1e-6
    for arguments in ({"stride": True}, {"padding": 0.0}, {"groups": True}, {"stride": (1.0, 1)}):
        with pytest.raises(TypeError, match="must be made of integers"):
            conv2d(x, kernel, **arguments)
    for method in ("auto", "matrix"):
        conv2d(x, kernel, method=method)
    x[0, 0, 0, 0] = np.inf
    assert np.isfinite(conv2d(x, kernel)[..., 1:]).all()  # auto looks, and does it directly


def test_an_error_inside_a_shortcut_is_heard_of(monkeypatch):
    def broken(*_):
        raise TypeError("a mistake of ours")

    x, kernel = tiny(), prepare(normal((2, 3, 3, 3)))
    conv2d(x, kernel)
    monkeypatch.setattr(prepared.Shortcut, "__call__", broken)
    with pytest.raises(TypeError, match="a mistake of ours"):
        conv2d(x, kernel)


def test_a_masked_image_is_refused_the_second_time_too():
    x, kernel = tiny(), prepare(normal((2, 3, 3, 3)))
    conv2d(x, kernel)
    assert shortcuts(kernel)
    with pytest.raises(TypeError, match="mask would be lost"):
        conv2d(np.ma.array(x), kernel)


def test_what_a_kernel_keeps_has_a_limit():
    kernel = prepare(normal((16, 3, 3, 3)))
    for height in range(4, 14):
        for width in range(4, 24):
            conv2d(tiny(size=(height, width)), kernel, method="matrix")
            assert kernel.nbytes - kernel.w.nbytes <= prepared.KEPT_BYTES
    for batch in range(1, 300):
        conv2d(tiny(batch), kernel, method="matrix")
    assert len(kernel._kept) <= prepared.MOST_KEPT
    assert off(conv2d(tiny(), kernel), tiny(), kernel.w) <= 1e-6


def test_bytes_that_are_held_are_those_that_are_said():
    kernel = prepare(normal((4, 3, 3, 3)))
    tracemalloc.start()
    for width in range(20, 80):
        conv2d(tiny(size=(20, width)), kernel, method="matrix" if width < 30 else "winograd")
    held_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kernel.nbytes <= held_bytes <= 1.1 * kernel.nbytes + 400_000


@pytest.mark.parametrize("bias", [None, np.zeros(2, np.float32)])  # only without one: shortcuts
def test_what_was_used_last_is_kept_longest(monkeypatch, bias):
    made = held(monkeypatch, matrix, "as_matrix")
    kernel, sizes = prepare(normal((2, 3, 3, 3))), [(6, 5), (5, 6), (7, 4)]
    of_one = conv2d(tiny(), kernel.w, method="strided").size * tiny().nbytes
    monkeypatch.setattr(prepared, "KEPT_BYTES", int(2.5 * of_one))
    for size in (sizes[0], sizes[1], sizes[0], sizes[2], sizes[0]):
        conv2d(tiny(size=size), kernel, bias, method="matrix")
    assert len(made) == 3
    conv2d(tiny(size=sizes[1]), kernel, bias, method="matrix")
    assert len(made) == 4
    monkeypatch.setattr(prepared, "KEPT_BYTES", 10)  # less than any: one is kept, and little more
    x = tiny(size=(8, 9))
    largest = conv2d(x, kernel, bias, method="matrix").size * x.nbytes
    assert largest <= kernel.nbytes - kernel.w.nbytes <= (1 + prepared.BESIDES) * largest


@pytest.mark.parametrize(("channels", "size", "name"), [(64, 3, "winograd"), (1, 31, "fft")])
def test_what_is_looked_at_is_not_let_go_for_what_is_used(monkeypatch, channels, size, name):
    x, w = normal((1, channels, 200, 200)), normal((channels, channels, size, size))
    assert choose(read(x, w).geometry, x.dtype) == name
    makers = (winograd, "transform") if name == "winograd" else (fft, "spectra")
    made, looked = held(monkeypatch, *makers), held(monkeypatch, bounds, "Weights")
    monkeypatch.setattr(prepared, "KEPT_BYTES", 10_000)  # less than the one that is used
    kernel = prepare(w)
    for _ in range(3):
        conv2d(x, kernel)
    assert len(made) == 1
    assert len(looked) <= 1


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda kernel: pickle.loads(pickle.dumps(kernel))]
)
def test_a_copy_has_the_weights_alone_and_they_are_read_only(copied):
    x, kernel = tiny(), prepare(normal((2, 3, 3, 3)).transpose(2, 3, 1, 0), layout="NHWC")
    x = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    wanted = conv2d(x, kernel, layout="NHWC")
    other = copied(kernel)
    assert (other.layout, other.prepared, other.nbytes) == ("NHWC", True, kernel.w.nbytes)
    assert not other.w.flags.writeable
    np.testing.assert_array_equal(conv2d(x, other, layout="NHWC"), wanted)
    assert len(shortcuts(other)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_has_threads_of_its_own():
    code = """if True:
        import os, warnings
        import numpy as np
        from convlib import conv2d
        warnings.simplefilter("ignore")  # Python warns of any fork beside threads
        x, w = np.ones((8, 16, 64, 64)), np.ones((16, 16, 3, 3))
        conv2d(x, w, method="im2col", threads=2)
        child = os.fork()
        y = conv2d(x, w, method="im2col", threads=2)
        if child == 0:
            os._exit(0 if y.max() == 144 else 1)
        assert os.waitpid(child, 0)[1] == 0
    """
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
