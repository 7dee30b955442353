import numpy as np
import pytest

from convlib import conv2d, prepare
from convlib.fast import matrix
from convlib.geometry import Geometry
from tests.fast.agree import agrees, drawn, held, normal, off


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(60))
def test_one_product_agrees_with_the_definition(seed, dtype):
    arguments = drawn(seed)[3]
    if arguments["groups"] > 1:
        with pytest.raises(ValueError, match="'matrix' cannot do groups other than 1"):
            agrees("matrix", seed, dtype=dtype)
    else:
        agrees("matrix", seed, dtype=dtype)


def test_every_weight_is_written_once_for_every_output():
    w = np.arange(1, 13).reshape(1, 2, 2, 3)
    g = Geometry((4, 5), (2, 3), channels=2)
    m = matrix.as_matrix(w, g)
    assert m.shape == (40, 9)
    x = np.arange(40).reshape(1, 2, 4, 5)
    np.testing.assert_array_equal((x.reshape(1, -1) @ m).reshape(3, 3), conv2d(x, w)[0, 0])
    assert [np.count_nonzero(m[:, i]) for i in range(9)] == [12] * 9


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_zero_padding_wider_than_the_image(layout):
    x, w = normal((2, 2), "float64"), normal((3, 4), "float64", 1)
    arguments = {"padding": ((5, 3), (0, 6)), "layout": layout}
    assert off(conv2d(x, w, method="matrix", **arguments), x, w, **arguments) <= 2e-15


def test_integers_are_multiplied_as_they_are():
    x = np.full((1, 2, 4, 5), 2**53 + 1)
    assert (conv2d(x, np.ones((1, 2, 2, 3), int), method="matrix") == 12 * (2**53 + 1)).all()


def test_a_matrix_too_large_is_refused():
    x, w = np.ones((60, 60)), np.ones((2, 2))
    with pytest.raises(ValueError, match="a matrix of 12,531,600 numbers"):
        conv2d(x, w, method="matrix")


def test_prepared_filters_keep_one_matrix_for_each_size(monkeypatch):
    made = held(monkeypatch, matrix, "as_matrix")
    w = normal((3, 2, 2, 3), "float64")
    kernel = prepare(w)
    for size in [(5, 6), (7, 4), (5, 6), (7, 4), (5, 6)]:
        for batch in (1, 3):
            x = normal((batch, 2, *size), "float64", 1)
            assert off(conv2d(x, kernel, method="matrix"), x, w) <= 2e-15
    assert len(made) == 2


def test_a_second_call_answers_as_the_first():
    # What prepared filters remember of a call must not answer one with other arguments.
    kernel = prepare(normal((3, 2, 3, 3), "float64"))
    x = normal((2, 2, 6, 6), "float64", 1)
    others = [
        {},
        {"padding": 1},
        {"padding": 1, "stride": 2},
        {"padding": 1, "dilation": 2},
        {"padding": 2},
        {"padding": 2, "padding_mode": "reflect"},
        {"padding": 2, "padding_mode": "circular"},
        {"padding": "same"},
        {"padding": 1, "bias": np.array([1.0, 2, 3])},
    ]
    for _ in range(2):
        for arguments in others:
            for method in ("matrix", "auto"):
                for each in (x, x[0], x[:1], np.asfortranarray(x), x[:, :, ::-1], x.astype("f4")):
                    y = conv2d(each, kernel, method=method, **arguments)
                    right = conv2d(each, kernel.w, method="strided", **arguments)
                    assert y.shape == right.shape
                    assert y.dtype == right.dtype
                    np.testing.assert_allclose(y, right, atol=1e-13)
                    assert not np.shares_memory(y, each)


WRONG = [
    {"stride": True},
    {"stride": 1.0},
    {"threads": 0},
    {"threads": "2"},
    {"padding_mode": "mirror"},
    {"padding_mode": ["zeros"]},
    {"layout": "NHWC"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_refused_the_second_time_too(wrong):
    kernel = prepare(normal((3, 3), "float64"))
    x = normal((6, 6), "float64")
    for _ in range(2):
        conv2d(x, kernel, method="matrix")
        with pytest.raises((ValueError, TypeError), match="Given: "):
            conv2d(x, kernel, **{"method": "matrix", **wrong})
