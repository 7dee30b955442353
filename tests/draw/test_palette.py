import math
from fractions import Fraction

import numpy as np
import pytest

from convlens import palette
from convlens.palette import contrast, gray, ink, label, signed


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


def test_colours_of_methods_are_told_from_those_of_roles():
    roles = {palette.WINDOW, palette.KERNEL, palette.OUTSIDE, palette.OUTSIDE_DARK}
    assert len(set(palette.SERIES)) == len(palette.SERIES)
    assert not roles & set(palette.SERIES)


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
