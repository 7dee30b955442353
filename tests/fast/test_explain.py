import numpy as np
import pytest

from convlib import conv2d, explain, prepare
from convlib.fast import run
from convlib.fast.cost import direct
from tests.fast.agree import METHODS, NAMES, drawn, geometry, held, normal, spied


@pytest.fixture
def ran(monkeypatch):
    """The names of the fast methods that were run, in their order."""
    names = []
    monkeypatch.setattr(run, "METHODS", spied(lambda name, *_: names.append(name)))
    return names


SHAPES = [
    ((2, 1, 5, 6), (1, 1, 2, 3)),
    ((1, 64, 56, 56), (64, 64, 3, 3)),
    ((1, 1, 300, 310), (1, 1, 31, 31)),
    ((1, 1, 300, 310), (1, 1, 3, 3)),
    ((1, 32, 60, 60), (32, 32, 1, 1)),
]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
@pytest.mark.parametrize("shapes", SHAPES)
def test_what_is_named_is_what_runs(ran, shapes, dtype):
    x, w = (np.ones(shape, dtype) for shape in shapes)
    for kernel in (w, prepare(w)):
        method = explain(x, kernel).method
        assert not ran
        conv2d(x, kernel)
        assert ran == [method]
        ran.clear()


@pytest.mark.parametrize("seed", range(40))
def test_what_is_named_is_what_runs_whatever_the_arguments(ran, seed):
    x, w, bias, arguments = drawn(seed, dtype=("float32", "float64", "int64")[seed % 3])
    method = explain(x, w, bias=bias, **arguments).method
    conv2d(x, w, bias, **arguments)
    assert ran == ([] if method == "strided" else [method])


def test_what_is_named_is_what_runs_for_integers_beyond_a_double(ran):
    x, w = np.full((1, 4, 64, 64), 2**40), np.full((4, 4, 3, 3), 2**15)
    method = explain(x, w).method
    conv2d(x, w)
    assert ran == [method]


@pytest.mark.parametrize("dtype", ["complex64", "longdouble"])
def test_other_numbers_are_left_to_tensordot(ran, dtype):
    x, w = np.ones((2, 7, 8), dtype), np.ones((3, 2, 3, 3), dtype)
    explanation = explain(x, w)
    assert explanation.method == "strided"
    assert "tensordot" in explanation.why
    conv2d(x, w)
    assert not ran


@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (2, 3)])
def test_an_empty_batch_is_explained(ran, kernel):
    x, w = np.ones((0, 2, 7, 8)), np.ones((3, 2, *kernel))
    assert explain(x, w).method == "strided"
    conv2d(x, w)
    assert not ran


def test_it_shows_itself_and_prints_nothing(capsys):
    explanation = explain(normal((40, 50)), normal((3, 4)))
    assert capsys.readouterr().out == ""
    assert repr(explanation).startswith(f"auto takes {explanation.method}: {explanation.why}")
    assert str(explanation) == repr(explanation)


@pytest.mark.parametrize("dtype", ["float32", "int64", "complex64"])
def test_the_table_has_every_method_and_marks_the_one_that_is_taken(dtype):
    explanation = explain(np.ones((4, 300, 310), dtype), np.ones((4, 2, 5, 5), dtype), groups=2)
    names = [row.method for row in explanation.rows]
    assert len(set(names)) == len(names)
    assert set(names) >= {*NAMES, "strided", "index_grid"}
    lines = str(explanation).splitlines()
    for row in explanation.rows:
        (line,) = (line for line in lines if line.startswith(f"{row.method} "))
        assert line.endswith("<-") == (row.method == explanation.method)
        if row.refused:
            assert line.endswith(f"cannot do {row.refused}")
            assert row.cost is None
        else:
            assert f"{row.cost.multiplications:,}" in line
    refused = {row.method for row in explanation.rows if row.refused}
    assert (
        refused
        == {
            "float32": {"winograd", "matrix"},
            "int64": {"winograd", "matrix"},
            "complex64": {"winograd", "matrix", "fft"},
        }[dtype]
    )


def test_the_least_estimate_comes_first_and_the_refused_last():
    explanation = explain(normal((4, 90, 91)), normal((4, 2, 5, 5)), groups=2)
    fast = [row for row in explanation.rows if row.method in METHODS]
    able = [row.microseconds for row in fast if not row.refused]
    assert able == sorted(able)
    assert able[0] > 0
    assert [bool(row.refused) for row in fast] == sorted(bool(row.refused) for row in fast)
    assert explanation.method == fast[0].method


def test_the_counts_are_those_of_the_methods():
    x, w = normal((2, 3, 40, 50)), normal((4, 3, 3, 3))
    g = geometry(x, w, padding=1)
    for row in explain(x, w, padding=1).rows:
        if row.method in METHODS and not row.refused:
            assert row.cost == METHODS[row.method].cost(g, 4)
        if row.method in ("strided", "index_grid"):
            assert row.cost.multiplications == direct(g)
            assert (row.microseconds > 0) == (row.method == "strided")  # auto may take that one


def test_a_method_and_threads_are_ignored():
    x, w = normal((40, 50)), normal((3, 4))
    assert explain(x, w, method="loops", threads=2).method == explain(x, w).method


def test_nothing_is_convolved(ran, monkeypatch):
    made = held(monkeypatch, METHODS["winograd"], "transform")
    explain(normal((64, 56, 56)), normal((64, 64, 3, 3)))
    assert not ran
    assert not made


@pytest.mark.parametrize(
    ("x", "w", "arguments", "kind"),
    [
        (np.ones((5, 5)), np.ones((6, 6)), {}, ValueError),
        (np.ones((2, 5, 5)), np.ones((1, 3, 2, 2)), {}, ValueError),
        (np.ones((5, 5)), np.ones((2, 2)), {"stride": 0}, ValueError),
        (np.ones((5, 5)), np.ones((2, 2)), {"layout": "HWC"}, ValueError),
        (np.ones((5, 5)), [["a"]], {}, TypeError),
        (np.ones((5, 5)), np.ma.ones((2, 2)), {}, TypeError),
        (np.full((5, 5), 2**62), np.full((2, 2), 2**62), {}, ValueError),
        (np.ones((3, 5, 5)), prepare(np.ones((3, 3, 3, 3)), layout="NHWC"), {}, ValueError),
    ],
)
def test_what_conv2d_refuses_is_refused(x, w, arguments, kind):
    for call in (conv2d, explain):
        with pytest.raises(kind, match="Given: "):
            call(x, w, **arguments)


def test_a_typing_error_is_refused():
    with pytest.raises(TypeError):
        explain(np.ones((5, 5)), np.ones((2, 2)), strides=2)
