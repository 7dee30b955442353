"""The site, built as its reader builds it, and a browser without a network."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.needs import need_chromium, need_module

ROOT = Path(__file__).resolve().parents[2]


def build(folder, *options):
    """Build the site with the options of the command."""
    command = [sys.executable, "-m", "convlens.site", "--out", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


# One notebook, or, among the wide tests, all of them: that takes minutes, so one worker does it for
# all.
@pytest.fixture(
    scope="session", params=["one", pytest.param("all", marks=pytest.mark.wide)], name="site"
)
def built_site(request, tmp_path_factory):
    need_module("furo")
    need_module("myst_nb")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / request.param
    try:
        folder.mkdir()
    except FileExistsError:
        while not (folder / "done").exists() and not (folder / "failed").exists():
            time.sleep(0.5)
        assert not (folder / "failed").exists(), "another worker could not build it"
        return folder / "pages"
    try:
        build(folder / "pages", *(["--only", "00"] if request.param == "one" else []))
    except BaseException:
        (folder / "failed").touch()
        raise
    (folder / "done").touch()
    return folder / "pages"


@pytest.fixture
def pages(request, site):
    """What is opened: of the whole site everything, of the small one a page of each kind."""
    if "all" in request.node.callspec.params.values():
        return sorted(site.rglob("*.html"))
    return [site / "index.html", site / "api/convlib.loops.html", *site.glob("notebooks/*.html")]


@pytest.fixture(scope="module")
def browser():
    playwright = need_module("playwright.sync_api")
    from tests.browser.lab import CHROMIUM_FLAGS

    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=need_chromium(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


AWAKE = """[...document.querySelectorAll("[data-explorer]")]
    .every((root) => root.querySelector(":scope > .convlens"))"""


class Visit:
    """A page that is open, and all that went wrong since."""

    def __init__(self, page, site):
        self.page, self.wrong = page, []
        inside = (site.as_uri() + "/", "data:", "blob:")
        page.on("request", lambda r: r.url.startswith(inside) or self.wrong.append(r.url))
        page.on("requestfailed", lambda r: self.wrong.append(f"failed: {r.url[:80]}"))
        page.on("console", lambda m: m.type in ("error", "warning") and self.wrong.append(m.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))


@pytest.fixture
def visit(browser, site):
    """Open a page from its file; the network is off."""
    contexts = []

    def opened(path, *, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
        contexts.append(context)
        seen = Visit(context.new_page(), site)
        seen.page.goto(path if isinstance(path, str) else path.as_uri())
        seen.page.wait_for_function(AWAKE)
        return seen

    yield opened
    for context in contexts:
        context.close()
