"""A table of sums as an L: its numbers, its marks, its lines, its refusals."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from convlens import draw  # noqa: E402
from convlens.picture.shapes import Text  # noqa: E402
from tests.picture.seen import assert_legible  # noqa: E402

STARTS, OFFSETS = np.array([10, 11, 12, 18, 19, 20]), np.array([0, 1, 2, 8, 9, 10])


def notes(p, what):
    return [n for n in p.notes if n.what == what]


def texts(p):
    return [s.string for s in p.shapes if isinstance(s, Text)]


def test_it_holds_every_sum_of_its_column_and_its_row():
    found = texts(draw.sums([0, 8], [0, 1, 2], titles=("u * W", "v", "offsets")))
    for number in [0, 8, 0, 1, 2, 0, 1, 2, 8, 9, 10]:
        found.remove(str(number))
    assert sorted(found) == sorted(["+", "u * W", "v", "offsets"])


def test_the_parts_that_speak_of_taps_stand_on_the_kernels_plate():
    assert [
        len(notes(draw.sums([0, 8], [1, 2], taps=k), "kernel")) for k in ((), (1,), (0, 2))
    ] == [
        0,
        1,
        2,
    ]


def test_a_number_is_marked_wherever_it_recurs():
    p = draw.sums(STARTS, OFFSETS, mark=20)
    assert len(notes(p, "reading")) == 6
    assert notes(p, "kernel") == []
    assert "20 is marked 6 times" in p.label


def test_the_table_shares_lines_with_its_column_and_its_row():
    column, row, table = notes(draw.sums(STARTS, OFFSETS), "panel")
    assert (table.y, table.height) == (column.y, column.height)
    assert (table.x, table.width) == (row.x, row.width)


def test_its_lines_can_be_numbered():
    plain, numbered = texts(draw.sums([0, 70], [0, 1])), texts(draw.sums([0, 70], [0, 1], first=8))
    assert sorted(numbered) == sorted([*plain, "8", "9"])


@pytest.mark.parametrize(("mark", "first"), [(None, None), (20, None), (20, 98)])
def test_it_can_be_read(mark, first):
    names = "starts", "offsets", "grid"
    assert_legible(draw.sums(STARTS, OFFSETS, titles=names, mark=mark, first=first))


@pytest.mark.parametrize(("column", "row"), [([[1]], [1]), ([], [1]), ([1], np.arange(49))])
def test_what_makes_no_table_is_refused(column, row):
    with pytest.raises(ValueError, match="no table can be drawn"):
        draw.sums(column, row)
