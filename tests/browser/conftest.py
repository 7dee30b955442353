"""One JupyterLab for all browser tests, one browser for each module of them."""

import shutil
from pathlib import Path

import pytest

from tests.needs import need_chromium, need_module
from tools import check_lab

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A copy of the notebooks."""
    made = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(NOTEBOOKS, made, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return made


@pytest.fixture(scope="session")
def lab(folder):
    """The address of a JupyterLab that serves that copy."""
    need_chromium()
    need_module("playwright.sync_api")
    from tests.browser.lab import SETTINGS

    with check_lab.serve(folder, SETTINGS) as address:
        yield address


# Not for the whole session: while it is open, its event loop counts as running for later tests.
@pytest.fixture(scope="module")
def browser():
    from tests.browser.lab import CHROMIUM_FLAGS

    playwright = need_module("playwright.sync_api").sync_playwright()
    with playwright as started:
        chromium = started.chromium.launch(executable_path=need_chromium(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A fresh page, with nothing left over from the last test."""
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    yield context.new_page()
    context.close()
