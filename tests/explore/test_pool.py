"""The pooling explorer: every number against the library, its lines, what it refuses."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlib import avg_pool2d, max_pool2d, pool2d  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402
from tests.picture import seen  # noqa: E402

RNG = np.random.default_rng(0)
SMALL = RNG.integers(0, 10, (4, 5))
HOLE = SMALL.astype(float)
HOLE[1, 2] = np.nan
CASES = {
    "4x5": (SMALL, 2, {"stride": 1}),
    "7x9, padded": (RNG.integers(-99, 100, (7, 9)), 3, {"stride": 2, "padding": 1}),
    "floats": (RNG.normal(size=(7, 9)), (2, 3), {"padding": (1, 0), "at": (0, 1)}),
    "nan": (HOLE, 2, {"stride": 1, "at": (1, 2)}),
    "1x1": ([[3]], 1, {}),
    "1x1, padded": ([[3]], 2, {"padding": 1, "stride": 1}),
    "strided": (SMALL, (1, 2), {"stride": (2, 3)}),
    "dilated": (RNG.integers(0, 10, (7, 9)), (2, 3), {"stride": 2, "dilation": (3, 2)}),
    "dilated, padded": (SMALL, 2, {"stride": 1, "padding": 1, "dilation": 2}),
    "bools": (SMALL > 4, 2, {}),
    "uint8": (RNG.integers(0, 256, (64, 64), np.uint8), 4, {"at": (15, 15), "padding": 1}),
    "25 numbers": (RNG.normal(size=(20, 30)), 5, {"stride": 3}),
}
EXTREME = {
    "infinite": ([[np.inf, -np.inf, 0, 1]], (1, 2), {"stride": 1}),
    "huge": (np.full((3, 3), 1e308), 2, {"stride": 1}),
    "large whole numbers": (RNG.integers(10**9, 10**10, (9, 20)), 3, {}),
    "tiny": (RNG.normal(size=(4, 5)) * 1e-9, 2, {}),
}


def outputs(name):
    x, size, given = (CASES | EXTREME)[name]
    given = {k: v for k, v in given.items() if k != "at"}
    x = np.asarray(x)
    x = x.astype(np.uint8) if x.dtype == bool else x
    plain = {k: v for k, v in given.items() if k != "dilation"}
    with np.errstate(all="ignore"):
        mean = avg_pool2d(x, size, count_include_pad=False, **plain)
        mean = pool2d(x, size, np.mean, **given) if "dilation" in given else mean
        median = pool2d(x, size, np.median, **given)
    return {"max": max_pool2d(x, size, **given), "mean": mean, "median": median}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [*CASES, *EXTREME])
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    x, size, given = (CASES | EXTREME)[name]
    explorer, steady, wanted = explore.pool(x, size, **given), Steady(name in CASES), outputs(name)

    def check(explorer):
        steady(explorer)
        assert explorer.picture.height <= 330
        values = explorer.values()
        y, at = wanted[values["statistic"]], (values["row"], values["column"])
        assert explorer.picture.label.endswith(f" y[{at[0]}, {at[1]}] is {label(y[at])}.")
        names, (first, last) = {"np": np, "x": np.asarray(x)}, plain(explorer.lines).splitlines()
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(float(eval(last, names)), y[at], rtol=1e-6)
        numbers = ", ".join(label(v) for v in eval(first, names))
        assert f" sorted: [{numbers}]. " in explorer.picture.label

    check(explorer)
    sweep(explorer, check)
    steady.assert_nothing_jumped()


@pytest.mark.parametrize("statistic", ["max", "mean", "median"])
def test_the_output_so_far_is_the_library_s(statistic):
    x, size, given = CASES["7x9, padded"]
    explorer = explore.pool(x, size, **given)
    explorer.move(statistic=statistic, row=2, column=1)
    y = outputs("7x9, padded")[statistic]
    done = y.ravel()[: 2 * y.shape[1] + 2]
    assert seen.written(explorer.picture, "Output y") == [label(v) for v in done]


def test_a_frame_shows_where_the_number_taken_lies():
    p = explore.pool(SMALL, 3, stride=1, at=(1, 1)).picture
    framed = seen.covered(p, "reading", "Input x", SMALL.shape)
    window = SMALL[1:4, 1:4]
    r, c = np.unravel_index(window.argmax(), window.shape)  # the first of equals
    assert np.argwhere(framed).tolist() == [[r + 1, c + 1]]


def test_padding_is_dashed_and_said_not_to_count():
    explorer = explore.pool(SMALL, 2, stride=1, padding=1)
    assert len(seen.boxes(explorer.picture, "padding", "Sorted")) == 3
    assert "3 of its cells are padding, not counted. Its numbers" in explorer.picture.label
    said = {getattr(s, "string", "") for s in explorer.picture.shapes}
    assert "padding is not counted: 3 cells of this window" in said


def test_sorted_numbers_and_input_light_up_together():
    explorer = explore.pool(SMALL, 2, stride=1, padding=1, at=(1, 1))
    x, y, ordered = explorer.picture.spots
    assert x.links == tuple(f"x{k}" for k in range(6 * 7))
    assert y.links[:2] == ("y0", "y1")
    assert sorted(ordered.links) == ["x15", "x16", "x8", "x9"]  # of the padded plane, 7 wide
    assert x.go == (("row", -1, 1), ("column", -1, 1))  # the window's middle goes there


@pytest.mark.parametrize(
    ("x", "size", "given", "error", "said"),
    [
        (SMALL, 6, {}, ValueError, "kernel"),
        (SMALL, 2, {"padding": 2}, ValueError, "more than half of the kernel"),
        (SMALL, 2, {"at": (2, 0)}, IndexError, "there is no window at this position"),
        (SMALL, 2, {"at": 1}, TypeError, "at is not a pair"),
        (SMALL[None], 2, {}, ValueError, "x is not one plane"),
        (SMALL * 1j, 2, {}, TypeError, "complex numbers have no maximum"),
        (np.ones((64, 64)), 6, {}, ValueError, "more than 25 numbers"),
        (np.ones((64, 64)), 2, {"dilation": 30}, ValueError, "too large to be drawn"),
        ([[1]], 2, {"padding": 1, "dilation": 2}, ValueError, "holds no cell of the image"),
    ],
)
def test_what_cannot_be_drawn_is_refused(x, size, given, error, said):
    with pytest.raises(error, match=said):
        explore.pool(x, size, **given)


def test_it_shows_without_a_kernel():
    bundle, _ = explore.pool(SMALL, 2)._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.pool: input 4×5, windows 2×2, output 2×2"
