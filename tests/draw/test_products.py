"""A matrix product as an L: its numbers, its marks, its rows and columns in line, its refusals."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from convlens import draw  # noqa: E402
from convlens.palette import label  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.picture.seen import assert_legible, covered, tiles, written  # noqa: E402

RNG = np.random.default_rng(0)
A, B = RNG.integers(1, 10, (4, 6)), RNG.integers(-3, 4, (6, 3))


def notes(p, what):
    return [(n.x, n.y, n.width, n.height) for n in p.notes if n.what == what]


def test_the_ringed_number_is_the_sum_that_is_written_below():
    p = draw.product(A, B, at=(2, 1))
    assert p.label.endswith(f" is {(A @ B)[2, 1]}.".replace("-", "−"))
    said = [s.string for s in p.shapes if hasattr(s, "string")]
    assert said.count("×") == 6
    assert {"@", "="} < set(said)


def test_each_operand_holds_its_own_numbers():
    p = draw.product(A, B, titles=("Windows", "Filters", "Outputs"))
    for title, array in (("Windows", A), ("Filters", B), ("Outputs", A @ B)):
        assert written(p, title) == [label(v) for v in array.flat]
    assert covered(p, "window", "Windows", A.shape).tolist() == [[1] * 6, *[[0] * 6] * 3]


@pytest.mark.parametrize("kernel", ["left", "right"])
def test_the_result_shares_rows_and_columns_with_the_operands(kernel):
    p = draw.product(A, B, at=(2, 1), kernel=kernel)
    (left, top, *_), (x, y, *_) = *notes(p, "ring"), *notes(p, "window")
    taps = notes(p, "kernel")[0]
    row, column = (taps, (x, y)) if kernel == "left" else ((x, y), taps)
    assert row[0] < left
    assert column[1] < top
    assert abs(row[1] - top) <= 5
    assert abs(column[0] - left) <= 5


def test_rows_of_a_part_are_counted_from_its_first():
    whole, part = draw.product(A, B, at=(2, 1)), draw.product(A[1:], B, at=(2, 1), first=1)
    assert part.label == whole.label
    assert len(notes(part, "window")) == len(notes(part, "ring")) == 1
    with pytest.raises(ValueError, match="Rows begin at 1"):
        draw.product(A[1:], B, at=(0, 1), first=1)


def test_parts_are_named_at_both_operands():
    p = draw.product(A, B, part=("channel", 2))
    said = [s.string for s in p.shapes if hasattr(s, "string")]
    assert [said.count(f"channel {k}") for k in range(4)] == [2, 2, 2, 0]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (A, B),
        (A[:1, :1], B[:1, :1]),
        (RNG.integers(1, 10, (6, 24)), RNG.integers(-2, 3, (24, 5))),
        (RNG.normal(size=(3, 4)), RNG.normal(size=(4, 2)) * 1e9),
        (np.ones((12, 6)), np.full((6, 9), np.inf)),
    ],
)
def test_it_is_legible(left, right):
    p = draw.product(left, right, titles=("Windows", "Filters", "Outputs"))
    assert_legible(p)
    assert layout.outside_the_page(p) == []
    for title, size in (("Windows", left.size), ("Filters", right.size)):
        assert len(tiles(p, title)) == size
    assert len(tiles(p, "Outputs")) == len(left) * right.shape[1]
    assert p.width >= 360


@pytest.mark.parametrize(
    ("left", "right", "given", "said"),
    [
        (A, B.T, {}, "the two do not fit each other"),
        (np.ones((49, 6)), B, {}, "so many numbers cannot be read"),
        (A, B, {"at": (4, 0)}, "at is outside the result"),
        (A, B, {"kernel": "both"}, "kernel is not known"),
        (A[None], B, {}, "left is not a row or a grid"),
    ],
)
def test_what_cannot_be_drawn_is_refused(left, right, given, said):
    with pytest.raises(ValueError, match=said):
        draw.product(left, right, **given)
