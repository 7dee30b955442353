"""The same numbers, held in several ways: right, wrong and outside are counted anew."""

import re

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.facts.cell import Memory  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.scenes.memory_orders import assumed_strides  # noqa: E402
from convlib import strided  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.cases import ALL, FIRST, TYPICAL, UNUSUAL, swept  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402

SMALL = [
    pytest.param(name, marks=pytest.mark.wide if name in UNUSUAL else ())
    for name, (x, *_) in ALL.items()
    if np.size(x) < 2000
]
READ, ASSUMED = "read from x.strides", "assumed from the shape"


def made(name):
    x, w, bias, arguments = ALL[name]
    return explore.memory_orders(x, w, bias, **arguments)


def choices(explorer):
    """Choose every memory order, and both sorts of byte strides for each."""
    for order in explorer.controls["memory"].options:
        for rule in (READ, ASSUMED):
            explorer.move(memory=order, strides=rule)
            yield order, rule


def scene_and_cell(explorer):
    scenes = dict(zip(explorer._draw.__code__.co_freevars, explorer._draw.__closure__, strict=True))
    values = explorer.values()
    scene = scenes["scenes"].cell_contents[values["memory"], values["strides"] == ASSUMED]
    return scene, scene.cell(scene.walk.frame(0, 0), 0, (0, 0))


@pytest.mark.parametrize(("name", "most"), swept(TYPICAL, UNUSUAL, FIRST))
def test_every_control_moves_the_picture_and_the_picture_is_true(name, most):
    explorer = made(name)
    check = Steady(apart=name in TYPICAL)
    if most > 2:
        for _ in choices(explorer):
            check(explorer)
    explorer.controls["memory"].value = explorer.controls["memory"].options[1]
    explorer.controls["strides"].value = ASSUMED
    sweep(explorer, check, most)
    check.assert_nothing_jumped()


@pytest.mark.parametrize("name", SMALL)
def test_counts_are_those_of_every_cell_of_the_view(name):
    explorer = made(name)
    for _, rule in choices(explorer):
        scene, cell = scene_and_cell(explorer)
        count = {"right": 0, "wrong": 0, "outside": 0}
        indices = np.indices(cell.shape).reshape(6, -1).T
        reached = indices @ np.array(cell.strides)
        wanted = indices @ np.array(scene.true)
        inside = (reached >= scene.memory.low) & (reached + scene.x.itemsize <= scene.memory.high)
        count["outside"] = int((~inside).sum())
        count["right"] = int((reached == wanted).sum())
        count["wrong"] = reached.size - count["right"] - count["outside"]
        said = ", ".join(f"{n} {kind}" for kind, n in count.items())
        assert f". {said}. " in explorer.picture.label
        written = {t.string for t in layout.texts(explorer.picture)}
        assert {f"{n:,} {kind}" for kind, n in count.items()} <= written
        assert rule == ASSUMED or count["right"] == reached.size


@pytest.mark.parametrize("name", SMALL)
def test_lines_hold_the_array_and_make_the_view_or_are_refused(name):
    x, _, _, arguments = ALL[name]
    explorer = made(name)
    steps = {key: arguments[key] for key in ("stride", "dilation", "layout") if key in arguments}
    kernel = explorer.walk.geometry.kernel_size
    for order, rule in choices(explorer):
        scene, cell = scene_and_cell(explorer)
        lines = plain(explorer.lines).splitlines()
        array = scene.memory.name
        found = {"np": np, "as_strided": as_strided, "x": np.asarray(x)}
        exec("\n".join(lines), found)
        held = found[array]
        assert held.shape == scene._own_shape
        assert held.strides == scene._own_steps
        before = np.asarray(x) if array == "x" else None
        if before is not None and not order.startswith("broadcast"):
            np.testing.assert_array_equal(held, before)
        if rule == READ:
            np.testing.assert_array_equal(found["view"], strided.windows(held, kernel, **steps))
        axes = scene.memory.axes
        shape, strides = (tuple(of[k] for k in axes) for of in (cell.shape, cell.strides))
        if "view" in found:
            assert (found["view"].shape, found["view"].strides) == (shape, strides)
            assert not found["view"].flags.writeable
        else:
            with pytest.raises(ValueError, match="the view would touch"):
                strided.safe_view(held, shape, strides)


def test_what_is_wrong_is_marked_in_the_view():
    # all cells of this view are shown
    explorer = explore.memory_orders(np.arange(15).reshape(3, 5), np.ones((2, 3)))
    for _ in choices(explorer):
        said = {t.string.split(" (")[0]: t for t in layout.texts(explorer.picture)}
        left, right, low = said["View"].x, said["Address"].x, said["Memory"].y - 15
        view = [n for n in explorer.picture.notes if left < n.x < right and n.y < low]
        wrong, outside = re.search(r"(\d+) wrong, (\d+) outside", explorer.picture.label).groups()
        assert sum(n.what == "wrong" for n in view) == int(wrong)
        assert sum(n.what == "outside" for n in view) == int(outside)


def test_what_is_wanted_stands_below_what_is_wrong():
    x = np.arange(20).reshape(4, 5)
    explorer = explore.memory_orders(x, np.ones((2, 3)), at=(1, 1))
    explorer.controls["memory"].value = "Fortran order (a C-order array transposed)"
    explorer.controls["strides"].value = ASSUMED
    p = explorer.picture
    scene, _ = scene_and_cell(explorer)
    cell = scene.cell(scene.walk.frame(1, 1), 0, (0, 1))
    reached, wanted = cell.address, cell.wanted(*cell.index)

    def below(value, right, boxes):
        """A number in one of the boxes, and the right one below it in the same box."""
        lines = layout.texts(p)
        pairs = [(a, b) for a in lines for b in lines if (a.string, b.string) == (value, right)]
        return any(
            n.x < a.x < n.x + n.width and n.y < a.y < b.y - 10 and b.y < n.y + n.height
            for n in boxes
            for a, b in pairs
            if abs(a.x - b.x) < 1
        )

    boxes = [n for n in p.notes if n.what == "wrong"]
    assert below(str(reached), str(wanted), boxes)  # byte offsets, in the view
    value = scene.memory.element(reached)[1], scene.memory.element(wanted)[1]
    assert below(*map(str, value), boxes)  # numbers, in memory


def test_the_wrong_element_and_the_wanted_one_are_named():
    x = np.arange(20).reshape(4, 5)
    explorer = explore.memory_orders(x, np.ones((2, 3)), at=(1, 1))
    explorer.controls["memory"].value = "Fortran order (a C-order array transposed)"
    assert "byte strides (8, 32) read" in explorer.picture.label
    explorer.controls["strides"].value = ASSUMED
    # element 6 of a memory that runs down the columns of 4
    assert explorer.picture.label.endswith("inside, wrong: x[2, 1] = 11, wanted: x[1, 1] = 6.")
    texts = [t.string for t in layout.texts(explorer.picture)]
    assert {"wrong: x[2, 1] = 11", "wanted: x[1, 1] = 6"} <= set(texts)
    explorer.controls["memory"].value = "every second column of a wider array"
    explorer.controls["v"].value = 1
    assert explorer.picture.label.endswith("inside, but between two elements, wanted: x[1, 2] = 7.")


def test_elements_are_looked_up_inside_only(monkeypatch):
    asked = []
    element = Memory.element

    def noted(memory, address):
        asked.append(address)
        assert memory.inside(address)
        return element(memory, address)

    monkeypatch.setattr(Memory, "element", noted)
    for name in ("4x5", "batch", "padded, strided", "channels last"):
        explorer = made(name)
        for _ in choices(explorer):
            for key in set(explorer.controls) - {"memory", "strides"}:
                explorer.controls[key].value = explorer.controls[key].max
    assert asked


def test_transposed_channels_are_offered_where_there_are_channels():
    def options(name):
        return made(name).controls["memory"].options

    assert len(options("4x5")) == 5
    assert options("two channels")[-1] == "channels last in memory, transposed"
    assert options("batch, channels last")[-1] == "channels first in memory, transposed"


@pytest.mark.parametrize("shape", [(1,), (4, 5), (3, 1, 7), (2, 3, 4, 5)])
def test_assumed_byte_strides_are_those_of_c_order(shape):
    assert assumed_strides(shape, 2) == np.zeros(shape, np.int16).strides


def test_errors_and_places_are_those_of_conv2d():
    with pytest.raises(ValueError, match="the kernel spans"):
        explore.memory_orders(np.zeros((2, 3)), np.zeros((3, 3)))
    with pytest.raises(IndexError, match="there is no window"):
        explore.memory_orders(np.zeros((4, 5)), np.zeros((2, 3)), at=(3, 0))


def test_the_reader_s_array_is_left_alone():
    x = np.arange(20.0).reshape(4, 5)
    explorer = explore.memory_orders(x, np.ones((2, 3)))
    for _ in choices(explorer):
        scene, _ = scene_and_cell(explorer)
        assert not np.shares_memory(scene.x, x)
    assert x.flags.writeable


def test_bundle_has_a_picture_and_a_stable_name():
    explorer = made("4x5")
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"].startswith("explore.memory_orders: ")
    assert explorer.png() == made("4x5").png()
