"""The tiles explorer: what is read against conv2d itself, its lines, its clicks, its refusals."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlib import conv2d  # noqa: E402
from tests.explore.steady import assert_steady  # noqa: E402
from tests.picture import seen  # noqa: E402

CASES = {
    "12x18": (None, {}),
    "even kernel": ((10, 13), {"tile": 3, "kernel_size": 4, "at": (2, 1)}),
    "one tile": ((3, 5), {"tile": 5, "kernel_size": 7}),
    "one cell": ((1, 1), {"tile": 1}),
    "largest": ((16, 24), {"tile": 2, "kernel_size": 6}),
    "a row": (np.arange(20)[None], {"tile": 7, "at": (0, 2)}),
    "a column": (np.arange(16)[:, None] > 7, {"at": (3, 0)}),
    "floats": (np.linspace(-1, 1, 63).reshape(7, 9), {"at": (1, 2)}),
    "nan": (np.full((4, 5), np.nan), {"tile": 2}),
}


def made(name):
    x, more = CASES[name]
    return explore.tiles(x, **more)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CASES)
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    assert_steady(made(name))


@pytest.mark.parametrize("kernel", [1, 2, 3, 6, 7])
def test_the_lines_make_every_tile_of_the_whole_output(kernel):
    x = np.random.default_rng(0).integers(0, 10, (7, 11))
    explorer, y = explore.tiles(x, tile=3, kernel_size=kernel), np.full((7, 11), -1)
    for row in range(3):
        for column in range(4):
            explorer.move(row=row, column=column)
            exec(plain(explorer.lines), {"conv2d": conv2d, "np": np, "x": x, "y": y})
    np.testing.assert_array_equal(y, conv2d(x, np.ones((kernel, kernel), int), padding="same"))


def test_the_graph_is_that_of_the_library():
    tiles, da = pytest.importorskip("convlib.tiles"), pytest.importorskip("dask.array")
    x = da.from_array(np.zeros((12, 18)), chunks=4)
    y = tiles.conv2d(x, np.ones((3, 3)), padding="same")
    own = y.dask.layers[y.name]
    assert explore.tiles().picture.label.endswith(f" 15 tiles: {len(own)} tasks.")
    explorer = explore.tiles(at=(1, 4))
    chunks = {key for key in own[(y.name, 1, 4)].dependencies if key[0] == x.name}
    assert len(seen.boxes(explorer.picture, "window", "Chunks")) == len(chunks) == 6


def test_zeros_stand_only_beyond_the_image_and_are_not_counted():
    explorer = explore.tiles((12, 18), at=(1, 1))
    assert seen.boxes(explorer.picture, "padding") == []
    explorer.move(row=0, column=0)
    assert len(seen.boxes(explorer.picture, "padding")) == 6 * 6 - 5 * 5


def test_another_size_of_tiles_keeps_the_place():
    explorer = explore.tiles((12, 18), tile=2, at=(5, 8))
    explorer.controls["tile"].value = 6
    assert (explorer.values()["row"], explorer.values()["column"]) == (1, 2)
    assert explorer.controls["row"].max == 1


def test_a_click_goes_to_the_tile():
    image, output, *lines = made("12x18").picture.spots
    assert image.go == output.go == (("row", 0, 4), ("column", 0, 4))
    assert [line.go for line in lines] == [
        (None, ("column", 0, 1), ("row", row, 1)) for row in range(3)
    ]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"x": (17, 4)}, ValueError, "too large to be drawn"),
        ({"x": (4, 10**9)}, ValueError, "too large to be drawn"),
        ({"x": np.zeros((2, 3, 4))}, ValueError, "not one plane"),
        ({"x": (0, 4)}, ValueError, "x is out of range"),
        ({"tile": 1}, ValueError, "tile is out of range"),
        ({"tile": 19}, ValueError, "tile is out of range"),
        ({"tile": 2.5}, TypeError, "tile must be made of integers"),
        ({"kernel_size": 8}, ValueError, "kernel_size is out of range"),
        ({"at": (3, 0)}, IndexError, "there is no such tile"),
        ({"at": 0}, TypeError, "at is not a pair"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, error, said):
    with pytest.raises(error, match=said):
        explore.tiles(**given)


def test_it_shows_without_a_kernel():
    bundle, _ = made("12x18")._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.tiles: image 12×18, tiles of 4, kernel 3×3"


def test_infinities_of_both_signs_are_no_warning():
    explorer = explore.tiles(np.array([[np.inf, -np.inf], [1, 2]]), tile=2)
    assert "4 cells to make 4" in explorer.picture.label
