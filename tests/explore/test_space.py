"""All settings of an explorer, and the pictures that are sent before anybody asks for them."""

import itertools

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")

from convlens import explore  # noqa: E402

X, W = np.arange(20).reshape(4, 5), np.array([[1, -1], [0, 2]])
FEW = {
    "window": lambda: explore.window(X, W),
    "bounds follow": lambda: explore.receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2)),
    "others move along": lambda: explore.byte_strides(X[:2, :3], W[:, :1]),
    "no positions": lambda: explore.results({(k, 1, 8): {"take": (k, [1e-6])} for k in (3, 5)}),
    "one dimension": lambda: explore.stops(6, 3, vary="dilation"),
}


def written(table, state):
    return "".join(table["parts"][k] for k in state)


def name(values):
    return tuple(values.values())


@pytest.mark.parametrize("kind", FEW)
def test_every_move_of_every_control_is_in_the_table_as_python_draws_it(kind):
    explorer = FEW[kind]()
    table = explorer.table(seconds=60)
    states = {name(state["values"]): state for state in table["states"]}
    jumps = {(start, key, value): stop for start, key, value, stop in table["jumps"]}
    assert table["whole"]
    for number, (start, state) in enumerate(states.items()):
        for key, control in explorer.controls.items():
            explorer._go(state["values"])
            for value in control.options or range(control.min, control.max + 1):
                explorer._go(state["values"])
                explorer.controls[key].value = value
                there = states[name(explorer.values())]
                assert written(table, there["svg"]) == explorer.state["svg"]
                assert written(table, there["code"]) == explorer.state["code"]
                assert there["ends"] == explorer.state["ends"]
                told = table["states"][jumps.get((number, key, value), number)]["values"]
                simple = {**state["values"], key: value}
                reached = told if (number, key, value) in jumps else simple
                assert reached == explorer.values(), (start, key, value)


def test_too_many_settings_and_too_slow_ones_are_not_sent():
    explorer = explore.window(X, W)
    assert explorer.table(most=11) == {}
    assert len(explorer.table(most=12, seconds=60)["states"]) == 12
    assert explorer.table(seconds=0) == {}
    assert explore.window(np.zeros((1, 2_000_000)), [[1]]).table() == {}
    assert explore.filter(np.zeros((3, 3))).table() == {}


def test_a_setting_that_cannot_be_drawn_is_not_sent_ahead():
    explorer = explore.window(X, W)
    draw = explorer._draw
    explorer._draw = lambda values: draw(values) if values["row"] < 2 else 1 / 0
    assert explorer.table(seconds=60) == {}
    explorer.move(row=1)
    ahead = [state["values"] for state in explorer._neighbours(explorer.values(), "row")["states"]]
    assert all(values["row"] < 2 for values in ahead)


def test_neighbours_are_sent_ahead_and_those_of_the_last_move_first(monkeypatch):
    monkeypatch.setattr("convlens.explore.explorer.AHEAD", 60)
    explorer = explore.byte_strides(X, W)
    explorer.move(row=1, u=1)
    near = [state["values"] for state in explorer._neighbours(explorer.values(), "u")["states"]]
    assert near[0] == {**explorer.values(), "u": 0}
    changed = [{k for k in v if v[k] != explorer.values()[k]} for v in near]
    assert {"row"} in changed
    assert {"v"} in changed


def asked(explorer, moved, number, **values):
    before = explorer.values().get(moved)
    asked = {**explorer.values(), **values}
    explorer.at = {"values": asked, "moved": moved, "before": before, "number": number}
    return explorer.values()


def test_what_the_page_asks_for_is_drawn_and_numbered():
    explorer = explore.window(X, W)
    assert asked(explorer, "row", 1, row=2) == {"row": 2, "column": 0}
    assert (explorer.state["number"], "y[2, 0]" in explorer.state["svg"]) == (1, True)
    assert asked(explorer, "row", 2, row=2)["row"] == 2
    assert explorer.state["number"] == 2, "the same again is answered too"


def test_what_moves_along_follows_from_where_the_page_is():
    explorer = explore.receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2))
    there = {**explorer.values(), "layer": 1, "column": 5}  # Python has not heard of it
    expected = explorer.space.moved(there, "layer", 2)
    assert expected != explorer.space.moved(explorer.values(), "layer", 2)
    explorer.at = {"values": {**there, "layer": 2}, "moved": "layer", "before": 1, "number": 1}
    assert explorer.values() == expected


@pytest.mark.parametrize(("make", "shape"), [(explore.stops, (8,)), (explore.pool, (4, 6))])
def test_what_is_drawn_stays_what_was_given(make, shape):
    given = np.arange(np.prod(shape)).reshape(shape)
    explorer = make(given, 2)
    before = explorer.state["svg"]
    given[...] = 99
    name = next(
        key for key in explorer.controls if explorer.space.places(explorer.values(), key)[1:]
    )
    here = explorer.controls[name].value
    explorer.controls[name].value = explorer.space.places(explorer.values(), name)[1]
    explorer.controls[name].value = here
    assert explorer.state["svg"] == before


def test_what_the_page_asks_for_is_kept_to_the_bounds_of_now():
    explorer = explore.receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2))
    assert asked(explorer, "column", 1, column=99)["column"] == 2
    far = asked(explorer, "layer", 2, layer=1)
    explorer = explore.receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2))
    explorer.move(layer=1)
    assert far == {**explorer.values(), "column": far["column"]}
    assert asked(explorer, None, 3, layer=2, row=1, column=1) == {"layer": 2, "row": 1, "column": 1}
    assert asked(explorer, None, 4, layer=1, row=3, column=5) == {"layer": 1, "row": 3, "column": 5}


def test_a_page_that_asks_ahead_gets_all_there_is_once():
    explorer = explore.window(X, W)
    tables = []
    explorer.observe(lambda change: tables.append(change["new"]), names="ahead")
    explorer.table = lambda: {"whole": True, "states": [], "parts": []}
    for _ in range(3):
        explorer._sent(explorer, {"moved": "", "values": explorer.values()}, [])
    assert len(tables) == 1


def test_all_settings_of_a_small_space_are_found():
    space = explore.window(X, W).space
    found, jumps = space.reachable(64)
    places = {(values["row"], values["column"]) for values in found}
    assert places == set(itertools.product(range(3), range(4)))
    assert jumps == []


def test_neighbours_are_those_of_where_the_page_is_though_python_was_not_told(monkeypatch):
    monkeypatch.setattr("convlens.explore.explorer.AHEAD", 60)
    explorer = explore.byte_strides(X, W)
    there = {**explorer.values(), "row": 2}
    explorer._sent(explorer, {"moved": "row", "values": there}, [])
    assert explorer.ahead["states"][0]["values"] == {**there, "row": 1}
    assert explorer.values()["row"] == 0
