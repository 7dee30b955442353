import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from convlens import palette
from convlens.methods import METHODS, SPARE, method
from convlens.palette import contrast, gray, ink, label, signed
from convlens.picture.scale import painter


def test_contrast_is_that_of_the_web_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert contrast("#336699", "#336699") == 1


def test_a_number_is_readable_on_every_gray():
    for value in range(256):
        colour = gray(value, 0, 255)
        assert contrast(ink(colour), colour) >= 4.5, colour


def test_a_number_is_readable_on_every_signed_colour():
    for value in range(-500, 501):
        colour = signed(value, 500)
        assert contrast(ink(colour), colour) >= 4.5, colour


@pytest.mark.parametrize("name", ["WINDOW", "KERNEL", "OUTSIDE", "OUTSIDE_DARK", "NEUTRAL"])
def test_a_number_is_readable_on_every_role(name):
    colour = getattr(palette, name)
    assert contrast(ink(colour), colour) >= 4.5


def test_larger_is_lighter():
    levels = [int(gray(value, -3, 7)[1:3], 16) for value in np.linspace(-3, 7, 50)]
    assert levels == sorted(set(levels))
    assert gray(99, -3, 7) == gray(np.inf, -3, 7) == gray(7, -3, 7)
    assert gray(-99, -3, 7) == gray(-np.inf, -3, 7) == gray(-3, -3, 7)
    assert gray(5, 5, 5) == gray(1, 0, 2)  # an even image is a middle gray


def test_signs_have_colours_of_their_own():
    purple, white, green = signed(-2, 2), signed(0, 2), signed(2, 2)
    assert (purple, white, green) == ("#7b3294", "#f4f4f4", "#008837")
    assert signed(-9, 2) == signed(-np.inf, 2) == purple
    assert signed(9, 2) == signed(np.inf, 2) == green
    assert signed(0, 0) == white
    assert signed(-1, 2) == "#c2a5cf"
    assert signed(1, 2) == "#a6dba0"


def test_long_doubles_that_no_double_holds_are_coloured_as_infinite_without_a_warning():
    huge = np.array([1, np.finfo(np.longdouble).max, 3], np.longdouble)
    paint, known = painter(huge), painter([1, np.inf, 3])
    assert [paint(v) for v in huge] == [known(v) for v in (1, np.inf, 3)]
    assert painter(huge * 1j)(huge[1] * 1j) == known(np.inf)


def test_nan_is_neutral():
    assert gray(math.nan, 0, 1) == signed(math.nan, 1) == palette.NEUTRAL


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (-3, "−3"),
        (99999, "99999"),
        (-99999.0, "−99999"),
        (100000, "1e5"),
        (1234567, "1.23e6"),
        (-1.5e-7, "−1.5e−7"),
        (0.125, "0.125"),
        (2 / 3, "0.667"),
        (1.0004, "1"),
        (math.nan, "nan"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (np.uint8(200), "200"),
        (np.float16(0.1), "0.1"),
        (np.True_, "1"),
        (False, "0"),
        (Fraction(1, 4), "0.25"),
        (1 + 2j, "1+2i"),
        (-1 - 0.5j, "−1−0.5i"),
        (np.complex64(2j), "0+2i"),
    ],
)
def test_a_number_is_written_short(value, text):
    assert label(value) == text


def test_more_digits_can_be_asked_for():
    assert label(math.pi, 5) == "3.1416"


# What the notebooks compare: 08, 13, and 13 against other libraries.
COMPARED = [
    "take tensordot sliding_window_view einsum matmul taps scipy",
    "tensordot take einsum taps banded im2col fft auto",
    "auto tensordot scipy opencv pytorch numba",
    "loops index_grid strided taps",
]
# How eyes see that have no green and no red cones: G. M. Machado and others (2009).
BLIND = {
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}
USUAL = np.eye(3)
OKLAB = (
    [[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]],
    [[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]],
)


def seen(colour, eyes=USUAL):
    """Where a colour lies in B. Ottosson's OKLab, in which 0.02 can just be told apart."""
    c = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    cones = np.array(OKLAB[0]) @ np.clip(np.array(eyes) @ linear, 0, 1)
    return np.array(OKLAB[1]) @ np.cbrt(cones)


def apart(one, other, eyes=USUAL):
    return np.linalg.norm(seen(one, eyes) - seen(other, eyes))


ROLES = ("WINDOW", "WINDOW_LINE", "KERNEL", "KERNEL_LINE", "OUTSIDE", "OUTSIDE_DARK", "NEUTRAL")


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_a_colour_of_its_own_that_no_role_has_on_any_page(name):
    colour = METHODS[name][0]
    assert min(contrast(colour, page) for page in ("#ffffff", "#111111")) >= 3
    others = [c for other, (c, _) in METHODS.items() if other != name]
    assert min(apart(colour, other) for other in others) >= 0.06
    assert min(apart(colour, getattr(palette, role)) for role in ROLES) >= 0.06


@pytest.mark.parametrize("names", COMPARED)
def test_methods_that_are_compared_differ_in_marker_and_for_all_eyes(names):
    for one, other in combinations(names.split(), 2):
        (colour, marker), (second, another) = METHODS[one], METHODS[other]
        assert marker != another, (one, other)
        for eyes in BLIND.values():
            assert apart(colour, second, eyes) >= 0.06, (one, other)


def test_a_method_is_found_in_any_spelling():
    for names in (
        ("scipy", "SciPy", "SciPy FFT", "FFT (scipy)"),
        ("opencv", "OpenCV", "OpenCV filter2D", "cv2"),
        ("pytorch", "PyTorch NCHW", "torch"),
        ("sliding_window_view", "sliding", "Sliding window view"),
        ("auto", "convlib", "convlib NCHW"),
        ("index_grid", "index grid", "Index-grid"),
    ):
        assert {method(name) for name in names} == {METHODS[names[0]]}


def test_an_unknown_method_is_gray_with_a_marker_that_no_method_has():
    found = [method(f"mine {n}") for n in range(20)]
    assert {colour for colour, _ in found} == {palette.NEUTRAL}
    assert {marker for _, marker in found} == set(SPARE)
    assert not set(SPARE) & {marker for _, marker in METHODS.values()}
    assert method("my fft")[0] == method("")[0] == palette.NEUTRAL
    assert method("mine") == (palette.NEUTRAL, (8, 1, 0))  # the same in every process


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (999.6e-6, "s", "1 ms"),
        (1e-3, "s", "1 ms"),
        (12.34e-9, "s", "12.3 ns"),
        (1e-12, "s", "0.001 ns"),
        (1000, "B", "1 kB"),
        (999, "B", "999 B"),
        (0.5, "B", "0.5 B"),
        (17_841_600, "B", "17.8 MB"),
        (3e15, "B", "3000 TB"),
        (0, "s", "0 s"),
        (math.nan, "s", "nan s"),
        (math.inf, "B", "∞ B"),
    ],
)
def test_quantities_have_three_digits_and_a_prefix(value, unit, written):
    assert palette.quantity(value, unit) == written


def test_more_is_lighter_in_colours_of_counts():
    colours = [palette.cividis(n, 0, 40) for n in range(41)]
    against_black = [contrast(colour, "#000000") for colour in colours]
    assert against_black == sorted(set(against_black))
    assert palette.cividis(np.inf, 0, 2) == palette.cividis(9, 0, 2) == colours[-1]
    assert palette.cividis(-np.inf, 0, 2) == palette.cividis(-1, 0, 2) == colours[0]
    assert palette.cividis(math.nan, 0, 2) == palette.NEUTRAL
