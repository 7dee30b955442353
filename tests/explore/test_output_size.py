"""The output-size explorer: every setting is counted by hand, and an impossible one says why."""

import re

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.explore.output_size import COLUMNS, FREE, POSSIBLE, ROWS  # noqa: E402
from convlens.facts.setting import Axis  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.picture.shapes import Path, Rect, Text  # noqa: E402
from convlib import Geometry  # noqa: E402
from convlib.geometry import pad  # noqa: E402
from tests.explore import layout, steady  # noqa: E402
from tests.explore.steady import well_formed  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402

rng = np.random.default_rng(0)
NUMBERS, SIDES = (*ROWS, *COLUMNS), ("top", "bottom", "left", "right")


def case(x, kernel_size, **arguments):
    return x, kernel_size, arguments


SMALL = rng.integers(0, 10, (7, 9))
TYPICAL = {
    "7x9": case(SMALL, (3, 2), stride=(2, 3), padding=1, at=(1, 2)),
    "dilated": case(SMALL, (2, 3), dilation=(3, 2), padding=((0, 2), (1, 0))),
    "reflect": case(SMALL, 3, padding=(2, 3), padding_mode="reflect"),
    "circular": case(SMALL, 3, padding=(2, 3), padding_mode="circular", stride=2),
    "same": case(SMALL, (4, 2), padding="same", stride=(2, 1)),
    "same_lower": case(SMALL, (4, 2), padding="same_lower", padding_mode="replicate"),
    "1x1": case(np.array([[5]]), 1),
    "1x1, padded": case([[True]], 3, padding=1),
}
UNUSUAL = {
    "valid": case(SMALL, (7, 9), padding="valid"),
    "negative": case(-SMALL * 1.5, (3, 2)),
    "wide": case(rng.integers(0, 10, (1, 40)), (1, 5), dilation=(1, 2)),
    "tall": case(rng.integers(0, 10, (300, 2)), (5, 1), stride=(7, 1)),
    "much padding": case(SMALL, (3, 2), padding=6),
    "large kernel": case(SMALL, 11, padding="same"),
    "64x80": case(rng.integers(0, 256, (64, 80)), (3, 5), stride=(4, 6), dilation=3),
    "512x512": case(rng.integers(0, 256, (512, 512)), (3, 5), padding="same", stride=2),
}
CASES = TYPICAL | UNUSUAL
BROKEN = ("7x9", "reflect", "same", "1x1", "wide", "64x80", "512x512")
#: Cases, at how many places of each control they are looked at, and whether they may be broken.
SWEPT = [
    *((name, 2 if k % 3 else 3, POSSIBLE) for k, name in enumerate(TYPICAL)),
    *((name, 2, POSSIBLE) for name in list(UNUSUAL)[::2]),
    *((name, 2, FREE) for name in BROKEN[::2]),
    *(pytest.param(name, 5, POSSIBLE, marks=pytest.mark.wide) for name in CASES),
    *(pytest.param(name, 5, FREE, marks=pytest.mark.wide) for name in BROKEN),
]


def made(name, **changes):
    x, kernel_size, arguments = CASES[name]
    return explore.output_size(x, kernel_size, **{**arguments, **changes})


def move(explorer, **values):
    for key, value in values.items():
        explorer.controls[key.replace("_", " ")].value = value


def where(p):
    """The height, and where the titles stand; the last one says possible or impossible."""
    assert p.height <= steady.HIGHEST
    return p.height, frozenset(
        (t.replace("impossible", "possible"), x, y) for t, x, y in layout.panels(p)
    )


def strings(p):
    return [shape.string for shape in p.shapes if isinstance(shape, Text)]


def sizes(arguments):
    return {key: value for key, value in arguments.items() if key != "at"}


@pytest.mark.parametrize(("name", "most", "limits"), SWEPT)
def test_every_control_moves_the_picture_and_the_picture_is_true(name, most, limits):
    explorer = made(name)
    move(explorer, limits=limits)
    explorer.controls["limits"] = explorer.controls.pop("limits")  # moved last
    seen = {where(explorer.picture)}
    refused = []

    def check(explorer):
        p = explorer.picture
        well_formed(explorer)
        assert layout.outside_the_page(p) == []
        written = layout.ground(p)
        assert layout.unreadable(written) == []
        assert layout.too_wide_for_their_tile(written) == []
        if len(seen) < 2:
            assert layout.colliding_texts(written) == []
        seen.add(where(p))
        refused.append("Impossible" in p.label)

    sweep(explorer, check, most)
    assert len(seen) == 1, "the picture or its panels jump"
    if limits == POSSIBLE:
        assert not any(refused)
    else:
        assert any(refused), "it cannot be broken"


@pytest.mark.parametrize("name", CASES)
def test_bounds_follow_from_validity(name):
    """One more than the greatest kernel, dilation or reflected padding is refused, or less than
    the least padding; what lies within the bounds never is."""
    x, kernel_size, arguments = CASES[name]
    explorer = made(name)
    size = np.shape(x)

    def valid(key, value):
        now = {**explorer.values(), key: value}
        sides = [[now["top"], now["bottom"]], [now["left"], now["right"]]]
        padding = now["padding"] if key not in SIDES and now["padding"] != "numbers" else sides
        steps = {n: (now[f"{n} down"], now[f"{n} right"]) for n in ("stride", "dilation")}
        kernel = now["kernel rows"], now["kernel columns"]
        try:
            mode = now["padding mode"]
            Geometry(size, kernel, padding=padding, padding_mode=mode, **steps)
        except ValueError:
            return False
        return True

    for key in NUMBERS:
        control = explorer.controls[key]
        for value in {control.min, control.value, control.max}:
            assert valid(key, value), (key, value)
        limited = explorer.controls["padding"].value in ("numbers", "valid")
        taps = control.value if "kernel" in key else 2
        if limited and ("kernel" in key or "dilation" in key) and taps > 1:
            across = "columns" in key or "right" in key
            if explorer.controls["kernel columns" if across else "kernel rows"].value > 1:
                assert not valid(key, control.max + 1), key
        if key in SIDES and control.min:
            assert not valid(key, control.min - 1), key
    for key, count in zip(
        ("row", "column"), Geometry(size, kernel_size, **sizes(arguments)).output_size, strict=True
    ):
        assert (explorer.controls[key].min, explorer.controls[key].max) == (0, count - 1)


def test_padding_is_bounded_by_what_a_mode_can_fill():
    explorer = explore.output_size(np.zeros((2, 3)), 1)
    top, left = explorer.controls["top"], explorer.controls["left"]
    for mode, most in {"zeros": (2, 2), "reflect": (1, 2), "circular": (2, 2)}.items():
        move(explorer, padding_mode=mode)
        assert (top.max, left.max) == most
    move(explorer, padding_mode="zeros", top=2, left=2)
    move(explorer, padding_mode="reflect")
    assert (top.value, left.value) == (1, 2)


def test_what_cannot_act_is_disabled():
    explorer = made("1x1")
    disabled = {key for key, c in explorer.controls.items() if c.disabled}
    assert disabled >= {"row", "kernel rows"}
    assert "top" not in disabled
    move(explorer, top=2)
    assert not explorer.controls["kernel rows"].disabled
    assert explorer.controls["kernel rows"].max == 3


def test_sides_follow_a_name_and_a_side_that_is_moved_ends_it():
    explorer = made("same")
    values = explorer.values()
    assert [values[key] for key in SIDES] == [1, 2, 0, 1]
    move(explorer, padding="same_lower")
    assert [explorer.values()[key] for key in SIDES] == [2, 1, 1, 0]
    move(explorer, left=0)
    values = explorer.values()
    assert values["padding"] == "numbers"
    assert [values[key] for key in SIDES] == [2, 1, 0, 0]
    move(explorer, padding="valid")
    assert explorer.controls["kernel rows"].value == 4
    assert "padding=" in plain(explorer.lines)


@pytest.mark.parametrize("name", CASES)
def test_lines_give_what_the_picture_shows(name):
    x, kernel_size, arguments = CASES[name]
    explorer = made(name)
    x = np.asarray(x)
    g = Geometry(x.shape, kernel_size, **sizes(arguments))
    for place in {(0, 0), tuple(n - 1 for n in g.output_size)}:
        move(explorer, row=place[0], column=place[1])
        size, ranges, padding, window = plain(explorer.lines).splitlines()
        found = {"np": np, "x": x, "Geometry": Geometry}
        assert eval(size, found) == g.output_size
        exec(ranges, found)
        exec(padding, found)
        assert (len(found["rows"]), len(found["columns"])) == g.output_size
        np.testing.assert_array_equal(found["xp"], pad(x[None, None], g)[0, 0])
        i, j = found["rows"][place[0]], found["columns"][place[1]]
        block = found["xp"][
            i : i + g.extent[0] : g.dilation[0], j : j + g.extent[1] : g.dilation[1]
        ]
        np.testing.assert_array_equal(eval(window, found), block)


@pytest.mark.parametrize(
    "changes",
    [
        {"kernel_rows": 9},
        {"dilation_right": 9},
        {"padding_mode": "reflect", "top": 7},
        {"padding_mode": "circular", "right": 10},
        {"padding": "valid", "kernel_columns": 13},
        {"padding_mode": "reflect", "left": 9, "kernel_rows": 14},
    ],
)
def test_an_impossible_setting_says_why_in_the_words_of_the_library(changes):
    explorer = explore.output_size(SMALL, (3, 2))
    move(explorer, limits=FREE, **changes)
    p = explorer.picture
    lines = plain(explorer.lines)
    assert lines.count("\n") == 3, "the box keeps its height"
    exec(lines, {})
    call = re.search(r"# (Geometry\(.*\))\.output_size   # ValueError", lines).group(1)
    with pytest.raises(ValueError, match="Given: ") as refused:
        eval(call, {"Geometry": Geometry})
    assert p.label.endswith(f"Impossible: {refused.value}")
    shown = strings(p)
    place = shown.index("impossible")  # then what the sliders do, then the message
    assert "".join(shown[place + 2 :]).replace(" ", "") == str(refused.value).replace(" ", "")
    assert "possible" not in shown
    move(explorer, limits=POSSIBLE)
    assert "possible" in strings(explorer.picture)


def test_the_picture_shows_the_numbers_of_the_padded_input_and_of_the_formula():
    explorer = made("reflect")
    p, g = explorer.picture, Geometry((7, 9), 3, padding=(2, 3), padding_mode="reflect")
    wanted = [label(v) for v in pad(SMALL[None, None], g).ravel()]
    shown = strings(p)
    first = shown.index(wanted[0])
    runs = [shown[k : k + len(wanted)] for k in range(len(shown))]
    assert wanted in runs, first
    assert "OH = ⌊(7 + " in shown
    place = shown.index("⌋ + 1")  # there the line breaks
    assert shown[place + 1].strip() == "= ⌊8 / 1⌋ + 1"


def rows_and_columns(p):
    """Numbers of columns, then of rows, in ink on the bare page before the first words: each with
    whether it is heavy."""
    ruler = [s for s in p.shapes if isinstance(s, Text) and re.fullmatch(r"\d+", s.string)]
    ruler = [s for s in ruler if dict(s.style)["fill"] == layout.INK and s.x < 480 and s.y < 480]
    return [(s.string, "font_weight" in dict(s.style)) for s in ruler]


def test_numbers_are_heavy_where_a_window_starts_and_no_mark_hides_them():
    explorer = made("7x9")
    starts = Geometry((7, 9), (3, 2), stride=(2, 3), padding=1).padded_size
    wanted = [
        (str(k), k % step == 0 and k < n - e)
        for n, step, e in zip(starts[::-1], (3, 2), (1, 2), strict=True)
        for k in range(n)
    ]
    found = rows_and_columns(explorer.picture)[: len(wanted)]
    assert found == wanted


def test_windows_start_in_corners_and_only_the_output_is_ringed():
    explorer = made("7x9")
    p, g = explorer.picture, Geometry((7, 9), (3, 2), stride=(2, 3), padding=1)
    corners = [s for s in p.shapes if isinstance(s, Path) and len(s.steps) == 4]
    assert len(corners) == g.output_size[0] * g.output_size[1]
    rings = [s for s in p.shapes if isinstance(s, Rect) and is_ring(s) and s.y < 200]
    assert [s.x > 480 for s in rings] == [True]


def is_ring(rect):
    style = dict(rect.style)
    return (style["fill"], style.get("stroke"), style.get("stroke_width")) == (
        "none",
        layout.INK,
        3,
    )


@pytest.mark.parametrize("limits", [POSSIBLE, FREE])
@pytest.mark.parametrize("rows", [1, 20])
def test_no_path_is_empty_however_small_the_cells(rows, limits):
    x = rng.integers(0, 10, (rows, 134))
    explorer = explore.output_size(x, (1, 3), padding=30, padding_mode="zeros")
    move(explorer, limits=limits)
    for mode in ("reflect", "circular"):
        move(explorer, padding_mode=mode)
        for sides in ((1, 1), (explorer.controls["top"].max, explorer.controls["left"].max)):
            top, left = explorer.controls["top"].max, explorer.controls["left"].max
            move(explorer, top=min(sides[0], top), left=min(sides[1], left))
            p = explorer.picture
            assert explorer.error is None
            assert all(s.steps for s in p.shapes if isinstance(s, Path))
            assert layout.outside_the_page(p) == []
            assert explorer.png()


@pytest.mark.parametrize("limits", [POSSIBLE, FREE])
def test_every_text_of_a_large_array_stays_on_the_page_and_can_be_read(limits):
    explorer = explore.output_size(np.zeros((513, 777), np.uint8), (3, 5), padding=(60, 90))
    move(explorer, limits=limits)
    for key in (*SIDES, "row", "column", "stride right", "kernel rows"):
        explorer.controls[key].value = explorer.controls[key].max
        p = explorer.picture
        assert layout.outside_the_page(p) == []
        assert min(dict(s.style)["font_size"] for s in p.shapes if isinstance(s, Text)) >= 11
        assert layout.colliding_texts(layout.ground(p)) == []


def test_an_axis_is_counted_by_hand():
    for n, k, s, d, before, after in np.ndindex(6, 3, 3, 3, 3, 2):
        axis = Axis(n + 1, k + 1, s + 1, d + 1, before, after)
        cells = range(0, axis.padded, axis.stride)
        starts = [c for c in cells if c + k * axis.dilation < axis.padded]
        assert list(axis.starts) == starts
        seen = {c + u * axis.dilation for c in starts for u in range(axis.kernel)}
        assert axis.unreached == sorted(set(range(axis.padded)) - seen)


@pytest.mark.parametrize(
    ("x", "kernel_size", "arguments"),
    [
        (np.zeros((2, 3)), 3, {}),
        (SMALL, 2, {"stride": 0}),
        (SMALL, 2, {"padding": "full"}),
        (SMALL, 2, {"padding": 7, "padding_mode": "reflect"}),
    ],
)
def test_errors_of_geometry_pass_unchanged(x, kernel_size, arguments):
    steps = {"stride": 1, "padding": 0, "dilation": 1, "padding_mode": "zeros"}
    with pytest.raises(ValueError, match="Given: ") as wanted:
        Geometry(np.shape(x), kernel_size, **steps | arguments)
    with pytest.raises(ValueError, match="Given: ") as given:
        explore.output_size(x, kernel_size, **arguments)
    assert str(given.value) == str(wanted.value)


def test_other_refusals():
    for x in (np.zeros(3), np.zeros((1, 4, 4)), np.zeros((0, 3))):
        with pytest.raises(ValueError, match=r"x is not one plane.*x\.shape="):
            explore.output_size(x, 1)
    with pytest.raises(TypeError, match="x must hold numbers"):
        explore.output_size([["a"]], 1)
    with pytest.raises(IndexError, match="there is no window at this position"):
        explore.output_size(SMALL, 3, at=(5, 0))


def test_bundle_and_one_picture_for_each_move():
    explorer = made("7x9")
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.output_size: input 7×9, kernel (3, 2), output (4, 4)"
    assert explorer.png() == made("7x9").png()
    drawn, draw = [], explorer._draw
    explorer._draw = lambda values: drawn.append(values) or draw(values)
    for key in NUMBERS:
        before = len(drawn), explorer.values()
        explorer.controls[key].value = explorer.controls[key].max
        assert len(drawn) - before[0] == (explorer.values() != before[1]), key
    move(explorer, padding="same")
    move(explorer, limits=FREE)
    assert x_is_left_alone()


def x_is_left_alone():
    x = np.arange(20.0).reshape(4, 5)
    explorer = explore.output_size(x, (2, 3), padding=1)
    move(explorer, row=1, top=0)
    return x.flags.writeable and np.array_equal(x, np.arange(20.0).reshape(4, 5))
