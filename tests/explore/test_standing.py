"""What a page without Python is sent: every state, or fewer, and then it says so."""

import re

import numpy as np
import pytest

from convlens import explore
from convlens.explore import standing as module
from convlens.explore.standing import standing

X = np.arange(20).reshape(4, 5)
W = np.array([[1, -1], [0, 2]])


def drawn(bundle, state):
    parts = bundle["ahead"]["parts"]
    return "".join(parts[k] for k in state["svg"])


def settings(bundle):
    keys = bundle["panel"]["controls"]
    return {
        tuple(s["values"][key] for key in keys): drawn(bundle, s) for s in bundle["ahead"]["states"]
    }


def test_few_settings_are_all_sent_and_are_those_of_the_explorer():
    explorer = explore.window(X, W)
    bundle = standing(explorer)
    assert bundle["panel"]["note"] == ""
    assert len(bundle["ahead"]["states"]) == 12
    for (row, column), svg in settings(bundle).items():
        explorer.move(row=row, column=column)
        assert svg == explorer.state["svg"]


def test_the_page_begins_where_the_explorer_stands():
    explorer = explore.window(X, W)
    explorer.move(row=2, column=1)
    assert standing(explorer)["state"]["values"] == {"row": 2, "column": 1}


@pytest.fixture
def fewer(monkeypatch):
    """A page that takes 40 settings at most of each explorer."""
    monkeypatch.setattr(module, "MOST", 40)


def test_of_many_settings_ends_and_beginning_stay_and_the_page_says_so(fewer):
    explorer = explore.window(np.zeros((12, 9), int), W, at=(4, 3))
    bundle = standing(explorer)
    rows, columns = (sorted({values[k] for values in settings(bundle)}) for k in (0, 1))
    assert 20 < len(rows) * len(columns) == len(settings(bundle)) <= 40
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (0, 10, 0, 7)
    assert 4 in rows
    assert 3 in columns
    assert f"knows {len(settings(bundle))} settings; JupyterLab has all" in bundle["panel"]["note"]
    assert "more control" not in bundle["panel"]["note"]


def test_controls_that_stand_still_are_left_out_and_counted(fewer):
    explorer = explore.output_size(X, (2, 2))
    bundle = standing(explorer)
    kept = set(bundle["panel"]["controls"])
    assert "stride right" in kept < set(explorer.panel["controls"])
    more = len(explorer.panel["controls"]) - len(kept)
    assert f"and {more} more controls" in bundle["panel"]["note"]
    goes = set(re.findall(r'data-go="([^"]*)"', "".join(settings(bundle).values())))
    assert all(set(re.findall(r"(?:^|;)([a-z ]+?) -?\d", go)) & kept for go in goes)


@pytest.mark.parametrize("make", [explore.output_size, explore.transposed])
def test_on_the_page_no_control_is_dead_and_none_leads_where_nothing_is(fewer, make):
    bundle = standing(make(X, (2, 2)) if make is explore.output_size else make(X, W))
    keys = list(bundle["panel"]["controls"])
    known = settings(bundle)
    for key in keys:
        assert len({values[keys.index(key)] for values in known}) > 1, key
    assert len(set(known.values())) == len(known)
    count = len(bundle["ahead"]["states"])
    assert all(0 <= there < count for *_, there in bundle["ahead"]["jumps"])
    for state in bundle["ahead"]["states"]:
        for key in keys:
            low, high = state["ends"][key]
            assert isinstance(low, str) or low <= state["values"][key] <= high
