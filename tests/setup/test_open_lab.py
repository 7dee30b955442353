"""tools/open_lab.py: the shipped notebooks are trusted, and the address opens the first one."""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.setup.making import ROOT
from tools import open_lab
from tools.check_lab import free_port


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Three notebooks that show HTML, in a folder with a space in its name."""
    root = tmp_path / "my clone"
    (root / "notebooks").mkdir(parents=True)
    shown = new_output("display_data", {"text/html": "<script>1</script>"})
    for name in ("00_start_here", "01_go_on", "of_a_stranger"):
        notebook = new_notebook(cells=[new_code_cell("1", outputs=[shown])])
        nbformat.write(notebook, root / f"notebooks/{name}.ipynb")
    for kind in ("DATA", "RUNTIME", "CONFIG"):
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(tmp_path / kind))
    monkeypatch.chdir(root)
    return root


@contextlib.contextmanager
def opened():
    """Open the lab as make does; give what it prints, a line at a time."""
    command = [sys.executable, ROOT / "tools/open_lab.py", str(free_port())]
    process = subprocess.Popen(
        [*command, "--no-browser", "--allow-root"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield iter(process.stdout.readline, "")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.mark.skipif(os.name == "nt", reason="a signal stops it")
def test_the_address_opens_the_first_notebook_and_it_is_trusted(root):
    with opened() as lines:
        assert next(lines) == "3/4 Notebooks: 2 now trusted, so that all they store is shown\n"
        assert re.match("4/4 JupyterLab: starting on port ", next(lines))
        assert next(lines).startswith("Ready")
        address = next(lines).strip()
        assert re.search(r"/lab/tree/00_start_here\.ipynb\?token=\w+$", address)
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)  # a click, and then what the page asks for
        assert b"jupyter-config-data" in browser.open(address, timeout=60).read()
        for name, trusted in [("00_start_here", True), ("of_a_stranger", False)]:
            asked = re.sub(r"/lab/tree/.*", f"/api/contents/{name}.ipynb", address)
            (cell,) = json.load(browser.open(asked, timeout=60))["content"]["cells"]
            assert cell["metadata"]["trusted"] == trusted


def test_a_notebook_is_trusted_once_and_a_broken_one_is_left_to_jupyter(root):
    notebooks = sorted((root / "notebooks").glob("0*.ipynb"))
    assert open_lab.trust(notebooks).startswith("2 now trusted")
    assert open_lab.trust(notebooks) == "already trusted"
    notebooks[0].write_text("{")
    assert open_lab.trust(notebooks) == "already trusted"


@pytest.mark.parametrize("at", ["a file/data", ""])
def test_signatures_that_cannot_be_kept_are_one_sentence(root, at, monkeypatch, capfd):
    (root / "a file").touch()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(root / at))
    if not at:  # where no database can be opened, Jupyter would keep one in memory
        monkeypatch.setattr("nbformat.sign.sqlite3", None)
    said = open_lab.trust((root / "notebooks").glob("0*.ipynb"))
    assert said.startswith("not trusted, as Jupyter's list of signatures cannot be written")
    assert "\n" not in said
    assert capfd.readouterr() == ("", "")


def test_without_a_token_the_address_has_none(tmp_path):
    server = {"url": "http://localhost:8888/", "token": "", "root_dir": os.getcwd()}
    address = open_lab.address(server)
    assert address == "http://localhost:8888/lab/tree/notebooks/00_start_here.ipynb"
