"""The filter explorer without Python, against the one with it: every pixel, number and line."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from tests.needs import need_module

need_module("playwright.sync_api")
need_module("anywidget")

from convlens import explore  # noqa: E402
from convlens.explore import Explorer  # noqa: E402
from convlens.explore.explorer import PLAYER  # noqa: E402
from convlens.explore.standing import standing  # noqa: E402
from convlib import conv2d  # noqa: E402

RNG = np.random.default_rng(0)
GRAY = RNG.integers(0, 256, (61, 50), dtype=np.uint8)  # so high that an arrow leads to it
COLOUR = RNG.integers(0, 256, (24, 33, 3), dtype=np.uint8)
UNIT = RNG.random((20, 27)).round(3)


def module(name):
    code = base64.b64encode((PLAYER / name).read_bytes()).decode()
    return f"data:text/javascript;base64,{code}"


def opened(page, bundle=None):
    """A page with the player and the filter, showing a bundle."""
    page.set_content(
        f"<!doctype html><html lang=en><title>filter</title><style>{Explorer._css}</style>"
        f"<main id=here></main><script type=module>"
        f'import {{ mount }} from "{module("player.js")}";'
        f'import {{ convolve, filtering }} from "{module("filter.js")}";'
        f"Object.assign(window, {{ convolve, show: (bundle) => mount(here, filtering(bundle)) }});"
        f"window.ready = true;"
        f"</script>"
    )
    page.wait_for_function("window.ready")
    if bundle is not None:
        page.evaluate("show", bundle)


@pytest.mark.parametrize("taps", [3, 5])
@pytest.mark.parametrize("whole", [True, False])
def test_it_convolves_as_the_library_does(page, taps, whole):
    w = RNG.integers(-9, 10, (taps, taps)) if whole else RNG.standard_normal((taps, taps))
    opened(page)
    rows = page.evaluate(
        "([x, w]) => convolve(x, w).map((row) => [...row])", [GRAY.tolist(), w.tolist()]
    )
    expected = conv2d(GRAY, w, padding="same", padding_mode="replicate")
    if whole:
        np.testing.assert_array_equal(np.array(rows, int), expected)
    else:
        np.testing.assert_allclose(rows, expected, rtol=1e-12, atol=1e-9)


def texts(svg):
    return [t for t in re.findall(r"<text[^>]*>([^<]*)</text>", svg) if t]


def pixels(still):
    """The result in a picture, as levels."""
    data = re.findall(r'href="data:image/\w+;base64,([^"]*)"', still)[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"), int)


SETTINGS = [
    {"kernel": "blur"},
    {"kernel": "Sobel across", "row": 3, "column": 20},
    {"kernel": "Laplacian", "row": 0, "column": 0},
    {"kernel": "random"},
    {"kernel": "sharpen", "row": 5, "column": 5},
    {"kernel": "sharpen", "row": 6, "column": 5},
    {"kernel": "sharpen", "row": 7, "column": 6},
    {"kernel": "Gauss", "row": 10, "column": 7},
]


@pytest.mark.parametrize("taps", [3, 5])
@pytest.mark.parametrize("photo", [GRAY, COLOUR, UNIT], ids=["gray", "colour", "unit"])
def test_numbers_pixels_and_lines_are_those_of_python(page, photo, taps):
    explorer = explore.filter(photo, np.pad([[1]], taps // 2))
    opened(page, json.loads(json.dumps(standing(explorer))))
    for setting in SETTINGS:
        for key, value in setting.items():
            field = page.get_by_label(key, exact=True)
            field.select_option(value) if key == "kernel" else field.fill(str(value))
        explorer.move(**setting)
        shown = page.locator(".moving").inner_html()
        expected = texts(explorer.picture.svg())
        assert near(sorted(texts(shown)), sorted(expected)), setting
        ours = pixels(page.locator(".layers > div").first.inner_html())
        apart = np.abs(ours - pixels(explorer.still))
        assert np.percentile(apart, 99) <= 3, setting
        lines = ["".join(text for text, _ in line) for line in explorer.lines]
        assert near(page.locator(".code").text_content().splitlines(), lines), setting


def near(shown, expected):
    """Whether texts agree, numbers in them to a percent: Python rounds halves to even digits."""
    number = re.compile(r"−?\d+(?:\.\d+)?(?:e−?\d+)?")

    def parts(text):
        text = text.replace("-", "−").strip()
        read = [float(n.replace("−", "-")) for n in number.findall(text)]
        return number.sub("#", text).replace(" ", ""), read

    for ours, theirs in zip(map(parts, shown), map(parts, expected), strict=True):
        if ours[0] != theirs[0] or not np.allclose(ours[1], theirs[1], rtol=0.01, atol=0.0101):
            print(ours, theirs)
            return False
    return True


def test_a_weight_that_is_typed_is_the_readers_own_and_kept(page):
    explorer = explore.filter(GRAY)
    opened(page, json.loads(json.dumps(standing(explorer))))
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_label("weights, row 0, column 2").fill("-2.5")
    page.keyboard.press("Tab")
    assert page.get_by_label("kernel", exact=True).input_value() == "your own"
    mine = page.locator(".layers > div").first.inner_html()
    page.get_by_label("kernel", exact=True).select_option("blur")
    assert page.get_by_label("weights, row 0, column 2").input_value() != "-2.5"
    page.get_by_label("kernel", exact=True).select_option("your own")
    assert page.get_by_label("weights, row 0, column 2").input_value() == "-2.5"
    assert page.locator(".layers > div").first.inner_html() == mine
    explorer.move(weights=((0, 0, -2.5), (0, 1, 0), (0, 0, 0)))
    assert np.percentile(np.abs(pixels(mine) - pixels(explorer.still)), 99) <= 3
    assert errors == []


def test_what_lies_beyond_the_edge_is_marked_as_in_python(page):
    explorer = explore.filter(GRAY)
    opened(page, json.loads(json.dumps(standing(explorer))))
    for key in ("row", "column"):
        page.get_by_label(key, exact=True).press("Home")
    explorer.move(row=0, column=0)
    dashed = re.findall(r"stroke-dasharray", page.locator(".moving").inner_html())
    padding = [note for note in explorer.picture.notes if note.what == "padding"]
    assert len(dashed) == len(padding) == 5


@pytest.mark.parametrize("photo", [GRAY > 99, np.where(GRAY > 250, np.nan, 1.0)])
def test_odd_photographs_are_shown_or_refused(page, photo):
    explorer = explore.filter(photo)
    if photo.dtype == bool:
        opened(page, json.loads(json.dumps(standing(explorer), allow_nan=False)))
        page.get_by_label("kernel", exact=True).select_option("Sobel down")
        assert "Sobel down" in page.locator(".moving").inner_text()
    else:
        with pytest.raises(ValueError, match="photo holds NaN"):
            standing(explorer)


def test_a_photograph_smaller_than_the_kernel_is_refused_with_its_size():
    with pytest.raises(ValueError, match=r"photo \(2, 9\) is smaller than the kernel, 3 a side"):
        standing(explore.filter(GRAY[:2, :9]))
