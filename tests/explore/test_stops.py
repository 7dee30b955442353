"""The stops explorer: its counts against Geometry, its lines, its bounds, what it refuses."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402
from tests.picture import seen  # noqa: E402

RNG = np.random.default_rng(0)
ROW = RNG.integers(-9, 10, 7)
CASES = {
    "stride": (7, 3, {}),
    "padding": (7, 3, {"vary": "padding", "stride": 2}),
    "dilation": (ROW, 3, {"vary": "dilation", "at": 2}),
    "one cell": (1, 1, {}),
    "one cell, padded": ([0.5], 1, {"vary": "padding"}),
    "one tap, dilated": (2, 1, {"vary": "dilation", "dilation": 3}),
    "two cells": ([True, False], 2, {"vary": "padding", "padding": 1}),
    "gaps": (ROW, 2, {"dilation": 2, "stride": 3, "padding": 1}),
    "20 cells": (20, 5, {"stride": 3}),
    "20 cells, padded": (20, 4, {"vary": "padding", "padding": 2}),
    "20 floats": (RNG.normal(size=20).round(1), 3, {"vary": "dilation"}),
    "36 cells": (36, 7, {"stride": 5}),
    "only with padding": (3, 5, {"vary": "padding", "padding": 1}),
}


def made(name):
    size, kernel_size, arguments = CASES[name]
    return explore.stops(size, kernel_size, **arguments)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CASES)
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    explorer, steady, size = made(name), Steady(apart=True), CASES[name][0]
    x = (np.arange(size) * 7 + 3) % 10 if isinstance(size, int) else np.asarray(size)

    def check(explorer):
        steady(explorer)
        assert explorer.picture.height <= 235
        names = {"np": np, "x": x}
        *lines, last = plain(explorer.lines).splitlines()
        exec("\n".join(lines), names)
        shown = ", ".join(label(v) for v in eval(last, names))
        assert f": [{shown}]. " in explorer.picture.label
        count = len(names["starts"])
        assert names["count"] == count == explorer.controls["stop"].max + 1
        assert seen.panels(explorer.picture)["Output y"].width > 0
        assert explorer.picture.label.endswith(f" = {count} stop{'s' * (count > 1)}.")

    check(explorer)
    sweep(explorer, check, most=7)
    steady.assert_nothing_jumped()


def test_another_stride_keeps_the_place():
    explorer = explore.stops(20, 3, at=8)
    explorer.controls["stride"].value = 4
    assert explorer.values() == {"stride": 4, "stop": 2}
    explorer = explore.stops(7, 3, vary="padding", at=3)
    explorer.controls["padding"].value = 2
    assert explorer.values() == {"padding": 2, "stop": 5}  # cell 3 is the sixth of the padded row


@pytest.mark.parametrize(
    ("name", "low", "high"), [("stride", 1, 5), ("padding", 0, 2), ("dilation", 1, 3)]
)
def test_bounds_follow_from_validity(name, low, high):
    control = explore.stops(7, 3, vary=name).controls[name]
    assert (control.min, control.max) == (low, high)


def test_what_varies_stands_out_in_the_formula():
    for name in ("stride", "padding", "dilation"):
        said = {
            t.string for t in layout.texts(made(name).picture) if "font_weight" in dict(t.style)
        }
        wanted = {"before", "after"} if name == "padding" else {name}
        assert {"before", "after", "stride", "dilation"} & said == wanted


@pytest.mark.parametrize(
    ("size", "kernel_size", "arguments", "error", "said"),
    [
        (7, 8, {}, ValueError, "the window spans 8 of 7 cells"),
        (7, 3, {"dilation": 4}, ValueError, "the window spans 9 of 7 cells"),
        (37, 3, {}, ValueError, "too many cells"),
        (10**12, 3, {}, ValueError, "size is out of range"),
        (np.full(30, -0.25), 3, {}, ValueError, "too many cells"),
        (7, 3, {"padding": 2**30}, ValueError, "too many cells"),
        (7, 3, {"at": 5}, IndexError, "there is no such stop"),
        (7, 3, {"vary": "kernel"}, ValueError, "vary is not known"),
        (7, 3, {"stride": 0}, ValueError, "stride is out of range"),
        (7, (3, 3), {}, TypeError, "kernel_size must be made of integers"),
        ([[1, 2]], 1, {}, ValueError, "the cells are not one row"),
        ([], 1, {}, ValueError, "the cells are not one row"),
        ("7", 1, {}, TypeError, "must hold numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(size, kernel_size, arguments, error, said):
    with pytest.raises(error, match=said):
        explore.stops(size, kernel_size, **arguments)


def test_a_click_goes_to_the_stop_that_it_shows():
    """On the output, on a window's bar, and on the input where the window has its middle."""
    explorer = explore.stops(9, 3, stride=2, padding=1, at=1)
    spots = explorer.picture.spots

    def stop(spot, cell):
        _, (key, first, step) = spot.go
        assert key == "stop"
        return (cell + first) // step

    dragged, *bars, output = spots
    assert dragged.drag
    assert [stop(dragged, 2 * k + 1) for k in range(5)] == [0, 1, 2, 3, 4]
    assert [stop(output, k) for k in range(5)] == [0, 1, 2, 3, 4]
    for bar in bars:
        (number,) = {stop(bar, k) for k in range(3)}
        assert bar.links == tuple(f"x{2 * number + k}+y{number}" for k in range(3))


def test_it_shows_without_a_kernel():
    bundle, _ = made("stride")._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.stops: 7 cells, kernel 3, stride from 1 to 5"
