"""The filter explorer: what it shows and tells is what `conv2d` computes."""

import re

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.picture.photo import plane_pixels  # noqa: E402
from convlib import conv2d  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402
from tests.picture import seen  # noqa: E402

rng = np.random.default_rng(0)
GRAY = rng.integers(0, 256, (9, 11), dtype=np.uint8)
COLOUR = rng.integers(0, 256, (12, 10, 3), dtype=np.uint8)
HOLES = GRAY / 255
HOLES[2, 3], HOLES[5, 5], HOLES[8, 10] = np.nan, np.inf, np.nan
PHOTOS = {
    "gray": GRAY,
    "colour": COLOUR,
    "floats": GRAY / 255,
    "float32 colour": (COLOUR / 255).astype(np.float32),
    "float16": (GRAY / 255).astype(np.float16),
    "floats to 255": COLOUR.astype(float),
    "bool": GRAY > 99,
    "Fortran": np.asfortranarray(COLOUR),
    "reversed": COLOUR[::-1, ::2],
    "black": GRAY * 0,
    "3x3": GRAY[:3, :3],
    "1x1": GRAY[:1, :1],
    "one row": GRAY[:1],
    "nan and inf": HOLES,
    "all nan": np.full((4, 5), np.nan),
}
FIVE = np.eye(5, dtype=int)[:, ::-1] - 2
SAME = {"padding": "same", "padding_mode": "replicate"}


def planes(photo, w):
    """What the explorer must show, channel by channel."""
    channels = np.moveaxis(photo, -1, 0) if photo.ndim == 3 else [photo]
    with np.errstate(all="ignore"):
        return [conv2d(x, np.array(w), **SAME) for x in channels]


def shown(explorer):
    """The pixels of the result."""
    return explorer.picture.images[1].pixels


def run(explorer, photo):
    """Run the lines; what they name, and the pixel that the last of them computes."""
    *lines, last = plain(explorer.lines).splitlines()
    names = {"np": np, "conv2d": conv2d, "photo": photo}
    with np.errstate(all="ignore"):
        exec("\n".join(lines), names)
        return names, eval(last, names)


@pytest.mark.parametrize("kernel", [None, FIVE], ids=["3x3", "5x5"])
@pytest.mark.parametrize("name", PHOTOS)
def test_lines_run_and_give_the_number_told_by_every_kernel(name, kernel):
    photo = PHOTOS[name]
    explorer = explore.filter(photo, kernel)
    for preset in explorer.controls["kernel"].options:
        explorer.controls["kernel"].value = preset
        explorer.move(row=0, column=photo.shape[1] - 1)
        assert explorer.error is None
        v = explorer.values()
        w, channel = np.array(v["weights"]), ["red", "green", "blue"].index(v.get("channel", "red"))
        y, at = planes(photo, w)[channel], (0, photo.shape[1] - 1)
        names, pixel = run(explorer, photo)
        np.testing.assert_array_equal(names["w"], w)
        np.testing.assert_array_equal(names["y"], y)
        np.testing.assert_allclose(pixel, y[at], rtol=1e-5, atol=1e-9)
        assert explorer.picture.label.endswith(f" y{list(at)} is {label(y[at])}.")


@pytest.mark.parametrize("preset", [*explore.filter(GRAY).controls["kernel"].options[1:]])
def test_every_pixel_shown_is_that_of_conv2d(preset):
    for photo, white in ((GRAY, 255), (COLOUR, 255), (GRAY / 255, 1)):
        explorer = explore.filter(photo)
        explorer.controls["kernel"].value = preset
        found = planes(photo, explorer.values()["weights"])
        if preset in ("identity", "blur", "Gauss", "sharpen", "emboss"):
            assert "drawn like the photograph" in explorer.picture.label
            levels = [np.rint(np.clip(y / white, 0, 1) * 255) for y in found]
            wanted = levels[0] if len(levels) == 1 else np.dstack(levels)
            np.testing.assert_allclose(shown(explorer), wanted, atol=1)  # ties of float32
        else:
            assert "around 0, purple below and green above" in explorer.picture.label
            y = found[1 if photo.ndim == 3 else 0]
            end = float(f"{np.percentile(np.abs(y), 98):.3g}")
            np.testing.assert_array_equal(
                shown(explorer), plane_pixels(y, "signed", limits=(-end, end))
            )


def test_identity_is_the_photograph_and_green_is_brighter_to_the_right_and_below():
    np.testing.assert_array_equal(shown(explore.filter(COLOUR)), COLOUR)
    for taps in (3, 5):
        explorer = explore.filter(np.tile(np.arange(9) * 20, (9, 1)), np.ones((taps, taps)))
        for photo, preset in ((np.tile(np.arange(9) * 20, (9, 1)), "Sobel across"),
                              (np.tile(np.arange(9)[:, None] * 20, 9), "Sobel down")):  # fmt: skip
            explorer = explore.filter(photo, np.ones((taps, taps)))
            explorer.controls["kernel"].value = preset
            red, green, _ = shown(explorer)[4, 4]
            assert green > red


@pytest.mark.parametrize("kernel", [np.arange(9).reshape(3, 3) - 3, FIVE], ids=["3x3", "5x5"])
def test_the_numbers_drawn_are_those_under_the_kernel(kernel):
    k, explorer = len(kernel), explore.filter(COLOUR, kernel, at=(0, 9))
    explorer.controls["channel"].value = "blue"
    p, window = explorer.picture, np.pad(COLOUR[:, :, 2], k // 2, mode="edge")[:k, 9 : 9 + k]
    assert seen.written(p, "Window, blue channel") == [label(v) for v in window.flat]
    assert seen.written(p, "× Kernel w, your own") == [label(v) for v in kernel.flat]
    beyond = np.pad(np.zeros((12, 10), int), k // 2, constant_values=1)[:k, 9 : 9 + k]
    assert len(seen.boxes(p, "padding", "Window, blue channel")) == beyond.sum()
    assert str((window * kernel).sum()).replace("-", "−") in seen.written(p, "Sum")


def test_editing_a_weight_makes_the_kernel_your_own_and_a_choice_brings_it_back():
    explorer = explore.filter(GRAY, at=(4, 4))
    assert explorer.values()["kernel"] == "identity"
    weights = ((0, 0, 0), (0, 1, -0.5), (0, 0, 0))
    explorer.controls["weights"].value = weights
    assert explorer.values()["kernel"] == "your own"
    assert explorer.picture.label.endswith(f" is {label(GRAY[4, 4] - 0.5 * GRAY[4, 5])}.")
    explorer.controls["kernel"].value = "blur"
    assert explorer.values()["weights"] == ((1 / 9,) * 3,) * 3
    explorer.controls["kernel"].value = "your own"
    assert explorer.values()["weights"] == weights
    # from the page, as the player asks
    values = {**explorer.values(), "weights": [[1, 0, 0], [0, 0, 0], [0, 0, 0]]}
    before = explorer.values()["weights"]
    explorer.at = {"values": values, "moved": "weights", "before": before, "number": 1}
    assert explorer.picture.label.endswith(f" is {GRAY[3, 3]}.")


def test_a_move_of_the_pixel_sends_no_photograph():
    explorer = explore.filter(COLOUR)
    still = explorer.still
    explorer.move(row=1, column=2)
    assert explorer.still == still
    explorer.controls["weights"].value = np.ones((3, 3)) / 4
    assert explorer.still != still
    assert explorer.still.split("<image")[1] == still.split("<image")[1]  # the one on the left


@pytest.mark.parametrize("kernel", [None, FIVE], ids=["3x3", "5x5"])
@pytest.mark.parametrize("name", ["gray", "colour", "floats", "1x1", "nan and inf"])
def test_nothing_jumps_under_any_control(name, kernel):
    explorer = explore.filter(PHOTOS[name], kernel)
    check = Steady(apart=True)
    sweep(explorer, check, 3)
    for weight in (-0.003906, 1e-7, 12345, -1e300):
        explorer.controls["weights"].value = np.full(np.shape(explorer.values()["weights"]), weight)
        check(explorer)
    assert len(check.heights) == 1
    assert check.heights.pop() <= 430


@pytest.mark.parametrize("size", [(600, 512), (300, 1000), (3, 700), (700, 3), (2, 2)])
def test_photographs_of_any_shape_fit_the_page(size):
    check = Steady(apart=True)
    for corner in ((0, 0), (size[0] - 1, size[1] - 1)):
        check(explore.filter(rng.random(size), at=corner))
    assert check.heights.pop() <= 430


def test_a_hand_on_either_photograph_moves_the_pixel():
    drawn = explore.filter(COLOUR).picture.svg()
    spots = re.findall(
        r'data-cells="12 10" data-go="row 0 1;column 0 1" data-drag="" data-hover', drawn
    )
    assert len(spots) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((COLOUR.transpose(2, 0, 1),), ValueError, r"photo\.transpose\(1, 2, 0\)"),
        ((np.dstack([COLOUR, GRAY[:1, :1] + np.zeros((12, 10))]),), ValueError, r":, :, :3\]"),
        ((COLOUR[None],), ValueError, "photo is not one photograph"),
        ((GRAY[:0],), ValueError, "photo is not one photograph"),
        ((np.zeros((3, 1025)),), ValueError, "Cut out a part"),
        ((GRAY - 1.0 * 300,), ValueError, "from 0 to 255"),
        ((GRAY * 257.0,), ValueError, "from 0 to 255"),
        ((GRAY / GRAY.max() * 1.02,), ValueError, r"np\.clip"),
        ((GRAY * 1j,), TypeError, "complex"),
        (("hopper.jpg",), TypeError, "photo must hold numbers"),
        ((GRAY, np.ones((3, 5))), ValueError, "3×3 or 5×5"),
        ((GRAY, np.ones((4, 4))), ValueError, "3×3 or 5×5"),
        ((GRAY, np.full((3, 3), np.nan)), ValueError, "NaN"),
        ((GRAY, [["a"] * 3] * 3), TypeError, "kernel must hold numbers"),
    ],
)
def test_what_is_no_photograph_and_no_kernel_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        explore.filter(*arguments)


def test_a_pixel_outside_and_a_table_of_another_size_are_refused():
    with pytest.raises(IndexError, match="no pixel at this position"):
        explore.filter(GRAY, at=(9, 0))
    with pytest.raises(TypeError, match="not a pair of whole numbers"):
        explore.filter(GRAY, at=4)
    explorer = explore.filter(GRAY)
    with pytest.raises(ValueError, match="3×3 weights"):
        explorer.controls["weights"].value = FIVE
    with pytest.raises(ValueError, match="NaN"):
        explorer.controls["weights"].value = np.full((3, 3), np.inf)
    assert repr(explorer) == "explore.filter: photograph 9×11, kernel 3×3"
