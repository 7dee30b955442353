"""A cell traced back in a figure: the levels, what is seen, the padding, the words."""

import numpy as np
import pytest

from convlens import draw, palette
from convlib.traces import Stack
from tests.draw.looking import assert_legible, covered, patches, written

LAYERS, SIZE = [(3,), (2, 2), (3, 1, 1)], (9, 12)


def drawn(layers=LAYERS, size=SIZE, cell=(1, 3), **look):
    fig, axes = draw.figure(width=10, columns=len(layers) + 1)
    draw.receptive_field(axes, layers, size, cell, **look)
    return fig, axes


@pytest.mark.parametrize("cell", [(1, 3), (0, 0), (2, 4)])
def test_the_plate_lies_behind_what_is_read_and_the_ring_around_the_cell(cell):
    fig, axes = drawn(cell=cell)
    levels = Stack(LAYERS, SIZE).trace(cell)
    for ax, level in zip(axes, levels, strict=True):
        sides = level.padding
        wanted = np.zeros([n + sum(p) for n, p in zip(level.size, sides, strict=True)], int)
        wanted[np.ix_(level.reads[0] + sides[0][0], level.reads[1] + sides[1][0])] = 1
        np.testing.assert_array_equal(covered(ax, "window", wanted.shape), wanted)
    assert np.argwhere(covered(axes[-1], "ring", levels[-1].size)).tolist() == [list(cell)]
    assert_legible(fig)


def test_the_numbers_are_the_ways():
    _, axes = drawn()
    ways = Stack(LAYERS, SIZE).trace((1, 3))[0].ways
    wanted = [[palette.label(v) if v else None for v in row] for row in ways]
    assert written(axes[0], SIZE) == wanted
    _, axes = drawn(ways=False)
    assert {n for row in written(axes[0], SIZE) for n in row} == {None, "1"}


def test_padding_is_dashed_around_the_layer_below():
    _, axes = drawn()
    assert [len(patches(ax, "outside")) for ax in axes] == [0, 0, 5 * 7 - 3 * 5, 0]


def test_rows_are_counted_from_the_first_that_is_no_padding():
    _, axes = drawn()
    (place,) = draw.panel.panel(axes[2]).places
    assert [t.get_text() for t in place.row_numbers.values()] == ["", "0", "1", "2", ""]
    assert [t.get_text() for t in place.column_numbers.values()] == ["", *"01234", ""]


def test_it_is_said_in_words():
    fig, _ = drawn(cell=(0, 0))
    assert draw.alt(fig) == (
        "Cell (0, 0) of layer 3 traced back. Of layer 3, 3 by 5: rows 0, columns 0. "
        "Of layer 2, 3 by 5: rows 0 to 1, columns 0 to 1. Of layer 1, 7 by 10: rows 0 to 3, "
        "columns 0 to 3. Of the input, 9 by 12: rows 0 to 5, columns 0 to 5."
    )


def test_holes_and_large_inputs():
    fig, axes = drawn([(3, 1, 0, 2), (3, 1, 0, 2)], (9, 12), (0, 1))
    assert len(patches(axes[0], "window")) == 25
    assert_legible(fig)
    fig, axes = drawn([(7, 2, 3), (3, 2, 1)], (64, 80), (5, 5))
    assert len(patches(axes[0], "window")) == 2  # pixels: an outline, twice
    assert_legible(fig)


@pytest.mark.parametrize(
    ("columns", "cell", "match"),
    [(3, (0, 0), "takes 4 axes"), (4, (3, 0), "none of them at"), (4, (0, -1), "cell")],
)
def test_what_does_not_fit_is_refused(columns, cell, match):
    _, axes = draw.figure(columns=columns)
    with pytest.raises(ValueError, match=match):
        draw.receptive_field(axes, LAYERS, SIZE, cell)
