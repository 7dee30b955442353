import subprocess
import sys

import numpy as np
import pytest

from convlib import conv2d
from convlib.fast import fft
from convlib.geometry import Geometry
from tests.core.arrays import absurd_where_single
from tests.fast.agree import agrees, in_layout, normal, off


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(40))
def test_products_of_spectra_agree_with_the_definition(seed, dtype):
    agrees("fft", seed, dtype=dtype)


@pytest.mark.parametrize("seed", range(20))
def test_the_transforms_of_numpy_serve_as_well(monkeypatch, seed):
    monkeypatch.setattr(fft, "ffts", lambda: np.fft)
    for dtype in ("float32", "float64"):
        agrees("fft", seed, dtype=dtype)


def test_without_scipy_those_of_numpy_are_taken():
    code = """if True:
        import sys
        sys.modules["scipy"] = None
        import numpy as np
        from convlib import conv2d
        from convlib.fast import fft
        assert fft.ffts() is np.fft
        x, w = np.arange(400.0).reshape(20, 20), np.arange(30.0).reshape(5, 6)
        error = abs(conv2d(x, w, method="fft") - conv2d(x, w, method="loops")).max()
        assert error < 1e-8, error
    """
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


class Watched:
    """The transforms of NumPy, which write down what they are given."""

    def __init__(self):
        self.given = []

    def __getattr__(self, name):
        def transform(a, **options):
            self.given.append((name, a))
            return getattr(np.fft, name)(a, **options)

        return transform


# What has these sizes is transformed as it is, without a zero added.
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("size", [(3, 9), (8, 9), (1, 9), (9, 1), (1, 1)])
@pytest.mark.parametrize(("c", "o"), [(1, 1), (1, 3), (5, 8)])
def test_no_transform_is_given_a_stride_that_scipy_refuses(monkeypatch, layout, size, c, o):
    monkeypatch.setattr(fft, "ffts", lambda: watched)
    watched = Watched()
    kernel = min(size[0], 3), min(size[1], 3)
    x, w = in_layout(
        normal((1, c, *size), "float64"), normal((o, c, *kernel), "float64", 1), layout
    )
    y = conv2d(absurd_where_single(x), absurd_where_single(w), layout=layout, method="fft")
    assert off(y, x, w, layout=layout) <= 3e-15
    assert [name for name, _ in watched.given] == ["rfft", "fft", "rfft2", "irfft2"]
    for name, a in watched.given:
        # SciPy 1.18 counts strides in numbers, on axes of length 1 as well.
        assert not any(stride % a.itemsize for stride in a.strides), (name, a.shape, a.strides)


def test_an_image_that_can_be_transformed_as_it_is_is_not_copied(monkeypatch):
    monkeypatch.setattr(fft, "ffts", lambda: watched)
    watched = Watched()
    x = normal((2, 3, 8, 9), "float64")
    conv2d(x, normal((1, 3, 3, 3)), method="fft")
    (pixels,) = (a for name, a in watched.given if name == "rfft2")
    assert np.shares_memory(pixels, x)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_several_tiles_agree_as_well(monkeypatch, seed, threads):
    monkeypatch.setattr(fft, "WHOLE", 1)
    rng = np.random.default_rng(seed)
    size = tuple(int(n) for n in rng.integers(230, 560, 2))
    channels, filters = (1, 1) if seed % 2 else (2, 3)
    x = normal((2, channels, *size), seed=seed)
    w = normal((filters, channels, *(int(n) for n in rng.integers(1, 6, 2))), seed=1)
    arguments = {
        "stride": (1, 1 + seed % 3),
        "dilation": (1 + seed % 2, 1),
        "padding": ((1, 2), (0, 1)),
        "layout": ("NCHW", "NHWC")[seed // 3],
    }
    x, w = in_layout(x, w, arguments["layout"])
    y = conv2d(x, w, method="fft", threads=threads, **arguments)
    assert off(y, x, w, **arguments) <= 1e-6
    monkeypatch.setattr(fft, "BLOCK", 1)
    np.testing.assert_allclose(
        conv2d(x, w, method="fft", threads=threads, **arguments), y, atol=1e-4
    )


@pytest.mark.parametrize("kernel", [(1, 1), (5, 5), (15, 9), (63, 63), (2, 100)])
@pytest.mark.parametrize(("dtype", "most"), [("float32", 1e-6), ("float64", 3e-15)])
def test_the_error_does_not_grow_with_the_kernel(kernel, dtype, most):
    x, w = normal((120, 130), dtype), normal(kernel, dtype, 1)
    assert off(conv2d(x, w, method="fft"), x, w) <= most


@pytest.mark.parametrize(("c", "o"), [(1, 7), (5, 4), (8, 9)])
@pytest.mark.parametrize("groups", [1, 3])
def test_few_and_many_pairs_of_channel_and_filter(c, o, groups):
    x = normal((2, groups * c, 20, 17), "float64")
    w = normal((groups * o, c, 4, 3), "float64", 1)
    assert off(conv2d(x, w, groups=groups, method="fft"), x, w, groups=groups) <= 4e-15


def test_the_cost_does_not_grow_with_the_kernel():
    small = fft.cost(Geometry((300, 400), (3, 3), channels=3, filters=4), 4)
    for kernel in [(1, 1), (31, 5), (150, 200)]:
        large = fft.cost(Geometry((300, 400), kernel, channels=3, filters=4), 4)
        assert large.multiplications == small.multiplications


def test_the_next_length_has_no_large_factors():
    smooth = sorted(2**a * 3**b * 5**c for a in range(12) for b in range(8) for c in range(6))
    for n in range(1, 2000):
        assert fft.fast_length(n) == next(s for s in smooth if s >= n)


@pytest.mark.parametrize("padded", [(30, 40), (1100, 1100), (1500, 3), (241, 9000)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (3, 1), (200, 2)])
def test_the_tiles_cover_every_output(padded, kernel):
    if any(p < k for p, k in zip(padded, kernel, strict=True)):
        return
    g = Geometry(padded, kernel)
    size, (full, kept, counts, more) = fft.tile_size(g), fft.tiling(g)
    for axis in range(2):
        assert kept[axis] > 0
        assert full[axis] == g.output_size[axis]
        assert counts[axis] * kept[axis] >= full[axis] > (counts[axis] - 1) * kept[axis]
        assert more[axis] >= 0
        assert (counts[axis] - 1) * kept[axis] + size[axis] == padded[axis] + more[axis]


def test_what_is_not_real_is_refused():
    for dtype in ("int64", "complex64"):
        with pytest.raises(ValueError, match="'fft' cannot do"):
            conv2d(np.ones((5, 5), dtype), np.ones((2, 2), dtype), method="fft")
