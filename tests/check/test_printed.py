"""What a function says: what it prints, and the messages of what it raises."""

import io
import sys
import threading
from xml.etree import ElementTree

import pytest

import convlib
from convlens import check


def judged(function, seconds=2):
    return check.conv2d(function, x="HW", w="HW", seconds=seconds)


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


def printed(function, **asked):
    """What a right function prints, by the stream that a notebook shows."""
    kept, sys.stdout = sys.stdout, io.StringIO()
    try:
        assert check.conv2d(function, x="HW", w="HW", **asked).ok
        return sys.stdout.getvalue()
    finally:
        sys.stdout = kept


def test_what_is_printed_is_little_however_it_is_printed():
    def at_once(x, w):
        print("\n".join("x" * 1000))
        return convlib.conv2d(x, w)

    def on_one_line(x, w):
        print("x" * 100_000, end="")
        return convlib.conv2d(x, w)

    def in_lists(x, w):
        sys.stdout.writelines(["x\n"] * 1000)
        return convlib.conv2d(x, w)

    for function in (at_once, in_lists):
        lines = printed(function).splitlines()
        assert lines[:20] == ["x"] * 20
        assert len(lines) == 21
    first, second = printed(on_one_line).splitlines()
    assert first == "x" * 2000
    assert second.endswith("characters more")


def test_a_process_without_a_stream_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    def talking(x, w):
        print("here")
        return convlib.conv2d(x, w)

    assert judged(talking).ok


def test_a_folder_that_is_gone_is_no_obstacle(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)

    def removing(x, w):
        if gone.exists():
            gone.rmdir()
        return convlib.conv2d(x, w)

    before = sys.stdout, threading.Thread.start
    assert judged(removing).ok  # it is there before, and not after
    assert judged(removing).ok  # nor before
    assert (sys.stdout, threading.Thread.start) == before


ODD = [
    (ValueError("\x00\x1b[31mred\ud800"), "ValueError: \\x00\\x1b[31mred\\ud800"),
    (ValueError("x" * 10**7), f"ValueError: {'x' * 200}..."),
    (type("", (Exception,), {})("m"), "object without a name: m"),
    (type("Group", (Exception,), {"__str__": lambda e: "said"})(), "Group: said"),
]


@pytest.mark.parametrize(("error", "said"), ODD)
def test_any_message_can_be_printed_and_shown(error, said):
    def raising(x, w):
        raise error

    report = judged(raising)
    assert f"it raised {said}, at the line `raise error`" in report.wrong
    ElementTree.fromstring(report._repr_html_())
    str(report).encode()
