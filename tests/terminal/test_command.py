"""`python -m convlens` where no terminal is: help, options, refusals, pipes."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from convlens.__main__ import main, small_numbers
from convlens.palette import label
from convlib import __version__, conv2d

BARE = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}


def run(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "convlens", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**BARE, "PYTHONIOENCODING": "utf-8", **variables},
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_without_arguments_it_helps():
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "play" in done.stdout
    assert len(done.stdout.splitlines()) < 20


def test_version():
    assert run("--version").stdout == f"convlens {__version__}\n"


def test_three_frames_without_escape_codes_whatever_the_environment_says():
    plain = run("play")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert re.findall(r"window (\d+) of", plain.stdout) == ["1", "11", "20"]
    assert "\x1b" not in plain.stdout
    variables = {"FORCE_COLOR": "1", "COLUMNS": "40", "LINES": "9", "TERM": "xterm"}
    assert run("play", **variables).stdout == plain.stdout
    assert run("play", "--plain", **variables).stdout == plain.stdout


def test_rich_is_not_needed_for_text():
    code = (
        "import sys; sys.modules['rich'] = None; from convlens.__main__ import main; main(['play'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, env=BARE
    )
    assert "window 20 of 20" in done.stdout


def test_ascii_output():
    done = run("play", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "window 20 of 20" in done.stdout


def test_options_reach_the_picture(capsys):
    options = "--size 6x8 --kernel 3x2 --stride 2x1 --padding 1x0 --dilation 1x3 --channels 2"
    options += " --filters 2 --seed 5 --family strided --frames all"
    assert main(["play", *options.split()]) == 0
    text = capsys.readouterr().out
    assert "By byte strides: window 30 of 30, filter 1" in text
    assert "input 6×8, kernel 3×2, output 3×5, stride 2×1, padding 1×0, dilation 1×3" in text
    x, w = small_numbers((6, 8), (3, 2), 2, 2, 5)
    y = conv2d(x, w, stride=(2, 1), padding=(1, 0), dilation=(1, 3))
    assert re.findall(r"^y\[.* = <(.*)>$", text, re.MULTILINE) == [label(v) for v in y.ravel()]


@pytest.mark.parametrize("padding", ["2", "1x2", "same", "same_lower", "valid"])
def test_paddings(capsys, padding):
    assert main(["play", "--padding", padding]) == 0
    assert "Output y" in capsys.readouterr().out


def test_seeds_differ_and_repeat(capsys):
    texts = []
    for seed in ("0", "0", "1"):
        main(["play", "--seed", seed])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("size", [(1, 1), (1, 4), (3, 1), (2, 3), (4, 2)])
def test_every_row_and_column_of_a_kernel_does_something(size):
    for seed in range(50):
        _, w = small_numbers((5, 5), size, 2, 2, seed)
        assert w.any(axis=2).all()
        assert w.any(axis=3).all()
        assert ((w == 3).nonzero()[2:] == np.zeros((2, 4))).all()


def test_no_kernel_looks_the_same_when_flipped():
    for seed in range(20):
        _, w = small_numbers((5, 5), (3, 3), 2, 2, seed)
        for kernel in w.reshape(-1, 3, 3):
            for flipped in (kernel[::-1], kernel[:, ::-1], kernel[::-1, ::-1], kernel.T[::-1]):
                assert (kernel != flipped).any()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--size 2x2", "kernel spans"),
        ("--stride 0", "stride is out of range"),
        ("--stride=-1x2", "stride is out of range"),
        ("--size 0x4", "size is out of range"),
        ("--size 4x4x4", "not a number, or two"),
        ("--size big", "not a number, or two"),
        ("--kernel 2.5", "not a number, or two"),
        ("--padding some", "not a number, or two"),
        ("--channels 0", "channels is out of range"),
        ("--filters=-1", "filters is out of range"),
        ("--seed=-1", "seed is out of range"),
        ("--speed 0", "speed must be positive"),
        ("--speed nan", "speed must be positive"),
        ("--speed fast", "invalid float value"),
        ("--family fft", "family is not known"),
        ("--frames one", "frames is not known"),
        ("--size 99999999999x5", "size is out of range"),
        ("--size 2000000000x2000000000", "not enough memory|too big"),
        ("--nothing", "unrecognized arguments"),
    ],
)
def test_refusals_are_one_sentence_and_exit_code_2(options, says, capsys):
    with pytest.raises(SystemExit) as left:
        main(["play", *options.split()])
    said = capsys.readouterr()
    assert (left.value.code, said.out) == (2, "")
    assert re.search(says, said.err)
    assert said.err.count("\n") == 1


def test_unknown_command():
    done = run("plya")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a shell, and a full disk")
@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("play --frames all --size 30x30 | head -n 1", 141, ""),
        ("--help | true", 141, ""),
        ("play >/dev/full", 1, "No space left on device"),
        ("play --frames all --size 30x30 >/dev/full", 2, "No space left on device"),
        ("--help >/dev/full", 1, "No space left on device"),
        ("play >&-", 2, "standard output is closed"),
        ("play >&- 2>&-", 2, ""),
        ("play <&-", 0, ""),
        ("play 2>&-", 0, ""),
        ("play --size 0 2>/dev/full", 2, ""),
    ],
)
def test_wherever_output_goes_it_ends_in_a_line_at_most(typed, code, says, tmp_path):
    # The pipe's other side ends well, whatever becomes of this one: its exit code has a file.
    command, pipe, reader = typed.partition("|")
    told = f'{{ "$0" -m convlens {command}; echo $? >"$1"; }} {pipe} {reader}'
    # As most shells have it: what is printed waits to be written until it is much, or the end.
    buffered = {name: value for name, value in BARE.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["/bin/sh", "-c", told, sys.executable, str(tmp_path / "code")],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=buffered,
    )
    assert (tmp_path / "code").read_text() == f"{code}\n"
    assert says in done.stderr
    assert done.stderr.count("\n") == bool(says)
