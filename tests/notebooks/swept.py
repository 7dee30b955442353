"""A part of pytest: after its last cell, each notebook has every control of its explorers moved.

nbval cannot see a broken callback: nothing calls it while a notebook runs from top to bottom. Here
one more cell is run in the notebook's own kernel, which finds all explorers and sweeps them.
"""

from collections import defaultdict
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from nbval.plugin import IPyNbCell, IPyNbFile

ROOT = Path(__file__).resolve().parents[2]

SWEEP = f"""
import sys
imported = "convlens.explore" in sys.modules
sys.path.insert(0, {str(ROOT)!r})
from tests.explore.sweep import sweep_all
assert sweep_all() or not imported, "the notebook imports explore and makes no explorer"
"""


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Add the sweep to the cells that nbval has found in a notebook."""
    report = yield
    if isinstance(collector, IPyNbFile) and report.passed:
        sweep = IPyNbCell.from_parent(
            collector,
            name="Sweep",
            cell_num=len(report.result),
            cell=new_code_cell(SWEEP),
            options=defaultdict(bool),  # none of nbval's: run, nothing compared, no error allowed
        )
        report.result.append(sweep)
    return report
