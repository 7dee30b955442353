"""What is said of an answer that is not a known mistake: how it follows from the right one."""

import numpy as np
import pytest

import convlib
from convlens import check
from convlens.check.as_if import as_if
from convlens.check.relations import related

RIGHT = np.array([[-3.25, 300.0, 7.5], [2.0, -8.75, 0.5]])
GIVEN = {"x": np.arange(20, dtype=np.uint8).reshape(4, 5), "w": np.array([[1, 2, 4]])}


def holding(got, right=RIGHT, given=GIVEN):
    """List the diagnoses whose prediction is the answer."""
    with np.errstate(all="ignore"):
        every = [r for vague in (False, True) for r in related(right, got, given, vague)]
        return [said for said, _, y in every if np.shape(y) == np.shape(got) and np.all(y == got)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (np.round, "rounded"),
        (np.trunc, "fractions cut off"),
        (np.abs, "without its signs"),
        (lambda y: np.maximum(y, 0), "ReLU"),
        (lambda y: np.clip(y, 0, 255), "clipped to 0 and 255"),
        (lambda y: np.trunc(y).astype(np.int16), "kept as int16"),
        (lambda y: y.astype(np.uint8), "kept as uint8, the type of x"),
        (lambda y: y / 7, "divided by w.sum()"),
        (lambda y: y * 3, "multiplied with w.size"),
        (lambda y: y / 20, "divided by x.shape[-2]*x.shape[-1]"),
        (lambda y: y + 1, "every number is 1 too large"),
        (lambda y: y - 2.5, "every number is 2.5 too small"),
        (lambda y: y * 1.5, "multiplied with 1.5"),
        (lambda y: y * 0, "0 everywhere"),
        (lambda y: y[::-1], "its rows in the reverse order"),
        (lambda y: y[:, ::-1], "its columns in the reverse order"),
        (lambda y: y[::-1, ::-1], "turned by half a turn"),
        (lambda y: y.T, "rows and columns exchanged"),
        (lambda y: y.T.reshape(y.shape), "put in another order by reshape"),
        (lambda y: y.ravel().reshape(y.shape, order="F"), "filled in column by column"),
        (np.ravel, "the shape is not"),
        (lambda y: np.roll(y, 1, 1), "columns moved one place later, round the end"),
        (lambda y: np.pad(y, ((1, 0), (0, 0)))[:-1], "rows moved one place later"),
        (lambda y: np.vstack([y[1:], y[1:]]), "all rows are the last"),
        (lambda y: y * [[1, 1, 0]], "the last columns stay at 0"),
        (lambda y: y * [[1, 1, 1], [0, 0, 0]], "the last rows stay at 0"),
        (lambda y: y[:, :-1], "without the last columns"),
        (lambda y: np.pad(y, 1), "the first and last rows and the first and last columns too many"),
        (lambda y: np.cumsum(y).reshape(y.shape), "added up from place to place"),
        (lambda y: y.sum(0), "axis 0 of the answer, its rows, is summed"),
        (lambda y: y[0], "only the first along axis 0"),
    ],
)
def test_a_relation_is_seen(change, words):
    assert any(words in said for said in holding(change(RIGHT))), holding(change(RIGHT))


def test_the_right_answer_is_in_no_relation_that_changes_it():
    for said, _, predicted in related(RIGHT, RIGHT, GIVEN):
        changed = np.shape(predicted) != RIGHT.shape or not np.array_equal(predicted, RIGHT)
        assert changed or any(w in said for w in ("too many", "stay at", "float", "int", "bool")), (
            said
        )


def test_a_pair_of_sizes_and_an_index_for_a_value():
    pair = np.array([3, 5])
    assert any("second number is a copy of the first" in s for s in holding([3, 3], pair, {}))
    assert any("have changed places" in s for s in holding([5, 3], pair, {}))
    x = np.array([[4, 9], [7, 1]])
    assert any(
        "where in x.ravel()" in s for s in holding(np.array([1, 2]), np.array([9, 7]), {"x": x})
    )


@pytest.mark.parametrize(
    ("value", "words", "changed"),
    [
        ((2, 3), "have changed places", (3, 2)),
        ((2, 3), "the first number of s is used for both", (2, 2)),
        (4, "one too large", 5),
        (np.array([[1, 2], [3, 4]]), "the rows of s are read in the reverse", [[3, 4], [1, 2]]),
        (np.array([[1, -2]]), "the signs of s are lost", [[1, 2]]),
        (
            np.array([[1, 2], [3, 4]]),
            "only the last column of s, s[:, -1], counts",
            [[0, 2], [0, 4]],
        ),
    ],
)
def test_an_argument_is_taken_for_another(value, words, changed):
    (found,) = [g["s"] for said, _, g in as_if({"s": value}, {}) if words in said]
    np.testing.assert_array_equal(found, changed)


def test_an_argument_left_out_is_named():
    (found,) = [g for said, _, g in as_if({"s": 2}, {"s": 1}) if "s is not used" in said]
    assert found == {"s": 1}


plain = {"x": "HW", "w": "HW"}


def test_a_known_mistake_goes_before_a_relation():
    report = check.conv2d(lambda x, w: convlib.conv2d(x, w)[:, ::-1][::-1], **plain)
    assert report.diagnosis == "your answer is the right one, turned by half a turn"
    flipped = check.conv2d(lambda x, w: convlib.conv2d(x, w[::-1, ::-1]), **plain)
    assert (
        flipped.diagnosis == "the kernel is flipped, up-down and left-right: that is a convolution"
    )


def test_two_known_mistakes_are_named_together():
    report = check.conv2d(lambda x, w: convlib.conv2d(x, w[::-1])[:-1, :-1], **plain)
    assert "the kernel is flipped up-down; and the last row and the last column" in report.diagnosis
    assert "Row u of the kernel" in report.remedy
    assert "check the + 1" in report.remedy


def test_a_known_mistake_and_a_relation_are_named_together():
    report = check.conv2d(lambda x, w: np.abs(convlib.conv2d(x, w[::-1])), **plain)
    assert report.diagnosis == (
        "the kernel is flipped up-down; and besides that, your answer is the right one, without "
        "its signs"
    )


def test_numbers_without_a_cause_are_not_named():
    def noisy(x, w):
        y = convlib.conv2d(x, w)
        return y + np.random.default_rng(y.size).random(y.shape)

    report = check.conv2d(noisy, **plain)
    assert report.diagnosis is None
    assert not report.ok


def right_without_a_stride(x, w, stride=1):
    y = convlib.conv2d(x, w, stride=stride)
    return y if stride == 1 else y + np.random.default_rng(y.size).random(y.shape)


def right_without_bytes(x, w):
    return convlib.conv2d(x, w) * (1 + (x.dtype == np.uint8) * (x % 7 > 3).mean())


def right_without_fractions(x, w):
    return convlib.conv2d(x, w) * (1 + (w % 1 != 0).mean() / 7)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (right_without_a_stride, "stride"),
        (right_without_bytes, "uint8"),
        (right_without_fractions, "fractions"),
    ],
)
def test_a_case_tells_what_is_new_in_it(function, words):
    report = check.conv2d(function, **plain)
    assert report.diagnosis.startswith("all is right")
    assert words in report.diagnosis


def test_parameters_in_another_order_are_told():
    report = check.output_size(lambda kernel, size: size - kernel + 1)
    assert report.diagnosis == (
        "your parameters stand in another order: it is called with (size, kernel)"
    )
