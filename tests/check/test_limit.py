import functools
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from convlens import check
from convlens.check.limit import within

plane = functools.partial(check.conv2d, x="HW", w="HW")


def swallowing(x, w):
    while True:
        try:  # noqa: SIM105
            np.sum(x)
        except:  # noqa: E722
            pass


def sleeping(x, w):
    while True:
        time.sleep(0.01)


def swallowing_in_its_sleep(x, w):
    while True:
        try:
            time.sleep(0.001)
        except BaseException:
            continue


def turning(x, w):
    while True:
        pass


def never_ending_at_the_end(x, w):
    try:
        turning(x, w)
    finally:
        turning(x, w)


HANGING = [swallowing, sleeping, swallowing_in_its_sleep, turning, never_ending_at_the_end]


@pytest.mark.parametrize("function", HANGING)
def test_what_hangs_is_stopped_and_does_not_go_on(function, capfd):
    before = threading.active_count()
    start = time.perf_counter()
    report = check.conv2d(function, seconds=0.1)
    assert report.wrong == "it was stopped after 0.1 s: is there a loop that never ends?"
    assert report.diagnosis is None
    assert time.perf_counter() - start < 2
    assert threading.active_count() == before
    assert "Exception in thread" not in capfd.readouterr().err


def test_what_ends_at_the_limit_leaves_nothing_behind(capfd):
    before = threading.active_count()
    for k in range(200):
        late = 0.0005 + (k % 10 - 5) * 2e-5
        within(0.0005, lambda late=late: time.sleep(late))
    assert threading.active_count() == before
    assert capfd.readouterr() == ("", "")


def test_a_value_that_comes_too_late_does_not_count():
    assert within(0.02, lambda: time.sleep(0.05) or 5) == (None, None, True)
    assert within(5, lambda: 5) == (5, None, False)


TRACED = """
import sys
from convlens import check
def hanging(x, w):
    while True:
        try:
            x.sum()
        except:
            pass
for function in (hanging, lambda x, w: x):
    check.conv2d(function, x="HW", w="HW", seconds=0.05)
sys.settrace(lambda *given: None)
for _ in range(1000):
    (lambda: 0)()
"""


def test_a_debugger_works_afterwards():
    subprocess.run([sys.executable, "-c", TRACED], timeout=60, check=True)
