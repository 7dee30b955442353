import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import Geometry, conv2d, prepare
from convlib.fast import run, trust
from tests.fast.agree import (
    CHOOSING,
    METHODS,
    NAMES,
    agrees,
    drawn,
    geometry,
    in_layout,
    normal,
    off,
    spied,
)
from tests.peers.cases import MODES, PADDINGS, cases

# An image, filters and arguments that every method can do.
EVERYBODY = (2, 3, 12, 13), (4, 3, 3, 3)
# Shapes that are likely to be done by a certain method, whatever machine the constants are of.
LIKELY = {
    "winograd": ((1, 64, 56, 56), (64, 64, 3, 3)),
    "fft": ((1, 1, 300, 310), (1, 1, 31, 31)),
    "matrix": ((2, 1, 5, 6), (1, 1, 2, 3)),
}


@pytest.fixture(params=NAMES)
def chosen(request, monkeypatch):
    """The method that "auto" takes, whatever the estimates are."""
    monkeypatch.setattr(run, "decide", lambda *_: (request.param, trust.Look()))
    monkeypatch.setattr(run, "choose", lambda *_: request.param)
    return request.param


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(60))
def test_auto_agrees_with_the_definition(seed, dtype):
    agrees("auto", seed, dtype=dtype)


@pytest.mark.parametrize("name", LIKELY)
def test_each_kind_of_work_has_its_method(name):
    x, w = (np.zeros(shape, np.float32) for shape in LIKELY[name])
    assert CHOOSING.choose(geometry(x, w), x.dtype) == name


@pytest.mark.parametrize("name", LIKELY)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_auto_agrees_where_it_takes_a_certain_method(name, dtype):
    x, w = (normal(shape, dtype, seed) for seed, shape in enumerate(LIKELY[name]))
    assert off(conv2d(x, w), x, w) <= {"float32": 2e-5, "float64": 5e-14}[dtype]


@pytest.mark.parametrize("spelling", PADDINGS)
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=10)
@given(data=st.data())
def test_integers_are_exact(spelling, mode, data):
    dtypes = ("uint8", "int8", "int64", "bool") if data.draw(st.booleans()) else ("int64",)
    case = data.draw(cases(spelling, mode, dtypes=dtypes))
    y = conv2d(case.x, case.w, case.bias, **case.arguments)
    assert y.dtype == np.int64
    right = conv2d(case.x, case.w, case.bias, method="strided", **case.arguments)
    np.testing.assert_array_equal(y, right)


@pytest.mark.parametrize("size", [(4, 5), (40, 50), (300, 310)])
@pytest.mark.parametrize("top", [2**20, 2**26, 2**31, 2**58])
def test_integers_whose_sum_a_double_would_round_are_exact(size, top):
    rng = np.random.default_rng(0)
    x = rng.integers(-top, top + 1, (1, 2, *size))
    w = rng.integers(-min(top, 2**62 // top // 12), min(top, 2**62 // top // 12) + 1, (3, 2, 2, 3))
    y = conv2d(x, w)
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, conv2d(x, w, method="strided"))
    np.testing.assert_array_equal(conv2d(x, prepare(w)), y)


@pytest.mark.parametrize("weight", [2**52 - 1, 2**52, 2**52 + 1, 2**53 - 1, 2**53, 2**53 + 1])
def test_integers_are_exact_on_both_sides_of_the_last_double(weight):
    x = np.ones((1, 1, 30, 30), int)
    for w in ([[weight]], [[weight, 1]], [[weight, -1]], [[1, -weight]]):
        np.testing.assert_array_equal(conv2d(x[0, 0], w), conv2d(x[0, 0], w, method="strided"))
        np.testing.assert_array_equal(conv2d(-x[0, 0], w), conv2d(-x[0, 0], w, method="strided"))


def test_bytes_do_not_wrap_around():
    x, w = np.full((50, 60), 255, np.uint8), np.full((9, 9), 255, np.uint8)
    assert (conv2d(x, w) == 81 * 255 * 255).all()


@pytest.mark.parametrize("integers", [True, False])
def test_integers_are_left_to_methods_that_only_add_products(integers):
    for x_shape, w_shape in [*LIKELY.values(), EVERYBODY]:
        dtype = np.dtype(np.int64 if integers else np.float64)
        x, w = np.zeros(x_shape, dtype), np.zeros(w_shape, dtype)
        name = CHOOSING.choose(geometry(x, w), dtype)
        assert not (integers and name in CHOOSING.ROUNDING)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_not_finite_stays_in_the_windows_that_hold_it(chosen, dtype, wrong, layout):
    x, w = (normal(shape, dtype, seed) for seed, shape in enumerate(EVERYBODY))
    x[1, 1, 5, 6] = wrong
    x, w = in_layout(x, w, layout)
    for kernel in (w, *[prepare(w, layout=layout)] * 2):
        y = conv2d(x, kernel, layout=layout)
        right = conv2d(x, w, layout=layout, method="strided")
        np.testing.assert_array_equal(np.isfinite(y), np.isfinite(right))
        np.testing.assert_allclose(y, right, atol=1e-3)


@pytest.mark.parametrize("name", LIKELY)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_not_finite_stays_where_it_is_in_shapes_of_a_certain_method(name, wrong):
    x, w = (normal(shape, seed=seed) for seed, shape in enumerate(LIKELY[name]))
    x[0, 0, 2, 3] = wrong
    y, right = conv2d(x, w), conv2d(x, w, method="strided")
    np.testing.assert_array_equal(np.isfinite(y), np.isfinite(right))
    np.testing.assert_allclose(y, right, atol=1e-3)


@pytest.mark.parametrize("name", LIKELY)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, 3e38])
def test_there_is_no_warning_where_tensordot_gives_none(name, wrong):
    x, w = (np.ones(shape, np.float32) for shape in LIKELY[name])
    x[0, 0, 2, 3] = wrong
    with warnings.catch_warnings(record=True) as of_strided:
        warnings.simplefilter("always")
        conv2d(x, w, method="strided")
    with warnings.catch_warnings(record=True) as of_auto:
        warnings.simplefilter("always")
        conv2d(x, w)
    assert of_strided or not of_auto, [str(warning.message) for warning in of_auto]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_not_finite_in_the_padding_and_the_weights(chosen):
    x, w = (normal(shape, seed=seed) for seed, shape in enumerate(EVERYBODY))
    w[1, 1, 1, 2] = np.inf
    for padding in (0, 1):
        y, right = (conv2d(x, w, padding=padding, method=m) for m in ("auto", "strided"))
        np.testing.assert_array_equal(np.isnan(y), np.isnan(right))
        np.testing.assert_allclose(y, right, atol=1e-3)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_huge_numbers_stay_finite_where_they_are(chosen, dtype):
    x, w = (normal(shape, dtype, seed) for seed, shape in enumerate(EVERYBODY))
    x *= np.finfo(dtype).max / 1000
    y, right = conv2d(x, w), conv2d(x, w, method="strided")
    assert np.isfinite(right).all()
    assert np.isfinite(y).all()
    most = {"float32": 2e-5, "float64": 5e-14}[dtype]
    assert abs(y / right.max() - right / right.max()).max() <= most
    # Large ones are no reason to be off elsewhere: sums that overflow do so by themselves.
    x[0, 0, 4, 4] = np.finfo(dtype).max
    w[:, 0] = 2
    y, right = conv2d(x, w), conv2d(x, w, method="strided")
    np.testing.assert_array_equal(np.isfinite(y), np.isfinite(right))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("dtype", ["complex64", "complex128", "longdouble"])
def test_other_numbers_are_left_to_tensordot(seed, dtype):
    x, w, bias, arguments = drawn(seed, dtype=dtype)
    y = conv2d(x, w, bias, **arguments)
    np.testing.assert_array_equal(y, conv2d(x, w, bias, method="strided", **arguments))


@pytest.mark.parametrize("seed", range(40))
def test_an_empty_batch_of_anything_works(seed):
    x, w, bias, arguments = drawn(seed)
    if x.ndim == 4:
        y = conv2d(x[:0], w, bias, **arguments)
        assert y.shape == conv2d(x[:0], w, bias, method="strided", **arguments).shape


@pytest.mark.parametrize(
    ("x", "w", "arguments"),
    [
        ((1, 1), (1, 1), {}),
        ((1, 1), (1, 1), {"stride": 1000}),
        ((2, 2), (9, 9), {"padding": 40, "dilation": 5}),
        ((1, 1, 3000), (1, 1, 2999), {}),
        ((1, 3000, 1), (1, 2, 1), {"dilation": 2998}),
        ((64, 1, 1), (64, 1, 1), {}),
        ((3, 2, 1, 1), (7, 2, 1, 1), {"padding": 3}),
        ((2, 300, 2, 2), (300, 1, 2, 2), {"groups": 300}),
        ((2, 6, 2, 2), (600, 1, 2, 2), {"groups": 6}),
        ((5, 5), (5, 5), {"padding": "same_lower"}),
        ((1, 2, 1500, 1200), (3, 2, 1, 9), {"padding": 4}),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_odd_sizes_are_done_as_well(x, w, arguments, dtype):
    rng = np.random.default_rng(0)
    images, filters = (rng.integers(-9, 10, shape).astype(dtype) for shape in (x, w))
    y = conv2d(images, filters, **arguments)
    right = conv2d(images, filters, method="strided", **arguments)
    np.testing.assert_allclose(y, right, atol=1e-5 * max(abs(right).max(), 1), rtol=0)


def test_the_least_estimate_is_taken_of_those_whose_workspace_is_allowed():
    for size, channels in [((9, 9), 2), ((56, 56), 64), ((300, 300), 1), ((900, 900), 3)]:
        for kernel in (1, 3, 15):
            if kernel > size[0]:
                continue
            g = Geometry(size, kernel, channels=channels, filters=4)
            name = CHOOSING.choose(g, np.dtype(np.float32))
            allowed = max(CHOOSING.tensordot_workspace(g, 4), CHOOSING.FREE)
            estimates = {
                other: CHOOSING.estimate(other, g, 4)
                for other, module in METHODS.items()
                if not module.refuses(g, np.dtype(np.float32))
                and module.cost(g, 4).workspace <= allowed
            }
            assert name == min(estimates, key=estimates.get)


def test_the_least_estimate_is_not_taken_where_its_workspace_is_too_large():
    g, single = Geometry((60, 60), (31, 31), channels=3, filters=256), np.dtype(np.float32)
    can = [name for name, module in METHODS.items() if not module.refuses(g, single)]
    assert min(can, key=lambda name: CHOOSING.estimate(name, g, 4)) == "fft"
    assert METHODS["fft"].cost(g, 4).workspace > CHOOSING.tensordot_workspace(g, 4) > CHOOSING.FREE
    assert CHOOSING.choose(g, single) != "fft"


@pytest.mark.parametrize("itemsize", [4, 8])
def test_an_estimate_is_the_sum_of_counts_times_what_each_takes(itemsize):
    g = Geometry((40, 50), (3, 3), channels=3, filters=4)
    for name, module in METHODS.items():
        if module.refuses(g, np.dtype(np.float32)):
            continue
        cost, each = module.cost(g, itemsize), CHOOSING.NANOSECONDS[name]
        wide = 8 if name == "fft" else itemsize
        counts = cost.multiplications * wide // 4, cost.moved, cost.runs, cost.blocks, 1
        wanted = sum(c * t for c, t in zip(counts, each, strict=True))
        assert CHOOSING.estimate(name, g, itemsize) == pytest.approx(wanted)
        once = CHOOSING.estimate(name, g, itemsize, prepared=False)
        reading = CHOOSING.READING * bool(cost.kept)
        assert once == pytest.approx(wanted + cost.kept * CHOOSING.MAKING + reading)


def test_what_a_kernel_for_one_call_would_keep_is_workspace_like_any_other(monkeypatch):
    monkeypatch.setattr(CHOOSING, "MAKING", 0)  # as if it took no time
    g = Geometry((34, 34), (3, 3), channels=300, filters=500)
    allowed, single = CHOOSING.tensordot_workspace(g, 4), np.dtype(np.float32)  # 13 MB
    assert METHODS["winograd"].cost(g, 4).kept > allowed > CHOOSING.FREE  # 22 MB
    assert CHOOSING.choose(g, single, True) == "winograd"
    assert CHOOSING.choose(g, single, False) != "winograd"


@pytest.mark.parametrize(
    ("name", "shapes"), [(None, [(1, 1, 30, 30), (1, 1, 3, 3)]), *LIKELY.items()]
)
def test_small_work_is_not_shared_among_threads(monkeypatch, name, shapes):
    took = []
    threads = lambda name, *args: took.append(args[3])  # noqa: E731
    monkeypatch.setattr(run, "METHODS", spied(threads))
    x, w = (np.ones(shape, np.float32) for shape in shapes)
    conv2d(x, w, threads=2)
    conv2d(x, w, threads=2, method="taps")
    assert took == [2 if name in ("winograd", "fft") else 1, 2]


whole = st.integers(0, 2**32)


@settings(max_examples=40)
@given(seed=whole, scale=st.integers(-9, 9))
def test_it_is_linear_in_the_image(seed, scale):
    x, w, _, arguments = drawn(seed)
    x, w = (np.rint(4 * a).astype(np.int64) for a in (x, w))
    other = np.roll(x, 1, axis=-1)[..., ::-1, :]
    y = conv2d(x + scale * other, w, **arguments)
    parts = conv2d(x, w, **arguments), conv2d(other, w, **arguments)
    np.testing.assert_array_equal(y, parts[0] + scale * parts[1])


@settings(max_examples=40)
@given(seed=whole, method=st.sampled_from((*NAMES, "auto")))
def test_it_is_linear_in_the_kernel(seed, method):
    x, w, _, arguments = drawn(seed, kernel=(3, 3), plain=True)
    other = w[::-1] if w.ndim == 4 else -2 * w
    y = conv2d(x, w + 3 * other, method=method, **arguments)
    parts = (conv2d(x, each, method=method, **arguments) for each in (w, 3 * other))
    np.testing.assert_allclose(y, sum(parts), atol=1e-10)


@settings(max_examples=40)
@given(
    seed=whole,
    method=st.sampled_from((*NAMES, "auto")),
    shift=st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
)
def test_a_shift_of_the_image_shifts_the_output(seed, method, shift):
    rng = np.random.default_rng(seed)
    size = tuple(int(n) for n in rng.integers(4, 20, 2))
    x, w = rng.normal(size=(2, 2, *size)), rng.normal(size=(2, 2, 3, 3))
    around = {"padding": "same", "padding_mode": "circular", "method": method}
    y = conv2d(np.roll(x, shift, axis=(2, 3)), w, **around)
    np.testing.assert_allclose(y, np.roll(conv2d(x, w, **around), shift, axis=(2, 3)), atol=1e-11)
