"""Every control of every explorer in every notebook is moved, in the notebook's own kernel.

nbval cannot see a broken callback: nothing calls it while a notebook runs from top to bottom. Here
a last cell is added that finds the explorers which the notebook made and sweeps them.
"""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.needs import need_module

need_module("ipywidgets")

from tools.refresh_notebooks import CellFailed, run  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

SWEEP = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.explore.sweep import sweep_all
print("swept", sweep_all())
"""
IMPORTS = re.compile(
    r"^\s*(?:from convlib import .*\bexplore\b|(?:from|import) convlib\.explore)", re.M
)


def swept(notebook, path):
    """Run all cells and the sweep; return how many explorers there were and how many are shown."""
    notebook.cells.append(new_code_cell(SWEEP))
    run(notebook, path)
    *cells, last = (cell for cell in notebook.cells if cell.cell_type == "code")
    found = int(re.fullmatch(r"swept (\d+)\n", last.outputs[-1].text).group(1))
    outputs = [output.get("data", {}) for cell in cells for output in cell.outputs]
    shown = sum(str(data.get("text/plain", "")).startswith("explore.") for data in outputs)
    return found, shown


def check(notebook, path):
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    found, shown = swept(notebook, path)
    if IMPORTS.search(source):
        assert found, f"{path.name} imports explore and makes no explorer"
        assert shown, f"{path.name} makes an explorer and shows none: end a cell with it"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_control_of_the_notebook_works(path):
    check(nbformat.read(path, as_version=4), path)


# What follows holds the check itself to account.

MAKE = "from convlib import explore\nexplorer = explore.window([[1, 2], [3, 4]], [[1, 1]])"
BREAK = """
draw = explorer._draw
def broken(values):
    if values["row"] == 1:
        raise KeyError("no such place")
    return draw(values)
explorer._draw = broken"""


def notebook_of(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def test_a_good_notebook_is_swept(tmp_path):
    good = notebook_of(MAKE, "explorer", "explore.index_grid([[1, 2]], [[1]])")
    assert swept(good, tmp_path / "good.ipynb") == (2, 2)


def test_a_broken_callback_fails(tmp_path):
    with pytest.raises(CellFailed, match="no such place"):
        check(notebook_of(MAKE, "explorer", BREAK), tmp_path / "broken.ipynb")


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["import convlib.explore"], "makes no explorer"),
        (["from convlib import conv2d, explore"], "makes no explorer"),
        ([MAKE], "shows none"),
    ],
)
def test_a_notebook_without_its_explorer_fails(sources, said, tmp_path):
    with pytest.raises(AssertionError, match=said):
        check(notebook_of(*sources), tmp_path / "none.ipynb")


def test_a_notebook_without_explorers_need_not_show_one(tmp_path):
    check(notebook_of("import convlib"), tmp_path / "plain.ipynb")
