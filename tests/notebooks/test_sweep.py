"""The two cells that nbval ends each notebook with, held to account on small notebooks."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

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
BY_HAND = """
from IPython.display import display
from ipywidgets import HTML, interactive
from convlens import draw
picture = HTML()
def show(i):
    picture.value = {}
display(interactive(show, i=(0, 1)), picture, exclude=["text/plain"])"""
# A good one needs no test: every notebook of the series is one.
SWEPT = {
    "broken_callback": [MAKE, BREAK],
    "none_made": ["import convlens.explore"],
    "none_wanted": ["import convlib"],
    "broken_by_hand": [BY_HAND.format("draw.line([1, 2, 3], [1, 1], 2 * i).svg()")],
    "dead_by_hand": [BY_HAND.format("'always the same'")],
    "no_answer": ["from convlens import ask", "ask('How many?', lambda: len(None))"],
}

FOLD = "<details>\n<summary>A solution for exercise 1</summary>\n\n```python\n{}\n```\n\n</details>"
STARTS = "def starts(size, kernel, stride=1, padding=0, dilation=1):\n    {}\n\n"
CHECK = "check.output_size(starts)"
SOLVED = {
    "unfinished": STARTS.format("...") + CHECK,
    "wrong": STARTS.format("return size") + CHECK,
    "unchecked": STARTS.format("return size") + "starts",
    "unsaid": STARTS.format("return size"),
    "broken": "no_such_name",
}


@pytest.fixture(scope="module")
def went(tmp_path_factory):
    """How the two cells of each notebook went, and all that pytest said."""
    folder = tmp_path_factory.mktemp("swept")
    notebooks = {name: [new_code_cell(s) for s in sources] for name, sources in SWEPT.items()}
    first = new_code_cell("from convlens import check")
    notebooks |= {n: [first, new_markdown_cell(FOLD.format(c))] for n, c in SOLVED.items()}
    for name, cells in notebooks.items():
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
    found = re.findall(r"^(PASSED|FAILED) \S*?(\w+)\.ipynb::(Sweep|Solutions)", run.stdout, re.M)
    assert "::Cell" not in "".join(re.findall(r"^FAILED .*", run.stdout, re.M)), run.stdout
    return {(cell, name): outcome for outcome, name, cell in found}, run.stdout


def test_the_sweep_sees_what_is_wrong_and_nothing_else(went):
    outcomes, said = went
    failed = {name for (cell, name), how in outcomes.items() if (cell, how) == ("Sweep", "FAILED")}
    assert failed == SWEPT.keys() - {"none_wanted"}
    assert "no such place" in said
    assert "imports explore and makes no explorer" in said


def test_a_solution_has_to_end_in_a_check_that_calls_it_right(went):
    outcomes, said = went
    failed = {n for (cell, n), how in outcomes.items() if (cell, how) == ("Solutions", "FAILED")}
    assert failed == set(SOLVED)
    assert "A solution for exercise 1: starts: nothing written yet" in said
    assert said.count("A solution for exercise 1 does not end in a check") >= 2
