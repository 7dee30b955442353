import tracemalloc
from itertools import islice

import numpy as np
import pytest

from convlib import Geometry, conv2d, prepare
from convlib.fast import im2col
from convlib.fast.cost import direct, padded_bytes, turned_bytes
from tests.fast.agree import CHOOSING, METHODS, NAMES, geometry, in_layout

# Bytes, beside 5 %: what NumPy buffers of three operands, 8,192 numbers of each, and small objects.
SPARE = 3 * 8192 * 4 + 20_000

# A batch, channels, filters and groups.
SIZES = [(1, 1, 1, 1), (1, 1, 8, 1), (4, 3, 16, 1), (2, 16, 16, 1), (1, 32, 64, 1), (2, 32, 32, 32),
         (2, 32, 64, 4)]  # fmt: skip
STEPS = [
    {},
    {"padding": 1},
    {"padding": ((1, 0), (2, 3)), "padding_mode": "reflect"},
    {"stride": (2, 1)},
    {"stride": 2, "padding": 1},
    {"dilation": 2},
]


def convolutions(image):
    """Arguments of many shapes, with zeros for numbers: only the bytes are looked at."""
    for batch, channels, filters, groups in SIZES:
        for kernel in (1, 3, 7):
            if batch * filters * channels // groups * kernel**2 * image[0] * image[1] > 1.5e8:
                continue
            for steps in STEPS:
                for layout in ("NCHW", "NHWC"):
                    x = np.zeros((batch, channels, *image), np.float32)
                    w = np.zeros((filters, channels // groups, kernel, kernel), np.float32)
                    x, w = in_layout(x, w, layout)
                    yield x, w, {**steps, "groups": groups, "layout": layout}


# One in 11: every size with every kernel, every step in each layout. The wide tests take them all.
every = pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.wide)])


def workspace(x, kernel, **arguments):
    """Bytes that a call takes at most at one time, beside its result, once all is kept."""
    conv2d(x, kernel, **arguments)
    tracemalloc.start()
    try:
        y = conv2d(x, kernel, **arguments)
        return tracemalloc.get_traced_memory()[1] - y.nbytes
    finally:
        tracemalloc.stop()


@every
@pytest.mark.parametrize("method", NAMES)
def test_no_method_takes_more_than_it_says(method, every):
    beyond = []
    for x, w, arguments in islice(convolutions((31, 47)), 0, None, every):
        g = geometry(x, w, **arguments)
        if METHODS[method].refuses(g, x.dtype):
            continue
        said = METHODS[method].cost(g, 4).workspace
        kernel = prepare(w, layout=arguments["layout"])
        took = workspace(x, kernel, method=method, **arguments)
        if took > said * 1.05 + SPARE:
            beyond.append((took, said, x.shape, w.shape, arguments))
    assert not beyond, (len(beyond), *beyond[:8])


@pytest.mark.parametrize("method", [name for name in NAMES if name != "matrix"])
def test_no_method_takes_more_than_it_says_for_many_channels_and_filters(method):
    x, w = np.zeros((1, 48, 40, 41), np.float32), np.zeros((64, 48, 3, 3), np.float32)
    said = METHODS[method].cost(geometry(x, w), 4).workspace
    assert workspace(x, prepare(w), method=method) <= said * 1.05 + SPARE


@every
@pytest.mark.parametrize("image", [(31, 47), (90, 110)])
def test_auto_takes_no_more_than_tensordot_or_four_megabytes(image, every):
    beyond = []
    for x, w, arguments in islice(convolutions(image), 0, None, every):
        g = geometry(x, w, **arguments)
        most = max(CHOOSING.tensordot_workspace(g, 4), 4_000_000)
        took = workspace(x, prepare(w, layout=arguments["layout"]), **arguments)
        if took > most * 1.05 + SPARE:
            beyond.append((took, most, CHOOSING.choose(g, x.dtype), x.shape, w.shape, arguments))
    assert not beyond, (len(beyond), *beyond[:8])


@every
def test_what_tensordot_takes_is_what_is_said_of_it(every):
    for x, w, arguments in islice(convolutions((31, 47)), 0, None, every):
        g = geometry(x, w, **arguments)
        said = CHOOSING.tensordot_workspace(g, 4)
        y = g.batch * g.counts.output * 4
        took = workspace(x, w, method="strided", **arguments)
        assert took <= said * 1.05 + SPARE + 2 * y + w.nbytes, (x.shape, w.shape, arguments)


@pytest.mark.parametrize("method", NAMES)
@pytest.mark.parametrize("groups", [1, 2])
def test_what_a_prepared_kernel_keeps_is_said(monkeypatch, method, groups):
    monkeypatch.setattr(im2col, "AT_ONCE", 0)
    x, w = np.zeros((2, 6, 16, 20), np.float32), np.zeros((8, 6 // groups, 3, 3), np.float32)
    g = geometry(x, w, groups=groups)
    if METHODS[method].refuses(g, x.dtype):
        return
    kernel = prepare(w)
    conv2d(x, kernel, groups=groups, method=method)
    assert kernel.nbytes - w.nbytes == METHODS[method].cost(g, 4).kept
    assert kernel.nbytes > w.nbytes or method == "taps"


@pytest.mark.parametrize("seed", range(5))
def test_the_multiplications_of_the_definition_are_counted_one_by_one(seed):
    rng = np.random.default_rng(seed)
    kernel, stride, dilation = (tuple(int(n) for n in rng.integers(1, 4, 2)) for _ in range(3))
    g = Geometry(
        (9, 10), kernel, stride=stride, dilation=dilation, padding=1, batch=2, channels=6,
        filters=4, groups=2,
    )  # fmt: skip
    one_by_one = sum(
        len(range(*channels.indices(6)))
        for _ in range(g.batch)
        for channels, filters in g.group_slices()
        for _ in range(*filters.indices(4))
        for _ in np.ndindex(*g.output_size, *g.kernel_size)
    )
    assert direct(g) == one_by_one


def test_only_copies_that_are_made_are_counted():
    plain, padded = Geometry((4, 5), (2, 2), channels=3), Geometry((4, 5), (2, 2), padding=1)
    assert padded_bytes(plain, 4, "NCHW") == 0
    assert padded_bytes(plain, 4, "NHWC") == 3 * 4 * 5 * 4
    assert padded_bytes(padded, 8, "NCHW") == 6 * 7 * 8
    assert padded_bytes(plain, 4, "NCHW", (1, 2)) == 3 * 5 * 7 * 4
    assert turned_bytes(plain, 4, "NHWC") == 0
    many = Geometry((4, 5), (2, 2), filters=2)
    assert turned_bytes(many, 4, "NHWC") == 2 * 3 * 4 * 4
    assert turned_bytes(many, 4, "NCHW") == 0


@pytest.mark.parametrize("method", ["taps", "im2col"])
def test_what_sums_directly_multiplies_as_the_definition_does(method):
    g = Geometry((40, 50), (3, 3), stride=2, padding=1, channels=4, filters=6)
    assert METHODS[method].cost(g, 4).multiplications == direct(g)


def test_banded_multiplies_the_rows_of_its_bands():
    # 6 rows of output read 8 rows of the image: 8 products where the definition needs 3.
    g = Geometry((62, 64), (3, 1), channels=4, filters=5)
    assert METHODS["banded"].cost(g, 4).multiplications == direct(g) // 3 * 8


def test_a_matrix_multiplies_every_input_with_every_output():
    g = Geometry((5, 6), (3, 3), padding=1, batch=3, channels=2, filters=4)
    assert METHODS["matrix"].cost(g, 4).multiplications == 3 * (2 * 5 * 6) * (4 * 5 * 6)
