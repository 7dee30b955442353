"""The sweep that nbval ends each notebook with, held to account on small notebooks."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.needs import need_module

need_module("anywidget")

ROOT = Path(__file__).resolve().parents[2]

MAKE = "from convlens import explore\nexplorer = explore.window([[1, 2], [3, 4]], [[1, 1]])"
BREAK = """
draw = explorer._draw
def broken(values):
    if values["row"] == 1:
        raise KeyError("no such place")
    return draw(values)
explorer._draw = broken"""
# A good one needs no test: every notebook of the series is one.
NOTEBOOKS = {
    "broken_callback": [MAKE, BREAK],
    "none_made": ["import convlens.explore"],
    "none_wanted": ["import convlib"],
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """How the sweep of each notebook went, and all that pytest said."""
    folder = tmp_path_factory.mktemp("swept")
    for name, sources in NOTEBOOKS.items():
        cells = [new_code_cell(source) for source in sources]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--nbval", "-rA", "-p", "no:cacheprovider"),
            *("-c", "pyproject.toml", "-p", "tests.notebooks.swept", str(folder)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    went = re.findall(r"^(PASSED|FAILED) \S*?(\w+)\.ipynb::Sweep", run.stdout, re.M)
    assert "::Cell" not in "".join(re.findall(r"^FAILED .*", run.stdout, re.M)), run.stdout
    return {name: outcome for outcome, name in went}, run.stdout


def test_the_sweep_sees_what_is_wrong_and_nothing_else(swept):
    outcomes, said = swept
    assert outcomes == {"broken_callback": "FAILED", "none_made": "FAILED", "none_wanted": "PASSED"}
    assert "no such place" in said
    assert "imports explore and makes no explorer" in said
