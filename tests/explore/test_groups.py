"""The groups explorer: who reads whom against conv2d itself, its costs, its wires, its refusals."""

from functools import partial

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlib import conv2d  # noqa: E402
from tests.explore.steady import assert_steady  # noqa: E402
from tests.picture import seen  # noqa: E402

CASES = {
    "6 and 12": (6, 12, (2, 4), {"output_size": (9, 5)}),
    "4 and 8": (4, 8, (2, 3), {"groups": 2, "filter": 5, "channel": 3}),
    "depthwise": (5, 5, 3, {"groups": 5}),
    "one and one": (1, 1, 1, {}),
    "nothing in common": (3, 7, (1, 2), {}),
    "more channels than filters": (16, 4, (2, 1), {"groups": 4}),
    "16 and 16": (16, 16, 11, {"output_size": 4096}),
}


def made(name):
    channels, filters, kernel_size, more = CASES[name]
    return explore.groups(channels, filters, kernel_size, **more)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CASES)
def test_every_control_moves_the_picture_and_the_picture_is_true(name):
    assert_steady(made(name))


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_the_line_computes_the_filter_that_conv2d_computes(groups):
    rng = np.random.default_rng(0)
    x, w = rng.integers(1, 10, (6, 10, 8)), rng.integers(-2, 3, (12, 6 // groups, 2, 4))
    explorer, whole = explore.groups(6, 12, (2, 4), groups=groups), conv2d(x, w, groups=groups)
    for o in range(12):
        explorer.controls["filter"].value = o
        y = np.zeros_like(whole)
        exec(plain(explorer.lines), {"conv2d": conv2d, "x": x, "w": w, "y": y})
        np.testing.assert_array_equal(y[o], whole[o])


def test_groups_are_those_that_divide_both():
    groups = partial(explore.groups, kernel_size=1)
    assert groups(6, 12).controls["groups"].options == (1, 2, 3, 6)
    assert groups(8, 12).controls["groups"].options == (1, 2, 4)
    assert groups(3, 7).controls["groups"].disabled


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_what_the_filter_reads_is_on_the_windows_plate(groups):
    p = explore.groups(6, 12, 3, groups=groups, filter=7).picture
    plates = seen.boxes(p, "window", "Channels")
    assert len(plates) == 6 // groups
    assert len(seen.boxes(p, "kernel", "Filters")) == 1


def test_a_click_goes_to_the_channel_and_the_filter():
    channels, filters, matrix = made("6 and 12").picture.spots
    assert channels.go == (("channel", 0, 1), None)
    assert filters.go == (("filter", 0, 1), None)
    assert matrix.go == (("channel", 0, 1), ("filter", 0, 1))
    assert matrix.links[13] == "x1+w1"


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"channels": 17}, ValueError, "too many channels or filters"),
        ({"filters": 0}, ValueError, "filters is out of range"),
        ({"groups": 4}, ValueError, "groups must divide channels and filters"),
        ({"filter": 12}, IndexError, "there is no such filter"),
        ({"channel": 6}, IndexError, "there is no such channel"),
        ({"channel": "x"}, TypeError, "channel must be made of integers"),
        ({"kernel_size": 0}, ValueError, "kernel_size is out of range"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, error, said):
    with pytest.raises(error, match=said):
        explore.groups(**{"channels": 6, "filters": 12, **given})


def test_it_shows_without_a_kernel():
    bundle, _ = made("4 and 8")._repr_mimebundle_()
    assert bundle["text/plain"] == "explore.groups: 4 channels, 8 filters, kernel 2×3"
