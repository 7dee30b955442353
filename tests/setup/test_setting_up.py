"""make setup makes an environment once, and again when it is no longer what it was made as.

make is one line that calls tools/run.py, so this is tested of both.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.setup.making import ROOT, Machine, make, script, stand_in

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="make, and Pythons that are shell scripts"
)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "machine")


def copy_of_the_project(to):
    to.mkdir()
    shutil.copytree(ROOT / "tools", to / "tools")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copyfile(ROOT / name, to / name)
    return to


@pytest.fixture
def clone(tmp_path):
    """The files that set-up reads, in a folder with a space in its name."""
    return copy_of_the_project(tmp_path / "my clone")


def set_up(machine, clone, *arguments, target="setup", extras="notebooks,test", **more):
    """Run make setup; return the environments into which it installed the clone."""
    status, _, said = machine.make(target, *arguments, cwd=clone, **more)
    assert (status, said) == (0, [])
    installed = machine.installed()
    for _, asked in installed:
        assert asked[0] == "install"
        assert asked[-4:] == ["-c", "constraints.txt", "-e", f".[{extras}]"]
    return [Path(folder) for folder, _ in installed]


def added_by_the_reader(venv):
    file = venv / "added"
    file.touch()
    return file


def change(file):
    file.write_text(file.read_text() + "# changed\n")


def test_it_is_set_up_once(machine, clone):
    assert set_up(machine, clone) == [clone / ".venv"]
    assert machine.make("setup", cwd=clone) == (0, "", [])
    assert machine.installed() == []


def test_tests_add_to_what_readers_have_and_readers_need_no_more(machine, clone):
    reading = {"target": "setup-lab", "extras": "notebooks"}
    assert set_up(machine, clone, **reading) == [clone / ".venv"]
    made = (clone / ".venv/pyvenv.cfg").stat()
    assert set_up(machine, clone, **reading) == []
    assert set_up(machine, clone) == [clone / ".venv"]
    assert (clone / ".venv/pyvenv.cfg").stat() == made  # the environment itself is left alone
    assert set_up(machine, clone) == set_up(machine, clone, **reading) == []


@pytest.mark.parametrize("extras", ["notebooks", "notebooks,test"])
def test_what_changed_is_installed_for_the_one_who_asks(machine, clone, extras):
    set_up(machine, clone)
    change(clone / "constraints.txt")
    target = "setup" if "test" in extras else "setup-lab"
    assert set_up(machine, clone, target=target, extras=extras) == [clone / ".venv"]
    assert len(set_up(machine, clone)) == ("test" not in extras)


@pytest.mark.parametrize(
    ("target", "extras"),
    [("lab", "notebooks"), ("check-lab", "notebooks"), ("bench-quick", "notebooks")]
    + [(target, "notebooks,test") for target in ("test", "test-all", "notebooks", "lint", "site")],
)
def test_each_target_asks_for_what_it_needs(machine, clone, target, extras):
    machine.make("-k", target, cwd=clone)  # which fails afterwards: none of it is installed
    ((_, asked),) = machine.installed()
    assert asked[-1] == f".[{extras}]"


def test_lab_counts_its_steps_and_says_what_is_there(machine, clone):
    steps = machine.make("lab", "PORT=many", cwd=clone)[1].splitlines()
    assert re.match(r"1/4 Virtual environment: \.venv, with Python 3", steps[0])
    assert re.match(r"2/4 Packages: .* minutes, .* \d+ MB to fetch, \d+ MB on disk", steps[1])
    steps = machine.make("lab", "PORT=many", cwd=clone)[1].splitlines()
    assert steps == [
        "1/4 Virtual environment: already there, in .venv",
        "2/4 Packages: already there",
    ]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_requirements_that_change_are_installed(machine, clone, name):
    set_up(machine, clone)
    added = added_by_the_reader(clone / ".venv")
    os.utime(clone / name)
    assert set_up(machine, clone) == []
    change(clone / name)
    assert set_up(machine, clone) == [clone / ".venv"]
    assert set_up(machine, clone) == []
    assert added.exists()


def test_a_moved_clone_is_set_up_where_it_is_now(machine, clone):
    set_up(machine, clone)
    stale = added_by_the_reader(clone / ".venv")  # stands for the scripts, which name a place
    moved = clone.rename(clone.with_name("another clone"))
    assert set_up(machine, moved) == [moved / ".venv"]
    assert not (moved / ".venv" / stale.name).exists()
    assert set_up(machine, moved) == []


def test_a_copied_clone_does_not_use_the_first_one(machine, clone):
    set_up(machine, clone)
    added = added_by_the_reader(clone / ".venv")
    copy = clone.with_name("copy")
    shutil.copytree(clone, copy, symlinks=True)
    assert set_up(machine, copy) == [copy / ".venv"]
    assert str(clone) not in (copy / ".venv/bin/activate").read_text()
    assert set_up(machine, copy) == set_up(machine, clone) == []
    assert added.exists()


def test_a_moved_clone_is_installed_anew_into_an_environment_elsewhere(machine, clone, tmp_path):
    venv = tmp_path / "elsewhere"
    set_up(machine, clone, f"VENV={venv}")
    added = added_by_the_reader(venv)
    moved = clone.rename(clone.with_name("another clone"))
    assert set_up(machine, moved, f"VENV={venv}") == [venv]
    assert set_up(machine, moved, f"VENV={venv}") == []
    assert added.exists()


def test_a_renamed_environment_is_made_anew(machine, clone):
    set_up(machine, clone, "VENV=env-first")
    stale = added_by_the_reader(clone / "env-first")
    (clone / "env-first").rename(clone / "env")
    assert set_up(machine, clone, "VENV=env") == [clone / "env"]
    assert not (clone / "env" / stale.name).exists()


def test_an_environment_whose_python_was_removed_is_made_anew(machine, clone):
    set_up(machine, clone)
    for link in (clone / ".venv/bin").glob("python*"):
        link.unlink()
        link.symlink_to(clone / "removed")
    assert set_up(machine, clone) == [clone / ".venv"]
    assert set_up(machine, clone) == []


def test_where_the_python_that_was_named_is_gone_python3_takes_its_place(machine, clone):
    named = machine.python("python3.99")
    set_up(machine, clone, "PYTHON=python3.99")
    change(clone / "constraints.txt")
    named.unlink()
    assert set_up(machine, clone) == [clone / ".venv"]


def test_an_environment_keeps_the_python_that_was_named(machine, clone):
    machine.python("python3.99")
    set_up(machine, clone, "PYTHON=python3.99")
    assert set_up(machine, clone) == set_up(machine, clone, PYTHON="python3.99") == []
    # Now python3 would have to clear it.
    machine.python("python3", version="older")
    change(clone / "constraints.txt")
    added = added_by_the_reader(clone / ".venv")
    assert set_up(machine, clone) == [clone / ".venv"]
    assert added.exists()


def test_another_python_is_taken_when_it_is_named(machine, clone):
    set_up(machine, clone)
    assert set_up(machine, clone, "PYTHON=python3") == []
    added = added_by_the_reader(clone / ".venv")
    machine.python("python3.99")
    assert set_up(machine, clone, "PYTHON=python3.99") == [clone / ".venv"]
    assert added.exists()  # the same one by another name
    machine.python("python3.98", version="another")
    assert set_up(machine, clone, PYTHON="python3.98") == [clone / ".venv"]
    assert not added.exists()


def test_a_failed_installation_is_tried_again(machine, clone):
    status, _, said = machine.make("setup", cwd=clone, OFFLINE="1")
    assert status != 0
    assert said == [
        "no network",
        "The packages could not be installed into .venv: pip's message above says why; "
        "the same command tries again.",
    ]
    machine.installed()
    added = added_by_the_reader(clone / ".venv")
    assert set_up(machine, clone) == [clone / ".venv"]
    assert added.exists()


@pytest.mark.parametrize("name", ["my env", "it's mine & yours;"])
def test_an_environment_may_have_any_name(machine, clone, name):
    before = set(os.listdir(clone))
    assert set_up(machine, clone, f"VENV={name}") == [clone / name]
    assert set_up(machine, clone, f"VENV={name}") == []
    assert set(os.listdir(clone)) == before | {name}
    stand_in(clone / name, 'echo ran "$@"')
    for target in ("lab", "test", "notebooks", "check-lab", "bench", "lint"):
        status, out, said = machine.make(target, f"VENV={name}", cwd=clone)
        assert (status, said) == (0, [])
        assert re.search("^ran ", out, re.MULTILINE)
    assert machine.make("clean", f"VENV={name}", cwd=clone)[0] == 0
    assert set(os.listdir(clone)) == before


def test_git_does_not_see_an_environment_of_another_name(machine, clone):
    set_up(machine, clone, "VENV=my env")
    subprocess.run(["git", "init", "-q"], cwd=clone, check=True)
    new = ["git", "ls-files", "-o", "--exclude-standard"]
    listed = subprocess.run(new, cwd=clone, capture_output=True, text=True, check=True).stdout
    assert "Makefile" in listed
    assert "my env" not in listed


def test_a_folder_that_is_no_environment_is_left_alone(machine, clone):
    precious = clone / "precious"
    (precious / "bin").mkdir(parents=True)
    (precious / "letter").touch()
    status, _, said = machine.make("setup", "VENV=precious", cwd=clone)
    assert status != 0
    assert said == [
        "'precious' holds something else than a virtual environment: name another folder, "
        "as in 'make lab VENV=.venv' (without make: --venv .venv)."
    ]
    assert machine.make("clean", "VENV=precious", cwd=clone)[0] == 0
    assert sorted(os.listdir(precious)) == ["bin", "letter"]


def test_an_environment_that_cannot_be_made(machine, clone):
    status, _, said = machine.make("setup", "VENV=Makefile/venv", cwd=clone)
    assert status != 0
    assert said == [
        "'Makefile/venv' cannot be made or written to: name another folder, "
        "as in 'make lab VENV=/tmp/convlib-venv' (without make: --venv /tmp/convlib-venv)."
    ]


@pytest.fixture
def closed():
    """A clone in a folder that nobody may write to, and who is held to that: root is not."""
    with tempfile.TemporaryDirectory() as folder:  # not in tmp_path, where only its owner may look
        clone = copy_of_the_project(Path(folder) / "clone")
        (clone / ".venv").mkdir()
        Path(folder).chmod(0o755)
        clone.chmod(0o555)
        yield clone, 65534 if os.geteuid() == 0 else None
        clone.chmod(0o755)


@pytest.mark.parametrize("arguments", [[], ["VENV=/tmp/convlib-venv"]])
def test_a_clone_that_cannot_be_written_to(closed, arguments):
    clone, another = closed
    status, _, said = make("lab", *arguments, cwd=clone, user=another)
    assert status != 0
    assert said == [
        "This folder cannot be written to, and setting up writes to it: "
        "copy it to one of your own, and begin there."
    ]


def test_an_environment_that_cannot_be_written_to(closed):
    clone, another = closed
    script(clone.parent / "python", "exit 0\n")
    (clone / ".venv").chmod(0o555)
    clone.chmod(0o777)
    status, _, said = make("lab", "PYTHON=../python", cwd=clone, user=another)
    assert status != 0
    assert said == [
        "'.venv' cannot be made or written to: name another folder, "
        "as in 'make lab VENV=/tmp/convlib-venv' (without make: --venv /tmp/convlib-venv)."
    ]
