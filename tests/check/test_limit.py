import contextlib
import functools
import importlib
import queue
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from convlens import check
from convlens.check.limit import WORKER, within

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
    assert report.wrong == "it was stopped after 0.1 s: does it loop for ever, or wait?"
    assert report.diagnosis is None
    assert time.perf_counter() - start < 20
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


@pytest.fixture
def heard():
    """A ^C arrives, also where the tests were begun in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no signal to one thread")
@pytest.mark.parametrize("function", [turning, swallowing_in_its_sleep])
@pytest.mark.parametrize("times", [1, 2])
def test_what_is_interrupted_does_not_run_on(function, times):
    def interrupt():
        for _ in range(times):
            time.sleep(0.1)
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    before = threading.active_count(), sys.stdout, threading.Thread.start
    interrupting = threading.Thread(target=interrupt)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        interrupting.start()
        plane(function)
    while interrupting.is_alive():  # the second may come as late as here
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(0.02)
    assert (threading.active_count(), sys.stdout, threading.Thread.start) == before
    assert not any(t.name == WORKER for t in threading.enumerate())


def test_what_was_begun_with_a_lock_comes_to_its_end():
    places = queue.Queue()

    def queueing():
        while True:
            with contextlib.suppress(Exception):
                places.get(timeout=0.01)

    assert within(0.05, queueing)[2]
    places.put(3)
    assert places.get(timeout=1) == 3


def test_what_lets_go_on_its_way_out_has_the_time_to():
    let_go = []

    def careful():
        try:
            turning(0, 0)
        finally:
            for k in range(5):
                time.sleep(0.01)
                let_go.append(k)

    assert within(0.05, careful)[2]
    assert let_go == [0, 1, 2, 3, 4]


def test_an_import_that_is_stopped_can_be_done_again(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_to_come.py").write_text("import time\nfor _ in range(30): time.sleep(0.01)")

    def importing():
        import slow_to_come

        turning(slow_to_come, 0)

    assert within(0.05, importing)[2]
    assert importlib.import_module("slow_to_come").time is time


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
