"""A reader opens the site from a folder, without a server and without a network."""

import re
import urllib.parse
from html.parser import HTMLParser
from types import ModuleType

import pytest

from tests.needs import need_module
from tests.site.conftest import build

need_module("sphinx")

from convlens.site.source import public  # noqa: E402 - it imports nbformat itself

MB = 1_000_000


class Parts(HTMLParser):
    """The anchors of a page, its links, and what it is made of besides."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.parts = {""}, [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors.add(found.get("id"))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        named = ("src", "srcset", "href" if tag == "link" else "")
        self.parts += [found[name] for name in named if name in found]


def local(address):
    return not urllib.parse.urlsplit(address).scheme


def target(page, address):
    """The file that a page's address means, and the anchor in it."""
    path, anchor = urllib.parse.urldefrag(address)
    return (page.parent / urllib.parse.unquote(path)).resolve() if path else page, anchor


def test_every_link_leads_somewhere(site):
    read = {page.resolve(): Parts(page) for page in site.rglob("*.html")}
    followed = 0
    for page, parts in read.items():
        for link in filter(local, parts.links):
            file, anchor = target(page, link)
            assert file in read, f"{page.name}: {link}"
            assert urllib.parse.unquote(anchor) in read[file].anchors, f"{page.name}: {link}"
            followed += 1
    assert followed > 200


def test_pages_are_made_of_what_is_in_the_folder_and_small(site):
    for page in site.rglob("*.html"):
        parts = Parts(page).parts
        assert all(local(part) or part.startswith("data:") for part in parts), page.name
        files = {target(page, part.split("?")[0])[0] for part in parts if local(part)}
        assert page.stat().st_size <= 1.5 * MB, page.name
        assert all(file.is_file() for file in files), page.name
        pictures = [file for file in files if file.suffix == ".png"]
        assert page.stat().st_size + sum(p.stat().st_size for p in pictures) <= 2 * MB, page.name
    static = [file for file in site.rglob("_static/**/*") if file.is_file()]
    assert 0 < sum(file.stat().st_size for file in static) <= 5 * MB


def test_nothing_is_asked_for_nothing_fails_nothing_scrolls_sideways(pages, visit):
    for path in pages:
        seen = visit(path)
        for width in (1280, 390):
            seen.page.set_viewport_size({"width": width, "height": 800})
            seen.page.wait_for_timeout(100)
            assert seen.page.evaluate("document.documentElement.scrollWidth") == width, path.name
        assert seen.wrong == [], path.name
        seen.page.close()


def moved(root):
    """Move the first control of an explorer by one."""
    control = root.locator(".controls select, .controls input[type=range]:not(:disabled)").first
    if control.evaluate("control => control.tagName") == "SELECT":
        control.select_option(index=control.evaluate("c => (c.selectedIndex + 1) % c.length"))
    else:
        control.press(
            "ArrowLeft" if control.input_value() == control.get_attribute("max") else "ArrowRight"
        )


def test_every_explorer_moves_and_every_question_is_compared(pages, visit):
    alive = 0
    for path in pages:
        seen = visit(path)
        for root in seen.page.locator("[data-explorer]").all():
            alive += 1
            if root.get_attribute("data-explorer") == "ask":
                if not root.locator("input").count():  # of earlier questions, where none was missed
                    assert root.inner_text().startswith("No earlier question"), path.name
                    continue
                root.locator("input").first.check() if root.get_by_role(
                    "radio"
                ).count() else root.locator("input").fill("3")
                root.get_by_role("button", name="Compare").click()
                told = root.get_by_role("status").inner_text()
                assert told.startswith(("It is ", "Right: ")), f"{path.name}: {told}"
                continue
            picture = root.locator(".layers")
            before = picture.inner_html()
            moved(root)
            assert picture.inner_html() != before, (
                f"{path.name}: {root.get_attribute('data-explorer')}"
            )
        assert seen.wrong == [], path.name
        seen.page.close()
    assert alive >= 2


def test_axe_finds_nothing_in_the_light_and_in_the_dark(pages, visit):
    axe = need_module("axe_playwright_python.sync_playwright").Axe()
    # of the whole site a page of each kind
    kinds = ("index", "search", "convlib.loops", "00_", "01_")
    for path in (path for path in pages if path.stem.startswith(kinds)):
        page = visit(path).page
        # In the dark only the colours are others.
        for scheme, ground, options in (
            ("light", "rgb(255, 255, 255)", {}),
            ("dark", "rgb(19, 20, 22)", {"runOnly": ["color-contrast"]}),
        ):
            page.emulate_media(color_scheme=scheme)
            results = axe.run(page, options={"resultTypes": ["violations"], **options}).response
            assert "color-contrast" in [rule["id"] for rule in results["passes"]]
            found = [(v["id"], [n["target"] for n in v["nodes"]]) for v in results["violations"]]
            assert not found, f"{path.name}, {scheme}"
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        page.close()


def test_what_is_too_wide_scrolls_in_its_own_box_by_keys(site, visit):
    page = visit(next(site.glob("notebooks/00*")), width=390).page
    box = page.locator(".cell_output:has(img[width])").first
    box.and_(page.locator("[tabindex='0']")).wait_for()
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_the_landing_picture_follows_the_switch_of_the_theme(site, visit):
    page = visit(site / "index.html").page
    shown = {}
    for _ in range(3):
        page.locator(".content-icon-container .theme-toggle").click()
        theme = page.evaluate("document.body.dataset.theme")
        shown[theme] = page.locator("picture img").evaluate(
            "img => img.currentSrc.split('/').pop()"
        )
    assert shown == {"light": "window.png", "dark": "window_dark.png", "auto": "window.png"}


def test_search_finds_pages_without_a_server(site, visit):
    seen = visit((site / "search.html").as_uri() + "?q=cross-correlation")
    seen.page.locator("#search-results li a[href*='convlib.html']").first.wait_for()
    assert seen.wrong == []


def test_every_public_name_is_described(site):
    for module in public():
        anchors = Parts(site / "api" / f"{module.__name__}.html").anchors
        things = {name: getattr(module, name) for name in module.__all__}
        names = [n for n, it in things.items() if callable(it) and not isinstance(it, ModuleType)]
        missing = {f"{module.__name__}.{name}" for name in names} - anchors
        assert not missing


def test_docstrings_are_read_as_what_they_are(site):
    for page in site.glob("api/*.html"):
        text = re.sub(r"<pre>.*?</pre>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        soup = re.findall(r"-{4,}|\.\. \w+::|:\w+:`|`\w+`|problematic", text)
        assert not soup, page.name


@pytest.mark.wide
def test_a_second_build_changes_no_byte(tmp_path):
    first, second = (build(tmp_path / name, "--only", "03") for name in ("first", "second"))
    files = {path.relative_to(first) for path in first.rglob("*") if path.is_file()}
    assert files == {path.relative_to(second) for path in second.rglob("*") if path.is_file()}
    assert not [f for f in files if (first / f).read_bytes() != (second / f).read_bytes()]
