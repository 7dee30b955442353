"""What is missing in the theme's HTML for readers who do not see the page."""

from __future__ import annotations

from pathlib import Path

__all__ = ["MENDED", "mend"]

#: What is written, and what should be. `tests/site` asks axe whether anything else is missing.
MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="The site">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="This page">',
    '<th class="head"><p></p></th>': "<td></td>",
    '<div id="search-results"></div>': '<h1>Search</h1><div id="search-results"></div>',
}


def mend(pages: Path) -> None:
    """Mend all pages of a folder."""
    for page in pages.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for written, better in MENDED.items():
            text = text.replace(written, better)
        page.write_text(text, encoding="utf-8")
