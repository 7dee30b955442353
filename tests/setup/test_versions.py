"""tools/versions.py: what it asks uv for, what it says of what pytest said, and when it fails."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.setup.making import ROOT, script
from tools import versions


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """Try this Python with a uv that installs nothing, and a pytest that says and ends so."""
    asked = []

    def run(said, status=0, *arguments):
        def uv(_, *command):
            asked.append(command)
            if "compile" in command:
                pins = [f"{name}==1.{k}" for k, name in enumerate(versions.SHOWN)]
                Path(command[command.index("--output-file") + 1]).write_text("\n".join(pins))
            if "venv" in command:
                script(Path(command[-1]) / "bin/python", f'echo "{said}"\nexit {status}\n')

        monkeypatch.setattr(versions, "call", uv)
        monkeypatch.setattr(versions, "fetched_uv", lambda folder: "uv")
        return versions.main([*(arguments or [sys.executable]), "--folder", str(tmp_path)]), asked

    return run


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script for a Python")
@pytest.mark.parametrize(
    ("said", "status", "told", "failed"),
    [
        ("== 3 passed, 2 skipped, 1 warning in 4.56s ==", 0, "  3 passed, 2 skipped", 0),
        ("1 failed, 12 passed in 0.1s", 1, "  FAILED: 1 failed, 12 passed", 1),
        ("ImportError: no such thing", 4, "  FAILED: ImportError: no such thing", 1),
        ("", 2, "  FAILED: no output", 1),
    ],
)
def test_a_row_for_the_oldest_and_one_for_the_newest(tried, capsys, said, status, told, failed):
    ended, asked = tried(said, status)
    assert ended == failed
    for which, row in zip(
        ("oldest", "newest"), capsys.readouterr().out.splitlines()[-2:], strict=True
    ):
        assert row.split()[1:4] == [which, "1.0", "1.1"]
        assert row.count(told) == len(versions.RUNS)
    chosen = [[word for word in command if "--resolution" in word] for command in asked]
    assert [*filter(None, chosen)] == [["--resolution=lowest-direct"], ["--resolution=highest"]]


def test_a_python_that_was_named_must_be_there_and_of_the_others_one(tried, capsys, monkeypatch):
    assert tried("", 0, "python3.99") == (1, [])
    assert capsys.readouterr().out.count("not available") == 2 * 2 * len(versions.RUNS)
    monkeypatch.setattr(versions, "PYTHONS", ["python3.98", "python3.99"])
    assert tried("", 0, "--which", "newest") == (1, [])


def test_what_cannot_be_installed_has_failed(tried, capsys, monkeypatch):
    def fails(*command):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(versions.Case, "prepare", fails)
    assert tried("3 passed in 1s") == (1, [])
    assert "FAILED: not installed" in capsys.readouterr().out


def test_the_first_python_that_is_tried_is_the_oldest_that_is_allowed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert versions.PYTHONS[0] == "python" + project["requires-python"].removeprefix(">=")
