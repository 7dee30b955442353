"""A part of pytest: two more cells run after the last of each notebook, in its own kernel.

nbval cannot see a broken callback: nothing calls it while a notebook runs from top to bottom. So
the cell "Sweep" finds all explorers and moves every control, and answers every question. Nor does
anything run the solutions, which stand folded in Markdown: "Solutions" runs each with its check.
"""

from collections import defaultdict
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebooks.solutions import solutions

ROOT = Path(__file__).resolve().parents[2]

SWEEP = f"""
import sys
imported = "convlens.explore" in sys.modules
sys.path.insert(0, {str(ROOT)!r})
from tests.explore.sweep import answer_all, sweep_all
answer_all()
assert sweep_all() or not imported, "the notebook imports explore and makes no explorer"
"""


def solved(notebook):
    """The source of a cell that runs the solutions among the names of the notebook."""
    return f"from tests.notebooks.solutions import run\nrun({solutions(notebook)!r}, globals())"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Add the two cells to those that nbval has found in a notebook."""
    report = yield
    if isinstance(collector, IPyNbFile) and report.passed:
        for name, source in {"Sweep": SWEEP, "Solutions": solved(collector.nb)}.items():
            cell = IPyNbCell.from_parent(
                collector,
                name=name,
                cell_num=len(report.result),
                cell=new_code_cell(source),
                options=defaultdict(bool),  # none of nbval's: run, nothing compared, no error
            )
            report.result.append(cell)
    return report
