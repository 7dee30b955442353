"""Photographs and heat maps: the right colours, and no warning whatever they hold."""

import io
import warnings

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from PIL import Image  # noqa: E402

from convlens import palette  # noqa: E402
from convlens.draw.axes import alt, figure  # noqa: E402
from convlens.draw.photos import heatmap, photo  # noqa: E402

RNG = np.random.default_rng(3)


def shown(fig):
    return np.asarray(fig.axes[0].images[0].get_array())


def rgb(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def written(fig):
    return [t.get_text() for bar in fig.axes[0].child_axes for t in bar.texts if t.get_text()]


def near(found, colour):
    """A ramp of 256 colours may be a level beside the formula."""
    return abs(found.astype(int) - rgb(colour)).max() <= 1


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_a_photograph_keeps_its_colours(dtype, layout):
    colour = RNG.integers(0, 256, (5, 7, 3)).astype(np.uint8)
    image = colour if dtype == np.uint8 else (colour / 255).astype(dtype)
    fig = photo(image.transpose(2, 0, 1) if layout == "NCHW" else image, "p", layout=layout)
    np.testing.assert_array_equal(shown(fig), colour)
    assert alt(fig) == "p: colour, 5 by 7 pixels."


def test_a_gray_photograph():
    assert shown(photo(np.array([[0, 255], [7, 8]], np.uint8)))[1, 0].tolist() == [7, 7, 7]
    assert shown(photo(np.array([[True, False]])))[0].tolist() == [[255] * 3, [0] * 3]


WRONG = [
    np.full((2, 2), 2.0),
    np.zeros((2, 2, 5)),
    np.zeros(4),
    np.array([[-1, 3]]),
    np.array([[np.nan, 0.5]]),
    np.array([[np.inf, 0.5]]),
    np.array([[1e300, 0.5]]),
    np.ones((2, 2), complex),
    np.array([["a"]]),
    np.full((2, 2), 2**60),
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_is_no_photograph_is_refused_in_a_sentence(wrong):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="Given: "):
            photo(wrong)


def test_gray_signed_and_counts_are_those_of_the_palette():
    a = RNG.normal(size=(30, 40))
    most, top = np.abs(a).max(), np.unravel_index(np.abs(a).argmax(), a.shape)
    assert near(shown(heatmap(np.abs(a)))[top], palette.gray(1, 0, 1))
    signs = shown(heatmap(a))
    assert near(signs[top], palette.signed(float(a[top]), most))
    assert near(shown(heatmap(np.abs(a), signed=True))[top], palette.signed(1, 1))
    counts = heatmap(np.arange(5, 13).reshape(2, 4), counts=True)
    assert near(shown(counts)[0, 0], palette.cividis(5, 0, 12))
    assert near(shown(counts)[1, 3], palette.cividis(12, 0, 12))
    assert written(counts) == ["0", "12"]


def test_zero_is_the_middle_of_signed_colours_whatever_the_limits():
    for limits in (None, (-2, 9)):
        found = shown(heatmap([[-1.0, 0.0, 4.0]], limits=limits))[0]
        assert near(found[1], palette.signed(0, 1))
    assert near(found[0], palette.signed(-1, 9))


def test_limits_are_the_ends_and_the_bar_says_what_is_beyond():
    fig = heatmap([[0.0, 3.0, 9.0]], limits=(1, 5), colorbar=True)
    assert near(shown(fig)[0, 1], palette.gray(3, 1, 5))
    assert written(fig) == ["≤ 1", "≥ 5"]
    assert "from 1 to 5" in alt(fig)


def test_a_few_strong_edges_do_not_make_the_others_pale():
    a = np.linspace(-1, 1, 14_400).reshape(120, 120)
    a[0, 0] = 1000
    assert "from −0.99 to 0.99." in alt(heatmap(a))
    assert "from −1000 to 1000." in alt(heatmap(a[:80]))


def test_infinite_cells_have_the_end_colours_and_nan_is_neutral():
    fig = heatmap([[np.inf, -np.inf, np.nan, 3.0, 5.0]], signed=False)
    ends = [palette.gray(v, 3, 5) for v in (np.inf, -np.inf, np.nan, 3, 5)]
    assert shown(fig)[0].tolist() == [rgb(c) for c in ends]
    assert alt(fig).endswith("3 cells are not finite.")
    assert alt(heatmap([[np.inf, 1.0]])).endswith("1 cell is not finite.")
    fig = heatmap(np.full((2, 2), -np.inf))
    assert shown(fig)[0, 0].tolist() == rgb(palette.signed(-1, 1))


HARD = {
    "infinite": np.full((3, 3), np.inf),
    "nan": np.full((3, 3), np.nan),
    "huge": np.array([[-1.7e308, 1.7e308, 1e300]]),
    "tiny": np.array([[0, 5e-324]]),
    "complex": np.array([[1e308 + 1e308j, 3 + 4j]]),
    "nothing": np.zeros((3, 3)),
    "bool": np.eye(3, dtype=bool),
    "half": np.array([[6e4, 1e-7, np.inf]], np.float16),
    "long": np.array([[1.0, 2.0]], np.longdouble) * np.finfo(np.float64).max,
    "integers": np.array([[2**62, 2**62 + 1, -(2**63)]]),
    "unsigned": np.array([[2**64 - 1, 0]], np.uint64),
    "masked": np.ma.array([[1.0, 2.0]], mask=[[True, False]]),
}


@pytest.mark.parametrize("name", HARD)
def test_whatever_numbers_are_drawn_without_a_warning(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for options in ({}, {"colorbar": True}, {"signed": True}, {"limits": (0, 1)}):
            assert heatmap(HARD[name], **options).png()


def test_complex_numbers_are_drawn_by_their_magnitude():
    fig = heatmap([[3 + 4j, 0, 1]], title="F")
    assert alt(fig) == "F, 1 by 3 of magnitudes, coloured from 0 to 5."


@pytest.mark.parametrize(
    ("a", "options"),
    [
        ([["a"]], {}),
        (np.zeros((2, 2, 2)), {}),
        ([[1], [1, 2]], {}),
        ([[2**70]], {}),
        ([[1, 2]], {"limits": (2, 1)}),
        ([[1, 2]], {"limits": (np.nan, 1)}),
        ([[-1, 2]], {"counts": True}),
        ([[1, 2]], {"counts": True, "signed": True}),
    ],
)
def test_what_is_no_heat_map_is_refused_in_a_sentence(a, options):
    with pytest.raises((ValueError, TypeError), match="Given: "):
        heatmap(a, **options)


@pytest.mark.parametrize("shape", [(2, 400), (400, 2), (1, 5000), (1, 1), (3, 50)])
def test_a_heat_map_of_any_shape_can_be_read(shape):
    fig = heatmap(np.arange(np.prod(shape)).reshape(shape), title="a")
    fig.png()
    box = fig.axes[0].get_window_extent()
    assert min(box.width, box.height) >= 70
    assert max(box.width, box.height) <= 900


def test_few_long_rows_are_not_blurred_into_each_other():
    fig = heatmap(np.repeat([[0.0], [1.0]], 400, axis=1))
    image = np.asarray(Image.open(io.BytesIO(fig.png())))[..., 0]
    x = image.shape[1] // 2
    inside = image[10:-10, x]
    assert np.isin(inside, (palette.DARKEST, palette.LIGHTEST)).mean() > 0.9


def test_the_given_axes_are_drawn_on():
    fig, (left, right) = figure(columns=2)
    assert heatmap([[1, 2]], title="a", ax=left) is None
    assert photo([[0.0, 1.0]], "b", ax=right) is None
    assert alt(fig).startswith("a, 1 by 2")
    with pytest.raises(TypeError, match=r"draw\.figure"):
        photo([[0.0]], ax=[left, right])
