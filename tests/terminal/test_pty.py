"""In a real pseudo-terminal: keys, and a terminal that is left as it was found."""

import os
import re
import select
import signal
import subprocess
import sys
import time

import pytest

from convlens.terminal.player import HELP
from tests.needs import need_module

fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")

HIDE, SHOW = b"\x1b[?25l", b"\x1b[?25h"
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
PLAY = ["-m", "convlens", "play"]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def _on_a_terminal():
    """In the program to be, before it starts: its terminal, and no signal that is ignored."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A shell in the background ignores Ctrl-C and nohup a hangup, and so would what they start.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


class Terminal:
    """A program that runs on a pseudo-terminal of its own."""

    def __init__(self, *arguments, columns=100, lines=35, **variables):
        self.ours, self.theirs = os.openpty()
        termios.tcsetwinsize(self.theirs, (lines, columns))
        self.before = termios.tcgetattr(self.theirs)
        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
        self.program = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            env={**kept, "TERM": "xterm-256color", "PYTHONUTF8": "1", **variables},
            start_new_session=True,
            preexec_fn=_on_a_terminal,
        )
        self.seen = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.kill()
        self.program.wait()
        os.close(self.ours)
        os.close(self.theirs)

    def type(self, keys):
        os.write(self.ours, keys)

    def look(self, seconds):
        """Read what comes within some seconds; return at the first of it."""
        if select.select([self.ours], [], [], seconds)[0]:
            self.seen += os.read(self.ours, 65536)

    def wait_for(self, pattern, seconds=30):
        """Read on until the pattern comes, after what was waited for before; return its groups."""
        begin, end = len(self.seen), time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen[begin:])):
            assert time.monotonic() < end, f"{pattern!r} did not come: {self.seen[-2000:]!r}"
            self.look(0.1)
        return found.groups()

    def number(self):
        """The window shown last."""
        return int(re.findall(rb"window (\d+) of", self.seen)[-1])

    def leave(self, seconds=30):
        end = time.monotonic() + seconds
        while self.program.poll() is None:
            assert time.monotonic() < end
            self.look(0.05)
        while select.select([self.ours], [], [], 0.05)[0]:
            self.seen += os.read(self.ours, 65536)
        return self.program.returncode

    def is_as_before(self):
        assert termios.tcgetattr(self.theirs) == self.before
        assert self.seen.count(ENTER) == self.seen.count(LEAVE) == 1
        assert self.seen.rindex(SHOW) > self.seen.rindex(HIDE)
        assert self.seen.rindex(LEAVE) > self.seen.rindex(ENTER)
        return True


@pytest.fixture(autouse=True)
def _rich():
    need_module("rich")


@pytest.fixture
def ignored():
    """Signals that the tests ignore, as those do that run in the background or under nohup."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("ignored")
def test_what_runs_on_a_terminal_gets_signals_that_are_ignored_here():
    with Terminal(*PLAY) as terminal:
        terminal.wait_for(rb"window 2 of 20")
        terminal.type(b"\x03")
        assert terminal.leave() == 130
    terminal = Terminal(*PLAY)
    terminal.wait_for(rb"window 2 of 20")
    os.close(terminal.ours)
    os.close(terminal.theirs)
    assert terminal.program.wait(30) == 128 + signal.SIGHUP


def test_q_leaves_the_terminal_as_it_was():
    with Terminal(*PLAY) as terminal:
        terminal.wait_for(rb"window 2 of 20")
        assert not termios.tcgetattr(terminal.theirs)[3] & (termios.ICANON | termios.ECHO)
        terminal.type(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_before()


@pytest.mark.parametrize("times", [1, 20])
@pytest.mark.parametrize("state", ["playing", "paused"])
def test_ctrl_c_leaves_the_terminal_as_it_was(state, times):
    with Terminal(*PLAY) as terminal:
        terminal.wait_for(rb"window 2 of 20")
        if state == "paused":
            terminal.type(b" ")
            terminal.wait_for(rb"paused")
        terminal.type(b"\x03" * times)
        assert terminal.leave() == 130
        assert terminal.is_as_before()
        assert b"Traceback" not in terminal.seen
        assert b"^C" not in terminal.seen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_the_terminal_as_it_was(number):
    with Terminal(*PLAY) as terminal:
        terminal.wait_for(rb"window 2 of 20")
        terminal.program.send_signal(number)
        assert terminal.leave() == 128 + number
        assert terminal.is_as_before()


def test_an_exception_leaves_the_terminal_as_it_was():
    code = """
from convlens.terminal import live
render = live.render
def broken(frame, *options):
    if frame.number == 2:
        raise RuntimeError("the picture broke")
    return render(frame, *options)
live.render = broken
live.play([[1, 2, 3, 4, 5]], [[1, 2]], speed=50)
"""
    with Terminal("-c", code) as terminal:
        assert terminal.leave() == 1
        assert terminal.is_as_before()
        assert terminal.seen.rindex(b"the picture broke") > terminal.seen.rindex(LEAVE)


def test_handlers_are_put_back_and_the_result_returned():
    code = """
import signal
from convlens.terminal import play
before = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
y = play([[1, 2, 3]], [[1, 1]], speed=50)
assert before == [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
print("result", y.tolist(), input("and "))
"""
    with Terminal("-c", code) as terminal:
        terminal.wait_for(rb"the end")
        terminal.type(b"q")
        terminal.wait_for(rb"and ")
        terminal.type(b"typed\n")
        assert terminal.leave() == 0
        assert terminal.is_as_before()
        assert b"result [[3, 5]] typed" in terminal.seen


def test_it_works_in_another_thread():
    code = """
import threading
from convlens.terminal import play
thread = threading.Thread(target=lambda: play([[1, 2, 3]], [[1, 1]], speed=50))
thread.start(); thread.join()
"""
    with Terminal("-c", code) as terminal:
        terminal.wait_for(rb"the end")
        terminal.type(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_before()


def test_pause_and_steps():
    with Terminal(*PLAY, "--speed", "20") as terminal:
        terminal.wait_for(rb"window 3 of 20")
        terminal.type(b" ")
        terminal.wait_for(rb"paused")
        at = terminal.number()
        terminal.look(0.6)
        assert terminal.number() == at
        for keys, change in [(b"p", -1), (b"n", 1), (b"\x1b[D", -1), (b"\x1b[C", 1), (b"pp", -2)]:
            at += change
            terminal.type(keys)
            terminal.wait_for(rb"window %d of 20" % at)
        terminal.type(b" ")
        terminal.wait_for(rb"the end")
        assert terminal.number() == 20
        terminal.type(b" ")
        terminal.wait_for(rb"window 1 of 20")
        terminal.type(b"+")
        terminal.wait_for(rb"40/s")
        terminal.type(b"q")
        assert terminal.leave() == 0


def test_ctrl_z_does_not_leave_the_screen_behind():
    with Terminal(*PLAY) as terminal:
        terminal.wait_for(rb"window 2 of 20")
        terminal.type(b"\x1a")
        terminal.wait_for(rb"window 4 of 20")
        terminal.type(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_before()


def test_a_new_size_is_noticed_while_paused():
    with Terminal(*PLAY, "--size", "30x30", columns=60, lines=20, COLUMNS="50") as terminal:
        terminal.wait_for(rb"window 2 of")
        terminal.type(b" ")
        terminal.wait_for(rb"paused")
        assert b"\x1b[40;1H" not in terminal.seen
        termios.tcsetwinsize(terminal.theirs, (40, 120))
        terminal.wait_for(rb"\x1b\[40;1H")
        terminal.type(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_before()


def test_a_terminal_that_is_closed_ends_the_program():
    terminal = Terminal(*PLAY)
    terminal.wait_for(rb"window 2 of 20")
    os.close(terminal.ours)
    os.close(terminal.theirs)
    assert terminal.program.wait(30) == 128 + signal.SIGHUP


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (["--plain"], {}),
        ([], {"TERM": "dumb"}),
        ([], {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}),
    ],
)
def test_plain_text_in_a_terminal_has_no_escape_codes(options, variables):
    with Terminal(*PLAY, "--speed", "100", *options, columns=70, **variables) as terminal:
        assert terminal.leave() == 0
        assert b"\x1b" not in terminal.seen
        lines = terminal.seen.decode().replace("\r", "").split("\n")
        assert "window 20 of 20" in terminal.seen.decode()
        assert max(map(len, lines)) < 100


def test_colours_are_those_of_the_palette():
    with Terminal(*PLAY, COLORTERM="truecolor") as terminal:
        terminal.wait_for(rb"window 1 of 20")
        terminal.wait_for(rb"space pause")
        assert b"48;2;86;180;233" in terminal.seen
        assert b"48;2;230;159;0" in terminal.seen


def colours(seen):
    """The colours that were asked for, by number, of the palette of 256, or of all there are."""
    codes = [code for codes in re.findall(rb"\x1b\[([\d;]*)m", seen) for code in codes.split(b";")]
    return {code for code in codes if re.fullmatch(rb"[349][0-8]|10[0-7]", code)}


def test_no_color_takes_the_colours_and_nothing_else():
    with Terminal(*PLAY, COLORTERM="truecolor", NO_COLOR="") as terminal:
        terminal.wait_for(rb"space pause")
        assert colours(terminal.seen) >= {b"38", b"48"}  # an empty one says nothing
    with Terminal(*PLAY, COLORTERM="truecolor", NO_COLOR="1") as terminal:
        terminal.wait_for(rb"window 2 of 20")
        terminal.type(b"nn")
        terminal.wait_for(rb"(?s)window 4 of 20.*paused")
        terminal.type(b"q")
        assert terminal.leave() == 0
        assert terminal.is_as_before()
        assert not colours(terminal.seen)


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_the_keys_that_fit_are_named_whole(columns):
    with Terminal(*PLAY, columns=columns) as terminal:
        (keys,) = terminal.wait_for(rb"(4/s  space pause[^\x1b\r\n]*)")
        named = keys.decode().rstrip().split("  ")
        assert set(named) <= {"4/s", *HELP}
        assert ("q quit" in named) == (columns > 20)
        assert (len(named) == 6) == (columns == 80)


def test_ends_in_a_terminal():
    with Terminal(*PLAY, "--frames", "ends", "--speed", "20") as terminal:
        terminal.wait_for(rb"the end")
        terminal.type(b"q")
        assert terminal.leave() == 0
        assert re.findall(rb"window (\d+) of", terminal.seen) == [b"1", b"11", b"20"]


def test_without_rich_one_sentence_says_what_to_install():
    code = "import sys; sys.modules['rich'] = sys.modules['rich.console'] = None\n"
    code += "from convlens.__main__ import main; sys.exit(main(['play']))"
    with Terminal("-c", code) as terminal:
        assert terminal.leave() == 2
        text = terminal.seen.decode().strip()
        assert "\n" not in text
        assert 'pip install -e ".[notebooks]"' in text
        assert termios.tcgetattr(terminal.theirs) == terminal.before


def test_keys_typed_elsewhere_are_not_waited_for():
    """Standard input is no terminal: it plays to the end and leaves."""
    code = "import os, sys; sys.stdin.close(); from convlens.__main__ import main\n"
    code += "sys.exit(main(['play', '--speed', '60']))"
    with Terminal("-c", code) as terminal:
        assert terminal.leave() == 0
        assert terminal.number() == 20
        assert terminal.is_as_before()
