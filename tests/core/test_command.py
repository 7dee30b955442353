"""How a command ends: its exit code, and what is said of output that cannot be written."""

import io
import sys

import pytest

from convlib.command import finish


class Full(io.StringIO):
    """A file on a disk that is full; its number is that of a file that a test may lose."""

    def __init__(self, error, number):
        super().__init__()
        self.error, self.number = error, number

    def flush(self):
        raise self.error

    def fileno(self):
        return self.number


def leave(code):
    raise SystemExit(code)


def interrupt():
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("main", "code"),
    [(lambda: 3, 3), (lambda: leave(2), 2), (lambda: leave(None), 0), (interrupt, 130)],
)
def test_the_exit_code_is_that_of_the_command(main, code, capsys):
    assert finish(main, "it") == code
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "code", "ends", "says"),
    [
        (OSError(28, "full"), 0, 1, "it: [Errno 28] full\n"),
        (OSError(28, "full"), 2, 2, ""),
        (BrokenPipeError(), 0, 141, ""),
    ],
)
def test_what_cannot_be_written_is_told_once_and_let_go(
    error, code, ends, says, monkeypatch, capsys, tmp_path
):
    with open(tmp_path / "lost", "w") as lost:
        monkeypatch.setattr(sys, "stdout", Full(error, lost.fileno()))
        assert finish(lambda: code, "it") == ends
        lost.write("nothing of this is kept")
    assert (tmp_path / "lost").read_text() == ""
    assert capsys.readouterr().err == says


def test_closed_streams_are_no_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert finish(lambda: print("said", file=sys.stderr) or 0, "it") == 0
    sys.stderr.close()
