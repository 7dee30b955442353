import itertools

import numpy as np
import pytest

from convlib import conv2d_backward, conv_transpose2d, fold, unfold
from convlib.adjoint.gradients import INPUT_GRADIENTS

WHOLE = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
FLOATING = ["float16", "float32", "float64", "longdouble", "complex64", "complex128"]
TOP = 2**63 - 1
SEVENTH = TOP // 7
THREE_CELLS = {"padding": (0, 1), "padding_mode": "replicate"}

everywhere = pytest.mark.parametrize("method", INPUT_GRADIENTS)


def values(dtype, shape, seed):
    return np.random.default_rng(seed).integers(0, 5, shape).astype(dtype)


def result(*dtypes):
    """The type that a result is to have."""
    return np.int64 if {*dtypes} <= {*WHOLE} else np.result_type(*dtypes)


@everywhere
def test_the_result_type_of_every_pair_of_dtypes(method):
    for one, other in itertools.product(WHOLE + FLOATING, repeat=2):
        for dtypes in ((one, other, other), (other, one, other), (other, other, one)):
            shapes = (2, 2), (2, 3), (1, 2)
            arrays = [values(d, s, k) for k, (d, s) in enumerate(zip(dtypes, shapes, strict=True))]
            exact = [a.real.astype(np.int64) for a in arrays]
            wanted = conv2d_backward(*exact, method="loops")
            for d, integers in zip(conv2d_backward(*arrays, method=method), wanted, strict=True):
                assert d.dtype == result(*dtypes), dtypes
                assert d.dtype.isnative
                np.testing.assert_array_equal(d, integers)


def test_the_result_type_of_a_transposed_convolution_and_of_fold():
    for one, other in itertools.product(WHOLE + FLOATING, repeat=2):
        x, w = values(one, (2, 3), 0), values(other, (2, 2), 1)
        y = conv_transpose2d(x, w)
        exact = conv_transpose2d(x.real.astype(np.int64), w.real.astype(np.int64))
        assert y.dtype == result(one, other), (one, other)
        np.testing.assert_array_equal(y, exact)
    for name in WHOLE + FLOATING:
        cols = unfold(values(name, (2, 3, 4), 0), 2)
        assert cols.dtype == name
        folded = fold(cols, (3, 4), 2)
        assert folded.dtype == result(name)
        np.testing.assert_array_equal(folded, fold(cols.real.astype(np.int64), (3, 4), 2))


@pytest.mark.parametrize(
    ("x", "bias", "wanted"),
    [
        ("float32", 0.5, "float32"),  # a Python number widens nothing, as in NumPy
        ("float16", 0.5, "float16"),
        ("float32", 1j, "complex64"),
        ("float32", np.float64(0.5), "float64"),
        ("float32", [0.5], "float64"),
        ("int8", 1, "int64"),
        ("int8", np.uint64(1), "int64"),
        ("int8", 0.5, "float64"),
    ],
)
def test_the_bias_takes_part_in_the_result_type(x, bias, wanted):
    x = np.ones((2, 3), x)
    y = conv_transpose2d(x, x[:1, :1], bias)
    assert y.dtype == wanted
    np.testing.assert_array_equal(y, 1 + np.broadcast_to(bias, (2, 3)))


@everywhere
def test_bytes_do_not_wrap_around(method):
    full = np.full((2, 3), 255, np.uint8)
    dx, dw, db = conv2d_backward(full[:1, :1], full, full, method=method)
    assert (dx.min(), dx.max(), dw.min(), dw.max(), db) == (*[255 * 255] * 4, 255)
    grad, x, w = np.full((2, 2), -128, np.int8), np.full((3, 3), -128, np.int8), full.astype(bool)
    dx, dw, db = conv2d_backward(grad, x, w[:, :2], method=method)
    assert dx.tolist() == [[-128, -256, -128], [-256, -512, -256], [-128, -256, -128]]
    assert dw.tolist() == [[4 * 128 * 128] * 2] * 2
    assert db == -512


def test_bytes_do_not_wrap_around_in_the_others():
    full = np.full((2, 3), 255, np.uint8)
    assert conv_transpose2d(full, full).max() == 6 * 255 * 255
    assert fold(np.full((4, 2), 255, np.uint8), (2, 3), 2).tolist() == [[[255, 510, 255]] * 2]
    assert fold(np.ones((4, 2), bool), (2, 3), 2).tolist() == [[[1, 2, 1]] * 2]


@everywhere
def test_complex_numbers_are_conjugated_as_the_adjoint_asks(method):
    grad, x, w = np.array([[1 + 2j]]), np.array([[3 - 1j]]), np.array([[2 - 5j]])
    dx, dw, db = conv2d_backward(grad, x, w, method=method)
    assert dx.tolist() == [[(1 + 2j) * (2 + 5j)]]
    assert dw.tolist() == [[(1 + 2j) * (3 + 1j)]]
    assert db == 1 + 2j


def test_a_transposed_convolution_conjugates_nothing():
    y = conv_transpose2d(np.array([[1 + 2j]]), np.array([[2 - 5j]]), 1j)
    assert y.tolist() == [[(1 + 2j) * (2 - 5j) + 1j]]


@everywhere
def test_half_precision_is_summed_in_single(method):
    # In float16, 2048 + 1 is 2048: a running sum would stop there.
    ones = np.ones((1, 3000), np.float16)
    grad, x, w = (np.ones(s, np.float16) for s in ((2, 1, 3), (1, 1, 3), (2, 1, 1, 1)))
    grad[..., 0] = 2048
    _, dw, db = conv2d_backward(grad, x, w, method=method)
    assert (dw.ravel().tolist(), db.tolist()) == ([2050, 2050], [2050, 2050])
    _, dw, db = conv2d_backward(ones, ones, ones[:, :1], method=method)
    assert (dw.dtype, dw.tolist(), db.dtype, float(db)) == (np.float16, [[3000]], np.float16, 3000)
    w = np.ones((3000, 1, 1, 1), np.float16)
    dx, _, _ = conv2d_backward(ones.reshape(3000, 1, 1), ones[:, None, :1], w, method=method)
    assert (dx.dtype, dx.tolist()) == (np.float16, [[[3000]]])


def test_half_precision_is_summed_in_single_by_the_others_too():
    ones = np.ones((1, 3000), np.float16)
    y = conv_transpose2d(ones, ones)
    assert (y.dtype, y[0, 2999]) == (np.float16, 3000)
    y = fold(np.ones((3000, 3000), np.float16), (1, 5999), (1, 3000))
    assert (y.dtype, y[0, 0, 2999]) == (np.float16, 3000)


@everywhere
@pytest.mark.parametrize(
    ("grad", "x", "w", "wanted"),
    [
        ([[7]], [[SEVENTH]], [[1]], (7, TOP, 7)),
        ([[-7]], [[SEVENTH]], [[1]], (-7, -TOP, -7)),
        ([[SEVENTH]], [[1]], [[-7]], (-TOP, SEVENTH, SEVENTH)),
        ([[TOP]], [[0]], [[0]], (0, 0, TOP)),
        ([[TOP]], [[True]], [[True]], (TOP, TOP, TOP)),
        (np.array([[1]], np.uint8), [[1]], np.array([[TOP]], np.uint64), (TOP, 1, 1)),
        ([[2**53 + 1]], [[1]], [[3]], (3 * (2**53 + 1), 2**53 + 1, 2**53 + 1)),
    ],
)
def test_integers_are_exact_up_to_the_last_one_that_fits(method, grad, x, w, wanted):
    got = conv2d_backward(grad, x, w, method=method)
    assert [(d.dtype, d.item()) for d in got] == [(np.int64, number) for number in wanted]


@everywhere
def test_the_bound_counts_groups_and_padded_cells_no_more_than_once(method):
    grad, x = np.full((2, 1, 1), SEVENTH), np.zeros((2, 1, 1), int)
    w = np.array([7, -7]).reshape(2, 1, 1, 1)
    dx, _, _ = conv2d_backward(grad, x, w, groups=2, method=method)
    assert dx.ravel().tolist() == [TOP, -TOP]
    for grad, w in [([[SEVENTH] * 3], [[2]]), ([[SEVENTH]], [[2, 2, 2]])]:
        dx, _, _ = conv2d_backward(grad, [[0]], w, method=method, **THREE_CELLS)
        assert dx.tolist() == [[6 * SEVENTH]]


@everywhere
@pytest.mark.parametrize(
    ("grad", "x", "w", "arguments", "reach"),
    [
        ([[7]], [[SEVENTH + 1]], [[1]], {}, TOP + 7),
        ([[-7]], [[-SEVENTH - 1]], [[1]], {}, TOP + 7),
        ([[SEVENTH + 1]], [[1]], [[7]], {}, TOP + 7),
        (np.array([[2**63]], np.uint64), [[0]], [[0]], {}, TOP + 1),  # in db
        (np.array([[-(2**63)]]), [[1]], [[1]], {}, TOP + 1),
        # The smallest may be the largest.
        ([[1, -SEVENTH - 1]], [[7, 0]], [[1]], {}, 2 * (TOP + 7)),
        # Two filters bring grad back to the one pixel.
        (np.full((2, 1, 1), SEVENTH), [[[0]]], np.full((2, 1, 1, 1), 4), {}, 8 * SEVENTH),
        # Three cells show the one pixel, and each brings grad back to it.
        ([[SEVENTH] * 3], [[0]], [[3]], THREE_CELLS, 9 * SEVENTH),
        ([[SEVENTH]], [[0]], [[3, 3, 3]], THREE_CELLS, 9 * SEVENTH),
    ],
)  # fmt: skip
def test_one_more_is_refused(method, grad, x, w, arguments, reach):
    with pytest.raises(ValueError, match=f"could reach {reach}, beyond 2\\*\\*63 - 1") as caught:
        conv2d_backward(grad, x, w, method=method, **arguments)
    assert f"grad.shape={np.shape(grad)}, x.shape={np.shape(x)}" in str(caught.value)
    assert "Convert grad to float64 first." in str(caught.value)


def test_the_others_refuse_one_more_too():
    assert conv_transpose2d([[7]], [[SEVENTH]]).tolist() == [[TOP]]
    assert conv_transpose2d([[7]], [[SEVENTH - 1]], 7).tolist() == [[TOP]]
    x, w = np.array([7, -7]).reshape(2, 1, 1), np.full((2, 1, 1, 1), SEVENTH)
    assert conv_transpose2d(x, w, groups=2).ravel().tolist() == [TOP, -TOP]
    assert fold([[TOP], [-TOP]], 1, 1).tolist() == [[[TOP]], [[-TOP]]]
    for call, reach, name in [
        (lambda: conv_transpose2d([[7]], [[SEVENTH]], -1), TOP + 1, "x"),
        (lambda: conv_transpose2d([[7]], [[SEVENTH + 1]]), TOP + 7, "x"),
        (lambda: conv_transpose2d(x, -w), 14 * SEVENTH, "x"),
        (lambda: fold([[2**62, 0], [0, 0]], (1, 3), (1, 2)), TOP + 1, "cols"),
        (lambda: fold(np.array([[2**63]], np.uint64), 1, 1), TOP + 1, "cols"),
    ]:
        with pytest.raises(ValueError, match=f"could reach {reach}, beyond") as caught:
            call()
        assert f"Convert {name} to float64 first." in str(caught.value)


@everywhere
def test_huge_integers_beside_floats_are_read_as_floats(method):
    huge = np.array([[2**64 - 1]], np.uint64)
    dx, dw, _ = conv2d_backward([[0.5]], huge, np.array([[0]]), method=method)
    assert (dx.tolist(), dw.tolist()) == ([[0.0]], [[2.0**63]])


@everywhere
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_nan_and_infinity_reach_what_they_were_made_of_and_no_other(method, wrong):
    grad, x = np.ones((2, 1, 4, 4)), np.ones((2, 1, 5, 6))
    grad[1, 0, 2, 3] = wrong
    dx, dw, db = conv2d_backward(grad, x, np.ones((1, 1, 2, 3)), method=method)
    covered = np.zeros((2, 1, 5, 6), bool)
    covered[1, 0, 2:4, 3:6] = True
    np.testing.assert_array_equal(np.isfinite(dx), ~covered)
    assert not np.isfinite(dw).any()
    assert not np.isfinite(db).any()


@everywhere
@pytest.mark.parametrize("dtype", [">f4", "<f4", ">i2", ">c8"])
def test_either_byte_order_is_read(method, dtype):
    arrays = [np.array(a, dtype) for a in ([[1, 2, 4]], [[1, 10, 100, 1000]], [[10, 1]])]
    dx, dw, db = conv2d_backward(*arrays, method=method)
    np.testing.assert_array_equal(dx, [[10, 21, 42, 4]])
    np.testing.assert_array_equal(dw, [[421, 4210]])
    assert all(d.dtype.isnative for d in (dx, dw, db))
    assert conv_transpose2d(arrays[0], arrays[2]).tolist() == [[10, 21, 42, 4]]
    np.testing.assert_array_equal(fold(unfold(arrays[1][None], (1, 2)), (1, 4), (1, 2)),
                                  [[[1, 20, 200, 1000]]])  # fmt: skip
