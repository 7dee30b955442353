"""The explorer of measured results: it tells what it was given, at every size."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.methods import method  # noqa: E402
from convlens.palette import quantity  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402

METHODS = ("take", "tensordot", "sliding", "einsum", "matmul", "taps", "scipy")


def table(kernels=(3, 5), channels=(1, 3), images=(16, 64), names=METHODS, spread=0.2):
    rng = np.random.default_rng(0)
    return {
        (k, c, h): {
            name: (4 * h * h * k * k**m, m * 1e-7 * h * h * (1 + spread * rng.random(5)))
            for m, name in enumerate(names, start=1)
        }
        for k in kernels
        for c in channels
        for h in images
    }


TABLES = {
    "as in the notebook": table((3, 5, 7, 9), (1, 3, 8), (16, 32, 64, 128, 256)),
    "one case": table((1,), (1,), (1,)),
    "up to 512": table((1, 31), (1,), (32, 512)),
    "one method": table(names=("take",)),
    "methods without a colour": table(names=[f"method{n}" for n in range(9)]),
    "no spread": table(spread=0),
    "wide spread": table(spread=50),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    explorer = explore.results(TABLES[name])
    heights = set()

    def check(explorer):
        p = explorer.picture
        heights.add(p.height)
        assert layout.outside_the_page(p) == []
        assert layout.colliding_texts(layout.ground(p)) == []

    check(explorer)
    sweep(explorer, check)
    assert len(heights) == 1


def test_numbers_and_dots_are_those_of_the_table():
    given = TABLES["as in the notebook"]
    explorer = explore.results(given, at=(5, 3, 64))
    explorer.controls["kernel size"].value = 9
    row = given[9, 3, 64]
    said = [text.string for text in layout.texts(explorer.picture)]
    for nbytes, seconds in row.values():
        assert quantity(nbytes, "B") in said
        assert quantity(np.median(seconds), "s") in said
    dots = [s for s in explorer.picture.shapes if dict(s.style).get("fill", "").startswith("#")]
    assert [dict(s.style)["fill"] for s in dots[: len(row)]] == [method(name)[0] for name in row]
    for part, measure in ((0, lambda m: m[0]), (1, lambda m: np.median(m[1]))):
        values = np.log([measure(m) for m in row.values()])
        middles = [_middle(dot) for dot in dots[part * len(row) :][: len(row)]]
        slopes = np.diff(middles) / np.diff(values)
        np.testing.assert_allclose(slopes, slopes[0], rtol=1e-6)  # one logarithmic axis


def _middle(dot):
    """Where the corners of a regular polygon or star have their mean."""
    return np.mean([step[1] for step in dot.steps if len(step) == 3])


def test_the_smallest_are_bold():
    explorer = explore.results(table())
    bold = [
        t.string
        for t in layout.texts(explorer.picture)
        if dict(t.style).get("font_weight") and dict(t.style)["font_size"] == 13
    ]
    nbytes, seconds = table()[5, 3, 64]["take"]
    assert bold == [quantity(nbytes, "B"), quantity(np.median(seconds), "s")]


def test_axes_stay_where_they_are():
    explorer = explore.results(table())
    ticks = {
        tuple((t.x, t.string) for t in layout.texts(explorer.picture) if _is_tick(t))
        for explorer.controls["image size"].value in (16, 64, 16)
    }
    assert len(ticks) == 1


def _is_tick(text):
    style = dict(text.style)
    return style["font_size"] == 12 and style.get("text_anchor") == "middle"


@pytest.mark.parametrize("case", [(3, 1, 16), (5, 3, 64)])
def test_the_lines_count_the_bytes(case):
    kernel, channels, image = case
    explorer = explore.results(table(), at=case)
    found = {}
    lines = plain(explorer.lines)
    exec(lines, found)
    places = (image - kernel + 1) ** 2
    assert found["patches"] == 4 * places * channels * kernel**2
    assert found["grid"] == 2 * found["patches"]
    for number in ("patches", "grid"):
        assert f"# {found[number]:,} bytes" in lines


def test_what_has_one_value_is_disabled():
    assert all(c.disabled for c in explore.results(TABLES["one case"]).controls.values())
    controls = explore.results(table(channels=(2,))).controls
    assert [key for key, c in controls.items() if c.disabled] == ["channels"]


@pytest.mark.parametrize("table", [None, [], {}, {(3, 1): {"take": (1, [1])}}, {3: 1}])
def test_what_is_no_table_is_refused_in_words(table):
    with pytest.raises((TypeError, ValueError), match=r"Given: .*Measure every combination"):
        explore.results(table)


def test_begins_at_the_largest_or_where_it_is_told():
    assert explore.results(table()).values() == dict(
        zip(("kernel size", "channels", "image size"), (5, 3, 64), strict=True)
    )
    assert explore.results(table(), at=(3, 3, 16)).values()["image size"] == 16


@pytest.mark.parametrize(
    ("given", "at", "match"),
    [
        ({}, None, "no cases"),
        ({k: v for k, v in table().items() if k != (3, 1, 16)}, None, r"missing=\[\(3, 1, 16\)\]"),
        (table(), (4, 1, 16), r"at=\(4, 1, 16\)"),
        (table() | {(3, 1, 16): {"take": (1, [1])}}, None, "same methods"),
        ({(1, 1, 1): {}}, None, "same methods"),
        ({(1, 1, 1): {"take": (0, [1])}}, None, "logarithmic"),
        ({(1, 1, 1): {"take": (1, [0.0, 0.0])}}, None, "logarithmic"),
        ({(1, 1, 1): {"take": (1, [float("nan")])}}, None, "logarithmic"),
        ({(1, 1, 1): {"take": (1, [])}}, None, "logarithmic"),
    ],
)
def test_what_cannot_be_shown_is_refused(given, at, match):
    with pytest.raises(ValueError, match=match):
        explore.results(given, at=at)


def test_without_a_kernel_there_are_words_and_a_picture():
    bundle, _ = explore.results(table())._repr_mimebundle_()
    assert bundle["text/plain"] == f"explore.results: 8 cases, methods {', '.join(METHODS)}"
    assert bundle["image/png"]
