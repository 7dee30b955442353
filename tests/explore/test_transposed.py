"""The transposed-convolution explorer: every number is that of `conv_transpose2d`."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.facts.spread import Spread  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.scenes.transposed import MOST_NUMBERS  # noqa: E402
from convlib import conv_transpose2d  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.cases import swept  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402
from tests.picture import seen  # noqa: E402

rng = np.random.default_rng(0)
X, W = rng.integers(1, 6, (3, 4)), rng.integers(-2, 4, (4, 4))
TYPICAL = {
    "3x4": (X, W),
    "wide": (X[:1], W[:1]),
    "tall": (X[:, :1], W[:, :2]),
    "2x5": (rng.integers(0, 9, (2, 5)), W[:2, :3]),
    "floats": (rng.normal(size=(3, 4)), rng.normal(size=(3, 2))),
    "1x1": (np.array([[5]]), np.array([[2]])),
    "one number": (np.array([[5]]), W),
    "one tap": (X, np.array([[3]])),
    "30 numbers": (rng.integers(0, 9, (5, 6)), W[:2, :2]),
    "31 numbers": (rng.integers(0, 9, (1, 31)), W[:1]),
    "8x9": (rng.integers(0, 9, (8, 9)), W),
}
UNUSUAL = {
    "bool": (X > 2, W > 0),
    "uint8": ((X + 245).astype(np.uint8), np.abs(W).astype(np.uint8)),
    "float16": (X.astype(np.float16) / 7, W.astype(np.float16) / 3),
    "complex": (X + 1j, W - 1j * W),
    "nan and inf": (np.array([[1, np.nan], [np.inf, 2]]), rng.normal(size=(2, 2))),
    "zeros": (X * 0, W * 0),
    "huge": (X * 1e200, W * 1e-90),
    "large kernel": (rng.integers(0, 9, (2, 2)), rng.integers(-3, 4, (12, 9))),
    "reversed": (np.asfortranarray(X)[::-1], W[:, ::-1]),
    "128x128": (rng.integers(0, 256, (128, 128)).astype(np.uint8), np.ones((3, 5), int)),
    "1x300": (rng.integers(0, 9, (1, 300)), W[:1]),
}
ALL = TYPICAL | UNUSUAL


def place(explorer):
    """Kernel in use, stride, and the place in x."""
    v = explorer.values()
    kernel = v.get("kernel rows", 1), v.get("kernel columns", 1)
    stride = v.get("stride down", 1), v.get("stride right", 1)
    return kernel, stride, (v.get("row", 0), v.get("column", 0))


@pytest.mark.parametrize(("name", "most"), swept(TYPICAL, UNUSUAL))
def test_every_control_moves_the_picture_and_the_picture_is_true(name, most):
    explorer = explore.transposed(*ALL[name])
    check = Steady(apart=name in TYPICAL)
    check(explorer)
    sweep(explorer, check, most)
    assert len(check.heights) == 1, "the picture jumps"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ALL)
def test_what_is_told_is_what_conv_transpose2d_computes(name):
    x, w = ALL[name]
    explorer = explore.transposed(x, w)

    def check(explorer):
        (kh, kw), stride, (i, j) = place(explorer)
        y = conv_transpose2d(x, w[:kh, :kw], stride=stride)
        said, top, left = explorer.picture.label, i * stride[0], j * stride[1]
        assert f"output y, {y.shape[0]} by {y.shape[1]}. x[{i}, {j}] is {label(x[i, j])}, " in said
        rows, columns = f"{top} to {top + kh - 1}", f"{left} to {left + kw - 1}"
        assert f"rows {rows} and columns {columns}. " in said
        assert said.endswith(f": {label(y[top, left])}.")

    check(explorer)
    if np.size(x) < 10_000:
        sweep(explorer, check)


@pytest.mark.parametrize("name", [n for n in ALL if np.size(ALL[n][0]) < 50])
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (2, 2)])
def test_lines_run_and_give_the_output(name, stride):
    x, w = ALL[name]
    if any(s > k + 1 for s, k in zip(stride, w.shape, strict=True)):
        return
    explorer = explore.transposed(x, w, stride=tuple(np.where(np.array(x.shape) > 1, stride, 1)))
    for key, value in (("row", 1), ("kernel rows", 2), ("kernel columns", 1)):
        if key in explorer.controls and value <= explorer.controls[key].max:
            explorer.controls[key].value = value
    (kh, kw), steps, _ = place(explorer)
    *lines, last = plain(explorer.lines).splitlines()
    names = {"np": np, "x": x, "w": w}
    with np.errstate(all="ignore"):
        exec("\n".join(lines), names)
        y = conv_transpose2d(x, w[:kh, :kw], stride=steps)
    close = {"rtol": 1e-2 if y.dtype == np.float16 else 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(names["y"], y, **close)
    assert names["y"].dtype == y.dtype
    assert eval(last, names).shape == (kh, kw)


@pytest.mark.parametrize("name", [n for n in ALL if n != "128x128"])
def test_any_block_of_the_output_is_worked_out_alone(name):
    x, w = ALL[name]
    if np.isnan(x).any():  # NaN times the weights of other taps must not spread further
        x = np.nan_to_num(x, posinf=9)
    for stride in ((1, 1), (3, 2), (w.shape[0] + 1, w.shape[1] + 1)):
        s = Spread(x, w, stride, (x.shape[0] - 1, 0))
        y = conv_transpose2d(x, w, stride=stride)
        assert s.size == y.shape
        for first in ((0, 0), s.start, (y.shape[0] // 2, y.shape[1] // 3)):
            shape = tuple(min(6, n - f) for n, f in zip(y.shape, first, strict=True))
            block = tuple(slice(f, f + n) for f, n in zip(first, shape, strict=True))
            if s.part(first, shape).size:
                np.testing.assert_allclose(s.part(first, shape), y[block], rtol=1e-2, atol=1e-6)


def test_counts_are_those_of_ones():
    for kernel in ((1, 1), (3, 2), (4, 4), (2, 5)):
        for stride in ((1, 1), (2, 2), (3, 1), (5, 6)):
            s = Spread(np.ones((4, 5), int), np.ones(kernel, int), stride, (0, 0))
            counts = s.counts[0][:, None] * s.counts[1]
            y = conv_transpose2d(s.x, s.w, stride=stride)
            np.testing.assert_array_equal(counts, y)
            (kh, kw), inner = kernel, None
            rows, columns = slice(kh - 1, len(y) - kh + 1), slice(kw - 1, y.shape[1] - kw + 1)
            if y[rows, columns].size:
                inner = y[rows, columns].min(), y[rows, columns].max()
            assert s.inner_counts == inner


def test_even_counts_are_called_even():
    explorer = explore.transposed(X, W, stride=2, kernel_size=4)
    assert "Away from edges: 4 everywhere. " in explorer.picture.label
    explorer.controls["kernel rows"].value = 3
    assert "Away from edges: 2 to 4, uneven. " in explorer.picture.label
    assert "away from edges: 2 to 4, uneven" in {t.string for t in layout.texts(explorer.picture)}


def test_bounds_follow_from_validity():
    explorer = explore.transposed(X, W[:2, :3])
    bounds = {key: (c.min, c.max) for key, c in explorer.controls.items()}
    assert bounds == {
        "row": (0, 2),
        "column": (0, 3),
        "kernel rows": (1, 2),
        "kernel columns": (1, 3),
        "stride down": (1, 3),
        "stride right": (1, 4),
    }
    controls = explore.transposed([[1, 2]], [[3]]).controls
    assert {key for key, c in controls.items() if not c.disabled} == {"column", "stride right"}
    assert all(c.disabled for c in explore.transposed([[1]], [[3]]).controls.values())


@pytest.mark.parametrize("stride", [(1, 1), (2, 3), (3, 3)])
def test_marks_are_where_the_number_falls(stride):
    """Ring: the number; plates: its window; dots: where no number falls; orange: its weights."""
    p = explore.transposed(X, W[:2, :2], stride=stride, at=(1, 2)).picture
    counts = conv_transpose2d(np.ones_like(X), np.ones((2, 2), int), stride=stride)
    (ring,) = seen.boxes(p, "ring", "Input x")
    x, y, *_ = seen.tiles(p, "Input x")[1 * 4 + 2]
    assert ring[:2] == pytest.approx((x, y), abs=0.1)
    window = np.zeros(counts.shape, int)
    window[stride[0] : stride[0] + 2, 2 * stride[1] : 2 * stride[1] + 2] = 1
    title = "How often each cell is written"
    np.testing.assert_array_equal(seen.covered(p, "window", title, counts.shape), window)
    assert seen.written(p, title) == [str(n) for n in counts.flat]
    assert len(seen.boxes(p, "inserted", "Output y")) == np.count_nonzero(counts == 0)
    # a run for each row of the kernel, in the matrix's ringed row
    assert len(seen.boxes(p, "kernel", "Matrix A")) == 2


def test_a_matrix_has_its_weights_where_the_convolution_reads():
    for stride in ((1, 1), (2, 3)):
        s = Spread(X, W[:2, :3], stride, (0, 0))
        y = conv_transpose2d(X, W[:2, :3], stride=stride)
        np.testing.assert_array_equal(s.matrix.filled(0).T @ X.ravel(), y.ravel())
        assert (s.matrix.count(axis=1) == 6).all()


def test_the_matrix_is_drawn_while_it_can_be_read():
    def matrix(x):
        said = {t.string for t in layout.texts(explore.transposed(x, W[:1, :2]).picture)}
        return any(s.startswith("Matrix A") for s in said)

    assert matrix(np.ones((1, MOST_NUMBERS)))
    assert not matrix(np.ones((1, MOST_NUMBERS + 1)))


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"kernel_size": 5}, ValueError, "the kernel is larger than w"),
        ({"stride": 6}, ValueError, "most cells would stay empty"),
        ({"at": (3, 0)}, IndexError, "no number at this position"),
        ({"stride": 0}, ValueError, "stride"),
    ],
)
def test_what_no_slider_could_be_set_to_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        explore.transposed(X, W, **arguments)


def test_a_batch_and_a_kernel_too_large_are_refused():
    with pytest.raises(ValueError, match="more than 12 taps a side"):
        explore.transposed(X, np.ones((2, 13)))
    with pytest.raises(ValueError, match="x is not one plane"):
        explore.transposed(X[None], W)
    with pytest.raises(ValueError, match="w is not one plane"):
        explore.transposed(X, W[None])


def test_it_shows_without_a_kernel():
    explorer = explore.transposed(X, W)
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.transposed: input 3×4, kernel up to (4, 4)"
    assert explorer.png()[:4] == b"\x89PNG"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300, 1e300j, True, np.float16(6e4)])
def test_any_number_is_spread_without_a_warning(value):
    explorer = explore.transposed(np.full((3, 4), value), np.full((2, 3), value), at=(1, 1))
    explorer.controls["stride down"].value = 3
    assert not any(np.isnan(edge) for n in explorer.picture.notes for edge in (n.x, n.y, n.width))
