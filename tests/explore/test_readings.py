"""The readings explorer: places against NumPy's own reshape, its arithmetic, clicks, refusals."""

import re

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.picture.shapes import Rect  # noqa: E402
from tests.explore.steady import assert_steady  # noqa: E402
from tests.picture import seen  # noqa: E402

numbers = np.random.default_rng(0).integers(1, 10, (3, 2, 4))
CASES = {
    "three channels": numbers,
    "three digits": numbers.astype(np.uint8) * 28,
    "one channel": numbers[:1],
    "tall": numbers.reshape(2, 4, 3),
    "one pixel": numbers[:, :1, :1],
    "fractions": numbers[:, :, :2] / -2,
    "truths": numbers > 5,
    "lying channels last": numbers.reshape(2, 4, 3).transpose(2, 0, 1),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CASES)
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    assert_steady(explore.readings(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_left_stand_the_planes_of_x_and_right_the_line_cut_elsewhere(name):
    x = np.asarray(CASES[name]) + 0
    p = explore.readings(x).picture
    cut = np.ascontiguousarray(x.transpose(1, 2, 0)).reshape(x.shape)
    for title, planes in (("Read as (H, W, C)", x), ("Read as (C, H, W)", cut)):
        for c, plane in enumerate(planes):
            written = [float(t.replace("−", "-")) for t in seen.written(p, f"{title}, c={c}")]
            np.testing.assert_allclose(written, plane.ravel(), rtol=0.01)


@pytest.mark.parametrize("element", range(24))
def test_the_lines_and_the_arithmetic_find_the_element(element):
    explorer = explore.readings(numbers, element=element)
    reads = plain(explorer.lines).splitlines()
    names = {"line": np.ascontiguousarray(numbers.transpose(1, 2, 0)).ravel()}
    assert len({int(eval(line, names)) for line in reads}) == 1
    sums = re.findall(r": (\(.*?) = (\d+)\.", explorer.picture.label)
    assert [eval(told.replace("×", "*")) for told, _ in sums] == [element] * 2


def test_three_planes_stand_in_colour_as_each_reading_sees_them():
    rects = [
        dict(s.style) | {"x": s.x}
        for s in explore.readings(numbers).picture.shapes
        if isinstance(s, Rect) and s.width == s.height == 22
    ]
    line = np.ascontiguousarray(numbers.transpose(1, 2, 0)).ravel()
    for k, pixels in enumerate((line.reshape(2, 4, 3), line.reshape(3, 2, 4).transpose(1, 2, 0))):
        wanted = [
            "#" + bytes(int(255 * v / 9 + 0.5) for v in pixel).hex()
            for pixel in pixels.reshape(8, 3)
        ]
        assert [rect["fill"] for rect in rects[8 * k : 8 * k + 8]] == wanted
    assert len(rects) == 16
    bare = explore.readings(CASES["fractions"]).picture.shapes
    assert not [s for s in bare if getattr(s, "string", "") == "in colour"]


def test_one_cell_of_the_line_and_one_of_each_reading_is_marked():
    p = explore.readings(numbers, element=10).picture
    assert len(seen.boxes(p, "reading", "One line of memory")) == 1
    assert len(seen.boxes(p, "reading", "Read as (H, W, C), c=1")) == 1
    assert len(seen.boxes(p, "reading", "Read as (C, H, W), c=1")) == 1
    assert len(seen.boxes(p, "reading")) == 3


def test_a_click_on_any_cell_goes_to_its_element():
    line, *spots = explore.readings(numbers).picture.spots
    assert line.go == (None, ("element", 0, 1))
    planes = [spot for spot in spots if spot.go]
    gone = [spot.go[0][1] for spot in planes]
    places = np.arange(24)
    assert gone[:24] == places.reshape(2, 4, 3).transpose(2, 0, 1).ravel().tolist()
    assert gone[24:] == places.tolist()
    assert [spot.links for spot in planes] == [(f"m{k}",) for k in gone]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"x": np.ones((2, 4))}, ValueError, r"x is not \(C, H, W\)"),
        ({"x": np.ones((2, 0, 4))}, ValueError, r"x is not \(C, H, W\)"),
        ({"x": np.ones((3, 4, 5))}, ValueError, "too many numbers to be drawn"),
        ({"x": np.ones((8, 1, 1))}, ValueError, "too many numbers to be drawn"),
        ({"x": np.ones((1, 7, 1))}, ValueError, "too many numbers to be drawn"),
        ({"element": 24}, IndexError, "there is no such element"),
        ({"element": -1}, ValueError, "element is out of range"),
        ({"element": "x"}, TypeError, "element must be made of integers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, error, said):
    with pytest.raises(error, match=said):
        explore.readings(**{"x": numbers, **given})


def test_it_is_alive_without_python_and_shows_without_a_kernel():
    explorer = explore.readings(numbers)
    assert len(explorer.table(seconds=60)["states"]) == 24
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.readings: 3 channels of 2×4"
