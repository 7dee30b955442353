"""tools/check_lab.py sees what a reader would miss."""

import contextlib
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import check_lab


@pytest.fixture
def root(tmp_path):
    (tmp_path / "notebooks").mkdir()
    notebook = new_notebook(cells=[new_code_cell("1 + 1")])
    nbformat.write(notebook, tmp_path / "notebooks" / "01_add_one.ipynb")
    return tmp_path


def test_one_lab_serves_its_notebooks_says_which_cannot_be_read_and_stops(root, monkeypatch):
    broken = root / "notebooks" / "02_break_it.ipynb"
    broken.write_text("{")
    with check_lab.serve(root) as address:
        monkeypatch.setattr(check_lab, "serve", lambda folder: contextlib.nullcontext(address))
        with pytest.raises(check_lab.LabFailed, match=r"answered \d+ for .*02_break_it"):
            check_lab.check(root)
        broken.unlink()
        assert check_lab.check(root) == ["01_add_one.ipynb"]
    with pytest.raises(OSError):  # noqa: PT011 - refused is said otherwise on every system
        urllib.request.urlopen(f"{address}/lab", timeout=60)


def test_no_notebook_is_a_failure(tmp_path):
    with pytest.raises(check_lab.LabFailed, match="no notebook"):
        check_lab.check(tmp_path)


def test_server_that_cannot_start_says_why(tmp_path):
    with (
        pytest.raises(check_lab.LabFailed, match=r"(?s)did not start:.*missing"),
        check_lab.serve(tmp_path / "missing"),
    ):
        pytest.fail("served a folder that does not exist")
