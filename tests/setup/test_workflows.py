"""The workflows can be read, and run what they are there for."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tools.versions import PYTHONS

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# YAML 1.1 reads the key `on` as true.
ON = True


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_is_complete(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow[ON]
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job["runs-on"], name
        assert job["timeout-minutes"] <= 90, name
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), f"{name}: {step}"


CI = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())


def commands(job):
    """All that a job of ci.yml runs, one command a line."""
    return "\n".join(step.get("run", "") for step in CI["jobs"][job]["steps"])


def test_what_is_checked_elsewhere_is_checked_here():
    assert commands("everything").splitlines()[-1] == ".ci/run"


def test_all_systems_run_everything_and_skip_nothing():
    job = CI["jobs"]["systems"]
    matrix = job["strategy"]["matrix"]
    tried = {(system, python) for system in matrix["os"] for python in matrix["python"]}
    tried |= {(more["os"], more["python"]) for more in matrix["include"]}
    assert {system.split("-")[0] for system, _ in tried} == {"macos", "windows", "ubuntu"}
    assert {("ubuntu-latest", python) for python in matrix["python"]} < tried
    assert job["env"] == {"CONVLIB_NO_SKIP": "1"}
    ran = [line.split()[-1] for line in commands("systems").splitlines() if "tools/run.py" in line]
    assert ran == ["setup", "check-lab", "test", "test-all"]


def test_one_pytorch_is_the_peer_wherever_results_are_compared():
    peer = re.compile(r"torch==[\d.]+")
    assert peer.findall(commands("systems")) == peer.findall((ROOT / ".ci/run").read_text())
    assert peer.search(commands("systems"))


def test_unpinned_packages_may_read_otherwise():
    assert "--nbval-lax" in commands("conda")


def test_only_the_job_that_deploys_the_site_may_write():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text())
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert "make site" in [step.get("run") for step in build["steps"]]
    assert "permissions" not in build
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert deploy["needs"] == "build"


def test_the_oldest_and_the_newest_releases_are_tried_every_week():
    assert CI[ON]["schedule"]
    job = CI["jobs"]["versions"]
    assert "schedule" in job["if"]
    assert [f"python{version}" for version in job["strategy"]["matrix"]["python"]] == PYTHONS
    assert "tools/versions.py python${{ matrix.python }}" in commands("versions")


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_ci_script_can_be_read_by_bash():
    script = ROOT / ".ci" / "run"
    checked = subprocess.run(["bash", "-n", script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "CONVLIB_NO_SKIP=1" in script.read_text()
    assert script.read_text().endswith("make lint\nmake check-lab\nmake test\nmake test-all\n")
