"""The updates explorer: both ends against NumPy itself, every write, what it refuses."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlib import Geometry, index_grid  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402
from tests.picture import seen  # noqa: E402

RNG = np.random.default_rng(0)
X = RNG.integers(1, 10, (3, 6))
CASES = {
    "3x6": (X, (2, 3)),
    "one row": ([[5, 7, 9]], (1, 2)),
    "one pixel": ([[2]], 1),
    "no overlap": (X, 1),
    "one window": (X[:2, :4], (2, 4)),
    "4 rows, uint8": (RNG.integers(240, 256, (4, 5), dtype=np.uint8), (3, 2)),
    "fractions": (RNG.integers(0, 9, (3, 4)) / 4, 2),
    "negative, Fortran": (np.asfortranarray(-X), (2, 2)),
    "bools": ([[True, False, True]], (1, 2)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [name for name in CASES if "uint8" not in name])
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    explorer, steady = explore.updates(*CASES[name]), Steady(apart=True)
    sweep(explorer, steady, most=9)
    steady.assert_nothing_jumped()


@pytest.mark.parametrize("name", CASES)
def test_both_ends_are_what_numpy_does(name):
    given, kernel_size = CASES[name]
    x = np.asarray(given) * np.uint8(1) if np.asarray(given).dtype == bool else np.asarray(given)
    explorer = explore.updates(given, kernel_size)
    explorer.controls["write"].value = explorer.controls["write"].max
    g = Geometry(x.shape, kernel_size)
    by_view, total = x.copy(), np.array(x, order="C")
    view = sliding_window_view(by_view, g.kernel_size, writeable=True)
    view += 1
    np.add.at(total.reshape(-1), index_grid.grid(g), 1)
    panels = ("view += 1", "Grown by", by_view), ("np.add.at", "Grown by ", total)
    for title, below, wanted in panels:
        assert seen.written(explorer.picture, title) == [label(v) for v in wanted.flat]
        assert seen.written(explorer.picture, below) == [label(v) for v in (wanted - x).flat]


def test_a_pixel_of_six_windows_grows_by_one_and_by_six():
    said = explore.updates(X, (2, 3), write=48).picture.label
    assert "the view: 1 1 1 1 1 1; 1 1 1 1 1 1; 1 1 1 1 1 1. " in said
    assert "np.add.at: 1 2 3 3 2 1; 2 4 6 6 4 2; 1 2 3 3 2 1." in said


def test_the_lines_make_the_images_write_by_write():
    explorer = explore.updates(X, (2, 3))
    image, total = X.copy(), X.copy()
    view = sliding_window_view(image, (2, 3), writeable=True)
    names = {"np": np, "view": view, "total": total}
    exec(plain(explorer.lines), names)
    for write in range(1, 49):
        explorer.controls["write"].value = write
        exec("\n".join(plain(explorer.lines).splitlines()[1:]), names)
        for title, wanted in (("view += 1", image), ("np.add.at", total)):
            assert seen.written(explorer.picture, title) == [str(v) for v in wanted.flat]


def test_nothing_is_given_away_before_the_first_write():
    p = explore.updates(X, (2, 3)).picture
    assert seen.boxes(p, "window") == seen.boxes(p, "reading") == []
    for title in ("view += 1", "np.add.at"):
        assert seen.written(p, title) == [str(v) for v in X.flat]


def test_the_window_and_its_pixel_are_marked():
    p = explore.updates(X, (2, 3), write=6 * 5 + 2).picture  # window (1, 1), tap (0, 1)
    wanted = np.zeros((3, 6), int)
    wanted[1:, 1:4] = 1
    for title in ("view += 1", "np.add.at"):
        np.testing.assert_array_equal(seen.covered(p, "window", title, (3, 6)), wanted)
    assert len(seen.boxes(p, "reading")) == 5
    assert "window (1, 1), tap (0, 1), pixel [1, 2]. " in p.label


def test_large_unsigned_numbers_grow_by_one_like_others():
    explorer = explore.updates(np.array([[2**63 + 5, 3]], np.uint64), (1, 1))
    explorer.controls["write"].value = 2
    assert explorer.picture.label.endswith("Grown by, the view: 1 1. Grown by, np.add.at: 1 1.")


def test_what_is_given_stays_what_it_was():
    x = X.copy()
    explore.updates(x, (2, 3), write=48)
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize(
    ("x", "kernel_size", "more", "error", "said"),
    [
        (X[0], 1, {}, ValueError, "x is not one plane"),
        (np.ones((5, 4)), 2, {}, ValueError, "too large to be drawn"),
        (np.ones((3, 40)), 2, {}, ValueError, "too large to be drawn"),
        (X * 1j, 2, {}, TypeError, "x must hold real numbers"),
        (X, (4, 1), {}, ValueError, "larger|fit|spans"),
        (X, 2, {"write": 41}, IndexError, "there are not so many writes"),
        (X, 2, {"write": -1}, ValueError, "write is out of range"),
        (X, 2, {"write": "all"}, TypeError, "write must be made of integers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(x, kernel_size, more, error, said):
    with pytest.raises(error, match=said):
        explore.updates(x, kernel_size, **more)


def test_it_shows_without_a_kernel_and_all_of_it_is_sent_at_once():
    explorer = explore.updates(X, (2, 3))
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.updates: input 3×6, windows 2×3, 48 writes"
    assert len(explorer.table(seconds=60)["states"]) == 49
