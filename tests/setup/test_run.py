"""tools/run.py does without make what make has it do; test_makefile.py tests the rest of it."""

import ast
import re
import subprocess
import sys

import pytest

from tests.setup.making import ROOT


def run(*arguments, cwd=ROOT):
    command = [sys.executable, str(ROOT / "tools/run.py"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


def test_it_lists_its_commands_wherever_it_is_called_from(tmp_path):
    asked = run(cwd=tmp_path)
    assert asked.returncode == 0
    listed = re.findall(r"^  ([a-z-]+)  ", asked.stdout, re.MULTILINE)
    (known,) = re.findall(r"choose from (.*)\)", run("no-such-command").stderr)
    assert sorted(listed) == sorted(re.findall(r"[a-z-]+", known))


def test_make_has_the_same_commands():
    (listed,) = re.findall("^COMMANDS := (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"^  ([a-z-]+)  ", run().stdout, re.MULTILINE)
    assert named == ["help", *listed.split()]


def test_a_missing_python_is_one_sentence_here_too():
    asked = run("lab", "--python", "python3.99", "--venv", "nowhere")
    assert asked.returncode == 1
    assert asked.stderr.count("\n") == 1
    assert asked.stderr.startswith("No Python here is called 'python3.99': ")
    assert not (ROOT / "nowhere").exists()


@pytest.mark.parametrize("name", ["run.py", "environment.py"])
def test_a_python_that_is_too_old_can_read_it_and_say_so(name):
    source = (ROOT / "tools" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    with pytest.raises(SyntaxError):
        ast.parse(source + "\nif (too := new): pass", feature_version=(3, 6))
