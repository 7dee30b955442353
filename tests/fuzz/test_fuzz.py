"""A sample of what `make fuzz` goes on with for as long as it is let, always the same one."""

import sys
import warnings

import numpy as np
import pytest

from convlib import unfold
from tests.fuzz import calls, facts, judge, right, together
from tests.needs import need_module

PORTIONS, EACH = 6, 40


@pytest.fixture(autouse=True)
def small_machine():
    with judge.small_machine():
        yield


def wrong(verdicts):
    return [f"{v.seed}: {v.wrong}" for v in verdicts if v.wrong]


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_every_call_ends_in_the_right_answer_or_in_a_refusal(portion):
    seeds = range(portion * EACH, (portion + 1) * EACH)
    first = [judge.judge(seed) for seed in seeds]
    assert wrong(first) == []
    again = [judge.judge(seed) for seed in [*seeds][::-4]]  # whatever was called in between
    assert again == first[::-4]
    assert {v.outcome for v in first} == {"valid", "refused"}


@pytest.mark.parametrize("draw", facts.DRAWN, ids=lambda draw: draw.__name__)
def test_what_is_told_of_a_convolution_is_true(draw):
    if draw is facts.tiles:
        need_module("dask")
    assert wrong(judge.judge(seed, (draw,)) for seed in range(15)) == []


@pytest.mark.parametrize("seed", range(0, 18, 3))
def test_explorers_of_whatever_array(seed):
    need_module("anywidget")
    need_module("matplotlib")
    from tests.fuzz import explorers

    assert explorers.judge(seed).wrong == ""


@pytest.mark.parametrize("seed", [1, 3])
def test_eight_threads_share_a_kernel(seed):
    assert together.threads_agree(seed) == ""


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a fork is not safe, whoever makes it"
)
def test_a_process_forked_after_threads_were_used_finds_the_same():
    assert together.processes_agree(3, "fork") == ""


def spoiled(x, kernel_size):
    y = unfold(x, kernel_size)
    x[:] = 0
    return y


def loud(x, kernel_size):
    warnings.warn("a warning", RuntimeWarning, stacklevel=2)
    return unfold(x, kernel_size)


def failing(x, kernel_size):
    raise KeyError(kernel_size)


def unworded(x, kernel_size):
    raise ValueError("this will not do")


def refusing(x, kernel_size):
    raise ValueError("this will not do. Given: x=1. Use something else.")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (unfold, ""),
        (lambda x, k: unfold(x, k) + 1, "wrong numbers"),
        (lambda x, k: unfold(x, k)[:1], "of shape"),
        (lambda x, k: unfold(x, k).astype(np.float32), "dtype float32, not float64"),
        (lambda x, k: np.asfortranarray(unfold(x, k)), "not C-contiguous"),
        (lambda x, k: (unfold(x, k), 1), "2 answers"),
        (spoiled, "an argument was written to"),
        (loud, "warned: ['a warning']"),
        (failing, "KeyError: 2"),
        (unworded, "not worded: ValueError: this will not do"),
        (refusing, "refused: this will not do."),
    ],
)
def test_what_is_wrong_is_seen(monkeypatch, function, said):
    x = np.arange(12.0).reshape(1, 3, 4)
    memory = [calls.Given(x, x, x.tobytes())]
    arguments = {"x": x, "kernel_size": 2}
    made = calls.Call(
        "unfold", lambda x, kernel_size: function(x, kernel_size), arguments, right.unfold
    )
    made.memory = memory
    monkeypatch.setattr(judge, "call", lambda seed: made)
    assert said in judge.judge(0).wrong
    assert bool(said) == bool(judge.judge(0).wrong)


def test_what_should_be_refused_must_not_be_taken(monkeypatch):
    arguments = {"x": [[1]], "kernel_size": 9}
    made = calls.Call("unfold", lambda **_: np.ones((4, 2)), arguments, right.unfold)
    monkeypatch.setattr(judge, "call", lambda seed: made)
    assert "taken, though wrong" in judge.judge(0).wrong
