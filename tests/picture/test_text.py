"""Panels as text: what a panel says of its cells is said by signs, and by nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from convlens.palette import label
from convlens.picture.panel import Panel
from convlens.picture.text import columns_of, few, joined, length, write

X = np.arange(12).reshape(3, 4) - 5
PLAIN = Panel(values=X, title="Input x", subtitle="3 × 4")
CORNER = np.add.outer(range(3), range(4)) < 2


def cells(panel, **how):
    """Text and role of each cell, as (rows, columns) of pairs."""
    lines = write(panel, **how).lines[2:]
    return [line[1:-1] for line in lines[: len(panel.values)]]


def signs(panel, **how):
    """The cells' signs without their numbers and blanks."""
    return [
        ["".join(k for k in text if k in "[]<>·") for text, _ in row] for row in cells(panel, **how)
    ]


def where(mask, sign):
    return [[sign if here else "" for here in row] for row in mask]


def test_a_plain_panel_has_numbers_and_no_signs():
    assert joined(write(PLAIN).lines) == (
        "Input x\n    0   1   2   3\n0  −5  −4  −3  −2\n1  −1   0   1   2\n2   3   4   5   6"
    )
    assert signs(PLAIN) == where(X > 99, "")


@pytest.mark.parametrize("places", [([0, 1], [1, 2]), ([0, 2], [0, 3]), ([2], [0]), ([], [])])
@pytest.mark.parametrize("first", [(0, 0), (7, 90)])
def test_the_window_is_in_brackets(places, first):
    rows, columns = ([k + f for k in ks] for ks, f in zip(places, first, strict=True))
    panel = replace(PLAIN, window=(rows, columns), first=first)
    covered = np.zeros(X.shape, bool)
    covered[np.ix_(*(np.array(k, int) for k in places))] = True
    assert signs(panel) == where(covered, "[]")
    assert [[role == "window" for _, role in row] for row in cells(panel)] == covered.tolist()
    heavy = {int(text) for line in write(panel).lines[1:] for text, role in line if role == "title"}
    assert heavy == {*rows, *columns}


@pytest.mark.parametrize("at", [(0, 0), (1, 3), (2, 1)])
@pytest.mark.parametrize("first", [(0, 0), (7, 90)])
def test_the_ring_is_in_angles(at, first):
    panel = replace(PLAIN, ring=(at[0] + first[0], at[1] + first[1]), first=first)
    here = np.zeros(X.shape, bool)
    here[at] = True
    assert signs(panel) == where(here, "<>")
    assert f"<{label(X[at])}>" in joined(write(panel).lines)
    assert [[role == "output" for _, role in row] for row in cells(panel)] == here.tolist()


def test_padding_has_a_dot_and_its_number_where_that_is_not_known():
    panel = replace(PLAIN, padding=CORNER, window=([0], [0]))
    assert signs(panel)[1:] == where(CORNER, "·")[1:]
    assert signs(panel)[0] == ["[·]", "·", "", ""]
    assert [text.strip(" []") for text, _ in cells(panel)[0]] == ["·", "·", "−3", "−2"]
    known = [text.strip(" []") for text, _ in cells(panel, zeros=False)[0]]
    assert known == ["·−5", "·−4", "−3", "−2"]
    assert [role for _, role in cells(panel)[0]] == ["window", "outside", "", ""]


def test_what_is_not_computed_stays_empty():
    panel = replace(PLAIN, values=np.ma.array(X, mask=CORNER))
    assert [[not text.strip() for text, _ in row] for row in cells(panel)] == CORNER.tolist()


def test_the_kernel_lies_between_double_lines():
    panel = replace(PLAIN, kernel=True, index=(False, False))
    lines = write(panel).lines
    assert [text for text, _ in lines[1]] == ["3 × 4"]
    assert [[role for _, role in line] for line in lines[2:]] == [["kernel"]] * 3
    assert joined(lines[2:]) == "║−5  −4  −3  −2║\n║−1   0   1   2║\n║ 3   4   5   6║"
    bare = replace(panel, kernel=False)
    assert joined(write(bare).lines[2:]) == joined(lines[2:]).replace("║", "")
    assert signs(replace(bare, window=([1], [0])))[1] == ["", "", ""]  # the first cell is cut off
    assert "[−1]" in joined(write(replace(bare, window=([1], [0]))).lines)


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("first", [(0, 0), (1, 1), (0, 3), (5, 0), (5, 4), (6, 5)])
def test_signs_stand_for_what_is_left_out_and_nothing_jumps(first, index):
    panel = replace(PLAIN, first=first, index=(index, index))
    block = write(panel, size=(9, 9))
    page = joined(block.lines)
    assert page.count("…") == ((first[1] > 0) + (first[1] + 4 < 9) if index else 3)
    assert page.count("⋮") == ((first[0] > 0) + (first[0] + 3 < 9) if index else 1)
    whole = write(replace(panel, first=(0, 0)), size=(9, 9))
    assert list(map(length, block.lines)) == list(map(length, whole.lines))


def test_widths_are_those_of_the_numbers_to_come():
    assert columns_of(replace(PLAIN, widest=[1, -1000])) == 5
    assert columns_of(replace(PLAIN, values=[[1 / 3]])) == 5
    assert columns_of(replace(PLAIN, values=[[-1 / 30]])) == 6  # at most
    assert columns_of(replace(PLAIN, values=[[1 / 3 - 1j / 3]])) == 11
    assert {length(line) for line in write(PLAIN, 6).lines[2:]} == {2 + 4 * 8}


def test_few_numbers_of_many_hold_the_extremes():
    many = np.zeros((100, 100))
    many[3, 7], many[9, 1] = 5, -7
    assert few(many).size < 5000
    assert {*few(many)} == {0, 5, -7}
