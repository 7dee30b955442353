"""make says in one sentence what is missing, and stops."""

import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from tests.setup.making import ROOT, Machine, make, script, stand_in

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="make, and Pythons that are shell scripts"
)


@pytest.fixture
def ready(tmp_path):
    """An environment that is set up; its Python is that of the tests, with all its packages."""
    venv = tmp_path / "venv"
    machine = Machine(tmp_path / "machine")
    assert machine.make("setup", f"VENV={venv}")[0] == 0
    stand_in(venv, f'exec "{sys.executable}" "$@"')
    return venv


def test_missing_python(tmp_path):
    status, _, said = make("lab", "PYTHON=python3.99", f"VENV={tmp_path / 'venv'}")
    assert status != 0
    assert said == [
        "No Python here is called 'python3.99': install Python 3.11 or newer, or name yours, "
        "as in 'make lab PYTHON=python3.12' (without make: --python python3.12)."
    ]
    assert not (tmp_path / "venv").exists()


def test_python_too_old(tmp_path):
    old = script(tmp_path / "old", 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac\n')
    status, _, said = make("test", f"VENV={tmp_path / 'venv'}", PYTHON=str(old))
    assert status != 0
    assert said == [
        f"convlib needs Python 3.11 or newer and '{old}' is Python 3.9.2: name a newer one, "
        "as in 'make lab PYTHON=python3.12' (without make: --python python3.12)."
    ]
    assert not (tmp_path / "venv").exists()


def test_missing_venv_module(tmp_path):
    # As on Debian without python3-venv: venv is there, ensurepip is not.
    (tmp_path / "without").mkdir()
    (tmp_path / "without/ensurepip.py").write_text("raise ImportError('no ensurepip')\n")
    python = script(
        tmp_path / "python", f'PYTHONPATH="{tmp_path}/without" exec "{sys.executable}" "$@"\n'
    )
    status, _, said = make("lab", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    assert status != 0
    assert said == [
        f"'{python}' cannot make virtual environments: install its venv module first "
        "(Debian and Ubuntu: sudo apt-get install python3-venv)."
    ]
    assert not (tmp_path / "venv").exists()


def test_busy_port(ready):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        status, _, said = make("lab", f"PORT={port}", f"VENV={ready}")
    assert status != 0
    (sentence,) = said
    assert sentence.startswith(f"Port {port} cannot be used (Address already in use): choose ")


@pytest.mark.parametrize("port", ["99999", "many"])
def test_impossible_port(ready, port):
    status, _, said = make("lab", f"PORT={port}", f"VENV={ready}")
    assert status != 0
    assert said == [
        f"Port {port} cannot be used (a port is a number from 0 to 65535): choose another, "
        "as in 'make lab PORT=8889'."
    ]


def test_lab_is_opened_with_what_was_asked_for(ready):
    stand_in(ready, 'echo "$@"')
    status, out, said = make("lab", "PORT=8890", f"VENV={ready}", "LABARGS=--no-browser")
    assert (status, said) == (0, [])
    served = out.splitlines()[-1].split()
    assert served[:2] == ["tools/open_lab.py", "8890"]
    assert served[-1] == "--no-browser"
    assert ("--allow-root" in served) == (os.geteuid() == 0)


def test_failure_of_either_half_fails_make_test(ready):
    for broken in ("tests", "notebooks"):
        stand_in(ready, f'echo "$@"; case "$*" in *" {broken}"*) exit 1;; esac')
        status, out, _ = make("test", f"VENV={ready}")
        assert status != 0
        first, second = (line.split() for line in out.splitlines() if line.startswith("-m pytest"))
        assert "tests" in first
        assert "notebooks" in second
    stand_in(ready, "exit 0")
    assert make("test", f"VENV={ready}")[0] == 0


def test_what_make_test_leaves_out_make_test_all_runs(ready):
    stand_in(ready, 'echo "$@"')
    ran = (make(target, f"VENV={ready}")[1].splitlines() for target in ("test", "test-all"))
    tests, rest = (next(x for x in lines if x.startswith("-m pytest")) for lines in ran)
    assert "-m not wide" in tests
    assert rest == tests.replace("-m not wide", "-m wide")


def test_what_is_more_goes_on_to_all_that_is_run(ready):
    stand_in(ready, 'echo "$@"')
    command = [sys.executable, ROOT / "tools/run.py", "test", "--venv", ready, "-n", "2"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(ran) == 2
    assert all(line.startswith("-m pytest") and line.endswith(" -n 2") for line in ran)


@pytest.mark.parametrize("command", ["lab", "test"])
def test_what_is_run_may_ask_before_it_is_stopped(ready, command):
    # Both of them hear a ^C; the tests are not followed by the notebooks then.
    stand_in(ready, "trap 'sleep 0.3; echo asked; exit 1' INT; echo up; sleep 30 >&- & wait")
    call = [sys.executable, ROOT / "tools/run.py", command, "--venv", ready]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, start_new_session=True) as done:
        said = [next(line for line in done.stdout if line == "up\n")]
        os.killpg(done.pid, signal.SIGINT)
        said += done.stdout.readlines()
    assert said == ["up\n", "asked\n"]
    assert done.returncode == 1


def test_help_names_every_target():
    status, out, _ = make()
    assert status == 0
    for target in ("lab", "test", "test-all", "notebooks", "check-lab", "lint", "clean"):
        assert f"  {target} " in out


def test_make_is_here():
    assert shutil.which("make")
