"""The workflows can be read, and run what they are there for."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

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


def commands(job):
    """All that a job of ci.yml runs, one command a line."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    return "\n".join(step.get("run", "") for step in workflow["jobs"][job]["steps"])


def test_all_systems_compare_the_notebooks():
    assert commands("make").splitlines()[-2:] == ["make test", "make test-all"]
    for job in ("windows", "conda"):
        assert "pytest tests" in commands(job)
        assert "pytest --nbval notebooks" in commands(job)
    assert "-c constraints.txt" in commands("windows")


def test_only_the_job_that_deploys_the_site_may_write():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text())
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert "make site" in [step.get("run") for step in build["steps"]]
    assert "permissions" not in build
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert deploy["needs"] == "build"


def test_newest_releases_are_tried_every_week():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert workflow[ON]["schedule"]
    assert "--nbval-lax" in commands("newest")
    assert "constraints" not in commands("newest")


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_ci_script_can_be_read_by_bash():
    script = ROOT / ".ci" / "run"
    checked = subprocess.run(["bash", "-n", script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "CONVLIB_NO_SKIP=1" in script.read_text()
    assert script.read_text().endswith("make lint\nmake check-lab\nmake test\nmake test-all\n")
