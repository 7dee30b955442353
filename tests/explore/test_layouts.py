"""The layout explorer: what a filter reads, and where that lies in memory, against brute force."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.palette import KERNEL, KERNEL_LINE, WINDOW  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.picture.shapes import Picture, Rect, Text  # noqa: E402
from convlens.scenes.layouts import LayoutsScene  # noqa: E402
from convlens.scenes.orders import Order, OrderStrip  # noqa: E402
from convlib import Walk, conv2d  # noqa: E402
from tests.explore.cases import ALL, THIRD, TYPICAL, case, rng, swept, weights, whole  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402
from tests.explore.test_source import namespace, positions  # noqa: E402

MORE = {
    "notebook": case(whole(3, 5, 7), weights(4, 3, 2, 3), [1, 0, -1, 2]),
    "groups of two": case(whole(2, 6, 5, 7), weights(9, 2, 2, 3), groups=3),
    "1x1 kernels": case(whole(64, 7, 5), weights(10, 64, 1, 1)),
    "1x1, channels last": case(whole(7, 5, 3), weights(1, 1, 3, 2), layout="NHWC"),
    "as wide as the image": case(whole(3, 5, 4), weights(2, 3, 2, 4)),
    "whole image": case(whole(3, 5, 4), weights(2, 3, 5, 4)),
    "32 channels, padded": case(rng.normal(size=(32, 14, 14)), weights(8, 32, 3, 3), padding=1),
    "large batch": case(whole(12, 3, 16, 16), weights(2, 3, 3, 3)),
}
CASES = ALL | MORE


def made(name):
    x, w, bias, arguments = CASES[name]
    return explore.layouts(x, w, bias, **arguments)


@pytest.mark.parametrize(("name", "most"), swept(MORE, ALL, THIRD))
def test_every_control_moves_the_picture_and_the_picture_is_true(name, most):
    explorer = made(name)
    check = Steady(apart=name in TYPICAL or name in MORE)
    check(explorer)
    sweep(explorer, check, most)
    check.assert_nothing_jumped()


@pytest.mark.parametrize("name", CASES)
def test_bounds_follow_from_validity(name):
    explorer = made(name)
    n, o, oh, ow = explorer.walk.output.shape
    channels = explorer.walk.filters.shape[1]
    several = {"image": n, "filter": o, "channel": channels}
    counts = {"row": oh, "column": ow} | {key: count for key, count in several.items() if count > 1}
    wanted = {key: (0, count - 1) for key, count in counts.items()}
    assert {key: (c.min, c.max) for key, c in explorer.controls.items()} == wanted


@pytest.mark.parametrize("name", CASES)
def test_lines_give_the_output_from_both_layouts(name):
    x, w, bias, arguments = CASES[name]
    walk = Walk(x, w, bias, **arguments)
    y, scene = conv2d(x, w, bias, **arguments), LayoutsScene(walk)
    for f in positions(walk):
        lines = plain(scene.source(f)).splitlines()
        found = namespace(x, w, bias) | {"y": y.astype(np.result_type(y, np.float32))}
        before = found["y"].copy()
        exec("\n".join(lines[:-1]), found)
        rough = 1e-3 if y.dtype == np.float16 else 1e-6
        np.testing.assert_allclose(found["y"], before, rtol=rough, atol=1e-9)
        again = max(rough, 1e-5)
        np.testing.assert_allclose(eval(lines[-1], found), f.sum, rtol=again, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in CASES if "photograph" not in name])
def test_places_are_those_of_the_window_in_both_orders(name):
    x, w, bias, arguments = CASES[name]
    walk = Walk(x, w, bias, **arguments)
    for order, axes in (("NCHW", (0, 1, 2, 3)), ("NHWC", (0, 2, 3, 1))):
        memory, flat = Order(walk, order), walk.padded.transpose(axes).ravel()
        for f in positions(walk):
            places = memory.places(f)
            np.testing.assert_array_equal(flat[places], f.window)
            assert sum(memory.runs(f)) == f.window.size
            k = int(places.ravel()[-1])
            np.testing.assert_array_equal(walk.padded[memory.unravel(k)], flat[k])


def test_runs_counted_by_hand():
    walk = Walk(whole(3, 5, 7), weights(4, 3, 2, 3))
    f = walk.frame(1, 2)
    assert Order(walk, "NCHW").runs(f) == [3] * 6
    assert Order(walk, "NHWC").runs(f) == [9] * 2
    assert (Order(walk, "NCHW").jump(), Order(walk, "NHWC").jump()) == (35 * 8, 8)
    uneven = Walk(whole(5, 3), weights(3, 2), dilation=(1, 2))
    assert Order(uneven, "NCHW").runs(uneven.frame(0, 0)) == [1, 2, 2, 1]
    assert Order(uneven, "NCHW").counts(uneven.frame(0, 0)) == "4 runs of 1 to 2 elements"


def test_channels_outside_the_group_have_no_plate():
    explorer = explore.layouts(whole(4, 5, 6), weights(4, 2, 2, 3), groups=2)
    for filter_, read in ((0, "channels 0 to 1"), (3, "channels 2 to 3")):
        explorer.controls["filter"].value = filter_
        shapes = explorer.picture.shapes
        top = next(s.y for s in shapes if isinstance(s, Text) and s.string == "Filter w")
        rects = [s for s in shapes if isinstance(s, Rect) and s.y < top]
        blue = [s for s in rects if dict(s.style)["fill"] == WINDOW]
        names = [s for s in shapes if isinstance(s, Text) and s.string.startswith("channel ")]
        lefts = [s.x for s in names if s.y < 70]
        assert len(blue) == 2
        own = lefts[:2] if filter_ == 0 else lefts[2:]
        assert all(any(0 <= b.x - x + 6 < 160 for b in blue) for x in own)
        orange = [s for s in shapes if isinstance(s, Rect) and dict(s.style)["fill"] == KERNEL]
        assert len([s for s in orange if s.height > 20]) == 2
        assert [s.string for s in shapes if isinstance(s, Text)].count("not read") == 2
        assert f"reads {read}" in explorer.picture.label


@pytest.mark.parametrize("name", ["notebook", "groups of two", "photograph", "16x16 floats"])
def test_orange_is_the_weights_alone_and_a_bar_says_which_channel(name):
    explorer = made(name)
    if "channel" in explorer.controls:
        explorer.controls["channel"].value = 1
    p = explorer.picture
    heights = {s.string: s.y for s in p.shapes if isinstance(s, Text)}
    orange = [s for s in p.shapes if {KERNEL, KERNEL_LINE} & {v for _, v in s.style}]
    assert orange
    assert all(heights["Filter w"] < s.y < heights["NCHW memory"] - 60 for s in orange)
    bars = [s for s in p.shapes if isinstance(s, Rect) and s.height == 2]
    bars = [s for s in bars if s.y < heights["NCHW memory"]]
    assert len(bars) == ("channel" in explorer.controls)


@pytest.mark.parametrize("name", CASES)
def test_the_smallest_text_is_11_px(name):
    explorer = made(name)
    for control in explorer.controls.values():
        control.value = control.max
        sizes = [dict(s.style)["font_size"] for s in explorer.picture.shapes if isinstance(s, Text)]
        assert min(sizes) >= 11


def test_the_strip_shows_the_whole_window_where_it_fits():
    walk = Walk(whole(3, 300, 300) + 100, weights(2, 3, 3, 3))
    f = walk.frame(120, 200)
    for name in ("NCHW", "NHWC"):
        order = Order(walk, name)
        shown = {k for run in OrderStrip(order)._shown(f, 1) for k in run}
        assert set(order.places(f).ravel().tolist()) <= shown


def test_a_plate_goes_on_over_what_is_left_out():
    walk = Walk(whole(64, 9, 9), weights(2, 64, 3, 3))
    f, p = walk.frame(3, 3), Picture(900, 200)
    OrderStrip(Order(walk, "NHWC")).draw(p, f, 5, lambda v: "#ffffff", 20)
    plates = [s for s in p.shapes if isinstance(s, Rect) and dict(s.style)["fill"] == WINDOW]
    assert len(plates) == 3 == len(Order(walk, "NHWC").runs(f))


def test_one_picture_for_each_move_and_the_same_png():
    explorer = made("notebook")
    drawn, draw = [], explorer._draw
    explorer._draw = lambda values: drawn.append(values) or draw(values)
    for control in explorer.controls.values():
        control.value = control.max
    assert len(drawn) == len(explorer.controls) == 4
    assert explorer.png() == explorer.png()
    assert repr(explorer).startswith("explore.layouts: padded input 1×3×5×7")


def test_it_begins_where_it_is_told_to():
    x, w, bias, _ = CASES["notebook"]
    explorer = explore.layouts(x, w, bias, at=(2, 4))
    assert "y[0, 2, 4] is" in explorer.picture.label
    with pytest.raises(IndexError, match="there is no window"):
        explore.layouts(x, w, bias, at=(4, 0))


def test_errors_of_conv2d_pass_unchanged():
    for x, w, arguments in (
        (np.zeros((2, 3)), np.zeros((3, 3)), {}),
        (np.zeros((2, 4, 4)), np.zeros((3, 2, 2)), {}),
        (np.zeros((4, 4, 4)), np.zeros((3, 2, 2, 2)), {"groups": 2}),
    ):
        with pytest.raises(ValueError, match="Given") as wanted:
            conv2d(x, w, **arguments)
        with pytest.raises(ValueError, match="Given") as given:
            explore.layouts(x, w, **arguments)
        assert str(given.value) == str(wanted.value)
    with pytest.raises(ValueError, match="empty batch"):
        explore.layouts(np.zeros((0, 1, 4, 5)), np.zeros((1, 1, 2, 2)))


def test_infinities_of_both_signs_are_no_warning():
    explorer = explore.layouts([[1.0, 1.0]], [[np.inf, -np.inf]])
    assert " adds nan; y[0, 0] is nan." in explorer.picture.label
    two = explore.layouts([[[1.0, 1.0]]] * 2, [[[np.inf, -np.inf]]] * 2)
    assert "Channel 0 adds nan; y[0, 0] is nan." in two.picture.label
