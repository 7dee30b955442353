"""The patches explorer: both copies as NumPy makes them, their runs, its marks, its refusals."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.explore.standing import standing  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.steady import assert_steady  # noqa: E402
from tests.picture import seen  # noqa: E402

RNG = np.random.default_rng(0)
CASES = {
    "places": (np.arange(28).reshape(4, 7), (2, 3)),
    "4x6": (RNG.integers(0, 10, (4, 6)), (2, 3)),
    "signed": (RNG.integers(-9, 10, (3, 8)), (2, 4)),
    "one number": ([[5]], 1),
    "one position": (np.arange(6).reshape(2, 3), (2, 3)),
    "one tap": (np.arange(15).reshape(3, 5), 1),
    "one row": (RNG.integers(0, 10, (1, 12)), (1, 5)),
    "one column": (RNG.integers(0, 10, (12, 1)), (5, 1)),
    "bool, Fortran": (np.asfortranarray(RNG.integers(0, 2, (4, 5)) > 0), (3, 2)),
    "floats": (RNG.normal(size=(3, 4)).round(1), (2, 2)),
}


def texts(explorer):
    return [text.string for text in layout.texts(explorer.picture)]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CASES)
def test_the_slider_moves_the_picture_and_the_picture_is_true(name):
    assert_steady(explore.patches(*CASES[name]), most=9)


def test_known_runs_of_a_small_image():
    explorer = explore.patches(np.arange(28).reshape(4, 7), (2, 3), copied=8)
    assert "runs 3, the last [1, 2]. " in explorer.picture.label
    assert explorer.picture.label.endswith("Tap by tap: runs 2, the last [7, 8, 9].")
    explorer.controls["copied"].value = 90
    assert "Position by position: runs 30, the last [25, 26, 27]." in explorer.picture.label
    assert "Tap by tap: runs 18, the last [23, 24, 25, 26, 27]." in explorer.picture.label
    explorer.controls["copied"].value = 0
    assert texts(explorer).count("Runs so far") == 2
    assert [t for t in texts(explorer) if t == "0"] == ["0"] * 4  # two counts, two numbers of x


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_the_lines_make_what_the_matrices_hold(name, share):
    x, kernel_size = CASES[name]
    explorer = explore.patches(x, kernel_size)
    copied = explorer.controls["copied"].value = int(share * explorer.controls["copied"].max)
    held = {"np": np, "x": np.asarray(x)}
    exec(plain(explorer.lines), held)
    flat = {"np": np, "x": np.arange(np.size(x)).reshape(np.shape(x))}
    exec(plain(explorer.lines), flat)
    matrices = explorer.picture.spots[1::2]  # inputs and matrices take turns
    for spot, name in zip(matrices, ("left", "right"), strict=True):
        assert spot.shape == held[name].shape
        wanted = [f"x{k}" for k in flat[name].ravel()[:copied]]
        assert list(spot.links) == wanted + [""] * (held[name].size - copied)


def test_the_plate_is_the_run_that_is_being_copied():
    p = explore.patches(np.arange(28).reshape(4, 7), (2, 3), copied=23).picture
    for name, cells in (
        ("Position by position", [10, 11]),
        ("A row per position", [21, 22]),
        ("Tap by tap", [8, 9, 10]),
        ("A row per tap", [20, 21, 22]),
    ):
        assert len(seen.boxes(p, "reading", name)) == 1
        (plate,) = seen.boxes(p, "window", name)
        tiles = seen.tiles(p, name)
        if not name.startswith("A row"):  # cells not written yet are no tiles
            tiles = [tiles[k] for k in cells]
            assert plate[0] < tiles[0][0]
            assert tiles[-1][0] + tiles[-1][2] < plate[0] + plate[2] < tiles[-1][0] + 2 * plate[3]


def test_a_run_is_what_one_innermost_loop_copies():
    x = np.arange(12).reshape(2, 6)
    for kernel_size, by_position, by_tap in (((2, 4), 6, 8), ((2, 6), 1, 1), ((1, 6), 1, 6)):
        explorer = explore.patches(x, kernel_size)
        explorer.controls["copied"].value = explorer.controls["copied"].max
        label = explorer.picture.label
        assert f"Position by position: runs {by_position}," in label
        assert f"Tap by tap: runs {by_tap}," in label


def test_nothing_is_marked_before_the_first_number():
    p = explore.patches(np.arange(28).reshape(4, 7), (2, 3)).picture
    assert {note.what for note in p.notes} == {"panel"}


def test_what_is_given_is_not_what_is_kept():
    x = np.arange(28).reshape(4, 7)
    explorer = explore.patches(x, (2, 3), copied=5)
    before = explorer.picture.label
    x[:] = 0
    explorer.controls["copied"].value = 6
    explorer.controls["copied"].value = 5
    assert explorer.picture.label == before


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"x": np.zeros((2, 4, 5))}, ValueError, "x is not one plane"),
        ({"x": np.zeros((9, 9))}, ValueError, "too many numbers are copied to be drawn"),
        ({"x": np.zeros((30, 1)), "kernel_size": 1}, ValueError, "too many numbers are copied"),
        ({"kernel_size": (5, 3)}, ValueError, r"the kernel spans \(5, 3\)"),
        ({"kernel_size": 0}, ValueError, "out of range"),
        ({"copied": 91}, ValueError, "copied is out of range"),
        ({"copied": -1}, ValueError, "copied is out of range"),
        ({"copied": 2.5}, TypeError, "copied must be"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, error, said):
    with pytest.raises(error, match=said):
        explore.patches(**{"x": np.arange(28).reshape(4, 7), "kernel_size": (2, 3), **given})


def test_it_shows_without_a_kernel_and_moves_without_python():
    explorer = explore.patches(np.arange(28).reshape(4, 7), (2, 3))
    bundle, _ = explorer._repr_mimebundle_()
    told = "explore.patches: input 4×7, windows 2×3, 90 numbers copied in two orders"
    assert bundle["text/plain"] == told
    assert len(standing(explorer)["ahead"]["states"]) == 91
