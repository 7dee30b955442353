"""How far "auto" may be off: by a share of what the window holds, so not at all where that is 0."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import conv2d, explain, prepare
from convlib.fast import bounds, fft, run, trust
from convlib.fast.prepared import Kernel
from convlib.operands import read
from tests.fast.agree import METHODS, in_layout

SHARE = {"float32": 1e-5, "float64": 1e-13}
dtypes = pytest.mark.parametrize("dtype", SHARE)
rng = np.random.default_rng(0)
ROW, COLUMN = np.mgrid[:96, :130]
SHAPE = ROW.shape
BALL = ((ROW - 40) ** 2 + (COLUMN - 60) ** 2 < 700).astype(float)


def with_one(x, value):
    return np.where((ROW == 30) & (COLUMN == 50), value, x)


def bell(size, width):
    row = np.exp(-((np.arange(size) - size // 2) ** 2) / (2 * width**2))
    return np.outer(row, row) / row.sum() ** 2


def zero_sum(size):
    w = rng.normal(size=(size, size))
    return w - w.mean()


def round_one(size):
    row = (np.arange(size) - size // 2) ** 2
    return (np.add.outer(row, row) <= (size // 2) ** 2) / size**2


IMAGES = {
    "even light": rng.random(SHAPE),
    "noise": rng.normal(size=SHAPE),
    "hot pixel in a dark frame": with_one(rng.integers(0, 9, SHAPE), 65535),
    "hot pixel in nothing": with_one(0 * ROW, 65535),
    "16-bit microscope": rng.integers(90, 65536, SHAPE) * BALL + rng.integers(90, 130, SHAPE),
    "sun": np.where(BALL > 0, 1e3, 1e-3 * (1 + rng.random(SHAPE))),
    "mask": BALL,
    "masked photograph": BALL * rng.random(SHAPE),
    "flat": np.full(SHAPE, 0.1),
    "flat integers": np.full(SHAPE, 7.0),
    "pixel of 1e12": with_one(rng.random(SHAPE), 1e12),
    "after a ReLU": with_one(np.maximum(rng.normal(size=SHAPE), 0), 1e6),
    "nothing": np.zeros(SHAPE),
    "huge": 1e30 * rng.random(SHAPE),
    "tiny": 1e-30 * rng.random(SHAPE),
}
KERNELS = {
    "box": np.full((15, 15), 1 / 225),
    "bell": bell(31, 5),
    "narrow bell": bell(23, 2),
    "noise": rng.normal(size=(13, 17)),
    "zero sum": zero_sum(15),
    "round": round_one(21),
    "integers": rng.integers(-3, 4, (15, 15)).astype(float),
    "ones": np.ones((19, 14)),
}


@pytest.fixture
def by_spectra(monkeypatch):
    """Let "auto" want spectra for everything, and tell what it took."""
    took = []

    def decide(*args):
        name, seen = trust.decide(*args)
        took.append(name)
        return name, seen

    monkeypatch.setattr(run, "decide", decide)
    monkeypatch.setattr(trust, "choose", lambda *a: "taps" if a[3:] == (True,) else "fft")
    monkeypatch.setattr(trust, "DEAR", 0)
    return took


def holds(y, x, w, every=1, **arguments):
    """Hold `y`, or each so many rows and columns of it, against long sums, also of magnitudes."""
    if np.min(x) >= 0 and np.min(w) >= 0:
        assert np.min(y) >= 0
    if every > 1:
        y, arguments = y[::every, ::every], {"stride": every, **arguments}
    wide = [np.asarray(a).astype(np.longdouble) for a in (x, w)]
    right = conv2d(*wide, method="strided", **arguments)
    size = conv2d(*map(abs, wide), method="strided", **arguments)
    assert y.dtype == x.dtype
    assert not y[size == 0].any()
    # Below the least normal number, a float has fewer digits than it should.
    lost = np.finfo(y.dtype).tiny
    most = SHARE[y.dtype.name] * size + lost * (size > 0)
    beyond = abs(y - right) > most
    assert not beyond.any(), float((abs(y - right)[beyond] / size[beyond]).max())


@dtypes
@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("kernel", KERNELS)
def test_no_output_is_off_by_more_than_a_share_of_what_its_window_holds(
    by_spectra, image, kernel, dtype
):
    x, w = IMAGES[image].astype(dtype), KERNELS[kernel].astype(dtype)
    y = conv2d(x, w)
    holds(y, x, w, every=2)
    took = by_spectra[:]
    np.testing.assert_array_equal(conv2d(x, prepare(w)), y)
    if dtype == "float32" and kernel != "narrow bell":  # whose corners are 1e-16 of its middle
        assert ("taps" in took) <= (image in ("pixel of 1e12", "after a ReLU"))
    if image in ("even light", "nothing", "flat") and kernel in ("box", "bell", "ones"):
        assert "taps" not in took


@dtypes
@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("size", [13, 19, 31])
def test_whatever_is_chosen(image, size, dtype):
    x, w = np.tile(IMAGES[image], (2, 2)).astype(dtype), bell(size, size / 6).astype(dtype)
    holds(conv2d(x, w), x, w, every=5)


def test_the_square_root_of_a_blurred_mask_is_a_number():
    for size in (15, 31):
        y = conv2d(np.float32(BALL), np.float32(bell(size, size / 4)), padding="same")
        assert np.isfinite(np.sqrt(y)).all()
        assert (y == 0).sum() > 3000


ranges = st.sampled_from([0.0, 1.0, 3.0, 8.0, 20.0])


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    dtype=st.sampled_from(sorted(SHARE)),
    spread=st.tuples(ranges, ranges),
    scale=st.sampled_from([-30, -10, 0, 10, 30]),
)
def test_whatever_the_range(seed, dtype, spread, scale):
    rng = np.random.default_rng(seed)
    kernel, steps, apart = rng.integers(3, 32, 2), rng.integers(1, 4, 2), rng.integers(1, 3, 2)
    around = rng.integers(0, 8, 4) * (rng.random() < 0.5)
    size = (kernel - 1) * apart + rng.integers(9, 40, 2)
    groups, channels = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    x = 10 ** (scale * 0.8 - spread[0] * rng.random((2, groups * channels, *size)))
    w = 10 ** (-min(spread[1], 6) * rng.random((groups * 2, channels, *kernel)))
    if rng.random() < 0.5:
        x *= rng.choice([-1, 1], x.shape)
    if rng.random() < 0.5:
        w *= rng.choice([-1, 1], w.shape)
    x *= rng.random((size[0], 1)) < rng.choice([0.02, 0.5, 1])
    x *= rng.random(size) < rng.choice([0.01, 0.5, 1])
    w *= rng.random(kernel) < rng.choice([0.3, 1, 1])
    x, w = in_layout(x.astype(dtype), w.astype(dtype), "NCHW")
    arguments = {
        "stride": tuple(map(int, steps)),
        "dilation": tuple(map(int, apart)),
        "padding": ((int(around[0]), int(around[1])), (int(around[2]), int(around[3]))),
        "padding_mode": str(rng.choice(["zeros", "reflect", "replicate", "circular"])),
        "groups": groups,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trust, "choose", lambda *a: "taps" if a[3:] == (True,) else "fft")
        patch.setattr(trust, "DEAR", float(rng.choice([0, 3])))
        patch.setattr(trust, "FEW", float(rng.choice([1 / 64, 0.5])))
        y = conv2d(x, w, **arguments)
    holds(y, x, w, **arguments)


def test_an_image_of_the_batch_is_as_good_as_it_would_be_alone(by_spectra):
    x = np.stack([np.float32(IMAGES[name]) for name in ("even light", "mask", "sun")])[:, None]
    w = np.float32(KERNELS["bell"])[None]
    y = conv2d(x, w)
    assert "taps" not in by_spectra
    for image, own in zip(x, y, strict=True):
        holds(own, image, w)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("groups", [1, 2])
def test_channels_filters_and_groups(by_spectra, layout, groups):
    names = "mask", "sun", "masked photograph", "hot pixel in nothing"
    x = np.stack([np.float32(IMAGES[name]) for name in names])[None]
    w = np.float32(rng.normal(size=(6, 4 // groups, 15, 13)))
    w[0, 0] = 0
    w[1:3] = abs(w[1:3])
    x, w = in_layout(x, w, layout)
    arguments = {"layout": layout, "groups": groups, "padding": (7, 3)}
    holds(conv2d(x, w, **arguments), x, w, **arguments)


@dtypes
def test_several_tiles(monkeypatch, by_spectra, dtype):
    monkeypatch.setattr(fft, "WHOLE", 1)
    x = np.tile(IMAGES["mask"] * IMAGES["sun"] + 1e-3 * IMAGES["even light"], (3, 2)).astype(dtype)
    w = KERNELS["bell"].astype(dtype)
    assert len(bounds.blocks_of(read(x, w).geometry, 8).tiles) > 2
    holds(conv2d(x, w), x, w, every=3)


def test_of_several_tiles_the_brightest_counts(monkeypatch):
    monkeypatch.setattr(fft, "WHOLE", 1)
    x, w = np.full((1, 1, 700, 300), 1e-6), Kernel(np.ones((15, 15)))
    x[:, :, -200:] = 1
    g = read(x, w.w[None, None]).geometry
    assert len(bounds.blocks_of(g, 8).tiles) > 2
    errors = [bounds.error_and_sums(image, w, g)[0].item() for image in (x, x[:, :, ::-1])]
    assert errors[0] / errors[1] == pytest.approx(1, rel=0.1)


def test_few_doubtful_windows_are_summed_one_by_one(monkeypatch, by_spectra):
    x = IMAGES["even light"].copy()
    x[:23, :24] = 1e-13
    w = rng.normal(size=(22, 23))
    g = read(x, w).geometry
    seen = trust.look(x[None, None], Kernel(w), g)
    assert 0 < seen.doubtful.sum() <= seen.doubtful.size / 64
    holds(conv2d(x, w), x, w)
    assert "taps" not in by_spectra
    monkeypatch.setattr(trust, "FEW", 0)
    assert trust.look(x[None, None], Kernel(w), g).refused
    holds(conv2d(x, w), x, w)
    assert "taps" in by_spectra


def hard():
    """Images and kernels whose errors come back in few places, or are the same everywhere."""
    i, j = np.mgrid[:64, :500]
    one = (i == 20) & (j == 90)
    ball = (i - 32) ** 2 + (j - 250) ** 2 < 450
    waves = np.cos(2 * np.pi * (3 * i / 64 + 5 * j / 500))
    images = one, ball, waves, i * 0.01 + j, (i + j) % 2 * 2 - 1, np.where(one, 1e6, 1e-3), i == 32
    spot = np.zeros((15, 15))
    spot[7, 5] = 1.3
    for image in images:
        for w in (KERNELS["box"], bell(15, 2.5), spot, rng.normal(size=(15, 15))):
            yield np.asarray(image, float), w


def test_the_bound_of_the_error_is_twice_the_largest_there_is():
    found = []
    for x, w in hard():
        g = read(x, w).geometry
        error, _ = bounds.error_and_sums(x[None, None], Kernel(w), g)
        wide = (a.astype(np.longdouble) for a in (x, w))
        right = conv2d(*wide, method="strided")
        found.append(float(abs(conv2d(x, w, method="fft") - right).max() / error.item()))
    assert 0.1 < max(found) <= 0.5


@dtypes
@pytest.mark.parametrize("seed", range(20))
def test_no_window_holds_less_than_its_blocks(seed, dtype):
    rng = np.random.default_rng(seed)
    kernel = rng.integers(1, 40, 2)
    x = rng.random((2, 2, *(kernel + rng.integers(0, 30, 2)))) * (rng.random() < 0.9)
    w = rng.normal(size=(4, 1, *kernel)) * (rng.random(kernel) < rng.choice([0.9, 1]))
    x, w = x.astype(dtype), w.astype(dtype)
    arguments = {"groups": 2, "padding": int(rng.integers(0, min(kernel)))}
    g = read(x, w, **arguments).geometry
    _, sums = bounds.error_and_sums(x, Kernel(w), g)
    least = bounds.least(sums, Kernel(w), g, x.itemsize).transpose(0, 3, 1, 2)
    held = conv2d(x.astype(float), abs(w), **arguments)
    rows, columns = (
        -(-np.arange(n) // b)
        for n, b in zip(g.output_size, bounds.blocks_of(g, x.itemsize).size, strict=True)
    )
    apart = read(x, w, dilation=2, padding=max(kernel), groups=2).geometry
    assert not np.any(bounds.least(sums, Kernel(w), apart, x.itemsize))  # nothing is known
    assert least.shape[2:] == (rows[-1] + 1, columns[-1] + 1)
    assert (least[:, :, rows[:, None], columns] <= held * (1 + 1e-12)).all()


@dtypes
def test_integers_held_as_floats_are_exact(dtype):
    shapes = [((1, 1, 300, 310), (1, 1, 31, 31)), ((1, 64, 56, 56), (64, 64, 3, 3))]
    for x_shape, w_shape in shapes:
        x, w = rng.integers(0, 30, x_shape), rng.integers(-9, 10, w_shape)
        y = conv2d(x.astype(dtype), w.astype(dtype))
        np.testing.assert_array_equal(y, conv2d(x, w, method="strided"))
    x, w = np.full((300, 310), 7, dtype), rng.choice([-2, -1, 1, 2], (31, 31)).astype(dtype)
    w[0, 0] += -w.sum()
    assert explain(x, w).method == "fft"
    assert not conv2d(x, w).any()


def sums_of_tiles(x, w):
    """Sum |x| over the tile of every output, each channel times its largest |w|."""
    n, c, h, wide = x.shape
    rows, columns = -(-(h - 2) // 4), -(-(wide - 2) // 4)
    tiles = np.zeros((n, c, rows, columns))
    for i, j in np.ndindex(rows, columns):
        tiles[:, :, i, j] = abs(x[:, :, 4 * i : 4 * i + 6, 4 * j : 4 * j + 6]).sum(axis=(2, 3))
    size = np.einsum("oc,ncij->noij", abs(w).max(axis=(2, 3)), tiles)
    return size.repeat(4, 2).repeat(4, 3)[:, :, : h - 2, : wide - 2]


@pytest.mark.parametrize(("dtype", "share"), [("float32", 2e-5), ("float64", 1e-13)])
@pytest.mark.parametrize("weights", ["normal", "uniform", "one tap"])
def test_a_tile_of_winograd_is_off_by_a_share_of_what_it_holds(monkeypatch, weights, dtype, share):
    monkeypatch.setattr(trust, "choose", lambda *_: "winograd")
    for name, image in IMAGES.items():
        x = np.stack([image * s for s in rng.random(16)])[None].astype(dtype)
        x[:, :, :9, :7] = 0
        w = rng.random((8, 16, 3, 3)) if weights == "uniform" else rng.normal(size=(8, 16, 3, 3))
        if weights == "one tap":
            w[..., :2] = w[..., :2, :] = 0
        w = w.astype(dtype)
        y = conv2d(x, w)
        right = conv2d(*(a.astype(np.longdouble) for a in (x, w)), method="strided")
        lost = 20 * np.finfo(dtype).tiny
        assert (abs(y - right) <= share * sums_of_tiles(x, w) + lost).all(), name
        assert not y[:, :, :7, :5].any()
        if weights == "uniform" and x.min() >= 0:
            assert y.min() >= 0


def test_explain_says_why_the_fastest_is_not_taken():
    x, w = rng.random((300, 310)), rng.random((31, 31))
    assert explain(x, w).method == "fft"
    x[9, 9] = 1e20
    refused = explain(x, w)
    assert refused.method not in ("fft", "winograd")
    assert refused.why.startswith("fft would be faster, but there are numbers so far apart that")
    x[9, 9] = np.nan
    assert "numbers that are not finite" in explain(x, w).why
    layer = np.ones((64, 56, 56), np.float32), np.ones((64, 64, 3, 3), np.float32)
    assert "there are integers" in explain(*layer).why
    assert explain(*layer).method not in ("fft", "winograd")


def test_many_products_are_summed_in_doubles_where_spectra_will_not_do():
    x, w = np.full((120, 130), np.float32(0.1)), np.full((63, 63), np.float32(0.3))
    x[0, 0] = 1e14
    assert trust.look(x[None, None], Kernel(w), read(x, w).geometry).refused
    y = conv2d(x, w)
    assert y.dtype == np.float32
    right = conv2d(x.astype(np.longdouble), w.astype(np.longdouble), method="strided")
    assert abs(y / right - 1).max() < 1e-7


def test_what_is_kept_of_the_weights_is_looked_at_once(monkeypatch):
    calls = []
    own = np.lib.stride_tricks.sliding_window_view
    spy = lambda *a, **k: (calls.append(a), own(*a, **k))[1]  # noqa: E731
    monkeypatch.setattr(np.lib.stride_tricks, "sliding_window_view", spy)
    x, kernel = np.float32(rng.random((300, 310))), prepare(np.float32(bell(31, 5)))
    for _ in range(3):
        conv2d(x, kernel)
    assert len(calls) == 1
    assert explain(x, kernel).method == "fft"
    assert METHODS["fft"] is fft
    assert run.decide(x[None, None], kernel, read(x, kernel.w).geometry)[0] == "fft"
