"""Every control of every explorer is moved, for arrays of every sort: nothing raises or lies."""

import re

import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from tests.explore.cases import ALL, KINDS, TURNS, TYPICAL, UNUSUAL, swept  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402


def made(kind, name):
    x, w, bias, arguments = ALL[name]
    return getattr(explore, kind)(x, w, bias, **arguments)


@pytest.mark.parametrize(
    ("kind", "name", "most"),
    [
        pytest.param(kind, *case.values, marks=case.marks)
        for kind, turn in zip(KINDS, TURNS, strict=True)
        for case in swept(TYPICAL, UNUSUAL, turn)
    ],
)
def test_every_control_moves_the_picture_and_the_picture_is_true(kind, name, most):
    explorer = made(kind, name)
    check = Steady(apart=name in TYPICAL)
    check(explorer)
    sweep(explorer, check, most)
    check.assert_nothing_jumped()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ALL)
def test_bounds_follow_from_validity(kind, name):
    explorer = made(kind, name)
    walk = explorer.walk
    n, o, oh, ow = walk.output.shape
    several = {"image": n, "channel": walk.filters.shape[1]}
    several |= {"filter": o} if kind == "window" else {"group": walk.geometry.groups}
    counts = {"row": oh, "column": ow} | {key: count for key, count in several.items() if count > 1}
    if kind == "byte_strides":
        counts |= dict(zip("uv", walk.geometry.kernel_size, strict=True))
    wanted = {key: (0, count - 1) for key, count in counts.items()}
    controls = {key: c for key, c in explorer.controls.items() if key != "view"}
    assert {key: (c.min, c.max) for key, c in controls.items()} == wanted


def test_position_and_value_are_said():
    explorer = made("window", "7x9")
    explorer.move(row=2, column=4)
    said = (
        r"^Window explorer\. Input x, 7 by 9\. .* rows 2 to 4 and columns 4 to 5\. .*y\[2, 4\] is"
    )
    assert re.search(said, explorer.picture.label)


def test_a_dead_control_and_a_broken_callback_are_seen():
    explorer = made("window", "4x5")
    explorer._draw = lambda values: (explorer.picture, [])
    with pytest.raises(AssertionError, match="row moved to"):
        sweep(explorer)

    def broken(values):
        raise KeyError("broken")

    explorer = made("window", "4x5")
    explorer._draw = broken
    with pytest.raises(KeyError, match="broken"):
        sweep(explorer)


def test_a_wrong_number_is_seen():
    explorer = made("window", "4x5")
    right = explorer._draw

    def wrong(values):
        picture, lines = right({**values, "row": 0})
        picture.label += str(values)
        return picture, lines

    explorer._draw = wrong
    with pytest.raises(AssertionError):
        sweep(explorer)
