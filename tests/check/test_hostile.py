"""A function may do what it likes: the process is as before."""

import os
import pdb
import random
import sys
import threading
import time
import warnings

import numpy as np
import pytest

import convlib
from convlens import check


def judged(function, seconds=0.5):
    return check.conv2d(function, x="HW", w="HW", seconds=seconds)


def state():
    return (
        random.getstate(),
        tuple(map(str, np.random.get_state())),  # noqa: NPY002
        dict(os.environ),
        os.getcwd(),
        sys.getrecursionlimit(),
        (sys.stdout, sys.stderr, sys.breakpointhook, pdb.set_trace, threading.Thread.start),
        list(warnings.filters),
        np.geterr(),
        threading.active_count(),
    )


def endless(x, w):
    while True:
        pass


def deep(x, w):
    return deep(x, w)


def leaving(x, w):
    sys.exit(3)


def interrupted(x, w):
    raise KeyboardInterrupt


def debugged(x, w):
    breakpoint()
    pdb.set_trace()
    return convlib.conv2d(x, w)


def threaded(x, w):
    threading.Thread(target=endless, args=(x, w)).start()
    return convlib.conv2d(x, w)


def unsettling(x, w):
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    np.seterr(all="raise")
    warnings.simplefilter("error")
    os.environ["CONVLENS_TEST"] = "1"
    os.chdir("/")
    sys.setrecursionlimit(5000)
    sys.stdout = None
    return convlib.conv2d(x, w)


def spoiling(x, w):
    x *= 0
    return convlib.conv2d(x, w)


def enormous(x, w):
    return np.ones((10**6, 10**6)).sum()


def lying(x, w):
    return np.broadcast_to(0.0, (10**6, 10**6))


class Loops:
    def __array__(self, *given, **named):
        while True:
            pass


class Exits:
    def __repr__(self):
        sys.exit()


def looping_answer(x, w):
    return Loops()


def exiting_answer(x, w):
    return Exits()


RIGHT = [debugged, threaded, unsettling]
WRONG = [
    *(endless, deep, leaving, interrupted, spoiling, enormous, lying),
    *(looping_answer, exiting_answer),
]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("function", [*RIGHT, *WRONG])
def test_nothing_is_left_behind(function, capfd):
    before, start = state(), time.perf_counter()
    report = judged(function)
    assert report.ok == (function in RIGHT), report
    assert report._repr_html_()
    assert state() == before
    assert time.perf_counter() - start < 4
    assert "Exception in thread" not in capfd.readouterr().err


def test_a_million_lines_stay_out_of_the_notebook(capsys):
    def talking(x, w):
        for k in range(5000):
            print(k)
        return convlib.conv2d(x, w)

    assert judged(talking, 5).ok
    lines = capsys.readouterr().out.splitlines()
    assert lines[:20] == [str(k) for k in range(20)]
    assert len(lines) == 21
    assert lines[-1].endswith("lines more")


def test_a_check_has_a_limit_and_not_only_a_call():
    def slow(x, w):
        time.sleep(0.2)
        return convlib.conv2d(x, w)

    start = time.perf_counter()
    report = judged(slow, 0.3)
    assert "all calls together took more than 0.6 s" in report.wrong
    assert time.perf_counter() - start < 1.5
