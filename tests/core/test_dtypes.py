import itertools

import numpy as np
import pytest

from convlib import METHODS, conv2d

WHOLE = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
FLOATING = ["float16", "float32", "float64", "longdouble", "complex64", "complex128"]
TOP = 2**63 - 1

everywhere = pytest.mark.parametrize("method", METHODS)


def values(dtype, shape, seed):
    return np.random.default_rng(seed).integers(0, 5, shape).astype(dtype)


@everywhere
def test_the_result_type_of_every_pair_of_dtypes(method):
    for one, other in itertools.product(WHOLE + FLOATING, repeat=2):
        x, w = values(one, (2, 3, 4), 0), values(other, (3, 2, 2, 3), 1)
        if x.shape[0] != w.shape[1]:
            x = np.concatenate([x, x])[: w.shape[1]]
        y = conv2d(x, w, method=method)
        whole = one in WHOLE and other in WHOLE
        assert y.dtype == (np.int64 if whole else np.result_type(x, w)), (one, other)
        assert y.dtype.isnative
        # Small whole numbers are exact in every one of these types.
        exact = conv2d(x.real.astype(np.int64), w.real.astype(np.int64), method="loops")
        np.testing.assert_array_equal(y, exact)


@everywhere
@pytest.mark.parametrize(
    ("x", "bias", "wanted"),
    [
        ("float32", 0.5, "float32"),  # a Python number widens nothing, as in NumPy
        ("float32", 1, "float32"),
        ("float32", True, "float32"),
        ("float16", 0.5, "float16"),
        ("float32", 1j, "complex64"),
        ("float32", np.float64(0.5), "float64"),
        ("float32", [0.5], "float64"),
        ("float32", np.float32([0.5]), "float32"),
        ("int8", 1, "int64"),
        ("int8", np.uint64(1), "int64"),
        ("int8", 0.5, "float64"),
    ],
)
def test_the_bias_takes_part_in_the_result_type(method, x, bias, wanted):
    x = np.ones((2, 3), x)
    y = conv2d(x, x[:1, :1], bias, method=method)
    assert y.dtype == wanted
    np.testing.assert_array_equal(y, 1 + np.broadcast_to(bias, (2, 3)))


@everywhere
def test_bytes_do_not_wrap_around(method):
    y = conv2d(np.full((2, 3), 255, np.uint8), np.full((2, 3), 255, np.uint8), method=method)
    assert y.tolist() == [[6 * 255 * 255]]
    assert conv2d(np.full((1, 2), -128, np.int8), [[1, 1]], method=method).tolist() == [[-256]]


@everywhere
def test_booleans_are_counted(method):
    assert conv2d(np.ones((2, 3), bool), np.ones((2, 3), bool), method=method).tolist() == [[6]]


@everywhere
def test_integers_beyond_the_reach_of_a_double_are_exact(method):
    assert conv2d([[2**53 + 1, -1]], [[1, 2]], method=method).tolist() == [[2**53 - 1]]


@everywhere
def test_complex_numbers_are_not_conjugated(method):
    y = conv2d(np.array([[1 + 2j, 3j]]), np.array([[2 - 1j, 1j]]), 1j, method=method)
    assert y.tolist() == [[(1 + 2j) * (2 - 1j) + 3j * 1j + 1j]]


@everywhere
def test_half_precision_is_summed_in_single(method):
    # In float16, 2048 + 1 is 2048: a running sum would stop there.
    ones = np.ones((1, 3000), np.float16)
    y = conv2d(ones, ones, method=method)
    assert (y.dtype, y.tolist()) == (np.float16, [[3000]])
    # The bias is added before rounding: 2049 rounds to 2048, but 2049 + 1 is a half.
    assert conv2d(ones[:, :2049], ones[:, :2049], [1], method=method).tolist() == [[2050]]


# 2**63 - 1 is 7 times this.
SEVENTH = TOP // 7


@everywhere
@pytest.mark.parametrize(
    ("x", "w", "bias", "wanted"),
    [
        ([[7]], [[SEVENTH]], None, TOP),
        ([[-7]], [[SEVENTH]], None, -TOP),
        ([[7]], [[-SEVENTH]], None, -TOP),
        ([[7]], [[SEVENTH - 1]], 7, TOP),
        ([[7, 7]], [[SEVENTH - 3, 3]], None, TOP),
        ([[-7, 7]], [[SEVENTH - 3, -3]], None, -TOP),
        ([[1]], [[TOP]], None, TOP),
        ([[TOP]], [[True]], 0, TOP),
        ([[TOP - 1]], [[1]], True, TOP),
        (np.array([[TOP]], np.uint64), [[1]], None, TOP),
        (np.array([[1]], np.uint8), np.array([[TOP]], np.uint64), None, TOP),
        (np.array([[-(2**63)]]), [[0]], None, 0),
        (np.array([[2**64 - 1]], np.uint64), [[0]], 3, 3),
    ],
)
def test_integers_are_exact_up_to_the_last_one_that_fits(method, x, w, bias, wanted):
    y = conv2d(x, w, bias, method=method)
    assert (y.dtype, y.tolist()) == (np.int64, [[wanted]])


@everywhere
@pytest.mark.parametrize(
    ("x", "w", "bias", "reach"),
    [
        ([[7]], [[SEVENTH + 1]], None, TOP + 7),
        ([[-7]], [[SEVENTH + 1]], None, TOP + 7),
        ([[7]], [[SEVENTH]], 1, TOP + 1),
        ([[7]], [[SEVENTH]], -1, TOP + 1),
        ([[7, 0]], [[SEVENTH, 1]], None, TOP + 7),  # a later image could hold 7 twice
        ([[7, 0]], [[SEVENTH, -1]], None, TOP + 7),
        ([[-7, 1]], [[SEVENTH, 1]], None, TOP + 7),  # the smallest may be the largest
        ([[TOP]], [[1]], 1, TOP + 1),
        (np.array([[-(2**63)]]), [[1]], None, TOP + 1),
        (np.array([[1]]), np.array([[-(2**63)]]), None, TOP + 1),
        (np.array([[2**63]], np.uint64), [[1]], None, TOP + 1),
        (np.array([[2**64 - 1]], np.uint64), [[1]], None, 2**64 - 1),
        ([[0]], [[1]], np.uint64(2**63), TOP + 1),
        ([[0]], [[1]], [-(2**63)], TOP + 1),
    ],
)
def test_one_more_is_refused(method, x, w, bias, reach):
    with pytest.raises(ValueError, match=f"could reach {reach}, beyond 2\\*\\*63 - 1") as caught:
        conv2d(x, w, bias, method=method)
    assert f"x.shape={np.shape(x)}" in str(caught.value)
    assert "Convert x to float64 first." in str(caught.value)


def test_the_filter_with_the_largest_sum_decides():
    x = np.array([[[7]]])
    w = np.array([1, SEVENTH, -2]).reshape(3, 1, 1, 1)
    assert conv2d(x, w).ravel().tolist() == [7, TOP, -14]
    with pytest.raises(ValueError, match="could reach"):
        conv2d(x, w + np.array([0, 1, 0]).reshape(3, 1, 1, 1))


def test_the_advice_is_good():
    x = np.array([[2.0**63, 1]])
    assert conv2d(x, [[1, 1]]).tolist() == [[2.0**63]]


@everywhere
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_reach_the_windows_that_hold_them_and_no_other(method, wrong):
    x = np.ones((2, 1, 5, 6))
    x[1, 0, 2, 3] = wrong
    y = conv2d(x, np.ones((1, 1, 2, 3)), method=method)
    covered = np.zeros((2, 1, 4, 4), bool)
    covered[1, 0, 1:3, 1:4] = True
    np.testing.assert_array_equal(y, np.where(covered, wrong, 6))


@everywhere
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_infinity_follows_the_rules_of_arithmetic(method):
    y = conv2d([[np.inf, -np.inf, 1.0, np.inf]], [[1, 1]], method=method)
    np.testing.assert_array_equal(y, [[np.nan, -np.inf, np.inf]])
    assert np.isnan(conv2d([[np.inf]], [[0.0]], method=method)).all()
    # Padding is a zero like any other.
    padded = conv2d([[1.0]], [[np.inf, 1.0]], padding=(0, 1), method=method)
    np.testing.assert_array_equal(padded, [[np.nan, np.inf]])


@everywhere
@pytest.mark.parametrize("dtype", [">f4", "<f4", ">i2", ">c8"])
def test_either_byte_order_is_read(method, dtype):
    x = np.array([[1, 2, 3]], dtype)
    y = conv2d(x, np.array([[1, 10]], dtype), method=method)
    np.testing.assert_array_equal(y, [[21, 32]])
    assert y.dtype.isnative
