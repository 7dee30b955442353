import numpy as np
import pytest

import convlib
from benchmarks import peers, seeds
from benchmarks.machine import line, machine, pinned
from benchmarks.races import MAKERS, Race, growing, line_up, races
from benchmarks.reference import WrongAnswer, check, expected
from benchmarks.rows import ROWS
from benchmarks.wide import TOO_LARGE, sample
from benchmarks.work import Operands, Work

SMALL = (
    Work(4, 9, 6, 3, batch=2, padding=1),
    Work(4, 9, 4, 3, stride=2, groups=4),
    Work(1, 12, 1, 3, grey=True),
    Work(1, 12, 1, 5, padding=2, grey=True),
    Work(3, 8, 5, 1, batch=2),
)


@pytest.mark.parametrize("seed", [seeds.by_index_grid, seeds.by_tensordot])
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (5, 4)])
def test_seed_equals_conv2d(seed, shape):
    rng = np.random.default_rng(0)
    x, w = rng.integers(-9, 10, (7, 6)), rng.integers(-9, 10, shape)
    np.testing.assert_array_equal(seed(x, w), convlib.conv2d(x, w))


@pytest.mark.parametrize("work", SMALL, ids=lambda work: work.label)
def test_reference_equals_conv2d_and_its_gradients(work):
    operands = Operands(work)
    x, w, grad = (a.astype(float) for a in (operands.x, operands.w, operands.grad))
    y = convlib.conv2d(x, w, method="loops", **work.steps)
    dx, dw, _ = convlib.conv2d_backward(grad, x, w, method="loops", **work.steps)
    for kind, wanted in (("forward", y), ("dx", dx), ("dw", dw)):
        np.testing.assert_allclose(expected(Operands(work, kind)), wanted, atol=1e-12)


ASKED = [("forward", work) for work in SMALL]
ASKED += [(kind, work) for kind in ("dx", "dw") for work in SMALL if not work.grey]


@pytest.mark.parametrize(("kind", "work"), ASKED, ids=lambda part: getattr(part, "label", part))
def test_every_contestant_is_right(kind, work):
    names = [n for n in MAKERS if kind == "forward" or n.startswith(("convlib N", "PyTorch"))]
    names = [n for n in names if work.groups == 1 or not n.startswith("matmul")]
    operands = Operands(work, kind)
    for one in line_up(Race("small", operands, tuple(names))):
        check(one.name, one.result(one.call()), expected(operands))


def test_prepared_weights_give_the_same():
    operands = Operands(SMALL[0], prepared=True)
    for one in line_up(Race("small", operands, ("convlib NCHW", "convlib NHWC"))):
        check(one.name, one.result(one.call()), expected(operands))


def test_a_wrong_answer_is_refused():
    wanted = expected(Operands(SMALL[0]))
    check("right", wanted.astype(np.float32), wanted)
    with pytest.raises(WrongAnswer, match="flipped: differs by"):
        check("flipped", wanted[:, ::-1], wanted)
    with pytest.raises(WrongAnswer, match="shape"):
        check("cut", wanted[..., 1:], wanted)
    with pytest.raises(WrongAnswer, match="differs by nan"):
        check("not a number", wanted * np.nan, wanted)


def test_integers_must_be_exact():
    wanted = expected(Operands(Work(2, 5, 2, 3, dtype="uint8")))
    with pytest.raises(WrongAnswer, match="other integers"):
        check("off by one", wanted + 1, wanted)


def test_a_missing_peer_is_named_and_does_not_run(monkeypatch):
    monkeypatch.setitem(peers.MODULES, "PyTorch", "no_such_module")
    assert "PyTorch" in peers.missing()
    race = Race("small", Operands(SMALL[0]), ("convlib NCHW", "PyTorch NCHW"))
    assert [one.name for one in line_up(race)] == ["convlib NCHW"]


def test_without_any_peer_convlib_runs_alone(monkeypatch):
    for name in peers.MODULES:
        monkeypatch.setitem(peers.MODULES, name, "no_such_module")
    assert peers.missing() == ["PyTorch", "OpenCV", "SciPy", "numba"]
    every = Race("small", Operands(SMALL[2]), tuple(MAKERS))
    ours = ("convlib", "strided", "im2col", "index grid", "tensordot", "matmul")
    assert {one.name for one in line_up(every)} == {n for n in MAKERS if n.startswith(ours)}


def test_races_and_rows_know_each_other():
    every = {race.key: race for race in races()}
    assert len(every) == len(races())
    assert {name for race in every.values() for name in race.names} <= set(MAKERS)
    for row in ROWS:
        for key in row.races:
            assert set(row.ours) & set(every[key].names), (row.key, key)
            assert set(row.peers) & set(every[key].names), (row.key, key)
    used = {key for row in ROWS for key in row.races}
    assert used == set(every)


def test_quick_is_a_part_of_the_full_run():
    assert 0 < sum(race.quick for race in races()) < len(races()) / 1.5
    for name, several in growing(quick=True).items():
        full = [at for at, _ in growing(quick=False)[name]]
        assert {at for at, _ in several} <= set(full)


def test_the_wide_grid_is_wide_and_always_the_same():
    works = sample(150)
    assert works[:20] == sample(20)
    assert len(set(works)) == 150
    assert all(work.multiplications <= TOO_LARGE and work.output > 0 for work in works)
    assert {work.stride for work in works} == {1, 2}
    assert {1, 3, 31} <= {work.kernel for work in works}
    assert {1, 512} <= {work.channels for work in works}
    assert min(work.size for work in works) < 8
    assert max(work.size for work in works) > 400
    assert any(work.groups > 1 for work in works)


def test_threads_are_pinned_and_overrides_dropped():
    given = {"PATH": "p", "OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "1"}
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    assert pinned(given | {"OMP_NUM_THREADS": "8"}) == {"PATH": "p", **one}


def test_the_machine_line_names_a_missing_library():
    described = machine()
    described["libraries"] = {"NumPy": np.__version__, "numba": None}
    assert f"NumPy {np.__version__}, numba missing" in line(described)
    assert "NumPy's BLAS runs" in line(described)
