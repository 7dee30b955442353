"""A function may do what it likes: the process is as before."""

import os
import pdb
import random
import sys
import threading
import time

import pytest

import convlib
from convlens import check
from tests.check.hostile import RIGHT, WRONG, judged, state, unsettling


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("function", [*RIGHT, *WRONG])
def test_nothing_is_left_behind(function, capfd):
    before, start = state(), time.perf_counter()
    report = judged(function, 2 if function in RIGHT else 0.5)
    assert report.ok == (function in RIGHT), report
    assert report._repr_html_()
    assert state() == before
    assert time.perf_counter() - start < 30  # it ends, on a busy machine too
    assert "Exception in thread" not in capfd.readouterr().err


def test_what_cannot_be_put_back_leaves_nothing_else_as_it_is(monkeypatch):
    def refuses(state):
        raise ValueError

    before = sys.stdout, sys.getrecursionlimit(), pdb.set_trace, os.getcwd()
    monkeypatch.setattr(random, "setstate", refuses)
    assert judged(unsettling).ok
    assert (sys.stdout, sys.getrecursionlimit(), pdb.set_trace, os.getcwd()) == before


def test_two_checks_at_once_wait_for_each_other():
    def slow(x, w):
        time.sleep(0.001)
        return convlib.conv2d(x, w)

    before, reports = state(), []
    both = [threading.Thread(target=lambda: reports.append(judged(slow, 5))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [r.ok for r in reports] == [True, True]
    assert state() == before


def test_a_check_inside_a_check_runs_plainly():
    def checking(x, w):
        assert judged(convlib.conv2d).ok
        return convlib.conv2d(x, w)

    before = state()
    assert check.conv2d(checking, x="HW", w="HW", seconds=20).ok
    assert state() == before


def test_a_check_has_a_limit_and_not_only_a_call():
    def slow(x, w):
        time.sleep(0.2)
        return convlib.conv2d(x, w)

    start = time.perf_counter()
    report = judged(slow, 0.3)
    assert "all calls together took more than 0.6 s" in report.wrong
    assert time.perf_counter() - start < 8
